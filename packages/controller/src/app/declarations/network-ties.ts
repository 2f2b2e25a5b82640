import type { DeclaredNetwork } from '@wirebook/contract';
import { findNetworkWires, type NetworkPlace, sayWires } from '../../store/declarations/networks.ts';
import type { WirePlace } from '../../store/declarations/places.ts';
import { type NetworkColumns, setCompanion } from '../../store/networks.ts';
import type { DeclarationImport, Places } from './work.ts';
import { joinCompanions } from '../network-making.ts';
import { quoted } from '../problem.ts';

/** A network of the document with its place there, and its wire here. */
export interface AskedNetwork {
  readonly place: string;
  readonly declared: DeclaredNetwork;
  readonly wire: WirePlace;
}

/** The networks of a document, and all of their spaces, while an import goes on. */
export interface NetworksUnderWay {
  /** By id: those of the document. `before`: what was set of one that was there already. */
  readonly touched: ReadonlyMap<
    string,
    { asked: AskedNetwork; created: boolean; before: NetworkColumns | null }
  >;
  /** By space and name. */
  readonly known: ReadonlyMap<string, NetworkPlace>;
  /** Where in the document one stands that is refused or left out, by space and name. */
  readonly lost: ReadonlyMap<string, string>;
}

/** A network's name is unique in its space. */
export function networkKey(space: string, name: string): string {
  return `${space}\n${name}`;
}

/** Whether networks can lie on the wire. One that vCenter doesn't show any more is as good as none. */
export function isUsableWire(work: DeclarationImport, wire: WirePlace, field: string): boolean {
  const { name, purpose, missingSince } = wire;
  const refusal = { field, value: name, of: 'problems' as const };
  if (purpose !== 'vm')
    work.report.complain({ ...refusal, code: 'wire_takes_no_networks', params: { name, purpose } });
  else if (missingSince !== null)
    work.report.lack(
      { ...refusal, code: 'wire_missing', params: { name, since: missingSince.toISOString() } },
      `wire ${wire.id}`,
    );
  else return true;
  return false;
}

/** Whether the wire lies in the space; else complains. */
export function liesIn(
  work: DeclarationImport,
  wire: WirePlace,
  about: { field: string; value: string; space: string },
): boolean {
  const { field, value, space } = about;
  if (wire.spaceName === space) return true;
  work.report.complain({
    field,
    value,
    code: 'declared_other_space',
    params: { wire: wire.name, wireSpace: wire.spaceName, quoted: wire.id, space: quoted(space) },
  });
  return false;
}

/** Joins companions as the document says; answers the networks that were changed by it. */
export async function joinDeclaredCompanions(
  work: DeclarationImport,
  networks: NetworksUnderWay,
): Promise<string[]> {
  const { tx, report } = work;
  const all = [...networks.known.values()];
  const nameOf = new Map(all.map((network) => [network.id, network.name]));
  const stored = new Map(all.map((network) => [network.id, network.companionId]));
  const companionOf = new Map(stored);
  const pairs: { id: string; place: string; wanted: string | null }[] = [];
  for (const [id, { asked }] of networks.touched) {
    const { companion } = asked.declared;
    const field = `${asked.place}.companion`;
    const wanted = companionId(work, networks, asked);
    if (companion === undefined || wanted === undefined) continue;
    const now = stored.get(id) ?? null;
    if (wanted === now) continue;
    // The other one said so already.
    if (now === null && wanted === companionOf.get(id)) continue;
    if (now !== null && !report.differs({ field, value: companion }, nameOf.get(now) ?? '')) continue;
    companionOf.set(id, wanted);
    if (wanted !== null) companionOf.set(wanted, id);
    pairs.push({ id, place: asked.place, wanted });
  }
  // All who part do so first: two pairs may change partners.
  for (const { id } of pairs) await setCompanion(tx, id, null);
  for (const { id, place, wanted } of pairs)
    if (wanted !== null)
      await report.attemptLater(place, async () => {
        await joinCompanions(tx, id, wanted);
        return true;
      });
  return pairs.map(({ id }) => id);
}

/** The companion that the document says; undefined where it says nothing, or with the complaint made. */
function companionId(
  work: DeclarationImport,
  networks: NetworksUnderWay,
  { declared, place }: AskedNetwork,
): string | null | undefined {
  const { companion, space } = declared;
  if (companion === undefined || companion === null) return companion;
  const field = `${place}.companion`;
  const key = networkKey(space, companion);
  const where = networks.lost.get(key);
  const found = networks.known.get(key);
  if (where !== undefined) work.report.follow(field, companion, where);
  else if (found === undefined)
    work.report.complain({
      field,
      value: companion,
      code: 'declared_no_network',
      params: { network: companion, space, quoted: quoted(companion) },
    });
  else return found.id;
  return undefined;
}

type SaidWire = Parameters<typeof sayWires>[1][number];

/** Declares and excludes wires as the document says; answers the networks that were changed by it. */
export async function sayDeclaredWires(
  work: DeclarationImport,
  places: Places,
  touched: NetworksUnderWay['touched'],
): Promise<string[]> {
  const stored = await findNetworkWires(work.tx, [...touched.keys()]);
  const origins = new Map(stored.map((one) => [`${one.networkId} ${one.wireId}`, one.origin]));
  const said = new Map<string, SaidWire>();
  for (const [networkId, { asked }] of touched) {
    const { declaredWires = [], excludedWires = [] } = asked.declared;
    const { spaceId, spaceName } = asked.wire;
    const lists = [
      ...declaredWires.map((named, index) => ['declared', `declaredWires[${index}]`, named] as const),
      ...excludedWires.map((named, index) => ['excluded', `excludedWires[${index}]`, named] as const),
    ];
    for (const [origin, list, named] of lists) {
      const field = `${asked.place}.${list}`;
      const wire = places.wire(named, field);
      if (wire === null) continue;
      // One that is missing at present is declared all the same: it may come back.
      const usable = wire.purpose === 'vm' || isUsableWire(work, wire, field);
      if (!usable || !liesIn(work, wire, { field, value: wire.name, space: spaceName })) continue;
      const key = `${networkId} ${wire.id}`;
      const now = origins.get(key);
      const before = said.get(key)?.origin;
      if (now === 'primary' && origin === 'declared') continue;
      if (now === 'primary' || (before !== undefined && before !== origin)) {
        work.report.complain({ field, value: wire.name, code: 'declared_twice' });
        continue;
      }
      if (now === origin) continue;
      const decided = now === 'declared' || now === 'excluded';
      if (decided && !work.report.differs({ field, value: wire.name }, now)) continue;
      said.set(key, { spaceId, networkId, wireId: wire.id, origin });
    }
  }
  if (!work.report.refused) await sayWires(work.tx, [...said.values()]);
  return [...new Set([...said.values()].map((one) => one.networkId))];
}
