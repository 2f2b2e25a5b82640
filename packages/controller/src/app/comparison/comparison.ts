import {
  type CompareInput,
  type Comparison,
  DIFFERENCES_TOLD,
  differenceKinds,
  type ListDifference,
} from '@wirebook/contract';
import { formatAddress, rangeHolds } from '../../domain/addresses.ts';
import type { ListedAddress } from '../../domain/list-comparison.ts';
import { findFormerHolders, findSpacesByNames, inSnapshot } from '../../store/comparison.ts';
import type { Database, Tx } from '../../store/database.ts';
import { findNetworkFacts } from '../../store/networks.ts';
import { readSpan } from '../../store/spans.ts';
import { type ReadList, readList, type Unreadable } from './input.ts';
import { compareSpace, type ComparedRows, type FoundDifference } from './facts.ts';
import { resolveName } from '../names.ts';
import { Problem, refuseInput } from '../problem.ts';

/** A difference as it is found; the words are put to it in the reader's language. */
export interface StoredDifference extends Omit<ListDifference, 'text' | 'remedy'> {
  /** Of a duplicate: the line that names the address first. */
  readonly other: number | null;
  /** Of a ghost: who had it last. */
  readonly former: { readonly name: string; readonly until: string } | null;
  /** Of what is unreadable: what is wrong with it, of the catalogue's `fields`. */
  readonly code: string | null;
}

export type StoredComparison = Omit<Comparison, 'items'> & { items: StoredDifference[] };

const NETWORKS_TOLD = 500;
const EVIDENCE_TOLD = 5;

/**
 * Holds a list that was kept elsewhere against who has or shows each address. Reads one state of the book and writes nothing. Problems:
 * `invalid_input`, `not_found`, `ambiguous`.
 */
export async function compareWithList(db: Database, input: CompareInput): Promise<StoredComparison> {
  if (input.space !== undefined && input.network !== undefined) {
    throw refuseInput([
      {
        field: 'network',
        value: input.network,
        code: 'one_of_two',
        params: { first: 'space', second: 'network' },
      },
    ]);
  }
  const list = readList(input.rows);
  return inSnapshot(db, async (tx) => {
    const now = new Date();
    const places = await placeRows(tx, input, list.listed);
    const found: FoundDifference[] = [];
    const networks: { id: string; name: string }[] = [];
    let strangers = 0;
    for (const rows of places) {
      const compared = await compareSpace(tx, rows, now);
      found.push(...compared.differences);
      networks.push(...compared.networks.map(({ id, name }) => ({ id, name })));
      strangers += compared.strangers;
    }
    const counts = countDifferences(input, { list, places, found, strangers });
    const items = await tellDifferences(tx, { found, unreadable: list.unreadable, now });
    return {
      counts,
      complete: differenceKinds.every((kind) => counts[kind] <= DIFFERENCES_TOLD),
      networks: networks.slice(0, NETWORKS_TOLD),
      items,
    };
  });
}

/** In which space each row lies, and what of that space the list is about. */
async function placeRows(
  tx: Tx,
  input: CompareInput,
  rows: readonly ListedAddress[],
): Promise<ComparedRows[]> {
  if (input.network !== undefined) {
    const { id } = await resolveName(tx, 'network', input.network);
    const facts = await findNetworkFacts(tx, id);
    if (facts === null)
      throw new Problem('not_found', { kind: 'network', name: input.network, command: 'network' });
    const range = readSpan(facts.span);
    return [
      {
        space: { id: facts.spaceId, name: facts.spaceName },
        rows: rows.filter((row) => rangeHolds(range, row.ip)),
        scope: { networkId: id },
      },
    ];
  }
  if (input.space !== undefined)
    return [{ space: await resolveName(tx, 'address_space', input.space), rows, scope: 'space' }];
  const usual = await resolveName(tx, 'address_space', 'default');
  const vrfs = [...new Set(rows.map((row) => row.vrf))].filter((vrf) => vrf !== '');
  const spaces = new Map(
    (await findSpacesByNames(tx, vrfs)).map((space) => [space.name.toLowerCase(), space]),
  );
  const bySpace = Map.groupBy(rows, (row) => spaces.get(row.vrf.toLowerCase()) ?? usual);
  const byId = Map.groupBy([...bySpace], ([space]) => space.id);
  return [...byId.values()].flatMap((groups): ComparedRows[] => {
    const [first] = groups;
    // The default space may be named by a VRF as well.
    const own = groups.flatMap(([, list]) => list).toSorted((a, b) => a.index - b.index);
    return first === undefined ? [] : [{ space: first[0], rows: own, scope: 'list' }];
  });
}

function countDifferences(
  input: CompareInput,
  about: {
    list: ReadList;
    places: readonly ComparedRows[];
    found: readonly FoundDifference[];
    strangers: number;
  },
): Comparison['counts'] {
  const { list, places, found, strangers } = about;
  const of = (kind: FoundDifference['kind']): number => found.filter((one) => one.kind === kind).length;
  const compared = new Set(places.flatMap((place) => place.rows.map(({ index }) => index)));
  const outside = new Set(list.listed.map(({ index }) => index).filter((index) => !compared.has(index)));
  // One that lies outside may be unreadable in part as well.
  const differing = new Set([
    ...found.flatMap(({ row }) => row?.index ?? []),
    ...list.unreadable.map(({ index }) => index).filter((index) => !outside.has(index)),
  ]);
  const rows = input.rows.length;
  return {
    rows,
    agreeing: rows - outside.size - differing.size,
    outside: outside.size,
    ghost: of('ghost'),
    stranger: strangers,
    mac: of('mac'),
    name: of('name'),
    network: of('network'),
    status: of('status'),
    duplicate: of('duplicate'),
    unreadable: list.unreadable.length,
  };
}

/** The first of each kind, kind by kind, those of rows in the order of the list. */
async function tellDifferences(
  tx: Tx,
  about: { found: readonly FoundDifference[]; unreadable: readonly Unreadable[]; now: Date },
): Promise<StoredDifference[]> {
  const { found, unreadable, now } = about;
  const byKind = Map.groupBy(found, ({ kind }) => kind);
  const told: StoredDifference[] = [];
  for (const kind of differenceKinds) {
    if (kind === 'unreadable') {
      told.push(...unreadable.slice(0, DIFFERENCES_TOLD).map(tellUnreadable));
      continue;
    }
    const first = (byKind.get(kind) ?? [])
      .toSorted((a, b) => (a.row?.index ?? 0) - (b.row?.index ?? 0))
      .slice(0, DIFFERENCES_TOLD);
    const former = kind === 'ghost' ? await findFormer(tx, first, now) : new Map<string, never>();
    told.push(
      ...first.map((one) => tellDifference(one, former.get(`${one.space.id} ${formatAddress(one.ip)}`))),
    );
  }
  return told;
}

async function findFormer(
  tx: Tx,
  ghosts: readonly FoundDifference[],
  now: Date,
): Promise<ReadonlyMap<string, { name: string; until: string }>> {
  const former = new Map<string, { name: string; until: string }>();
  for (const [spaceId, own] of Map.groupBy(ghosts, ({ space }) => space.id)) {
    const ips = own.map(({ ip }) => formatAddress(ip));
    for (const { ip, ...holder } of await findFormerHolders(tx, { spaceId, ips, now }))
      former.set(`${spaceId} ${ip}`, holder);
  }
  return former;
}

function tellDifference(
  one: FoundDifference,
  former: { name: string; until: string } | undefined,
): StoredDifference {
  const { kind, row, ip, space, network, listed, found, other, presences } = one;
  return {
    kind,
    ...(row !== null && { line: row.line }),
    ip: formatAddress(ip),
    space,
    network: network === null ? null : { id: network.id, name: network.name },
    listed,
    found,
    evidence: presences.slice(0, EVIDENCE_TOLD).map(({ source, names, server, mac, wire, since }) => ({
      source,
      name: names[0] ?? null,
      server,
      mac,
      wire,
      since,
    })),
    other,
    former: former ?? null,
    code: null,
  };
}

function tellUnreadable({ line, written, code }: Unreadable): StoredDifference {
  return {
    kind: 'unreadable',
    line,
    ip: null,
    space: null,
    network: null,
    listed: written,
    found: null,
    evidence: [],
    other: null,
    former: null,
    code,
  };
}
