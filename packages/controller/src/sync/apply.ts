import { settle, type Settlement } from '../app/settlement.ts';
import type { Tx } from '../store/database.ts';
import {
  alignSightings,
  endSightings,
  findLastingSightings,
  insertRows,
  markMissing,
  replaceSwitchHosts,
  replaceWireHosts,
  updateRows,
  writeFormerMacs,
  writeReports,
} from '../store/inventory.ts';
import { keepKnownAddresses } from '../store/known-addresses.ts';
import type { ReadRun } from '../store/matching.ts';
import { findTouchedNetworks } from '../store/wire-detection.ts';
import type { ObjectChange } from './plan-fabric.ts';
import type { SyncPlan } from './sync-plan.ts';

/**
 * Writes a plan, set by set, and brings the records in line with it. All in the caller's transaction, which holds the account's spaces:
 * either everything of a run is in the book, or nothing.
 */
export async function applySync(
  tx: Tx,
  options: {
    plan: SyncPlan;
    accountId: string;
    run: ReadRun;
    now: Date;
    /** The start of the complete run before this one: when what ends now was last seen. */
    lastSeenAt: Date | null;
    /** Servers to match though they haven't changed (see `findWaitingServers`). */
    waitingServers: readonly string[];
  },
): Promise<Settlement> {
  const { plan, accountId, now } = options;
  await writeChanges(tx, 'hosts', plan.fabric.hosts, now);
  await writeChanges(tx, 'virtual_switches', plan.fabric.switches, now);
  await replaceSwitchHosts(tx, accountId, plan.fabric.switchHosts);
  await writeChanges(tx, 'wires', plan.fabric.wires, now);
  await replaceWireHosts(tx, accountId, plan.fabric.wireHosts);
  for (const table of ['hosts', 'virtual_switches', 'wires'] as const)
    await markMissing(
      tx,
      table,
      plan.fabric.missing[table].map((object) => object.id),
      now,
    );

  const { servers } = plan;
  await writeChanges(tx, 'servers', servers, now);
  await writeReports(
    tx,
    accountId,
    servers.flatMap(({ id, report }) => (report === null ? [] : [{ serverId: id, report }])),
  );
  const nics = servers.flatMap((server) => server.nics);
  await writeFormerMacs(
    tx,
    servers.flatMap((server) => server.formerMacs),
    now,
  );
  await insertRows(
    tx,
    'nics',
    nics.filter((nic) => nic.change === 'created').map((nic) => nic.row),
  );
  await updateRows(
    tx,
    'nics',
    nics.filter((nic) => nic.change !== 'created').map((nic) => nic.row),
    now,
  );
  await markMissing(
    tx,
    'nics',
    servers.flatMap((server) => server.missingNics),
    now,
  );
  const missing = plan.missingServers.map((server) => server.id);
  await markMissing(tx, 'servers', missing, now);
  const ended = [
    ...servers.flatMap((server) => server.endedSightings),
    ...(await findLastingSightings(tx, missing)),
  ];
  await endSightings(tx, ended, { now, lastSeenAt: options.lastSeenAt });
  await insertRows(
    tx,
    'sightings',
    servers.flatMap((server) => server.startedSightings),
  );
  await alignSightings(
    tx,
    servers.map((server) => server.id),
  );
  if (hasChanges(plan)) await keepKnownAddresses(tx, accountId);
  const serverIds = [
    ...new Set([...servers.map((server) => server.id), ...missing, ...options.waitingServers]),
  ];
  const networkIds = await findTouchedNetworks(tx, {
    serverIds,
    accountId: hasFabricChanges(plan) ? accountId : null,
    now,
  });
  return settle(tx, { networkIds, serverIds, run: options.run, now });
}

async function writeChanges(
  tx: Tx,
  table: 'hosts' | 'virtual_switches' | 'wires' | 'servers',
  changes: readonly ObjectChange[],
  now: Date,
): Promise<void> {
  await insertRows(
    tx,
    table,
    changes.filter(({ change }) => change === 'created').map(({ row }) => row),
  );
  await updateRows(
    tx,
    table,
    changes.filter(({ change }) => change !== 'created').map(({ row }) => row),
    now,
  );
}

/** Whether a run found anything to write. */
export function hasChanges(plan: SyncPlan): boolean {
  return plan.servers.length > 0 || plan.missingServers.length > 0 || hasFabricChanges(plan);
}

function hasFabricChanges({ fabric }: SyncPlan): boolean {
  return [
    fabric.hosts,
    fabric.switches,
    fabric.wires,
    fabric.missing.hosts,
    fabric.missing.virtual_switches,
    fabric.missing.wires,
  ].some((list) => list.length > 0);
}
