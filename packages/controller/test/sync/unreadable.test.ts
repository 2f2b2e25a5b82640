import type { Host, Nic, Server, VirtualSwitch, Wire } from '@wirebook/contract';
import { makeMachine } from '@wirebook/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAll } from '../support/accounts.ts';
import { type ChangingVcenter, one, startChangingVcenter } from '../support/changing-vcenter.ts';
import { asSilentHost, asUnreadable } from '../support/reply-edits.ts';

const hostName = 'esx-01.lab.example';

let vcenter: ChangingVcenter;

beforeEach(async () => {
  vcenter = await startChangingVcenter();
});
afterEach(async () => {
  await vcenter[Symbol.asyncDispose]();
});

describe('a VM that can’t be read', () => {
  test('keeps what was known, and is whole again when it can', async () => {
    await vcenter.add();
    await vcenter.makeNetwork();
    const before = await vcenter.server('web-1');
    vcenter.edit((reply) => asUnreadable(reply, vcenter.simulator.morefs.vm('web-1')));
    expect(await vcenter.sync()).toMatchObject({ servers: one('updated'), errors: ['server web-1'] });
    const dark = await vcenter.server('web-1');
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
    vcenter.proxy.pass();
    await vcenter.sync();
    const { updatedAt: _, ...after } = await vcenter.server('web-1');
    expect(after).toMatchObject({ id: before.id, readable: true, connectionState: 'connected' });
    expect(after.nics.map(({ id, records }) => [id, records.map((record) => record.id)])).toEqual(
      before.nics.map(({ id, records }) => [id, records.map((record) => record.id)]),
    );
    expect(await vcenter.sync()).toEqual({ errors: [] });
  });

  test('from the beginning is the same server once it can be read', async () => {
    vcenter.edit((reply) => asUnreadable(reply, vcenter.simulator.morefs.vm('web-1')));
    await vcenter.add();
    const dark = await vcenter.server('web-1');
    expect(dark).toMatchObject({ readable: false, instanceUuid: null, nics: [] });
    vcenter.proxy.pass();
    expect(await vcenter.sync()).toMatchObject({ servers: one('updated') });
    const after = await vcenter.server('web-1');
    expect(after.id).toBe(dark.id);
    expect(after).toMatchObject({ readable: true, nics: [{ observed: [{ ip: '10.10.20.11' }] }] });
    expect(await listAll<Server>(vcenter.controller, '/api/v1/servers')).toHaveLength(5);
    expect(await vcenter.sync()).toEqual({ errors: [] });
  });

  test('whose identity comes up twice in one vCenter stands beside the first one', async () => {
    await vcenter.add();
    const before = await vcenter.server('web-1');
    await vcenter.simulator.addVm(
      'Lab',
      makeMachine({
        name: 'twin',
        number: 90,
        host: hostName,
        ...(before.instanceUuid === null ? {} : { instanceUuid: before.instanceUuid }),
      }),
    );
    const changes = await vcenter.sync();
    expect(changes['errors']).toEqual(['server twin']);
    expect((await vcenter.server('web-1')).id).toBe(before.id);
    expect((await vcenter.server('twin')).id).not.toBe(before.id);
  });
});

describe('a host', () => {
  const state = async (): Promise<unknown> => {
    const [hosts, switches, wires, servers] = [
      await listAll<Host>(vcenter.controller, '/api/v1/hosts'),
      await listAll<VirtualSwitch>(vcenter.controller, '/api/v1/virtual-switches'),
      await listAll<Wire>(vcenter.controller, '/api/v1/wires?purpose=any'),
      await listAll<Server>(vcenter.controller, '/api/v1/servers'),
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
    await vcenter.simulator.injectFault({ ...fault, reading: vcenter.simulator.morefs.host(hostName).value });
    await vcenter.simulator.injectFault({ ...fault, reading: 'HostSystem', maxCount: 1 });
  };

  test('that doesn’t answer is complained of by its id, and nothing on it is missing', async () => {
    await vcenter.add();
    const before = await state();
    await silence();
    const changes = await vcenter.sync();
    expect(changes['errors']).toEqual([`HostSystem ${vcenter.simulator.morefs.host(hostName).value}`]);
    expect(await state()).toEqual(before);
    await vcenter.simulator.clearFaults();
    await vcenter.sync();
    expect(await state()).toEqual(before);
  });

  test('whose configuration is not given keeps what was known, and nothing on it is missing', async () => {
    await vcenter.add();
    const before = await state();
    vcenter.edit((reply) => asSilentHost(reply, vcenter.simulator.morefs.host(hostName)));
    await vcenter.sync();
    expect((await vcenter.host(hostName)).state).toBe('notResponding');
    expect(await state()).toEqual(before);
    vcenter.proxy.pass();
    await vcenter.sync();
    expect(await state()).toEqual(before);
  });

  test('that doesn’t answer at first is filled in once it does', async () => {
    await silence();
    await vcenter.add();
    expect(await listAll(vcenter.controller, '/api/v1/hosts')).toEqual([]);
    await vcenter.simulator.clearFaults();
    await vcenter.sync();
    const servers = await listAll<Server>(vcenter.controller, '/api/v1/servers');
    expect(servers.map(({ name, host, cluster }) => [name, host?.name, cluster])).toEqual(
      servers.map(({ name }) => [name, hostName, 'Lab-Cluster']),
    );
    expect((await vcenter.wire('web')).hostVlans.map(({ host }) => host.name)).toEqual([hostName]);
  });

  test('that doesn’t say what its NICs hear is complained of by name', async () => {
    await vcenter.simulator.injectFault({
      method: 'QueryNetworkHint',
      object: vcenter.simulator.morefs.networkSystem(hostName).value,
      fault: 'HostCommunication',
    });
    const { run } = await vcenter.add();
    expect(run.errors.map(({ object, kind }) => `${kind} ${object}`)).toEqual([`host ${hostName}`]);
    expect(await listAll(vcenter.controller, '/api/v1/hosts')).toHaveLength(1);
  });

  test('that is gone is missing, with its switches; its NICs’ wires stay', async () => {
    await vcenter.add();
    vcenter.hide(vcenter.simulator.morefs.host(hostName));
    expect(await vcenter.sync()).toMatchObject({ hosts: one('missing') });
    expect((await vcenter.host(hostName)).missingSince).not.toBeNull();
    const nics = await listAll<Nic>(vcenter.controller, '/api/v1/nics');
    for (const nic of nics) expect(nic.wire).not.toBeNull();
  });
});

describe('a VM that vanishes while it is read', () => {
  test('is complained of, missing, and costs the others nothing', async () => {
    await vcenter.add();
    const { value, type } = vcenter.simulator.morefs.vm('web-1');
    await vcenter.simulator.injectFault({
      method: 'RetrievePropertiesEx',
      reading: 'VirtualMachine',
      fault: 'ManagedObjectNotFound',
      fields: { obj: { type, value } },
      maxCount: 2,
    });
    const changes = await vcenter.sync();
    expect(changes).toMatchObject({ servers: one('missing'), errors: [`VirtualMachine ${value}`] });
    const present = await listAll<Server>(vcenter.controller, '/api/v1/servers?missing=false');
    expect(present.map(({ name }) => name).toSorted()).toEqual(['db-1', 'old-1', 'ubuntu-template', 'web-2']);
    expect(await vcenter.sync()).toMatchObject({ servers: one('returned'), errors: [] });
  });
});
