import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startController, page, events } from './support/controller.ts';
import { idOf, syncRun, wire } from './support/objects.ts';
import { emptyFolder } from './support/terminal.ts';

const bin = (name: string): string => join(import.meta.dirname, '../bin', name);

interface Ended {
  code: number | null;
  out: string;
  messages: string;
}

/** Runs the program as a process of its own; `watch` may act on what it has written so far. */
function start(
  words: readonly string[],
  url: string,
  watch: (child: ReturnType<typeof spawn>, sofar: Ended) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, words, {
    cwd: emptyFolder(),
    env: { WIREBOOK_URL: url, WIREBOOK_TOKEN: 'secret-token', PATH: process.env['PATH'] },
  });
  child.stdin.end();
  const ended: Ended = { code: null, out: '', messages: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    ended.out += chunk.toString();
    watch(child, ended);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    ended.messages += chunk.toString();
    watch(child, ended);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}

test('the program ends with 0, 1 or 2 as a process too, data on stdout and problems on stderr', async () => {
  const { url } = await startController({ 'GET /api/v1/wires': () => page([wire('front')]) });
  const done = await start([bin('wirebook.mjs'), 'wire', 'list', '--fields', 'name'], url);
  expect(done).toEqual({ code: 0, out: 'NAME\nfront\n', messages: '' });
  const refused = await start([bin('wirebook.mjs'), 'host', 'list'], url);
  expect([refused.code, refused.out]).toEqual([1, '']);
  const wrong = await start([bin('climc.mjs'), 'nonsense'], url);
  expect([wrong.code, wrong.out]).toEqual([2, '']);
});

test('whoever stops reading early gets no complaint', async () => {
  const rows = Array.from({ length: 500 }, (_, at) => wire(`wire-${at}`, { portGroupId: 'x'.repeat(2000) }));
  const { url } = await startController({ 'GET /api/v1/wires': () => page(rows) });
  const ended = await start([bin('wirebook.mjs'), 'wire', 'list', '-o', 'json'], url, (child) => {
    child.stdout?.destroy();
  });
  expect([ended.code, ended.messages]).toEqual([0, '']);
});

test('Ctrl-C ends the waiting for a sync with a word on how to cancel it', async () => {
  const { url } = await startController({
    'POST /api/v1/cloud-accounts/vc/sync': () => ({ status: 202, body: syncRun() }),
    [`GET /api/v1/sync-runs/${idOf(40)}/events`]: () =>
      events([{ event: 'progress', data: syncRun({ phase: 'apply' }) }], { stayOpen: true }),
  });
  let pressed = false;
  const ended = await start([bin('wirebook.mjs'), 'account', 'sync', 'vc'], url, (child, sofar) => {
    if (!pressed && sofar.messages.includes('writing')) pressed = child.kill('SIGINT');
  });
  expect(ended.code).toBe(1);
  expect(ended.messages).toContain(`wirebook sync cancel ${idOf(40)}`);
});
