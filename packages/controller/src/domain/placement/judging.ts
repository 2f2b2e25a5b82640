import type {
  LiveCompute,
  LiveDatacenter,
  LiveFolder,
  LiveHost,
  LivePool,
  PlacementInput,
  WirePresence,
} from './facts.ts';
import { isElsewhere, type PlacementReason } from './reasons.ts';
import { type DatastoreAccess, findDatastores } from './room.ts';
import { candidatesOf, countUses, type NicBinding, NICS_AT_MOST, pickPortGroup } from './wires.ts';

/** What of a host speaks for or against a server whatever the load: where it is, its state, its wires. */

export interface StaticVerdict {
  readonly host: LiveHost;
  readonly hostId: string | null;
  readonly reasons: readonly PlacementReason[];
  /** By NIC, in the order asked for. */
  readonly nics: readonly (NicBinding | null)[];
  readonly pool: string | null;
  readonly folder: string | null;
  readonly datastores: DatastoreAccess;
  /** In the datacenter of the source: nothing has to be copied to another. */
  readonly near: boolean;
}

/** Looks at every host of the account, in the order of their names. */
export function judgeHosts(input: PlacementInput): StaticVerdict[] {
  const { facts, hostIds, wish, source } = input;
  const lookUp = {
    computes: byMoref(facts.computes),
    pools: byMoref(facts.pools),
    folders: byMoref(facts.folders),
    datacenters: byMoref(facts.datacenters),
    hosts: byMoref(facts.hosts),
  };
  const computeOf = new Map(
    facts.hosts.flatMap(({ moref, compute }) => {
      const id = hostIds.get(moref);
      return id === undefined || compute === null ? [] : [[id, compute] as const];
    }),
  );
  const onHost = new Map<string, Map<string, WirePresence>>();
  for (const there of input.presence) {
    const wires = onHost.get(there.hostId);
    if (wires === undefined) onHost.set(there.hostId, new Map([[there.wireId, there]]));
    else wires.set(there.wireId, there);
  }
  const nics = wish.nics.map((nic, index) => ({
    nic: index + 1,
    wish: nic,
    candidates: candidatesOf(nic),
    uses: countUses(nic, input.uses, (hostId) => computeOf.get(hostId) ?? hostId),
  }));
  const everywhere = sourceReasons(input, lookUp.hosts);
  if (nics.length > NICS_AT_MOST)
    everywhere.push({ code: 'too_many_nics', params: { asked: nics.length, atMost: NICS_AT_MOST } });

  return facts.hosts
    .toSorted((a, b) => (a.name < b.name || (a.name === b.name && a.moref < b.moref) ? -1 : 1))
    .map((host): StaticVerdict => {
      const hostId = hostIds.get(host.moref) ?? null;
      const presence = onHost.get(hostId ?? '') ?? new Map<string, WirePresence>();
      const picked = hostId === null ? [] : nics.map((nic) => pickPortGroup({ ...nic, hostId, presence }));
      const pool = poolOf(host, input, lookUp);
      const folder = folderOf(host, input, lookUp);
      const reasons = [...scopeReasons(host, input, lookUp), ...stateReasons(host, hostId)];
      // Of a host that wasn't asked for, where its pool and folder would be doesn't matter.
      if (!reasons.some(isElsewhere)) {
        if (pool === null) reasons.push({ code: 'no_pool', params: {} });
        if (folder === null) reasons.push({ code: 'no_folder', params: {} });
      }
      reasons.push(...everywhere, ...picked.flatMap((verdict) => verdict.reasons));
      return {
        host,
        hostId,
        reasons,
        nics: nics.map((_, index) => picked[index]?.binding ?? null),
        pool,
        folder,
        datastores: findDatastores({ host, datastores: facts.datastores, wish, source }),
        near: source.datacenter === null || source.datacenter === host.datacenter,
      };
    });
}

interface LookUp {
  readonly computes: ReadonlyMap<string, LiveCompute>;
  readonly pools: ReadonlyMap<string, LivePool>;
  readonly folders: ReadonlyMap<string, LiveFolder>;
  readonly datacenters: ReadonlyMap<string, LiveDatacenter>;
  readonly hosts: ReadonlyMap<string, LiveHost>;
}

function byMoref<T extends { readonly moref: string }>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((object) => [object.moref, object]));
}

/** vCenter copies from the host that the source is registered on: it has to answer. */
function sourceReasons({ source }: PlacementInput, hosts: LookUp['hosts']): PlacementReason[] {
  const host = hosts.get(source.host ?? '');
  return host === undefined || host.connectionState === 'connected'
    ? []
    : [{ code: 'source_unreachable', params: { host: host.name, state: host.connectionState } }];
}

/**
 * What is asked for, and this isn't it. A full clone may go to another datacenter: vCenter copies it there, and every NIC is bound anew. A
 * linked one can't, since datastores belong to one datacenter; and no server can be in a folder of another datacenter than its host's.
 */
function scopeReasons(host: LiveHost, { wish, source }: PlacementInput, lookUp: LookUp): PlacementReason[] {
  const reasons: PlacementReason[] = [];
  const nameOf = (moref: string): string => lookUp.datacenters.get(moref)?.name ?? moref;
  if (wish.host !== null && wish.host !== host.moref)
    reasons.push({ code: 'other_host', params: { host: lookUp.hosts.get(wish.host)?.name ?? wish.host } });
  if (wish.compute !== null && wish.compute !== host.compute) {
    const cluster = lookUp.computes.get(wish.compute)?.name ?? wish.compute;
    reasons.push({ code: 'other_cluster', params: { cluster } });
  }
  const pool = lookUp.pools.get(wish.pool ?? '');
  if (pool !== undefined && pool.compute !== host.compute) {
    const cluster = lookUp.computes.get(pool.compute ?? '')?.name ?? '';
    reasons.push({ code: 'other_pool', params: { pool: pool.name, cluster } });
  }
  const asked = [
    [wish.datacenter, 'asked'],
    [lookUp.folders.get(wish.folder ?? '')?.datacenter ?? null, 'folder'],
    [wish.linked ? source.datacenter : null, 'linked'],
  ] as const;
  for (const [datacenter, because] of asked) {
    if (datacenter === null || datacenter === host.datacenter) continue;
    reasons.push({ code: 'other_datacenter', params: { datacenter: nameOf(datacenter), because } });
    break;
  }
  return reasons;
}

function stateReasons(host: LiveHost, hostId: string | null): PlacementReason[] {
  const reasons: PlacementReason[] = [];
  if (hostId === null) reasons.push({ code: 'unknown_host', params: {} });
  // A host in standby, or switched off by DRS, is disconnected too: which of them says more.
  if (host.powerState === 'standBy') reasons.push({ code: 'standby', params: {} });
  else if (host.powerState === 'poweredOff') reasons.push({ code: 'powered_off', params: {} });
  else if (host.connectionState !== 'connected')
    reasons.push({ code: 'not_connected', params: { state: host.connectionState } });
  if (host.maintenance) reasons.push({ code: 'maintenance', params: {} });
  return reasons;
}

/** The pool asked for; else the host's compute resource's own. */
function poolOf(host: LiveHost, { wish }: PlacementInput, lookUp: LookUp): string | null {
  if (wish.pool !== null) return lookUp.pools.get(wish.pool)?.moref ?? null;
  return lookUp.computes.get(host.compute ?? '')?.rootPool ?? null;
}

/** The folder asked for; else that of the source where it is in the host's datacenter; else that datacenter's own. */
function folderOf(host: LiveHost, { wish, source }: PlacementInput, lookUp: LookUp): string | null {
  if (wish.folder !== null) return lookUp.folders.get(wish.folder)?.moref ?? null;
  const beside = lookUp.folders.get(source.folder ?? '');
  if (beside !== undefined && beside.datacenter === host.datacenter) return beside.moref;
  return lookUp.datacenters.get(host.datacenter ?? '')?.vmFolder ?? null;
}
