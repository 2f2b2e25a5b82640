import type {
  Cluster,
  Datacenter,
  Datastore,
  DistributedPortGroup,
  DistributedSwitch,
  Estate,
  Host,
  NicNetwork,
  OpaqueNetwork,
  VirtualMachine,
  VirtualNic,
} from '../estate.ts';
import type { Moref } from '../vim-xml.ts';
import { escapeName, esxiNaming, vcenterNaming, type Naming } from './naming.ts';

/** The estate with a moref for everything and every name resolved. */
export interface EstatePlan {
  estate: Estate;
  rootFolder: Moref;
  datacenters: DatacenterPlan[];
}

export interface DatacenterPlan {
  description: Datacenter;
  ref: Moref;
  vmFolder: Moref;
  hostFolder: Moref;
  datastoreFolder: Moref;
  networkFolder: Moref;
  /** VM folders below `vmFolder`, by path. */
  folders: Map<string, Moref>;
  computeResources: ComputePlan[];
  hosts: Map<string, HostPlan>;
  standardNetworks: Map<string, NetworkPlan>;
  switches: Map<string, SwitchPlan>;
  opaqueNetworks: Map<string, OpaquePlan>;
  datastores: Map<string, DatastorePlan>;
  virtualMachines: MachinePlan[];
  nextMoref: (kind: string) => Moref;
}

export interface ComputePlan {
  ref: Moref;
  name: string;
  hosts: HostPlan[];
  /** The root pool. */
  pool: Moref;
  /** Pools below it by path. */
  pools: Map<string, Moref>;
  drs: boolean;
  environmentBrowser: Moref;
}

export interface DatastorePlan {
  description: Datastore;
  ref: Moref;
  /** The hosts that see it. */
  hosts: HostPlan[];
}

export interface HostPlan {
  description: Host;
  ref: Moref;
  networkSystem: Moref;
  compute: ComputePlan;
}

export interface NetworkPlan {
  ref: Moref;
  name: string;
  hosts: Moref[];
}

export interface GroupPlan {
  ref: Moref;
  name: string;
  key: string;
  /** Absent for the uplink group. */
  description?: DistributedPortGroup;
}

export interface SwitchPlan {
  description: DistributedSwitch;
  ref: Moref;
  hosts: HostPlan[];
  uplinkGroup: GroupPlan;
  groups: GroupPlan[];
  /** The same by stored name. */
  groupsByName: Map<string, GroupPlan>;
}

export interface OpaquePlan {
  description: OpaqueNetwork;
  ref: Moref;
  hosts: Moref[];
}

export interface MachinePlan {
  description: VirtualMachine;
  ref: Moref;
  host: HostPlan;
  folder: Moref;
  pool: Moref;
  datastore: Moref;
  datastoreName: string;
  /** The snapshot, if it has one. */
  snapshot?: Moref;
  nics: NicPlan[];
}

export interface NicPlan {
  description: VirtualNic;
  backing: NicBacking;
}

export type NicBacking =
  | { kind: 'standard'; name: string; network: Moref | undefined }
  | {
      kind: 'distributed';
      name: string;
      network: Moref | undefined;
      switchUuid: string;
      portgroupKey: string;
    }
  | { kind: 'opaque'; name: string; network: Moref; id: string; type: string };

/**
 * Gives every object its moref and resolves every name.
 *
 * @throws Error that names the object and the name it got wrong.
 */
export function planEstate(estate: Estate): EstatePlan {
  const naming = estate.kind === 'esxi' ? esxiNaming() : vcenterNaming();
  return {
    estate,
    rootFolder: naming.rootFolder,
    datacenters: estate.datacenters.map((datacenter) => planDatacenter(datacenter, naming)),
  };
}

function planDatacenter(datacenter: Datacenter, naming: Naming): DatacenterPlan {
  const plan: DatacenterPlan = {
    description: datacenter,
    ref: naming.next('datacenter'),
    vmFolder: naming.next('vmFolder'),
    hostFolder: naming.next('hostFolder'),
    datastoreFolder: naming.next('datastoreFolder'),
    networkFolder: naming.next('networkFolder'),
    folders: new Map(),
    computeResources: [],
    hosts: new Map(),
    standardNetworks: new Map(),
    switches: new Map(),
    opaqueNetworks: new Map(),
    datastores: new Map(),
    virtualMachines: [],
    nextMoref: naming.next,
  };
  for (const cluster of datacenter.clusters) planCompute(plan, cluster, 'cluster', naming);
  for (const host of datacenter.standaloneHosts)
    planCompute(plan, { name: host.name, hosts: [host] }, 'compute', naming);
  for (const description of datacenter.datastores) {
    const where = `Datastore ${description.name}`;
    const hosts = description.hosts?.map((name) => find(plan.hosts, name, where, 'host'));
    plan.datastores.set(description.name, {
      description,
      ref: naming.next('datastore'),
      hosts: hosts ?? [...plan.hosts.values()],
    });
  }
  planNetworks(plan, naming);
  for (const path of datacenter.folders) ensureFolder(plan, path);
  for (const machine of datacenter.virtualMachines) plan.virtualMachines.push(planMachine(plan, machine));
  return plan;
}

function planCompute(
  plan: DatacenterPlan,
  cluster: Cluster,
  kind: 'cluster' | 'compute',
  naming: Naming,
): void {
  const compute: ComputePlan = {
    ref: naming.next(kind),
    name: cluster.name,
    hosts: [],
    pool: naming.next('pool'),
    pools: new Map(),
    drs: cluster.drs ?? true,
    environmentBrowser: naming.next('environmentBrowser'),
  };
  for (const host of cluster.hosts) {
    if (plan.hosts.has(host.name)) throw new Error(`Two hosts are named ${host.name}.`);
    const hostPlan: HostPlan = {
      description: host,
      ref: naming.next('host'),
      networkSystem: naming.next('networkSystem'),
      compute,
    };
    compute.hosts.push(hostPlan);
    plan.hosts.set(host.name, hostPlan);
  }
  for (const path of cluster.resourcePools ?? []) {
    const names = path.split('/');
    for (const depth of names.keys()) {
      const part = names.slice(0, depth + 1).join('/');
      if (!compute.pools.has(part)) compute.pools.set(part, naming.next('pool'));
    }
  }
  plan.computeResources.push(compute);
}

function planNetworks(plan: DatacenterPlan, naming: Naming): void {
  for (const host of plan.hosts.values()) {
    for (const group of host.description.standardSwitches.flatMap((one) => one.portGroups)) {
      if (group.vmkernelOnly === true) continue;
      const network = plan.standardNetworks.get(group.name) ?? {
        ref: naming.network(group.name),
        name: group.name,
        hosts: [],
      };
      network.hosts.push(host.ref);
      plan.standardNetworks.set(group.name, network);
    }
  }
  for (const description of plan.description.distributedSwitches) {
    const where = `Distributed switch ${description.name}`;
    const group = (name: string): GroupPlan => {
      const ref = naming.next('group');
      return { ref, key: ref.value, name: escapeName(name) };
    };
    const uplinkGroup = group(description.uplinkPortGroup.name);
    const groups = description.portGroups.map((one) => ({ ...group(one.name), description: one }));
    plan.switches.set(description.name, {
      description,
      ref: naming.next('switch'),
      hosts: description.hosts.map((name) => find(plan.hosts, name, where, 'host')),
      uplinkGroup,
      groups,
      groupsByName: new Map(groups.map((one) => [one.name, one])),
    });
  }
  for (const description of plan.description.opaqueNetworks) {
    const where = `Opaque network ${description.name}`;
    plan.opaqueNetworks.set(description.name, {
      description,
      ref: naming.next('opaque'),
      hosts: description.hosts.map((name) => find(plan.hosts, name, where, 'host').ref),
    });
  }
}

function ensureFolder(plan: DatacenterPlan, path: string): Moref {
  if (path === '') return plan.vmFolder;
  const known = plan.folders.get(path);
  if (known !== undefined) return known;
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  ensureFolder(plan, parent);
  const ref = plan.nextMoref('folder');
  plan.folders.set(path, ref);
  return ref;
}

/** Resolves one VM's names; also used for a VM that is added later. */
export function planMachine(plan: DatacenterPlan, machine: VirtualMachine): MachinePlan {
  const where = `VM ${machine.name}`;
  const host = find(plan.hosts, machine.host, where, 'host');
  const [first] = plan.datastores.keys();
  if (first === undefined) throw new Error(`${where}: datacenter ${plan.description.name} has no datastore.`);
  const datastore = find(plan.datastores, machine.datastore ?? first, where, 'datastore');
  const { pool, pools } = host.compute;
  return {
    description: machine,
    ref: plan.nextMoref('vm'),
    host,
    folder: ensureFolder(plan, machine.folder),
    pool:
      machine.resourcePool === undefined ? pool : find(pools, machine.resourcePool, where, 'resource pool'),
    datastore: datastore.ref,
    datastoreName: datastore.description.name,
    ...(machine.snapshot === undefined ? {} : { snapshot: plan.nextMoref('snapshot') }),
    nics: machine.nics.map((nic) => ({
      description: nic,
      backing: resolveNetwork(plan, nic.network, `${where}, ${nic.label}`),
    })),
  };
}

/** Resolves what a NIC is plugged into, within one datacenter. */
export function resolveNetwork(plan: DatacenterPlan, network: NicNetwork, where: string): NicBacking {
  if ('standard' in network) {
    const { ref, name } = find(plan.standardNetworks, network.standard, where, 'standard port group');
    return { kind: 'standard', name, network: ref };
  }
  if ('goneStandard' in network) return { kind: 'standard', name: network.goneStandard, network: undefined };
  if ('goneDistributed' in network)
    return { kind: 'distributed', name: '', network: undefined, ...network.goneDistributed };
  if ('opaque' in network) {
    const { ref, description } = find(plan.opaqueNetworks, network.opaque, where, 'opaque network');
    const { name, opaqueNetworkId: id, opaqueNetworkType: type } = description;
    return { kind: 'opaque', name, network: ref, id, type };
  }
  const wanted = escapeName(network.distributed);
  const found = [...plan.switches.values()]
    .filter((one) => network.switch === undefined || one.description.name === network.switch)
    .flatMap((one) => {
      const group = one.groupsByName.get(wanted);
      return group === undefined ? [] : [{ group, uuid: one.description.uuid }];
    });
  const [only] = found;
  if (only === undefined)
    throw new Error(`${where}: there is no distributed port group ${network.distributed}.`);
  if (found.length > 1)
    throw new Error(`${where}: ${network.distributed} stands on several switches, name one.`);
  return {
    kind: 'distributed',
    name: only.group.name,
    network: only.group.ref,
    switchUuid: only.uuid,
    portgroupKey: only.group.key,
  };
}

export function find<T>(map: Map<string, T>, name: string, where: string, what: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`${where}: there is no ${what} named ${name}.`);
  return value;
}

/** Where a VM's files lie, in datastore path notation. */
export function pathsOf(machine: MachinePlan): { folder: string; vmx: string; vmdk: string } {
  const folder = `[${machine.datastoreName}] ${machine.description.name}`;
  const stem = `${folder}/${machine.description.name}`;
  return { folder: `${folder}/`, vmx: `${stem}.vmx`, vmdk: `${stem}.vmdk` };
}
