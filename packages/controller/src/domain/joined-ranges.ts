import { type AddressRange, compareAddresses, type IpAddress } from './addresses.ts';

/** The same addresses in as few ranges as will do, ascending and apart from one another. */
export function joinRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const joined: AddressRange[] = [];
  for (const range of ranges.toSorted((a, b) => compareAddresses(a.start, b.start))) {
    const last = joined.at(-1);
    if (last === undefined || !touches(last.end, range.start)) joined.push(range);
    else if (compareAddresses(last.end, range.end) < 0)
      joined[joined.length - 1] = { start: last.start, end: range.end };
  }
  return joined;
}

/** Whether the second address comes no later than right after the first; those of another family never do. */
function touches(end: IpAddress, start: IpAddress): boolean {
  return end.family === start.family && start.value <= end.value + 1n;
}
