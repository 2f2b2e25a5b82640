import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { problem, startController, type Controller } from './support/controller.ts';
import { idOf } from './support/objects.ts';
import { emptyFolder, wirebook, type Session } from './support/terminal.ts';

const route = 'POST /api/v1/imports/networks';
const item = (line: number, set: object = {}): object => ({
  line,
  name: 'web',
  start: '10.1.2.1',
  end: '10.1.2.254',
  outcome: 'created',
  network: { id: idOf(20), name: 'web' },
  wire: { id: idOf(10), name: 'front' },
  fits: [],
  tie: false,
  additionalWires: [{ id: idOf(11), name: 'back' }],
  suggestedWires: [],
  settles: 3,
  differences: [],
  text: null,
  ...set,
});
const imported = (items: readonly object[], set: object = {}): object => ({
  dryRun: false,
  refused: false,
  counts: { created: 1, updated: 0, unchanged: 1, differs: 0, unfit: 0, refused: 0 },
  settles: 3,
  ends: 0,
  conflicts: 0,
  items,
  ...set,
});
const book =
  'name,start,end,prefix,gateway,dns,vlan,switch\nweb,10.1.2.1,10.1.2.254,24,10.1.2.1,10.1.0.53 10.1.0.54,120,dvs-prod\nold,10.1.3.1,10.1.3.9,24,,,,\n';

async function importBook(
  content: string,
  controller: Controller,
  flags: readonly string[] = [],
): Promise<Session> {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'book.csv'), content);
  return wirebook(['import', 'networks', 'book.csv', ...flags], { url: controller.url, folder });
}

test('a book of networks is sent row by row; what came of each is a table, what is unchanged only counted', async () => {
  const controller = await startController({
    [route]: () => ({
      body: imported([item(2), item(3, { outcome: 'unchanged', settles: 0, additionalWires: [] })]),
    }),
  });
  const { exitCode, out, messages } = await importBook(book, controller, [
    '--space',
    'branch',
    '--account',
    'vc',
  ]);
  expect(exitCode).toBe(0);
  expect(controller.seen[0]?.body).toEqual({
    space: 'branch',
    account: 'vc',
    rows: [
      {
        line: 2,
        name: 'web',
        start: '10.1.2.1',
        end: '10.1.2.254',
        prefix: '24',
        gateway: '10.1.2.1',
        dns: '10.1.0.53 10.1.0.54',
        vlan: '120',
        switch: 'dvs-prod',
      },
      { line: 3, name: 'old', start: '10.1.3.1', end: '10.1.3.9', prefix: '24' },
    ],
  });
  expect(out.trimEnd().split('\n')).toHaveLength(2);
  expect(out).toMatch(/2 +web +10\.1\.2\.1-10\.1\.2\.254 +created +front +back +3/);
  expect(messages).toBe(
    'Created: 1, filled in: 0, as before: 1, differing: 0, fitting no wire: 0, refused: 0\n' +
      'NIC records: 3 come into being, 0 end; conflicts: 0\n',
  );
});

test('a dry run of what would be refused shows all of it, and ends with 1', async () => {
  const controller = await startController({
    [route]: () => ({
      body: imported([item(2), item(3, { outcome: 'unfit', wire: null, text: 'No wire\u001b[2J.' })], {
        dryRun: true,
        refused: true,
      }),
    }),
  });
  const { exitCode, out, messages } = await importBook(book, controller, ['--dry-run', '--skip-unfit']);
  expect(controller.seen[0]?.query.get('dryRun')).toBe('true');
  expect(controller.seen[0]?.body?.['skipUnfit']).toBe(true);
  expect(exitCode).toBe(1);
  expect(out).toContain('unfit');
  expect(messages).toContain('book.csv:3: No wire\\u001b[2J.');
  expect(messages).toContain('This was a dry run: nothing was changed.');
  expect(messages).toContain('As it is the import would be refused');
});

test('as CSV every row is a row, with what is said of it', async () => {
  const controller = await startController({
    [route]: () => ({ body: imported([item(2, { text: 'Tie.' })]) }),
  });
  const { out } = await importBook(book, controller, ['-o', 'csv']);
  expect(out.split('\r\n')).toEqual([
    'line,name,start,end,outcome,wire.name,additionalWires.name,settles,text',
    '2,web,10.1.2.1,10.1.2.254,created,front,back,3,Tie.',
    '',
  ]);
});

test('a refusal is told by line of the file', async () => {
  const controller = await startController({
    [route]: () => ({
      status: 422,
      body: problem('import_refused', {
        errors: [{ field: 'rows[1].vlan', value: 'trunk', message: 'A trunk.', line: 3 }],
      }),
    }),
  });
  const { exitCode, messages } = await importBook(book, controller);
  expect(exitCode).toBe(1);
  expect(messages).toContain('book.csv:3: vlan trunk: A trunk.\n');
});

test('a book without a column of VLAN ids, or with more rows than a book has, is not sent', async () => {
  const controller = await startController({});
  const without = await importBook('name,start,end,prefix\nweb,10.1.2.1,10.1.2.9,24\n', controller);
  expect(without.messages).toContain('book.csv:1: missing columns: vlan');
  const long = await importBook(
    `name,start,end,prefix,vlan\n${'w,10.1.2.1,10.1.2.9,24,1\n'.repeat(5001)}`,
    controller,
  );
  expect(long.messages).toContain('there are 5001 rows; at most 5000 are taken at once');
  expect(controller.seen).toEqual([]);
});
