import type { List, NetworkAddress, ProblemBody } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';
import { hold, reserve, restFrom } from '../support/address-facts.ts';

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
      machine('six', [['web', '2001:db8:1::5/64']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

const path = (name: string, query = ''): string =>
  `/api/v1/networks/${encodeURIComponent(name)}/addresses${query}`;

async function page(
  name: string,
  query: Record<string, string | number> = {},
): Promise<List<NetworkAddress>> {
  const text = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  const answer = await lab.controller.call<List<NetworkAddress>>('GET', path(name, `?${text.toString()}`));
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
/** Every item, page by page. */
async function all(name: string, query: Record<string, string | number> = {}): Promise<NetworkAddress[]> {
  const items: NetworkAddress[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer: List<NetworkAddress> = await page(name, { ...query, ...(cursor !== '' && { cursor }) });
    expect(answer.items.length).toBeLessThanOrEqual(Number(query['limit'] ?? 50));
    expect(answer.total).toBeNull();
    items.push(...answer.items);
    cursor = answer.nextCursor;
  }
  return items;
}
const told = (items: readonly NetworkAddress[]): string[] =>
  items.map((item) =>
    item.start === item.end ? `${item.start} ${item.state}` : `${item.start}-${item.end} ${item.state}`,
  );

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
    '10.1.0.200-10.1.0.254 not_given',
    '10.1.0.255 gateway',
  ];

  test('lists each address in its state, and neighbours with nothing to tell as one item', async () => {
    const items = await all(name);
    expect(told(items)).toEqual(whole);
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
    expect(items.get('10.1.0.255')?.evidence).toBe('Broadcast address of "everything".');
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
      path(name, '?from=10.1.0.21&limit=1'),
      undefined,
      { 'accept-language': 'zh-CN' },
    );
    expect(body.items[0]?.evidence).toBe('为 vCenter 之外的持有者 Printer 4 登记。备注：second floor');
  });

  test('begins where it is told to, in the middle of a run too', async () => {
    expect(told((await page(name, { from: '10.1.0.5', limit: 2 })).items)).toEqual([
      '10.1.0.5-10.1.0.10 free',
      '10.1.0.11 used',
    ]);
    expect(told(await all(name, { from: '10.1.0.5', limit: 2 }))).toEqual([
      '10.1.0.5-10.1.0.10 free',
      ...whole.slice(2),
    ]);
    expect(told(await all(name, { from: '::ffff:10.1.0.255' }))).toEqual(['10.1.0.255 gateway']);
    expect(told(await all(name, { from: '10.0.0.0' }))).toEqual(whole);
    expect(await page(name, { from: '10.1.1.0' })).toEqual({ items: [], nextCursor: null, total: null });
    expect(told(await all(name, { from: '10.1.0.100', state: 'dhcp' }))).toEqual([
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

describe('what is over', () => {
  test('a hold whose time is over rests, and an expired reservation is gone, before anybody has tidied up', async () => {
    await lab.createNetwork({ name: 'over', wire: 'web', cidr: '10.20.0.0/29' });
    const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
    await hold(lab, 'over', { ip: '10.20.0.1', source: 'allocated', expiresAt: ago(60) });
    await hold(lab, 'over', { ip: '10.20.0.2', source: 'allocated', expiresAt: ago(4000) });
    await reserve(lab, 'over', { start: '10.20.0.4', end: '10.20.0.5', expiresAt: ago(1) });
    const whole = ['10.20.0.1 resting', '10.20.0.2-10.20.0.6 free'];
    expect(told(await all('over'))).toEqual(whole);
    expect(told(await all('over', { state: 'resting' }))).toEqual(whole.slice(0, 1));
    expect(told(await all('over', { state: 'held' }))).toEqual([]);
    expect((await lab.network('over')).counts).toEqual({
      total: 6,
      used: 0,
      reserved: 0,
      resting: 1,
      seen: 0,
      free: 5,
    });
    const { body } = await lab.controller.call('GET', '/api/v1/addresses/10.20.0.1');
    expect(body).toMatchObject({ state: 'resting', key: null, history: [{ ended: 'expired' }] });
  });

  test('addresses let go of together are one item, and none once the network lets nothing rest', async () => {
    await lab.createNetwork({ name: 'rest', wire: 'web', cidr: '10.21.0.0/24' });
    await restFrom(
      lab,
      'rest',
      Array.from({ length: 200 }, (_, index) => `10.21.0.${index + 10}`),
    );
    expect(told(await all('rest', { limit: 3 }))).toEqual([
      '10.21.0.1-10.21.0.9 free',
      '10.21.0.10-10.21.0.209 resting',
      '10.21.0.210-10.21.0.254 free',
    ]);
    expect(told(await all('rest', { limit: 1, state: 'resting' }))).toEqual([
      '10.21.0.10-10.21.0.209 resting',
    ]);
    await lab.controller.call('PATCH', '/api/v1/networks/rest', { restingSeconds: 0 });
    expect(told(await all('rest'))).toEqual(['10.21.0.1-10.21.0.254 free']);
  });
});

describe('small and vast ones', () => {
  test.each([
    ['10.22.0.0/30', ['10.22.0.1-10.22.0.2 free']],
    ['10.22.0.4/31', ['10.22.0.4-10.22.0.5 free']],
    ['10.22.0.6/32', ['10.22.0.6 free']],
    ['2001:db8:22::/127', ['2001:db8:22::-2001:db8:22::1 free']],
  ])('%s', async (cidr, expected) => {
    await lab.createNetwork({ name: cidr, wire: 'web', cidr });
    expect(told(await all(cidr))).toEqual(expected);
  });

  test('a /64 with a handful of addresses is a handful of items', async () => {
    await lab.createNetwork({
      name: 'vast',
      wire: 'web',
      cidr: '2001:db8:1::/64',
      gateway: '2001:db8:1::1',
    });
    await hold(lab, 'vast', { ip: '2001:db8:1:0:ffff::1', source: 'allocated' });
    await reserve(lab, 'vast', { start: '2001:db8:1::1000', end: '2001:db8:1::ffff:ffff' });
    const expected = [
      '2001:db8:1::1 gateway',
      '2001:db8:1::2-2001:db8:1::4 free',
      '2001:db8:1::5 used',
      '2001:db8:1::6-2001:db8:1::fff free',
      '2001:db8:1::1000-2001:db8:1::ffff:ffff reserved',
      '2001:db8:1::1:0:0-2001:db8:1:0:ffff:: free',
      '2001:db8:1:0:ffff::1 held',
      '2001:db8:1:0:ffff::2-2001:db8:1:0:ffff:ffff:ffff:ffff free',
    ];
    for (const limit of [1, 3, 500]) expect(told(await all('vast', { limit }))).toEqual(expected);
    const { counts } = await lab.network('vast');
    expect(counts).toMatchObject({ used: 2, seen: 0, resting: 0, reserved: 0xffff_f000 });
    expect(counts.free).toBeCloseTo(2 ** 64 - 2 ** 32, -4);
  });

  test('a /8 with thousands of claims lists each, whatever the page holds, and finds the free between them', async () => {
    await lab.createNetwork({ name: 'wide', wire: 'web', cidr: '11.0.0.0/8' });
    await lab.sql(
      `INSERT INTO claims (space_id, ip, network_id, source, started_at)
       SELECT n.space_id, inet '11.0.0.0' + i + i / 1000 * 100, n.id, 'allocated', now()
       FROM networks n, generate_series(1, 6000) i WHERE n.name = 'wide'`,
    );
    const items = await all('wide', { limit: 500 });
    expect(items.filter((item) => item.state === 'held')).toHaveLength(6000);
    expect(items.reduce((sum, item) => sum + item.count, 0)).toBe(2 ** 24 - 2);
    const free = await all('wide', { state: 'free', limit: 4 });
    expect(free).toEqual(items.filter((item) => item.state === 'free'));
    expect(free).toHaveLength(7);
    expect((await lab.network('wide')).counts).toMatchObject({ used: 6000, free: 2 ** 24 - 2 - 6000 });
  });

  test('an address that thousands report is one item', async () => {
    await lab.createNetwork({ name: 'bridges', wire: 'web', cidr: '172.17.0.0/16' });
    await lab.sql(
      `INSERT INTO sightings (space_id, account_id, server_id, ip, interface, candidate, first_seen_at)
       SELECT n.space_id, s.account_id, s.id, '172.17.0.1', 'docker0', false, now()
       FROM networks n, servers s, generate_series(1, 2000) WHERE n.name = 'bridges' AND s.name = 'web-1'`,
    );
    const [bridge, ...rest] = await all('bridges', { limit: 1 });
    expect(bridge).toMatchObject({ start: '172.17.0.1', state: 'seen', server: { name: 'web-1' } });
    expect(bridge?.evidence).toMatch(/^Reported 2000 times, first by web-1 \(docker0\) since /);
    expect(told(rest)).toEqual(['172.17.0.2-172.17.255.254 free']);
  });
});

describe('addresses that several have', () => {
  test('one item names them all', async () => {
    await lab.createNetwork({ name: 'shared', wire: 'web', cidr: '10.23.0.0/29' });
    await lab.sql(`INSERT INTO shared_addresses (space_id, ip)
      SELECT space_id, a.ip FROM networks, (VALUES (inet '10.23.0.2'), ('10.23.0.5')) a(ip) WHERE name = 'shared'`);
    await lab.sql(`INSERT INTO claims (space_id, ip, network_id, account_id, server_id, nic_id, mac, source, shared, server_name, started_at)
      SELECT n.space_id, '10.23.0.2', n.id, k.account_id, k.server_id, k.id, k.mac, 'manual', true, s.name, now()
      FROM networks n, servers s JOIN nics k ON k.server_id = s.id WHERE n.name = 'shared' AND s.name IN ('web-1', 'web-2')`);
    const items = await all('shared', { limit: 1 });
    expect(told(items)).toEqual([
      '10.23.0.1 free',
      '10.23.0.2 used',
      '10.23.0.3-10.23.0.4 free',
      '10.23.0.5 seen',
      '10.23.0.6 free',
    ]);
    expect(items[1]?.evidence).toMatch(/^2 have it on purpose: web-[12], web-[12]\.$/);
    expect(items[3]?.evidence).toBe('Declared as an address that several NICs have; none has it now.');
    expect((await lab.network('shared')).counts).toEqual({
      total: 6,
      used: 1,
      reserved: 0,
      resting: 0,
      seen: 1,
      free: 4,
    });
  });
});

describe('requests that can not be answered', () => {
  const refuse = (query: string): Promise<ProblemBody> =>
    lab.refuse('invalid_input', 'GET', path('everything', query));

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
    await lab.refuse('not_found', 'GET', path('nothing of the kind'));
  });
});
