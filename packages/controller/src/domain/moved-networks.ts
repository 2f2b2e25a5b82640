/** When the NICs of a network count as moved to another wire: so many of them, and nine of ten of all. */
export const MOVED_AT_LEAST = 2;
export const MOVED_OF_TEN = 9;

/** How many NICs that have or report addresses of a network are attached to a wire. */
export interface NicPlace {
  readonly wire: { readonly id: string; readonly name: string };
  readonly nics: number;
  /** The network could lie there: VMs are attached to it, it exists, and nobody has excluded it. */
  readonly open: boolean;
}

/** Where the NICs of a network went. */
export interface NicsMoved {
  readonly to: { readonly id: string; readonly name: string };
  readonly moved: number;
  readonly total: number;
}

/** The one other wire that nearly all NICs are on now; null where there is none. */
export function whereNicsWent(primaryWireId: string, places: readonly NicPlace[]): NicsMoved | null {
  const total = places.reduce((sum, place) => sum + place.nics, 0);
  const place = places.find((one) => one.nics * 10 >= total * MOVED_OF_TEN && one.nics >= MOVED_AT_LEAST);
  if (place === undefined || !place.open || place.wire.id === primaryWireId) return null;
  return { to: place.wire, moved: place.nics, total };
}
