import {
  type ClusterAction,
  type DataValue,
  faultOfLocalized,
  type MoRef,
  type NicBacking,
  type PlacementResult,
  VsphereError,
  type VsphereClient,
  type VsphereFault,
} from '@wirebook/vsphere';
import type { PlacementWish, PortGroupBinding, LiveFacts } from '../domain/placement/facts.ts';
import type { HostPlace } from '../domain/placement/placing.ts';

/** Lets a cluster choose among the hosts that can have a server (ClusterComputeResource.PlaceVm). */

type CloneSpec = DataValue<'VirtualMachineCloneSpec'>;

export type DrsAnswer =
  | {
      readonly ok: true;
      readonly place: HostPlace;
      /** 1 to 5, 5 the best. */
      readonly rating: number;
    }
  /** It recommends none of them. What it says of that, each once; nothing where it says nothing. */
  | { readonly ok: false; readonly faults: readonly VsphereFault[] };

/** The cluster to be asked: one that is asked for, no host with it, and that chooses by itself. */
export function drsClusterOf(facts: LiveFacts, wish: PlacementWish): string | null {
  if (wish.host !== null || wish.compute === null) return null;
  const compute = facts.computes.find(({ moref }) => moref === wish.compute);
  return compute?.kind === 'cluster' && compute.drs ? compute.moref : null;
}

/**
 * Asks with the hosts of `places` and their datastores, best first. `cloneSpec` makes what would be cloned to a place: DRS looks at its port
 * groups, so that places that differ in them are asked for one after the other. A cluster that refuses to be asked answers with its fault;
 * throws `VsphereError` for anything else, also where the account may not ask.
 */
export async function askDrs(
  client: VsphereClient,
  options: {
    cluster: string;
    places: readonly HostPlace[];
    source: MoRef;
    name: string;
    cloneSpec: (place: HostPlace) => CloneSpec;
    signal: AbortSignal;
  },
): Promise<DrsAnswer> {
  const { cluster, places, source, name, cloneSpec, signal } = options;
  const target = { type: 'ClusterComputeResource', value: cluster };
  const faults = new Map<string, VsphereFault>();
  const addFault = (fault: VsphereFault): void => {
    faults.set(`${fault.faultType} ${fault.faultString}`, fault);
  };
  for (const alike of groupAlike(places)) {
    const [best] = alike;
    if (best === undefined) continue;
    const placementSpec = placementOf({ alike, spec: cloneSpec(best), source, name });
    try {
      const { returnval } = await client.call('PlaceVm', target, { placementSpec }, { signal });
      const answer = readAnswer(returnval, alike);
      if (answer !== null) return answer;
      for (const { fault } of returnval.drsFault?.faultsByVm ?? [])
        for (const one of fault) addFault(faultOfLocalized(one));
    } catch (error) {
      if (!(error instanceof VsphereError) || error.problem.kind !== 'fault') throw error;
      addFault(error.problem.fault);
    }
  }
  return { ok: false, faults: [...faults.values()] };
}

/** Places whose NICs are bound alike, in the order in which the first of each comes. */
function groupAlike(places: readonly HostPlace[]): HostPlace[][] {
  const groups = Map.groupBy(places, ({ nics, pool, folder }) =>
    JSON.stringify([nics.map(({ binding }) => binding), pool, folder]),
  );
  return [...groups.values()];
}

/** The host and the datastore are what is asked for: they are left out of where the clone is to go. */
function placementOf(options: {
  alike: readonly HostPlace[];
  spec: CloneSpec;
  source: MoRef;
  name: string;
}): DataValue<'PlacementSpec'> {
  const { alike, spec, source, name } = options;
  const { host: _host, datastore: _datastore, ...location } = spec.location;
  const datastores = new Set(alike.map(({ datastore }) => datastore.moref));
  return {
    vm: source,
    relocateSpec: location,
    hosts: alike.map(({ host }) => ({ type: 'HostSystem', value: host.moref })),
    datastores: [...datastores].map((value) => ({ type: 'Datastore', value })),
    // A migration that has to come first is not ours to make.
    disallowPrerequisiteMoves: true,
    placementType: 'clone',
    cloneSpec: { ...spec, location },
    cloneName: name,
  };
}

/** The best recommendation that names one of the hosts that were asked about. */
function readAnswer({ recommendations }: PlacementResult, places: readonly HostPlace[]): DrsAnswer | null {
  for (const { action, rating } of recommendations.toSorted((a, b) => b.rating - a.rating)) {
    for (const one of action) {
      const host = hostOf(one);
      const place = places.find((candidate) => candidate.host.moref === host);
      if (place !== undefined) return { ok: true, place, rating };
    }
  }
  return null;
}

function hostOf(action: ClusterAction): string | undefined {
  switch (action.$type) {
    case 'PlacementAction':
      return (action.targetHost ?? action.relocateSpec?.host)?.value;
    case 'ClusterInitialPlacementAction':
      return action.targetHost.value;
    default:
      return undefined;
  }
}

/** How a NIC's binding is written to vCenter. */
export function backingOf(binding: PortGroupBinding): NicBacking {
  switch (binding.kind) {
    case 'standard':
      return {
        $type: 'VirtualEthernetCardNetworkBackingInfo',
        deviceName: binding.name,
        ...(binding.network !== null && { network: { type: 'Network', value: binding.network } }),
      };
    case 'distributed': {
      const { switchUuid, portgroupKey } = binding;
      return {
        $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo',
        port: { switchUuid, portgroupKey },
      };
    }
    case 'opaque': {
      const { opaqueNetworkId, opaqueNetworkType } = binding;
      return { $type: 'VirtualEthernetCardOpaqueNetworkBackingInfo', opaqueNetworkId, opaqueNetworkType };
    }
  }
}
