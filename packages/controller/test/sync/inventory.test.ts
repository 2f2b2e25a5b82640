import type { Host, Nic, Server, SyncRun, VirtualSwitch, Wire } from '@wirebook/contract';
import {
  demoEstate,
  type Estate,
  type Host as EstateHost,
  type Simulator,
  startSimulator,
  type VirtualMachine,
} from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addAccount, listAll } from '../support/accounts.ts';
import { startTestController, type TestController } from '../support/controller.ts';

const estate: Estate = demoEstate();
const everyHost: { host: EstateHost; datacenter: string; cluster: string | null }[] =
  estate.datacenters.flatMap(({ name, clusters, standaloneHosts }) => [
    ...clusters.flatMap((cluster) =>
      cluster.hosts.map((host) => ({ host, datacenter: name, cluster: cluster.name })),
    ),
    ...standaloneHosts.map((host) => ({ host, datacenter: name, cluster: null })),
  ]);
const machines: VirtualMachine[] = estate.datacenters.flatMap(({ virtualMachines }) => virtualMachines);
const readable = machines.filter(({ connectionState }) => connectionState === 'connected');

let simulator: Simulator;
let controller: TestController;
let run: SyncRun;
let hosts: Host[];
let switches: VirtualSwitch[];
let wires: Wire[];
let servers: Server[];
let nics: Nic[];

beforeAll(async () => {
  simulator = await startSimulator({ estate });
  controller = await startTestController();
  run = (await addAccount(controller, simulator, { name: 'corp' })).run;
  hosts = await listAll(controller, '/api/v1/hosts');
  switches = await listAll(controller, '/api/v1/virtual-switches');
  wires = await listAll(controller, '/api/v1/wires?purpose=any');
  servers = await listAll(controller, '/api/v1/servers');
  nics = await listAll(controller, '/api/v1/nics');
});
afterAll(async () => {
  await controller.stop();
  await simulator.stop();
});

function only<T extends { name: string }>(
  list: readonly T[],
  name: string,
  more: (item: T) => boolean = () => true,
): T {
  const found = list.filter((item) => item.name === name && more(item));
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} are named ${name}`);
  return first;
}
const serverOf = (name: string): Server => only(servers, name);
const wireOf = (name: string, more?: (wire: Wire) => boolean): Wire => only(wires, name, more);
const by = (left: string, right: string): number => (left < right ? -1 : 1);

describe('the first sync', () => {
  test('says what it read, and complains by name of what could not be read', () => {
    expect(run).toMatchObject({
      state: 'succeeded',
      counts: {
        hosts: everyHost.length,
        virtualSwitches: switches.length,
        wires: wires.length,
        servers: machines.length,
        nics: readable.reduce((sum, machine) => sum + machine.nics.length, 0),
      },
      changes: {
        hosts: { created: everyHost.length, updated: 0, missing: 0, returned: 0 },
        servers: { created: machines.length, updated: 0, missing: 0, returned: 0 },
      },
    });
    expect(run.errors.map(({ object }) => object).toSorted()).toEqual([
      'sh-edge-01',
      'sh-edge-02',
      'sh-files-gone',
      'sh-orphan',
    ]);
    for (const { text } of run.errors) expect(text).not.toBe('');
    for (const phase of ['connect', 'folders', 'hosts', 'servers', 'apply'])
      expect(run.durations[phase], phase).toBeGreaterThanOrEqual(0);
  });
});

describe('hosts', () => {
  test('are those of the vCenter, one management address each', () => {
    expect(
      hosts
        .map((host) => [
          host.name,
          host.managementIp,
          host.hardwareUuid,
          host.datacenter,
          host.state,
          host.maintenance,
        ])
        .toSorted((a, b) => by(String(a[0]), String(b[0]))),
    ).toEqual(
      everyHost
        .map(({ host, datacenter }) => [
          host.name,
          host.managementIp,
          host.hardwareUuid,
          datacenter,
          host.connectionState,
          host.inMaintenanceMode,
        ])
        .toSorted((a, b) => by(String(a[0]), String(b[0]))),
    );
    expect(new Set(hosts.map(({ managementIp }) => managementIp)).size).toBe(hosts.length);
    for (const { host, cluster } of everyHost)
      if (cluster !== null) expect(only(hosts, host.name).cluster).toBe(cluster);
  });

  test('are found by their management address', async () => {
    const found = await listAll<Host>(controller, '/api/v1/hosts?managementIp=10.20.0.13');
    expect(found.map(({ name }) => name)).toEqual(['sh-esx-03.corp.example']);
  });

  test('show what their physical NICs hear, by CDP and by LLDP, and their vmkernel NICs', () => {
    const host = only(hosts, 'sh-esx-01.corp.example');
    expect(
      host.physicalNics.map(({ device, speedMbps, neighbour }) => [device, speedMbps, neighbour]),
    ).toEqual([
      [
        'vmnic0',
        25_000,
        expect.objectContaining({
          protocol: 'cdp',
          switch: 'sh-tor-a.net.example',
          port: 'Ethernet1/1',
          address: '10.0.250.11',
        }),
      ],
      [
        'vmnic1',
        25_000,
        expect.objectContaining({ protocol: 'cdp', switch: 'sh-tor-b.net.example', address: '10.0.250.12' }),
      ],
      [
        'vmnic2',
        25_000,
        expect.objectContaining({
          protocol: 'lldp',
          switch: 'sh-tor-b.net.example',
          port: 'Eth1/21',
          address: '10.0.250.12',
        }),
      ],
      ['vmnic3', expect.toSatisfy((speed) => speed === null || speed === 0), null],
    ]);
    expect(host.vmkernelNics).toEqual([
      { device: 'vmk0', ip: '10.20.0.11', portGroup: 'Management Network' },
      { device: 'vmk1', ip: '10.20.5.11', portGroup: 'vMotion' },
      { device: 'vmk2', ip: '10.20.6.11', portGroup: simulator.morefs.portGroup('sh-vsan').key },
    ]);
  });
});

describe('virtual switches', () => {
  test('are one per host for standard ones and one per vCenter for distributed ones', () => {
    const standard = everyHost.flatMap(({ host }) =>
      host.standardSwitches.map((item) => `${item.name} ${item.mtu} ${host.name}`),
    );
    expect(
      switches
        .filter(({ kind }) => kind === 'standard')
        .map((item) => `${item.name} ${item.mtu} ${item.hosts.map(({ name }) => name).join(',')}`)
        .toSorted(),
    ).toEqual(standard.toSorted());
    const distributed = estate.datacenters.flatMap(({ distributedSwitches }) => distributedSwitches);
    for (const item of distributed) {
      const shown = only(switches, item.name);
      expect(shown).toMatchObject({ kind: 'distributed', uuid: item.uuid, mtu: item.mtu });
      expect(shown.hosts.map(({ name }) => name).toSorted()).toEqual(item.hosts.toSorted());
    }
    expect(switches).toHaveLength(standard.length + distributed.length);
  });
});

describe('wires', () => {
  test('are the port groups one to one, by their ids', () => {
    const distributed = estate.datacenters.flatMap((datacenter) =>
      datacenter.distributedSwitches.flatMap((item) => [
        ...item.portGroups.map(({ name }) => `${datacenter.name} ${name}`),
        `${datacenter.name} ${item.uplinkPortGroup.name}`,
      ]),
    );
    const standard = estate.datacenters.flatMap((datacenter) => {
      const names = everyHost
        .filter((entry) => entry.datacenter === datacenter.name)
        .flatMap(({ host }) =>
          host.standardSwitches.flatMap(({ portGroups }) => portGroups.map(({ name }) => name)),
        );
      return [...new Set(names)].map((name) => `${datacenter.name} ${name}`);
    });
    const opaque = estate.datacenters.flatMap((datacenter) =>
      datacenter.opaqueNetworks.map(({ name }) => `${datacenter.name} ${name}`),
    );
    expect(wires.map(({ datacenter, name }) => `${datacenter} ${name}`).toSorted()).toEqual(
      [...distributed, ...standard, ...opaque].toSorted(),
    );
    expect(new Set(wires.map(({ portGroupId }) => portGroupId)).size).toBe(wires.length);
    for (const name of ['sh-web-prod', 'sh-web/blue', 'sh-trunk-firewall', 'fr-voice'])
      expect(wireOf(name).portGroupId).toBe(simulator.morefs.portGroup(name).key);
    for (const name of ['Backup', 'DMZ/Legacy', 'seg-opaque', 'fr-office'])
      expect(wireOf(name).portGroupId).toBe(simulator.morefs.portGroup(name).ref.value);
  });

  test('of one name stay apart: in two datacenters, standard and distributed alike', () => {
    for (const name of ['Production', 'VM Network']) {
      const found = wires.filter((wire) => wire.name === name);
      expect(found.map(({ datacenter }) => datacenter ?? '').toSorted()).toEqual(['Frankfurt', 'Shanghai']);
      for (const { datacenter, portGroupId } of found) {
        const group = simulator.morefs.portGroup(name, { datacenter: datacenter ?? '' });
        expect(portGroupId).toBe(group.key ?? group.ref.value);
      }
    }
  });

  test('have the names that people write: %2f is a slash', () => {
    expect(wireOf('sh-web/blue').kind).toBe('distributed');
    expect(wireOf('DMZ/Legacy').kind).toBe('standard');
    expect(wires.filter(({ name }) => name.includes('%'))).toEqual([]);
  });

  test('of uplinks and of vmkernel NICs alone are told by their purpose, and left out of lists unless asked for', async () => {
    const purposes = (purpose: string): string[] =>
      wires
        .filter((wire) => wire.purpose === purpose)
        .map(({ name }) => name)
        .toSorted();
    expect(purposes('uplink')).toEqual(['dvs-frankfurt-DVUplinks-30', 'dvs-shanghai-DVUplinks-20']);
    expect(purposes('vmkernel')).toEqual(['Management Network', 'Management Network', 'sh-vsan', 'vMotion']);
    const shown = await listAll<Wire>(controller, '/api/v1/wires');
    expect(shown.map(({ name }) => name).toSorted()).toEqual(purposes('vm'));
    expect(shown).toHaveLength(wires.length - 6);
    const uplinks = await listAll<Wire>(controller, '/api/v1/wires?purpose=uplink');
    expect(uplinks).toHaveLength(2);
  });

  test('show every kind of VLAN: none, id, trunk, private with its primary', () => {
    const none = { kind: 'none', id: null, ranges: [], primaryId: null };
    expect(wireOf('sh-untagged').vlan).toEqual(none);
    expect(wireOf('sh-web-prod').vlan).toEqual({ ...none, kind: 'id', id: 110 });
    expect(wireOf('sh-trunk-firewall').vlan).toEqual({
      ...none,
      kind: 'trunk',
      ranges: [
        { start: 100, end: 199 },
        { start: 300, end: 310 },
      ],
    });
    expect(wireOf('Trunk all').vlan).toEqual({ ...none, kind: 'trunk', ranges: [{ start: 0, end: 4094 }] });
    expect(wireOf('sh-pvlan-isolated').vlan).toEqual({ ...none, kind: 'private', id: 1501, primaryId: 1500 });
  });

  test('of NSX are told from the others, whether a distributed group or an opaque network', () => {
    expect(
      wires
        .filter(({ kind }) => kind === 'nsx')
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['seg-opaque', 'seg-web']);
    expect(wireOf('seg-web').virtualSwitch?.name).toBe('dvs-shanghai');
    expect(wireOf('seg-web').counts.servers).toBe(2);
    expect(wireOf('seg-opaque').counts.servers).toBe(2);
  });

  test('of standard groups keep their VLAN and switch by host, and hosts that disagree are reported', () => {
    const backup = wireOf('Backup');
    expect(backup).toMatchObject({ vlan: { kind: 'id', id: 70 }, vlanDisagreement: true });
    expect(
      backup.hostVlans
        .map(({ host, vlan, switch: item }) => [host.name, vlan.id, item?.name])
        .toSorted((a, b) => by(String(a[0]), String(b[0]))),
    ).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => [
        `sh-esx-0${number}.corp.example`,
        number === 3 ? 71 : 70,
        'vSwitch0',
      ]),
    );
    expect(wires.filter(({ vlanDisagreement }) => vlanDisagreement).map(({ name }) => name)).toEqual([
      'Backup',
    ]);
    const web = wireOf('sh-web-prod');
    expect(web.hostVlans.map(({ host }) => host.name).toSorted()).toEqual(
      [1, 2, 3, 4, 5, 6].map((number) => `sh-esx-0${number}.corp.example`),
    );
    expect(wireOf('restore-test').hostVlans.map(({ host }) => host.name)).toEqual(['sh-esx-01.corp.example']);
  });

  test('show security and teaming', () => {
    expect(wireOf('sh-trunk-firewall').security).toEqual({
      promiscuous: true,
      macChanges: true,
      forgedTransmits: true,
    });
    expect(wireOf('DMZ/Legacy').security).toEqual({
      promiscuous: false,
      macChanges: true,
      forgedTransmits: true,
    });
    expect(wireOf('sh-db-prod').teaming).toMatchObject({ active: ['Uplink 2'], standby: ['Uplink 1'] });
  });

  test('count the servers and NICs on them', () => {
    const onWeb = machines.filter(
      ({ nics: cards, connectionState }) =>
        connectionState === 'connected' &&
        cards.some(({ network }) => 'distributed' in network && network.distributed === 'sh-web-prod'),
    );
    expect(wireOf('sh-web-prod').counts).toMatchObject({
      servers: onWeb.length,
      nics: onWeb.length,
      networks: 0,
    });
  });
});

describe('servers', () => {
  test('are all VMs, each by its instance UUID or, without one, by its id in vCenter', () => {
    expect(servers.map(({ name }) => name).toSorted()).toEqual(machines.map(({ name }) => name).toSorted());
    for (const machine of readable) {
      const found = servers.filter(({ instanceUuid }) => instanceUuid === machine.instanceUuid);
      if (machine.instanceUuid !== undefined) expect(found.map(({ name }) => name)).toEqual([machine.name]);
    }
    const ancient = serverOf('sh-ancient');
    expect(ancient.instanceUuid).toBeNull();
    expect(ancient.moref).toBe(simulator.morefs.vm('sh-ancient').value);
    expect(ancient.nics).toHaveLength(1);
  });

  test('that were copied share the BIOS uuid and stay two', async () => {
    const { biosUuid } = serverOf('sh-copy');
    const found = await listAll<Server>(controller, `/api/v1/servers?biosUuid=${biosUuid}`);
    expect(found.map(({ name }) => name).toSorted()).toEqual(['sh-app-01', 'sh-copy']);
    expect(new Set(found.map(({ instanceUuid }) => instanceUuid)).size).toBe(2);
  });

  test('stand in their datacenter, cluster, folder and host, and say how they are', () => {
    for (const machine of readable) {
      const server = servers.find(
        ({ biosUuid, name }) => biosUuid === machine.biosUuid && name === machine.name,
      );
      expect(server, machine.name).toMatchObject({
        name: machine.name,
        host: { name: machine.host },
        powerState: machine.powerState,
        connectionState: 'connected',
        readable: true,
        template: machine.template ?? false,
        managedBy: machine.managedBy?.extensionKey ?? null,
        biosUuid: machine.biosUuid,
        missingSince: null,
      });
      expect(server?.folder ?? '', machine.name).toBe(machine.folder);
    }
    expect(serverOf('sh-web-01')).toMatchObject({ datacenter: 'Shanghai', cluster: 'SH-Compute' });
    expect(serverOf('vCLS-4c4c4544-0042-3010-8051-b4c04f4d3332')).toMatchObject({
      managedBy: 'com.vmware.vim.eam',
      nics: [],
    });
    expect(serverOf('tpl-ubuntu-2404')).toMatchObject({ template: true, cluster: 'SH-Compute' });
  });

  test('whose Tools stopped, were never installed, or run in an old version say so', () => {
    expect(serverOf('sh-tools-stopped').toolsStatus).toBe('not_running');
    expect(serverOf('sh-appliance').toolsStatus).toBe('not_installed');
    expect(serverOf('sh-erp-01').toolsStatus).toBe('running');
    expect(serverOf('sh-apipa').guestHostName).toBe('localhost.localdomain');
  });

  test('that can’t be read are there, and say why', () => {
    for (const [name, connectionState] of [
      ['sh-edge-01', 'disconnected'],
      ['sh-files-gone', 'inaccessible'],
      ['sh-orphan', 'orphaned'],
    ])
      expect(serverOf(name ?? '')).toMatchObject({ connectionState, readable: false, missingSince: null });
  });

  test('show the addresses of interfaces inside the guest apart from those of their NICs', () => {
    const server = serverOf('sh-k8s-01');
    expect(server.guestInternal.map(({ ip }) => ip).toSorted(by)).toEqual(
      ['10.244.1.1', '172.17.0.1', '172.18.0.1', 'fe80::5cbb:f6ff:fe9e:eefa'].toSorted(by),
    );
    expect(server.nics.flatMap(({ observed }) => observed.map(({ ip }) => ip))).toEqual(['10.20.50.11']);
  });
});

describe('NICs', () => {
  test('are all virtual cards, with or without an address, on the wire of their backing', () => {
    const expected = readable.flatMap((machine) =>
      machine.nics.map(
        (card) =>
          `${machine.name} ${card.key} ${card.label} ${card.mac} ${card.connected && machine.powerState === 'poweredOn'}`,
      ),
    );
    expect(
      nics
        .map((nic) => `${nic.server.name} ${nic.deviceKey} ${nic.label} ${nic.mac} ${nic.connected}`)
        .toSorted(),
    ).toEqual(expected.toSorted());
    for (const machine of readable) {
      if (simulator.morefs.vms(machine.name).length > 1) continue;
      for (const card of machine.nics) {
        const nic = nics.find(({ mac, server }) => mac === card.mac && server.name === machine.name);
        const { network } = card;
        const name =
          'standard' in network
            ? network.standard
            : 'distributed' in network
              ? network.distributed
              : 'opaque' in network
                ? network.opaque
                : null;
        expect(nic?.wire?.name ?? null, machine.name).toBe(name);
      }
    }
    expect(nics.filter(({ observed }) => observed.length === 0).length).toBeGreaterThan(5);
  });

  test('are on the wire of their backing even where the guest’s report names another', () => {
    expect(serverOf('sh-liar').nics[0]).toMatchObject({
      wire: { name: 'sh-app-prod' },
      observed: [{ ip: '10.20.20.52' }],
    });
  });

  test('whose port group is gone are kept without a wire', () => {
    for (const name of ['sh-lost-dvpg', 'sh-lost-std'])
      expect(serverOf(name).nics).toMatchObject([{ wire: null, missingSince: null }]);
  });

  test('show every address that may be theirs, with its prefix length', () => {
    const observed = (name: string): string[] =>
      serverOf(name)
        .nics.flatMap((nic) => nic.observed.map(({ ip, prefixLength }) => `${ip}/${prefixLength}`))
        .toSorted(by);
    expect(observed('sh-db-03')).toEqual(['10.20.30.100/24', '10.20.30.13/24', '10.20.70.13/24']);
    expect(observed('sh-v6-01')).toEqual(['10.20.10.61/24', '2001:db8:20:10::61/64', 'fd20:10:1::61/64']);
    expect(observed('sh-only-ipconfig')).toEqual(['10.20.20.57/24']);
    expect(observed('sh-no-ipconfig')).toEqual(['10.20.20.56/null']);
    expect(observed('sh-dns-in-nic')).toEqual(['10.20.20.58/24']);
    expect(observed('sh-apipa')).toEqual([]);
    expect(observed('sh-v6-linklocal')).toEqual([]);
    // What a powered-off VM reported before proves nothing.
    expect(observed('sh-off-stale')).toEqual([]);
  });
});
