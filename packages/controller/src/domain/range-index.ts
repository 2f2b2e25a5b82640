import { type AddressRange, compareAddresses, type IpAddress, rangeHolds } from './addresses.ts';

/** Finds the one that holds an address, among things whose ranges lie apart from one another; of however many, by few looks. */
export function indexByRange<T extends { readonly range: AddressRange }>(
  things: readonly T[],
): (ip: IpAddress) => T | undefined {
  const sorted = things.toSorted((a, b) => compareAddresses(a.range.start, b.range.start));
  return (ip) => {
    // The last one that begins at the address or before it.
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const thing = sorted[middle];
      if (thing !== undefined && compareAddresses(thing.range.start, ip) <= 0) low = middle + 1;
      else high = middle;
    }
    const thing = sorted[low - 1];
    return thing !== undefined && rangeHolds(thing.range, ip) ? thing : undefined;
  };
}
