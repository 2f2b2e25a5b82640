import type { List, Nic } from '@wirebook/contract';
import { smallEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';

/** What the founding document says of keeping networks for VMware, sentence by sentence and in its order, up to the record being made. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(smallEstate());
});
afterAll(() => lab[Symbol.asyncDispose]());

test('after onboarding each virtual NIC is known with its server, its MAC, its port group and the wire of that', async () => {
  const nics = await lab.allNics();
  const cards = smallEstate()
    .datacenters.flatMap((datacenter) => datacenter.virtualMachines)
    .flatMap((vm) => vm.nics.map((nic) => ({ vm, nic })));
  expect(nics).toHaveLength(cards.length);
  for (const { vm, nic } of cards) {
    const found = nics.find((one) => one.mac === nic.mac);
    expect(found?.server.name).toBe(vm.name);
    expect(found?.wire?.name).toBe('distributed' in nic.network ? nic.network.distributed : 'VM Network');
  }
});

test('where VMware Tools run, the address configured inside the guest is known too; where they do not, it is not', async () => {
  expect((await lab.nics('web-1'))[0]?.observed.map((one) => `${one.ip}/${one.prefixLength}`)).toEqual([
    '10.10.20.11/24',
  ]);
  expect((await lab.nics('old-1'))[0]?.observed).toEqual([]);
});

test('for lack of networks no server has a record of its NIC right after onboarding', async () => {
  for (const nic of await lab.allNics()) expect(nic.records).toEqual([]);
  expect(await lab.sql('SELECT 1 FROM claims')).toEqual([]);
});

test('an address that Tools report is put on the server as a tag meanwhile, and is a mark and nothing more', async () => {
  expect((await lab.server('web-1')).tags).toEqual({ sync_ips: '10.10.20.11' });
  expect((await lab.server('db-1')).tags).toEqual({ sync_ips: '10.10.20.21,10.10.10.21' });
  expect((await lab.server('old-1')).tags).toEqual({});
  const { body } = await lab.controller.call<{ state: string; server: unknown }>(
    'GET',
    '/api/v1/addresses/10.10.20.11',
  );
  expect(body).toMatchObject({ state: 'seen', server: null });
});

test('a network is made on a wire, and on nothing else', async () => {
  const refused = await lab.refuse('invalid_input', 'POST', '/api/v1/networks', {
    name: 'nowhere',
    cidr: '10.10.20.0/24',
  });
  expect(refused.errors).toMatchObject([{ field: 'wire' }]);
});

test('the network of a wire holds the addresses of the servers on its port group; one that does not settles nothing', async () => {
  const elsewhere = await lab.createNetwork({ name: 'elsewhere', wire: 'web', cidr: '10.99.0.0/24' });
  expect(elsewhere.settles).toBe(0);
  const fitting = await lab.createNetwork({
    name: 'web',
    wire: 'web',
    cidr: '10.10.20.0/24',
    gateway: '10.10.20.1',
  });
  expect(fitting.settles).toBe(3);
  expect(fitting.nics.map((one) => one.server.name).toSorted()).toEqual(['db-1', 'web-1', 'web-2']);
});

test('a range belongs to one port group: a second network of it in the same space is refused', async () => {
  const refused = await lab.refuse('overlap', 'POST', '/api/v1/networks', {
    name: 'again',
    wire: 'VM Network',
    cidr: '10.10.20.0/24',
  });
  expect(refused.objects).toMatchObject([{ kind: 'network', name: 'web' }]);
});

test('syncing again after the network was made finds each detected address in the network of its wire, and makes the record', async () => {
  await lab.simulator.setGuestNet('web-2', [
    { deviceConfigId: 4000, connected: true, addresses: [{ ip: '10.10.20.112', prefixLength: 24 }] },
  ]);
  await lab.sync();
  expect(await lab.records('web-2')).toContain('10.10.20.112');
  expect(await lab.records('web-1')).toEqual(['10.10.20.11']);
});

test('a record names the server, the network, the IP and the MAC of the NIC', async () => {
  const { body } = await lab.controller.call<List<Nic>>('GET', '/api/v1/nics?ip=10.10.20.11');
  const web1 = await lab.server('web-1');
  expect(body.items).toMatchObject([
    {
      server: { id: web1.id, name: 'web-1' },
      mac: web1.nics[0]?.mac,
      records: [{ ip: '10.10.20.11', network: { name: 'web' }, source: 'tools' }],
    },
  ]);
  expect(
    await lab.sql(`SELECT mac::text, server_id FROM claims WHERE ip = '10.10.20.11' AND ended_at IS NULL`),
  ).toEqual([{ mac: web1.nics[0]?.mac, server_id: web1.id }]);
  expect(web1.tags).toEqual({});
});

test('a card is matched on its own wire alone: the second card of a server waits for a network of its own', async () => {
  expect(await lab.records('db-1', 0)).toEqual(['10.10.20.21']);
  expect(await lab.records('db-1', 1)).toEqual([]);
  expect(await lab.reasons('db-1', 1)).toEqual(['no_network 10.10.10.21']);
  expect((await lab.server('db-1')).tags).toEqual({ sync_ips: '10.10.10.21' });
});

test('a server whose address can not be detected gets no record by itself, and says why and what to do', async () => {
  await lab.createNetwork({ name: 'vm', wire: 'VM Network', cidr: '10.10.10.0/24' });
  await lab.sync();
  expect(await lab.records('old-1')).toEqual([]);
  const [reason] = (await lab.nics('old-1'))[0]?.reasons ?? [];
  expect(reason).toMatchObject({ code: 'tools_not_installed' });
  expect(reason?.remedy).toContain('wirebook account sync lab');
});

test('a network belongs to one wire, and an administrator may add others, whose servers then use its addresses', async () => {
  const { network } = await lab.createNetwork({
    name: 'spread',
    wire: 'web',
    cidr: '10.98.0.0/24',
  });
  // Excluded: so it is the administrator who decides.
  await lab.controller.call('PUT', `/api/v1/networks/${network.id}/excluded-wires`, {
    wires: ['VM Network'],
  });
  await lab.simulator.setGuestNet('db-1', [
    { deviceConfigId: 4001, connected: true, addresses: [{ ip: '10.98.0.21', prefixLength: 24 }] },
  ]);
  await lab.sync();
  expect(await lab.reasons('db-1', 1)).toEqual(['other_wire 10.98.0.21']);
  await lab.controller.call('PUT', `/api/v1/networks/${network.id}/additional-wires`, {
    wires: ['VM Network'],
  });
  expect(await lab.records('db-1', 1)).toContain('10.98.0.21');
});
