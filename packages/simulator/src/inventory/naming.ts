import type { Moref } from '../vim-xml.ts';

/** How morefs are made: vCenter numbers everything, a host agent has fixed names. */
export interface Naming {
  rootFolder: Moref;
  next: (kind: string) => Moref;
  network: (name: string) => Moref;
}

const prefixes: Record<string, [string, string]> = {
  datacenter: ['Datacenter', 'datacenter-'],
  vmFolder: ['Folder', 'group-v'],
  hostFolder: ['Folder', 'group-h'],
  datastoreFolder: ['Folder', 'group-s'],
  networkFolder: ['Folder', 'group-n'],
  folder: ['Folder', 'group-v'],
  cluster: ['ClusterComputeResource', 'domain-c'],
  compute: ['ComputeResource', 'domain-s'],
  pool: ['ResourcePool', 'resgroup-'],
  environmentBrowser: ['EnvironmentBrowser', 'envbrowser-'],
  host: ['HostSystem', 'host-'],
  networkSystem: ['HostNetworkSystem', 'networkSystem-'],
  datastore: ['Datastore', 'datastore-'],
  switch: ['VmwareDistributedVirtualSwitch', 'dvs-'],
  group: ['DistributedVirtualPortgroup', 'dvportgroup-'],
  opaque: ['OpaqueNetwork', 'network-o'],
  network: ['Network', 'network-'],
  vm: ['VirtualMachine', 'vm-'],
  snapshot: ['VirtualMachineSnapshot', 'snapshot-'],
};

export function vcenterNaming(): Naming {
  let last = 20;
  const next = (kind: string): Moref => {
    const [type, prefix] = prefixes[kind] ?? ['', ''];
    last += 1;
    return { type, value: `${prefix}${last}` };
  };
  return { rootFolder: { type: 'Folder', value: 'group-d1' }, next, network: () => next('network') };
}

const fixedNames: Record<string, string> = {
  datacenter: 'ha-datacenter',
  vmFolder: 'ha-folder-vm',
  hostFolder: 'ha-folder-host',
  datastoreFolder: 'ha-folder-datastore',
  networkFolder: 'ha-folder-network',
  compute: 'ha-compute-res',
  pool: 'ha-root-pool',
  environmentBrowser: 'ha-env-browser',
  host: 'ha-host',
  networkSystem: 'networkSystem',
};

export function esxiNaming(): Naming {
  let machines = 0;
  let datastores = 0;
  let snapshots = 0;
  return {
    rootFolder: { type: 'Folder', value: 'ha-folder-root' },
    next: (kind) => {
      const [type = ''] = prefixes[kind] ?? [];
      if (kind === 'vm') return { type, value: String((machines += 1)) };
      if (kind === 'datastore') return { type, value: `65f0a1b2-0000000${(datastores += 1)}-0c29-0050` };
      if (kind === 'snapshot') return { type, value: `snapshot-${(snapshots += 1)}` };
      const value = fixedNames[kind];
      if (value === undefined) throw new Error(`A standalone ESXi has no ${kind}.`);
      return { type, value };
    },
    network: (name) => ({ type: 'Network', value: `HaNetwork-${name}` }),
  };
}

/** vCenter stores `/`, `\` and `%` in names of distributed objects %-escaped. */
export function escapeName(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('/', '%2f').replaceAll('\\', '%5c');
}
