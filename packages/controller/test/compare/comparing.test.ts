import type { Comparison, ListDifference } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBook } from '../support/book.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

let lab: EstateController;
beforeAll(async () => {
  const estate = labEstate([
    machine('web-1', [['web', '10.1.0.11/24']]),
    machine('web-2', [['web', '10.1.0.12/24']]),
    // Seen, and no record comes of it: a trunk has no network.
    machine('stray', [['trunk', '10.1.0.77/24']]),
    machine('gone', [['trunk', '10.1.0.90/24']]),
    machine('lone', [['db', '10.60.0.8/24']]),
  ]);
  estate.datacenters[0]?.distributedSwitches[0]?.portGroups.push({
    name: 'trunk',
    vlan: { kind: 'trunk', ranges: [{ start: 1, end: 99 }] },
  });
  lab = await startEstateController(estate);
  const { call } = lab.controller;
  await lab.createNetwork({
    name: 'Web',
    wire: 'web',
    cidr: '10.1.0.0/24',
    gateway: '10.1.0.1',
    dns: ['10.1.0.53'],
  });
  await lab.createNetwork({ name: 'other', wire: 'db', cidr: '10.2.0.0/25' });
  await call('POST', '/api/v1/reservations', {
    network: 'Web',
    start: '10.1.0.200',
    end: '10.1.0.209',
    kind: 'dhcp',
  });
  await call('POST', '/api/v1/reservations', { network: 'Web', start: '10.1.0.210' });
  await call('POST', '/api/v1/imports/addresses', {
    rows: [{ ip: '10.1.0.60', name: 'printer', mac: '00:11:22:33:44:55' }],
  });
  await call('PUT', '/api/v1/networks/Web/claims/build-7', { ip: '10.1.0.61' });
});
afterAll(() => lab[Symbol.asyncDispose]());

interface Row {
  ip: string;
  line?: number;
  [column: string]: unknown;
}
async function compare(rows: readonly Row[], more: object = {}): Promise<Comparison> {
  const answer = await lab.controller.call<Comparison>('POST', '/api/v1/compare', {
    rows: rows.map((row, index) => ({ line: index + 2, ...row })),
    ...more,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const told = ({ items }: Comparison): string[] =>
  items.map(({ kind, line, ip, listed, found }) => `${kind} ${line ?? '-'} ${ip}: ${listed} / ${found}`);
/** The differences of one kind, of a list of these rows. */
async function only(kind: ListDifference['kind'], rows: readonly Row[]): Promise<ListDifference[]> {
  return (await compare(rows)).items.filter((item) => item.kind === kind);
}

describe('an address of the list', () => {
  test('that nobody has or shows is a ghost; the report says who had it last', async () => {
    await lab.controller.call('PUT', '/api/v1/networks/other/claims/old', { ip: '10.2.0.9', name: 'old-db' });
    await lab.controller.call('DELETE', '/api/v1/networks/other/claims/old');
    const ghosts = await only('ghost', [{ ip: '10.1.0.40', name: 'lost' }, { ip: '10.2.0.9' }]);
    expect(ghosts).toMatchObject([
      { line: 2, ip: '10.1.0.40', listed: 'lost', found: null, network: { name: 'Web' }, evidence: [] },
      { line: 3, ip: '10.2.0.9', listed: null },
    ]);
    expect(ghosts[0]?.text).toBe('It is in the list, but seen nowhere and recorded for nobody.');
    expect(ghosts[1]?.text).toMatch(/old-db had it until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);
    expect(ghosts[0]?.remedy).toContain('wirebook import addresses');
  });

  test('is none where it is seen without a record, entered for a holder, given out, kept back, leased, or has a part to play', async () => {
    const known = [
      '10.1.0.11',
      '10.1.0.77',
      '10.1.0.60',
      '10.1.0.61',
      '10.1.0.205',
      '10.1.0.210',
      '10.1.0.1',
      '10.1.0.53',
      '10.1.0.0',
      '10.1.0.255',
      '10.10.0.11',
    ];
    expect(
      await only(
        'ghost',
        known.map((ip) => ({ ip })),
      ),
    ).toEqual([]);
  });

  test('is none where the list itself says that it is reserved, leased or free', async () => {
    const words = ['Reserved', 'dhcp', 'deprecated', '空闲', '预留'];
    expect(
      await only(
        'ghost',
        words.map((status, index) => ({ ip: `10.1.0.${40 + index}`, status })),
      ),
    ).toEqual([]);
    expect(await only('ghost', [{ ip: '10.1.0.40', status: 'active' }])).toHaveLength(1);
  });

  test('that somebody has though the list says it is free is told with who has it', async () => {
    const [item] = await only('status', [{ ip: '10.1.0.11', name: 'former', status: 'Available' }]);
    expect(item).toMatchObject({ line: 2, found: 'web-1', evidence: [{ source: 'record', name: 'web-1' }] });
  });

  test('whose MAC is another one is told with the NIC that has it; notations are one', async () => {
    const mac = (await lab.nics('web-1'))[0]?.mac ?? '';
    const [item] = await only('mac', [
      { ip: '10.1.0.11', mac: '00-50-56-00-00-99' },
      { ip: '10.1.0.11', mac: mac.toUpperCase().replaceAll(':', '-') },
    ]);
    expect(item).toMatchObject({
      line: 2,
      listed: '00:50:56:00:00:99',
      found: mac,
      evidence: [
        {
          source: 'record',
          name: 'web-1',
          server: { name: 'web-1' },
          mac,
          wire: { name: 'web' },
          since: expect.stringMatching(/^\d{4}-/),
        },
      ],
      remedy: expect.stringContaining('wirebook why 10.1.0.11'),
    });
    expect(item?.text).toContain('web-1 has it on the wire "web", since ');
  });

  test('whose name is another one is told; short and full names, case, and the name inside the guest are one', async () => {
    await lab.sql(`UPDATE servers SET guest_host_name = 'front.corp.example' WHERE name = 'web-2'`);
    const rows = [
      { ip: '10.1.0.11', name: 'WEB-1.corp.example' },
      { ip: '10.1.0.12', name: 'front' },
      { ip: '10.1.0.12', name: 'something', dnsName: 'web-2' },
      { ip: '10.1.0.60', name: 'Printer' },
      { ip: '10.1.0.61', name: 'build-7' },
      { ip: '10.10.0.11', name: 'esx-01' },
      { ip: '10.1.0.11', name: 'web-2' },
      { ip: '10.1.0.77', name: '-' },
    ];
    expect((await only('name', rows)).map(({ line, listed, found }) => ({ line, listed, found }))).toEqual([
      { line: 8, listed: 'web-2', found: 'web-1' },
    ]);
  });

  test('that lies in another network is told, by name, by prefix, and by the length of its own prefix', async () => {
    const rows = [
      { ip: '10.1.0.11', network: 'web' },
      { ip: '10.1.0.11/24', network: '10.1.0.0/24' },
      { ip: '10.1.0.11', network: '24' },
      { ip: '10.1.0.11/32' },
      { ip: '10.1.0.11', network: 'other' },
      { ip: '10.1.0.12/25' },
      // No network holds it; a name that Wirebook doesn't know says nothing then, one that it knows does.
      { ip: '10.60.0.8', network: 'somewhere' },
      { ip: '10.60.0.8', network: 'OTHER' },
    ];
    expect((await only('network', rows)).map(({ line, listed, found }) => ({ line, listed, found }))).toEqual(
      [
        { line: 6, listed: 'other', found: 'Web (10.1.0.0/24)' },
        { line: 7, listed: '/25', found: 'Web (10.1.0.0/24)' },
        { line: 9, listed: 'OTHER', found: null },
      ],
    );
  });

  test('that stands twice is told with the line that had it first', async () => {
    const items = await only('duplicate', [{ ip: '10.1.0.11' }, { ip: '10.1.0.11/24' }, { ip: '10.1.0.40' }]);
    expect(items).toMatchObject([
      { line: 3, ip: '10.1.0.11', text: expect.stringContaining('Line 2 of the list has the same address.') },
    ]);
  });

  test('that can not be read is told, and the rest of its row compared', async () => {
    const { items, counts } = await compare([
      { ip: '10.1.0' },
      { ip: '10.1.0.11/99' },
      { ip: '224.0.0.1' },
      { ip: '' },
      { ip: '10.1.0.11', mac: 'unreadable', name: 'other' },
      { ip: '::ffff:10.1.0.11', mac: 'n/a', name: '' },
    ]);
    expect(
      items.filter(({ kind }) => kind === 'unreadable').map(({ line, text }) => `${line} ${text}`),
    ).toEqual([
      '2 10.1.0: Not an IPv4 or IPv6 address.',
      '3 10.1.0.11/99: Not an IPv4 or IPv6 address.',
      '4 224.0.0.1: Not an address that a machine can have.',
      '5 : Must not be empty.',
      '6 unreadable: Not a MAC address.',
    ]);
    expect(counts).toMatchObject({ rows: 6, unreadable: 5, name: 1, duplicate: 1, agreeing: 0 });
  });
});

describe('what is not in the list', () => {
  test('is a stranger where the list has addresses: who has it, who shows it, who was entered', async () => {
    const answer = await compare([{ ip: '10.1.0.11' }]);
    expect(told(answer)).toEqual([
      'stranger - 10.1.0.12: null / web-2',
      'stranger - 10.1.0.60: null / printer',
      'stranger - 10.1.0.61: null / build-7',
      'stranger - 10.1.0.77: null / stray',
      'stranger - 10.1.0.90: null / gone',
    ]);
    expect(answer.counts).toMatchObject({ rows: 1, agreeing: 1, stranger: 5 });
    expect(answer.networks).toMatchObject([{ name: 'Web' }]);
    expect(answer.items[3]?.evidence).toMatchObject([
      { source: 'seen', name: 'stray', wire: { name: 'trunk' }, mac: expect.any(String) },
    ]);
    expect(answer.items.map(({ evidence }) => evidence[0]?.source)).toEqual([
      'record',
      'holder',
      'held',
      'seen',
      'seen',
    ]);
  });

  test('is looked for by the prefixes of the list where no network is yet', async () => {
    expect(told(await compare([{ ip: '10.60.0.9/24', status: 'reserved' }]))).toEqual([
      'stranger - 10.60.0.8: null / lone',
    ]);
    expect(told(await compare([{ ip: '10.60.0.9', status: 'reserved' }]))).toEqual([]);
  });

  test('is looked for in the one network that is named, and rows outside of it are passed over', async () => {
    const answer = await compare([{ ip: '10.1.0.11' }, { ip: '10.2.0.7' }, { ip: '10.9.0.9' }], {
      network: 'web'.replace('w', 'W'),
    });
    expect(answer.counts).toMatchObject({ rows: 3, outside: 2, agreeing: 1, ghost: 0, stranger: 5 });
  });

  test('counts a row outside of it once, though its MAC can’t be read', async () => {
    const answer = await compare([{ ip: '10.2.0.7', mac: 'nonsense' }], { network: 'Web' });
    expect(answer.counts).toMatchObject({ rows: 1, outside: 1, unreadable: 1, agreeing: 0 });
  });

  test('is looked for in all networks of a space that is named', async () => {
    const answer = await compare([{ ip: '10.2.0.7', status: 'free' }], { space: 'default' });
    expect(answer.networks.map(({ name }) => name).toSorted()).toEqual(['Web', 'other']);
    expect(answer.counts.stranger).toBe(6);
  });
});

test('a VRF that is a space leads there; any other says nothing, but keeps two rows from being duplicates', async () => {
  await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'branch' });
  const answer = await compare([
    { ip: '10.1.0.11', vrf: 'Branch' },
    { ip: '10.1.0.11', vrf: 'Global' },
    { ip: '10.1.0.11', vrf: 'Default' },
    { ip: '10.1.0.11', vrf: 'global' },
  ]);
  const rows = answer.items.filter(({ line }) => line !== undefined);
  expect(rows).toMatchObject([{ kind: 'ghost', line: 2, space: { name: 'branch' } }]);
});

test('space and network exclude one another, and names that are not there are refused', async () => {
  const path = '/api/v1/compare';
  const rows = [{ ip: '10.1.0.11' }];
  await lab.refuse('invalid_input', 'POST', path, { rows, space: 'default', network: 'Web' });
  await lab.refuse('not_found', 'POST', path, { rows, space: 'nowhere' });
  await lab.refuse('not_found', 'POST', path, { rows, network: 'nowhere' });
});

test('a viewer may compare; nothing is written', async () => {
  await lab.sql(
    `INSERT INTO api_tokens (name, role, hash) VALUES ('guest', 'viewer', sha256('wb_guest'::bytea))`,
  );
  await using book = await openBook(lab.controller.databaseUrl);
  const before = await book.digests();
  const answer = await lab.controller.call(
    'POST',
    '/api/v1/compare',
    { rows: [{ ip: '10.1.0.11' }] },
    { authorization: 'Bearer wb_guest' },
  );
  expect(answer.status).toBe(200);
  expect(await book.digests()).toEqual(before);
});

test('of very many differences all are counted and the first of each kind told; the order is that of the list', async () => {
  const rows = Array.from({ length: 3000 }, (_, index) => ({
    ip: `10.77.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  }));
  const answer = await compare(rows);
  expect(answer).toMatchObject({ complete: false, counts: { rows: 3000, ghost: 3000, agreeing: 0 } });
  expect(answer.items.map(({ ip }) => ip)).toEqual(rows.slice(0, 1000).map(({ ip }) => ip));
});

test('the words follow the language of the reader', async () => {
  const { body } = await lab.controller.call<Comparison>(
    'POST',
    '/api/v1/compare',
    { rows: [{ ip: '10.1.0.40' }] },
    { 'accept-language': 'zh' },
  );
  expect(body.items[0]?.text).toBe('清单中有它，但没有在任何地方见到，也没有登记给任何人。');
});
