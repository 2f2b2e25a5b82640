import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AddressRange, type IpAddress, rangeHolds, rangesOverlap } from '../../src/domain/addresses.ts';
import { indexByRange, indexOverlaps } from '../../src/domain/range-index.ts';

const BASE = { 4: 0x0a000000n, 6: 0x20010db8n << 96n };
const at = (family: 4 | 6, place: number): IpAddress => ({ family, value: BASE[family] + BigInt(place) });

/** Ranges of one family apart from one another. */
const rangesOf = (family: 4 | 6): fc.Arbitrary<{ range: AddressRange }[]> =>
  fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 16 }).map((places) => {
    const sorted = places.toSorted((a, b) => a - b);
    return sorted.flatMap((place, index) => {
      const end = sorted[index + 1];
      return index % 2 === 1 || end === undefined
        ? []
        : [{ range: { start: at(family, place), end: at(family, end) } }];
    });
  });

test('the one that holds an address is found as by going through all of them, in whatever order they come', () => {
  fc.assert(
    fc.property(
      rangesOf(4),
      rangesOf(6),
      fc.boolean(),
      fc.constantFrom<4 | 6>(4, 6),
      fc.nat({ max: 63 }),
      (four, six, turned, family, place) => {
        const things = turned ? [...four, ...six].toReversed() : [...four, ...six];
        const ip = at(family, place);
        expect(indexByRange(things)(ip)).toBe(things.find((thing) => rangeHolds(thing.range, ip)));
      },
    ),
  );
});

test('one that overlaps a range is found if there is one; one of exactly the range is that one', () => {
  fc.assert(
    fc.property(
      rangesOf(4),
      rangesOf(6),
      fc.constantFrom<4 | 6>(4, 6),
      fc.nat({ max: 63 }),
      fc.nat({ max: 20 }),
      (four, six, family, place, length) => {
        const things = [...four, ...six];
        const find = indexOverlaps(things);
        const range = { start: at(family, place), end: at(family, place + length) };
        const overlapping = things.filter((thing) => rangesOverlap(thing.range, range));
        const found = find(range);
        if (found === undefined) expect(overlapping).toEqual([]);
        else expect(overlapping).toContain(found);
        for (const thing of things) expect(find(thing.range)).toBe(thing);
      },
    ),
  );
});

test('of very many only a few are looked at', () => {
  let looks = 0;
  const things = Array.from({ length: 5000 }, (_, index) => {
    const range = { start: at(4, index * 4), end: at(4, index * 4 + 1) };
    return {
      get range() {
        looks += 1;
        return range;
      },
    };
  });
  const find = indexByRange(things);
  looks = 0;
  expect(find(at(4, 8001))).toBe(things[2000]);
  expect(find(at(4, 8002))).toBeUndefined();
  expect(looks).toBeLessThan(60);
});
