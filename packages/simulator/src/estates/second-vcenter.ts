import type { Estate } from '../estate.ts';
import { group, macOf, makeHost, makeMachine, managementSwitch, switchUuidOf } from './parts.ts';

/**
 * Another vCenter that knows nothing of the demo's: it uses 10.20.10.0/24 for
 * something else, names a port group alike, and its VMs carry MACs that the
 * demo's carry too (MACs are unique within one vCenter only).
 */
export function secondVcenterEstate(): Estate {
  const host = 'sub-esx-01.subsidiary.example';
  const common = {
    host,
    gateway: '10.20.10.254',
    dnsServers: ['10.20.10.53'],
    dnsDomain: 'subsidiary.example',
  };
  const net = { distributed: 'Production' };
  return {
    kind: 'vcenter',
    name: 'vc-subsidiary.subsidiary.example',
    instanceUuid: 'c41a9e05-8b1f-47a6-8f55-7d10b2a6e920',
    version: '7.0.3',
    build: '21477706',
    datacenters: [
      {
        name: 'Subsidiary',
        clusters: [
          {
            name: 'Sub-Cluster',
            hosts: [
              makeHost({
                name: host,
                number: 401,
                managementIp: '192.168.90.11',
                version: '7.0.3',
                build: '21930508',
                standardSwitches: [managementSwitch([{ name: 'VM Network', vlanId: 0 }])],
              }),
            ],
          },
        ],
        standaloneHosts: [],
        distributedSwitches: [
          {
            name: 'dvs-subsidiary',
            uuid: switchUuidOf(0x40),
            mtu: 1500,
            hosts: [host],
            uplinkPortGroup: { name: 'dvs-subsidiary-DVUplinks', markedBy: 'config' },
            privateVlans: [],
            portGroups: [group('Production', 40)],
          },
        ],
        opaqueNetworks: [],
        datastores: [{ name: 'sub-ds', capacity: 8000, free: 3000 }],
        folders: [],
        // The demo's sh-web-01 to -04 have these addresses and these MACs.
        virtualMachines: [1, 2, 3, 4].map((index) =>
          makeMachine({
            ...common,
            name: `sub-app-0${index}`,
            number: 4000 + index,
            nics: [
              { network: net, mac: macOf((1000 + index) * 8), addresses: [`10.20.10.${10 + index}/24`] },
            ],
          }),
        ),
      },
    ],
  };
}
