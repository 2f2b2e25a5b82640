import type { VsphereClient } from '@wirebook/vsphere';
import { settle } from '../app/settlement.ts';
import { inTransaction } from '../app/transaction.ts';
import { singleReading } from '../domain/matching-facts.ts';
import { findLastCompleteRun, findSpacesOfAccount } from '../store/cloud-accounts.ts';
import type { Database, Queries, Tx } from '../store/database.ts';
import { keepKnownAddressesOf } from '../store/known-addresses.ts';
import { lockAccount, lockSpaces } from '../store/locks.ts';
import { loadPresentHosts, loadServersAt, loadWireRows, type ServerRow } from '../store/server-sync.ts';
import { findTouchedNetworks } from '../store/wire-detection.ts';
import { applyServers } from './apply-servers.ts';
import { indexServers, indexStoredWires, loadKnownDetails } from './book.ts';
import type { ServerObservation } from './observations.ts';
import { isAsKnown } from './outrun.ts';
import type { FabricIds } from './plan-fabric.ts';
import {
  hasChanged,
  type IdentifiedServer,
  identifyServers,
  planServer,
  type ServerBook,
} from './plan-servers.ts';
import { observeServer } from './server-observation.ts';
import { readServers, refuseUnanswered, type ServersReading } from './server-reading.ts';

export interface ServerSyncOptions {
  readonly db: Database;
  /** Connected to the account's vCenter. */
  readonly client: VsphereClient;
  readonly account: { readonly id: string; readonly spaceId: string };
  /** Managed object ids of virtual machines. */
  readonly morefs: readonly string[];
  readonly signal: AbortSignal;
  /** When what is new is first seen: the moment of reading. */
  readonly now?: Date;
}

export type SyncedServer = { readonly serverId: string } | 'gone';

/**
 * Brings some servers of the book in line with vCenter, with all that a complete run would do for them: NICs, sightings, records, wires of
 * networks. What hasn't changed is not written. One that has gone is only said to be: that it is missing is for a complete run to find, or for
 * whoever removed it to say. Nothing is held while vCenter is asked; where another has written one of the servers meanwhile, it may have
 * read it later, so they are read again. Throws `VsphereError`, also for a server that is there and doesn't answer, after the others are
 * written.
 */
export async function syncServers(options: ServerSyncOptions): Promise<ReadonlyMap<string, SyncedServer>> {
  const { db, client, account, morefs, signal } = options;
  if (morefs.length === 0) return new Map();
  const accountId = account.id;
  const asked = new Set(morefs);
  /** Who the servers turned out to be: another that the book has under one of these identities is looked at too. */
  const reached = { morefs: new Set(morefs), identities: new Set<string>() };
  for (;;) {
    signal.throwIfAborted();
    const now = options.now ?? new Date();
    const before = await loadServersAt(db, {
      accountId,
      morefs: [...reached.morefs],
      identities: [...reached.identities],
    });
    for (const { moref, missing } of before) if (!missing) reached.morefs.add(moref);
    const rivals = reached.morefs.difference(asked);
    const wires = await loadWireRows(db, accountId);
    const reading = await readServers({ client, morefs: reached.morefs, signal, wires });
    for (const { props } of reading.servers) {
      const uuid = props['config.instanceUuid']?.toLowerCase();
      if (uuid !== undefined) reached.identities.add(uuid);
    }
    const work = { account, reading, rivals, before: new Map(before.map((row) => [row.id, row])), now };
    const first = await lookUp(db, work);
    const servers = first.changed.length === 0 ? first : await write(db, work);
    if (servers === 'outrun') continue;
    refuseUnanswered(reading, morefs);
    return new Map(
      morefs.flatMap((moref): [string, SyncedServer][] => {
        if (reading.gone.has(moref)) return [[moref, 'gone']];
        const serverId = servers.ids.get(moref);
        return serverId === undefined ? [] : [[moref, { serverId }]];
      }),
    );
  }
}

interface Work {
  readonly account: { readonly id: string; readonly spaceId: string };
  readonly reading: ServersReading;
  /** Managed object ids of those that were not asked for; who they are comes first. */
  readonly rivals: ReadonlySet<string>;
  /** The servers concerned as the book had them before they were read. By id. */
  readonly before: ReadonlyMap<string, ServerRow>;
  readonly now: Date;
}

interface Found {
  readonly changed: readonly IdentifiedServer[];
  readonly fabric: FabricIds;
  /** By managed object id; those that are new to the book have none yet. */
  readonly ids: Map<string, string>;
}

/** Observes what was read by what the book has now. */
async function lookUp(db: Queries, { account, reading, rivals }: Work): Promise<Found> {
  const hosts = await loadPresentHosts(db, account.id);
  const wires = await loadWireRows(db, account.id);
  const clusters = new Map(hosts.map((host) => [host.moref, host.cluster]));
  const context = {
    tree: reading.tree,
    wires: indexStoredWires(wires, reading.groups),
    clusterOf: (hostId: string) => clusters.get(hostId),
    complaints: [],
  };
  const observed = reading.servers
    .toSorted((a, b) => Number(rivals.has(b.ref.value)) - Number(rivals.has(a.ref.value)))
    .map((server) => observeServer(server, context));
  const morefs = [...observed.map((server) => server.moref), ...reading.unanswered.keys()];
  const book = indexServers(
    await loadServersAt(db, {
      accountId: account.id,
      morefs,
      identities: observed.flatMap((server) => server.instanceUuid ?? []),
    }),
  );
  const identified = identifyAll(observed, book, [...reading.unanswered.keys()]);
  return {
    changed: identified.filter(hasChanged),
    fabric: {
      hosts: new Map(hosts.map((host) => [host.moref, host.id])),
      switches: new Map(),
      wires: new Map(wires.map(({ identity, id, spaceId }) => [identity, { id, spaceId }])),
    },
    ids: new Map([
      ...morefs.flatMap((moref) => {
        const known = book.byMoref.get(moref);
        return known === undefined ? [] : [[moref, known.id] as const];
      }),
      ...identified.flatMap(({ observed: { moref }, known }) =>
        known === undefined ? [] : [[moref, known.id] as const],
      ),
    ]),
  };
}

/** As in a complete run: entries that don't say which server they are come last, and those that didn't answer keep who they are. */
function identifyAll(
  observed: readonly ServerObservation[],
  book: ServerBook,
  unanswered: readonly string[],
): IdentifiedServer[] {
  const claimed = new Set(unanswered.flatMap((moref) => book.byMoref.get(moref)?.identity ?? []));
  const isNameless = (server: ServerObservation): boolean =>
    server.config === null && server.instanceUuid === null;
  const named = identifyServers(
    observed.filter((server) => !isNameless(server)),
    book,
    claimed,
    [],
  );
  const nameless = observed.filter((server) => {
    const identity = book.byMoref.get(server.moref)?.identity;
    return isNameless(server) && (identity === undefined || !claimed.has(identity));
  });
  return [...named, ...identifyServers(nameless, book, claimed, [])];
}

/** Plans and writes in one transaction, so that a plan is made of what it is applied to. */
function write(db: Database, work: Work): Promise<Found | 'outrun'> {
  const { account, before, now } = work;
  return inTransaction(db, { dryRun: false }, async (tx) => {
    await lockAccount(tx, account.id);
    await lockSpaces(tx, await findSpacesOfAccount(tx, account.id));
    const found = await lookUp(tx, work);
    // Whoever wrote a server after this reading began may have read it later.
    const outrun = found.changed.some(
      ({ known }) => known !== undefined && !isAsKnown(known, before.get(known.id)),
    );
    if (outrun) return 'outrun';
    if (found.changed.length > 0) await apply(tx, { found, account, now });
    return found;
  });
}

async function apply(tx: Tx, work: { found: Found; account: Work['account']; now: Date }): Promise<void> {
  const { found, account, now } = work;
  const accountId = account.id;
  const details = await loadKnownDetails(
    tx,
    found.changed.flatMap(({ known }) => known?.id ?? []),
  );
  const servers = found.changed.map((server) =>
    planServer({
      server,
      detail: server.known === undefined ? undefined : details.get(server.known.id),
      ids: found.fabric,
      accountId,
      accountSpaceId: account.spaceId,
      now: now.toISOString(),
    }),
  );
  const serverIds = servers.map((server) => server.id);
  const lastSeenAt = await findLastCompleteRun(tx, accountId);
  await applyServers(tx, { servers, missing: [], accountId, now, lastSeenAt });
  await keepKnownAddressesOf(tx, { accountId, serverIds });
  const only = new Set(servers.map((server) => server.moref));
  await settle(tx, {
    networkIds: await findTouchedNetworks(tx, { serverIds, accountId: null, now }),
    serverIds,
    run: { id: singleReading, accountId, unread: new Set(), only },
    now,
  });
  for (const server of servers) found.ids.set(server.moref, server.id);
}
