import type { Address, List, TakenAddress } from '@wirebook/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hold } from '../support/address-facts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Addresses that somebody has, over all networks, and one address by itself. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24', '10.1.0.9/24']]),
      machine('web-2', [['web', '10.1.0.12/24']]),
      machine('rival', [['web', '10.1.0.12/24']]),
      machine('db-1', [['db', '10.2.0.11/24', '2001:db8:2::11/64']]),
    ]),
  );
  await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24' });
  await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/24' });
  await lab.createNetwork({ name: 'db six', wire: 'db', cidr: '2001:db8:2::/64' });
  await hold(lab, 'db', {
    ip: '10.2.0.20',
    source: 'manual',
    key: 'idrac-7',
    holder: { name: 'iDRAC 7', owner: 'Rack team', mac: '00:11:22:33:44:55', note: '' },
  });
  await hold(lab, 'db', { ip: '10.2.0.21', source: 'allocated', expiresAt: '2099-01-01T00:00:00.000Z' });
  await hold(lab, 'db', { ip: '10.2.0.22', source: 'allocated', expiresAt: '2026-01-01T00:00:00.000Z' });
});
afterAll(() => lab[Symbol.asyncDispose]());

async function list(query: Record<string, string> = {}): Promise<List<TakenAddress>> {
  const answer = await lab.controller.call<List<TakenAddress>>(
    'GET',
    `/api/v1/addresses?${new URLSearchParams(query).toString()}`,
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const ips = async (query: Record<string, string> = {}): Promise<string[]> =>
  (await list(query)).items.map((item) => item.ip);
const everything = [
  '10.1.0.9',
  '10.1.0.11',
  '10.1.0.12',
  '10.2.0.11',
  '10.2.0.20',
  '10.2.0.21',
  '2001:db8:2::11',
];

describe('the list of taken addresses', () => {
  test('has every live claim by address; a hold whose time is over is none', async () => {
    const { items, total, nextCursor } = await list();
    expect(items.map((item) => item.ip)).toEqual(everything);
    expect({ total, nextCursor }).toEqual({ total: 7, nextCursor: null });
    expect(items[1]).toMatchObject({
      space: { name: 'default' },
      network: { name: 'web' },
      state: 'used',
      server: { name: 'web-1' },
      nic: { mac: expect.any(String) },
      source: 'tools',
      holder: null,
      key: null,
      expiresAt: null,
    });
    expect(items[2]).toMatchObject({ state: 'conflict', server: { name: 'web-2' } });
    expect(items[4]).toMatchObject({
      state: 'held',
      server: null,
      nic: null,
      key: 'idrac-7',
      holder: { name: 'iDRAC 7', owner: 'Rack team', mac: '00:11:22:33:44:55' },
    });
    expect(items[5]).toMatchObject({ state: 'held', expiresAt: '2099-01-01T00:00:00.000Z' });
  });

  test('comes page by page, and by age', async () => {
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: List<TakenAddress> = await list({ limit: '2', ...(cursor !== '' && { cursor }) });
      found.push(...page.items.map((item) => item.ip));
      cursor = page.nextCursor;
    }
    expect(found).toEqual(everything);
    const ages = (await list({ sort: '-since' })).items.map((item) => item.since);
    expect(ages).toEqual(ages.toSorted().toReversed());
  });

  test('is filtered by everything it shows', async () => {
    const mac = (await lab.nics('web-1'))[0]?.mac ?? '';
    const network = await lab.network('db six');
    expect(await ips({ network: 'db' })).toEqual(['10.2.0.11', '10.2.0.20', '10.2.0.21']);
    expect(await ips({ network: network.id })).toEqual(['2001:db8:2::11']);
    expect(await ips({ server: 'db-1' })).toEqual(['10.2.0.11', '2001:db8:2::11']);
    expect(await ips({ space: 'default', source: 'manual' })).toEqual(['10.2.0.20']);
    expect(await ips({ ip: '2001:DB8:2:0::11' })).toEqual(['2001:db8:2::11']);
    expect(await ips({ mac: mac.toUpperCase().replaceAll(':', '-') })).toEqual(['10.1.0.9', '10.1.0.11']);
    expect(await ips({ mac: '0011.2233.4455' })).toEqual(['10.2.0.20']);
    expect(await ips({ key: 'idrac-7' })).toEqual(['10.2.0.20']);
    expect(await ips({ state: 'held' })).toEqual(['10.2.0.20', '10.2.0.21']);
    expect(await ips({ state: 'conflict' })).toEqual(['10.1.0.12']);
    expect(await ips({ state: 'used', network: 'web' })).toEqual(['10.1.0.9', '10.1.0.11']);
  });

  test('is searched by name, owner, key, address and MAC', async () => {
    expect(await ips({ q: 'WEB-1' })).toEqual(['10.1.0.9', '10.1.0.11']);
    expect(await ips({ q: 'drac' })).toEqual(['10.2.0.20']);
    expect(await ips({ q: 'rack team' })).toEqual(['10.2.0.20']);
    expect(await ips({ q: '10.2.0.11' })).toEqual(['10.2.0.11']);
    expect(await ips({ q: '00-11-22-33-44-55' })).toEqual(['10.2.0.20']);
    expect(await ips({ q: '%' })).toEqual([]);
  });

  test('refuses what is no address, no MAC, no network and no cursor', async () => {
    const path = (query: string): string => `/api/v1/addresses?${query}`;
    const field = async (query: string): Promise<string | undefined> =>
      (await lab.refuse('invalid_input', 'GET', path(query))).errors?.[0]?.field;
    expect(await field('ip=10.1')).toBe('ip');
    expect(await field('mac=web-1')).toBe('mac');
    expect(await field('sort=holder')).toBe('sort');
    expect(await field('cursor=nonsense')).toBe('cursor');
    expect(await field('state=free')).toBe('state');
    await lab.refuse('not_found', 'GET', path('network=nothing'));
  });
});

describe('one address', () => {
  const show = async (ip: string): Promise<Address> =>
    (await lab.controller.call<Address>('GET', `/api/v1/addresses/${ip}`)).body;

  test('says who has it, with what the holder is known by, and everyone before', async () => {
    expect(await show('10.2.0.20')).toMatchObject({
      state: 'held',
      network: { name: 'db' },
      key: 'idrac-7',
      holder: { name: 'iDRAC 7' },
      source: 'manual',
      server: null,
      nic: null,
      shared: false,
      expiresAt: null,
      seenOn: [],
      history: [{ key: 'idrac-7', holder: { name: 'iDRAC 7' }, to: null, ended: null }],
    });
    expect(await show('10.2.0.21')).toMatchObject({ expiresAt: '2099-01-01T00:00:00.000Z' });
    expect(await show('10.2.0.22')).toMatchObject({
      state: 'free',
      source: null,
      history: [{ to: '2026-01-01T00:00:00.000Z', ended: 'expired' }],
    });
  });

  test('says where it is seen, and since when', async () => {
    const { state, seenOn } = await show('10.1.0.12');
    expect(state).toBe('conflict');
    expect(seenOn.map((one) => [one.server.name, one.wire?.name])).toEqual([
      ['rival', 'web'],
      ['web-2', 'web'],
    ]);
    for (const one of seenOn) expect(Date.parse(one.since)).toBeLessThanOrEqual(Date.now());
  });

  test('that several have is shared, and its history has them all', async () => {
    await lab.sql(
      `INSERT INTO shared_addresses (space_id, ip) SELECT space_id, '10.2.0.50' FROM networks WHERE name = 'db'`,
    );
    await lab.sql(`INSERT INTO claims (space_id, ip, network_id, account_id, server_id, nic_id, mac, source, shared, server_name, started_at)
      SELECT n.space_id, '10.2.0.50', n.id, k.account_id, k.server_id, k.id, k.mac, 'manual', true, s.name, now()
      FROM networks n, servers s JOIN nics k ON k.server_id = s.id WHERE n.name = 'db' AND s.name IN ('db-1', 'web-1')`);
    const shown = await show('10.2.0.50');
    expect(shown).toMatchObject({ state: 'used', shared: true });
    expect(new Set(shown.history.map((one) => one.server?.name))).toEqual(new Set(['db-1', 'web-1']));
    expect(['db-1', 'web-1']).toContain(shown.server?.name);
  });
});
