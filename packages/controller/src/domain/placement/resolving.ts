import type { LiveFacts, WishedPlace } from './facts.ts';

/** Finds the objects that a request names by name, path or managed object id. Pure. */

export type PlaceField = keyof WishedPlace;

/** What people write; absent or null where they leave the choice open. */
export type NamedPlace = { readonly [F in PlaceField]?: string | null };

export interface PlaceCandidate {
  readonly moref: string;
  /** From its datacenter on. */
  readonly path: string;
}

/** A name that nothing has, or that several have. */
export type PlaceRefusal =
  | { readonly field: PlaceField; readonly code: 'unknown'; readonly value: string }
  | {
      readonly field: PlaceField;
      readonly code: 'ambiguous';
      readonly value: string;
      readonly candidates: readonly PlaceCandidate[];
    };

export type ResolvedPlace =
  | { readonly ok: true; readonly place: WishedPlace }
  | { readonly ok: false; readonly refusals: readonly PlaceRefusal[] };

/** Something that can be named. */
interface Nameable {
  readonly moref: string;
  readonly name: string;
  /** From its datacenter on. */
  readonly path: string;
  /** The same without the datacenter, or without the compute resource too. */
  readonly shorter: readonly string[];
  readonly datacenter: string | null;
  readonly compute: string | null;
}

/** In this order: each narrows the following. */
const FIELDS: readonly PlaceField[] = ['datacenter', 'compute', 'host', 'pool', 'folder', 'datastore'];

/**
 * A managed object id wins over a path, the whole path over one without its beginning, that over the bare name. What lies where the other
 * names point to wins over what lies elsewhere: the pool `Test` of the cluster that is named beside it.
 */
export function resolvePlace(facts: LiveFacts, named: NamedPlace): ResolvedPlace {
  const place: Record<PlaceField, string | null> = {
    host: null,
    compute: null,
    datacenter: null,
    datastore: null,
    pool: null,
    folder: null,
  };
  const refusals: PlaceRefusal[] = [];
  const chosen: Nameable[] = [];
  for (const field of FIELDS) {
    const value = named[field]?.trim() ?? '';
    if (value === '') continue;
    const found = matchNear(nameables(facts, field), value, chosen);
    const [only] = found;
    if (only === undefined) refusals.push({ field, code: 'unknown', value });
    else if (found.length > 1) {
      const candidates = found.map(({ moref, path }) => ({ moref, path }));
      refusals.push({ field, code: 'ambiguous', value, candidates });
    } else {
      place[field] = only.moref;
      chosen.push(only);
    }
  }
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, place };
}

function match(objects: readonly Nameable[], value: string): Nameable[] {
  const ways: ((object: Nameable) => boolean)[] = [
    ({ moref }) => moref === value,
    ({ path }) => path === value,
    ({ shorter }) => shorter.includes(value),
    ({ name }) => name === value,
    // A name in other capitals is still that name, where no other has it.
    ({ name }) => name.toLowerCase() === value.toLowerCase(),
  ];
  for (const way of ways) {
    const found = objects.filter(way);
    if (found.length > 0) return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }
  return [];
}

/** Looks where the names before this one point to, then in their datacenter, then everywhere. */
function matchNear(objects: readonly Nameable[], value: string, chosen: readonly Nameable[]): Nameable[] {
  const lies = (object: Nameable, key: 'datacenter' | 'compute'): boolean =>
    chosen.every((other) => other[key] === null || other[key] === object[key]);
  const inDatacenter = objects.filter((object) => lies(object, 'datacenter'));
  for (const near of [inDatacenter.filter((object) => lies(object, 'compute')), inDatacenter]) {
    const found = match(near, value);
    if (found.length > 0) return found;
  }
  return match(objects, value);
}

function nameables(facts: LiveFacts, field: PlaceField): Nameable[] {
  const datacenters = new Map(facts.datacenters.map((one) => [one.moref, one]));
  const computes = new Map(facts.computes.map((one) => [one.moref, one]));
  const inside = (datacenter: string | null, path: string): string =>
    [datacenters.get(datacenter ?? '')?.path ?? '', path].filter(Boolean).join('/');
  const inDatacenter = (
    object: { moref: string; name: string; datacenter: string | null },
    path: string,
    compute: string | null = null,
  ): Nameable => ({
    moref: object.moref,
    name: object.name,
    path: inside(object.datacenter, path),
    shorter: [path],
    datacenter: object.datacenter,
    compute,
  });
  switch (field) {
    case 'datacenter':
      return facts.datacenters.map(({ moref, name, path }) => ({
        moref,
        name,
        path,
        shorter: [],
        datacenter: moref,
        compute: null,
      }));
    case 'compute':
      return facts.computes.map((one) => inDatacenter(one, one.name, one.moref));
    case 'host':
      return facts.hosts.map((one) => inDatacenter(one, one.name, one.compute));
    case 'datastore':
      return facts.datastores.map((one) => inDatacenter(one, one.name));
    case 'folder':
      return facts.folders.map((one) => inDatacenter(one, one.path));
    case 'pool':
      return facts.pools.map((one): Nameable => {
        const compute = computes.get(one.compute ?? '');
        const below = [compute?.name ?? '', one.path].filter(Boolean).join('/');
        return {
          moref: one.moref,
          name: one.name,
          path: inside(compute?.datacenter ?? null, one.path === '' ? `${below}/${one.name}` : below),
          shorter: [one.path === '' ? `${below}/${one.name}` : below, one.path].filter(Boolean),
          datacenter: compute?.datacenter ?? null,
          compute: one.compute,
        };
      });
  }
}
