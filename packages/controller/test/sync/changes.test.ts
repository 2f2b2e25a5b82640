import type { Host, Network, Nic, Server, VirtualSwitch, Wire } from '@wirebook/contract';
import {
  type CuttingProxy,
  makeMachine,
  type Moref,
  type Simulator,
  smallEstate,
  startCuttingProxy,
  startSimulator,
} from '@wirebook/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addAccount, listAll, syncAccount } from '../support/accounts.ts';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { asSilentHost, asUnreadable, withoutObject } from '../support/reply-edits.ts';

const hostName = 'esx-01.lab.example';

let simulator: Simulator;
let proxy: CuttingProxy;
let controller: TestController;
let book: Book;

beforeEach(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
  proxy = await startCuttingProxy({ target: simulator });
  controller = await startTestController();
  book = await openBook(controller.databaseUrl);
});
afterEach(async () => {
  await book[Symbol.asyncDispose]();
  await controller.stop();
  await proxy.stop();
  await simulator.stop();
});

async function show<T>(path: string): Promise<T> {
  const answer = await controller.call<T>('GET', `/api/v1/${path}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const server = (name: string): Promise<Server> => show<Server>(`servers/${encodeURIComponent(name)}`);
const wire = (name: string): Promise<Wire> => show<Wire>(`wires/${encodeURIComponent(name)}`);
const edit = (body: (reply: string) => string): void =>
  proxy.use({ kind: 'rewrite', body }, { whenBody: /RetrievePropertiesEx/ });
const hide = (object: Moref): void => edit((reply) => withoutObject(reply, object));

async function makeNetwork(): Promise<void> {
  const made = await controller.call('POST', '/api/v1/networks', {
    name: 'web-net',
    wire: 'web',
    cidr: '10.10.20.0/24',
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
}

/** Syncs, expects success, and tells what changed. */
async function sync(): Promise<Record<string, unknown>> {
  const run = await syncAccount(controller, 'lab');
  expect(run, JSON.stringify(run)).toMatchObject({ state: 'succeeded', failure: null });
  return { ...run.changes, errors: run.errors.map(({ object, kind }) => `${kind} ${object}`) };
}

const one = (change: 'created' | 'updated' | 'missing' | 'returned'): Record<string, number> => ({
  created: 0,
  updated: 0,
  missing: 0,
  returned: 0,
  [change]: 1,
});

describe('wires and servers', () => {
  test('that are renamed keep their identity, and names follow', async () => {
    await addAccount(controller, proxy);
    const before = { wire: await wire('web'), server: await server('web-1') };
    await simulator.renamePortGroup('web', 'web/front');
    await simulator.renameVm('web-1', 'front-1');
    const changes = await sync();
    expect(changes['objects']).toEqual([
      { kind: 'wire', name: 'web/front', change: 'updated', fields: ['name'] },
      { kind: 'server', name: 'front-1', change: 'updated', fields: ['name'] },
    ]);
    expect((await wire('web/front')).id).toBe(before.wire.id);
    expect((await server('front-1')).id).toBe(before.server.id);
    expect((await listAll<Wire>(controller, '/api/v1/wires')).length).toBe(2);
  });

  test('that vanish are marked missing and nothing more: records, NICs and history stay', async () => {
    await addAccount(controller, proxy);
    await makeNetwork();
    const before = await server('web-1');
    await simulator.removeVm('web-1');
    for (let run = 0; run < 3; run += 1) await sync();
    const gone = await server('web-1');
    expect(gone.missingSince).not.toBeNull();
    expect(gone.id).toBe(before.id);
    expect(gone.nics.map(({ mac, records }) => [mac, records.map(({ ip, source }) => [ip, source])])).toEqual(
      [['00:50:56:80:00:08', [['10.10.20.11', 'tools']]]],
    );
    expect(await book.query(`SELECT count(*)::int AS live FROM claims WHERE ended_at IS NULL`)).toEqual([
      { live: 3 },
    ]);
    expect((await server('web-2')).missingSince).toBeNull();
  });

  test('that vanish and come back are the same, under another id in vCenter too', async () => {
    await addAccount(controller, proxy);
    await makeNetwork();
    const before = await server('web-1');
    await simulator.removeVm('web-1');
    expect(await sync()).toMatchObject({ servers: one('missing') });
    const [machine] = smallEstate().datacenters[0]?.virtualMachines ?? [];
    if (machine === undefined) throw new Error('the estate has no VM');
    await simulator.addVm('Lab', machine);
    expect(await sync()).toMatchObject({ servers: one('returned') });
    const after = await server('web-1');
    expect(after.id).toBe(before.id);
    expect(after.moref).not.toBe(before.moref);
    expect(after.missingSince).toBeNull();
    expect(
      after.nics.map(({ id, records }) => [id, records.map(({ id: record, ip }) => [record, ip])]),
    ).toEqual(before.nics.map(({ id, records }) => [id, records.map(({ id: record, ip }) => [record, ip])]));
  });

  test('of a vCenter that is suddenly empty are all missing, and every record stays', async () => {
    await addAccount(controller, proxy);
    await makeNetwork();
    for (const name of ['web-1', 'web-2', 'db-1', 'old-1', 'ubuntu-template']) await simulator.removeVm(name);
    const changes = await sync();
    expect(changes['servers']).toMatchObject({ missing: 5 });
    const servers = await listAll<Server>(controller, '/api/v1/servers?missing=true');
    expect(servers).toHaveLength(5);
    expect(await book.query(`SELECT count(*)::int AS live FROM claims WHERE ended_at IS NULL`)).toEqual([
      { live: 3 },
    ]);
  });

  test('a port group that vanishes is a missing wire with its networks, and returns as the same', async () => {
    await addAccount(controller, proxy);
    await makeNetwork();
    const before = await wire('web');
    hide(simulator.morefs.portGroup('web').ref);
    expect(await sync()).toMatchObject({ wires: one('missing') });
    await sync();
    const gone = await wire('web');
    expect(gone).toMatchObject({ id: before.id, counts: { networks: 1, nics: 4 } });
    expect(gone.missingSince).not.toBeNull();
    expect(await show<Network>('networks/web-net')).toMatchObject({ wire: { id: before.id } });
    expect((await server('web-1')).nics[0]).toMatchObject({
      wire: { name: 'web' },
      records: [{ ip: '10.10.20.11' }],
    });
    proxy.pass();
    expect(await sync()).toMatchObject({ wires: one('returned') });
    expect(await wire('web')).toMatchObject({ id: before.id, missingSince: null });
  });
});

describe('a NIC', () => {
  test('that changes its MAC on the same card and port group is the same, and remembers the old one', async () => {
    await addAccount(controller, proxy);
    await makeNetwork();
    const [before] = (await server('web-1')).nics;
    await simulator.setMac('web-1', 4000, '00:50:56:99:00:01');
    expect(await sync()).toMatchObject({ nics: one('updated') });
    const [after] = (await server('web-1')).nics;
    expect(after?.id).toBe(before?.id);
    expect(after?.mac).toBe('00:50:56:99:00:01');
    expect(after?.formerMacs.map(({ mac }) => mac)).toEqual([before?.mac]);
    expect(after?.records.map(({ id }) => id)).toEqual(before?.records.map(({ id }) => id));
  });

  test('that is moved to another port group is the same on another wire', async () => {
    await addAccount(controller, proxy);
    const [before] = (await server('web-1')).nics;
    await simulator.moveNic('web-1', 4000, { standard: 'VM Network' });
    expect(await sync()).toMatchObject({ nics: one('updated') });
    const [after] = (await server('web-1')).nics;
    expect(after?.id).toBe(before?.id);
    expect(after?.wire?.name).toBe('VM Network');
    expect(after?.formerMacs).toEqual([]);
  });

  test('with another MAC on another port group is another NIC; the old one is missing', async () => {
    await addAccount(controller, proxy);
    const [before] = (await server('web-1')).nics;
    await simulator.setMac('web-1', 4000, '00:50:56:99:00:02');
    await simulator.moveNic('web-1', 4000, { standard: 'VM Network' });
    await sync();
    expect((await server('web-1')).nics.map(({ mac }) => mac)).toEqual(['00:50:56:99:00:02']);
    const gone = await listAll<Nic>(controller, '/api/v1/nics?server=web-1&missing=true');
    expect(gone.map(({ id, mac }) => [id, mac])).toEqual([[before?.id, before?.mac]]);
  });

  test('that is gone is missing, and returns as the same', async () => {
    await addAccount(controller, proxy);
    const before = (await server('db-1')).nics.map(({ id }) => id);
    expect(before).toHaveLength(2);
    await simulator.setProperty(simulator.morefs.vm('db-1'), {
      path: 'config.hardware.device',
      type: 'ArrayOfVirtualDevice',
      value: {},
    });
    expect(await sync()).toMatchObject({ nics: { created: 0, updated: 0, missing: 2, returned: 0 } });
    const gone = await listAll<Nic>(controller, '/api/v1/nics?server=db-1&missing=true');
    expect(gone.map(({ id }) => id).toSorted()).toEqual(before.toSorted());
    await simulator.setNicConnected('db-1', 4000, true);
    expect(await sync()).toMatchObject({ nics: { created: 0, updated: 0, missing: 0, returned: 2 } });
    expect((await server('db-1')).nics.map(({ id, missingSince }) => [id, missingSince])).toEqual(
      before.map((id) => [id, null]),
    );
  });

  test('that is disconnected says so', async () => {
    await addAccount(controller, proxy);
    await simulator.setNicConnected('web-1', 4000, false);
    await sync();
    expect((await server('web-1')).nics[0]?.connected).toBe(false);
  });
});

describe('a VM that can’t be read', () => {
  test('keeps what was known, and is whole again when it can', async () => {
    await addAccount(controller, proxy);
    await makeNetwork();
    const before = await server('web-1');
    edit((reply) => asUnreadable(reply, simulator.morefs.vm('web-1')));
    expect(await sync()).toMatchObject({ servers: one('updated'), errors: ['server web-1'] });
    const dark = await server('web-1');
    expect(dark).toMatchObject({
      id: before.id,
      connectionState: 'disconnected',
      readable: false,
      missingSince: null,
      instanceUuid: before.instanceUuid,
      biosUuid: before.biosUuid,
      guestHostName: before.guestHostName,
      host: before.host,
    });
    expect(
      dark.nics.map(({ id, mac, wire: on, records }) => [id, mac, on?.name, records.map(({ ip }) => ip)]),
    ).toEqual(
      before.nics.map(({ id, mac, wire: on, records }) => [id, mac, on?.name, records.map(({ ip }) => ip)]),
    );
    proxy.pass();
    await sync();
    const { updatedAt: _, ...after } = await server('web-1');
    expect(after).toMatchObject({ id: before.id, readable: true, connectionState: 'connected' });
    expect(after.nics.map(({ id, records }) => [id, records.map((record) => record.id)])).toEqual(
      before.nics.map(({ id, records }) => [id, records.map((record) => record.id)]),
    );
    expect(await sync()).toEqual({ errors: [] });
  });

  test('from the beginning is the same server once it can be read', async () => {
    edit((reply) => asUnreadable(reply, simulator.morefs.vm('web-1')));
    await addAccount(controller, proxy);
    const dark = await server('web-1');
    expect(dark).toMatchObject({ readable: false, instanceUuid: null, nics: [] });
    proxy.pass();
    expect(await sync()).toMatchObject({ servers: one('updated') });
    const after = await server('web-1');
    expect(after.id).toBe(dark.id);
    expect(after).toMatchObject({ readable: true, nics: [{ observed: [{ ip: '10.10.20.11' }] }] });
    expect(await listAll<Server>(controller, '/api/v1/servers')).toHaveLength(5);
    expect(await sync()).toEqual({ errors: [] });
  });

  test('whose identity comes up twice in one vCenter stands beside the first one', async () => {
    await addAccount(controller, proxy);
    const before = await server('web-1');
    await simulator.addVm(
      'Lab',
      makeMachine({
        name: 'twin',
        number: 90,
        host: hostName,
        ...(before.instanceUuid === null ? {} : { instanceUuid: before.instanceUuid }),
      }),
    );
    const changes = await sync();
    expect(changes['errors']).toEqual(['server twin']);
    expect((await server('web-1')).id).toBe(before.id);
    expect((await server('twin')).id).not.toBe(before.id);
  });
});

describe('a host', () => {
  const state = async (): Promise<unknown> => {
    const [hosts, switches, wires, servers] = [
      await listAll<Host>(controller, '/api/v1/hosts'),
      await listAll<VirtualSwitch>(controller, '/api/v1/virtual-switches'),
      await listAll<Wire>(controller, '/api/v1/wires?purpose=any'),
      await listAll<Server>(controller, '/api/v1/servers'),
    ];
    return {
      hosts: hosts.map(({ name, managementIp, physicalNics, missingSince }) => [
        name,
        managementIp,
        physicalNics,
        missingSince,
      ]),
      switches: switches.map(({ name, hosts: members, missingSince }) => [name, members, missingSince]),
      wires: wires.map(({ name, vlan, hostVlans, security, virtualSwitch, missingSince }) => [
        name,
        vlan,
        hostVlans,
        security,
        virtualSwitch,
        missingSince,
      ]),
      servers: servers.map(({ name, host, cluster, missingSince }) => [name, host, cluster, missingSince]),
    };
  };
  /** The host raises HostCommunication in every read that it is part of. */
  const silence = async (): Promise<void> => {
    const fault = { method: 'RetrievePropertiesEx', fault: 'HostCommunication' };
    await simulator.injectFault({ ...fault, reading: simulator.morefs.host(hostName).value });
    await simulator.injectFault({ ...fault, reading: 'HostSystem', maxCount: 1 });
  };

  test('that doesn’t answer is complained of by its id, and nothing on it is missing', async () => {
    await addAccount(controller, proxy);
    const before = await state();
    await silence();
    const changes = await sync();
    expect(changes['errors']).toEqual([`HostSystem ${simulator.morefs.host(hostName).value}`]);
    expect(await state()).toEqual(before);
    await simulator.clearFaults();
    await sync();
    expect(await state()).toEqual(before);
  });

  test('whose configuration is not given keeps what was known, and nothing on it is missing', async () => {
    await addAccount(controller, proxy);
    const before = await state();
    edit((reply) => asSilentHost(reply, simulator.morefs.host(hostName)));
    await sync();
    expect((await show<Host>(`hosts/${hostName}`)).state).toBe('notResponding');
    expect(await state()).toEqual(before);
    proxy.pass();
    await sync();
    expect(await state()).toEqual(before);
  });

  test('that doesn’t answer at first is filled in once it does', async () => {
    await silence();
    await addAccount(controller, proxy);
    expect(await listAll(controller, '/api/v1/hosts')).toEqual([]);
    await simulator.clearFaults();
    await sync();
    const servers = await listAll<Server>(controller, '/api/v1/servers');
    expect(servers.map(({ name, host, cluster }) => [name, host?.name, cluster])).toEqual(
      servers.map(({ name }) => [name, hostName, 'Lab-Cluster']),
    );
    expect((await wire('web')).hostVlans.map(({ host }) => host.name)).toEqual([hostName]);
  });

  test('that doesn’t say what its NICs hear is complained of by name', async () => {
    await simulator.injectFault({
      method: 'QueryNetworkHint',
      object: simulator.morefs.networkSystem(hostName).value,
      fault: 'HostCommunication',
    });
    const { run } = await addAccount(controller, proxy);
    expect(run.errors.map(({ object, kind }) => `${kind} ${object}`)).toEqual([`host ${hostName}`]);
    expect(await listAll(controller, '/api/v1/hosts')).toHaveLength(1);
  });

  test('that is gone is missing, with its switches; its NICs’ wires stay', async () => {
    await addAccount(controller, proxy);
    hide(simulator.morefs.host(hostName));
    expect(await sync()).toMatchObject({ hosts: one('missing') });
    expect((await show<Host>(`hosts/${hostName}`)).missingSince).not.toBeNull();
    const nics = await listAll<Nic>(controller, '/api/v1/nics');
    for (const nic of nics) expect(nic.wire).not.toBeNull();
  });
});

describe('a VM that vanishes while it is read', () => {
  test('is complained of, missing, and costs the others nothing', async () => {
    await addAccount(controller, proxy);
    const { value, type } = simulator.morefs.vm('web-1');
    await simulator.injectFault({
      method: 'RetrievePropertiesEx',
      reading: 'VirtualMachine',
      fault: 'ManagedObjectNotFound',
      fields: { obj: { type, value } },
      maxCount: 2,
    });
    const changes = await sync();
    expect(changes).toMatchObject({ servers: one('missing'), errors: [`VirtualMachine ${value}`] });
    const present = await listAll<Server>(controller, '/api/v1/servers?missing=false');
    expect(present.map(({ name }) => name).toSorted()).toEqual(['db-1', 'old-1', 'ubuntu-template', 'web-2']);
    expect(await sync()).toMatchObject({ servers: one('returned'), errors: [] });
  });
});
