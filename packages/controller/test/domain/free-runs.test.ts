import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AddressRange, Family, IpAddress } from '../../src/domain/addresses.ts';
import {
  deriveRuns,
  joinRun,
  type KnownAddress,
  type Mark,
  type ReservedRange,
  type Run,
  type State,
} from '../../src/domain/free-runs.ts';

/** A small world of 40 addresses, at an odd place of either family; and the same told address by address, as plainly as can be. */

const SIZE = 40;
const marks: readonly Mark[] = ['conflict', 'used', 'held', 'gateway', 'reserved', 'dhcp', 'resting', 'seen'];
const pointMarks: readonly Mark[] = ['conflict', 'used', 'held', 'gateway', 'resting', 'seen'];

interface World {
  family: Family;
  base: bigint;
  known: { place: number; marks: Set<Mark>; rests: string | null }[];
  reservations: { from: number; to: number; kind: 'reserved' | 'dhcp'; id: string }[];
  giving: { from: number; to: number }[];
}

const places = fc.uniqueArray(fc.integer({ min: 0, max: SIZE - 1 }), { maxLength: 12 });
/** Ranges apart from one another, ascending; some touch. */
const ranges = places.map((all) => {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted.flatMap((from, index) => {
    const to = sorted[index + 1];
    return index % 2 === 0 && to !== undefined ? [{ from, to }] : [];
  });
});
const worlds: fc.Arbitrary<World> = fc.record({
  family: fc.constantFrom<Family>(4, 6),
  base: fc.constantFrom(0n, 0x0a0000f7n, 0xffffffffn - BigInt(SIZE) + 1n),
  known: places.chain((all) =>
    fc.tuple(
      ...all
        .toSorted((a, b) => a - b)
        .map((place) =>
          fc.record({
            place: fc.constant(place),
            marks: fc.oneof(
              fc.constant(new Set<Mark>(['resting'])),
              fc.uniqueArray(fc.constantFrom(...pointMarks), { minLength: 1 }).map((some) => new Set(some)),
            ),
            rests: fc.constantFrom('soon', 'late'),
          }),
        ),
    ),
  ),
  reservations: fc
    .tuple(ranges, fc.array(fc.constantFrom<'reserved' | 'dhcp'>('reserved', 'dhcp'), { minLength: SIZE }))
    .map(([all, kinds]) =>
      all.map((range, index) => ({ ...range, kind: kinds[index] ?? 'reserved', id: `r${index}` })),
    ),
  giving: ranges,
});

function factsOf(world: World, from: number, to: number) {
  const at = (place: number): IpAddress => ({
    family: world.family,
    value: world.base + BigInt(place),
  });
  const span = (range: { from: number; to: number }): AddressRange => ({
    start: at(range.from),
    end: at(range.to),
  });
  return {
    stretch: span({ from, to }),
    known: world.known
      .filter(({ place }) => place >= from && place <= to)
      .map((one): KnownAddress<number> => ({
        value: at(one.place).value,
        marks: one.marks,
        alike: one.marks.size === 1 && one.marks.has('resting') ? one.rests : null,
        about: one.place,
      })),
    reservations: world.reservations.map(({ id, kind, ...range }): ReservedRange => ({
      id,
      kind,
      range: span(range),
    })),
    giving: world.giving.map(span),
  };
}

/** What the address at a place is, and the name of its kind: neighbours of the same kind are one run, those without a name stand alone. */
function tellOne(world: World, place: number): { state: State; kind: string | null } {
  const known = world.known.find((one) => one.place === place);
  const reservation = world.reservations.find(({ from, to }) => from <= place && place <= to);
  const given = world.giving.some(({ from, to }) => from <= place && place <= to);
  const all = [...(known?.marks ?? []), ...(reservation === undefined ? [] : [reservation.kind])];
  const state: State = marks.find((mark) => all.includes(mark)) ?? (given ? 'free' : 'not_given');
  if (known !== undefined && !(known.marks.size === 1 && known.marks.has('resting')))
    return { state, kind: null };
  if (state === 'resting') return { state, kind: `resting ${known?.rests ?? ''}` };
  if (state === 'reserved' || state === 'dhcp') return { state, kind: `${state} ${reservation?.id ?? ''}` };
  return { state, kind: state };
}

function tellRuns(world: World, from: number, to: number): { from: number; to: number; state: State }[] {
  const told: { from: number; to: number; state: State; kind: string | null }[] = [];
  for (let place = from; place <= to; place += 1) {
    const one = tellOne(world, place);
    const before = told.at(-1);
    if (before !== undefined && before.kind !== null && before.kind === one.kind) before.to = place;
    else told.push({ from: place, to: place, ...one });
  }
  return told.map((run) => ({ from: run.from, to: run.to, state: run.state }));
}

function placed(world: World, runs: readonly Run<number>[]): { from: number; to: number; state: State }[] {
  return runs.map((run) => ({
    from: Number(run.range.start.value - world.base),
    to: Number(run.range.end.value - world.base),
    state: run.state,
  }));
}

test('the runs of a stretch are what listing its addresses one by one and putting equals together gives', () => {
  fc.assert(
    fc.property(
      worlds,
      fc.integer({ min: 0, max: SIZE - 1 }),
      fc.integer({ min: 0, max: SIZE - 1 }),
      (world, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        expect(placed(world, deriveRuns(factsOf(world, from, to)))).toEqual(tellRuns(world, from, to));
      },
    ),
    { numRuns: 2000 },
  );
});

test('read in stretches and joined, they are the same as read at once', () => {
  fc.assert(
    fc.property(worlds, places, (world, cuts) => {
      const joined: Run<number>[] = [];
      let from = 0;
      for (const to of [...new Set([...cuts, SIZE - 1])].toSorted((a, b) => a - b)) {
        for (const run of deriveRuns(factsOf(world, from, to))) joinRun(joined, run);
        from = to + 1;
      }
      expect(joined).toEqual(deriveRuns(factsOf(world, 0, SIZE - 1)));
    }),
    { numRuns: 1000 },
  );
});

test('an address that something is known of says what; a run of many says of which reservation it is', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      for (const run of deriveRuns(factsOf(world, 0, SIZE - 1))) {
        const from = Number(run.range.start.value - world.base);
        const reservation = world.reservations.find((one) => one.from <= from && from <= one.to);
        expect(run.reservationId).toBe(reservation?.id ?? null);
        const standsAlone = tellOne(world, from).kind === null || run.state === 'resting';
        expect(run.about).toBe(standsAlone ? from : null);
      }
    }),
    { numRuns: 500 },
  );
});
