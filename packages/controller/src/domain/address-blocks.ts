import type { AddressRange, Family } from './addresses.ts';
import { deriveRuns, type Mark, type ReservedRange, type State, stateOf } from './free-runs.ts';

/**
 * A range as cells of one size, and how many addresses of each state each has. Pure: what lies in a cell comes in counted, so that a /8 or
 * a /64 is a few hundred numbers.
 */

export interface Cells {
  /** A power of two. */
  readonly size: bigint;
  /** Together the range, ascending. The first and the last are cut at its ends. */
  readonly ranges: readonly AddressRange[];
}

/** The smallest cells of one size, each beginning at a multiple of it, of which at most `atMost` hold the range. */
export function layCells(range: AddressRange, atMost: number): Cells {
  const { family } = range.start;
  const [first, last] = [range.start.value, range.end.value];
  let bits = 0n;
  while ((last >> bits) - (first >> bits) + 1n > BigInt(atMost)) bits += 1n;
  const ranges: AddressRange[] = [];
  for (let nr = first >> bits; nr <= last >> bits; nr += 1n) {
    const start = nr << bits;
    const end = start + (1n << bits) - 1n;
    ranges.push(rangeOf(family, start < first ? first : start, end > last ? last : end));
  }
  return { size: 1n << bits, ranges };
}

/** A part of a cell whose addresses are all the same as far as nothing is known of one by itself. */
export interface Piece {
  /** The place of its cell, from 0. */
  readonly cell: number;
  readonly range: AddressRange;
  readonly state: 'reserved' | 'dhcp' | 'free' | 'not_given';
}

/** The cells cut where a reservation or a part of giving begins or ends. The cells touch; the others ascend, apart from one another. */
export function cutCells(facts: {
  cells: readonly AddressRange[];
  reservations: readonly ReservedRange[];
  giving: readonly AddressRange[];
}): Piece[] {
  const { cells, reservations, giving } = facts;
  const [first, last] = [cells.at(0), cells.at(-1)];
  if (first === undefined || last === undefined) return [];
  const stretch = { start: first.start, end: last.end };
  const pieces: Piece[] = [];
  let cell = 0;
  for (const run of deriveRuns<never>({ stretch, known: [], reservations, giving })) {
    const { state } = run;
    // Only what is known of an address by itself makes it anything else.
    if (state !== 'reserved' && state !== 'dhcp' && state !== 'free' && state !== 'not_given') continue;
    for (let at = run.range.start.value; at <= run.range.end.value;) {
      const here = cells[cell];
      if (here === undefined) return pieces;
      const end = here.end.value < run.range.end.value ? here.end.value : run.range.end.value;
      pieces.push({ cell, range: rangeOf(stretch.start.family, at, end), state });
      if (end === here.end.value) cell += 1;
      at = end + 1n;
    }
  }
  return pieces;
}

/** Addresses of one piece that are alike. */
export interface PieceCount {
  /** The place of the piece, from 0. */
  readonly piece: number;
  /** What holds of each of them by itself. */
  readonly marks: ReadonlySet<Mark>;
  /** What they were counted as already in another count of the piece, which knew less of them. */
  readonly instead: Mark | null;
  readonly count: number;
}

export type StateCounts = Partial<Record<State, bigint>>;

/** How many addresses of each state each cell has: only states of which it has some. */
export function countCells(facts: {
  cells: readonly AddressRange[];
  pieces: readonly Piece[];
  counts: readonly PieceCount[];
}): StateCounts[] {
  const { cells, pieces, counts } = facts;
  const totals = cells.map(() => new Map<State, bigint>());
  const add = (piece: Piece, state: State, count: bigint): void => {
    const total = totals[piece.cell];
    total?.set(state, (total.get(state) ?? 0n) + count);
  };
  for (const piece of pieces) {
    add(piece, piece.state, piece.range.end.value - piece.range.start.value + 1n);
  }
  for (const { piece: place, marks, instead, count } of counts) {
    const piece = pieces[place];
    if (piece === undefined) continue;
    const all = new Set(marks);
    if (piece.state === 'reserved' || piece.state === 'dhcp') all.add(piece.state);
    add(piece, instead ?? piece.state, -BigInt(count));
    add(piece, stateOf(all, piece.state === 'free'), BigInt(count));
  }
  return totals.map((total) => Object.fromEntries([...total].filter(([, count]) => count > 0n)));
}

function rangeOf(family: Family, start: bigint, end: bigint): AddressRange {
  return { start: { family, value: start }, end: { family, value: end } };
}
