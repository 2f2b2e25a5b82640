import type { Conflict, conflictQuery, List, ResolveInput } from '@wirebook/contract';
import type { z } from 'zod';
import { endClaims } from '../store/claims.ts';
import {
  decideConflict,
  type Decision,
  type Dispute,
  findDispute,
  giveToClaimant,
  keepFrom,
  listConflictRows,
  shareAddress,
} from '../store/conflicts.ts';
import type { Database, Queries, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { holdNetworks } from '../store/holders.ts';
import { lockSpaces } from '../store/locks.ts';
import type { Actor } from './actor.ts';
import { canonicalIp } from './inventory.ts';
import { matchServers } from './matching.ts';
import { resolveOptional } from './names.ts';
import { Problem } from './problem.ts';
import { inTransaction } from './transaction.ts';

/** A conflict as stored; the sentence is put to it in the reader's language. */
export type StoredConflict = Omit<Conflict, 'text'>;

export async function listConflicts(
  db: Queries,
  query: z.output<typeof conflictQuery>,
): Promise<List<StoredConflict>> {
  const { network, server, ip, ...rest } = query;
  return listConflictRows(db, {
    ...rest,
    ip: canonicalIp('ip', ip),
    networkId: await resolveOptional(db, 'network', network),
    serverId: await resolveOptional(db, 'server', server),
  });
}

/** Problem: `not_found`. */
export async function showConflict(db: Queries, id: string): Promise<StoredConflict> {
  const [found] = (await listConflictRows(db, { ids: [id], resolved: 'any', limit: 1 })).items;
  if (found === undefined) throw notFound(id);
  return found;
}

/**
 * Decides a conflict. `keep`: nobody asks any more while the claimant goes on claiming. `give`: the claimant has the address by hand, and
 * doesn't yield it again to who has lost it. `share`: whoever reports the address has a record of it. While the conflict lasts it may be
 * decided otherwise; the same decision again changes nothing. Problems: `not_found`, `conflict_over`, `not_shareable`.
 */
export async function resolveConflict(
  db: Database,
  id: string,
  input: ResolveInput,
  options: { actor: Actor },
): Promise<StoredConflict> {
  const seen = await findDispute(db, id);
  if (seen === null) throw notFound(id);
  return inTransaction(db, { dryRun: false }, async (tx) => {
    await lockSpaces(tx, [seen.spaceId]);
    const dispute = await findDispute(tx, id);
    if (dispute === null) throw notFound(id);
    const { resolution } = input;
    if (dispute.resolution === resolution) return showConflict(tx, id);
    if (dispute.endedAt !== null) throw new Problem('conflict_over', { at: dispute.endedAt });
    const before = { resolution: dispute.resolution, holder: dispute.holder.name };
    const decision = { resolution, by: options.actor.name, now: new Date() };
    await carryOut(tx, dispute, decision);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'resolve',
      kind: 'conflict',
      id,
      name: dispute.ip,
      before,
      after: { resolution, holder: resolution === 'give' ? dispute.claimant.name : dispute.holder.name },
    });
    return showConflict(tx, id);
  });
}

async function carryOut(tx: Tx, dispute: Dispute, decision: Decision): Promise<void> {
  const { holder, claimant, ip } = dispute;
  const { now } = decision;
  switch (decision.resolution) {
    case 'keep':
      return decideConflict(tx, dispute.id, decision);
    case 'give':
      await give(tx, dispute, decision);
      break;
    case 'share':
      if (holder.nicId === null) throw new Problem('not_shareable', { ip, holder: holder.name });
      await shareAddress(tx, dispute, decision);
      break;
  }
  const serverIds = [...(holder.serverId === null ? [] : [holder.serverId]), claimant.serverId];
  await matchServers(tx, { serverIds, run: null, now });
  if (decision.resolution === 'give' && holder.nicId !== null)
    await keepFrom(tx, { spaceId: dispute.spaceId, ip, nicId: holder.nicId }, decision);
}

async function give(tx: Tx, dispute: Dispute, decision: Decision): Promise<void> {
  const { holder, network } = dispute;
  // Its wire has left the network while the decision was on its way.
  if (network === null) throw new Problem('request_in_progress');
  // Nobody is given the address between the two.
  await holdNetworks(tx, [network.id]);
  if (holder.live) await endClaims(tx, { ids: [holder.claimId], reason: 'given', now: decision.now });
  await decideConflict(tx, dispute.id, decision);
  if (!(await giveToClaimant(tx, { ...dispute, network }, decision.now)))
    throw new Problem('request_in_progress');
}

function notFound(id: string): Problem {
  return new Problem('not_found', { kind: 'conflict', name: id, command: 'conflict' });
}
