import { formatAddress, lastAddressOf, parseAddress, parsePrefix } from '../domain/addresses.ts';
import {
  isLeased,
  type MatchInput,
  type MatchPlan,
  type NewRecord,
  planMatching,
} from '../domain/matching.ts';
import type { Tx } from '../store/database.ts';
import { holdNetworks } from '../store/holders.ts';
import { writeReasons, writeRecords, writeSyncIps } from '../store/match-records.ts';
import { loadMatchInput, type MatchEffect, type ReadRun } from '../store/matching.ts';
import { followMoving, forgetShared, openMoving, writeDuplicates } from '../store/open-conflicts.ts';

/**
 * Brings the records, reasons, tags and conflicts of these servers (and of those that rival them for an address) in line with what is
 * stored: what NICs report, which networks their wires have, who holds what. The transaction must hold the address spaces concerned
 * (`lockSpaces`), so that networks and reports stand still meanwhile. `run` is the complete run that brought new reports, or null.
 * Answers what was done, and what it was made of.
 */
export async function matchServers(
  tx: Tx,
  options: { serverIds: readonly string[]; run: ReadRun | null; now: Date },
): Promise<MatchEffect & { plan: MatchPlan; input: MatchInput }> {
  const { now } = options;
  if (options.serverIds.length === 0) {
    const input: MatchInput = { nics: [], networks: [], claims: [], shared: new Set(), runId: null };
    return { created: 0, ended: 0, conflicts: 0, plan: planMatching(input), input };
  }
  const done = { end: [] as MatchPlan['end'][number][], adopt: [] as MatchPlan['adopt'][number][] };
  const made: { claimId: string; record: NewRecord }[] = [];
  const held = new Set<string>();
  // Addresses are given out and taken back without waiting for the space: whoever was quicker is seen in the next round. It ends, since
  // after the first round nobody is given an address of these networks, and each hold is taken back only once.
  for (;;) {
    const input = await loadMatchInput(tx, options);
    const plan = planMatching(input);
    const written = await writeRecords(tx, { plan, now });
    done.end.push(...written.end);
    done.adopt.push(...written.adopt);
    made.push(...written.create);
    if (!written.complete) {
      const kept = new Set(written.create.map(({ record }) => record));
      const lost = plan.create.filter((record) => !kept.has(record)).map((record) => record.network.id);
      if (lost.length > 0 && lost.every((id) => held.has(id)))
        throw new Error('an address that nobody is known to have could not be claimed');
      const around = new Set([...lost, ...plan.adopt.map(({ claim }) => claim.networkId)]);
      await holdNetworks(tx, [...around]);
      for (const id of around) held.add(id);
      continue;
    }
    await writeReasons(tx, plan.reasons, input);
    await writeSyncIps(tx, plan.unmatched, now);
    await followMoving(tx, { input, now });
    const conflicts = await writeDuplicates(tx, { plan, input, now });
    await openMoving(tx, {
      claimIds: made.filter(({ record }) => canMove(record)).map((one) => one.claimId),
      now,
    });
    await forgetShared(tx, input);
    return {
      created: made.length + done.adopt.length,
      ended: done.end.length,
      conflicts,
      plan: { ...plan, ...done, create: made.map(({ record }) => record) },
      input,
    };
  }
}

/** Leases change hands all the time, and shared addresses have several. */
function canMove({ shared, network, ip }: NewRecord): boolean {
  const address = parseAddress(ip);
  return !shared && address !== null && !isLeased(network, address);
}

/** The first and the last address of a stored prefix: all that may concern a network in it. */
export function rangeOf(cidr: string): { start: string; end: string } {
  const parsed = parsePrefix(cidr);
  if (parsed === null) throw new Error(`the database holds ${cidr}, which is no prefix`);
  return {
    start: formatAddress(parsed.prefix.network),
    end: formatAddress(lastAddressOf(parsed.prefix)),
  };
}
