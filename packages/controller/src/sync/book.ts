import {
  loadHostObservations,
  loadKnownHosts,
  loadKnownServers,
  loadKnownSwitches,
  loadKnownWires,
  loadServerDetails,
} from '../store/inventory.ts';
import type { Queries } from '../store/database.ts';
import type { WireRow } from '../store/server-sync.ts';
import type { KeptHost } from './kept-host.ts';
import type { KnownFabric } from './plan-fabric.ts';
import {
  type KnownDetail,
  type KnownServer,
  nicContent,
  type ServerBook,
  sightingContent,
} from './plan-servers.ts';
import type { WireFinder } from './server-observation.ts';
import type { FabricObservation } from './observations.ts';
import type { FabricReading } from './reading.ts';
import type { InventoryTree } from './inventory-tree.ts';
import { shownName } from './fabric.ts';

/** What the book knows of an account before a run: identities and digests, no contents. */
export interface KnownInventory {
  readonly fabric: KnownFabric;
  readonly servers: ServerBook;
}

export async function loadKnownInventory(db: Queries, accountId: string): Promise<KnownInventory> {
  const [hosts, switches, wires, servers] = await Promise.all([
    loadKnownHosts(db, accountId),
    loadKnownSwitches(db, accountId),
    loadKnownWires(db, accountId),
    loadKnownServers(db, accountId),
  ]);
  return {
    fabric: {
      hosts: new Map(hosts.map((row) => [row.identity, row])),
      switches: new Map(switches.map((row) => [row.identity, row])),
      wires: new Map(wires.map((row) => [row.identity, row])),
    },
    servers: indexServers(servers),
  };
}

export function indexServers(servers: readonly KnownServer[]): ServerBook {
  const byMoref = new Map<string, KnownServer>();
  // Where an id was used again, the server that is still there is meant.
  for (const server of servers)
    if (!server.missing || !byMoref.has(server.moref)) byMoref.set(server.moref, server);
  return { byIdentity: new Map(servers.map((row) => [row.identity, row])), byMoref };
}

/** What was read of some hosts before, by their ids. */
export async function loadKeptHosts(
  db: Queries,
  accountId: string,
  ids: ReadonlySet<string>,
): Promise<Map<string, KeptHost & { state: string; maintenance: boolean }>> {
  if (ids.size === 0) return new Map();
  const rows = await loadHostObservations<KeptHost>(db, accountId, [...ids]);
  return new Map(
    rows.map(({ moref, state, maintenance, observed }) => [moref, { ...observed, state, maintenance }]),
  );
}

export async function loadKnownDetails(
  db: Queries,
  serverIds: readonly string[],
): Promise<Map<string, KnownDetail>> {
  const stored = await loadServerDetails(db, serverIds);
  const nics = Map.groupBy(stored.nics, (nic) => nic.serverId);
  const sightings = Map.groupBy(stored.sightings, (sighting) => sighting.serverId);
  return new Map(
    serverIds.map((id) => [
      id,
      {
        nics: (nics.get(id) ?? []).map((nic) => ({
          id: nic.id,
          deviceKey: nic.deviceKey,
          mac: nic.mac,
          wireId: nic.wireId,
          missing: nic.missing,
          content: nicContent(nic),
        })),
        sightings: (sightings.get(id) ?? []).map((sighting) => ({
          id: sighting.id,
          nicId: sighting.nicId,
          ip: sighting.ip,
          spaceId: sighting.spaceId,
          firstSeenAt: sighting.firstSeenAt,
          content: sightingContent(sighting),
        })),
      },
    ]),
  );
}

/** Finds port groups among those read now and, so that a NIC keeps its wire while it is missing, those known from before. */
export function indexWires(options: {
  reading: FabricReading;
  observed: FabricObservation;
  known: KnownFabric;
  tree: InventoryTree;
}): WireFinder {
  const { reading, observed, known, tree } = options;
  const identities = new Set([...known.wires.keys(), ...observed.wires.map((wire) => wire.identity)]);
  const byMoref = new Map(
    observed.wires.flatMap((wire) => (wire.moref === null ? [] : [[wire.moref, wire.identity] as const])),
  );
  const byOpaque = new Map(
    reading.opaqueNetworks.map((network) => [
      network.props.summary?.opaqueNetworkId ?? '',
      network.ref.value,
    ]),
  );
  const byName = new Map<string, string>();
  for (const network of reading.networks) {
    const identity = byMoref.get(network.ref.value);
    if (network.ref.type !== 'Network' || identity === undefined) continue;
    byName.set(
      `${tree.placeOf(network.props.parent?.value).datacenterId ?? ''}/${shownName(network.props.name)}`,
      identity,
    );
  }
  return {
    byPortGroupKey: (key) => (identities.has(key) ? key : null),
    byNetwork: (networkId) => byMoref.get(networkId) ?? (identities.has(networkId) ? networkId : null),
    byOpaqueNetwork: (id) => byOpaque.get(id) ?? null,
    byName: (datacenterId, name) => byName.get(`${datacenterId ?? ''}/${name}`) ?? null,
  };
}

/**
 * Finds port groups among those that the book has, for servers that are read without the fabric: one that it doesn't have yet is none. `places`:
 * the datacenters, by managed object id, of the standard groups that NICs may name.
 */
export function indexStoredWires(
  wires: readonly WireRow[],
  places: ReadonlyMap<string, { datacenterId: string | null; name: string }>,
): WireFinder {
  const identities = new Set(wires.map((wire) => wire.identity));
  const present = wires.filter((wire) => !wire.missing);
  const byMoref = new Map(present.map((wire) => [wire.moref, wire.identity]));
  const byOpaque = new Map(
    present.flatMap((wire) =>
      wire.opaqueNetworkId === null ? [] : [[wire.opaqueNetworkId, wire.identity] as const],
    ),
  );
  const byName = new Map<string, string>();
  for (const [moref, { datacenterId, name }] of places) {
    const identity = byMoref.get(moref);
    if (identity !== undefined) byName.set(`${datacenterId ?? ''}/${name}`, identity);
  }
  return {
    byPortGroupKey: (key) => (identities.has(key) ? key : null),
    byNetwork: (networkId) => byMoref.get(networkId) ?? (identities.has(networkId) ? networkId : null),
    byOpaqueNetwork: (id) => byOpaque.get(id) ?? null,
    byName: (datacenterId, name) => byName.get(`${datacenterId ?? ''}/${name}`) ?? null,
  };
}
