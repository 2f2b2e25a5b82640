import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Simulator, smallEstate, startSimulator } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountInput, addAccount, password, syncAccount, waitFor } from '../support/accounts.ts';
import { openBook } from '../support/book.ts';
import { startTestController } from '../support/controller.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { createTestDatabase } from '../support/test-database.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const wrong = 'mistyped-Secret-9';

let lab: Simulator;
beforeAll(async () => {
  lab = await startSimulator({ estate: smallEstate() });
});
afterAll(async () => {
  await lab.stop();
});

describe('a password', () => {
  test('is in no answer, no event and nowhere in the database in clear', async () => {
    await using controller = await startTestController();
    await using book = await openBook(controller.databaseUrl);
    await addAccount(controller, lab);
    await controller.call('PATCH', '/api/v1/cloud-accounts/lab', { password });
    await controller.call('PATCH', '/api/v1/cloud-accounts/lab', { password: wrong });
    await controller.call(
      'POST',
      '/api/v1/cloud-accounts',
      accountInput(lab, { name: 'x', password: wrong }),
    );
    await controller.call(
      'POST',
      '/api/v1/cloud-accounts',
      { name: 'x', password: { text: wrong } },
      {
        'idempotency-key': 'once',
      },
    );
    await syncAccount(controller, 'lab');
    for (const path of ['cloud-accounts', 'cloud-accounts/lab', 'sync-runs', 'events', 'status']) {
      const { status, body } = await controller.call('GET', `/api/v1/${path}`);
      expect(status, path).toBe(200);
      for (const secret of [password, wrong]) expect(JSON.stringify(body), path).not.toContain(secret);
    }
    const tables = await book.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { name } of tables) {
      // bytea shows as hexadecimal digits: look for those as well.
      const found = await book.query(
        `SELECT 1 FROM ${name} t WHERE position($1 in t::text) > 0 OR position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0`,
        [password],
      );
      expect(found, name).toEqual([]);
    }
    const [account] = await book.query<{ sealed: number }>(
      'SELECT length(sealed_password) AS sealed FROM cloud_accounts',
    );
    expect(account?.sealed).toBeGreaterThan(password.length);
  });

  test('is sealed anew each time, and what was touched from outside is not used', async () => {
    await using controller = await startTestController();
    await using book = await openBook(controller.databaseUrl);
    await addAccount(controller, lab);
    const read = async (): Promise<string | undefined> =>
      (
        await book.query<{ text: string }>(
          `SELECT encode(sealed_password, 'hex') AS text FROM cloud_accounts`,
        )
      )[0]?.text;
    const before = await read();
    await controller.call('PATCH', '/api/v1/cloud-accounts/lab', { password });
    expect(await read()).not.toBe(before);
    // Touched from outside it is not opened: the run fails, and does not hang.
    await book.query(
      'UPDATE cloud_accounts SET sealed_password = set_byte(sealed_password, 40, (get_byte(sealed_password, 40) + 1) % 256)',
    );
    const run = await syncAccount(controller, 'lab');
    expect(run).toMatchObject({ state: 'failed', failure: { code: 'internal' } });
  });

  test('is in no line of the log, however talkative it is', async () => {
    const folder = await createTemporaryFolder();
    const database = await createTestDatabase();
    const lines: string[] = [];
    const child = spawn(process.execPath, [main], {
      cwd: folder.path,
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: database.url,
        WIREBOOK_DATA: join(folder.path, 'data'),
        WIREBOOK_LISTEN: '127.0.0.1:0',
        WIREBOOK_LOG: 'trace',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    try {
      const url = await new Promise<string>((resolve, reject) => {
        const take = (line: string): void => {
          lines.push(line);
          const ready = /ready at (http:\S+)/.exec(line)?.[1];
          if (ready !== undefined) resolve(ready);
        };
        createInterface({ input: child.stdout }).on('line', take);
        createInterface({ input: child.stderr }).on('line', take);
        exited.then(() => reject(new Error(lines.join('\n'))), reject);
      });
      const file = join(folder.path, 'data', 'cli.json');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const { token }: { token: string } = JSON.parse(await readFile(file, 'utf8'));
      const call = (method: string, path: string, body?: unknown): Promise<Response> =>
        fetch(new URL(path, url), {
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      expect((await call('POST', '/api/v1/cloud-accounts', accountInput(lab))).status).toBe(201);
      await waitFor(async () => {
        const account = await (await call('GET', '/api/v1/cloud-accounts/lab')).text();
        return account.includes('"state":"succeeded"') ? true : undefined;
      });
      expect((await call('PATCH', '/api/v1/cloud-accounts/lab', { password: wrong })).status).toBe(422);
      expect((await call('POST', '/api/v1/cloud-accounts', { password: wrong })).status).toBe(400);
      expect((await call('POST', '/api/v1/cloud-accounts/preview', `{"password":"${wrong}`)).status).toBe(
        400,
      );
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      const log = lines.join('\n');
      expect(log).toContain('"answered"');
      for (const secret of [password, wrong, token]) expect(log).not.toContain(secret);
    } finally {
      child.kill('SIGKILL');
      await exited;
      await database.drop();
      await folder.remove();
    }
  });
});
