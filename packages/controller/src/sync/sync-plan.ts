import type { VsphereClient } from '@wirebook/vsphere';
import type { Queries } from '../store/database.ts';
import { indexWires, loadKeptHosts, loadKnownDetails, loadKnownInventory } from './book.ts';
import { collectFabric, collectServers, type CollectOptions, type Phase } from './collect.ts';
import { observeFabric } from './fabric.ts';
import { buildInventoryTree } from './inventory-tree.ts';
import { fillSilentHosts, findSilentHosts } from './kept-host.ts';
import type { Complaints, ServerObservation } from './observations.ts';
import { assignIds, type FabricPlan, type KnownFabric, planFabric } from './plan-fabric.ts';
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
  /** Managed object ids that are there and did not answer. */
  readonly unread: ReadonlySet<string>;
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
  const answered = await collectFabric(collecting);
  const reading = fillSilentHosts(
    answered,
    await loadKeptHosts(db, account.id, findSilentHosts(answered, unread)),
  );
  const tree = buildInventoryTree(reading.folders);
  const firstLook = observeFabric(reading, tree, new Set());
  const ids = assignIds(known.fabric, firstLook, account.spaceId);
  const clusters = new Map(firstLook.hosts.map((host) => [host.identity, host.cluster]));
  const context = {
    tree,
    wires: indexWires({ reading, observed: firstLook, known: known.fabric, tree }),
    clusterOf: (hostId: string) => clusters.get(hostId),
    complaints,
  };

  const servers: ServerChange[] = [];
  const usedByServers = new Set<string>();
  const claimed = new Set<string>();
  const counts = { servers: 0, nics: 0, addresses: 0 };
  const planChanged = async (observed: readonly ServerObservation[]): Promise<void> => {
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
  };
  // Entries that don't say which server they are come last: one that does say so, registered anew, is that server.
  const nameless: ServerObservation[] = [];
  for await (const page of collectServers(collecting)) {
    const observed = page.map((server) => observeServer(server, context));
    for (const server of observed) {
      counts.servers += 1;
      counts.nics += server.config?.nics.length ?? 0;
      counts.addresses += server.config?.addresses.length ?? 0;
      for (const nic of server.config?.nics ?? []) if (nic.wire !== null) usedByServers.add(nic.wire);
    }
    const isNameless = (server: ServerObservation): boolean =>
      server.config === null && server.instanceUuid === null;
    nameless.push(...observed.filter(isNameless));
    await planChanged(observed.filter((server) => !isNameless(server)));
  }
  await planChanged(
    nameless.filter((server) => {
      const identity = known.servers.byMoref.get(server.moref)?.identity;
      return identity === undefined || !claimed.has(identity);
    }),
  );

  options.onProgress('plan', 0, null);
  const observed = observeFabric(reading, tree, usedByServers);
  const fabric = planFabric({ known: known.fabric, observed, ids, accountId: account.id });
  return {
    fabric: { ...fabric, missing: withoutUnread(fabric.missing, known.fabric.wires, unread) },
    servers,
    unread,
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

/** What is missing, less the port groups that are there and did not answer. */
function withoutUnread(
  missing: FabricPlan['missing'],
  wires: KnownFabric['wires'],
  unread: ReadonlySet<string>,
) {
  if (unread.size === 0) return missing;
  const there = new Set([...wires].flatMap(([identity, wire]) => (unread.has(identity) ? [wire.id] : [])));
  return { ...missing, wires: missing.wires.filter((wire) => !there.has(wire.id)) };
}
