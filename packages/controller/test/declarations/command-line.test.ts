import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { demoEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';
import { declareEverything, exportFrom, tellBook, without } from './declaring.ts';

/** The whole way as an operator goes it: out of one Wirebook with the command line, and into another. */

const run = promisify(execFile);
const program = join(import.meta.dirname, '../../../cli/src/main.ts');
let folder: Awaited<ReturnType<typeof createTemporaryFolder>>;
let first: EstateController;
let second: EstateController;
let elsewhere: EstateController;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  first = await startEstateController(demoEstate());
  await declareEverything(first);
  second = await startEstateController(demoEstate());
  // The same machines, moved to another vCenter.
  elsewhere = await startEstateController({
    ...demoEstate(),
    instanceUuid: '0a0a0a0a-30d8-4c55-9a3e-2f4be1c07a10',
  });
});
afterAll(async () => {
  for (const lab of [first, second, elsewhere]) await lab[Symbol.asyncDispose]();
  await folder.remove();
});

async function wirebook(
  lab: EstateController,
  ...words: string[]
): Promise<{ out: string; messages: string }> {
  const { url, token } = lab.controller;
  const { stdout, stderr } = await run(process.execPath, [program, ...words], {
    cwd: folder.path,
    env: { ...process.env, WIREBOOK_URL: url, WIREBOOK_TOKEN: token, LANG: 'en' },
  });
  return { out: stdout, messages: stderr };
}

test('tables of one Wirebook give the same in another', async () => {
  const document = await exportFrom(first);
  await wirebook(first, 'export', 'declarations', '--csv', 'tables');
  const { messages } = await wirebook(second, 'import', 'declarations', 'tables');
  expect(messages).toMatch(/^NIC records: \d+ created, 0 ended; conflicts: \d+$/m);
  expect(without(await exportFrom(second))).toEqual(without(document));
  expect(await tellBook(second)).toEqual(await tellBook(first));
});

test('a document of one Wirebook fits another vCenter that has its machines now', async () => {
  const document = await exportFrom(first);
  await wirebook(first, 'export', 'declarations', 'declared.json');
  const words = ['import', 'declarations', 'declared.json'];
  await expect(wirebook(elsewhere, ...words)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^declared\.json:\d+: accounts\[0\]\.instanceUuid .* was not added here\. .*--account-map/m,
    ) as unknown,
  });
  await wirebook(elsewhere, ...words, '--account-map', 'lab=lab');
  const [old, now] = [document.accounts[0]?.instanceUuid ?? '', '0a0a0a0a-30d8-4c55-9a3e-2f4be1c07a10'];
  const expected: unknown = JSON.parse(JSON.stringify(without(document)).replaceAll(old, now));
  expect(without(await exportFrom(elsewhere))).toEqual(expected);
});
