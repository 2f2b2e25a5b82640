import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problem, startController, type Controller, type Route } from './support/controller.ts';
import { idOf, nicFix } from './support/objects.ts';
import { emptyFolder, wirebook, type Session } from './support/terminal.ts';

const addresses = 'POST /api/v1/imports/addresses';
const fixes = 'POST /api/v1/imports/fixes';
const imported = (set: object = {}): object => ({
  dryRun: false,
  created: 1,
  updated: 0,
  unchanged: 2,
  items: [
    {
      line: 2,
      ip: '10.1.2.60',
      network: { id: idOf(20), name: 'web' },
      name: 'printer',
      change: 'created',
    },
  ],
  ...set,
});
const done: Route = () => ({ body: imported() });

/** Imports a file `list` of the folder with this content. */
async function importFile(
  kind: 'addresses' | 'fixes',
  content: string | Uint8Array,
  controller: Controller,
  flags: readonly string[] = [],
): Promise<Session> {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'list'), content);
  return wirebook(['import', kind, 'list', ...flags], { url: controller.url, folder });
}

/** The rows that were sent for the content of a file. */
async function rowsOf(content: string | Uint8Array): Promise<unknown> {
  const controller = await startController({ [addresses]: done });
  const { exitCode, messages } = await importFile('addresses', content, controller);
  expect(messages).not.toContain('error');
  expect(exitCode).toBe(0);
  return controller.seen[0]?.body?.['rows'];
}

/** What is said of a file that is not sent. */
async function complaintOf(content: string | Uint8Array, kind: 'addresses' | 'fixes' = 'addresses') {
  const controller = await startController({});
  const { exitCode, out, messages } = await importFile(kind, content, controller);
  expect({ exitCode, out, seen: controller.seen }).toEqual({ exitCode: 1, out: '', seen: [] });
  return messages;
}

describe('a CSV file', () => {
  test('is sent row by row with the line of each; an empty cell says nothing', async () => {
    expect(
      await rowsOf(
        'ip,name,owner,mac,note\n10.1.2.60,printer,ops,00:11:22:33:44:55,floor 3\n10.1.2.61,,,,old\n',
      ),
    ).toEqual([
      { line: 2, ip: '10.1.2.60', name: 'printer', owner: 'ops', mac: '00:11:22:33:44:55', note: 'floor 3' },
      { line: 3, ip: '10.1.2.61', note: 'old' },
    ]);
  });

  test.each([
    ['semicolons', 'ip;name\n10.1.2.60;a,b\n', 'a,b'],
    ['tabs', 'ip\tname\n10.1.2.60\ta;b\n', 'a;b'],
    ['the delimiter that Excel is told', 'sep=;\nip;name\n10.1.2.60;a,b\n', 'a,b'],
    ['columns in any order, case and with spaces about them', ' Name , IP\nx y , 10.1.2.60\n', 'x y'],
    ['quoted columns', '"name";"ip"\n"a;b";"10.1.2.60"\n', 'a;b'],
    ['line ends of any system', 'ip,name\r\n10.1.2.60,x\r\n', 'x'],
    ['doubled quotes', 'ip,name\n10.1.2.60,"5"" disk"\n', '5" disk'],
    ['a formula that was made text', "ip,name\n10.1.2.60,'=x\n", '=x'],
    ['an apostrophe of its own', "ip,name\n10.1.2.60,'x\n", "'x"],
    ['cells beyond the columns that hold nothing', 'ip,name\n10.1.2.60,x,,\n', 'x'],
  ])('may have %s', async (_what, content, name) => {
    expect(await rowsOf(content)).toEqual([expect.objectContaining({ ip: '10.1.2.60', name })]);
  });

  test('counts lines as an editor does: comments before the head, empty lines, cells of several lines', async () => {
    const lines = [
      '# from the spreadsheet of ops',
      '',
      'ip,name,note',
      '10.1.2.60,a,"one',
      'two"',
      '',
      '10.1.2.61,#b,',
      ',,',
      '10.1.2.62,c,',
    ];
    for (const end of ['\n', '\r\n'])
      expect(await rowsOf(lines.join(end))).toEqual([
        { line: 4, ip: '10.1.2.60', name: 'a', note: 'one\ntwo' },
        { line: 7, ip: '10.1.2.61', name: '#b' },
        { line: 9, ip: '10.1.2.62', name: 'c' },
      ]);
  });

  test.each([
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffip,name\n10.1.2.60,打印机\n')],
    ['UTF-16 of Windows', Buffer.from('\ufeffip\tname\n10.1.2.60\t打印机\n', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\ufeffip\tname\n10.1.2.60\t打印机\n', 'utf16le').swap16()],
    // 打印机 in GB 18030, as Chinese Excel saves it.
    ['GB18030', Buffer.concat([Buffer.from('ip,name\n10.1.2.60,'), Buffer.from('b4f2d3a1bbfa', 'hex')])],
  ])('may be in %s', async (_what, content) => {
    expect(await rowsOf(content)).toEqual([{ line: 2, ip: '10.1.2.60', name: '打印机' }]);
  });

  test('that is taken for GB18030 is said to be; one that is no text at all is refused', async () => {
    const controller = await startController({ [addresses]: done });
    const content = Buffer.concat([Buffer.from('ip,name\n10.1.2.60,'), Buffer.from('b4f2', 'hex')]);
    const { messages } = await importFile('addresses', content, controller);
    expect(messages).toContain('list is not UTF-8; it is read as GB18030');
    expect(await complaintOf(Buffer.from('ip,name\n\xff\xff', 'latin1'))).toContain(
      'neither UTF-8 nor GB18030',
    );
  });

  test.each([
    ['ip,nmae,wat\n1,2,3\n', 'list:1: unknown columns: nmae, wat'],
    ['# head\nname,note\nx,y\n', 'list:2: missing columns: ip'],
    ['ip,name,IP\n1,2,3\n', 'list:1: columns named twice: ip'],
    ['ip,name\n10.1.2.60,a\n10.1.2.61,b,c\n', 'list:3: there are 3 cells under 2 columns'],
    ['ip,name\n10.1.2.60,a\n\n10.1.2.61,"b\n10.1.2.62,c\n', 'list:4: a quotation mark is opened here'],
    ['# head\nip,name\n10.1.2.60,a"b\n', 'list:3: a quotation mark stands in the middle'],
    ['ip,name\n10.1.2.60,"a"b\n', 'list:2: a quotation mark stands in the middle'],
    ['ip,name\n', 'list: there are no rows'],
    ['', 'list: there are no rows'],
    ['# only a comment\n\n', 'list: there are no rows'],
    [`ip\n${'10.1.2.3\n'.repeat(50_001)}`, 'list: there are 50001 rows; at most 50000 are taken at once'],
  ])('that can not be taken is told by line: %j', async (content, expected) => {
    const messages = await complaintOf(content);
    expect(messages).toContain(`error: ${expected}`);
    expect(messages).toContain('the columns ip,name,owner,mac,note, of which ip must be there');
  });

  test('of fixes without a column of addresses would clear all, and is not sent', async () => {
    expect(await complaintOf('server,mac\nweb-01,00:50:56:aa:00:01\n', 'fixes')).toContain(
      'list:1: missing columns: ip',
    );
  });

  test('that is not there is a failure that names it', async () => {
    const { url } = await startController({});
    const { exitCode, messages } = await wirebook(['import', 'fixes', 'nowhere.csv'], { url });
    expect(exitCode).toBe(1);
    expect(messages).toContain('nowhere.csv could not be read: ENOENT');
  });
});

describe('a JSON file', () => {
  test('is sent item by item with the line of each', async () => {
    const content =
      '\n[ {"ip": "10.1.2.60", "name": "a\\"[{b", "note": null},\n  {\n "ip": "10.1.2.61",\n "owner": 7},\n\n{"ip":"10.1.2.62","name":"x"}]';
    expect(await rowsOf(content)).toEqual([
      { line: 2, ip: '10.1.2.60', name: 'a"[{b' },
      { line: 3, ip: '10.1.2.61', owner: '7' },
      { line: 7, ip: '10.1.2.62', name: 'x' },
    ]);
  });

  test.each([
    ['[\n{"ip":"10.1.2.60"}\n{"ip":"10.1.2.61"}]', 'list:3: not readable as JSON'],
    ['[\n{"ip":"10.1.2.60"},\n', 'list:3: not readable as JSON'],
    ['{"ip":"10.1.2.60"}', 'list: the JSON is not a list of objects'],
    ['[{"ip":"10.1.2.60"},\n7]', 'list:2: not an object'],
    ['[{"ip":"10.1.2.60"},\n{"ip":"10.1.2.61","__proto__":"x"}]', 'list:2: unknown columns: __proto__'],
    ['[{"name":"x"}]', 'list:1: missing columns: ip'],
    ['[{"ip":"10.1.2.60","note":["x"]}]', 'list:1: note is neither text nor a number'],
    ['[]', 'list: there are no rows'],
  ])('that can not be taken is told by line: %j', async (content, expected) => {
    expect(await complaintOf(content)).toContain(`error: ${expected}`);
  });
});

describe('an import', () => {
  const file = 'ip,name\n10.1.2.60,printer\n10.1.2.61,x\n10.1.2.62,y\n';

  test('shows what changed, and counts on stderr', async () => {
    const controller = await startController({ [addresses]: done });
    const { out, messages } = await importFile('addresses', file, controller, ['--space', 'branch']);
    expect(controller.seen[0]?.body?.['space']).toBe('branch');
    expect(controller.seen[0]?.query.get('dryRun')).toBeNull();
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['LINE', 'IP', 'NETWORK', 'NAME', 'CHANGE'],
      ['2', '10.1.2.60', 'web', 'printer', 'created'],
      [''],
    ]);
    expect(messages).toBe('Created: 1, updated: 0, as before: 2\n');
  });

  test('as CSV is a row for each that changed', async () => {
    const controller = await startController({ [addresses]: done });
    const { out } = await importFile('addresses', file, controller, ['-o', 'csv']);
    expect(out).toBe('line,ip,network.name,name,change\r\n2,10.1.2.60,web,printer,created\r\n');
  });

  test('--dry-run asks for it and says that nothing was changed', async () => {
    const controller = await startController({ [addresses]: () => ({ body: imported({ dryRun: true }) }) });
    const { messages } = await importFile('addresses', file, controller, ['--dry-run']);
    expect(controller.seen[0]?.query.get('dryRun')).toBe('true');
    expect(messages).toContain('This was a dry run: nothing was changed.');
  });

  test('reads standard input where the file is -', async () => {
    const { url, seen } = await startController({
      [fixes]: () => ({
        body: {
          dryRun: false,
          fixed: 60,
          kept: 1,
          cleared: 1,
          items: [
            nicFix('10.1.2.3', 'kept'),
            nicFix('10.1.2.4', 'cleared'),
            ...Array.from({ length: 60 }, (_, at) => nicFix(`10.1.3.${at}`, 'fixed')),
          ],
        },
      }),
    });
    const { out, messages } = await wirebook(['import', 'fixes', '-'], {
      url,
      input: 'server,mac,ip\nweb-01,00:50:56:aa:00:01,\nweb-01,,10.1.2.3\n',
    });
    expect(seen[0]?.body).toEqual({
      rows: [
        { line: 2, server: 'web-01', mac: '00:50:56:aa:00:01' },
        { line: 3, server: 'web-01', ip: '10.1.2.3' },
      ],
    });
    // What was so before is only counted, and a table is no place for thousands.
    expect(out).not.toContain('kept');
    expect(out.trimEnd().split('\n')).toHaveLength(51);
    expect(messages).toContain('50 of 61 changes are shown; all: -o json');
    expect(messages).toContain('Fixed: 60, as before: 1, cleared: 1');
  });

  test('that is refused lists each complaint by file and line, with field and value', async () => {
    const controller = await startController({
      [addresses]: () => ({
        status: 422,
        body: problem('import_refused', {
          errors: [
            { field: 'rows[0].ip', value: '10.1.2.60', message: 'web-01 has it already.', line: 2 },
            // A row refused for its form names no line; what was sent does.
            { field: 'rows[1].name', value: 'x\u001b[2J', message: 'Not in the form.' },
            { field: 'rows[2]', value: null, message: 'Nothing is said.', line: 4 },
            { field: 'space', value: 'branch', message: 'No such space.' },
          ],
        }),
      }),
    });
    const { exitCode, out, messages } = await importFile('addresses', file, controller);
    expect([exitCode, out]).toEqual([1, '']);
    expect(messages.split('\n')).toEqual([
      'error: Title of import_refused',
      '  Detail of import_refused.',
      'list:2: ip 10.1.2.60: web-01 has it already.',
      'list:3: name x\\u001b[2J: Not in the form.',
      'list:4: Nothing is said.',
      '  space branch: No such space.',
      '  what to do: Remedy of import_refused.',
      '',
    ]);
  });
});
