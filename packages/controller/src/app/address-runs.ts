import { type AddressRange, compareAddresses, type IpAddress } from '../domain/addresses.ts';
import {
  deriveRuns,
  joinRun,
  type KnownAddress,
  type Mark,
  type ReservedRange,
  type Run,
  type State,
} from '../domain/free-runs.ts';
import type { Queries } from '../store/database.ts';
import {
  type AddressFact,
  factKinds,
  findAddressFacts,
  findReservedRanges,
  findUnclaimed,
  type LeadKind,
  type ListedNetwork,
  type ListedReservation,
} from '../store/network-addresses.ts';

export type AddressRun = Run<readonly AddressFact[]>;

export interface RunsRequest {
  readonly network: ListedNetwork;
  /** Inside the network's range. */
  readonly from: IpAddress;
  /** Only runs of these states; null: all. */
  readonly wanted: ReadonlySet<State> | null;
  readonly limit: number;
  readonly now: Date;
}

export interface RunsFound {
  readonly runs: AddressRun[];
  readonly reservations: ReadonlyMap<string, ListedReservation>;
  /** Where the next page begins; null at the end of the network. */
  readonly next: IpAddress | null;
}

/** After so many facts a page ends with what it has: whoever wants more follows the cursor. */
const FACTS_PER_PAGE = 1_000_000;
const FACTS_AT_ONCE = 20_000;
/** Where more addresses than this turned out to be something else, what makes them so lies as close as they do. */
const POINTS_AT_ONCE = 1000;

const marks: Record<LeadKind, Mark | null> = {
  claimed: null,
  used: 'used',
  held: 'held',
  shared: null,
  expired: 'resting',
  conflict: 'conflict',
  gateway: 'gateway',
  part: 'seen',
  declared: 'seen',
  seen: 'seen',
  unclaimed: 'seen',
  freed: 'resting',
};

/** What leads to the addresses that may be this. */
const leads: Record<Mark, readonly LeadKind[]> = {
  conflict: ['conflict'],
  used: ['used', 'shared'],
  held: ['held', 'shared'],
  gateway: ['gateway'],
  reserved: [],
  dhcp: [],
  resting: ['expired', 'freed'],
  seen: ['part', 'declared', 'unclaimed', 'expired'],
};

const isReservationKind = (state: State): state is ReservedRange['kind'] =>
  state === 'reserved' || state === 'dhcp';

/**
 * The runs of a network from an address on. Facts are read stretch by stretch, each as far as a page may need, and no further: where only
 * some states are wanted, only stretches that may hold them.
 */
export async function findRuns(db: Queries, request: RunsRequest): Promise<RunsFound> {
  const { network, wanted, limit } = request;
  const runs: AddressRun[] = [];
  const reservations = new Map<string, ListedReservation>();
  const end = network.range.end.value;
  let at = request.from.value;
  const passesClaims =
    wanted !== null && !(['conflict', 'used', 'held'] as const).some((one) => wanted.has(one));
  let take = limit + 1;
  let read = 0;
  while (at <= end && runs.length <= limit && read < FACTS_PER_PAGE) {
    const rest = { start: addressOf(network, at), end: network.range.end };
    const look = await lookAhead(db, { ...request, rest, take });
    for (const reservation of look.reservations) reservations.set(reservation.id, reservation);
    read += look.facts.reduce((sum, facts) => sum + facts.length, 0) + look.reservations.length;
    at = look.through + 1n;
    const before = runs.length;
    for (const [nr, stretch] of look.stretches.entries()) {
      const facts = look.facts[nr] ?? [];
      for (const run of deriveRuns({
        stretch,
        known: toKnown(facts, request.now),
        reservations: look.reservations.filter((one) => one.range.end.value >= stretch.start.value),
        giving: network.giving,
      })) {
        if (wanted === null || wanted.has(run.state)) joinRun(runs, run);
      }
    }
    if (runs.length === before && passesClaims && at <= end) {
      const unclaimed = await findUnclaimed(db, { network, from: addressOf(network, at), now: request.now });
      at = unclaimed?.value ?? end + 1n;
    }
    take = Math.min(take * 4, Math.max(FACTS_AT_ONCE, limit + 1));
  }
  const beyond = runs[limit];
  if (beyond !== undefined) return { runs: runs.slice(0, limit), reservations, next: beyond.range.start };
  return { runs, reservations, next: at <= end ? addressOf(network, at) : null };
}

interface Look {
  /** Of these everything is known, and of what lies between them that it isn't wanted. */
  readonly stretches: readonly AddressRange[];
  readonly facts: readonly (readonly AddressFact[])[];
  readonly reservations: readonly ListedReservation[];
  /** Up to here, and including it, there is nothing else. */
  readonly through: bigint;
}

type LookRequest = RunsRequest & { rest: AddressRange; take: number };

async function lookAhead(db: Queries, request: LookRequest): Promise<Look> {
  const wanted = [...(request.wanted ?? [])];
  if (wanted.length > 0 && wanted.every(isReservationKind)) return lookAtReservations(db, request, wanted);
  const points = wanted.flatMap((state) =>
    state === 'free' || state === 'not_given' || isReservationKind(state) ? [] : [state],
  );
  if (
    wanted.length > 0 &&
    points.length === wanted.length &&
    request.take <= Math.max(request.limit + 1, POINTS_AT_ONCE)
  )
    return lookAtPoints(db, request, points);
  return lookInside(db, request, stretchesFor(request));
}

/** Where what is wanted can lie at all: free addresses only in what is given, those not given outside of it. */
function stretchesFor({ network, rest, wanted }: LookRequest): AddressRange[] {
  if (wanted === null || [...wanted].some((state) => state !== 'free' && state !== 'not_given'))
    return [rest];
  if (wanted.size === 2) return [rest];
  const given = network.giving
    .filter((part) => part.end.value >= rest.start.value)
    .map((part) => clip(part, rest));
  if (wanted.has('free')) return given;
  const between: AddressRange[] = [];
  let at = rest.start.value;
  for (const part of given) {
    if (part.start.value > at)
      between.push({ start: addressOf(network, at), end: addressOf(network, part.start.value - 1n) });
    at = part.end.value + 1n;
  }
  if (at <= rest.end.value) between.push({ start: addressOf(network, at), end: rest.end });
  return between;
}

/** Everything about these stretches, as far as it was read. */
async function lookInside(
  db: Queries,
  request: LookRequest,
  stretches: readonly AddressRange[],
): Promise<Look> {
  const { network, take, now, rest } = request;
  if (stretches.length === 0) return { stretches: [], facts: [], reservations: [], through: rest.end.value };
  const [facts, reservations] = await Promise.all([
    findAddressFacts(db, { network, stretches, kinds: factKinds, take, now }),
    findReservedRanges(db, { network, stretches, kinds: ['reserved', 'dhcp'], take, now }),
  ]);
  const lastReservation = reservations.length < take ? undefined : reservations.at(-1);
  const known = lastReservation?.range.end.value ?? rest.end.value;
  for (const [nr, stretch] of stretches.entries()) {
    const through = [readThrough(facts[nr] ?? [], take), known].reduce<bigint>(
      (least, one) => (one !== null && one < least ? one : least),
      stretch.end.value,
    );
    if (through === stretch.end.value) continue;
    // The rest of this stretch, and the stretches behind it, are for the next look.
    const cut = { start: stretch.start, end: addressOf(network, through) };
    return {
      stretches: [...stretches.slice(0, nr), ...(through < stretch.start.value ? [] : [cut])],
      facts: [...facts.slice(0, nr), (facts[nr] ?? []).filter((fact) => fact.ip.value <= through)],
      reservations,
      through,
    };
  }
  return { stretches, facts, reservations, through: rest.end.value };
}

/** The ranges that are reserved, and nothing of what lies between them. */
async function lookAtReservations(
  db: Queries,
  request: LookRequest,
  kinds: readonly ReservedRange['kind'][],
): Promise<Look> {
  const { network, rest, take, now } = request;
  const atOnce = Math.max(1, Math.min(take, Math.floor(FACTS_AT_ONCE / take)));
  const found = await findReservedRanges(db, { network, stretches: [rest], kinds, take: atOnce, now });
  const stretches = found.map((one) => clip(one.range, rest));
  const look = await lookInside(db, request, stretches);
  const last = stretches.at(-1);
  const complete = last === undefined || found.length < atOnce || look.through < last.end.value;
  return complete ? look : { ...look, through: last.end.value };
}

/** Addresses of which something is known that may make them what is wanted; then all that is known of these. */
async function lookAtPoints(db: Queries, request: LookRequest, wanted: readonly Mark[]): Promise<Look> {
  const { network, rest, take, now } = request;
  const kinds = [...new Set(wanted.flatMap((mark) => leads[mark]))];
  const [driving = []] = await findAddressFacts(db, { network, stretches: [rest], kinds, take, now });
  const through = readThrough(driving, take) ?? rest.end.value;
  const points = new Map<bigint, AddressRange>();
  for (const { ip } of driving) if (ip.value <= through) points.set(ip.value, { start: ip, end: ip });
  const stretches = [...points.values()].toSorted((a, b) => compareAddresses(a.start, b.start));
  const look = await lookInside(db, { ...request, take: stretches.length + 1 }, stretches);
  return { ...look, through };
}

/** The last address up to which every kind was read; null where all of them were read to the end. */
function readThrough(facts: readonly AddressFact[], take: number): bigint | null {
  const byKind = new Map<LeadKind, { count: number; last: bigint }>();
  for (const { kind, ip } of facts) {
    const count = (byKind.get(kind)?.count ?? 0) + 1;
    byKind.set(kind, { count, last: ip.value });
  }
  let through: bigint | null = null;
  for (const { count, last } of byKind.values())
    if (count >= take && (through === null || last < through)) through = last;
  return through;
}

/** The facts of each address together. */
function toKnown(facts: readonly AddressFact[], now: Date): KnownAddress<readonly AddressFact[]>[] {
  const byAddress = Map.groupBy(facts, (fact) => fact.ip.value);
  return [...byAddress].flatMap(([value, all]) => {
    // A hold that expired so long ago that its address has rested as well is nothing any more.
    const about = all.filter((fact) => fact.kind !== 'expired' || (fact.until ?? '') > now.toISOString());
    if (about.length === 0) return [];
    const known = new Set(about.map((fact) => marks[fact.kind] ?? (fact.onNic ? 'used' : 'held')));
    const until = restsUntil(about);
    return [{ value, marks: known, alike: known.size === 1 && known.has('resting') ? until : null, about }];
  });
}

/** Until when an address rests of which these facts hold; null where it doesn't. */
export function restsUntil(facts: readonly AddressFact[]): string | null {
  return facts
    .flatMap(({ kind, until }) => (kind === 'freed' || kind === 'expired' ? (until ?? []) : []))
    .reduce<string | null>((latest, one) => (latest === null || one > latest ? one : latest), null);
}

function clip(range: AddressRange, to: AddressRange): AddressRange {
  return {
    start: range.start.value < to.start.value ? to.start : range.start,
    end: range.end.value > to.end.value ? to.end : range.end,
  };
}

function addressOf(network: ListedNetwork, value: bigint): IpAddress {
  return { family: network.range.start.family, value };
}
