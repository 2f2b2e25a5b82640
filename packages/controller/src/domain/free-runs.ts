import type { AddressRange, Family, IpAddress } from './addresses.ts';

/**
 * What every address of a stretch is: those that something is known of one by one, all others as runs. Pure: what is known comes in as
 * facts, read for one stretch at a time, so that a /8 or a /64 is never walked address by address.
 */

/** What may hold of an address, the weightiest first: where several do, the first is what the address is. */
const weights = ['conflict', 'used', 'held', 'gateway', 'reserved', 'dhcp', 'resting', 'seen'] as const;
export type Mark = (typeof weights)[number];
export type State = Mark | 'free' | 'not_given';

/** What an address is of which all this holds. `given`: its network gives addresses from there. */
export function stateOf(marks: ReadonlySet<Mark>, given: boolean): State {
  return weights.find((mark) => marks.has(mark)) ?? (given ? 'free' : 'not_given');
}

/** An address with something of its own. */
export interface KnownAddress<T> {
  readonly value: bigint;
  readonly marks: ReadonlySet<Mark>;
  /** Neighbours that are the same in this and in their state are one run; null: it stands by itself. */
  readonly alike: string | null;
  readonly about: T;
}

export interface ReservedRange {
  readonly id: string;
  readonly kind: 'reserved' | 'dhcp';
  readonly range: AddressRange;
}

export interface Run<T> {
  readonly range: AddressRange;
  readonly state: State;
  /** The reservation around it, also where something else weighs more. */
  readonly reservationId: string | null;
  /** What is known of the address, or of the first of addresses that are alike; null where nothing is. */
  readonly about: T | null;
  /** Runs that touch and have the same are one; null: it stands by itself. */
  readonly alike: string | null;
}

/**
 * The runs of a stretch, in order, touching one another: together they are the stretch. What is known must be ascending, each address
 * once, and inside the stretch; reservations and giving ascending and apart from one another, and may reach beyond it.
 */
export function deriveRuns<T>(facts: {
  stretch: AddressRange;
  known: readonly KnownAddress<T>[];
  reservations: readonly ReservedRange[];
  giving: readonly AddressRange[];
}): Run<T>[] {
  const { known, reservations, giving } = facts;
  const { family } = facts.stretch.start;
  const last = facts.stretch.end.value;
  const runs: Run<T>[] = [];
  let [nextKnown, nextReservation, nextPart] = [0, 0, 0];
  for (let at = facts.stretch.start.value; at <= last;) {
    nextReservation = skipPast(reservations, nextReservation, at, (one) => one.range);
    nextPart = skipPast(giving, nextPart, at, (one) => one);
    const reservation = holding(reservations[nextReservation], at, (one) => one.range);
    const given = holding(giving[nextPart], at, (one) => one) !== null;
    const here = known[nextKnown];
    if (here?.value === at) {
      nextKnown += 1;
      const marks = new Set(here.marks);
      if (reservation !== null) marks.add(reservation.kind);
      const state = stateOf(marks, given);
      // With nothing of its own but what the reservation outweighs it is one of the reservation's many.
      const oneOfMany = here.alike !== null && state === reservation?.kind;
      joinRun(runs, {
        range: rangeOf(family, at, at),
        state,
        reservationId: reservation?.id ?? null,
        about: oneOfMany ? null : here.about,
        alike: here.alike === null ? null : `${state} ${oneOfMany ? reservation.id : here.alike}`,
      });
      at += 1n;
      continue;
    }
    const end = lowest([
      last,
      here === undefined ? null : here.value - 1n,
      edgeAfter(reservations[nextReservation]?.range, at),
      edgeAfter(giving[nextPart], at),
    ]);
    const state = reservation?.kind ?? (given ? 'free' : 'not_given');
    joinRun(runs, {
      range: rangeOf(family, at, end),
      state,
      reservationId: reservation?.id ?? null,
      about: null,
      alike: `${state} ${reservation?.id ?? ''}`,
    });
    at = end + 1n;
  }
  return runs;
}

/** Adds a run behind the others; it becomes part of the last one where the two touch and are alike. */
export function joinRun<T>(runs: Run<T>[], run: Run<T>): void {
  const before = runs.at(-1);
  if (
    before !== undefined &&
    before.alike !== null &&
    before.alike === run.alike &&
    before.range.end.value + 1n === run.range.start.value
  ) {
    runs[runs.length - 1] = { ...before, range: { start: before.range.start, end: run.range.end } };
  } else {
    runs.push(run);
  }
}

function rangeOf(family: Family, start: bigint, end: bigint): AddressRange {
  const address = (value: bigint): IpAddress => ({ family, value });
  return { start: address(start), end: address(end) };
}

/** The place of the first item from `place` on that does not end before the address. */
function skipPast<T>(
  items: readonly T[],
  place: number,
  at: bigint,
  spanOf: (item: T) => AddressRange,
): number {
  for (let next = place; ; next += 1) {
    const item = items[next];
    if (item === undefined || spanOf(item).end.value >= at) return next;
  }
}

function holding<T>(item: T | undefined, at: bigint, spanOf: (item: T) => AddressRange): T | null {
  return item !== undefined && spanOf(item).start.value <= at ? item : null;
}

/** The last address from `at` on that lies on the same side of the range's start and end as `at`; null where the range is no more. */
function edgeAfter(range: AddressRange | undefined, at: bigint): bigint | null {
  if (range === undefined) return null;
  return range.start.value <= at ? range.end.value : range.start.value - 1n;
}

function lowest(values: readonly (bigint | null)[]): bigint {
  let least: bigint | null = null;
  for (const value of values) if (value !== null && (least === null || value < least)) least = value;
  if (least === null) throw new Error('there is no lowest of nothing');
  return least;
}
