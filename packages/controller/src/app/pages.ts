import type { List } from '@wirebook/contract';
import { type ListPosition, ListRequestError } from '../store/listing.ts';

/**
 * A page of things that are put together anew for every request, in the order that they come in or in the one that is asked for. A cursor
 * names the last one of the page before; should that be gone by then, the place where it stood.
 */
export function pageOf<T extends { readonly id: string }>(
  things: readonly T[],
  position: ListPosition,
  sorts: Readonly<Record<string, (thing: T) => string | number>>,
): List<T> {
  const sorted = sortBy(things, position.sort, sorts);
  const start = position.cursor === undefined ? 0 : placeOf(sorted, position.cursor, Object.keys(sorts));
  const items = sorted.slice(start, start + position.limit);
  const last = items.at(-1);
  const more = last !== undefined && start + items.length < sorted.length;
  return {
    items,
    nextCursor: more ? writeCursor(last.id, start + items.length) : null,
    total: things.length,
  };
}

function sortBy<T>(
  things: readonly T[],
  sort: string | undefined,
  sorts: Readonly<Record<string, (thing: T) => string | number>>,
): readonly T[] {
  if (sort === undefined) return things;
  const order = sort.split(',').map((part) => {
    const descending = part.startsWith('-');
    const of = Object.hasOwn(sorts, descending ? part.slice(1) : part)
      ? sorts[descending ? part.slice(1) : part]
      : undefined;
    if (of === undefined) throw new ListRequestError('sort', sort, Object.keys(sorts));
    return { of, sign: descending ? -1 : 1 };
  });
  return things.toSorted((a, b) => {
    for (const { of, sign } of order) {
      const [left, right] = [of(a), of(b)];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  });
}

function writeCursor(id: string, place: number): string {
  return Buffer.from(JSON.stringify([id, place])).toString('base64url');
}

function placeOf(things: readonly { readonly id: string }[], cursor: string, sortable: string[]): number {
  const [, id, place] = /^\["([^"]*)",(\d{1,9})\]$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (id === undefined || place === undefined) throw new ListRequestError('cursor', cursor, sortable);
  const found = things.findIndex((thing) => thing.id === id);
  return found < 0 ? Number(place) : found + 1;
}
