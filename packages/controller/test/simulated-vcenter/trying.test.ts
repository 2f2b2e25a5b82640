import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AccountPreview, ProblemBody, ServedVcenter, SimulatedVcenter } from '@wirebook/contract';
import { demoEstate } from '@wirebook/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addAccount, syncAccount, waitFor } from '../support/accounts.ts';
import { openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { createTestDatabase } from '../support/test-database.ts';

/** Trying Wirebook with a simulated vCenter that the controller starts. */

const path = '/api/v1/simulated-vcenter';
const look = async (controller: TestController, language = 'en'): Promise<SimulatedVcenter> => {
  const answer = await controller.call<SimulatedVcenter>('GET', path, undefined, {
    'accept-language': language,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
/** Whether anybody listens there. */
const answers = (url: string): Promise<boolean> =>
  fetch(url.replace('https:', 'http:')).then(
    () => true,
    (error: unknown) => !JSON.stringify((error as { cause?: unknown }).cause).includes('ECONNREFUSED'),
  );

let folder: Awaited<ReturnType<typeof createTemporaryFolder>>;
beforeEach(async () => {
  folder = await createTemporaryFolder();
});
afterEach(() => folder.remove());

describe('where the simulator can be had', () => {
  test('it is started once, added as any other vCenter, and there again after a restart', async () => {
    const database = await createTestDatabase();
    const options = { databaseUrl: database.url, dataDir: join(folder.path, 'data') };
    let controller = await startTestController(options);
    try {
      expect(await look(controller)).toMatchObject({
        available: true,
        running: false,
        starting: false,
        why: null,
        progress: null,
        url: null,
        account: null,
      });
      const [first, second] = await Promise.all([
        controller.call<ServedVcenter>('POST', path),
        controller.call<ServedVcenter>('POST', path),
      ]);
      expect(first.status, JSON.stringify(first.body)).toBe(200);
      expect(second.body).toEqual(first.body);
      const { url, username, password, sha256 } = first.body;
      expect(await look(controller)).toMatchObject({ running: true, url, account: null });

      const preview = await controller.call<AccountPreview>('POST', '/api/v1/cloud-accounts/preview', {
        url,
        username,
        password,
        trust: { sha256 },
      });
      expect(preview.status, JSON.stringify(preview.body)).toBe(200);
      expect(preview.body.certificate.sha256).toBe(sha256);
      const { account, run } = await addAccount(
        controller,
        { url, certificate: { sha256 } },
        { name: 'try', username, password },
      );
      const machines = demoEstate().datacenters.flatMap(({ virtualMachines }) => virtualMachines);
      expect(run.counts).toMatchObject({ servers: machines.length });
      expect((await look(controller)).account).toEqual({ id: account.id, name: 'try' });

      await controller.stop();
      expect(await answers(url)).toBe(false);
      controller = await startTestController(options);
      const again = await waitFor(async () => {
        const now = await look(controller);
        return now.running ? now : undefined;
      });
      expect(again).toMatchObject({ url, account: { name: 'try' } });
      expect((await controller.call('POST', path)).body).toEqual(first.body);
      expect(await syncAccount(controller, 'try')).toMatchObject({ state: 'succeeded', changes: {} });
      // The key of its certificate is for the controller alone.
      expect((await readdir(join(options.dataDir, 'simulated-vcenter'))).toSorted()).toEqual([
        'cert.pem',
        'kept.json',
        'key.pem',
      ]);
    } finally {
      await controller.stop();
      await database.drop();
    }
  });

  test('it is not started again where no account uses it', async () => {
    const database = await createTestDatabase();
    const options = { databaseUrl: database.url, dataDir: join(folder.path, 'data') };
    let controller = await startTestController(options);
    try {
      const { url } = (await controller.call<ServedVcenter>('POST', path)).body;
      await controller.stop();
      expect(await answers(url)).toBe(false);
      controller = await startTestController(options);
      expect(await look(controller)).toMatchObject({ available: true, running: false, starting: false });
    } finally {
      await controller.stop();
      await database.drop();
    }
  });

  test('its program ends when its input does, as when the controller was killed', async () => {
    const program = join(import.meta.dirname, '../../demo/simulated-vcenter.ts');
    const child = spawn(process.execPath, [program, '--folder', folder.path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let url = '';
    for await (const line of createInterface({ input: child.stdout })) {
      const told: { ready?: { url: string } } = JSON.parse(line);
      url = told.ready?.url ?? '';
      if (url !== '') break;
    }
    expect(await answers(url)).toBe(true);
    child.stdin.end();
    expect(await exited).toEqual([0, null]);
    expect(await answers(url)).toBe(false);
  });

  test('starting it takes an administrator; looking takes nobody in particular', async () => {
    await using controller = await startTestController();
    await using book = await openBook(controller.databaseUrl);
    await book.query("UPDATE api_tokens SET role = 'operator'");
    expect(await look(controller)).toMatchObject({ running: false });
    const refused = await controller.call<ProblemBody>('POST', path);
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await look(controller)).toMatchObject({ running: false, starting: false });
  });
});

describe('where it can not', () => {
  /** A program in the simulator's place: what it answers to --check, and what it does then. */
  async function pretend(check: string, then: string): Promise<string> {
    const program = join(folder.path, 'program.mjs');
    await writeFile(
      program,
      `if (process.argv.includes('--check')) console.log(JSON.stringify({ check: '${check}' }));\nelse { ${then} }\n`,
    );
    return program;
  }

  test.each([
    ['its files are missing, as in the image', null, 'not with the image', '镜像中没有'],
    ['there is no Go', 'no_go', 'none was found', '没有找到'],
    ['the Go is too old', 'old_go', 'is older', '版本过低'],
  ])('%s: that is said, and nothing is started', async (_, check, english, chinese) => {
    const program = check === null ? join(folder.path, 'absent.ts') : await pretend(check, '');
    await using controller = await startTestController({ simulatedVcenter: program });
    const now = await look(controller);
    expect(now).toMatchObject({ available: false, running: false, url: null });
    expect(now.why).toContain(english);
    expect((await look(controller, 'zh')).why).toContain(chinese);
    const refused = await controller.call<ProblemBody>('POST', path);
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'simulated_vcenter_unavailable', detail: now.why },
    });
  });

  test('it fails to start: that is said, its words are for the log, and the next try is a new one', async () => {
    const program = await pretend('built', "console.error('Hunter-22-secret'); process.exit(3);");
    await using controller = await startTestController({ simulatedVcenter: program });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const refused = await controller.call<ProblemBody>('POST', path);
      expect(refused).toMatchObject({ status: 503, body: { code: 'simulated_vcenter_failed' } });
      expect(JSON.stringify(refused.body)).not.toContain('Hunter');
      expect(await look(controller)).toMatchObject({
        available: true,
        running: false,
        starting: false,
        why: "The simulated vCenter did not start; the controller's log says why.",
      });
    }
  });

  test('it is still being built: how far it is can be read, and the controller ends it with itself', async () => {
    const pidFile = join(folder.path, 'pid');
    const program = await pretend(
      'buildable',
      `(await import('node:fs')).writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
       console.log(JSON.stringify({ phase: 'building' })); process.stdin.resume();`,
    );
    const controller = await startTestController({ simulatedVcenter: program });
    const asked = controller.call<ProblemBody>('POST', path).catch(() => undefined);
    try {
      const now = await waitFor(async () => {
        const state = await look(controller);
        return state.progress?.startsWith('Building') === true ? state : undefined;
      });
      expect(now).toMatchObject({ available: true, running: false, starting: true, why: null, url: null });
    } finally {
      await controller.stop();
    }
    await asked;
    const pid = Number(await readFile(pidFile, 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
