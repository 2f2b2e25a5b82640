import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createTemporaryFolder } from '../../packages/controller/test/support/temporary-folder.ts';
import { runProcess, type StartedProcess, startProcess } from './support/process.ts';

const wirebook = 'packages/cli/bin/wirebook.mjs';
// Each start is a process with a database of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const undo: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function makeFolder(): Promise<string> {
  const folder = await createTemporaryFolder();
  undo.push(() => folder.remove());
  return folder.path;
}

function start(data: string, more: readonly string[] = []): StartedProcess {
  const words = ['--', '--listen', '127.0.0.1:0', '--data', data, ...more];
  const started = startProcess('scripts/start.mjs', words);
  undo.push(() => started.end('SIGKILL'));
  return started;
}

async function waitForReady(started: StartedProcess): Promise<string> {
  const [, url = ''] = await started.waitFor(/^Wirebook is ready at (http:\/\/127\.0\.0\.1:\d+)$/m);
  return url;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a start on an empty folder brings up everything, the command line needs no sign-in, and SIGTERM ends it all', async () => {
  const data = await makeFolder();
  const started = start(data);
  const url = await waitForReady(started);

  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 30_000 }).toBe(200);
  expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
  expect((await fetch(`${url}/api/v1/wires`)).status).toBe(401);

  const status = await runProcess(wirebook, ['status', '-o', 'json'], {
    environment: { WIREBOOK_DATA: data },
  });
  expect(status).toMatchObject({ code: 0, messages: '' });
  expect(JSON.parse(status.out)).toMatchObject({ counts: { accounts: 0, servers: 0, networks: 0 } });

  const [postmaster] = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  const database = Number(postmaster);
  expect(isAlive(database)).toBe(true);
  const ended = await started.end('SIGTERM');
  expect(ended.code).toBe(0);
  expect(isAlive(database)).toBe(false);
});

test('a second start on the same folder says who holds it and leaves the first alone', async () => {
  const data = await makeFolder();
  const first = start(data);
  const url = await waitForReady(first);
  const second = await start(data).ended;
  expect(second.code).toBe(1);
  expect(second.messages).toContain(data);
  expect(second.messages).toContain(url);
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 30_000 }).toBe(200);
  expect((await first.end('SIGINT')).code).toBe(0);
});

test('what was booked is there again after a new start, and the token still fits', async () => {
  const data = await makeFolder();
  const environment = { WIREBOOK_DATA: data };
  const first = start(data);
  await waitForReady(first);
  expect((await runProcess(wirebook, ['space', 'create', 'branch'], { environment })).code).toBe(0);
  const { token }: { token: string } = JSON.parse(await readFile(join(data, 'cli.json'), 'utf8'));
  await first.end('SIGTERM');

  const url = await waitForReady(start(data));
  const spaces = await runProcess(wirebook, ['space', 'list', '--fields', 'name', '-o', 'csv'], {
    environment: { WIREBOOK_URL: url, WIREBOOK_TOKEN: token },
  });
  expect(spaces.out.trim().split(/\r?\n/)).toEqual(expect.arrayContaining(['branch', 'default']));
});

test.for([
  ['--listen', 'nonsense'],
  ['--log', 'loud'],
  ['--database-url', 'mysql://example'],
  ['--secret-key', 'short'],
] as const)(
  'a setting that can not be taken ends the start with code 2 and names it: %s %s',
  async (wrong) => {
    const ended = await runProcess('scripts/start.mjs', ['--data', await makeFolder(), ...wrong]);
    expect(ended.code).toBe(2);
    expect(ended.messages).toContain(wrong[0]);
  },
);
