import { describe, expect, test } from 'vitest';
import { idOf, nic, reason, wire } from './support/objects.ts';
import { page, startController } from './support/controller.ts';
import { wirebook } from './support/terminal.ts';

describe('lists', () => {
  test('the token and the language go with every request', async () => {
    const { url, seen } = await startController({ 'GET /api/v1/wires': () => page([wire('front')]) });
    await wirebook(['wire', 'list', '--lang', 'zh'], { url });
    expect(seen[0]?.headers.authorization).toBe('Bearer secret-token');
    expect(seen[0]?.headers['accept-language']).toBe('zh');
  });

  test('a table shows names and words, a title over each column', async () => {
    const { url } = await startController({ 'GET /api/v1/wires': () => page([wire('front')]) });
    const { out, messages, exitCode } = await wirebook(['wire', 'list'], { url });
    expect(exitCode).toBe(0);
    expect(messages).toBe('');
    const [head = '', row = ''] = out.split('\n');
    expect(head.split(/ {2,}/)).toEqual([
      'NAME',
      'DATACENTER',
      'KIND',
      'VLAN',
      'SWITCH',
      'SERVERS',
      'NICS',
      'NETWORKS',
      'SPACE',
      'ACCOUNT',
      'MISSING SINCE',
    ]);
    expect(row.split(/ {2,}/)).toEqual([
      'front',
      'dc',
      'distributed',
      '120',
      'dvs-prod',
      '3',
      '4',
      '1',
      'default',
      'vc-berlin',
      '-',
    ]);
  });

  test.each([
    [{ kind: 'none', id: null, ranges: [], primaryId: null }, '-'],
    [
      {
        kind: 'trunk',
        id: null,
        ranges: [
          { start: 1, end: 9 },
          { start: 20, end: 20 },
        ],
        primaryId: null,
      },
      'trunk 1-9,20',
    ],
    [{ kind: 'private', id: 101, ranges: [], primaryId: 100 }, 'pvlan 100/101'],
  ])('the VLAN %j is one word, whatever fields were asked for', async (vlan, shown) => {
    const one = { ...wire('front'), vlan };
    const { url } = await startController({
      'GET /api/v1/wires': () => page([one]),
      'GET /api/v1/wires/front': () => ({ body: one }),
    });
    const list = await wirebook(['wire', 'list', '--fields', 'name,vlan'], { url });
    const single = await wirebook(['wire', 'show', 'front', '--fields', 'vlan'], { url });
    expect([list.out.split('\n')[1], single.out]).toEqual([`front  ${shown}`, `VLAN  ${shown}\n`]);
  });

  test('JSON is a bare array of the objects as the API gave them, of all pages', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/wires': ({ query }) =>
        query.get('cursor') === null ? page([wire('a'), wire('b')], 'next') : page([wire('c')]),
    });
    const { out } = await wirebook(['wire', 'list', '-o', 'json'], { url });
    expect(JSON.parse(out)).toEqual([wire('a'), wire('b'), wire('c')]);
    expect(seen.map(({ query }) => [query.get('limit'), query.get('cursor')])).toEqual([
      ['500', null],
      ['500', 'next'],
    ]);
  });

  test('a table stops at 100 rows and says on stderr how many there are', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/wires': ({ query }) =>
        page(
          Array.from({ length: Number(query.get('limit')) }, (_, at) => wire(`w${at}`)),
          'more',
        ),
    });
    const { out, messages } = await wirebook(['wire', 'list'], { url });
    expect(out.trimEnd().split('\n')).toHaveLength(101);
    expect(messages).toBe('The first 100 of 1234 are shown; all: --limit all\n');
    expect(seen).toHaveLength(1);
  });

  test('--limit asks for no more than it needs, over as many pages as it takes', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/wires': ({ query }) =>
        page(
          Array.from({ length: Number(query.get('limit')) }, (_, at) => wire(`w${at}`)),
          'more',
        ),
    });
    const { out } = await wirebook(['wire', 'list', '--limit', '501', '-o', 'json'], { url });
    expect(JSON.parse(out)).toHaveLength(501);
    expect(seen.map(({ query }) => query.get('limit'))).toEqual(['500', '1']);
  });

  test('filters, sort and search become query parameters, and only those that were given', async () => {
    const { url, seen } = await startController({ 'GET /api/v1/wires': () => page([]) });
    await wirebook(
      [
        'wire',
        'list',
        '--vlan',
        '0',
        '--virtual-switch',
        'dvs prod',
        '--purpose',
        'any',
        '--sort',
        '-name',
        '-q',
        'web',
      ],
      { url },
    );
    expect(Object.fromEntries(seen[0]?.query ?? [])).toEqual({
      limit: '100',
      vlan: '0',
      virtualSwitch: 'dvs prod',
      purpose: 'any',
      sort: '-name',
      q: 'web',
    });
  });

  test('the common options may stand before the noun as well', async () => {
    const { url } = await startController({ 'GET /api/v1/wires': () => page([wire('front')]) });
    const { out } = await wirebook(['-o', 'json', '--url', url, 'wire', 'list', '--fields', 'name'], {});
    expect(JSON.parse(out)).toEqual([{ name: 'front' }]);
  });

  test('CSV has the paths of its fields for a head, and times and names whole', async () => {
    const { url } = await startController({
      'GET /api/v1/wires': () => page([wire('=cmd', { missingSince: '2026-01-02T03:04:05Z' })]),
    });
    const { out } = await wirebook(
      ['wire', 'list', '-o', 'csv', '--fields', 'name,virtualSwitch.name,missingSince'],
      { url },
    );
    expect(out).toBe("name,virtualSwitch.name,missingSince\r\n'=cmd,dvs-prod,2026-01-02T03:04:05Z\r\n");
  });

  test('YAML has the same objects', async () => {
    const { url } = await startController({ 'GET /api/v1/wires': () => page([wire('front')]) });
    const { out } = await wirebook(['wire', 'list', '-o', 'yaml', '--fields', 'name,counts.nics'], { url });
    expect(out).toBe('- name: front\n  counts:\n    nics: 4\n');
  });

  test('a field that no object has is wrong usage, and those that are there are named', async () => {
    const { url } = await startController({ 'GET /api/v1/wires': () => page([wire('front')]) });
    const { exitCode, messages, out } = await wirebook(['wire', 'list', '--fields', 'nmae'], { url });
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(messages).toContain('there is no field "nmae"; there are: createdAt, updatedAt, id, account');
  });

  test('the name of one object is encoded into the path', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/wires/VM%20Network%2F1': () => ({ body: wire('VM Network/1') }),
    });
    const { out, exitCode } = await wirebook(['wire', 'show', 'VM Network/1'], { url });
    expect(exitCode).toBe(0);
    expect(seen[0]?.line).toBe('GET /api/v1/wires/VM%20Network%2F1');
    expect(out).toContain('NAME');
    expect(out).toContain('VM Network/1');
  });
});

describe('NICs without a record', () => {
  const summary = {
    nics: 40,
    settled: 37,
    unresolved: 3,
    reasons: [
      { code: 'other_wire', nics: 2, text: 'Text of other_wire.' },
      { code: 'powered_off', nics: 1, text: 'Text of powered_off.' },
    ],
  };
  const remedy = (server: number): string =>
    `Start it (or: wirebook server fix ${idOf(server)} 00:50:56:aa:00:01=IP )`;
  const off = (server: number): object =>
    reason('powered_off', {
      remedy: remedy(server),
      actions: [
        {
          label: 'fix',
          command: `wirebook server fix ${idOf(server)} 00:50:56:aa:00:01=IP`,
          placeholders: ['IP'],
          request: null,
        },
      ],
    });
  const nics = [
    nic('web-01', { id: idOf(1), reasons: [reason('other_wire', { ip: '10.1.2.3' })] }),
    nic('web-02', { id: idOf(2), reasons: [off(2)] }),
    nic('web-03', { id: idOf(3), reasons: [reason('other_wire', { ip: '10.1.2.4', remedy: 'Another.' })] }),
    nic('web-04', { id: idOf(4), reasons: [reason('other_wire', { ip: '10.1.2.5' })] }),
  ];

  test('are counted by reason, then listed by reason, below each what to do about it', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/nics': () => page(nics),
      'GET /api/v1/nics/summary': () => ({ body: summary }),
    });
    const { out, messages } = await wirebook(['nic', 'list', '--unresolved'], { url, columns: 70 });
    expect(messages).toContain('wirebook nic mend');
    expect(seen[0]?.query.get('unresolved')).toBe('true');
    expect(out).toMatch(/^3 of 40 NICs have no record\.\n/);
    expect(out).toMatch(/other_wire +2 +Text of other_wire\./);
    const groups = out.split(/\n\n(?=\w+: )/).slice(1);
    expect(groups[0]?.split('\n').map((line) => line.replace(/ {2,}.*/, ''))).toEqual([
      'powered_off: one NIC, powered off',
      'SERVER',
      'web-02',
      '',
    ]);
    expect(groups[0]).toContain(`  what to do: ${remedy(2)}`);
    // Once for both that it is for, right below them, and whole however narrow the terminal is.
    expect(
      groups[1]
        ?.trimEnd()
        .split('\n')
        .map((line) => line.replace(/(\S) {2,}.*/, '$1')),
    ).toEqual([
      'other_wire: 3 NICs, the network lies on another wire',
      'SERVER',
      'web-01',
      'web-04',
      '  what to do: Remedy of other_wire.',
      'web-03',
      '  what to do: Another.',
    ]);
  });

  test('with a remedy that differs only in the NIC it names are told it once', async () => {
    const { url } = await startController({
      'GET /api/v1/nics': () =>
        page([
          nic('web-02', { id: idOf(2), reasons: [off(2)] }),
          nic('web-05', { id: idOf(5), reasons: [off(5)] }),
        ]),
      'GET /api/v1/nics/summary': () => ({ body: summary }),
    });
    const { out } = await wirebook(['nic', 'list', '--unresolved'], { url });
    expect(out.match(/what to do: .*/g)).toEqual([
      'what to do: Start it (or: wirebook server fix SERVER MAC=IP )',
    ]);
  });

  test('of one wire only are listed without counts of the whole', async () => {
    const { url, seen } = await startController({ 'GET /api/v1/nics': () => page(nics) });
    const { out, exitCode } = await wirebook(['nic', 'list', '--unresolved', '--wire', 'front'], { url });
    expect(exitCode).toBe(0);
    expect(seen).toHaveLength(1);
    expect(out).not.toContain('of 40');
    expect(out).toContain('web-01');
  });

  test('in JSON are the NICs themselves', async () => {
    const { url } = await startController({ 'GET /api/v1/nics': () => page(nics) });
    const { out } = await wirebook(['nic', 'list', '--unresolved', '-o', 'json'], { url });
    expect(JSON.parse(out)).toEqual(nics);
  });

  test('shown alone have what to do in words', async () => {
    const { url } = await startController({ [`GET /api/v1/nics/${idOf(2)}`]: () => ({ body: nics[1] }) });
    const { out } = await wirebook(['nic', 'show', idOf(2)], { url });
    expect(out).toContain(remedy(2));
    expect(out).not.toContain('ACTIONS');
  });

  test('nic summary gives the counts alone', async () => {
    const { url } = await startController({ 'GET /api/v1/nics/summary': () => ({ body: summary }) });
    const { out } = await wirebook(['nic', 'summary', '-o', 'json'], { url });
    expect(JSON.parse(out)).toEqual(summary);
  });
});
