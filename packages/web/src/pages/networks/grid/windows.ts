import type { Span } from './ip-numbers.ts';

/** The most cells that a grid shows at once; the API gives no more either. */
const CELLS_AT_MOST = 1024n;

/**
 * How large the cells of a window are, as a power of two: single addresses where they fit, otherwise whole octets, so that a /16 is made of /24s
 * and people find their prefixes in the cells.
 */
export function cellBits({ start, end }: Span): bigint {
  let bits = 0n;
  while ((end >> bits) - (start >> bits) + 1n > CELLS_AT_MOST) bits += 8n;
  return bits;
}

export function cellCount(window: Span): number {
  const bits = cellBits(window);
  return Number((window.end >> bits) - (window.start >> bits) + 1n);
}

/** The cell of a window that holds an address, cut at the window's ends. */
function cellAt(window: Span, value: bigint): Span {
  const bits = cellBits(window);
  const start = (value >> bits) << bits;
  return cut({ family: window.family, start, end: start + (1n << bits) - 1n }, window);
}

function cut(span: Span, within: Span): Span {
  return {
    family: span.family,
    start: span.start < within.start ? within.start : span.start,
    end: span.end > within.end ? within.end : span.end,
  };
}

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && outer.end >= inner.end;
}
export function same(one: Span, other: Span): boolean {
  return one.start === other.start && one.end === other.end;
}

/** From the whole range down to a window of it, cell by cell: where breadcrumbs lead back to. */
export function wayTo(range: Span, window: Span): readonly Span[] {
  const way = [range];
  let current = range;
  while (!same(current, window)) {
    const next = cellBits(current) === 0n ? current : cellAt(current, window.start);
    if (same(next, current) || !holds(next, window)) {
      way.push(window);
      break;
    }
    way.push(next);
    current = next;
  }
  return way;
}

/** The window in which an address is a cell of its own. */
export function windowOf(range: Span, value: bigint): Span {
  let current = range;
  while (cellBits(current) !== 0n) current = cellAt(current, value);
  return current;
}

/** The window of the same size before or after this one, within the range; null where there is none. */
export function neighbourOf(range: Span, window: Span, step: -1n | 1n): Span | null {
  const way = wayTo(range, window);
  const above = way.at(-2);
  if (above === undefined) return null;
  const bits = cellBits(above);
  if (bits === 0n) return null;
  const nr = (window.start >> bits) + step;
  const start = nr << bits;
  const end = start + (1n << bits) - 1n;
  if (end < range.start || start > range.end) return null;
  return cut({ family: range.family, start, end }, range);
}

/** What of the range the address of the page asks for; the whole where it asks for nothing that is in it. */
export function windowAsked(range: Span, asked: Span | null): Span {
  if (asked === null || asked.family !== range.family || asked.end < range.start || asked.start > range.end)
    return range;
  return cut(asked, range);
}
