import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declarationKinds, type Declarations, declarations, openCatalogue } from '@wirebook/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTables, writeTables } from '../src/declarations/folder.ts';
import { linesOfFields } from '../src/declarations/places.ts';
import { problem, startController, type Route } from './support/controller.ts';
import { idOf } from './support/objects.ts';
import { emptyFolder, wirebook } from './support/terminal.ts';

const t = openCatalogue()('en');
const EXPORT = 'GET /api/v1/declarations';
const IMPORT = 'POST /api/v1/imports/declarations';

/** What a spreadsheet, a shell or a careless program would spoil. */
const nasty = fc.constantFrom(
  '=1+1',
  '+49 30',
  '-5',
  '@x',
  "'=1",
  "''x",
  '\tx',
  '\nx',
  '007',
  '1e5',
  ' spaces ',
  '"quoted"',
  'a,b;c\td',
  'two\nlines',
  'two\r\nlines',
  'one\rmore',
  '打印机，二楼',
  'TRUE',
  '#c',
  'sep=;',
  '',
  '\ufeffx',
);
const anyText = fc.oneof(
  nasty,
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/(?![\t\n\r])\p{Cc}|\p{Cs}/gu, '')),
);
/** An empty cell of something that may lack says that it lacks. */
const orNull = (text: fc.Arbitrary<string>): fc.Arbitrary<string | null> =>
  fc.option(text.filter((one) => one !== ''));
const name = fc
  .oneof(nasty, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }))
  .map((text) => text.replaceAll(/\p{Cc}|\p{Cs}/gu, '').trim() || 'x');
const ip = fc.ipV4();
const mac = fc.constantFrom('00:50:56:aa:00:01', '00:50:56:aa:00:02');
const account = fc.constantFrom(idOf(1), idOf(2));
const time = fc.constantFrom('2030-01-02T03:04:05.678Z');
const source = fc.constantFrom('manual', 'allocated');
const key = orNull(anyText.map((text) => text.replaceAll(/\p{Cc}/gu, '')));
const holder = fc
  .record({ name: anyText, owner: orNull(anyText), mac: orNull(mac), note: anyText })
  .map((one) => (Object.values(one).every((value) => value === '' || value === null) ? null : one));
const wire = fc.record({ account, portGroupId: orNull(anyText), name: anyText, datacenter: orNull(anyText) });
const nic = fc.record({
  account,
  server: orNull(fc.uuid()),
  moref: orNull(fc.constantFrom('vm-17', 'vm-9')),
  name: orNull(anyText),
  mac: orNull(mac),
  deviceKey: fc.option(fc.integer({ min: -4000, max: 4100 })),
});
const tags = fc.dictionary(anyText, anyText);
const network = fc.record({
  space: name,
  name,
  wire,
  start: ip,
  end: ip,
  prefixLength: fc.integer({ min: 1, max: 128 }),
  giving: fc.array(fc.record({ start: ip, end: ip }), { maxLength: 3 }),
  gateway: orNull(ip),
  dns: fc.array(ip, { maxLength: 3 }),
  domain: orNull(fc.constantFrom('lab.example')),
  ntp: fc.array(fc.oneof(ip, fc.constantFrom('ntp.example')), { maxLength: 3 }),
  allocationPolicy: fc.constantFrom('stepup', 'stepdown', 'random'),
  restingSeconds: fc.integer({ min: 0, max: 31536000 }),
  description: anyText,
  tags,
  companion: fc.option(name),
  declaredWires: fc.array(wire, { maxLength: 3 }),
  excludedWires: fc.array(wire, { maxLength: 3 }),
});
const few = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 4 });
const documents = fc.record({
  spaces: few(fc.record({ name })),
  accounts: few(fc.record({ name: anyText, instanceUuid: account, space: name })),
  wires: few(fc.tuple(wire, name).map(([one, space]) => ({ ...one, space }))),
  networks: fc.uniqueArray(network, {
    maxLength: 4,
    selector: (one) => `${one.space}\n${one.name}`,
  }),
  reservations: few(
    fc.record({
      space: name,
      network: name,
      kind: fc.constantFrom('reserved', 'dhcp'),
      start: ip,
      end: ip,
      note: anyText,
      expiresAt: orNull(time),
    }),
  ),
  sharedAddresses: few(fc.record({ space: name, ip })),
  holders: few(
    fc.record({ space: name, ip, network: fc.option(name), source, key, holder, expiresAt: orNull(time) }),
  ),
  nicAddresses: few(fc.record({ space: name, ip, network: fc.option(name), nic, source, key, holder })),
  keptConflicts: few(fc.record({ space: name, ip, nic })),
});

describe('tables of declarations', () => {
  test('give back every document as it was, to the last character', () => {
    fc.assert(
      fc.property(documents, (lists) => {
        const files = writeTables({
          format: 'wirebook-declarations',
          version: 1,
          exportedAt: '2030-01-01T00:00:00.000Z',
          ...lists,
        });
        // As a file holds them: the mark before them is no part of the text.
        const texts = new Map([...files].map(([file, text]) => [file, text.replace(/^\ufeff/, '')]));
        expect(readTables({ t }, texts, 'folder').document).toEqual({
          format: 'wirebook-declarations',
          version: 1,
          ...lists,
        });
      }),
      { numRuns: 300 },
    );
  });

  test('hold no cell that a spreadsheet would run', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [, row] = [
          ...(writeTables({
            ...document,
            reservations: [{ ...document.reservations[0], note: text }],
          } as Declarations)
            .get('reservations.csv')
            ?.split(/(?<=dhcp,10\.1\.2\.9,10\.1\.2\.9,)/) ?? []),
        ];
        expect(row).toBeDefined();
        expect(row).not.toMatch(/^"?(?:[=+@]|-(?!\d+"?,))/);
      }),
    );
  });
});

const document: Declarations = declarations.parse({
  format: 'wirebook-declarations',
  version: 1,
  exportedAt: '2030-01-01T00:00:00.000Z',
  spaces: [{ name: 'default' }],
  accounts: [{ name: 'vc', instanceUuid: idOf(1), space: 'default' }],
  wires: [],
  networks: [
    {
      space: 'default',
      name: '办公',
      wire: { account: idOf(1), portGroupId: 'dvportgroup-7', name: 'front', datacenter: 'DC' },
      start: '10.1.2.1',
      end: '10.1.2.254',
      prefixLength: 24,
      giving: [],
      gateway: null,
      dns: ['10.1.0.53', '10.1.0.54'],
      domain: null,
      ntp: [],
      allocationPolicy: 'stepup',
      restingSeconds: 1800,
      description: '',
      tags: { owner: 'ops' },
      companion: null,
      declaredWires: [{ account: idOf(1), portGroupId: null, name: 'back', datacenter: null }],
      excludedWires: [],
    },
  ],
  reservations: [
    {
      space: 'default',
      network: '办公',
      kind: 'dhcp',
      start: '10.1.2.9',
      end: '10.1.2.9',
      note: 'x\ny',
      expiresAt: null,
    },
  ],
  sharedAddresses: [],
  holders: [],
  nicAddresses: [
    {
      space: 'default',
      ip: '10.1.2.5',
      network: '办公',
      nic: { account: idOf(1), server: idOf(9), moref: 'vm-1', name: 'web', mac: null, deviceKey: 4000 },
      source: 'manual',
      key: null,
      holder: null,
    },
  ],
  keptConflicts: [],
});
/** As the controller writes it: an item a line. */
const written = JSON.stringify(document, null, 1);
const exported: Route = () => ({ body: written });
const none = { created: 0, updated: 0, unchanged: 0, skipped: 0 };
const imported = (set: object = {}): object => ({
  dryRun: false,
  counts: Object.fromEntries(declarationKinds.map((kind) => [kind, none])),
  settles: 3,
  ends: 0,
  conflicts: 1,
  items: [],
  notes: [],
  ...set,
});

describe('export declarations', () => {
  test('writes the document as it comes, to a file or to standard output', async () => {
    const { url } = await startController({ [EXPORT]: exported });
    const folder = emptyFolder();
    const toFile = await wirebook(['export', 'declarations', 'out.json'], { url, folder });
    expect(toFile).toMatchObject({ exitCode: 0, out: '' });
    expect(toFile.messages).toContain('Written: out.json');
    expect(readFileSync(join(folder, 'out.json'), 'utf8')).toBe(written);
    expect(readdirSync(folder)).toEqual(['out.json']);
    for (const words of [[], ['-']])
      expect((await wirebook(['export', 'declarations', ...words], { url })).out).toBe(written);
  });

  test('writes nothing over without --force', async () => {
    const { url } = await startController({ [EXPORT]: exported });
    const folder = emptyFolder();
    writeFileSync(join(folder, 'out.json'), 'mine');
    mkdirSync(join(folder, 'tables'));
    writeFileSync(join(folder, 'tables', 'networks.csv'), 'mine');
    for (const words of [['out.json'], ['--csv', 'tables']]) {
      const refused = await wirebook(['export', 'declarations', ...words], { url, folder });
      expect(refused.exitCode).toBe(1);
      expect(refused.messages).toMatch(/error: (?:out\.json|tables\/networks\.csv) is there already/);
    }
    expect(readFileSync(join(folder, 'out.json'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, 'tables'))).toEqual(['networks.csv']);
    for (const words of [['out.json'], ['--csv', 'tables']])
      expect(
        (await wirebook(['export', 'declarations', ...words, '--force'], { url, folder })).exitCode,
      ).toBe(0);
    expect(readFileSync(join(folder, 'out.json'), 'utf8')).toBe(written);
    expect(readFileSync(join(folder, 'tables', 'networks.csv'), 'utf8')).toContain('办公');
  });

  test('of which the end is missing leaves no file', async () => {
    const { url } = await startController({
      [EXPORT]: () => ({
        stream: (response) => {
          response.writeHead(200, { 'Content-Type': 'application/json' });
          response.write(written.slice(0, 50));
          setImmediate(() => response.destroy());
        },
      }),
    });
    const folder = emptyFolder();
    const { exitCode, messages } = await wirebook(['export', 'declarations', 'out.json'], { url, folder });
    expect({ exitCode, left: readdirSync(folder) }).toEqual({ exitCode: 1, left: [] });
    expect(messages).toContain('does not answer');
  });

  test('as tables is a file for each kind, in UTF-8 as Excel knows it', async () => {
    const { url } = await startController({ [EXPORT]: exported });
    const folder = emptyFolder();
    await wirebook(['export', 'declarations', '--csv', 'tables'], { url, folder });
    expect(readdirSync(join(folder, 'tables')).toSorted()).toEqual([
      'accounts.csv',
      'holders.csv',
      'kept-conflicts.csv',
      'network-wires.csv',
      'networks.csv',
      'nic-addresses.csv',
      'reservations.csv',
      'shared-addresses.csv',
      'spaces.csv',
      'wires.csv',
    ]);
    const bytes = readFileSync(join(folder, 'tables', 'networks.csv'));
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString('utf8').slice(1).split('\r\n')).toEqual([
      'space,name,account,portGroupId,wire,datacenter,start,end,prefixLength,giving,gateway,dns,domain,ntp,allocationPolicy,restingSeconds,companion,description,tags',
      `default,办公,${idOf(1)},dvportgroup-7,front,DC,10.1.2.1,10.1.2.254,24,none,,10.1.0.53 10.1.0.54,,,stepup,1800,,,"{""owner"":""ops""}"`,
      '',
    ]);
  });

  test('has its own forms alone', async () => {
    const { url, seen } = await startController({ [EXPORT]: exported });
    for (const words of [
      ['-o', 'yaml'],
      ['-o', 'csv'],
      ['out.json', '--csv', 'tables'],
    ])
      expect((await wirebook(['export', 'declarations', ...words], { url })).exitCode).toBe(2);
    expect(seen).toEqual([]);
  });
});

describe('import declarations', () => {
  test('sends the document as it is, with what was asked for', async () => {
    const controller = await startController({ [IMPORT]: () => ({ body: imported({ dryRun: true }) }) });
    const folder = emptyFolder();
    writeFileSync(join(folder, 'in.json'), written);
    const flags = ['--dry-run', '--overwrite', '--skip-missing'];
    const done = await wirebook(['import', 'declarations', 'in.json', ...flags], {
      url: controller.url,
      folder,
    });
    expect(done.exitCode).toBe(0);
    expect(controller.seen[0]?.body).toEqual(document);
    expect(Object.fromEntries(controller.seen[0]?.query ?? [])).toEqual({
      dryRun: 'true',
      overwrite: 'true',
      skipMissing: 'true',
    });
    expect(done.out).toContain('addresses of NICs');
    expect(done.messages).toContain('NIC records: 3 created, 0 ended; conflicts: 1');
    expect(done.messages).toContain('This was a dry run');
    const json = await wirebook(['import', 'declarations', 'in.json', '-o', 'json'], {
      url: controller.url,
      folder,
    });
    expect(JSON.parse(json.out)).toMatchObject({ settles: 3 });
  });

  test('sends what an export wrote as tables, whatever divides their cells', async () => {
    const controller = await startController({ [EXPORT]: exported, [IMPORT]: () => ({ body: imported() }) });
    const folder = emptyFolder();
    const { url } = controller;
    await wirebook(['export', 'declarations', '--csv', 'tables'], { url, folder });
    const { exportedAt: _, ...lists } = document;
    expect((await wirebook(['import', 'declarations', 'tables'], { url, folder })).exitCode).toBe(0);
    expect(controller.seen.at(-1)?.body).toEqual(lists);
    // As Excel saves it where a comma is a decimal point.
    writeFileSync(join(folder, 'tables', 'shared-addresses.csv'), 'IP;Space\r\n10.1.2.7;default\r\n;\r\n');
    await wirebook(['import', 'declarations', 'tables'], { url, folder });
    expect(controller.seen.at(-1)?.body?.['sharedAddresses']).toEqual([{ space: 'default', ip: '10.1.2.7' }]);
  });

  test('of some tables names those lists alone, and of a column that is not there nothing', async () => {
    const controller = await startController({ [IMPORT]: () => ({ body: imported() }) });
    const folder = emptyFolder();
    writeFileSync(
      join(folder, 'networks.csv'),
      'space,name,account,wire,start,end,prefixLength\ndefault,a,u,front,10.1.2.1,10.1.2.9,24\n',
    );
    await wirebook(['import', 'declarations', '.'], { url: controller.url, folder });
    expect(controller.seen[0]?.body).toEqual({
      format: 'wirebook-declarations',
      version: 1,
      networks: [
        {
          space: 'default',
          name: 'a',
          wire: { account: 'u', name: 'front' },
          start: '10.1.2.1',
          end: '10.1.2.9',
          prefixLength: 24,
        },
      ],
    });
  });

  test('tells complaints and notes by the line of the document', async () => {
    const errors = [
      { field: 'networks[0].dns[1]', value: '10.1.0.54', message: 'Not good.' },
      { field: 'networks[0].gateway', value: null, message: 'Not there.' },
      { field: 'nicAddresses[0].nic.mac', value: null, message: 'No card.' },
      { field: 'spaces', value: null, message: 'Few.' },
      { field: '', value: null, message: 'All.' },
    ];
    const { url } = await startController({
      [IMPORT]: ({ query }) =>
        query.has('skipMissing')
          ? { body: imported({ notes: [errors[0]] }) }
          : { status: 422, body: problem('declarations_refused', { status: 422, errors }) },
    });
    const folder = emptyFolder();
    writeFileSync(join(folder, 'in.json'), written);
    const lines = written.split('\n');
    const lineOf = (part: string): number => lines.findIndex((line) => line.includes(part)) + 1;
    const refused = await wirebook(['import', 'declarations', 'in.json'], { url, folder });
    expect(refused.exitCode).toBe(1);
    const at = [
      `in.json:${lineOf('10.1.0.54')}: networks[0].dns[1] 10.1.0.54: Not good.`,
      `in.json:${lineOf('"gateway"')}: networks[0].gateway: Not there.`,
      `in.json:${lineOf('"mac"')}: nicAddresses[0].nic.mac: No card.`,
      `in.json:${lineOf('"spaces"')}: spaces: Few.`,
    ];
    for (const line of at) expect(refused.messages.split('\n')).toContain(line);
    expect(refused.messages).toContain(': All.');
    const noted = await wirebook(['import', 'declarations', 'in.json', '--skip-missing'], { url, folder });
    expect(noted.messages.split('\n')).toContain(at[0]);
  });

  test('tells complaints by the line of the table', async () => {
    const { url } = await startController({
      [EXPORT]: exported,
      [IMPORT]: () => ({
        status: 422,
        body: problem('declarations_refused', {
          status: 422,
          errors: [
            { field: 'networks[0].declaredWires[0].name', value: 'back', message: 'No wire.' },
            { field: 'reservations[0].start', value: '10.1.2.9', message: 'Not good.' },
            { field: 'networks[0]', value: null, message: 'None.' },
          ],
        }),
      }),
    });
    const folder = emptyFolder();
    await wirebook(['export', 'declarations', '--csv', 'tables'], { url, folder });
    const { messages } = await wirebook(['import', 'declarations', 'tables'], { url, folder });
    expect(messages.split('\n')).toEqual(
      expect.arrayContaining([
        'tables/network-wires.csv:2: name back: No wire.',
        'tables/reservations.csv:2: start 10.1.2.9: Not good.',
        'tables/networks.csv:2: None.',
      ]),
    );
  });

  test('puts another account in place of one of the document; what lies in it is found by name then', async () => {
    const controller = await startController({
      [IMPORT]: () => ({ body: imported() }),
      'GET /api/v1/cloud-accounts/vc-new': () => ({ body: { instanceUuid: idOf(77) } }),
    });
    const { url } = controller;
    const folder = emptyFolder();
    writeFileSync(join(folder, 'in.json'), written);
    for (const old of ['vc', idOf(1)]) {
      const map = ['--account-map', `${old}=vc-new`];
      expect((await wirebook(['import', 'declarations', 'in.json', ...map], { url, folder })).exitCode).toBe(
        0,
      );
      const sent = declarations.parse(controller.seen.at(-1)?.body);
      expect(JSON.stringify(sent)).not.toContain(idOf(1));
      expect(sent.networks[0]?.wire).toEqual({
        account: idOf(77),
        portGroupId: null,
        name: 'front',
        datacenter: 'DC',
      });
      expect(sent.nicAddresses[0]?.nic).toMatchObject({ account: idOf(77), server: idOf(9), moref: null });
    }
    for (const map of ['nobody=vc-new', 'vc', '=vc-new']) {
      const wrong = await wirebook(['import', 'declarations', 'in.json', '--account-map', map], {
        url,
        folder,
      });
      expect(wrong.exitCode, map).toBe(2);
    }
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['a table that is none of them', { 'network.csv': 'x\n' }, 'd/network.csv is none of the tables'],
    ['no table', {}, 'd holds no CSV files'],
    ['an unknown column', { 'spaces.csv': 'name,nmae\na,b\n' }, 'd/spaces.csv:1: unknown columns: nmae'],
    ['a column that lacks', { 'holders.csv': 'space\ndefault\n' }, 'd/holders.csv:1: missing columns: ip'],
    ['a quotation mark', { 'spaces.csv': 'name\na\n"b\nc\n' }, 'd/spaces.csv:3: a quotation mark is opened'],
    ['a stray mark', { 'spaces.csv': 'name\n"a"b\n' }, 'd/spaces.csv:2: a quotation mark stands'],
    ['more cells than columns', { 'spaces.csv': 'name\na,b\n' }, 'd/spaces.csv:2: there are 2 cells'],
    [
      'a number that is none',
      {
        'networks.csv':
          'space,name,account,wire,start,end,prefixLength\ndefault,a,u,front,10.1.2.1,10.1.2.9,/24\n',
      },
      'd/networks.csv:2: prefixLength is not a whole number',
    ],
    [
      'tags that are none',
      {
        'networks.csv':
          'space,name,account,wire,start,end,prefixLength,tags\ndefault,a,u,front,10.1.2.1,10.1.2.9,24,a=b\n',
      },
      'd/networks.csv:2: tags is not readable as JSON',
    ],
    [
      'a wire of a network that is not there',
      {
        'networks.csv': 'space,name,account,wire,start,end,prefixLength\n',
        'network-wires.csv': 'space,network,origin,account,wire\n\ndefault,a,declared,u,front\n',
      },
      'd/network-wires.csv:3: networks.csv has no network "a"',
    ],
    [
      'a wire of another kind',
      {
        'networks.csv': 'space,name,account,wire,start,end,prefixLength\n',
        'network-wires.csv': 'space,network,origin,account,wire\ndefault,a,detected,u,front\n',
      },
      'd/network-wires.csv:2: the origin is declared or excluded',
    ],
  ])('sends nothing of a folder with %s', async (_what, files, expected) => {
    const controller = await startController({});
    const folder = emptyFolder();
    mkdirSync(join(folder, 'd'));
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, 'd', file), content);
    const { exitCode, messages } = await wirebook(['import', 'declarations', 'd'], {
      url: controller.url,
      folder,
    });
    expect({ exitCode, seen: controller.seen }).toEqual({ exitCode: 1, seen: [] });
    expect(messages).toContain(`error: ${expected}`);
  });

  test('sends nothing of a document that is no JSON', async () => {
    const controller = await startController({});
    const folder = emptyFolder();
    writeFileSync(join(folder, 'in.json'), '{"format":\n"wirebook-declarations",\nx}');
    const { exitCode, messages } = await wirebook(['import', 'declarations', 'in.json'], {
      url: controller.url,
      folder,
    });
    expect({ exitCode, seen: controller.seen }).toEqual({ exitCode: 1, seen: [] });
    expect(messages).toContain('in.json:3: not readable as JSON');
  });
});

test('the line of every field is found in any layout', () => {
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.constantFrom(null, true),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z"{:,\\]{1,4}$/), tie('any'), { maxKeys: 3 }),
    ),
  })).any;
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), value, { maxKeys: 3 }), (object) => {
      const text = JSON.stringify(object, null, 1);
      const expected = new Map<string, number>();
      // A layout of one value a line: they are counted as they come.
      let line = 1;
      const count = (one: unknown, path: string): void => {
        if (path !== '' && !/[^a-z0-9.[\]]/.test(path)) expected.set(path, line);
        if (typeof one !== 'object' || one === null || Object.keys(one).length === 0) return;
        for (const [key, item] of Object.entries(one)) {
          line += 1;
          count(item, Array.isArray(one) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
        }
        line += 1;
      };
      count(object, '');
      const found = linesOfFields(text, [...expected.keys()]);
      expect([...expected.keys()].map((path) => [path, found.get(path)])).toEqual([...expected]);
    }),
  );
});
