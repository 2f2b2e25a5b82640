import type { ImportedNetwork, ImportedNetworks, ProblemBody } from '@wirebook/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openBook } from '../support/book.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** `web` and `twin` have VLAN 20, `db` 40, `VM Network` 10; `untagged` is a standard group whose VLAN differs by host. */
let lab: EstateController;
beforeAll(async () => {
  const estate = labEstate([
    machine('web-1', [['web', '10.1.0.11/24']]),
    machine('twin-1', [['twin', '10.1.0.12/24', '10.2.0.12/24']]),
    machine('twin-2', [['twin', '10.1.0.13/24']]),
    machine('db-1', [['db', '10.4.0.14/24']]),
    machine('vm-1', [['VM Network', '10.5.0.15/24']]),
  ]);
  const hosts = estate.datacenters[0]?.clusters[0]?.hosts ?? [];
  for (const [index, host] of hosts.entries())
    host.standardSwitches.push({
      name: 'vSwitch7',
      mtu: 1500,
      uplinks: [],
      portGroups: [{ name: 'patchwork', vlanId: index * 70 }],
    });
  lab = await startEstateController(estate);
});
afterAll(() => lab[Symbol.asyncDispose]());
// Each test begins without networks: whatever claims they had are Tools' own.
beforeEach(async () => {
  for (const { id } of await lab.sql<{ id: string }>('SELECT id FROM networks'))
    await lab.controller.call('DELETE', `/api/v1/networks/${id}`);
});

const PATH = '/api/v1/imports/networks';
type Row = Record<string, string | number>;
/** A row for the whole of `BASE.0/24`. */
function subnet(base: string, more: Row = {}): Row {
  return { name: base, start: `${base}.1`, end: `${base}.254`, prefix: 24, vlan: 20, ...more };
}
function numbered(rows: readonly Row[]): Row[] {
  return rows.map((row, index) => ({ line: index + 2, ...row }));
}
async function send(
  rows: readonly Row[],
  options: { dryRun?: boolean; [field: string]: unknown } = {},
): Promise<ImportedNetworks> {
  const { dryRun = false, ...more } = options;
  const answer = await lab.controller.call<ImportedNetworks>(
    'POST',
    `${PATH}${dryRun ? '?dryRun=true' : ''}`,
    { rows: numbered(rows), ...more },
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const refuse = (rows: readonly Row[], more: object = {}): Promise<ProblemBody> =>
  lab.refuse('import_refused', 'POST', PATH, { rows: numbered(rows), ...more });
const told = (problem: ProblemBody): string[] =>
  (problem.errors ?? []).map(
    ({ line, field, value, message }) =>
      `${line} ${field.replace(/^rows\[\d+\]\./, '')} ${String(value)}: ${message}`,
  );
const networkNames = async (): Promise<string[]> =>
  (await lab.sql<{ name: string }>('SELECT name FROM networks ORDER BY name')).map((row) => row.name);
const outcomes = (answer: ImportedNetworks): string[] => answer.items.map((item) => item.outcome);
async function one(row: Row, options: object = {}): Promise<ImportedNetwork> {
  const { items } = await send([row], { dryRun: true, ...options });
  const [item] = items;
  if (item === undefined) throw new Error('there is no item for the row');
  return item;
}

describe('the wire of a row', () => {
  test('is the one of its VLAN id; the network is given out from as a whole, and the NICs in it get their records', async () => {
    const answer = await send([
      subnet('10.4.0', { vlan: '40', gateway: '10.4.0.1', dns: '10.4.0.53; 10.4.0.54', name: 'db net' }),
    ]);
    expect(answer).toMatchObject({
      dryRun: false,
      refused: false,
      counts: { created: 1, updated: 0, unchanged: 0, differs: 0, unfit: 0, refused: 0 },
      settles: 1,
      items: [
        {
          line: 2,
          name: 'db net',
          outcome: 'created',
          wire: { name: 'db' },
          tie: false,
          settles: 1,
          text: null,
          fits: [{ wire: { name: 'db' }, nics: 1 }],
        },
      ],
    });
    expect(await lab.network('db net')).toMatchObject({
      wire: { name: 'db' },
      start: '10.4.0.1',
      end: '10.4.0.254',
      giving: [{ start: '10.4.0.1', end: '10.4.0.254' }],
      gateway: '10.4.0.1',
      dns: ['10.4.0.53', '10.4.0.54'],
    });
    expect(await lab.records('db-1')).toEqual(['10.4.0.14']);
  });

  test('is, of several with the VLAN, the one whose NICs use the range most', async () => {
    const item = await one(subnet('10.1.0'));
    expect(item).toMatchObject({
      wire: { name: 'twin' },
      tie: false,
      fits: [
        { wire: { name: 'twin' }, nics: 2 },
        { wire: { name: 'web' }, nics: 1 },
      ],
    });
    expect(item.text).toContain('twin ×2, web ×1');
  });

  test('is the first by name where none is used more, and the report says so', async () => {
    const item = await one(subnet('10.9.0'));
    expect(item).toMatchObject({ wire: { name: 'twin' }, tie: true });
    expect(item.text).toBe(
      'Several wires fit and none is used more than the others (twin ×0, web ×0); "twin" was taken by its name.',
    );
  });

  test('that nobody uses while others use the range is taken, and the report asks whether the VLAN is right', async () => {
    const item = await one(subnet('10.5.0', { vlan: 40 }));
    expect(item).toMatchObject({ outcome: 'created', wire: { name: 'db' } });
    expect(item.text).toBe(
      'No NIC of "db" has an address of the range; those that have are on: VM Network (VLAN 10) ×1. Is the VLAN the right one?',
    );
  });

  test('is looked for on the switch that is named, by name or id', async () => {
    expect(await one(subnet('10.5.0', { vlan: 10, switch: 'vSwitch0' }))).toMatchObject({
      wire: { name: 'VM Network' },
    });
    const [dvs] = await lab.sql<{ id: string }>(`SELECT id FROM virtual_switches WHERE name = 'dvs-lab'`);
    expect(await one(subnet('10.4.0', { vlan: 40, switch: dvs?.id ?? '' }))).toMatchObject({
      wire: { name: 'db' },
    });
  });

  test('of a standard group is found by the VLAN that it has on any of its hosts; 0 and nothing are no tag', async () => {
    for (const vlan of ['0', '', 0, '70'])
      expect(await one(subnet('10.9.0', { vlan, switch: 'vSwitch7' }))).toMatchObject({
        outcome: 'created',
        wire: { name: 'patchwork' },
      });
  });

  test('is looked for in the space and the account that are named alone', async () => {
    await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'branch' });
    expect(await one(subnet('10.4.0', { vlan: 40 }), { space: 'branch' })).toMatchObject({
      outcome: 'unfit',
    });
    expect(await one(subnet('10.4.0', { vlan: 40 }), { account: lab.account })).toMatchObject({
      outcome: 'created',
    });
    await lab.refuse('not_found', 'POST', PATH, { rows: [subnet('10.4.0')], account: 'nowhere' });
  });
});

test('rows of one range go to the spaces of their wires: each space has its own', async () => {
  await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'site' });
  const moved = await lab.controller.call('PATCH', '/api/v1/wires/spare', { space: 'site' });
  expect(moved.status).toBe(200);
  const rows = [subnet('10.4.0', { vlan: 40, name: 'here' }), subnet('10.4.0', { vlan: 50, name: 'there' })];
  expect(outcomes(await send(rows))).toEqual(['created', 'created']);
  expect(await lab.network('here')).toMatchObject({ space: { name: 'default' }, counts: { used: 1 } });
  expect(await lab.network('there')).toMatchObject({ space: { name: 'site' }, counts: { used: 0 } });
  expect(outcomes(await send(rows))).toEqual(['unchanged', 'unchanged']);
  expect(told(await refuse([...rows, { ...rows[1], name: 'twice' }]))).toEqual([
    '4 start 10.4.0.1: The range overlaps that of line 3 (10.4.0.1 to 10.4.0.254).',
  ]);
});

describe('a row that fits no wire', () => {
  const rows = [subnet('10.4.0', { vlan: 40, name: 'db' }), subnet('10.1.0', { vlan: 999, name: "o'web" })];

  test('refuses the whole import: nothing of it is there afterwards', async () => {
    await using book = await openBook(lab.controller.databaseUrl);
    const before = await book.digests();
    const problem = await refuse(rows);
    expect(problem.detail).toBe('One row was refused; nothing was imported.');
    expect(problem.remedy).toContain('--skip-unfit');
    expect(await book.digests()).toEqual(before);
  });

  test('is told with its line, what was looked for, and the wires whose NICs use the range with the VLAN that they have', async () => {
    const [line = ''] = told(await refuse(rows));
    const [web] = await lab.sql<{ id: string }>(`SELECT id FROM wires WHERE name = 'twin'`);
    expect(line).toBe(
      '3 vlan 999: No wire has the VLAN 999, but NICs with addresses of the range are on: twin (VLAN 20) ×2, web (VLAN 20) ×1. ' +
        'Write the VLAN of the one that is meant, or make the network by hand: ' +
        `wirebook network create 'o'\\''web' --wire ${web?.id} --start 10.1.0.1 --end 10.1.0.254 --prefix 24`,
    );
  });

  test('names the switches that have the VLAN, where it named another', async () => {
    expect(await one(subnet('10.9.0', { switch: 'vSwitch0' }))).toMatchObject({
      outcome: 'unfit',
      text: 'The VLAN 20 is not on the switch "vSwitch0", but on: dvs-lab. Write one of these, or leave the switch out.',
    });
    expect((await one(subnet('10.9.0', { switch: 'nowhere', vlan: 999 }))).text).toContain(
      'No wire has the VLAN 999 on the switch "nowhere".',
    );
  });

  test('is a line of the report in a dry run, which changes nothing', async () => {
    const answer = await send(rows, { dryRun: true });
    expect(answer).toMatchObject({ dryRun: true, refused: true, settles: 1 });
    expect(outcomes(answer)).toEqual(['created', 'unfit']);
    expect(await networkNames()).toEqual([]);
  });

  test('is left out where that is asked for, and the others are imported', async () => {
    const answer = await send(rows, { skipUnfit: true });
    expect(answer).toMatchObject({ refused: false, counts: { created: 1, unfit: 1 } });
    expect(outcomes(answer)).toEqual(['created', 'unfit']);
    expect(await networkNames()).toEqual(['db']);
  });

  test('is left out, but what is wrong with another row still refuses all', async () => {
    const problem = await refuse([...rows, subnet('10.9.0', { vlan: 'trunk' })], { skipUnfit: true });
    expect(told(problem).map((line) => line.slice(0, 12))).toEqual(['4 vlan trunk']);
    expect(problem.remedy).not.toContain('--skip-unfit');
  });
});

describe('an import that is repeated', () => {
  const book = [
    subnet('10.4.0', { vlan: 40, gateway: '10.4.0.1', dns: '10.4.0.53' }),
    subnet('10.1.0', { gateway: '10.1.0.1' }),
  ];

  test('changes nothing', async () => {
    await send(book);
    await using beside = await openBook(lab.controller.databaseUrl);
    const before = await beside.digests();
    const events = await lab.sql('SELECT id FROM events');
    const again = await send(book);
    expect(outcomes(again)).toEqual(['unchanged', 'unchanged']);
    expect(again).toMatchObject({ settles: 0, ends: 0, counts: { unchanged: 2 } });
    expect(await beside.digests()).toEqual(before);
    expect(await lab.sql('SELECT id FROM events')).toEqual(events);
  });

  test('says what differs and leaves what a person declared', async () => {
    await send(book);
    const again = await send([
      subnet('10.4.0', { vlan: 40, gateway: '10.4.0.2', dns: '10.4.0.54', name: 'other' }),
      subnet('10.1.0', { vlan: 10 }),
    ]);
    expect(again.items.map(({ outcome, differences }) => ({ outcome, differences }))).toEqual([
      {
        outcome: 'differs',
        differences: [
          { field: 'name', listed: 'other', stands: '10.4.0' },
          { field: 'gateway', listed: '10.4.0.2', stands: '10.4.0.1' },
          { field: 'dns', listed: '10.4.0.54', stands: '10.4.0.53' },
        ],
      },
      { outcome: 'differs', differences: [{ field: 'vlan', listed: '10', stands: 'twin' }] },
    ]);
    expect(again.items[0]?.text).toContain('The file says gateway 10.4.0.2; 10.4.0.1 is declared and stays.');
    expect(await lab.network('10.4.0')).toMatchObject({ gateway: '10.4.0.1', dns: ['10.4.0.53'] });
  });

  test('fills in what nobody had set', async () => {
    await lab.createNetwork({ name: '10.4.0', wire: 'db', cidr: '10.4.0.0/24' });
    const again = await send(book);
    expect(outcomes(again)).toEqual(['updated', 'created']);
    expect(again.items[0]?.text).toBe('Filled in, since nothing was set: gateway, dns.');
    expect(await lab.network('10.4.0')).toMatchObject({ gateway: '10.4.0.1', dns: ['10.4.0.53'] });
    expect(outcomes(await send(book))).toEqual(['unchanged', 'unchanged']);
  });

  test('knows a network whose VLAN fits no wire any more, and does not take it for unfit', async () => {
    await lab.createNetwork({ name: '10.4.0', wire: 'db', cidr: '10.4.0.0/24' });
    expect(await one(subnet('10.4.0', { vlan: 999 }))).toMatchObject({
      outcome: 'differs',
      differences: [{ field: 'vlan', listed: '999', stands: 'db' }],
    });
  });
});

describe('what is wrong with rows', () => {
  test.each<[string, Row, string]>([
    ['a range of VLANs', { vlan: '100-199' }, '2 vlan 100-199: A trunk carries many VLANs'],
    ['a trunk', { vlan: 'trunk' }, '2 vlan trunk: A trunk carries many VLANs'],
    ['all VLANs', { vlan: '4095' }, '2 vlan 4095: A trunk carries many VLANs'],
    ['no VLAN id', { vlan: 'web' }, '2 vlan web: Not a VLAN id'],
    ['a VLAN id beyond all', { vlan: 5000 }, '2 vlan 5000: Not a VLAN id'],
    ['no name', { name: ' ' }, '2 name : Must not be empty.'],
    ['a name that is too long', { name: 'x'.repeat(200) }, 'Not in the form'],
    ['no start', { start: '' }, '2 start : Must not be empty.'],
    ['no address', { end: '10.9.0' }, '2 end 10.9.0: Not an IPv4 or IPv6 address.'],
    ['a range the wrong way round', { start: '10.9.0.9', end: '10.9.0.2' }, 'The start comes after the end.'],
    ['a range outside its prefix', { end: '10.9.1.9' }, '2 end 10.9.1.9: The range 10.9.0.1 to 10.9.1.9'],
    ['a gateway outside the prefix', { gateway: '10.8.0.1' }, '2 gateway 10.8.0.1: It does not lie in'],
    ['no gateway', { gateway: 'none' }, '2 gateway none: Not an IPv4 or IPv6 address.'],
    ['no name server', { dns: '10.9.0.53 x' }, '2 dns 10.9.0.53 x: Not an IPv4 or IPv6 address.'],
    ['too many name servers', { dns: '10.9.0.53 '.repeat(9) }, 'At most 8 taken.'],
    ['no prefix length', { prefix: 'C' }, '2 prefix C: Neither a prefix length such as 24 nor a mask'],
    ['a prefix length of 0', { prefix: 0 }, '2 prefix 0: The prefix length 0'],
    ['a prefix length of IPv6', { prefix: 64 }, '2 prefix 64: An IPv4 prefix has at most 32 bits.'],
    ['no mask', { prefix: '255.0.255.0' }, '2 prefix 255.0.255.0: Neither'],
  ])('%s is told by line, column and value', async (_what, more, expected) => {
    const lines = told(await refuse([subnet('10.9.0', more)]));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(expected);
    expect(await one(subnet('10.9.0', more))).toMatchObject({ outcome: 'refused', line: 2 });
  });

  test('a mask is taken for its prefix length, and IPv6 as well', async () => {
    const answer = await send([
      subnet('10.9.0', { prefix: '255.255.255.0' }),
      {
        name: 'six',
        start: '2001:db8::10',
        end: '2001:DB8::ff',
        prefix: '/64',
        gateway: 'fe80::1',
        vlan: 40,
      },
    ]);
    expect(outcomes(answer)).toEqual(['created', 'created']);
    expect(await lab.network('six')).toMatchObject({ family: 6, cidr: '2001:db8::/64', gateway: 'fe80::1' });
  });

  test('an overlap with a network that stands names it; one inside the file names the line', async () => {
    const { network } = await lab.createNetwork({ name: 'there', wire: 'db', cidr: '10.9.0.0/25' });
    const lines = told(
      await refuse([
        subnet('10.9.0'),
        subnet('10.8.0'),
        subnet('10.8.0', { name: 'again' }),
        subnet('10.7.0'),
        subnet('10.6.0', { name: '10.7.0' }),
        subnet('10.3.0', { name: 'there' }),
      ]),
    );
    expect(lines).toEqual([
      `2 start 10.9.0.1: The range overlaps the network "there" (10.9.0.1 to 10.9.0.126) of the address space "default". wirebook network show ${network.id}`,
      '4 start 10.8.0.1: The range overlaps that of line 3 (10.8.0.1 to 10.8.0.254).',
      '6 name 10.7.0: Line 5 has the same name.',
      `7 name there: Another network of the address space "default" has this name: 10.9.0.1 to 10.9.0.126. wirebook network show ${network.id}`,
    ]);
  });

  test('one range over and over is refused line by line, whatever stands in it already', async () => {
    await lab.createNetwork({ name: 'there', wire: 'db', cidr: '10.9.0.0/25' });
    const large = { start: '10.0.0.1', end: '10.255.255.254', prefix: 8 };
    const rows = ['a', 'b', 'c'].map((name) => subnet('10.9.0', { ...large, name }));
    const lines = told(await refuse(rows));
    expect(lines.map((line) => line.slice(0, 40))).toEqual([
      '2 start 10.0.0.1: The range overlaps the',
      '3 start 10.0.0.1: The range overlaps the',
      '4 start 10.0.0.1: The range overlaps the',
    ]);
    expect(outcomes(await send(rows, { dryRun: true }))).toEqual(['refused', 'refused', 'refused']);
  });

  test('everything is told at once, and the rows are counted, not the complaints', async () => {
    const problem = await refuse([
      subnet('10.9.0', { vlan: 'x', prefix: 'y' }),
      subnet('10.8.0', { vlan: 999 }),
      subnet('10.7.0'),
    ]);
    expect(problem.detail).toBe('2 rows were refused; nothing was imported.');
    expect(told(problem)).toHaveLength(3);
  });

  test('more rows than a book has are refused as a whole', async () => {
    const rows = Array.from({ length: 5001 }, () => subnet('10.9.0'));
    expect((await lab.refuse('invalid_input', 'POST', PATH, { rows })).errors).toMatchObject([
      { field: 'rows' },
    ]);
  });
});

test('the trail names each network that was made, and the import', async () => {
  const before = await lab.sql<{ id: string }>('SELECT id FROM events ORDER BY id DESC LIMIT 1');
  await send([subnet('10.4.0', { vlan: 40 })]);
  const events = await lab.sql(
    `SELECT actor, action, object_kind, object_name, after FROM events WHERE id > $1 ORDER BY id`,
    [before[0]?.id ?? '00000000-0000-0000-0000-000000000000'],
  );
  expect(events).toMatchObject([
    {
      actor: 'administrator',
      action: 'create',
      object_kind: 'network',
      object_name: '10.4.0',
      after: { wire: { name: 'db' }, start: '10.4.0.1', cidr: '10.4.0.0/24' },
    },
    { action: 'import', object_kind: 'networks', after: { created: 1, updated: 0 } },
  ]);
});
