import { isDeepStrictEqual } from 'node:util';
import type { DeclaredNetwork } from '@wirebook/contract';
import {
  type AddressRange,
  compareAddresses,
  formatAddress,
  type IpAddress,
} from '../../domain/addresses.ts';
import { indexByRange } from '../../domain/range-index.ts';
import { findNetworkPlaces, type NetworkPlace } from '../../store/declarations/networks.ts';
import { type AuditLine, recordEvents } from '../../store/events.ts';
import { holdNetworks } from '../../store/holders.ts';
import type { NetworkColumns } from '../../store/networks.ts';
import { readSpan, readSpans } from '../../store/spans.ts';
import {
  type AskedNetwork,
  isUsableWire,
  joinDeclaredCompanions,
  liesIn,
  networkKey,
  type NetworksUnderWay,
  sayDeclaredWires,
} from './network-ties.ts';
import { type DeclarationImport, lackSpace, type Places } from './work.ts';
import { readNetworkInput, readNetworkPatch } from '../network-input.ts';
import { placeNetwork } from '../network-making.ts';
import { rewriteNetwork } from '../networks.ts';
import { quoted } from '../problem.ts';

/** A network that an import may put addresses into. */
export interface NetworkSeen {
  readonly id: string;
  readonly name: string;
  readonly spaceId: string;
  readonly range: AddressRange;
}

/** The networks of the spaces of an import, those that it makes among them. */
export interface NetworksSeen {
  /** The network that is meant; null with the complaint made. */
  readonly named: (asked: { space: string; network: string; place: string }) => NetworkSeen | null;
  /** Of whichever holds the address. */
  readonly holding: (spaceId: string, ip: IpAddress) => NetworkSeen | undefined;
  /** Where in the document a network stands that is refused or left out. */
  readonly lost: (space: string, network: string) => string | undefined;
  /** What is to be settled: the prefixes that they have, and had before. */
  readonly changed: readonly { id: string; spaceId: string; cidr: string }[];
}

/** What becomes of the networks of a document: made, brought in line, companions joined, wires declared and excluded. */
export async function settleNetworkDeclarations(
  work: DeclarationImport,
  places: Places,
): Promise<NetworksSeen> {
  const { tx, document, report } = work;
  // Nobody gives an address of these networks out until the import ends: each may be one that it puts addresses into.
  await holdNetworks(tx, namedOrHolding(work, await findNetworkPlaces(tx, places.spaceIds)));
  const stored = await findNetworkPlaces(tx, places.spaceIds);
  const known = new Map(stored.map((network) => [networkKey(network.spaceName, network.name), network]));
  const lost = new Map<string, string>();
  const firstOf = new Map<string, string>();
  const touched = new Map<string, { asked: AskedNetwork; created: boolean; before: NetworkColumns | null }>();
  for (const [index, declared] of (document.networks ?? []).entries()) {
    const place = `networks[${index}]`;
    const key = networkKey(declared.space, declared.name);
    const other = firstOf.get(key);
    if (other !== undefined) {
      report.complain({ field: `${place}.name`, value: declared.name, code: 'twice', params: { other } });
      continue;
    }
    firstOf.set(key, place);
    const asked = askedOf(work, places, { place, declared });
    if (asked === null) report.tell('networks', 'skipped');
    const old = known.get(key) ?? null;
    const after =
      asked === null ? null : old === null ? await make(work, asked) : await bringInLine(work, asked, old);
    if (asked === null || after === null) lost.set(key, place);
    else {
      known.set(key, after);
      touched.set(after.id, { asked, created: old === null, before: old?.columns ?? null });
    }
  }
  const underWay = { touched, known, lost };
  const tied = new Set([
    ...(await joinDeclaredCompanions(work, underWay)),
    ...(await sayDeclaredWires(work, places, touched)),
  ]);
  return { ...lookup(work, places, underWay), changed: await tell(work, underWay, tied) };
}

/** Networks of the document, and those that may have one of its addresses. */
function namedOrHolding(work: DeclarationImport, networks: readonly NetworkPlace[]): string[] {
  const { networks: declared = [], reservations = [], holders = [], nicAddresses = [] } = work.document;
  const names = new Set([
    ...declared.map(({ space, name }) => networkKey(space, name)),
    ...reservations.map(({ space, network }) => networkKey(space, network)),
  ]);
  const spaces = new Set([...holders, ...nicAddresses].map(({ space }) => space));
  return networks
    .filter(({ spaceName, name }) => spaces.has(spaceName) || names.has(networkKey(spaceName, name)))
    .map((network) => network.id);
}

/** The network with its wire; null with the complaint made. */
function askedOf(
  work: DeclarationImport,
  places: Places,
  network: { place: string; declared: DeclaredNetwork },
): AskedNetwork | null {
  const { place, declared } = network;
  const { space } = declared;
  const wire = places.wire(declared.wire, `${place}.wire`);
  if (places.space(space) === undefined) {
    lackSpace(work.report, `${place}.space`, space);
    return null;
  }
  if (wire === null || !isUsableWire(work, wire, `${place}.wire`)) return null;
  return liesIn(work, wire, { field: `${place}.space`, value: space, space }) ? { ...network, wire } : null;
}

/** The columns that the document asks for. What it doesn't say of a network that is there stays as it is. */
function columnsOf(
  work: DeclarationImport,
  { declared, place, wire }: AskedNetwork,
  old: NetworkColumns | null,
): NetworkColumns | null {
  const { space: _, wire: __, companion: ___, declaredWires: ____, excludedWires: _____, ...own } = declared;
  return work.report.attempt(place, () =>
    old === null ? readNetworkInput({ ...own, wire: wire.name }) : readNetworkPatch(own, old),
  );
}

/** Ranges as a request has them, in the order of their addresses. */
function partsOf(spans: string): { start: string; end: string }[] {
  return readSpans(spans)
    .toSorted((a, b) => compareAddresses(a.start, b.start))
    .map((part) => ({ start: formatAddress(part.start), end: formatAddress(part.end) }));
}

async function make(work: DeclarationImport, asked: AskedNetwork): Promise<NetworkPlace | null> {
  const { wire, place } = asked;
  const columns = columnsOf(work, asked, null);
  if (columns === null) return null;
  const id = await work.report.attemptLater(place, () =>
    placeNetwork(work.tx, { columns, wire, companionId: null }),
  );
  if (id === null) return null;
  const { name, family, span, cidr } = columns;
  const { spaceId, spaceName } = wire;
  return { id, name, family, span, cidr, spaceId, spaceName, wireId: wire.id, companionId: null, columns };
}

/** What a document says of a network, and what is compared for it. */
const compared: readonly (readonly [keyof DeclaredNetwork, (columns: NetworkColumns) => unknown])[] = [
  ['start', ({ span }) => partsOf(span)[0]?.start],
  ['end', ({ span }) => partsOf(span)[0]?.end],
  ['prefixLength', ({ cidr }) => Number(cidr.split('/')[1])],
  ['giving', ({ giving }) => partsOf(giving)],
  ['gateway', ({ gateway }) => gateway],
  ['dns', ({ dns }) => dns],
  ['domain', ({ domain }) => domain],
  ['ntp', ({ ntp }) => ntp],
  ['allocationPolicy', ({ allocationPolicy }) => allocationPolicy],
  ['restingSeconds', ({ restingSeconds }) => restingSeconds],
  ['description', ({ description }) => description],
  ['tags', ({ tags }) => tags],
];

async function bringInLine(
  work: DeclarationImport,
  asked: AskedNetwork,
  old: NetworkPlace,
): Promise<NetworkPlace | null> {
  const { report } = work;
  const { place, declared, wire } = asked;
  if (old.wireId !== wire.id) {
    const params = { network: old.name };
    report.complain({ field: `${place}.wire`, value: wire.name, code: 'declared_on_other_wire', params });
    return null;
  }
  const columns = columnsOf(work, asked, old.columns);
  if (columns === null) return null;
  const differing = compared.flatMap(([field, read]) => {
    const here = read(old.columns);
    const same = declared[field] === undefined || isDeepStrictEqual(here, read(columns));
    return same ? [] : [{ field, here }];
  });
  const overwritten = differing.map(({ field, here }) =>
    report.differs(
      { field: `${place}.${field}`, value: declared[field] },
      typeof here === 'string' ? here : JSON.stringify(here),
    ),
  );
  if (overwritten.length === 0 || overwritten.includes(false)) return old;
  const done = await report.attemptLater(place, async () => {
    await rewriteNetwork(work.tx, old, columns);
    return true;
  });
  const { family, span, cidr } = columns;
  return done === null ? null : { ...old, family, span, cidr, columns };
}

/** Counts and records what became of each network; answers those that are not as they were. */
async function tell(
  work: DeclarationImport,
  { touched, known }: NetworksUnderWay,
  tied: ReadonlySet<string>,
): Promise<NetworksSeen['changed']> {
  const byId = new Map([...known.values()].map((network) => [network.id, network]));
  const changed: { id: string; spaceId: string; cidr: string }[] = [];
  const events: AuditLine[] = [];
  for (const [id, { asked, created, before }] of touched) {
    const network = byId.get(id);
    if (network === undefined) continue;
    const { name, spaceId, cidr, columns } = network;
    const change = created ? 'created' : tied.has(id) || columns !== before ? 'updated' : 'unchanged';
    work.report.tell('networks', change, { field: asked.place, name });
    if (change === 'unchanged') continue;
    // Whoever reports an address of the former prefix hears another reason.
    for (const each of new Set([cidr, before?.cidr ?? cidr])) changed.push({ id, spaceId, cidr: each });
    const { declaredWires, excludedWires, companion } = asked.declared;
    events.push({
      actor: work.actor.name,
      action: created ? 'create' : 'update',
      kind: 'network',
      id,
      name,
      before: before ?? undefined,
      after: { ...columns, wire: asked.wire.name, companion, declaredWires, excludedWires },
    });
  }
  await recordEvents(work.tx, events);
  return changed;
}

function lookup(
  work: DeclarationImport,
  places: Places,
  { known, lost }: NetworksUnderWay,
): Omit<NetworksSeen, 'changed'> {
  const { report } = work;
  const seen = new Map(
    [...known].map(([key, { id, name, spaceId, columns }]) => [
      key,
      { id, name, spaceId, range: readSpan(columns.span) },
    ]),
  );
  const bySpace = new Map(
    [...Map.groupBy(seen.values(), (network) => network.spaceId)].map(([id, own]) => [id, indexByRange(own)]),
  );
  return {
    named: ({ space, network, place }) => {
      const key = networkKey(space, network);
      const found = seen.get(key);
      const where = lost.get(key);
      if (where !== undefined) report.follow(place, network, where);
      else if (places.space(space) === undefined) lackSpace(report, `${place}.space`, space);
      else if (found === undefined) {
        const params = { network, space, quoted: quoted(network) };
        report.complain({ field: `${place}.network`, value: network, code: 'declared_no_network', params });
      } else return found;
      return null;
    },
    holding: (spaceId, ip) => bySpace.get(spaceId)?.(ip),
    lost: (space, network) => lost.get(networkKey(space, network)),
  };
}
