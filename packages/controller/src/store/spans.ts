import { type AddressRange, formatAddress, parseAddress } from '../domain/addresses.ts';

/** The text of PostgreSQL's `inetrange` for an inclusive range. */
export function writeSpan(range: AddressRange): string {
  return `[${formatAddress(range.start)},${formatAddress(range.end)}]`;
}

/** The text of `inetmultirange`. */
export function writeSpans(ranges: readonly AddressRange[]): string {
  return `{${ranges.map(writeSpan).join(',')}}`;
}

/** Reads `[start,end]` as the database writes it. */
export function readSpan(text: string): AddressRange {
  const [start, end] = text.replaceAll(/[[\]"]/g, '').split(',');
  const from = parseAddress(start ?? '');
  const to = parseAddress(end ?? '');
  if (from === null || to === null)
    throw new Error(`the database holds ${text}, which is no range of addresses`);
  return { start: from, end: to };
}

/** Reads `{[start,end],...}` as the database writes it. */
export function readSpans(text: string): AddressRange[] {
  return (text.match(/\[[^\]]*\]/g) ?? []).map(readSpan);
}
