import type { Host, List, VirtualSwitch, Wire } from '@wirebook/contract';
import { demoEstate } from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';

/** What the founding document says of VMware's networks and of how they become ours, sentence by sentence, on the demo's estate. */

let lab: EstateController;
const estate = demoEstate();
beforeAll(async () => {
  lab = await startEstateController(estate);
});
afterAll(() => lab[Symbol.asyncDispose]());

const listOf = async <T>(path: string): Promise<T[]> =>
  (await lab.controller.call<List<T>>('GET', `/api/v1/${path}${path.includes('?') ? '&' : '?'}limit=500`))
    .body.items;
const allHosts = estate.datacenters.flatMap((datacenter) => [
  ...datacenter.standaloneHosts,
  ...datacenter.clusters.flatMap((cluster) => cluster.hosts),
]);

describe('VMware switches frames, and the addresses are kept here', () => {
  test('VMware offers layer 2 switching alone: right after onboarding there are wires and switches, and no network', async () => {
    expect((await listOf('wires')).length).toBeGreaterThan(10);
    expect((await listOf('virtual-switches')).length).toBeGreaterThan(5);
    expect(await listOf('networks')).toEqual([]);
  });

  test('addresses and network settings, which VMware lacks, are kept here', async () => {
    const { network } = await lab.createNetwork({
      name: 'kept here',
      wire: 'sh-untagged',
      cidr: '10.250.0.0/24',
      gateway: '10.250.0.1',
      dns: ['10.250.0.53'],
      domain: 'corp.example',
    });
    expect(await lab.network(network.id)).toMatchObject({
      start: '10.250.0.1',
      end: '10.250.0.254',
      gateway: '10.250.0.1',
      dns: ['10.250.0.53'],
      domain: 'corp.example',
    });
    await lab.controller.call('DELETE', `/api/v1/networks/${network.id}`);
  });
});

describe('the concepts', () => {
  test('a standard switch: each host has its own, several of them if it likes, with the uplinks that lead outside', async () => {
    const switches = (await listOf<VirtualSwitch>('virtual-switches?kind=standard')).filter(
      (one) => one.hosts.length === 1,
    );
    expect(switches).toHaveLength((await listOf('virtual-switches?kind=standard')).length);
    const first = switches
      .filter((one) => one.hosts[0]?.name === 'sh-esx-01.corp.example')
      .map((one) => one.name);
    expect(first.toSorted()).toEqual(['vSwitch0', 'vSwitch9']);
    const expected = allHosts.reduce((sum, host) => sum + host.standardSwitches.length, 0);
    expect(switches).toHaveLength(expected);
  });

  test('a distributed switch: one, shared by many hosts of the vCenter', async () => {
    const [shared] = await listOf<VirtualSwitch>('virtual-switches?name=dvs-shanghai');
    const wanted = estate.datacenters[0]?.distributedSwitches[0];
    expect(shared).toMatchObject({ kind: 'distributed', mtu: 9000 });
    expect(shared?.uuid).not.toBeNull();
    expect(shared?.hosts.map((host) => host.name).toSorted()).toEqual(wanted?.hosts.toSorted());
    // Its port groups are the same on all of them.
    const { body: web } = await lab.controller.call<Wire>('GET', '/api/v1/wires/sh-web-prod');
    expect(web.hostVlans.map((one) => one.host.name).toSorted()).toEqual(wanted?.hosts.toSorted());
    expect(new Set(web.hostVlans.map((one) => one.vlan.id))).toEqual(new Set([110]));
  });

  test('a port: where a virtual machine is plugged into a switch, and each of its cards has one', async () => {
    const cards = await lab.nics('sh-db-01');
    expect(cards.map((nic) => [nic.deviceKey, nic.wire?.name])).toEqual([
      [4000, 'sh-db-prod'],
      [4001, 'Backup'],
    ]);
  });

  test('a standard port group: ports of a standard switch with one VLAN, one security policy, one redundancy', async () => {
    const { body: wire } = await lab.controller.call<Wire>(
      'GET',
      `/api/v1/wires/${encodeURIComponent('DMZ/Legacy')}`,
    );
    expect(wire).toMatchObject({
      kind: 'standard',
      vlan: { kind: 'id', id: 30 },
      security: { promiscuous: false, macChanges: true, forgedTransmits: true },
    });
    expect(wire.teaming?.active).toEqual(['vmnic0']);
    const [onHost] = wire.hostVlans;
    expect(onHost?.switch?.name).toBe('vSwitch0');
  });

  test('a distributed port group: ports of a distributed switch', async () => {
    const { body: wire } = await lab.controller.call<Wire>('GET', '/api/v1/wires/sh-db-prod');
    expect(wire).toMatchObject({
      kind: 'distributed',
      vlan: { kind: 'id', id: 130 },
      virtualSwitch: { name: 'dvs-shanghai' },
      teaming: { active: ['Uplink 2'], standby: ['Uplink 1'] },
    });
  });
});

describe('how each becomes one of ours', () => {
  test('each port group becomes exactly one wire, by its id, when the account is onboarded', async () => {
    const wires = await listOf<Wire>('wires?purpose=any');
    expect(new Set(wires.map((wire) => wire.portGroupId)).size).toBe(wires.length);
    for (const datacenter of estate.datacenters) {
      for (const item of datacenter.distributedSwitches) {
        for (const group of item.portGroups) {
          const found = wires.filter(
            (wire) =>
              wire.name === group.name && wire.datacenter === datacenter.name && wire.kind !== 'standard',
          );
          expect(found, group.name).toHaveLength(1);
          const { ref } = lab.simulator.morefs.portGroup(group.name, {
            datacenter: datacenter.name,
            kind: 'distributed',
          });
          expect(found[0]?.portGroupId).toBe(ref.value);
        }
      }
      const hosts = [
        ...datacenter.standaloneHosts,
        ...datacenter.clusters.flatMap((cluster) => cluster.hosts),
      ];
      const standard = new Set(
        hosts.flatMap((host) =>
          host.connectionState === 'connected'
            ? host.standardSwitches.flatMap((one) =>
                one.portGroups.filter((group) => group.vmkernelOnly !== true).map((group) => group.name),
              )
            : [],
        ),
      );
      for (const name of standard) {
        const found = wires.filter(
          (wire) => wire.name === name && wire.datacenter === datacenter.name && wire.kind === 'standard',
        );
        expect(found, `${datacenter.name} ${name}`).toHaveLength(1);
      }
    }
  });

  test('a wire is known by the id of its port group: renamed it is the same, and of equal names each is its own', async () => {
    const { body: before } = await lab.controller.call<Wire>('GET', '/api/v1/wires/sh-k8s');
    await lab.simulator.renamePortGroup('sh-k8s', 'sh-clusters');
    await lab.sync();
    const { body: after } = await lab.controller.call<Wire>('GET', '/api/v1/wires/sh-clusters');
    expect(after).toMatchObject({ id: before.id, portGroupId: before.portGroupId });
    await lab.simulator.renamePortGroup('sh-k8s', 'sh-k8s');
    await lab.sync();
    const same = await listOf<Wire>('wires?name=Production');
    expect(same.map((wire) => wire.datacenter ?? '').toSorted()).toEqual(['Frankfurt', 'Shanghai']);
  });

  test('VMware keeps no networks: those that a port group may use are kept here, any number to a wire', async () => {
    await lab.createNetwork({ name: 'a', wire: 'sh-untagged', cidr: '10.251.0.0/25' });
    await lab.createNetwork({ name: 'b', wire: 'sh-untagged', cidr: '10.251.0.128/25' });
    await lab.createNetwork({
      name: 'b six',
      wire: 'sh-untagged',
      cidr: '2001:db8:251::/64',
      companion: 'b',
    });
    const networks = await listOf<{ name: string }>('networks?wire=sh-untagged');
    expect(networks.map((network) => network.name)).toEqual(['a', 'b', 'b six']);
    for (const { name } of networks)
      await lab.controller.call('DELETE', `/api/v1/networks/${encodeURIComponent(name)}`);
  });

  test('a virtual machine is a server, one to one, by its UUID', async () => {
    const servers = await listOf<{ name: string; instanceUuid: string | null }>('servers');
    const machines = estate.datacenters.flatMap((datacenter) => datacenter.virtualMachines);
    expect(servers).toHaveLength(machines.length);
    const known = new Set(servers.map((server) => server.instanceUuid));
    for (const machine of machines) {
      if (machine.connectionState !== 'connected' || machine.instanceUuid === undefined) continue;
      expect(known.has(machine.instanceUuid), machine.name).toBe(true);
      expect((await lab.server(machine.instanceUuid)).name).toBe(machine.name);
    }
    const before = await lab.server('sh-web-01');
    await lab.simulator.renameVm('sh-web-01', 'sh-web-first');
    await lab.sync();
    expect((await lab.server('sh-web-first')).id).toBe(before.id);
    await lab.simulator.renameVm('sh-web-first', 'sh-web-01');
    await lab.sync();
  });

  test('an ESXi host is a host, one to one, by its management address', async () => {
    const hosts = await listOf<Host>('hosts');
    expect(hosts).toHaveLength(allHosts.length);
    for (const host of allHosts) {
      if (host.connectionState !== 'connected') continue;
      const { body } = await lab.controller.call<Host>('GET', `/api/v1/hosts/${host.managementIp}`);
      expect(body).toMatchObject({ name: host.name, managementIp: host.managementIp });
    }
  });

  test('a port is a virtual NIC, one to one, known by its MAC and by its address once that is known', async () => {
    const nics = await lab.allNics();
    const cards = estate.datacenters
      .flatMap((datacenter) => datacenter.virtualMachines)
      .filter((machine) => machine.connectionState === 'connected')
      .flatMap((machine) => machine.nics.map((nic) => `${machine.name} ${nic.mac}`));
    expect(nics.map((nic) => `${nic.server.name} ${nic.mac}`).toSorted()).toEqual(cards.toSorted());
    const [nic] = await listOf<{ server: { name: string } }>('nics?ip=10.20.30.12');
    expect(nic?.server.name).toBe('sh-db-02');
  });
});
