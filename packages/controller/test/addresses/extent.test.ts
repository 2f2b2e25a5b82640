import type { NetworkAddress } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allAddresses, hold, reserve, restFrom, tellAddresses } from '../support/address-facts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Lists of addresses from the smallest network to the vastest, and what has just ended. Each test has a network of its own. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      machine('web-2', [['web', '10.1.0.12/24']]),
      machine('six', [['web', '2001:db8:1::5/64']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

type Query = Record<string, string | number>;
const all = (name: string, query: Query = {}): Promise<NetworkAddress[]> => allAddresses(lab, name, query);

describe('what is over', () => {
  test('a hold whose time is over rests, and an expired reservation is gone, before anybody has tidied up', async () => {
    await lab.createNetwork({ name: 'over', wire: 'web', cidr: '10.20.0.0/29' });
    const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
    await hold(lab, 'over', { ip: '10.20.0.1', source: 'allocated', expiresAt: ago(60) });
    await hold(lab, 'over', { ip: '10.20.0.2', source: 'allocated', expiresAt: ago(4000) });
    await reserve(lab, 'over', { start: '10.20.0.4', end: '10.20.0.5', expiresAt: ago(1) });
    const whole = ['10.20.0.1 resting', '10.20.0.2-10.20.0.6 free'];
    expect(tellAddresses(await all('over'))).toEqual(whole);
    expect(tellAddresses(await all('over', { state: 'resting' }))).toEqual(whole.slice(0, 1));
    expect(tellAddresses(await all('over', { state: 'held' }))).toEqual([]);
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
    expect(tellAddresses(await all('rest', { limit: 3 }))).toEqual([
      '10.21.0.1-10.21.0.9 free',
      '10.21.0.10-10.21.0.209 resting',
      '10.21.0.210-10.21.0.254 free',
    ]);
    expect(tellAddresses(await all('rest', { limit: 1, state: 'resting' }))).toEqual([
      '10.21.0.10-10.21.0.209 resting',
    ]);
    await lab.controller.call('PATCH', '/api/v1/networks/rest', { restingSeconds: 0 });
    expect(tellAddresses(await all('rest'))).toEqual(['10.21.0.1-10.21.0.254 free']);
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
    expect(tellAddresses(await all(cidr))).toEqual(expected);
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
    for (const limit of [1, 3, 500]) expect(tellAddresses(await all('vast', { limit }))).toEqual(expected);
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

  test('what is not claimed is found behind and between thousands of claims that lie side by side', async () => {
    await lab.createNetwork({ name: 'dense', wire: 'web', cidr: '12.0.0.0/16' });
    await lab.sql(
      `INSERT INTO claims (space_id, ip, network_id, source, started_at, expires_at)
       SELECT n.space_id, inet '12.0.0.0' + i, n.id, 'allocated', now() - interval '1 day',
         CASE i WHEN 900 THEN now() - interval '1 minute' WHEN 901 THEN now() - interval '1 hour' END
       FROM networks n, generate_series(1, 3000) i WHERE n.name = 'dense' AND i <> 2000`,
    );
    await lab.sql(
      `INSERT INTO sightings (space_id, account_id, server_id, ip, interface, candidate, first_seen_at)
       SELECT n.space_id, s.account_id, s.id, inet '12.0.0.0' + i, 'eth0', false, now()
       FROM networks n, servers s, generate_series(1, 3001) i WHERE n.name = 'dense' AND s.name = 'web-1' AND i <> 901`,
    );
    await reserve(lab, 'dense', { start: '12.0.1.0', end: '12.0.3.200' });
    const items = await all('dense', { limit: 500 });
    expect(items.filter((item) => item.state === 'held')).toHaveLength(2997);
    for (const states of [['free'], ['seen'], ['resting'], ['reserved'], ['free', 'seen', 'reserved']]) {
      const expected = items.filter((item) => states.includes(item.state));
      for (const limit of [1, 2, 500])
        expect(await all('dense', { state: states.join(','), limit })).toEqual(expected);
    }
    expect(tellAddresses(await all('dense', { state: 'free,seen,reserved' }))).toEqual([
      '12.0.3.132 reserved',
      '12.0.3.133 reserved',
      '12.0.7.208 seen',
      '12.0.11.185 seen',
      '12.0.11.186-12.0.255.254 free',
    ]);
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
    expect(tellAddresses(rest)).toEqual(['172.17.0.2-172.17.255.254 free']);
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
    expect(tellAddresses(items)).toEqual([
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
