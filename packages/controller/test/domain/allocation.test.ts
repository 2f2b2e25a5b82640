import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AddressRange, IpAddress } from '../../src/domain/addresses.ts';
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
} from '../../src/domain/allocation.ts';

/** A small world: addresses 0 to 63 of either family, laid at an odd place of the family. */
const families = fc.constantFrom(
  { family: 4 as const, base: 0x0a0000f0n },
  { family: 6 as const, base: (0x20010db8n << 96n) + 0xfff0n },
);
const directions = fc.constantFrom<Direction>('up', 'down');
const SIZE = 64;

interface World {
  at(place: number): IpAddress;
  place(address: IpAddress): number;
}
function worldOf({ family, base }: { family: 4 | 6; base: bigint }): World {
  return {
    at: (place) => ({ family, value: base + BigInt(place) }),
    place: (address) => Number(address.value - base),
  };
}
/** Disjoint ranges, in any order, from a list of cuts. */
const cuts = fc.uniqueArray(fc.integer({ min: 0, max: SIZE - 1 }), { maxLength: 8 });
function rangesFrom(world: World, places: readonly number[]): AddressRange[] {
  const sorted = places.toSorted((a, b) => a - b);
  const ranges: AddressRange[] = [];
  for (let i = 0; i + 1 < sorted.length; i += 2)
    ranges.push({ start: world.at(sorted[i] ?? 0), end: world.at(sorted[i + 1] ?? 0) });
  return ranges.length % 2 === 0 ? ranges : ranges.toReversed();
}
function placesOf(world: World, ranges: readonly AddressRange[]): number[] {
  return ranges.flatMap((range) => {
    const [from, to] = [world.place(range.start), world.place(range.end)];
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
function inDirection(places: readonly number[], direction: Direction): number[] {
  return places.toSorted((a, b) => (direction === 'up' ? a - b : b - a));
}

test('what lies ahead and what lies behind are together what is given, and part at what is reached', () => {
  fc.assert(
    fc.property(
      families,
      cuts,
      directions,
      fc.integer({ min: -1, max: SIZE }),
      (family, places, direction, reached) => {
        const world = worldOf(family);
        const giving = rangesFrom(world, places);
        const all = placesOf(world, giving);
        const isAhead = (place: number): boolean => (direction === 'up' ? place > reached : place < reached);
        const walk = (parts: readonly AddressRange[]): number[] =>
          parts.flatMap((part) => inDirection(placesOf(world, [part]), direction));
        expect(walk(partsAhead(giving, direction, world.at(reached)))).toEqual(
          inDirection(all.filter(isAhead), direction),
        );
        expect(walk(partsBehind(giving, direction, world.at(reached)))).toEqual(
          inDirection(
            all.filter((place) => !isAhead(place)),
            direction,
          ),
        );
        expect(walk(partsAhead(giving, direction, null))).toEqual(inDirection(all, direction));
        expect(partsBehind(giving, direction, null)).toEqual([]);
      },
    ),
  );
});

test('the free addresses of a window are those that a walk from one to the next would find', () => {
  fc.assert(
    fc.property(
      families,
      directions,
      fc.integer({ min: 0, max: SIZE - 1 }),
      fc.integer({ min: 0, max: SIZE - 1 }),
      fc.array(fc.integer({ min: 0, max: SIZE - 1 })),
      cuts,
      fc.integer({ min: 1, max: 20 }),
      (family, direction, a, b, claimed, kept, wanted) => {
        const world = worldOf(family);
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const ranges = rangesFrom(world, kept);
        const blocked = new Set([...claimed, ...placesOf(world, ranges)]);
        const { free, reached } = takeFree(
          { start: world.at(first), end: world.at(last) },
          {
            offsets: claimed.filter((place) => place >= first && place <= last).map((place) => place - first),
            ranges,
          },
          { direction, wanted },
        );
        const walk = inDirection(
          Array.from({ length: last - first + 1 }, (_, index) => first + index),
          direction,
        );
        const expected = walk.filter((place) => !blocked.has(place)).slice(0, wanted);
        expect(free.map((ip) => world.place(ip))).toEqual(expected);
        // Nothing up to what is reached is free and not found, and the window is done where fewer were found.
        const at = world.place(reached);
        const looked = walk.filter((place) => (direction === 'up' ? place <= at : place >= at));
        expect(looked.filter((place) => !blocked.has(place))).toEqual(expected);
        if (free.length < wanted) expect(looked).toEqual(walk);
      },
    ),
  );
});

test('of very many ranges each is looked at a few times, not once for every address', () => {
  const kept = 2000;
  for (const direction of ['up', 'down'] as const) {
    let looks = 0;
    const ranges = Array.from({ length: kept }, (_, index): AddressRange => {
      const ip = { family: 4 as const, value: 0x0a000000n + BigInt(2 * index) };
      return {
        get start() {
          looks += 1;
          return ip;
        },
        end: ip,
      };
    });
    const window = {
      start: { family: 4 as const, value: 0x0a000000n },
      end: { family: 4 as const, value: 0x0a000fffn },
    };
    const { free } = takeFree(window, { offsets: [], ranges }, { direction, wanted: 4096 });
    expect(free).toHaveLength(4096 - kept);
    expect(looks).toBeLessThan(kept * 40);
  }
});

test('a search window by window finds the same addresses in the same order as a look at everything', () => {
  fc.assert(
    fc.property(
      families,
      directions,
      cuts,
      fc.array(fc.integer({ min: 0, max: SIZE - 1 })),
      cuts,
      fc.integer({ min: 1, max: 9 }),
      fc.option(fc.nat()),
      (family, direction, places, claimed, kept, size, turnedAt) => {
        const world = worldOf(family);
        const giving = rangesFrom(world, places);
        const ranges = rangesFrom(world, kept);
        const blocked = new Set([...claimed, ...placesOf(world, ranges)]);
        const count = countOf(giving);
        const turned = turnedAt !== null && direction === 'up' && count > 0n;
        let ahead = turned
          ? beginAt(partsAhead(giving, 'up', null), BigInt(turnedAt) % count)
          : partsAhead(giving, direction, null);
        const expected = ahead
          .flatMap((part) => inDirection(placesOf(world, [part]), direction))
          .filter((place) => !blocked.has(place));
        const found: number[] = [];
        for (let round = 0; ahead[0] !== undefined; round += 1) {
          expect(round).toBeLessThan(3 * SIZE);
          const window = nearestOf(ahead[0], direction, BigInt(size));
          const [first, last] = [world.place(window.start), world.place(window.end)];
          expect(last - first + 1).toBeLessThanOrEqual(size);
          const { free, reached } = takeFree(
            window,
            {
              offsets: claimed
                .filter((place) => place >= first && place <= last)
                .map((place) => place - first),
              ranges,
            },
            { direction, wanted: SIZE },
          );
          found.push(...free.map((ip) => world.place(ip)));
          ahead = restOf(ahead, direction, reached);
        }
        expect(found).toEqual(expected);
      },
    ),
  );
});

test('places count through the parts, and turning them round loses none', () => {
  fc.assert(
    fc.property(families, cuts, fc.nat(), (family, places, start) => {
      const world = worldOf(family);
      const giving = partsAhead(rangesFrom(world, places), 'up', null);
      const all = placesOf(world, giving);
      expect(countOf(giving)).toBe(BigInt(all.length));
      for (const [index, place] of all.entries())
        expect(world.place(addressAt(giving, BigInt(index)))).toBe(place);
      if (all.length === 0) return;
      const turn = start % all.length;
      expect(placesOf(world, beginAt(giving, BigInt(turn)))).toEqual([
        ...all.slice(turn),
        ...all.slice(0, turn),
      ]);
    }),
  );
});
