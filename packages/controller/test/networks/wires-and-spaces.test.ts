import type { Address, AddressSpace, List, Network, NetworkEffect, SyncRun, Wire } from '@wirebook/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('web-1', [['web', '10.1.0.11/24']]),
      // Through another gateway than the web network's: nobody takes them for servers of it unasked.
      machine('twin-1', [['twin', '10.1.0.21/24']], { gateway: '10.1.0.254' }),
      // Two cards on two wires of one host.
      machine('both-1', [
        ['web', '10.1.0.31/24'],
        ['db', '10.2.0.31/24'],
      ]),
      // Reports on db an address of the web network.
      machine('stray-1', [['db', '10.1.0.41/24']], { gateway: '10.1.0.254' }),
      // The site's second lab uses the range once more.
      machine('spare-1', [['spare', '10.1.0.11/24']]),
    ]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

const call = <T>(method: string, path: string, body?: unknown): ReturnType<typeof lab.controller.call<T>> =>
  lab.controller.call<T>(method, `/api/v1${path}`, body);
const setWires = (network: string, wires: string[], query = ''): ReturnType<typeof call<NetworkEffect>> =>
  call('PUT', `/networks/${encodeURIComponent(network)}/additional-wires${query}`, { wires });
const wiresOf = (network: Network): string[] => network.additionalWires.map((one) => one.wire.name);
const wire = async (name: string): Promise<Wire> => (await call<Wire>('GET', `/wires/${name}`)).body;

beforeEach(async () => {
  const { body } = await call<List<Network>>('GET', '/networks?limit=500');
  for (const network of body.items) await call('DELETE', `/networks/${network.id}`);
  for (const name of ['web', 'twin', 'db', 'spare'])
    await call('PATCH', `/wires/${name}`, { space: 'default' });
  const spaces = await call<List<AddressSpace>>('GET', '/address-spaces');
  for (const space of spaces.body.items)
    if (space.name !== 'default') await call('DELETE', `/address-spaces/${space.id}`);
});

describe('additional wires', () => {
  test('a declared wire has its servers settled from the network as the primary wire has', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
    expect(await lab.records('twin-1')).toEqual([]);
    const { status, body } = await setWires('web', ['twin']);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      settles: 1,
      ends: 0,
      nics: [{ server: { name: 'twin-1' }, ip: '10.1.0.21', change: 'settled' }],
    });
    expect(body.network.additionalWires).toMatchObject([{ wire: { name: 'twin' }, origin: 'declared' }]);
    expect(await lab.records('twin-1')).toEqual(['10.1.0.21']);
    const listed = await call<List<Network>>('GET', '/networks?wire=twin');
    expect(listed.body.items.map((network) => network.name)).toEqual(['web']);
    expect((await wire('twin')).counts.networks).toBe(1);
  });

  test('a dry run answers the same and declares nothing', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
    const { body } = await setWires('web', ['twin', 'db'], '?dryRun=true');
    expect(wiresOf(body.network).toSorted()).toEqual(['db', 'twin']);
    expect(body.settles).toBe(2);
    expect(wiresOf(await lab.network('web'))).toEqual([]);
    expect(await lab.records('twin-1')).toEqual([]);
    expect(
      await lab.sql(
        `SELECT 1 FROM events WHERE action = 'set_additional_wires' AND object_name = 'web' AND after->'additionalWires' ? 'db'`,
      ),
    ).toEqual([]);
  });

  test('the set replaces what was declared: records on a wire that left it end', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
    await setWires('web', ['twin']);
    const { body } = await setWires('web', ['db']);
    expect(wiresOf(body.network)).toEqual(['db']);
    expect(body).toMatchObject({ settles: 1, ends: 1 });
    expect(await lab.records('twin-1')).toEqual([]);
    expect(await lab.reasons('twin-1')).toEqual(['other_wire 10.1.0.21']);
    expect(await lab.records('stray-1')).toEqual(['10.1.0.41']);
    const again = await setWires('web', ['db']);
    expect(again.body).toMatchObject({ settles: 0, ends: 0 });
    const none = await setWires('web', []);
    expect(none.body.network.additionalWires).toEqual([]);
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
  });

  test('the primary wire named among them, or a wire named twice, changes nothing', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
    const { body } = await setWires('web', ['web', 'twin', (await wire('twin')).id]);
    expect(body.network.wire.name).toBe('web');
    expect(wiresOf(body.network)).toEqual(['twin']);
  });

  test('a wire of another address space is refused, with both spaces', async () => {
    await call('POST', '/address-spaces', { name: 'lab two' });
    await call('PATCH', '/wires/spare', { space: 'lab two' });
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
    const refused = await lab.refuse('other_space', 'PUT', '/api/v1/networks/web/additional-wires', {
      wires: ['twin', 'spare'],
    });
    expect(refused.detail).toContain('"spare"');
    expect(refused.detail).toContain('"lab two"');
    expect(refused.detail).toContain('"default"');
    expect(wiresOf(await lab.network('web'))).toEqual([]);
  });

  test('an unknown wire among them is not found, and none is declared', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
    await lab.refuse('not_found', 'PUT', '/api/v1/networks/web/additional-wires', {
      wires: ['twin', 'nowhere'],
    });
    expect(wiresOf(await lab.network('web'))).toEqual([]);
  });
});

describe('a network and the other wires of a host', () => {
  test('an address never matches through another wire that the same host, or the same server, has', async () => {
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
    await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/24' });
    // stray-1 runs beside servers of the wire web, and reports an address of its network on db.
    expect(await lab.records('stray-1')).toEqual([]);
    expect(await lab.reasons('stray-1')).toEqual(['other_wire 10.1.0.41']);
    expect(await lab.records('both-1', 0)).toEqual(['10.1.0.31']);
    expect(await lab.records('both-1', 1)).toEqual(['10.2.0.31']);
    expect(
      await lab.sql(`SELECT 1 FROM claims c JOIN nics n ON n.id = c.nic_id
      LEFT JOIN network_wires w ON w.network_id = c.network_id AND w.wire_id = n.wire_id AND w.origin IN ('primary', 'declared', 'detected')
      WHERE c.ended_at IS NULL AND w.wire_id IS NULL`),
    ).toEqual([]);
  });
});

describe('address spaces', () => {
  test('are made, listed, renamed, shown by name, and removed while empty', async () => {
    const made = await call<AddressSpace>('POST', '/address-spaces', { name: 'branch' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'branch', counts: { wires: 0, networks: 0 } });
    const renamed = await call<AddressSpace>('PATCH', '/address-spaces/branch', { name: 'branch office' });
    expect(renamed.body).toMatchObject({ id: made.body.id, name: 'branch office' });
    const shown = await call<AddressSpace>('GET', '/address-spaces/branch%20office');
    expect(shown.body).toEqual(renamed.body);
    const list = await call<List<AddressSpace>>('GET', '/address-spaces?q=office');
    expect(list.body.items).toEqual([shown.body]);
    expect((await call('DELETE', `/address-spaces/${made.body.id}`)).status).toBe(204);
    await lab.refuse('not_found', 'GET', '/api/v1/address-spaces/branch%20office');
  });

  test('have names of their own', async () => {
    await call('POST', '/address-spaces', { name: 'branch' });
    await lab.refuse('name_taken', 'POST', '/api/v1/address-spaces', { name: 'branch' });
    await lab.refuse('name_taken', 'PATCH', '/api/v1/address-spaces/branch', { name: 'default' });
  });

  test('stay while something lies in them, and say what; the default one stays always', async () => {
    await call('POST', '/address-spaces', { name: 'branch' });
    await call('PATCH', '/wires/spare', { space: 'branch' });
    await lab.createNetwork({ name: 'far', wire: 'spare', cidr: '10.9.0.0/24' });
    const refused = await lab.refuse('in_use', 'DELETE', '/api/v1/address-spaces/branch');
    expect(refused.objects?.map((object) => `${object.kind} ${object.name}`).toSorted()).toEqual([
      'network far',
      'wire spare',
    ]);
    await lab.refuse('in_use', 'DELETE', '/api/v1/address-spaces/default');
  });

  test('a wire takes its networks and their addresses along, and the same range lives in two spaces', async () => {
    await call('POST', '/address-spaces', { name: 'lab two' });
    const { network } = await lab.createNetwork({
      name: 'one',
      wire: 'web',
      cidr: '10.1.0.0/24',
      gateway: '10.1.0.1',
    });
    expect(await lab.records('spare-1')).toEqual([]);
    const moved = await call<Wire>('PATCH', '/wires/web', { space: 'lab two' });
    expect(moved.body.space.name).toBe('lab two');
    expect(await lab.network('one')).toMatchObject({
      id: network.id,
      space: { name: 'lab two' },
      counts: { used: 2 },
    });
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);

    const second = await lab.createNetwork({
      name: 'one',
      wire: 'spare',
      cidr: '10.1.0.0/24',
      gateway: '10.1.0.1',
    });
    expect(second.settles).toBe(1);
    expect(await lab.records('web-1')).toEqual(['10.1.0.11']);
    expect(await lab.records('spare-1')).toEqual(['10.1.0.11']);
    expect((await call<List<unknown>>('GET', '/conflicts')).body.items).toEqual([]);

    const ambiguous = await lab.refuse('ambiguous', 'GET', '/api/v1/addresses/10.1.0.11');
    expect(ambiguous.objects?.map((object) => object.name)).toEqual(['default', 'lab two']);
    const own = await call<{ server: { name: string } }>('GET', '/addresses/10.1.0.11?space=lab%20two');
    expect(own.body.server.name).toBe('web-1');
    const twice = await lab.refuse('ambiguous', 'GET', '/api/v1/networks/one');
    expect(twice.objects).toHaveLength(2);

    // There is a network of that range by now: the wire can't go back, and stays as it is.
    await lab.refuse('in_use', 'PATCH', '/api/v1/wires/web', { space: 'default' });
    expect(await lab.network(network.id)).toMatchObject({ space: { name: 'lab two' }, counts: { used: 2 } });
  });

  test('NICs that stay behind, and those met in the new space, are told anew why they have no record', async () => {
    await call('POST', '/address-spaces', { name: 'lab two' });
    await call('PATCH', '/wires/spare', { space: 'lab two' });
    await lab.createNetwork({ name: 'web', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
    expect(await lab.reasons('twin-1')).toEqual(['other_wire 10.1.0.21']);
    expect(await lab.reasons('spare-1')).toEqual(['no_network 10.1.0.11']);
    await call('PATCH', '/wires/web', { space: 'lab two' });
    expect(await lab.reasons('twin-1')).toEqual(['no_network 10.1.0.21']);
    expect(await lab.reasons('spare-1')).toEqual(['other_wire 10.1.0.11']);
  });

  test('a wire stays in its space while it shares a network with another wire', async () => {
    await call('POST', '/address-spaces', { name: 'lab two' });
    await lab.createNetwork({ name: 'shared', wire: 'web', cidr: '10.1.0.0/24', gateway: '10.1.0.1' });
    await setWires('shared', ['twin']);
    const primary = await lab.refuse('in_use', 'PATCH', '/api/v1/wires/web', { space: 'lab two' });
    expect(primary.objects).toMatchObject([{ kind: 'wire', name: 'twin' }]);
    const additional = await lab.refuse('in_use', 'PATCH', '/api/v1/wires/twin', { space: 'lab two' });
    expect(additional.objects).toMatchObject([{ kind: 'network', name: 'shared' }]);
    await lab.refuse('not_found', 'PATCH', '/api/v1/wires/db', { space: 'nowhere' });
  });

  test('a sync leaves a wire in the space a person put it into, and books there what is new', async () => {
    await call('POST', '/address-spaces', { name: 'lab two' });
    await call('PATCH', '/wires/db', { space: 'lab two' });
    await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/24' });
    await lab.simulator.setGuestNet('stray-1', [
      { deviceConfigId: 4000, connected: true, addresses: [{ ip: '10.2.0.99', prefixLength: 24 }] },
    ]);
    await lab.sync();
    expect((await wire('db')).space.name).toBe('lab two');
    expect(await lab.records('stray-1')).toEqual(['10.2.0.99']);
    const shown = await call<{ space: { name: string } }>('GET', '/addresses/10.2.0.99');
    expect(shown.body.space.name).toBe('lab two');
  });

  test('a wire put into another space while a sync reads has what the sync brings booked in its new space', async () => {
    await call('POST', '/address-spaces', { name: 'lab two' });
    await lab.createNetwork({ name: 'db', wire: 'db', cidr: '10.2.0.0/24' });
    await lab.simulator.setGuestNet('stray-1', [
      { deviceConfigId: 4000, connected: true, addresses: [{ ip: '10.2.0.77', prefixLength: 24 }] },
    ]);
    await lab.simulator.injectFault({ reading: 'VirtualMachine', delayMs: 2000, maxCount: 1 });
    const run = await call<SyncRun>('POST', '/cloud-accounts/lab/sync', {});
    // The fabric is read, and with it the spaces that wires lie in.
    await expect
      .poll(async () => (await call<SyncRun>('GET', `/sync-runs/${run.body.id}`)).body.phase, {
        timeout: 30_000,
      })
      .toBe('servers');
    expect((await call('PATCH', '/wires/db', { space: 'lab two' })).status).toBe(200);
    expect((await call<SyncRun>('GET', `/sync-runs/${run.body.id}`)).body.state).toBe('running');
    await lab.controller.waitForRun(run.body.id);
    await lab.simulator.clearFaults();
    expect(await lab.records('stray-1')).toContain('10.2.0.77');
    const shown = await call<Address>('GET', '/addresses/10.2.0.77');
    expect(shown.body).toMatchObject({
      space: { name: 'lab two' },
      seenOn: [{ server: { name: 'stray-1' } }],
    });
  });
});
