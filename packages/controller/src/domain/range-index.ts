import {
  type AddressRange,
  compareAddresses,
  type IpAddress,
  rangeHolds,
  rangesOverlap,
} from './addresses.ts';

/** Finds the one that holds an address, among things whose ranges lie apart from one another; of however many, by few looks. */
export function indexByRange<T extends { readonly range: AddressRange }>(
  things: readonly T[],
): (ip: IpAddress) => T | undefined {
  const last = indexByStart(things);
  return (ip) => {
    const thing = last(ip);
    return thing !== undefined && rangeHolds(thing.range, ip) ? thing : undefined;
  };
}

/** Finds one that overlaps a range, among things whose ranges lie apart from one another. */
export function indexOverlaps<T extends { readonly range: AddressRange }>(
  things: readonly T[],
): (range: AddressRange) => T | undefined {
  const last = indexByStart(things);
  return (range) => {
    // Whichever overlaps it, the last one that begins before its end does.
    const thing = last(range.end);
    return thing !== undefined && rangesOverlap(thing.range, range) ? thing : undefined;
  };
}

/** Finds the last one that begins at an address or before it. */
function indexByStart<T extends { readonly range: AddressRange }>(
  things: readonly T[],
): (ip: IpAddress) => T | undefined {
  const sorted = things.toSorted((a, b) => compareAddresses(a.range.start, b.range.start));
  return (ip) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const thing = sorted[middle];
      if (thing !== undefined && compareAddresses(thing.range.start, ip) <= 0) low = middle + 1;
      else high = middle;
    }
    return sorted[low - 1];
  };
}
