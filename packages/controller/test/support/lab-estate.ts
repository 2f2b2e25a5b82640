import { type Estate, makeHost, makeMachine, switchUuidOf, uuidOf } from '@wirebook/simulator';

export type MachineSketch = Parameters<typeof makeMachine>[0];

/** Distributed groups of the lab; `twin` has the same VLAN as `web`. */
export const labGroups = ['web', 'twin', 'db', 'spare'] as const;
const labHost = 'esx-01.lab.example';

/** Two hosts, a standard group `VM Network`, distributed groups, and the machines given, in the order of their morefs. */
export function labEstate(machines: readonly Omit<MachineSketch, 'host' | 'number'>[]): Estate {
  const hosts = [labHost, 'esx-02.lab.example'];
  return {
    kind: 'vcenter',
    name: 'Lab vCenter',
    instanceUuid: uuidOf('vcenter', 77),
    version: '8.0.3',
    build: '24022515',
    datacenters: [
      {
        name: 'Lab',
        clusters: [
          {
            name: 'Lab-Cluster',
            hosts: hosts.map((name, index) =>
              makeHost({
                name,
                number: index + 1,
                managementIp: `10.10.0.${11 + index}`,
                standardSwitches: [
                  {
                    name: 'vSwitch0',
                    mtu: 1500,
                    uplinks: ['vmnic0'],
                    portGroups: [
                      { name: 'Management Network', vlanId: 0, vmkernelOnly: true },
                      { name: 'VM Network', vlanId: 10 },
                    ],
                  },
                ],
              }),
            ),
          },
        ],
        standaloneHosts: [],
        distributedSwitches: [
          {
            name: 'dvs-lab',
            uuid: switchUuidOf(1),
            mtu: 1500,
            hosts,
            uplinkPortGroup: { name: 'dvs-lab-DVUplinks', markedBy: 'config' },
            privateVlans: [],
            portGroups: labGroups.map((name, index) => ({
              name,
              vlan: { kind: 'id', id: name === 'twin' ? 20 : 20 + index * 10 },
            })),
          },
        ],
        opaqueNetworks: [],
        datastores: [{ name: 'lab-ds', capacity: 2048, free: 1024 }],
        folders: ['Web'],
        virtualMachines: machines.map((machine, index) =>
          makeMachine({ host: hosts[index % 2] ?? labHost, number: index + 1, ...machine }),
        ),
      },
    ],
  };
}

/** A machine with one NIC per group, each reporting its addresses. */
export function machine(
  name: string,
  nics: readonly [group: string, ...addresses: string[]][],
  more: Partial<MachineSketch> = {},
): Omit<MachineSketch, 'host' | 'number'> {
  return {
    name,
    nics: nics.map(([group, ...addresses]) => ({
      network: group === 'VM Network' ? { standard: group } : { distributed: group },
      addresses,
    })),
    ...more,
  };
}
