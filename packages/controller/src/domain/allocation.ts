import type { AddressRange, IpAddress } from './addresses.ts';

/**
 * Which addresses a network may give next. Pure: what is taken comes in as facts, read for one window of addresses at a time, so that
 * a /8 or a /64 is never walked whole.
 */

export type Direction = 'up' | 'down';

/** An address that many steps further in the direction; the caller sees to it that there is one. */
function step(address: IpAddress, by: bigint): IpAddress {
  return { family: address.family, value: address.value + by };
}

/** The parts of `giving` that lie beyond `reached`, in the order of the direction. Null: nothing is reached yet. */
export function partsAhead(
  giving: readonly AddressRange[],
  direction: Direction,
  reached: IpAddress | null,
): AddressRange[] {
  const ordered = inOrder(giving, direction);
  if (reached === null) return ordered;
  return ordered.flatMap((part) => {
    if (direction === 'up') {
      if (part.end.value <= reached.value) return [];
      return part.start.value > reached.value ? [part] : [{ start: step(reached, 1n), end: part.end }];
    }
    if (part.start.value >= reached.value) return [];
    return part.end.value < reached.value ? [part] : [{ start: part.start, end: step(reached, -1n) }];
  });
}

/** The parts of `giving` up to `reached`, in the order of the direction: what is let go of there may be given again. */
export function partsBehind(
  giving: readonly AddressRange[],
  direction: Direction,
  reached: IpAddress | null,
): AddressRange[] {
  if (reached === null) return [];
  return inOrder(giving, direction).flatMap((part) => {
    if (direction === 'up') {
      if (part.start.value > reached.value) return [];
      return part.end.value <= reached.value ? [part] : [{ start: part.start, end: reached }];
    }
    if (part.end.value < reached.value) return [];
    return part.start.value >= reached.value ? [part] : [{ start: reached, end: part.end }];
  });
}

function inOrder(ranges: readonly AddressRange[], direction: Direction): AddressRange[] {
  const rising = ranges.toSorted((a, b) => (a.start.value < b.start.value ? -1 : 1));
  return direction === 'up' ? rising : rising.toReversed();
}

/** What is left of parts in their order once everything up to `reached`, which lies in the first or beyond it, has been looked at. */
export function restOf(
  parts: readonly AddressRange[],
  direction: Direction,
  reached: IpAddress,
): AddressRange[] {
  const sign = direction === 'up' ? 1n : -1n;
  const rest = [...parts];
  for (let before: AddressRange | undefined; ;) {
    const [part] = rest;
    if (part === undefined) return rest;
    const [near, far] = direction === 'up' ? [part.start, part.end] : [part.end, part.start];
    // Parts that were turned round begin again at the other end: nothing of those has been looked at.
    const turned = before !== undefined && (near.value - before.start.value) * sign < 0n;
    if (turned || (near.value - reached.value) * sign > 0n) return rest;
    rest.shift();
    if ((far.value - reached.value) * sign > 0n) {
      const next = step(reached, sign);
      rest.unshift(direction === 'up' ? { start: next, end: far } : { start: far, end: next });
      return rest;
    }
    before = part;
  }
}

/** The nearest addresses of a part, at most `size` of them. */
export function nearestOf(part: AddressRange, direction: Direction, size: bigint): AddressRange {
  if (part.end.value - part.start.value + 1n <= size) return part;
  return direction === 'up'
    ? { start: part.start, end: step(part.start, size - 1n) }
    : { start: step(part.end, 1n - size), end: part.end };
}

export interface Taken {
  /** Distances from the window's first address, in any order. */
  readonly offsets: readonly number[];
  /** Whole ranges apart from one another, in any order, which may reach beyond the window. */
  readonly ranges: readonly AddressRange[];
}

/**
 * The free addresses of a window in the order of the direction, as many as are wanted; and the last address looked at: whatever lies up
 * to it is taken, or among those found. It may lie beyond the window, where a taken range does.
 */
export function takeFree(
  window: AddressRange,
  taken: Taken,
  options: { direction: Direction; wanted: number },
): { free: IpAddress[]; reached: IpAddress } {
  const { direction, wanted } = options;
  const offsets = new Set(taken.offsets);
  const ranges = inOrder(taken.ranges, direction);
  let nextRange = 0;
  const sign = direction === 'up' ? 1n : -1n;
  const first = direction === 'up' ? window.start : window.end;
  const last = direction === 'up' ? window.end : window.start;
  const free: IpAddress[] = [];
  let at = first.value;
  let reached = first.value - sign;
  const isBeyond = (value: bigint): boolean => (direction === 'up' ? value > last.value : value < last.value);
  while (!isBeyond(at) && free.length < wanted) {
    const range = ranges[nextRange];
    if (range !== undefined) {
      const [near, far] =
        direction === 'up' ? [range.start.value, range.end.value] : [range.end.value, range.start.value];
      if ((far - at) * sign < 0n) {
        nextRange += 1;
        continue;
      }
      if ((near - at) * sign <= 0n) {
        reached = far;
        at = reached + sign;
        continue;
      }
    }
    if (!offsets.has(Number(at - window.start.value))) free.push({ family: first.family, value: at });
    reached = at;
    at += sign;
  }
  return { free, reached: { family: first.family, value: reached } };
}

/** The address at a place of the parts laid end to end, counted from 0. */
export function addressAt(parts: readonly AddressRange[], place: bigint): IpAddress {
  let rest = place;
  for (const part of parts) {
    const size = part.end.value - part.start.value + 1n;
    if (rest < size) return step(part.start, rest);
    rest -= size;
  }
  throw new Error(`there is no address at place ${place}`);
}

/** How many addresses the parts have. */
export function countOf(parts: readonly AddressRange[]): bigint {
  return parts.reduce((sum, part) => sum + part.end.value - part.start.value + 1n, 0n);
}

/** The parts turned round so that they begin with the address at a place: walked on from there, everything is met once. */
export function beginAt(parts: readonly AddressRange[], place: bigint): AddressRange[] {
  const before: AddressRange[] = [];
  const after: AddressRange[] = [];
  let rest = place;
  for (const part of parts) {
    const size = part.end.value - part.start.value + 1n;
    if (rest <= 0n) after.push(part);
    else if (rest >= size) before.push(part);
    else {
      before.push({ start: part.start, end: step(part.start, rest - 1n) });
      after.push({ start: step(part.start, rest), end: part.end });
    }
    rest -= size;
  }
  return [...after, ...before];
}
