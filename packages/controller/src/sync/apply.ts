import { settle, type Settlement } from '../app/settlement.ts';
import type { Tx } from '../store/database.ts';
import { markMissing, replaceSwitchHosts, replaceWireHosts } from '../store/inventory.ts';
import { keepKnownAddresses } from '../store/known-addresses.ts';
import type { ReadRun } from '../store/matching.ts';
import { findTouchedNetworks } from '../store/wire-detection.ts';
import { applyServers, writeChanges } from './apply-servers.ts';
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
  const missing = plan.missingServers.map((server) => server.id);
  await applyServers(tx, { servers, missing, accountId, now, lastSeenAt: options.lastSeenAt });
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
