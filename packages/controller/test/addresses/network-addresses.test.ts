import type { List, NetworkAddress, ProblemBody } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import {
  addressesPath,
  allAddresses,
  hold,
  pageOfAddresses,
  reserve,
  restFrom,
  tellAddresses,
} from '../support/address-facts.ts';

/** The list of a network's addresses, over what really is in the database. Each test has a network of its own. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('web-2', [['web', '10.1.0.12/24']]),
      machine('twin-1', [['web', '10.1.0.12/24']]),
      machine('stray', [['db', '10.1.0.30/24', '10.1.0.41/24']]),
      machine('silent', [['web', '10.1.0.13/24']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

type Query = Record<string, string | number>;
const all = (name: string, query: Query = {}): Promise<NetworkAddress[]> => allAddresses(lab, name, query);

describe('a network with something of everything', () => {
  const name = 'everything';
  beforeAll(async () => {
    await lab.createNetwork({
      name,
      wire: 'web',
      start: '10.1.0.1',
      end: '10.1.0.255',
      prefixLength: 24,
      gateway: '10.1.0.1',
      dns: ['10.1.0.53'],
      giving: [{ start: '10.1.0.1', end: '10.1.0.199' }],
    });
    // What is reported there is seen, and no record comes of it.
    await lab.controller.call('PUT', `/api/v1/networks/${name}/excluded-wires`, { wires: ['db'] });
    await lab.sql('DELETE FROM claims WHERE ended_at IS NOT NULL');
    await lab.sql('DELETE FROM freed_addresses');
    await hold(lab, name, { ip: '10.1.0.20', source: 'allocated' });
    await hold(lab, name, {
      ip: '10.1.0.21',
      source: 'manual',
      key: 'printer',
      holder: { name: 'Printer 4', owner: 'office', mac: null, note: 'second floor' },
    });
    await hold(lab, name, { ip: '10.1.0.22', source: 'allocated', expiresAt: '2099-01-01T00:00:00.000Z' });
    await hold(lab, name, { ip: '10.1.0.100', source: 'allocated' });
    await reserve(lab, name, { start: '10.1.0.40', end: '10.1.0.49', note: 'for the load balancer' });
    await reserve(lab, name, { start: '10.1.0.50', end: '10.1.0.51' });
    await reserve(lab, name, { start: '10.1.0.90', end: '10.1.0.110', kind: 'dhcp' });
    await reserve(lab, name, { start: '10.1.0.250', end: '10.1.0.255' });
    await restFrom(lab, name, ['10.1.0.60', '10.1.0.61', '10.1.0.62', '10.1.0.45']);
    await lab.simulator.setToolsStatus('silent', 'notRunning');
    await lab.sync();
  });

  const whole = [
    '10.1.0.1 gateway',
    '10.1.0.2-10.1.0.10 free',
    '10.1.0.11 used',
    '10.1.0.12 conflict',
    '10.1.0.13 used',
    '10.1.0.14-10.1.0.19 free',
    '10.1.0.20 held',
    '10.1.0.21 held',
    '10.1.0.22 held',
    '10.1.0.23-10.1.0.29 free',
    '10.1.0.30 seen',
    '10.1.0.31-10.1.0.39 free',
    '10.1.0.40 reserved',
    '10.1.0.41 reserved',
    '10.1.0.42-10.1.0.49 reserved',
    '10.1.0.50-10.1.0.51 reserved',
    '10.1.0.52 free',
    '10.1.0.53 seen',
    '10.1.0.54-10.1.0.59 free',
    '10.1.0.60-10.1.0.62 resting',
    '10.1.0.63-10.1.0.89 free',
    '10.1.0.90-10.1.0.99 dhcp',
    '10.1.0.100 held',
    '10.1.0.101-10.1.0.110 dhcp',
    '10.1.0.111-10.1.0.199 free',
    '10.1.0.200-10.1.0.249 not_given',
    '10.1.0.250-10.1.0.254 reserved',
    '10.1.0.255 gateway',
  ];

  test('lists each address in its state, and neighbours with nothing to tell as one item', async () => {
    const items = await all(name);
    expect(tellAddresses(items)).toEqual(whole);
    expect(items.reduce((sum, item) => sum + item.count, 0)).toBe(255);
  });

  test.each([1, 2, 3, 7, 26, 27, 500])('by pages of %i it is the same list', async (limit) => {
    expect(await all(name, { limit })).toEqual(await all(name));
  });

  test.each([
    'used',
    'held',
    'conflict',
    'gateway',
    'seen',
    'resting',
    'reserved',
    'dhcp',
    'free',
    'not_given',
    'used,free',
    'reserved,dhcp',
    'reserved,held',
    'seen,resting,gateway',
  ])('only %s: the items of the whole list that are that', async (state) => {
    const states = state.split(',');
    const expected = (await all(name)).filter((item) => states.includes(item.state));
    expect(expected.length).toBeGreaterThan(0);
    for (const limit of [1, 2, 50]) expect(await all(name, { state, limit })).toEqual(expected);
  });

  test('says who has each address, since when, and what says so', async () => {
    const items = new Map((await all(name)).map((item) => [item.start, item]));
    expect(items.get('10.1.0.11')).toMatchObject({
      server: { name: 'web-1' },
      nic: { mac: expect.any(String) },
      source: 'tools',
      since: expect.any(String),
      until: null,
      holder: null,
      evidence: expect.stringMatching(/^VMware Tools of web-1 report it since \d{4}-/),
    });
    expect(items.get('10.1.0.12')).toMatchObject({
      server: { name: 'web-2' },
      evidence: expect.stringMatching(
        /^web-2 has it, and twin-1 reports it too, since .*\. VMware Tools of web-2 report it since /,
      ),
    });
    expect(items.get('10.1.0.13')?.evidence).toMatch(/^VMware Tools of silent reported it last at \d{4}-/);
    expect(items.get('10.1.0.20')).toMatchObject({
      source: 'allocated',
      evidence: 'Given out by Wirebook; no NIC has shown it yet.',
    });
    expect(items.get('10.1.0.21')).toMatchObject({
      key: 'printer',
      holder: { name: 'Printer 4', owner: 'office' },
      source: 'manual',
      server: null,
      evidence: 'Entered for Printer 4, a holder outside vCenter. Note: second floor',
    });
    expect(items.get('10.1.0.22')).toMatchObject({ until: '2099-01-01T00:00:00.000Z' });
    expect(items.get('10.1.0.1')?.evidence).toBe('Gateway of the network "everything".');
    expect(items.get('10.1.0.255')?.evidence).toBe('Broadcast address of "everything". Reserved.');
    expect(items.get('10.1.0.53')?.evidence).toBe('DNS server of the network "everything".');
    expect(items.get('10.1.0.30')).toMatchObject({
      server: { name: 'stray' },
      evidence: expect.stringMatching(/^stray reports it \(.+\) since .*, and has no record of it\.$/),
    });
    expect(items.get('10.1.0.40')?.evidence).toBe('Reserved: for the load balancer');
    expect(items.get('10.1.0.41')?.evidence).toMatch(/^Reserved: for the load balancer stray reports it /);
    expect(items.get('10.1.0.50')?.evidence).toBe('Reserved.');
    expect(items.get('10.1.0.90')?.evidence).toBe('A DHCP server gives it out.');
    const resting = items.get('10.1.0.60');
    expect(resting?.evidence).toMatch(/^Let go of at .*; rests until /);
    expect(Date.parse(resting?.until ?? '') - Date.parse(resting?.since ?? '')).toBe(1_800_000);
    for (const start of ['10.1.0.2', '10.1.0.200'])
      expect(items.get(start)).toMatchObject({ evidence: null, server: null, since: null, until: null });
  });

  test('speaks Chinese to those who ask for it', async () => {
    const { body } = await lab.controller.call<List<NetworkAddress>>(
      'GET',
      addressesPath(name, '?from=10.1.0.21&limit=1'),
      undefined,
      { 'accept-language': 'zh-CN' },
    );
    expect(body.items[0]?.evidence).toBe('为 vCenter 之外的持有者 Printer 4 登记。备注：second floor');
  });

  test('begins where it is told to, in the middle of a run too', async () => {
    expect(tellAddresses((await pageOfAddresses(lab, name, { from: '10.1.0.5', limit: 2 })).items)).toEqual([
      '10.1.0.5-10.1.0.10 free',
      '10.1.0.11 used',
    ]);
    expect(tellAddresses(await all(name, { from: '10.1.0.5', limit: 2 }))).toEqual([
      '10.1.0.5-10.1.0.10 free',
      ...whole.slice(2),
    ]);
    expect(tellAddresses(await all(name, { from: '::ffff:10.1.0.255' }))).toEqual(['10.1.0.255 gateway']);
    expect(tellAddresses(await all(name, { from: '10.0.0.0' }))).toEqual(whole);
    expect(await pageOfAddresses(lab, name, { from: '10.1.1.0' })).toEqual({
      items: [],
      nextCursor: null,
      total: null,
    });
    expect(tellAddresses(await all(name, { from: '10.1.0.100', state: 'dhcp' }))).toEqual([
      '10.1.0.101-10.1.0.110 dhcp',
    ]);
  });

  test('counts what the list shows', async () => {
    const items = await all(name);
    const sum = (...states: string[]): number =>
      items.reduce((total, item) => total + (states.includes(item.state) ? item.count : 0), 0);
    expect((await lab.network(name)).counts).toEqual({
      total: 255,
      used: sum('used', 'held', 'conflict'),
      reserved: sum('reserved', 'dhcp'),
      resting: sum('resting'),
      seen: sum('seen'),
      free: sum('free', 'not_given'),
    });
  });

  test('each address by itself says the same', async () => {
    for (const item of await all(name)) {
      const answer = await lab.controller.call('GET', `/api/v1/addresses/${item.end}`);
      expect([item.end, answer.body['state']]).toEqual([item.end, item.state]);
    }
  });
});

describe('requests that can not be answered', () => {
  const refuse = (query: string): Promise<ProblemBody> =>
    lab.refuse('invalid_input', 'GET', addressesPath('everything', query));

  test('an unknown state, an address of the other family, no address, a foreign cursor', async () => {
    expect((await refuse('?state=used,busy')).errors).toMatchObject([
      { field: 'state', value: 'used,busy', message: expect.stringContaining('not_given') },
    ]);
    expect((await refuse('?from=2001:db8::1')).errors).toMatchObject([
      { field: 'from', message: expect.stringContaining('10.1.0.1') },
    ]);
    expect((await refuse('?from=nowhere')).errors).toMatchObject([{ field: 'from' }]);
    const other = Buffer.from(JSON.stringify(['ip', '10.1.0.9', 'x'])).toString('base64url');
    const six = Buffer.from(JSON.stringify(['network-address', '2001:db8::1'])).toString('base64url');
    for (const cursor of ['x', other, six])
      expect((await refuse(`?cursor=${cursor}`)).errors).toMatchObject([{ field: 'cursor', value: cursor }]);
    await lab.refuse('not_found', 'GET', addressesPath('nothing of the kind'));
  });
});
