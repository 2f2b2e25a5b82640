import { smallEstate, startSimulator } from '@wirebook/simulator';
import type { CloudAccount } from '@wirebook/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountInput } from '../../packages/controller/test/support/accounts.ts';
import { createTemporaryFolder } from '../../packages/controller/test/support/temporary-folder.ts';
import { createTestDatabase } from '../../packages/controller/test/support/test-database.ts';
import { runController, startControllerProcess } from './support/controller-process.ts';

let folder: { path: string; remove(): Promise<void> };
let database: { url: string; drop(): Promise<void> };

beforeEach(async () => {
  folder = await createTemporaryFolder();
  database = await createTestDatabase();
});
afterEach(async () => {
  await database.drop();
  await folder.remove();
});

describe('a second start on the same data folder', () => {
  test('says who holds it, and leaves the first one be', async () => {
    const first = await startControllerProcess({ cwd: folder.path, env: {} });
    try {
      const second = await runController({ cwd: folder.path, env: {} });
      expect(second.code).toBe(1);
      expect(second.output).toContain(String(first.pid));
      expect(second.output).toContain(first.url);
      expect(second.output).not.toContain('    at ');
      expect((await first.call('GET', '/readyz')).status).toBe(200);
      expect(await first.stop()).toMatchObject({ code: 0 });
      // After a clean end the folder is free again, with everything that was in it.
      const third = await startControllerProcess({ cwd: folder.path, env: {} });
      expect((await third.call('GET', '/api/v1/status')).status).toBe(200);
      expect(await third.stop()).toMatchObject({ code: 0 });
    } finally {
      await first.kill();
    }
  });
});

describe('a wrong key', () => {
  test('is refused: credentials sealed with another one would be lost', async () => {
    await using simulator = await startSimulator({ estate: smallEstate() });
    const start = (key: string) => ({
      cwd: folder.path,
      env: { DATABASE_URL: database.url, WIREBOOK_SECRET_KEY: key },
    });
    const first = await startControllerProcess(start('the-right-key-of-all'));
    await first.call('POST', '/api/v1/cloud-accounts', accountInput(simulator));
    await first.stop();
    const wrong = await runController(start('another-key-entirely'));
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain('WIREBOOK_SECRET_KEY');
    expect(wrong.output).not.toContain('another-key-entirely');
    expect(wrong.output).not.toContain('    at ');
    const right = await startControllerProcess(start('the-right-key-of-all'));
    try {
      expect(await right.call<CloudAccount>('POST', '/api/v1/cloud-accounts/lab/test')).toMatchObject({
        status: 200,
        body: { ok: true },
      });
    } finally {
      await right.kill();
    }
  });
});

describe('a wrong setting', () => {
  test('ends the start with code 2 and names it, and nothing was made', async () => {
    const ended = await runController({ cwd: folder.path, env: { WIREBOOK_LISTEN: 'everywhere' } });
    expect(ended.code).toBe(2);
    expect(ended.output).toBe(
      'WIREBOOK_LISTEN: "everywhere" is not HOST:PORT, as in 127.0.0.1:8787 or [::1]:8787',
    );
  });

  test('of a database that doesn’t answer, or refuses, is told without the password', async () => {
    const away = await runController({
      cwd: folder.path,
      env: { DATABASE_URL: 'postgresql://wirebook:top-secret-1@127.0.0.1:1/wirebook' },
    });
    expect(away.code).toBe(1);
    expect(away.output).toContain('DATABASE_URL');
    expect(away.output).toContain('ECONNREFUSED');
    const url = new URL(database.url);
    url.pathname = '/no-such-database';
    const refused = await runController({ cwd: folder.path, env: { DATABASE_URL: url.href } });
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('DATABASE_URL');
    for (const { output } of [away, refused]) {
      expect(output).not.toContain('    at ');
      expect(output).not.toContain('top-secret-1');
    }
  });

  test('of an address that is taken says so', async () => {
    const first = await startControllerProcess({ cwd: folder.path, env: { DATABASE_URL: database.url } });
    try {
      const ended = await runController({
        cwd: folder.path,
        env: { DATABASE_URL: database.url, WIREBOOK_LISTEN: new URL(first.url).host },
      });
      expect(ended.code).toBe(1);
      expect(ended.output).toContain('EADDRINUSE');
      expect(ended.output).not.toContain('    at ');
    } finally {
      await first.kill();
    }
  });
});
