import type { NicNetwork, VirtualMachine } from '../estate.ts';
import type { Moref } from '../vim-xml.ts';
import { escapeName } from './naming.ts';
import {
  find,
  planMachine,
  resolveNetwork,
  type DatacenterPlan,
  type EstatePlan,
  type GroupPlan,
  type HostPlan,
  type MachinePlan,
  type NicBacking,
} from './plan.ts';

export interface PortGroupMoref {
  ref: Moref;
  /** Distributed groups only: the port group key. */
  key?: string;
  /** Distributed groups only. */
  switchUuid?: string;
}

/** Narrows a look-up by name to one datacenter, where names repeat. */
export interface Within {
  datacenter?: string;
}

/**
 * Looks morefs up by name. Every look-up throws an Error that says which name
 * is unknown, or stands in more than one datacenter.
 */
export class Morefs {
  readonly #plan: EstatePlan;

  constructor(plan: EstatePlan) {
    this.#plan = plan;
  }

  get rootFolder(): Moref {
    return this.#plan.rootFolder;
  }

  datacenter(name: string): Moref {
    return this.#datacenterPlan(name).ref;
  }

  cluster(name: string, within: Within = {}): Moref {
    return this.#one('cluster', name, within, (plan) =>
      plan.computeResources.filter((one) => one.name === name),
    ).ref;
  }

  /** The root pool of a cluster or host, or the one of that path below it. */
  resourcePool(clusterOrHost: string, within: Within & { path?: string } = {}): Moref {
    const { pool, pools } = this.#one('cluster', clusterOrHost, within, (plan) =>
      plan.computeResources.filter((one) => one.name === clusterOrHost),
    );
    return within.path === undefined
      ? pool
      : find(pools, within.path, `Cluster ${clusterOrHost}`, 'resource pool');
  }

  host(name: string, within: Within = {}): Moref {
    return this.#hostPlan(name, within).ref;
  }

  networkSystem(host: string, within: Within = {}): Moref {
    return this.#hostPlan(host, within).networkSystem;
  }

  datastore(name: string, within: Within = {}): Moref {
    return this.#one('datastore', name, within, (plan) => listOf(plan.datastores.get(name))).ref;
  }

  /** A VM folder by its path; the empty path is the datacenter's own `vm` folder. */
  folder(path: string, within: Within = {}): Moref {
    return this.#one('VM folder', path, within, (plan) =>
      path === '' ? [plan.vmFolder] : listOf(plan.folders.get(path)),
    );
  }

  distributedSwitch(name: string, within: Within = {}): Moref {
    return this.#one('distributed switch', name, within, (plan) => listOf(plan.switches.get(name))).ref;
  }

  /** A port group or opaque network by name, as people write it (`a/b`, not `a%2fb`). */
  portGroup(
    name: string,
    within: Within & { kind?: 'standard' | 'distributed' | 'opaque' } = {},
  ): PortGroupMoref {
    return this.#one('port group', name, within, (plan) => {
      const groups: PortGroupMoref[] = [];
      const wants = (kind: string) => within.kind === undefined || within.kind === kind;
      const standard = plan.standardNetworks.get(name);
      if (standard !== undefined && wants('standard')) groups.push({ ref: standard.ref });
      const opaque = plan.opaqueNetworks.get(name);
      if (opaque !== undefined && wants('opaque')) groups.push({ ref: opaque.ref });
      if (wants('distributed')) groups.push(...distributedGroups(plan, name));
      return groups;
    });
  }

  /** Every VM by that name, in the order of the estate. */
  vms(name: string): Moref[] {
    return this.#plan.datacenters
      .flatMap((one) => one.virtualMachines)
      .filter((one) => one.description.name === name)
      .map((one) => one.ref);
  }

  vm(name: string, within: Within = {}): Moref {
    return this.machine(name, within).ref;
  }

  /** The whole plan of a VM: its moref, host, folder and NICs. */
  machine(name: string, within: Within = {}): MachinePlan {
    return this.#one('VM', name, within, (plan) =>
      plan.virtualMachines.filter((one) => one.description.name === name),
    );
  }

  /** What a NIC of that VM would be plugged into. */
  backing(machine: MachinePlan, network: NicNetwork): NicBacking {
    return resolveNetwork(this.#planOf(machine), network, `VM ${machine.description.name}`);
  }

  /** Takes a new VM into the plan of a datacenter. */
  addMachine(datacenter: string, description: VirtualMachine): MachinePlan {
    const plan = this.#datacenterPlan(datacenter);
    const folders = plan.folders.size;
    const machine = planMachine(plan, description);
    if (plan.folders.size !== folders)
      throw new Error(`VM ${description.name}: there is no folder ${description.folder}.`);
    plan.virtualMachines.push(machine);
    return machine;
  }

  #planOf(machine: MachinePlan): DatacenterPlan {
    const plan = this.#plan.datacenters.find((one) => one.virtualMachines.includes(machine));
    if (plan === undefined) throw new Error(`VM ${machine.description.name} is not in this estate.`);
    return plan;
  }

  #hostPlan(name: string, within: Within): HostPlan {
    return this.#one('host', name, within, (plan) => listOf(plan.hosts.get(name)));
  }

  #datacenterPlan(name: string): DatacenterPlan {
    const plan = this.#plan.datacenters.find((one) => one.description.name === name);
    if (plan === undefined) throw new Error(`There is no datacenter named ${name}.`);
    return plan;
  }

  #one<T>(what: string, name: string, within: Within, select: (plan: DatacenterPlan) => T[]): T {
    const { datacenter } = within;
    const plans = datacenter === undefined ? this.#plan.datacenters : [this.#datacenterPlan(datacenter)];
    const found = plans.flatMap(select);
    const [only] = found;
    if (only === undefined) throw new Error(`There is no ${what} named ${name}.`);
    if (found.length > 1) throw new Error(`${found.length} objects answer to ${what} ${name}: say which.`);
    return only;
  }
}

function distributedGroups(plan: DatacenterPlan, name: string): PortGroupMoref[] {
  const wanted = escapeName(name);
  return [...plan.switches.values()].flatMap((one) => {
    const groups: GroupPlan[] = [one.uplinkGroup, ...one.groups];
    return groups
      .filter((group) => group.name === wanted)
      .map((group) => ({ ref: group.ref, key: group.key, switchUuid: one.description.uuid }));
  });
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
