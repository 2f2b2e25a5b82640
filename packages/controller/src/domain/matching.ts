import { type IpAddress, rangeHolds } from './addresses.ts';
import {
  type EndReason,
  type MatchAddress,
  type MatchClaim,
  type MatchInput,
  type MatchNetwork,
  type MatchNic,
  type MatchPlan,
  type MatchServer,
  type NewRecord,
  type Reason,
  singleReading,
} from './matching-facts.ts';
import { reasonsOf } from './matching-reasons.ts';
import { indexByRange } from './range-index.ts';

export type * from './matching-facts.ts';

/**
 * From what NICs report and which networks their wires have: who gets a record for which address, and for all others the
 * reason. Pure: the same input gives the same answer, and the answer lists only what is to change.
 */

/** Reports with this many interfaces may be cut short by the guest's tools. */
const FULL_REPORT = 16;

interface Contender {
  nic: MatchNic;
  address: MatchAddress;
  network: MatchNetwork;
}

export function addressKey(spaceId: string, ip: string): string {
  return `${spaceId} ${ip}`;
}

/** Whether what the server reports is live: a server that is off, or a stand-in, claims nothing by what it last said. */
export function reportsLive(server: MatchServer): boolean {
  return server.poweredOn && server.tools === 'running' && !server.template && !server.placeholder;
}

export function planMatching(input: MatchInput): MatchPlan {
  const networksByWire = groupNetworksByWire(input.networks);
  const networksBySpace = new Map(
    [...Map.groupBy(input.networks, (network) => network.spaceId)].map(([id, own]) => [
      id,
      indexByRange(own),
    ]),
  );
  const networksById = new Map(input.networks.map((network) => [network.id, network]));
  const claimsByAddress = Map.groupBy(input.claims, (claim) => addressKey(claim.spaceId, claim.text));
  const claimsByNic = Map.groupBy(
    input.claims.filter((claim) => claim.nicId !== null),
    (claim) => claim.nicId ?? '',
  );
  const nicsById = new Map(input.nics.map((nic) => [nic.id, nic]));

  const contenders = new Map<string, Contender[]>();
  for (const nic of input.nics) {
    if (nic.missing || nic.wireId === null || !reportsLive(nic.server)) continue;
    const networks = networksByWire.get(nic.wireId) ?? [];
    for (const address of nic.addresses) {
      const network = networks.find((candidate) => rangeHolds(candidate.range, address.ip));
      if (network === undefined) continue;
      const key = addressKey(nic.spaceId, address.text);
      const others = contenders.get(key);
      if (others === undefined) contenders.set(key, [{ nic, address, network }]);
      else if (!others.some((other) => other.nic.id === nic.id)) others.push({ nic, address, network });
    }
  }

  const end: { claim: MatchClaim; reason: EndReason }[] = [];
  const ended = new Set<string>();
  const create: NewRecord[] = [];
  const adopt: { claim: MatchClaim; nic: MatchNic }[] = [];
  const absent: { claim: MatchClaim; sinceRun: string | null }[] = [];
  const contradicted: { claim: MatchClaim; by: readonly string[] }[] = [];
  const conflicts: { spaceId: string; ip: string; nicId: string; holderNicId: string | null }[] = [];
  /** Who has each contended address after this plan, and its server. */
  const holders = new Map<string, { nicId: string | null; serverId: string | null }>();

  const endClaim = (claim: MatchClaim, reason: EndReason): void => {
    if (ended.has(claim.id)) return;
    ended.add(claim.id);
    end.push({ claim, reason });
  };

  for (const claim of input.claims) if (claim.expired) endClaim(claim, 'expired');
  // A record ends when its NIC has left the network's wires, or when the NIC says, twice, that it has other addresses.
  for (const [nicId, claims] of claimsByNic) {
    const nic = nicsById.get(nicId);
    if (nic === undefined) continue;
    for (const claim of claims) {
      if (nic.missing) {
        // A lease outlives no desktop: pools are made anew faster than removal is waited for.
        if (claim.source === 'tools' && isLeased(networksById.get(claim.networkId), claim.ip))
          endClaim(claim, 'missing');
        continue;
      }
      const verdict = judgeClaim({
        claim,
        nic,
        network: networksById.get(claim.networkId),
        runId: input.runId,
      });
      if (verdict.end !== null) endClaim(claim, verdict.end);
      else if (verdict.absentSinceRun !== claim.absentSinceRun)
        absent.push({ claim, sinceRun: verdict.absentSinceRun });
      if (verdict.end === null && !sameList(verdict.contradictedBy, claim.contradictedBy))
        contradicted.push({ claim, by: verdict.contradictedBy });
    }
  }

  for (const [key, claimants] of contenders) {
    const live = (claimsByAddress.get(key) ?? []).filter((claim) => !ended.has(claim.id));
    if (input.shared.has(key)) {
      for (const { nic, address, network } of claimants) {
        if (live.some((claim) => claim.nicId === nic.id)) continue;
        create.push({ nic, network, ip: address.text, firstSeenAt: address.firstSeenAt, shared: true });
      }
      continue;
    }
    const claimants_ = claimants.toSorted(firstComesFirst);
    const winner = settle(live[0], claimants_, {
      adopt,
      create,
      endClaim,
      isKnown: (nicId) => nicsById.has(nicId),
    });
    holders.set(key, winner);
    for (const { nic } of claimants_) {
      if (nic.id === winner.nicId) continue;
      conflicts.push({
        spaceId: nic.spaceId,
        ip: key.slice(nic.spaceId.length + 1),
        nicId: nic.id,
        holderNicId: winner.nicId,
      });
    }
  }

  const recorded = recordsAfter({ claims: input.claims, ended, create, adopt });
  const reasons = new Map<string, readonly Reason[]>();
  const unmatched = new Map<string, string[]>();
  for (const nic of input.nics.toSorted((a, b) => a.position - b.position)) {
    const list = unmatched.get(nic.server.id) ?? [];
    unmatched.set(nic.server.id, list);
    if (nic.missing) {
      reasons.set(nic.id, []);
      continue;
    }
    const own = recorded.get(nic.id) ?? new Set<string>();
    const live = reportsLive(nic.server) ? nic.addresses : [];
    const open = live.filter((address) => !own.has(address.text));
    for (const address of open) if (!list.includes(address.text)) list.push(address.text);
    reasons.set(
      nic.id,
      reasonsOf({
        nic,
        open,
        settled: own.size > 0,
        onWire: nic.wireId === null ? [] : (networksByWire.get(nic.wireId) ?? []),
        inSpace: networksBySpace.get(nic.spaceId) ?? (() => undefined),
        holderOf: (ip) => holders.get(addressKey(nic.spaceId, ip)) ?? null,
      }),
    );
  }
  return { end, create, adopt, absent, contradicted, reasons, unmatched, conflicts };
}

/** Whether a DHCP server gives the address to whomever it likes. */
export function isLeased(network: MatchNetwork | undefined, ip: IpAddress): boolean {
  return network?.dhcpRanges.some((range) => rangeHolds(range, ip)) ?? false;
}

function groupNetworksByWire(networks: readonly MatchNetwork[]): Map<string, MatchNetwork[]> {
  const byWire = new Map<string, MatchNetwork[]>();
  for (const network of networks) {
    for (const wireId of network.wireIds) {
      const list = byWire.get(wireId);
      if (list === undefined) byWire.set(wireId, [network]);
      else list.push(network);
    }
  }
  return byWire;
}

function judgeClaim(options: {
  claim: MatchClaim;
  nic: MatchNic;
  network: MatchNetwork | undefined;
  runId: string | null;
}): { end: EndReason | null; absentSinceRun: string | null; contradictedBy: readonly string[] } {
  const { claim, nic, network } = options;
  const runId = nic.server.unread === true ? null : options.runId;
  const sameFamily = reportsLive(nic.server)
    ? nic.addresses.filter((address) => address.ip.family === claim.ip.family)
    : [];
  const reported = sameFamily.some((address) => address.text === claim.text);
  const contradicted = sameFamily.length > 0 && !reported;
  if (claim.source !== 'tools') {
    return {
      end: null,
      absentSinceRun: null,
      // Silence changes nothing: what the last report said against the claim stays until a report says otherwise.
      contradictedBy: reported
        ? []
        : contradicted
          ? sameFamily.map((address) => address.text)
          : claim.contradictedBy,
    };
  }
  if (network === undefined) return { end: 'network_deleted', absentSinceRun: null, contradictedBy: [] };
  if (nic.wireId !== null && !network.wireIds.has(nic.wireId))
    return { end: 'wire_changed', absentSinceRun: null, contradictedBy: [] };
  if (reported) return { end: null, absentSinceRun: null, contradictedBy: [] };
  if (!contradicted || runId === null || nic.server.interfaceCount >= FULL_REPORT)
    return { end: null, absentSinceRun: claim.absentSinceRun, contradictedBy: [] };
  const since = claim.absentSinceRun === singleReading ? null : claim.absentSinceRun;
  const twice = since !== null && since !== runId && runId !== singleReading;
  if (isLeased(network, claim.ip) || twice)
    return { end: 'not_reported', absentSinceRun: null, contradictedBy: [] };
  // Read alone it counts for no run; but the next complete one looks, though nothing will be new to it.
  const marked = runId === singleReading && since !== null ? since : runId;
  return { end: null, absentSinceRun: marked, contradictedBy: [] };
}

/** Who comes first has the address; seen in one and the same read: connected, then the lowest moref, then the first card. */
function firstComesFirst(a: Contender, b: Contender): number {
  return (
    a.address.firstSeenAt - b.address.firstSeenAt ||
    Number(b.nic.connected) - Number(a.nic.connected) ||
    a.nic.server.morefNumber - b.nic.server.morefNumber ||
    a.nic.position - b.nic.position ||
    (a.nic.id < b.nic.id ? -1 : 1)
  );
}

function settle(
  claim: MatchClaim | undefined,
  contenders: readonly Contender[],
  effects: {
    adopt: { claim: MatchClaim; nic: MatchNic }[];
    create: NewRecord[];
    endClaim: (claim: MatchClaim, reason: EndReason) => void;
    isKnown: (nicId: string) => boolean;
  },
): { nicId: string | null; serverId: string | null } {
  const first = contenders[0];
  if (first === undefined) throw new Error('an address without contenders has nothing to settle');
  if (claim !== undefined) {
    const holder = contenders.find((contender) => contender.nic.id === claim.nicId);
    if (holder !== undefined) return { nicId: holder.nic.id, serverId: holder.nic.server.id };
    if (claim.nicId === null) {
      const taker = contenders.find(
        ({ nic, network }) => network.id === claim.networkId && (claim.mac === null || claim.mac === nic.mac),
      );
      if (taker === undefined) return { nicId: null, serverId: null };
      effects.adopt.push({ claim, nic: taker.nic });
      return { nicId: taker.nic.id, serverId: taker.nic.server.id };
    }
    // Of a holder that isn't looked at nothing is known: not that it fell silent either.
    if (claim.source !== 'tools' || !effects.isKnown(claim.nicId))
      return { nicId: claim.nicId, serverId: claim.serverId };
    effects.endClaim(claim, 'yielded');
  }
  effects.create.push({
    nic: first.nic,
    network: first.network,
    ip: first.address.text,
    firstSeenAt: first.address.firstSeenAt,
    shared: false,
  });
  return { nicId: first.nic.id, serverId: first.nic.server.id };
}

function recordsAfter(options: {
  claims: readonly MatchClaim[];
  ended: ReadonlySet<string>;
  create: readonly NewRecord[];
  adopt: readonly { claim: MatchClaim; nic: MatchNic }[];
}): Map<string, Set<string>> {
  const records = new Map<string, Set<string>>();
  const add = (nicId: string, ip: string): void => {
    const set = records.get(nicId);
    if (set === undefined) records.set(nicId, new Set([ip]));
    else set.add(ip);
  };
  for (const claim of options.claims)
    if (claim.nicId !== null && !options.ended.has(claim.id)) add(claim.nicId, claim.text);
  for (const record of options.create) add(record.nic.id, record.ip);
  for (const { claim, nic } of options.adopt) add(nic.id, claim.text);
  return records;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
