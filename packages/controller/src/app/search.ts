import { MAX_SEARCH_TERMS, type SearchAnswer, searchKinds, type searchQuery } from '@wirebook/contract';
import type { z } from 'zod';
import {
  formatAddress,
  formatPrefix,
  parseAddress,
  parseMac,
  parsePrefix,
  unmapAddress,
} from '../domain/addresses.ts';
import { isUuid } from '../domain/ids.ts';
import { findFirstSpace } from '../store/address-spaces.ts';
import { findSpacesOfAddress } from '../store/addresses.ts';
import type { Queries } from '../store/database.ts';
import { findHoldings, findObjects, type Sought } from '../store/search.ts';
import { readAddress } from './addresses.ts';
import { resolveName } from './names.ts';
import { refuseInput } from './problem.ts';
import { type FoundItem, itemOfAddress, itemOfNothing, itemOfObject } from './search-items.ts';

export type Found = Omit<SearchAnswer, 'items'> & { items: FoundItem[] };
type Space = { id: string; name: string };

/**
 * Anything that fits, the best first, kind by kind; or, for several addresses and MACs, what each of them is. Problems: `invalid_input` for
 * too many terms; `not_found` for the space.
 */
export async function search(db: Queries, query: z.output<typeof searchQuery>): Promise<Found> {
  const space = query.space === undefined ? null : await resolveName(db, 'address_space', query.space);
  const text = query.q.trim();
  const now = new Date();
  const terms = text.split(/[\s,;]+/).filter((term) => term !== '');
  const understood = terms.filter((term) => addressOf(term) !== null || parseMac(term) !== null);
  // A name may have blanks in it; a list is one of addresses and MACs, with a slip here and there.
  if (terms.length > 1 && understood.length * 2 >= terms.length && understood.length > 1) {
    const distinct = distinctTerms(terms);
    if (distinct.length > MAX_SEARCH_TERMS)
      throw refuseInput([
        { field: 'q', value: distinct.length, code: 'too_long', params: { maximum: MAX_SEARCH_TERMS } },
      ]);
    const items = await Promise.all(distinct.map((term) => answerTerm(db, term, { space, now })));
    return { items, totals: {}, truncated: false };
  }
  if (text === '') return { items: [], totals: {}, truncated: false };
  return searchAll(db, { sought: understand(text), limit: query.limit, space, now });
}

async function searchAll(
  db: Queries,
  request: { sought: Sought; limit: number; space: Space | null; now: Date },
): Promise<Found> {
  const { sought, limit } = request;
  const groups = await Promise.all(
    searchKinds.map(
      async (kind): Promise<{ kind: typeof kind; items: FoundItem[]; total: number | null }> => {
        if (kind === 'address') return { kind, ...(await searchAddresses(db, request)) };
        const { objects, total } = await findObjects(db, kind, { sought, limit });
        return { kind, items: objects.map((one) => itemOfObject(kind, one)), total };
      },
    ),
  );
  const found = groups.filter(({ total }) => total !== 0);
  return {
    items: found.flatMap(({ items }) => items),
    totals: Object.fromEntries(found.map(({ kind, total }) => [kind, total])),
    truncated: found.some(({ items, total }) => total === null || total > items.length),
  };
}

async function searchAddresses(
  db: Queries,
  request: { sought: Sought; limit: number; space: Space | null; now: Date },
): Promise<{ items: FoundItem[]; total: number | null }> {
  const { sought, limit, space, now } = request;
  const { ip } = sought;
  if (ip !== null) {
    // Each space that knows it has an address of its own.
    const spaces = space === null ? await spacesOf(db, ip) : [space];
    const items = await Promise.all(
      spaces.slice(0, limit).map(async (one) => {
        const { address } = await readAddress(db, { space: one, ip, now });
        return itemOfAddress(address, { match: { field: 'ip', value: ip }, term: null, otherSpaces: [] });
      }),
    );
    return { items, total: spaces.length };
  }
  const { holdings, total } = await findHoldings(db, { sought, limit, now });
  const items = await Promise.all(
    holdings.map(async ({ space: of, ip: held, field, value }) => {
      const { address } = await readAddress(db, { space: of, ip: held, now });
      return itemOfAddress(address, { match: { field, value }, term: null, otherSpaces: [] });
    }),
  );
  return { items, total };
}

/** The spaces that know an address, those where it is used first; where none does, the one that networks come into by themselves. */
async function spacesOf(db: Queries, ip: string): Promise<Space[]> {
  const known = await findSpacesOfAddress(db, ip);
  const sorted = [...known.filter((one) => one.used), ...known.filter((one) => !one.used)];
  if (sorted.length === 0) return findFirstSpace(db);
  return sorted.map(({ id, name }) => ({ id, name }));
}

/** One of several terms. */
async function answerTerm(
  db: Queries,
  term: string,
  where: { space: Space | null; now: Date },
): Promise<FoundItem> {
  const ip = addressOf(term);
  if (ip !== null) {
    const [space, ...others] = where.space === null ? await spacesOf(db, ip) : [where.space];
    if (space === undefined) return itemOfNothing('unknown', term, term);
    const { address } = await readAddress(db, { space, ip, now: where.now });
    const match = address.state === 'outside' ? null : { field: 'ip' as const, value: ip };
    return itemOfAddress(address, { match, term, otherSpaces: others.map((one) => one.name) });
  }
  const mac = parseMac(term);
  if (mac === null) return itemOfNothing('unknown', term, term);
  const sought: Sought = { text: mac, ip: null, cidr: null, mac, macs: null, uuid: null, vlan: null };
  const [nic] = (await findObjects(db, 'nic', { sought, limit: 1 })).objects;
  if (nic !== undefined) return itemOfObject('nic', nic, term);
  const [holding] = (await findHoldings(db, { sought, limit: 1, now: where.now })).holdings;
  if (holding === undefined) return itemOfNothing('nic', mac, term);
  const { address } = await readAddress(db, { space: holding.space, ip: holding.ip, now: where.now });
  return itemOfAddress(address, { match: { field: 'mac', value: mac }, term, otherSpaces: [] });
}

/** In their order; what is the same address or MAC, however written, once. */
function distinctTerms(terms: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const term of terms) {
    const same = addressOf(term) ?? parseMac(term) ?? term;
    if (!seen.has(same)) seen.set(same, term);
  }
  return [...seen.values()];
}

function understand(text: string): Sought {
  const prefix = parsePrefix(text)?.prefix ?? null;
  const vlan = /^[1-9]\d{0,3}$/.test(text) && Number(text) <= 4094 ? Number(text) : null;
  return {
    text,
    ip: addressOf(text),
    cidr: prefix === null ? null : formatPrefix(prefix),
    mac: parseMac(text),
    macs: macsBeginning(text),
    uuid: isUuid(text) ? text.toLowerCase() : null,
    vlan,
  };
}

/** Canonical; null where it is no address. */
function addressOf(text: string): string | null {
  const address = parseAddress(text);
  return address === null ? null : formatAddress(unmapAddress(address));
}

/** The first octets of a MAC, at least two, as `00:50:56` or `00-50-56-a`. */
function macsBeginning(text: string): Sought['macs'] {
  if (!/^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){1,4}(?:[:-][0-9a-f]?)?$/i.test(text)) return null;
  const digits = text.replaceAll(/[:-]/g, '');
  const [first, last] = [parseMac(digits.padEnd(12, '0')), parseMac(digits.padEnd(12, 'f'))];
  return first === null || last === null ? null : { first, last };
}
