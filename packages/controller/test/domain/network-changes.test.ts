import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AddressRange,
  formatPrefix,
  type Prefix,
  parsePrefix,
  prefixOf,
  rangeHolds,
  sizeOf,
  usableRange,
} from '../../src/domain/addresses.ts';
import {
  commonPrefix,
  cutRange,
  cutRanges,
  hullOf,
  joinPrefixes,
  prefixHoldsRange,
} from '../../src/domain/network-changes.ts';
import { joinRanges } from '../../src/domain/joined-ranges.ts';
import { whereNicsWent } from '../../src/domain/moved-networks.ts';
import { ip } from './worlds.ts';

const range = (start: string, end: string): AddressRange => ({ start: ip(start), end: ip(end) });
const prefix = (text: string): Prefix => {
  const parsed = parsePrefix(text);
  if (parsed === null) throw new Error(`${text} is no prefix`);
  return parsed.prefix;
};

/** Ranges within 256 addresses, which don't overlap, in any order. */
const ranges = fc
  .uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 0, maxLength: 12 })
  .map((points) => {
    const sorted = points.toSorted((a, b) => a - b);
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, nr) =>
      range(`10.0.0.${sorted[2 * nr]}`, `10.0.0.${sorted[2 * nr + 1]}`),
    );
  })
  .chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
const place = fc.integer({ min: 0, max: 255 }).map((last) => ip(`10.0.0.${last}`));
const within = (list: readonly AddressRange[], last: number): boolean =>
  list.some((one) => rangeHolds(one, ip(`10.0.0.${last}`)));

describe('cutting', () => {
  test('parts a range so that the address named is the first of the upper half', () => {
    expect(cutRange(range('10.0.0.1', '10.0.0.9'), ip('10.0.0.5'))).toEqual({
      lower: range('10.0.0.1', '10.0.0.4'),
      upper: range('10.0.0.5', '10.0.0.9'),
    });
  });

  test.each(['10.0.0.1', '10.0.0.10', '10.0.0.0', '::5'])('is nothing at %s', (at) => {
    expect(cutRange(range('10.0.0.1', '10.0.0.9'), ip(at))).toBeNull();
  });

  test('puts every address on its side, and joining makes of it what was there', () => {
    fc.assert(
      fc.property(ranges, place, (list, at) => {
        const { lower, upper } = cutRanges(list, at);
        for (let last = 0; last < 256; last += 1) {
          const there = within(list, last);
          expect(within(lower, last)).toBe(there && BigInt(last) < at.value % 256n);
          expect(within(upper, last)).toBe(there && BigInt(last) >= at.value % 256n);
        }
        expect(joinRanges([...upper, ...lower])).toEqual(joinRanges(list));
      }),
    );
  });

  test('joined ranges are as few as there can be, by address, with every address once', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const joined = joinRanges(list);
        expect(joined.reduce((sum, one) => sum + sizeOf(one), 0n)).toBe(
          list.reduce((sum, one) => sum + sizeOf(one), 0n),
        );
        for (const [nr, one] of joined.entries()) {
          const next = joined[nr + 1];
          if (next !== undefined) expect(next.start.value > one.end.value + 1n).toBe(true);
        }
      }),
    );
  });
});

describe('the prefix of two networks that become one', () => {
  test.each([
    ['10.0.0.0/24', '10.0.0.0/24', '10.0.0.0/24'],
    // Halves of one.
    ['10.0.0.0/25', '10.0.0.128/25', '10.0.0.0/24'],
    ['10.0.0.128/25', '10.0.0.0/25', '10.0.0.0/24'],
    ['2001:db8::/65', '2001:db8:0:0:8000::/65', '2001:db8::/64'],
    // One holds the other.
    ['10.0.0.0/16', '10.0.1.0/24', '10.0.0.0/16'],
    ['10.0.1.0/24', '10.0.0.0/16', '10.0.0.0/16'],
  ])('of %s and %s is %s', (kept, other, whole) => {
    const hull = hullOf(usableRange(prefix(kept)), usableRange(prefix(other)));
    const joined = joinPrefixes(prefix(kept), prefix(other), hull);
    expect(joined === null ? null : formatPrefix(joined)).toBe(whole);
  });

  test.each([
    // Neighbours, but the halves of none.
    ['10.0.1.0/24', '10.0.2.0/24', '10.0.0.0/22'],
    ['10.0.0.0/24', '10.0.1.0/25', '10.0.0.0/23'],
    ['10.0.0.0/24', '10.200.0.0/24', '10.0.0.0/8'],
    ['10.0.0.0/24', '192.168.0.0/24', '0.0.0.0/0'],
  ])('of %s and %s has to be said; %s is the longest', (kept, other, longest) => {
    const hull = hullOf(usableRange(prefix(kept)), usableRange(prefix(other)));
    expect(joinPrefixes(prefix(kept), prefix(other), hull)).toBeNull();
    expect(formatPrefix(commonPrefix(prefix(kept), prefix(other)))).toBe(longest);
  });

  test('holds both ranges wherever it goes without saying', () => {
    const networks = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 1, max: 32 }));
    fc.assert(
      fc.property(networks, networks, (one, two) => {
        const [kept, other] = [one, two].map(([value, length]) =>
          prefixOf({ family: 4, value: BigInt(value) }, length),
        );
        if (kept === undefined || other === undefined) throw new Error('two were made');
        const hull = hullOf(usableRange(kept), usableRange(other));
        const joined = joinPrefixes(kept, other, hull);
        expect(joined === null || prefixHoldsRange(joined, hull)).toBe(true);
        const common = commonPrefix(kept, other);
        expect(common.length === 0 || prefixHoldsRange(common, hull)).toBe(true);
      }),
    );
  });
});

describe('the NICs of a network have moved', () => {
  const at = (id: string, nics: number, open = true): Parameters<typeof whereNicsWent>[1][number] => ({
    wire: { id, name: id },
    nics,
    open,
  });

  test.each([
    ['all of them are on another wire', [at('new', 92)], { moved: 92, total: 92 }],
    ['nine of ten are', [at('new', 9), at('old', 1)], { moved: 9, total: 10 }],
    ['two of two are', [at('new', 2)], { moved: 2, total: 2 }],
  ])('where %s', (_, places, answer) => {
    expect(whereNicsWent('old', places)).toEqual({ to: { id: 'new', name: 'new' }, ...answer });
  });

  test.each([
    ['there are none', []],
    ['it is a single one', [at('new', 1)]],
    ['they are where the network lies', [at('old', 9)]],
    ['fewer than nine of ten are on one wire', [at('new', 8), at('old', 1)]],
    ['they went to several wires', [at('new', 5), at('newer', 5)]],
    ['they went to a wire that takes no network', [at('new', 9, false)]],
  ])('not where %s', (_, places) => {
    expect(whereNicsWent('old', places)).toBeNull();
  });
});
