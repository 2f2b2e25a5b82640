import {
  type AddressRange,
  type IpAddress,
  type Prefix,
  prefixHolds,
  prefixOf,
  rangeHolds,
} from './addresses.ts';

/** What becomes of ranges and prefixes when a network is split, or two become one. */

export interface Halves<T> {
  /** Up to the address before the cut. */
  readonly lower: T;
  /** From the cut on. */
  readonly upper: T;
}

/** The two parts of a range; null where the cut leaves one of them without an address, or is of the other family. */
export function cutRange(range: AddressRange, at: IpAddress): Halves<AddressRange> | null {
  if (!rangeHolds(range, at) || at.value === range.start.value) return null;
  const before = { family: at.family, value: at.value - 1n };
  return { lower: { start: range.start, end: before }, upper: { start: at, end: range.end } };
}

/** The ranges on either side of the cut; one that spans it is on both, cut in two. */
export function cutRanges(ranges: readonly AddressRange[], at: IpAddress): Halves<AddressRange[]> {
  const lower: AddressRange[] = [];
  const upper: AddressRange[] = [];
  for (const range of ranges) {
    const halves = cutRange(range, at);
    if (halves !== null) {
      lower.push(halves.lower);
      upper.push(halves.upper);
    } else if (range.start.value < at.value) lower.push(range);
    else upper.push(range);
  }
  return { lower, upper };
}

/** The smallest range that holds both. Both of one family. */
export function hullOf(a: AddressRange, b: AddressRange): AddressRange {
  return {
    start: a.start.value < b.start.value ? a.start : b.start,
    end: a.end.value > b.end.value ? a.end : b.end,
  };
}

/** The longest prefix that holds both; of length 0 where only all addresses do. */
export function commonPrefix(a: Prefix, b: Prefix): Prefix {
  for (let length = Math.min(a.length, b.length); length > 0; length -= 1) {
    const prefix = prefixOf(a.network, length);
    if (prefixHolds(prefix, b.network)) return prefix;
  }
  return prefixOf(a.network, 0);
}

/**
 * The prefix that two networks have as one, where that goes without saying: the one that is kept if it holds both ranges, else the one that
 * holds the other, else the one that both are the halves of. Null where a person has to say it: a wider one would take in addresses
 * that neither of them had.
 */
export function joinPrefixes(kept: Prefix, other: Prefix, hull: AddressRange): Prefix | null {
  if (prefixHoldsRange(kept, hull)) return kept;
  const common = commonPrefix(kept, other);
  if (common.length === 0) return null;
  const isOther = common.length === other.length;
  const areHalves = kept.length === other.length && common.length === kept.length - 1;
  return isOther || areHalves ? common : null;
}

/** Whether the prefix holds all of the range. */
export function prefixHoldsRange(prefix: Prefix, range: AddressRange): boolean {
  return prefixHolds(prefix, range.start) && prefixHolds(prefix, range.end);
}
