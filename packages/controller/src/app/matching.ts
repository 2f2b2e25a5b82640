import { formatAddress, lastAddressOf, parsePrefix } from '../domain/addresses.ts';
import { planMatching } from '../domain/matching.ts';
import type { Tx } from '../store/database.ts';
import { applyMatching, loadMatchInput, type MatchEffect, type ReadRun } from '../store/matching.ts';
import type { MatchInput, MatchPlan } from '../domain/matching.ts';

/**
 * Brings the records, reasons, tags and conflicts of these servers (and of those that rival them for an address) in line with what is
 * stored: what NICs report, which networks their wires have, who holds what. The transaction must hold the address spaces concerned
 * (`lockSpaces`), so that networks and reports stand still meanwhile. `run` is the complete run that brought new reports, or null.
 */
export async function matchServers(
  tx: Tx,
  options: { serverIds: readonly string[]; run: ReadRun | null; now: Date },
): Promise<MatchEffect & { plan: MatchPlan; input: MatchInput }> {
  if (options.serverIds.length === 0) {
    const input: MatchInput = { nics: [], networks: [], claims: [], shared: new Set(), runId: null };
    return { created: 0, ended: 0, conflicts: 0, plan: planMatching(input), input };
  }
  const input = await loadMatchInput(tx, options);
  const plan = planMatching(input);
  const effect = await applyMatching(tx, { plan, input, now: options.now });
  return { ...effect, plan, input };
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
