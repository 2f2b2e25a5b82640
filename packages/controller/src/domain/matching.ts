import type { AddressRange, Family, IpAddress, Prefix } from './addresses.ts';
import { prefixHolds, rangeHolds } from './addresses.ts';

/**
 * From what NICs report and which networks their wires have: who gets a record for which address, and for all others the
 * reason. Pure: the same input gives the same answer, and the answer lists only what is to change.
 */

export type ReasonCode =
  | 'powered_off'
  | 'template'
  | 'tools_not_installed'
  | 'tools_not_running'
  | 'tools_no_address'
  | 'no_network'
  | 'other_wire'
  | 'outside_range'
  | 'taken'
  | 'disconnected'
  | 'no_wire'
  | 'vm_unreadable';

export type ToolsState = 'running' | 'not_running' | 'not_installed' | 'unknown';

export interface MatchServer {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  /** The number in the managed object id (`vm-1042` is 1042), for the order of equals. */
  readonly morefNumber: number;
  readonly poweredOn: boolean;
  readonly template: boolean;
  readonly readable: boolean;
  /** A product's stand-in for a server elsewhere: claims nothing. */
  readonly placeholder: boolean;
  readonly tools: ToolsState;
  /** The run that matching follows did not read it (it is another account's, or did not answer): its absence proves nothing. */
  readonly unread?: boolean;
  /** Interfaces in the last report. From 16 on the report may be cut short and proves no absence. */
  readonly interfaceCount: number;
}

export interface MatchNic {
  readonly id: string;
  readonly server: MatchServer;
  readonly spaceId: string;
  readonly wireId: string | null;
  readonly mac: string | null;
  readonly position: number;
  readonly connected: boolean;
  readonly missing: boolean;
  /** Live candidate addresses in the order of the report. */
  readonly addresses: readonly MatchAddress[];
}

export interface MatchAddress {
  readonly ip: IpAddress;
  /** Canonical text of `ip`. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly firstSeenAt: number;
}

export interface MatchNetwork {
  readonly id: string;
  readonly name: string;
  readonly spaceId: string;
  readonly family: Family;
  readonly range: AddressRange;
  readonly prefix: Prefix;
  readonly primaryWireId: string;
  /** Primary, declared and detected wires. */
  readonly wireIds: ReadonlySet<string>;
  readonly dhcpRanges: readonly AddressRange[];
}

export interface MatchClaim {
  readonly id: string;
  readonly spaceId: string;
  readonly ip: IpAddress;
  readonly text: string;
  readonly networkId: string;
  readonly nicId: string | null;
  readonly serverId: string | null;
  readonly source: 'tools' | 'manual' | 'allocated';
  readonly absentSinceRun: string | null;
  readonly contradictedBy: readonly string[];
}

export interface MatchInput {
  readonly nics: readonly MatchNic[];
  readonly networks: readonly MatchNetwork[];
  /** All live claims of these NICs, and all live claims on any address that they report. */
  readonly claims: readonly MatchClaim[];
  /** `spaceId ip` of addresses declared as shared: every claimant has a record. */
  readonly shared: ReadonlySet<string>;
  /** The complete run that brought the reports; null when matching runs for another cause, which proves no absence. */
  readonly runId: string | null;
}

export type EndReason = 'not_reported' | 'yielded' | 'wire_changed' | 'network_deleted';

export interface Reason {
  readonly code: ReasonCode;
  readonly ip: string | null;
  readonly networkId: string | null;
  readonly wireId: string | null;
  readonly serverId: string | null;
}

export interface NewRecord {
  readonly nic: MatchNic;
  readonly network: MatchNetwork;
  readonly ip: string;
  readonly firstSeenAt: number;
  readonly shared: boolean;
}

export interface MatchPlan {
  readonly end: readonly { claim: MatchClaim; reason: EndReason }[];
  readonly create: readonly NewRecord[];
  /** A claim that had no NIC becomes the record of this one. */
  readonly adopt: readonly { claim: MatchClaim; nic: MatchNic }[];
  readonly absent: readonly { claim: MatchClaim; sinceRun: string | null }[];
  readonly contradicted: readonly { claim: MatchClaim; by: readonly string[] }[];
  /** Per NIC (those not missing), in the order they are shown. */
  readonly reasons: ReadonlyMap<string, readonly Reason[]>;
  /** Per server: the addresses without a record, in NIC order. */
  readonly unmatched: ReadonlyMap<string, readonly string[]>;
  readonly conflicts: readonly { spaceId: string; ip: string; nicId: string; holderNicId: string | null }[];
}

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
  const networksBySpace = Map.groupBy(input.networks, (network) => network.spaceId);
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

  // A record ends when its NIC has left the network's wires, or when the NIC says, twice, that it has other addresses.
  for (const [nicId, claims] of claimsByNic) {
    const nic = nicsById.get(nicId);
    if (nic === undefined || nic.missing) continue;
    for (const claim of claims) {
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
        inSpace: networksBySpace.get(nic.spaceId) ?? [],
        holderOf: (ip) => holders.get(addressKey(nic.spaceId, ip)) ?? null,
      }),
    );
  }
  return { end, create, adopt, absent, contradicted, reasons, unmatched, conflicts };
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
  const leased = network.dhcpRanges.some((range) => rangeHolds(range, claim.ip));
  const twice = claim.absentSinceRun !== null && claim.absentSinceRun !== runId;
  if (leased || twice) return { end: 'not_reported', absentSinceRun: null, contradictedBy: [] };
  return { end: null, absentSinceRun: runId, contradictedBy: [] };
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
      const taker = contenders.find((contender) => contender.network.id === claim.networkId);
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

function reasonsOf(options: {
  nic: MatchNic;
  open: readonly MatchAddress[];
  settled: boolean;
  onWire: readonly MatchNetwork[];
  inSpace: readonly MatchNetwork[];
  holderOf: (ip: string) => { nicId: string | null; serverId: string | null } | null;
}): Reason[] {
  const { nic, open, settled, onWire, inSpace, holderOf } = options;
  if (open.length === 0) return settled ? [] : [wholeNicReason(nic)];
  if (nic.wireId === null) return settled ? [] : [reason('no_wire')];
  return open.map((address) => {
    // Taken is what the NIC could have had: on another wire it does not contend, whoever has the address there.
    const own = onWire.find((candidate) => rangeHolds(candidate.range, address.ip));
    if (own !== undefined)
      return reason('taken', {
        ip: address.text,
        networkId: own.id,
        serverId: holderOf(address.text)?.serverId ?? null,
      });
    // The network whose range holds the address says more than one whose prefix does.
    const elsewhere = inSpace.find((candidate) => rangeHolds(candidate.range, address.ip));
    if (elsewhere !== undefined)
      return reason('other_wire', {
        ip: address.text,
        networkId: elsewhere.id,
        wireId: elsewhere.primaryWireId,
      });
    const around = onWire.find((candidate) => prefixHolds(candidate.prefix, address.ip));
    if (around !== undefined) return reason('outside_range', { ip: address.text, networkId: around.id });
    return reason('no_network', { ip: address.text });
  });
}

/** Why a NIC without any open address has no record. What keeps it from reporting comes before what it lacks. */
function wholeNicReason(nic: MatchNic): Reason {
  const { server } = nic;
  if (!server.readable) return reason('vm_unreadable');
  if (server.template) return reason('template');
  if (nic.wireId === null) return reason('no_wire');
  if (!server.poweredOn) return reason('powered_off');
  switch (server.tools) {
    case 'not_installed':
      return reason('tools_not_installed');
    case 'not_running':
    case 'unknown':
      return reason('tools_not_running');
    case 'running':
      return reason(nic.connected ? 'tools_no_address' : 'disconnected');
  }
}

function reason(code: ReasonCode, about: Partial<Omit<Reason, 'code'>> = {}): Reason {
  return { code, ip: null, networkId: null, wireId: null, serverId: null, ...about };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
