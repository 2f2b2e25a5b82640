import { type Estate, makeHost, makeMachine, switchUuidOf, uuidOf } from '@wirebook/simulator';

/**
 * A vCenter with what placement tells apart. Home has a cluster `North` of three hosts and a host by itself; three of the four are on a
 * distributed switch. `VM Network` is on VLAN 10, but on esx-03 on 99. Abroad has a host of its own.
 */
export function placementEstate(): Estate {
  const north = ['esx-01', 'esx-02', 'esx-03'];
  const standard = (name: string, number: number, vlanId: number) =>
    makeHost({
      name,
      number,
      managementIp: `10.10.0.${10 + number}`,
      standardSwitches: [
        {
          name: 'vSwitch0',
          mtu: 1500,
          uplinks: ['vmnic0'],
          portGroups: [
            { name: 'Management Network', vlanId: 0, vmkernelOnly: true },
            { name: 'VM Network', vlanId },
            { name: 'all/vlans', vlanId: 4095 },
          ],
        },
      ],
    });
  const nics = (group: string, ...addresses: string[]) => [{ network: { distributed: group }, addresses }];
  return {
    kind: 'vcenter',
    name: 'Placing',
    instanceUuid: uuidOf('vcenter', 606),
    version: '8.0.3',
    build: '24022515',
    datacenters: [
      {
        name: 'Home',
        clusters: [
          { name: 'North', hosts: north.map((name, at) => standard(name, at + 1, at === 2 ? 99 : 10)) },
        ],
        standaloneHosts: [standard('esx-04', 4, 10)],
        distributedSwitches: [
          {
            name: 'dvs-1',
            uuid: switchUuidOf(6),
            mtu: 1500,
            hosts: north,
            uplinkPortGroup: { name: 'dvs-1-uplinks', markedBy: 'config' },
            privateVlans: [],
            portGroups: [
              { name: 'web', vlan: { kind: 'id', id: 20 } },
              { name: 'web/twin', vlan: { kind: 'id', id: 20 } },
              { name: 'trunk', vlan: { kind: 'trunk', ranges: [{ start: 1, end: 100 }] } },
              {
                name: 'segment',
                vlan: { kind: 'none' },
                nsx: { logicalSwitchUuid: uuidOf('segment', 1), segmentId: '/infra/segments/one' },
              },
            ],
          },
        ],
        opaqueNetworks: [
          {
            name: 'overlay',
            opaqueNetworkId: uuidOf('opaque', 1),
            opaqueNetworkType: 'nsx.LogicalSwitch',
            hosts: ['esx-01'],
          },
        ],
        datastores: [{ name: 'shared/ssd', capacity: 2048, free: 1024 }],
        folders: ['Web/Old', 'Web'],
        virtualMachines: [
          makeMachine({
            name: 'web-1',
            number: 1,
            host: 'esx-01',
            folder: 'Web/Old',
            nics: nics('web', '10.20.0.11/24'),
          }),
          makeMachine({ name: 'web-2', number: 2, host: 'esx-02', nics: nics('web/twin', '10.20.0.12/24') }),
          makeMachine({ name: 'web-3', number: 3, host: 'esx-02', nics: nics('web/twin', '10.20.0.13/24') }),
          makeMachine({
            name: 'template',
            number: 4,
            host: 'esx-01',
            folder: 'Web',
            template: true,
            powerState: 'poweredOff',
            tools: 'notRunning',
            cpus: 4,
            nics: [{ network: { distributed: 'web' } }, { network: { standard: 'VM Network' } }],
          }),
        ],
      },
      {
        name: 'Abroad',
        clusters: [],
        standaloneHosts: [standard('esx-05', 5, 10)],
        distributedSwitches: [],
        opaqueNetworks: [],
        datastores: [{ name: 'hdd', capacity: 512, free: 256 }],
        folders: ['Web'],
        virtualMachines: [],
      },
    ],
  };
}
