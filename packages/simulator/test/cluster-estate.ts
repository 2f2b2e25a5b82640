import { makeHost, makeMachine, smallEstate, switchUuidOf, type Estate } from '../src/index.ts';
import { group, managementSwitch } from '../src/estates/parts.ts';

/** Names of the hosts: 01 and 02 in a cluster with DRS, 03 in one without. */
export const esx = {
  one: 'esx-01.lab.example',
  two: 'esx-02.lab.example',
  three: 'esx-03.lab.example',
};

/**
 * Two clusters, three hosts that differ in networks and datastores, pools, a template with a snapshot:
 * `VM Network` on 01 and 02, `only-02` on 02, distributed `web` on 01 and 02 and `far` on 03, `seg` (opaque) on 01.
 */
export function clusterEstate(): Estate {
  const estate = smallEstate();
  const [lab] = estate.datacenters;
  if (lab === undefined) throw new Error('The small estate has a datacenter.');
  const host = (name: string, number: number, groups: string[], usage: { cpu: number; memory: number }) => ({
    ...makeHost({
      name,
      number,
      managementIp: `10.10.0.1${number}`,
      standardSwitches: [managementSwitch(groups.map((one) => ({ name: one, vlanId: 10 })))],
    }),
    usage,
  });
  const dvs = (name: string, number: number, hosts: string[], portGroup: string) => ({
    name,
    uuid: switchUuidOf(number),
    mtu: 1500,
    hosts,
    uplinkPortGroup: { name: `${name}-uplinks`, markedBy: 'config' as const },
    privateVlans: [],
    portGroups: [group(portGroup, 20)],
  });
  lab.clusters = [
    {
      name: 'Lab-Cluster',
      resourcePools: ['Production/Web', 'Test'],
      hosts: [
        host(esx.one, 1, ['VM Network'], { cpu: 60_000, memory: 400_000 }),
        host(esx.two, 2, ['VM Network', 'only-02'], { cpu: 1000, memory: 1000 }),
      ],
    },
    { name: 'Plain', drs: false, hosts: [host(esx.three, 3, [], { cpu: 0, memory: 0 })] },
  ];
  lab.distributedSwitches = [
    dvs('dvs-lab', 1, [esx.one, esx.two], 'web'),
    dvs('dvs-far', 2, [esx.three], 'far'),
  ];
  lab.opaqueNetworks = [
    { name: 'seg', opaqueNetworkId: 'b2f9c6f0', opaqueNetworkType: 'nsx.LogicalSwitch', hosts: [esx.one] },
  ];
  lab.datastores = [
    { name: 'lab-ds', capacity: 2048, free: 1024 },
    { name: 'ds-02', capacity: 1024, free: 512, hosts: [esx.two] },
    { name: 'ds-lost', capacity: 1024, free: 512, accessible: false },
    { name: 'ds-maintained', capacity: 1024, free: 512, inMaintenance: true },
  ];
  lab.virtualMachines.push(
    makeMachine({
      name: 'snapshot-template',
      number: 6,
      host: esx.one,
      template: true,
      powerState: 'poweredOff',
      tools: 'notRunning',
      annotation: 'golden',
      snapshot: 'golden',
      nics: [{ network: { distributed: 'web' } }],
    }),
    makeMachine({
      name: 'pooled-1',
      number: 7,
      host: esx.two,
      datastore: 'ds-02',
      resourcePool: 'Production/Web',
      nics: [{ network: { standard: 'only-02' }, addresses: ['10.10.10.31/24'] }],
    }),
  );
  return estate;
}
