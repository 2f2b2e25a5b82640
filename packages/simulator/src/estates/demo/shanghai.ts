import type { Datacenter, Host, StandardPortGroup, StandardSwitch } from '../../estate.ts';
import { group, macOf, makeHost, makeMachine, managementSwitch, switchUuidOf } from '../parts.ts';
import { shanghaiMachines } from './shanghai-machines.ts';
import { shanghaiOddMachines } from './shanghai-odd-machines.ts';
import { rackNeighbour } from './sites.ts';

const uuid = switchUuidOf(0x20);

export function shanghai(): Datacenter {
  const hosts = [1, 2, 3, 4, 5, 6].map(makeShanghaiHost);
  return {
    name: 'Shanghai',
    clusters: [
      { name: 'SH-Compute', hosts: hosts.slice(0, 4) },
      { name: 'SH-Edge', hosts: hosts.slice(4) },
    ],
    standaloneHosts: [],
    distributedSwitches: [
      {
        name: 'dvs-shanghai',
        uuid,
        mtu: 9000,
        hosts: hosts.map((host) => host.name),
        // Somebody swapped two cables of sh-esx-02.
        cabling: { 'sh-esx-02.corp.example': { 'Uplink 1': 'vmnic2', 'Uplink 2': 'vmnic1' } },
        uplinkPortGroup: { name: 'dvs-shanghai-DVUplinks-20', markedBy: 'config' },
        privateVlans: [
          { primary: 1500, secondary: 1500, type: 'promiscuous' },
          { primary: 1500, secondary: 1501, type: 'isolated' },
          { primary: 1500, secondary: 1502, type: 'community' },
        ],
        portGroups: [
          group('sh-web-prod', 110),
          // The same VLAN and the same range once more: an additional wire of the web network.
          group('sh-web-prod-2', 110),
          // vCenter stores the slash of a distributed group as %2f.
          group('sh-web/blue', 111),
          group('sh-app-prod', 120),
          group('sh-db-prod', 130, { teaming: { active: ['Uplink 2'], standby: ['Uplink 1'] } }),
          // Frankfurt has a group of the same name.
          group('Production', 140),
          group('sh-k8s', 150),
          group('sh-untagged', 0),
          group(
            'sh-trunk-firewall',
            {
              kind: 'trunk',
              ranges: [
                { start: 100, end: 199 },
                { start: 300, end: 310 },
              ],
            },
            { security: { promiscuous: true, macChanges: true, forgedTransmits: true } },
          ),
          group('sh-pvlan-isolated', { kind: 'private', secondary: 1501 }),
          group('sh-vsan', 90),
          group('seg-web', 0, {
            nsx: {
              logicalSwitchUuid: 'b2f9c6f0-7a3c-4a86-9a53-1d0f5a7c1101',
              segmentId: '/infra/segments/seg-web',
            },
          }),
        ],
      },
    ],
    opaqueNetworks: [
      {
        name: 'seg-opaque',
        opaqueNetworkId: 'b2f9c6f0-7a3c-4a86-9a53-1d0f5a7c1202',
        opaqueNetworkType: 'nsx.LogicalSwitch',
        hosts: hosts.map((host) => host.name),
      },
    ],
    datastores: [
      { name: 'sh-vsan-01', capacity: 200_000, free: 90_000 },
      { name: 'sh-nfs-iso', capacity: 4000, free: 1200 },
    ],
    folders: ['Production/Web', 'Production/App', 'Production/DB', 'Platform', 'Templates', 'Attic', 'vCLS'],
    virtualMachines: [...shanghaiMachines(), ...shanghaiOddMachines(uuid)].map(makeMachine),
  };
}

function makeShanghaiHost(number: number): Host {
  return makeHost({
    name: `sh-esx-0${number}.corp.example`,
    number: 100 + number,
    managementIp: `10.20.0.${10 + number}`,
    standardSwitches: standardSwitches(number),
    // sh-esx-04 is in maintenance, sh-esx-06 doesn't answer vCenter.
    inMaintenanceMode: number === 4,
    connectionState: number === 6 ? 'disconnected' : 'connected',
    speeds: speedsOf(number),
    // One port of sh-esx-04 sends another VLAN untagged than the rest.
    neighbour: rackNeighbour('sh', number, (pnic) => (number === 4 && pnic === 1 ? 999 : 1)),
    vmkernelNics: [
      {
        device: 'vmk1',
        mac: macOf(3_900_000 + number * 4),
        ip: `10.20.5.${10 + number}`,
        prefixLength: 24,
        network: { standard: 'vMotion' },
        services: ['vmotion'],
      },
      {
        device: 'vmk2',
        mac: macOf(3_900_001 + number * 4),
        ip: `10.20.6.${10 + number}`,
        prefixLength: 24,
        network: { distributed: 'sh-vsan' },
        services: ['vsan'],
      },
    ],
  });
}

/** The link of vmnic2 is dead on sh-esx-05; the fourth NIC leads nowhere on sh-esx-01, and is the second of vSwitch0 on the others. */
function speedsOf(number: number): number[] {
  return [25_000, 25_000, number === 5 ? 0 : 25_000, number === 1 ? 0 : 10_000];
}

function standardSwitches(number: number): StandardSwitch[] {
  const groups: StandardPortGroup[] = [
    // Carries only vmkernel NICs: no Network object stands for it.
    { name: 'vMotion', vlanId: 95, vmkernelOnly: true },
    { name: 'VM Network', vlanId: 10 },
    // sh-esx-03 has it on another VLAN than the rest.
    {
      name: 'Backup',
      vlanId: number === 3 ? 71 : 70,
      ...(number === 1 ? {} : { teaming: { active: ['vmnic3'], standby: ['vmnic0'] } }),
    },
    // A standard group keeps its slash.
    {
      name: 'DMZ/Legacy',
      vlanId: 30,
      security: { promiscuous: false, macChanges: true, forgedTransmits: true },
    },
    { name: 'Trunk all', vlanId: 4095 },
  ];
  // A test bubble: no uplink leads out of it.
  const bubble: StandardSwitch = {
    name: 'vSwitch9',
    mtu: 1500,
    uplinks: [],
    portGroups: [{ name: 'restore-test', vlanId: 0 }],
  };
  return number === 1 ? [managementSwitch(groups), bubble] : [managementSwitch(groups, ['vmnic0', 'vmnic3'])];
}
