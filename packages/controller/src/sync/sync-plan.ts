import type { VsphereClient } from '@wirebook/vsphere';
import type { Queries } from '../store/database.ts';
import { indexWires, loadKnownDetails, loadKnownInventory } from './book.ts';
import { collectFabric, collectServers, type CollectOptions, type Phase } from './collect.ts';
import { hostOfStandardSwitch, observeFabric } from './fabric.ts';
import { buildInventoryTree } from './inventory-tree.ts';
import type { Complaints } from './observations.ts';
import { assignIds, type FabricPlan, type KnownFabric, type KnownObject, planFabric } from './plan-fabric.ts';
import type { FabricReading } from './reading.ts';
import {
  hasChanged,
  identifyServers,
  type KnownServer,
  planServer,
  type ServerChange,
} from './plan-servers.ts';
import { observeServer } from './server-observation.ts';

/** Everything that a run would write, and what it counted. */
export interface SyncPlan {
  readonly fabric: FabricPlan;
  readonly servers: readonly ServerChange[];
  readonly missingServers: readonly KnownServer[];
  readonly counts: {
    hosts: number;
    virtualSwitches: number;
    wires: number;
    servers: number;
    nics: number;
    addresses: number;
  };
}

export interface PlanOptions {
  readonly db: Queries;
  readonly client: VsphereClient;
  readonly account: { id: string; kind: 'vcenter' | 'esxi'; spaceId: string };
  readonly signal: AbortSignal;
  readonly complaints: Complaints;
  readonly onProgress: (phase: Phase, done: number, total: number | null) => void;
  /** The run's start: when what is new was first seen. */
  readonly now: Date;
}

/**
 * Observes an account and plans what to write, page by page as it is read: what hasn't changed is forgotten at once, so that memory
 * follows the changes and not the inventory. Writes nothing.
 */
export async function planSync(options: PlanOptions): Promise<SyncPlan> {
  const { db, account, complaints, now } = options;
  const known = await loadKnownInventory(db, account.id);
  const unread = new Set<string>();
  const expected = known.servers.byIdentity.size;
  const collecting: CollectOptions = {
    client: options.client,
    kind: account.kind,
    signal: options.signal,
    complaints,
    unread,
    onProgress: (phase, done) =>
      options.onProgress(phase, done, phase === 'servers' && expected >= done ? expected : null),
  };
  const reading = await collectFabric(collecting);
  const tree = buildInventoryTree(reading.folders);
  const firstLook = observeFabric(reading, tree, new Set());
  const ids = assignIds(known.fabric, firstLook, account.spaceId);
  const clusters = new Map(firstLook.hosts.map((host) => [host.identity, host.cluster]));
  const context = {
    tree,
    wires: indexWires({ reading, observed: firstLook, known: known.fabric, tree }),
    clusterOf: (hostId: string) => clusters.get(hostId) ?? null,
    complaints,
  };

  const servers: ServerChange[] = [];
  const usedByServers = new Set<string>();
  const claimed = new Set<string>();
  const counts = { servers: 0, nics: 0, addresses: 0 };
  for await (const page of collectServers(collecting)) {
    const observed = page.map((server) => observeServer(server, context));
    for (const server of observed) {
      counts.servers += 1;
      counts.nics += server.config?.nics.length ?? 0;
      counts.addresses += server.config?.addresses.length ?? 0;
      for (const nic of server.config?.nics ?? []) if (nic.wire !== null) usedByServers.add(nic.wire);
    }
    const changed = identifyServers(observed, known.servers, claimed, complaints).filter(hasChanged);
    const details = await loadKnownDetails(
      db,
      changed.flatMap((server) => (server.known === undefined ? [] : [server.known.id])),
    );
    for (const server of changed) {
      servers.push(
        planServer({
          server,
          detail: server.known === undefined ? undefined : details.get(server.known.id),
          ids,
          accountId: account.id,
          accountSpaceId: account.spaceId,
          now: now.toISOString(),
        }),
      );
    }
  }

  options.onProgress('plan', 0, null);
  const observed = observeFabric(reading, tree, usedByServers);
  const fabric = planFabric({ known: known.fabric, observed, ids, accountId: account.id });
  return {
    fabric: { ...fabric, missing: withoutUnread({ fabric, known: known.fabric, reading, unread }) },
    servers,
    missingServers: [...known.servers.byIdentity].flatMap(([identity, server]) =>
      claimed.has(identity) || server.missing || unread.has(server.moref) ? [] : [server],
    ),
    counts: {
      hosts: observed.hosts.length,
      virtualSwitches: observed.switches.length,
      wires: observed.wires.length,
      ...counts,
    },
  };
}

/**
 * What is missing, less what could not be looked for: a host that doesn't answer shows neither itself nor its standard switches, and
 * port groups that only hosts know of (those without a Network object) may be on it.
 */
function withoutUnread(options: {
  fabric: FabricPlan;
  known: KnownFabric;
  reading: FabricReading;
  unread: ReadonlySet<string>;
}): FabricPlan['missing'] {
  const { missing } = options.fabric;
  const silent = new Set(options.unread);
  for (const host of options.reading.hosts)
    if (host.props['config.network.portgroup'] === undefined) silent.add(host.ref.value);
  if (silent.size === 0) return missing;
  const identities = (map: ReadonlyMap<string, KnownObject>): Map<string, string> =>
    new Map([...map].map(([identity, object]) => [object.id, identity]));
  const hosts = identities(options.known.hosts);
  const switches = identities(options.known.switches);
  const wires = identities(options.known.wires);
  return {
    hosts: missing.hosts.filter((host) => !silent.has(hosts.get(host.id) ?? '')),
    virtual_switches: missing.virtual_switches.filter(
      (item) => !silent.has(hostOfStandardSwitch(switches.get(item.id) ?? '') ?? ''),
    ),
    wires: missing.wires.filter((wire) => !(wires.get(wire.id) ?? '').includes('/')),
  };
}
