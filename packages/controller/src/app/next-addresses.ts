import { randomBytes } from 'node:crypto';
import { type AddressRange, formatAddress, type IpAddress } from '../domain/addresses.ts';
import {
  addressAt,
  beginAt,
  countOf,
  type Direction,
  nearestOf,
  partsAhead,
  partsBehind,
  restOf,
  takeFree,
} from '../domain/allocation.ts';
import { findTaken, type FreedRow, type GivingNetwork, holdFreedAddresses } from '../store/allocation.ts';
import type { Tx } from '../store/database.ts';

/** The first window is small: mostly the next addresses are free. */
const FIRST_WINDOW = 1024n;
/** What one question to the database may look at, addresses. */
const LARGEST_WINDOW = 65_536n;
/** Picks at random before the range is walked. */
const RANDOM_ROUNDS = 3;
/** Looked for beyond what is wanted, for those who come next; of addresses let go of, some turn out to be taken again. */
const SPARE = 512;
const SPARE_BEHIND = 64;
const SPARE_AT_RANDOM = 64;

export interface Found {
  readonly ip: IpAddress;
  /** It lies before what is reached, and its row says that it was let go of. */
  readonly behind: boolean;
}

/** The search for the next free addresses of one network, in the order of its policy. The transaction holds the network. */
export interface Search {
  readonly network: GivingNetwork;
  readonly direction: Direction;
  wanted: number;
  /** Free, the next one first; nobody else can be given them while the network is held. */
  found: Found[];
  /** The last address looked at: whatever lies up to it is taken, or has a row that says it was let go of. */
  reached: IpAddress | null;
  /** Found and not taken, the next one first. */
  left: readonly Found[];
  /** Still to be looked at, in order. */
  ahead: AddressRange[];
  behind: AddressRange[];
  windowSize: bigint;
  randomRounds: number;
}

export function openSearch(network: GivingNetwork): Search {
  const direction: Direction = network.policy === 'stepdown' ? 'down' : 'up';
  const random = network.policy === 'random';
  const parts = partsAhead(network.giving, 'up', null);
  return {
    network,
    direction,
    wanted: 0,
    found: [],
    reached: random ? null : network.reached,
    left: [],
    ahead: random
      ? beginAt(parts, randomBelow(countOf(parts)))
      : partsAhead(network.giving, direction, network.reached),
    behind: random ? [] : partsBehind(network.giving, direction, network.reached),
    windowSize: FIRST_WINDOW,
    randomRounds: random ? RANDOM_ROUNDS : 0,
  };
}

/** Looks for as many addresses as each search wants; `gone` collects rows of freed addresses that mean nothing any more. */
export async function findNext(
  tx: Tx,
  work: { searches: readonly Search[]; now: Date; gone: FreedRow[] },
): Promise<void> {
  const { searches } = work;
  // What was let go of comes first. The hint whether there is any dates from before the lock: without anything else, look anyway.
  await lookBehind(tx, { ...work, searches: searches.filter(({ network }) => network.hasFreed) });
  for (;;) {
    const questions = searches.flatMap((search) =>
      nextRanges(search).map((range) => ({ search, range, ...about(search, work.now) })),
    );
    if (questions.length === 0) break;
    const taken = await findTaken(tx, { windows: questions, now: work.now });
    const found = new Map(
      searches.map((search) => [search, new Set(search.found.map(({ ip }) => ip.value))]),
    );
    for (const [nr, { search, range }] of questions.entries()) {
      const known = found.get(search);
      const answer = taken[nr] ?? { offsets: [], ranges: [] };
      const { free, reached } = takeFree(range, answer, {
        direction: search.direction,
        wanted: search.wanted + SPARE - search.found.length,
      });
      for (const ip of free) {
        if (known?.has(ip.value) === true) continue;
        known?.add(ip.value);
        search.found.push({ ip, behind: false });
      }
      if (search.randomRounds > 0) continue;
      search.ahead = restOf(search.ahead, search.direction, reached);
      search.reached = reached;
    }
    for (const search of new Set(questions.map((question) => question.search))) {
      if (search.randomRounds > 0) search.randomRounds -= 1;
      else if (search.windowSize < LARGEST_WINDOW) search.windowSize *= 4n;
    }
  }
  await lookBehind(tx, work);
}

/** What nobody took of what was found is not lost: it lies ahead again, or keeps its row. */
export function putBack(search: Search): void {
  search.left = search.found;
  const first = search.found.find((one) => !one.behind);
  search.found = [];
  if (first === undefined) return;
  const { network, direction } = search;
  if (network.policy === 'random') return;
  search.reached = { family: first.ip.family, value: first.ip.value - (direction === 'up' ? 1n : -1n) };
  search.ahead = partsAhead(network.giving, direction, search.reached);
}

function about(search: Search, now: Date): { spaceId: string; restedSince: Date } {
  const { spaceId, restingSeconds } = search.network;
  return { spaceId, restedSince: new Date(now.getTime() - restingSeconds * 1000) };
}

function nextRanges(search: Search): AddressRange[] {
  const missing = search.wanted - search.found.length;
  const [part] = search.ahead;
  if (missing <= 0 || part === undefined) return [];
  if (search.randomRounds > 0) return randomPicks(search.network.giving, missing * 4 + SPARE_AT_RANDOM);
  const least = BigInt(missing + SPARE);
  const size = search.windowSize > least ? search.windowSize : least;
  return [nearestOf(part, search.direction, size < LARGEST_WINDOW ? size : LARGEST_WINDOW)];
}

function randomPicks(giving: readonly AddressRange[], picks: number): AddressRange[] {
  const count = countOf(giving);
  const places = new Set<bigint>();
  for (let pick = 0; pick < picks; pick += 1) places.add(randomBelow(count));
  return [...places].map((place) => {
    const ip = addressAt(giving, place);
    return { start: ip, end: ip };
  });
}

/** A number from 0 to below the limit; 0 where there is none. 64 bits more than the limit has keep the unevenness out of reach. */
function randomBelow(limit: bigint): bigint {
  if (limit === 0n) return 0n;
  return BigInt(`0x${randomBytes(24).toString('hex')}`) % limit;
}

async function lookBehind(
  tx: Tx,
  work: { searches: readonly Search[]; now: Date; gone: FreedRow[] },
): Promise<void> {
  // Ends: what is behind gets shorter each time.
  for (;;) {
    const windows = work.searches.flatMap((search) => {
      const missing = search.wanted - search.found.length;
      const [range] = search.behind;
      return missing <= 0 || range === undefined
        ? []
        : [
            {
              search,
              range,
              direction: search.direction,
              atMost: missing + SPARE_BEHIND,
              ...about(search, work.now),
            },
          ];
    });
    if (windows.length === 0) return;
    const held = await holdFreedAddresses(tx, windows);
    const points = windows.flatMap(({ search, spaceId, restedSince }, nr) =>
      (held[nr] ?? []).map((ip) => ({ search, spaceId, restedSince, range: { start: ip, end: ip } })),
    );
    const taken = points.length === 0 ? [] : await findTaken(tx, { windows: points, now: work.now });
    for (const [nr, { search, range }] of points.entries()) {
      const answer = taken[nr] ?? { offsets: [], ranges: [] };
      if (answer.offsets.length > 0 || answer.ranges.length > 0)
        work.gone.push({ spaceId: search.network.spaceId, ip: formatAddress(range.start) });
      else search.found.push({ ip: range.start, behind: true });
    }
    for (const [nr, { search, atMost }] of windows.entries()) {
      const last = (held[nr] ?? []).at(-1);
      search.behind =
        last === undefined || (held[nr]?.length ?? 0) < atMost
          ? search.behind.slice(1)
          : restOf(search.behind, search.direction, last);
    }
  }
}
