import type { Family } from './addresses.ts';
import type { Asked, FixChange, FixClaim, FixFacts } from './fixing-facts.ts';
import { addressKey } from './matching.ts';

/** Who has what, as a plan of fixes goes on. Addresses are named by `addressKey`. */
export interface Ledger {
  /** Live claims on the address. */
  at: (key: string) => readonly FixClaim[];
  /** Live claims of the NIC, without those this plan gives it. */
  of: (nicId: string) => readonly FixClaim[];
  /** What this plan gave or left the address to. */
  takenBy: (key: string) => Asked | undefined;
  /** Whether the NIC has an address of the family, one that this plan gives it among them. */
  hasFamily: (nicId: string, family: Family) => boolean;
  isShared: (key: string) => boolean;
  seenBy: (key: string) => readonly { serverId: string; name: string }[];
  end: (claim: FixClaim, change: FixChange) => void;
  /** Takes back that the NIC's record ends: it is to have that address after all. False where no such record ended. */
  revive: (key: string, nicId: string) => boolean;
  expire: (claim: FixClaim) => void;
  take: (asked: Asked, change: FixChange, family: Family) => void;
  close: () => { changes: FixChange[]; expired: FixClaim[] };
}

export function openLedger(facts: FixFacts): Ledger {
  const byKey = Map.groupBy(facts.claims, keyOf);
  const byNic = Map.groupBy(
    facts.claims.filter((claim) => claim.nicId !== null),
    (claim) => claim.nicId ?? '',
  );
  const gone = new Set<string>();
  const ends = new Map<string, { claim: FixClaim; change: FixChange }>();
  const taken = new Map<string, Asked>();
  const families = new Set<string>();
  const given: FixChange[] = [];
  const expired: FixClaim[] = [];
  const live = (claims: readonly FixClaim[] | undefined): readonly FixClaim[] =>
    (claims ?? []).filter((claim) => !gone.has(claim.id));
  return {
    at: (key) => live(byKey.get(key)),
    of: (nicId) => live(byNic.get(nicId)),
    takenBy: (key) => taken.get(key),
    hasFamily: (nicId, family) =>
      families.has(`${nicId} ${family}`) ||
      live(byNic.get(nicId)).some((claim) => claim.ip.family === family),
    isShared: (key) => facts.shared.has(key) || live(byKey.get(key)).some((claim) => claim.shared),
    seenBy: (key) => facts.seen.get(key) ?? [],
    end: (claim, change) => {
      gone.add(claim.id);
      ends.set(`${claim.nicId} ${keyOf(claim)}`, { claim, change });
    },
    revive: (key, nicId) => {
      const ended = ends.get(`${nicId} ${key}`);
      if (ended === undefined) return false;
      ends.delete(`${nicId} ${key}`);
      gone.delete(ended.claim.id);
      return true;
    },
    expire: (claim) => {
      gone.add(claim.id);
      expired.push(claim);
    },
    take: (asked, change, family) => {
      taken.set(addressKey(change.nic.spaceId, change.ip), asked);
      families.add(`${change.nic.id} ${family}`);
      given.push(change);
    },
    close: () => ({
      changes: [...[...ends.values()].map(({ change }) => change), ...given].toSorted((a, b) => a.at - b.at),
      expired,
    }),
  };
}

function keyOf(claim: FixClaim): string {
  return addressKey(claim.spaceId, claim.text);
}
