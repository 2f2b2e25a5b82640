import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AddressRange, type IpAddress, rangesOverlap } from '../../src/domain/addresses.ts';
import { type BookWire, indexBookWires, type RangeUse } from '../../src/domain/book-wires.ts';
import {
  type BookRow,
  findOverlapping,
  planNetworkImport,
  type RowFacts,
  type StandingNetwork,
} from '../../src/domain/network-import.ts';

const at = (place: number): IpAddress => ({ family: 4, value: 0x0a000000n + BigInt(place) });
const SPACES = ['one', 'two'] as const;

const range: fc.Arbitrary<AddressRange> = fc
  .tuple(fc.nat({ max: 40 }), fc.nat({ max: 6 }))
  .map(([start, length]) => ({ start: at(start), end: at(start + length) }));
const wire = fc.record({
  spaceId: fc.constantFrom(...SPACES),
  places: fc.array(
    fc.record({
      vlan: fc.nat({ max: 2 }),
      switch: fc.constantFrom(null, { id: 's1', name: 'left' }, { id: 's2', name: 'right' }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  nics: fc.nat({ max: 2 }),
});
const row = fc.record({
  range,
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  vlan: fc.nat({ max: 2 }),
  switch: fc.constantFrom(null, 'left', 'right', 's1'),
});
const stood = fc.record({
  range,
  spaceId: fc.constantFrom(...SPACES),
  name: fc.constantFrom('a', 'b', 'x', 'y'),
});

/** Networks as a database would hold them: none overlap in a space, and names are unique there. */
function standingOf(made: readonly { range: AddressRange; spaceId: string; name: string }[]) {
  const kept: StandingNetwork[] = [];
  for (const { range: own, spaceId, name } of made) {
    const inTheWay = kept.some(
      (other) => other.spaceId === spaceId && (other.name === name || rangesOverlap(other.range, own)),
    );
    if (inTheWay) continue;
    kept.push({
      id: `network ${kept.length}`,
      name,
      spaceId,
      spaceName: spaceId,
      range: own,
      cidr: '10.0.0.0/8',
      gateway: null,
      dns: [],
      wires: [],
    });
  }
  return kept;
}

const world = fc
  .record({
    wires: fc.array(wire, { maxLength: 5 }),
    rows: fc.array(row, { maxLength: 8 }),
    standing: fc.array(stood, { maxLength: 5 }),
  })
  .map(({ wires: sketches, rows: asked, standing: made }) => {
    const wires = sketches.map(({ spaceId, places }, index): BookWire => ({
      id: `wire ${index}`,
      name: `w${index % 3}`,
      spaceId,
      spaceName: spaceId,
      places,
    }));
    const rows = asked.map((one, index): BookRow => ({
      ...one,
      index,
      line: index + 2,
      cidr: '10.0.0.0/8',
      gateway: null,
      dns: [],
    }));
    const uses = wires.map((one, index): RangeUse => ({ wire: one, nics: sketches[index]?.nics ?? 0 }));
    const standing = standingOf(made);
    const ofRow = (one: BookRow): RowFacts => ({
      uses: uses.filter((use) => use.nics > 0),
      overlapping: SPACES.flatMap(
        (space) =>
          standing.find((other) => other.spaceId === space && rangesOverlap(other.range, one.range)) ?? [],
      ),
      namesakes: standing.filter((other) => other.name === one.name),
    });
    return { wires, rows, uses, standing, ofRow };
  });

const fits = (one: BookWire, { vlan, switch: named }: BookRow): boolean =>
  one.places.some(
    (place) =>
      place.vlan === vlan && (named === null || place.switch?.name === named || place.switch?.id === named),
  );

describe('a plan of an import', () => {
  test('places only what can stand: apart from each other and from what stands, under names of their own', () => {
    fc.assert(
      fc.property(world, ({ rows, wires, ofRow, standing }) => {
        const plans = planNetworkImport(rows, { wires: indexBookWires(wires), ofRow });
        expect(plans.size).toBe(rows.length);
        const taken = standing.map(({ range: own, spaceId, name }) => ({ own, spaceId, name }));
        for (const one of rows) {
          const plan = plans.get(one.index);
          if (plan?.kind !== 'create') continue;
          const { spaceId } = plan.wire;
          for (const other of taken.filter((each) => each.spaceId === spaceId)) {
            expect(rangesOverlap(other.own, one.range)).toBe(false);
            expect(other.name).not.toBe(one.name);
          }
          taken.push({ own: one.range, spaceId, name: one.name });
        }
      }),
    );
  });

  test('takes a wire that fits and that no other that fits is used more than; where two are alike it says so', () => {
    fc.assert(
      fc.property(world, ({ rows, wires, uses, ofRow }) => {
        for (const [index, plan] of planNetworkImport(rows, { wires: indexBookWires(wires), ofRow })) {
          const one = rows[index];
          if (one === undefined) throw new Error('a plan of no row');
          const fitting = wires.filter((each) => fits(each, one));
          if (plan.kind === 'unfit') expect(fitting).toEqual([]);
          if (plan.kind !== 'create') continue;
          const nicsOf = (each: BookWire): number => uses.find((use) => use.wire.id === each.id)?.nics ?? 0;
          const most = Math.max(...fitting.map(nicsOf));
          expect(fitting).toContain(plan.wire);
          expect(nicsOf(plan.wire)).toBe(most);
          expect(plan.tie).toBe(fitting.filter((each) => nicsOf(each) === most).length > 1);
          expect(plan.fits.map((fit) => fit.wire.id).toSorted()).toEqual(
            fitting.map((each) => each.id).toSorted(),
          );
        }
      }),
    );
  });

  test('has nothing to do for what stands already with the same range', () => {
    fc.assert(
      fc.property(world, ({ rows, wires, ofRow, standing }) => {
        for (const [index, plan] of planNetworkImport(rows, { wires: indexBookWires(wires), ofRow })) {
          const one = rows[index];
          if (one === undefined) throw new Error('a plan of no row');
          const fitting = wires.filter((each) => fits(each, one));
          const same = standing.some(
            (each) =>
              each.range.start.value === one.range.start.value &&
              each.range.end.value === one.range.end.value &&
              (fitting.length === 0 || fitting.some((wire) => wire.spaceId === each.spaceId)),
          );
          // Of rows that say the same, the second has the first in its way.
          if (same)
            expect(
              plan.kind === 'standing' || (plan.kind === 'refused' && plan.code === 'import_overlap_line'),
            ).toBe(true);
          if (plan.kind !== 'standing') continue;
          expect(standing).toContain(plan.network);
          expect(plan.network.range).toEqual(one.range);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('without the rows that overlap one before them, none overlap; and each of those does', () => {
  fc.assert(
    fc.property(world, ({ rows }) => {
      const found = findOverlapping(rows);
      for (const [index, other] of found) {
        const one = rows[index];
        expect(one !== undefined && one !== other && rangesOverlap(one.range, other.range)).toBe(true);
      }
      const left = rows.filter((one) => !found.has(one.index));
      for (const one of left)
        for (const other of left) expect(one === other || !rangesOverlap(one.range, other.range)).toBe(true);
    }),
  );
});
