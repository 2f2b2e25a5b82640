import type { MatchNic } from '../domain/matching.ts';
import type { Tx } from '../store/database.ts';
import type { MatchEffect, ReadRun } from '../store/matching.ts';
import { matchServers } from './matching.ts';
import { detectWires } from './wire-detection.ts';

/** What settling did: to records in numbers and one by one, and to the wires of networks. */
export interface Settlement extends MatchEffect {
  readonly changes: readonly { nic: MatchNic; ip: string; change: 'settled' | 'ended' }[];
  readonly wires: { readonly gained: number; readonly lost: number };
}

/**
 * Brings additional wires and records in line with what is stored, after networks or servers changed: first the wires of these networks,
 * then the records of these servers and of those whom the wires concern; and where records ended, the wires that rested on them. The
 * transaction holds the spaces.
 */
export async function settle(
  tx: Tx,
  about: { networkIds: readonly string[]; serverIds: readonly string[]; run: ReadRun | null; now: Date },
): Promise<Settlement> {
  const { run, now } = about;
  const wires = await detectWires(tx, about.networkIds);
  const serverIds = [...new Set([...about.serverIds, ...wires.serverIds])];
  const matched = await matchServers(tx, { serverIds, run, now });
  const first: Settlement = { ...effectOf(matched), wires };
  const bereft = matched.plan.end.map(({ claim }) => claim.networkId);
  const later = await detectWires(tx, [...new Set(bereft)]);
  if (later.gained + later.lost === 0) return first;
  const again = effectOf(await matchServers(tx, { serverIds: later.serverIds, run, now }));
  return {
    created: first.created + again.created,
    ended: first.ended + again.ended,
    conflicts: first.conflicts + again.conflicts,
    changes: [...first.changes, ...again.changes],
    wires: { gained: wires.gained + later.gained, lost: wires.lost + later.lost },
  };
}

function effectOf(matched: Awaited<ReturnType<typeof matchServers>>): Omit<Settlement, 'wires'> {
  const { plan, input, created, ended, conflicts } = matched;
  const nics = new Map(input.nics.map((nic) => [nic.id, nic]));
  return {
    created,
    ended,
    conflicts,
    changes: [
      ...plan.create.map(({ nic, ip }) => ({ nic, ip, change: 'settled' as const })),
      ...plan.adopt.map(({ claim, nic }) => ({ nic, ip: claim.text, change: 'settled' as const })),
      ...plan.end.flatMap(({ claim }) => {
        const nic = nics.get(claim.nicId ?? '');
        return nic === undefined ? [] : [{ nic, ip: claim.text, change: 'ended' as const }];
      }),
    ],
  };
}
