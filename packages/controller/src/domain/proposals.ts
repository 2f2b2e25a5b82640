import {
  type AddressUse,
  type Contradiction,
  planWires,
  type WireFacts,
  type WireLink,
} from './additional-wires.ts';
import { type AddressRange, compareAddresses, formatPrefix, type Prefix } from './addresses.ts';
import { type Objection, objectionsTo } from './proposal-objections.ts';
import {
  countServers,
  findSubnets,
  gatewaysOf,
  type KnownRange,
  type ReportedAddress,
  type Subnet,
} from './subnets.ts';

/**
 * The networks that an administrator would type in, from what guests report. Pure. Each subnet is given its wires as detection would; wires
 * that contradict it and use its range above all are another site's: they get the same range in an address space of their own.
 */

export interface ProposalWire extends WireFacts {
  readonly spaceName: string;
  /** Servers on it that report any address, settled or not. */
  readonly reporting: number;
  /** It is one of some network's wires: it can't be taken to another space. */
  readonly bound: boolean;
  /** What speaks against its being a wire of an existing network whose addresses are used on it. */
  readonly apartFrom: readonly {
    readonly primary: ProposalSite;
    readonly contradictions: readonly Contradiction[];
  }[];
}

/** Where a wire is, for the name of a space. */
export interface ProposalSite {
  readonly accountId: string;
  readonly datacenter: string | null;
}

export interface ProposalUse extends ReportedAddress {
  /** An existing network of the wire's space has the address, on other wires. */
  readonly covered: boolean;
  readonly dns: readonly string[];
  readonly domain: string | null;
  /** Milliseconds since the epoch. */
  readonly firstSeenAt: number;
}

export interface ProposalInput {
  readonly wires: ReadonlyMap<string, ProposalWire>;
  /** Every address of a running guest that has no record for want of a network on its wire. */
  readonly uses: readonly ProposalUse[];
  /** By space. */
  readonly networks: ReadonlyMap<string, readonly KnownRange[]>;
  readonly isShared: (spaceName: string, ip: string) => boolean;
}

export interface Proposal {
  readonly spaceName: string;
  /** Wires that have to be taken to that space first. */
  readonly moves: readonly string[];
  readonly prefix: Prefix;
  readonly range: AddressRange;
  readonly gateway: string | null;
  readonly dns: readonly string[];
  readonly domain: string | null;
  readonly primaryWireId: string;
  /** Additional and suggested ones. */
  readonly links: readonly WireLink[];
  /** Who would be settled: one NIC for each address. */
  readonly settles: readonly ProposalUse[];
  /** NICs that would not: another has the address, or their wire is only suggested. */
  readonly taken: readonly ProposalUse[];
  readonly unsettled: readonly ProposalUse[];
  readonly servers: number;
  readonly objections: readonly Objection[];
  readonly uses: readonly ProposalUse[];
}

/** Rounds of parting sites: each takes at least one wire to another space, and nobody has more sites that overlap. */
const ROUNDS = 12;

export function propose(input: ProposalInput): Proposal[] {
  const spaces = new Map([...input.wires.values()].map((wire) => [wire.id, wire.spaceName]));
  const parted = new Map<string, readonly Contradiction[]>();
  partFromNetworks(input, spaces, parted);
  for (let round = 1; ; round += 1) {
    const found = proposeIn(input, spaces, parted);
    if (found.parts.size === 0 || round === ROUNDS) return found.proposals.toSorted(bySize);
    for (const [wireId, { spaceName, contradictions }] of found.parts) {
      spaces.set(wireId, spaceName);
      parted.set(wireId, contradictions);
    }
  }
}

function bySize(a: Proposal, b: Proposal): number {
  return (
    b.servers - a.servers ||
    compareAddresses(a.range.start, b.range.start) ||
    (a.spaceName < b.spaceName ? -1 : 1)
  );
}

/** Wires that contradict a network there is already, and use its range above all: a space of their own. */
function partFromNetworks(
  input: ProposalInput,
  spaces: Map<string, string>,
  parted: Map<string, readonly Contradiction[]>,
): void {
  const covered = Map.groupBy(
    input.uses.filter((use) => use.covered),
    (use) => use.wireId,
  );
  for (const [wireId, uses] of covered) {
    const wire = input.wires.get(wireId);
    const [apart] = wire?.apartFrom ?? [];
    if (wire === undefined || apart === undefined || !isParted(wire, uses, apart.contradictions)) continue;
    spaces.set(wireId, siteName(wire, apart.primary, wire.spaceName));
    parted.set(wireId, apart.contradictions);
  }
}

/** A trunk is nobody's own, and a stray on a wire that serves others is not the wire's. */
function isParted(
  wire: ProposalWire,
  uses: readonly ProposalUse[],
  contradictions: readonly Contradiction[],
): boolean {
  return (
    !wire.bound &&
    !contradictions.some((one) => one.code === 'trunk') &&
    countServers(uses) * 2 > wire.reporting
  );
}

/** What tells a site from another: its vCenter, its datacenter, or its port group. Never the name of the space that it leaves. */
function siteName(wire: ProposalWire, other: ProposalSite, left: string): string {
  const names = [
    wire.accountId === other.accountId ? null : wire.accountName,
    wire.datacenter === other.datacenter ? null : wire.datacenter,
    wire.name,
  ];
  return names.find((name) => name !== null && name !== left) ?? `${wire.name} 2`;
}

interface Round {
  readonly proposals: Proposal[];
  readonly parts: Map<string, { spaceName: string; contradictions: readonly Contradiction[] }>;
}

function proposeIn(
  input: ProposalInput,
  spaces: ReadonlyMap<string, string>,
  parted: ReadonlyMap<string, readonly Contradiction[]>,
): Round {
  const parts: Round['parts'] = new Map();
  const proposals: Proposal[] = [];
  const open = input.uses.filter((use) => !use.covered || parted.has(use.wireId));
  for (const [spaceName, uses] of Map.groupBy(open, (use) => spaces.get(use.wireId) ?? '')) {
    const known = input.networks.get(spaceName) ?? [];
    const prefixes = new Set(known.map((one) => formatPrefix(one.prefix)));
    for (const subnet of findSubnets(uses, known)) {
      const proposal = proposeSubnet({ input, spaceName, subnet, parted });
      // A single server, or a trunk, with an address of a network's prefix outside of its range is that network's: seen from elsewhere.
      const isStray = proposal.servers < 2 || input.wires.get(proposal.primaryWireId)?.trunk === true;
      if (isStray && prefixes.has(formatPrefix(subnet.prefix))) continue;
      proposals.push(proposal);
      for (const part of partSites(input, proposal)) parts.set(part.wireId, part);
    }
  }
  return { proposals, parts };
}

/** Of the wires that contradict a proposal, those that use its range above all, each with the space that it should have. */
function partSites(
  input: ProposalInput,
  proposal: Proposal,
): { wireId: string; spaceName: string; contradictions: readonly Contradiction[] }[] {
  const primary = input.wires.get(proposal.primaryWireId);
  const uses = Map.groupBy(proposal.uses, (use) => use.wireId);
  const contradicting = proposal.links.flatMap((link) => {
    const wire = input.wires.get(link.wireId);
    if (link.origin !== 'suggested' || wire === undefined) return [];
    return isParted(wire, uses.get(wire.id) ?? [], link.contradictions) ? [{ wire, link }] : [];
  });
  const [first] = contradicting;
  if (primary === undefined || first === undefined) return [];
  // One site at a time: those that agree with the largest go along with it, the others are looked at again without it.
  const largest = contradicting.toSorted((a, b) => b.link.servers - a.link.servers)[0] ?? first;
  const nameOf = (wire: ProposalWire): string => siteName(wire, primary, proposal.spaceName);
  const name = nameOf(largest.wire);
  const along = contradicting.filter(({ wire }) => nameOf(wire) === name);
  return along.map(({ wire, link }) => ({
    wireId: wire.id,
    spaceName: name,
    contradictions: link.contradictions,
  }));
}

function proposeSubnet(about: {
  input: ProposalInput;
  spaceName: string;
  subnet: Subnet<ProposalUse>;
  parted: ReadonlyMap<string, readonly Contradiction[]>;
}): Proposal {
  const { input, spaceName, subnet, parted } = about;
  const { prefix, range, uses } = subnet;
  const byWire = Map.groupBy(uses, (use) => use.wireId);
  const [primaryWireId = ''] = [...byWire.keys()].toSorted((a, b) => byFitness(input, byWire, a, b));
  const gateways = gatewaysOf(prefix, byWire.get(primaryWireId) ?? []);
  const gateway = gateways[0]?.text ?? gatewaysOf(prefix, uses)[0]?.text ?? null;
  const links = planWires({
    prefix,
    range,
    gateway,
    primaryWireId,
    wires: input.wires,
    links: [],
    uses: uses.map((use): AddressUse => ({ ...use, live: true })),
    standing: new Map(),
    serverNames: new Map(),
    isShared: (ip) => input.isShared(spaceName, ip),
  });
  const mine = new Set([
    primaryWireId,
    ...links.flatMap((link) => (link.origin === 'detected' ? [link.wireId] : [])),
  ]);
  const own = uses.filter((use) => mine.has(use.wireId));
  const holders = firstOfEach(own, (ip) => input.isShared(spaceName, ip));
  const [kept, settled] = [new Set(holders), new Set(holders.map((use) => use.nicId))];
  return {
    spaceName,
    moves: [...mine].filter((id) => input.wires.get(id)?.spaceName !== spaceName),
    prefix,
    range,
    gateway,
    dns: mostSaid(own, (use) => use.dns.join(' '))
      .split(' ')
      .filter((text) => text !== ''),
    domain: mostSaid(own, (use) => use.domain ?? '') || null,
    primaryWireId,
    links,
    settles: holders,
    taken: own.filter((use) => !kept.has(use) && !settled.has(use.nicId)),
    unsettled: uses.filter((use) => !mine.has(use.wireId)),
    servers: countServers(own),
    objections: objectionsTo({
      subnet,
      own,
      gateway,
      wire: input.wires.get(primaryWireId),
      apart: parted.get(primaryWireId) ?? [],
    }),
    uses,
  };
}

/** The wire that most servers use the range on; one that leads nowhere, or carries many VLANs, only where there is no other. */
function byFitness(
  input: ProposalInput,
  byWire: ReadonlyMap<string, readonly ProposalUse[]>,
  a: string,
  b: string,
): number {
  const [left, right] = [input.wires.get(a), input.wires.get(b)];
  const unfit = (wire: ProposalWire | undefined): number =>
    Number(wire?.trunk) * 2 + Number(wire?.uplinked === false);
  return (
    unfit(left) - unfit(right) ||
    countServers(byWire.get(b) ?? []) - countServers(byWire.get(a) ?? []) ||
    ((left?.name ?? '') < (right?.name ?? '')
      ? -1
      : (left?.name ?? '') > (right?.name ?? '')
        ? 1
        : a < b
          ? -1
          : 1)
  );
}

/** One NIC for each address: who reported it first. An address that several have on purpose is everybody's. */
function firstOfEach(uses: readonly ProposalUse[], isShared: (ip: string) => boolean): ProposalUse[] {
  const taken = new Set<string>();
  return uses
    .toSorted(
      (a, b) => a.firstSeenAt - b.firstSeenAt || compareAddresses(a.ip, b.ip) || (a.nicId < b.nicId ? -1 : 1),
    )
    .filter((use) => {
      if (isShared(use.text)) return true;
      if (taken.has(use.text)) return false;
      taken.add(use.text);
      return true;
    });
}

/** What most servers say, of those that say anything. */
function mostSaid(uses: readonly ProposalUse[], of: (use: ProposalUse) => string): string {
  const servers = new Map(uses.map((use) => [use.serverId, of(use)]));
  const counts = new Map<string, number>();
  for (const said of servers.values()) if (said !== '') counts.set(said, (counts.get(said) ?? 0) + 1);
  const [most] = [...counts].toSorted(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  return most?.[0] ?? '';
}

/** What tells proposals apart, whenever they are made: the space and the range. */
export function proposalKey(proposal: { spaceName: string; prefix: Prefix; range: AddressRange }): string {
  const { start, end } = proposal.range;
  return `${proposal.spaceName} ${formatPrefix(proposal.prefix)} ${start.value} ${end.value}`;
}
