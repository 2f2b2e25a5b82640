import type { GuestNic, GuestStack } from '@wirebook/simulator';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Addresses that nobody has a record of, and that others rely on: those of hosts, and the gateways and DNS servers of guests. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/16']], {
        gateway: '10.1.0.1',
        dnsServers: ['10.1.0.53', '10.2.0.53'],
      }),
      machine('web-2', [['web', '10.1.0.12/16']], { gateway: '10.1.0.1' }),
      machine('two-legs', [
        ['web', '10.1.0.13/16'],
        ['spare', '10.3.0.13/16'],
      ]),
      machine('off', [['web', '10.1.0.14/16']], { gateway: '10.1.0.14', powerState: 'poweredOff' }),
      machine('a-late-one', [['web', '10.1.0.16/16']]),
      machine('rogue', [['web', '10.1.0.15/16']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

interface Row {
  space: string;
  kind: string;
  ip: string;
  object: string;
}
/** `space kind ip object` of what the account knows. */
const known = async (): Promise<string[]> =>
  (
    await lab.sql<Row>(
      `SELECT s.name AS space, k.kind, host(k.ip) AS ip, k.object_name AS object FROM known_addresses k
       JOIN address_spaces s ON s.id = k.space_id JOIN cloud_accounts a ON a.id = k.owner_id ORDER BY s.name, k.kind, k.ip`,
    )
  ).map((row) => `${row.space} ${row.kind} ${row.ip} ${row.object}`);
const guests = async (): Promise<string[]> => (await known()).filter((line) => line.includes(' guest_'));

const routes = (...gateways: [gateway: string, device: string][]): GuestStack => ({
  routes: gateways.map(([gateway, device]) => ({
    network: gateway.includes(':') ? '::' : '0.0.0.0',
    prefixLength: 0,
    gateway,
    device,
  })),
});
const dns = (...servers: string[]): GuestStack => ({
  dns: { hostName: 'x', domainName: 'x.example', servers, searchDomains: [] },
  routes: [],
});

let before: string[];
beforeEach(async () => {
  before = await guests();
});

test('the first sync knows the hosts and what running guests use; one that is off uses nothing', async () => {
  expect(await known()).toEqual([
    'default guest_dns 10.1.0.53 web-1',
    'default guest_dns 10.2.0.53 web-1',
    'default guest_gateway 10.1.0.1 web-1',
    'default vmkernel 10.10.0.11 esx-01.lab.example',
    'default vmkernel 10.10.0.12 esx-02.lab.example',
  ]);
});

test('none of them is given out', async () => {
  const made = await lab.createNetwork({
    name: 'web',
    wire: 'web',
    start: '10.1.0.1',
    end: '10.1.0.2',
    prefixLength: 16,
    giving: [{ start: '10.1.0.1', end: '10.1.0.2' }],
  });
  const next = await lab.controller.call<{ items: { ip: string }[] }>(
    'GET',
    `/api/v1/networks/${made.network.id}/next`,
  );
  expect(next.body.items.map((one) => one.ip)).toEqual(['10.1.0.2']);
});

test('what is found again keeps its row, and the one who is named for it while that one uses it', async () => {
  const versions = (): Promise<object[]> =>
    lab.sql(`SELECT xmin::text, ip FROM known_addresses ORDER BY ip, kind`);
  const old = await versions();
  await lab.simulator.setGuestNet('rogue', [
    { deviceConfigId: 4000, connected: true, addresses: [{ ip: '10.1.0.17', prefixLength: 16 }] },
  ]);
  await lab.simulator.setGuestStacks('a-late-one', [routes(['10.1.0.1', '0'])]);
  await lab.sync();
  expect(await versions()).toEqual(old);
  await lab.simulator.setGuestStacks('a-late-one', []);
  await lab.sync();
  expect(await versions()).toEqual(old);
  // The other one still uses the gateway.
  await lab.simulator.setGuestStacks('web-1', []);
  await lab.sync();
  expect(await guests()).toEqual(['default guest_gateway 10.1.0.1 web-2']);
  await lab.simulator.renameVm('web-2', 'web-two');
  await lab.sync();
  expect(await guests()).toEqual(['default guest_gateway 10.1.0.1 web-two']);
  await lab.simulator.setPowerState('web-two', 'poweredOff');
  await lab.sync();
  expect(await guests()).toEqual([]);
});

test('Tools that fall silent take nothing back', async () => {
  await lab.simulator.setGuestStacks('web-1', [routes(['10.1.0.1', '0'])]);
  await lab.sync();
  await lab.simulator.setToolsStatus('web-1', 'notRunning');
  await lab.sync();
  expect(await guests()).toEqual(['default guest_gateway 10.1.0.1 web-1']);
});

test('a gateway lies in the space of the card that leads to it; where none is named, and for DNS servers, of all cards', async () => {
  await lab.controller.call('POST', '/api/v1/address-spaces', { name: 'site' });
  await lab.controller.call('PATCH', '/api/v1/wires/spare', { space: 'site' });
  await lab.simulator.setGuestStacks('two-legs', [
    routes(['10.1.0.2', '0'], ['10.3.0.2', '1'], ['10.4.0.2', '7'], ['10.5.0.2', 'eth0']),
    dns('10.6.0.53'),
  ]);
  await lab.sync();
  const added = (await guests()).filter((line) => !before.includes(line));
  expect(added).toEqual([
    'default guest_dns 10.6.0.53 two-legs',
    'default guest_gateway 10.1.0.2 two-legs',
    'default guest_gateway 10.4.0.2 two-legs',
    'default guest_gateway 10.5.0.2 two-legs',
    'site guest_dns 10.6.0.53 two-legs',
    'site guest_gateway 10.3.0.2 two-legs',
    'site guest_gateway 10.4.0.2 two-legs',
    'site guest_gateway 10.5.0.2 two-legs',
  ]);
});

test('they go along when a wire, or the account, goes to another space', async () => {
  const hosts = async (space: string): Promise<number> =>
    (await known()).filter((line) => line.startsWith(`${space} vmkernel`)).length;
  expect([await hosts('default'), await hosts('site')]).toEqual([2, 0]);
  await lab.controller.call('PATCH', `/api/v1/cloud-accounts/${lab.account}`, { space: 'site' });
  expect(await hosts('site')).toBe(2);
  await lab.controller.call('PATCH', `/api/v1/cloud-accounts/${lab.account}`, { space: 'default' });
  expect([await hosts('default'), await hosts('site')]).toEqual([2, 0]);
  await lab.controller.call('PATCH', '/api/v1/wires/spare', { space: 'default' });
  expect((await guests()).filter((line) => line.startsWith('site'))).toEqual([]);
  expect(await guests()).toContain('default guest_gateway 10.3.0.2 two-legs');
});

test('whatever a guest says, the sync goes on: no address, one that is no host, or far too many', async () => {
  await lab.simulator.setGuestStacks('rogue', [
    routes(
      ['999.1.1.1', '0'],
      ["'; DROP TABLE claims; --", '0'],
      ['127.0.0.1', '0'],
      ['169.254.1.1', '0'],
      ['224.0.0.1', '0'],
      ['fe80::1%eth0', '0'],
      ['0.0.0.0', '0'],
      ['x'.repeat(5000), '0'],
      ['2001:DB8::0001%12', '99999999999999999999'],
      ['::ffff:10.7.0.1', '-1'],
    ),
    dns('', '10.7.0.0/16', ' 10.7.0.53 ', ...Array.from({ length: 200 }, (_, nr) => `10.8.0.${nr}`)),
  ]);
  await lab.sync();
  const added = (await guests()).filter((line) => !before.includes(line));
  expect(added.filter((line) => line.includes('guest_gateway'))).toEqual([
    'default guest_gateway 10.7.0.1 rogue',
    'default guest_gateway 2001:db8::1 rogue',
  ]);
  const servers = added.filter((line) => line.includes('guest_dns'));
  expect(servers).toContain('default guest_dns 10.7.0.53 rogue');
  expect(servers.length).toBeLessThanOrEqual(16);
  // Written in odd ways, they are found again all the same.
  const rows = await lab.sql(`SELECT xmin::text FROM known_addresses ORDER BY ip`);
  const card: GuestNic = { deviceConfigId: 4000, connected: true, addresses: [] };
  await lab.simulator.setGuestNet('rogue', [card]);
  await lab.sync();
  expect(await lab.sql(`SELECT xmin::text FROM known_addresses ORDER BY ip`)).toEqual(rows);
});

test('what a server used that is gone is given back, and an account takes all of its own along', async () => {
  await lab.simulator.removeVm('rogue');
  await lab.simulator.removeVm('two-legs');
  await lab.sync();
  expect(await guests()).toEqual(['default guest_gateway 10.1.0.1 web-1']);
  await lab.controller.call('DELETE', '/api/v1/networks/web');
  const removed = await lab.controller.call('DELETE', `/api/v1/cloud-accounts/${lab.account}`);
  expect(removed.status).toBeLessThan(300);
  expect(await lab.sql('SELECT 1 FROM known_addresses')).toEqual([]);
});
