import { type AddressUse, planWires, type WireLink } from '../domain/additional-wires.ts';
import { addressKey } from '../domain/matching.ts';
import type { Tx } from '../store/database.ts';
import { loadShared } from '../store/matching.ts';
import {
  type DetectedNetwork,
  findServersOnWires,
  loadDetectedNetworks,
  loadLinks,
  loadServerNames,
  loadStanding,
  loadUses,
  loadUsualGateways,
  loadWireFacts,
  writeLinks,
} from '../store/wire-detection.ts';

/** What detection did to the wires of networks. */
export interface DetectionEffect {
  /** Wires that are the networks' now and were not, and the other way round. */
  readonly gained: number;
  readonly lost: number;
  /** Whom that concerns: to be matched. */
  readonly serverIds: readonly string[];
}

/**
 * Brings the additional and suggested wires of networks in line with who uses their addresses. Writes what differs and nothing else. The
 * transaction holds the networks' spaces.
 */
export async function detectWires(tx: Tx, networkIds: readonly string[]): Promise<DetectionEffect> {
  if (networkIds.length === 0) return { gained: 0, lost: 0, serverIds: [] };
  const networks = await loadDetectedNetworks(tx, networkIds);
  const plans = await planLinks(tx, networks);
  const serverIds = new Set<string>();
  const left: { networkId: string; wireId: string }[] = [];
  let gained = 0;
  for (const { network, before, after, uses } of plans) {
    const known = new Map(before.map((link) => [link.wireId, link]));
    const kept = new Set(after.map((link) => link.wireId));
    const remove = before.filter((link) => !kept.has(link.wireId)).map((link) => link.wireId);
    const put = after.filter((link) => !isSame(known.get(link.wireId), link));
    await writeLinks(tx, network, { put, remove });
    for (const wireId of new Set([...put.map((link) => link.wireId), ...remove])) {
      const [was, is] = [isWireOf(before, wireId), isWireOf(after, wireId)];
      if (was === is) continue;
      if (!is) left.push({ networkId: network.id, wireId });
      else {
        gained += 1;
        for (const use of uses) if (use.wireId === wireId) serverIds.add(use.serverId);
      }
    }
  }
  for (const id of await findServersOnWires(tx, left)) serverIds.add(id);
  return { gained, lost: left.length, serverIds: [...serverIds] };
}

interface LinkPlan {
  readonly network: DetectedNetwork;
  readonly before: readonly WireLink[];
  readonly after: readonly WireLink[];
  readonly uses: readonly AddressUse[];
}

async function planLinks(tx: Tx, networks: readonly DetectedNetwork[]): Promise<LinkPlan[]> {
  const ids = networks.map((network) => network.id);
  const [links, uses] = [await loadLinks(tx, ids), await loadUses(tx, ids)];
  // Where nobody else uses the range, and nobody is known to have, there is nothing to find out.
  const open = networks.filter(({ id }) => links.has(id) || uses.has(id));
  if (open.length === 0) return [];
  const gateways = await loadUsualGateways(
    tx,
    open.filter((network) => network.gateway === null).map((network) => network.id),
  );
  const stored = [...links.values()].flat();
  const wires = await loadWireFacts(tx, [
    ...open.map((network) => network.primaryWireId),
    ...stored.map((link) => link.wireId),
    ...[...uses.values()].flat().map((use) => use.wireId),
  ]);
  const standing = await loadStanding(tx, stored.flatMap(saidBy));
  const serverNames = await loadServerNames(
    tx,
    stored.flatMap((link) => link.evidence.map((one) => one.serverId)),
  );
  const shared = await loadShared(tx, [...new Set(open.map((network) => network.spaceId))]);
  return open.map((network) => {
    const before = links.get(network.id) ?? [];
    const own = uses.get(network.id) ?? [];
    const after = planWires({
      prefix: network.prefix,
      range: network.range,
      gateway: network.gateway ?? gateways.get(network.id) ?? null,
      primaryWireId: network.primaryWireId,
      wires,
      links: before,
      uses: own,
      standing,
      serverNames,
      isShared: (ip) => shared.has(addressKey(network.spaceId, ip)),
    });
    return { network, before, after, uses: own };
  });
}

/** Whose word a stored link rests on: evidence by NICs on the wire itself, contradictions by others too. */
function saidBy(link: WireLink): { nicId: string; ip: string; wireId: string | null }[] {
  return [
    ...link.evidence.map(({ nicId, ip }) => ({ nicId, ip, wireId: link.wireId })),
    ...link.contradictions.flatMap(({ between = [] }) =>
      between.flatMap(({ ip, nicIds: [own, other] }) => [
        { nicId: own, ip, wireId: link.wireId },
        { nicId: other, ip, wireId: null },
      ]),
    ),
  ];
}

function isWireOf(links: readonly WireLink[], wireId: string): boolean {
  const origin = links.find((link) => link.wireId === wireId)?.origin;
  return origin === 'declared' || origin === 'detected';
}

function isSame(a: WireLink | undefined, b: WireLink): boolean {
  return a !== undefined && textOf(a) === textOf(b);
}

/** The same text for the same content, in whatever order the database gives its fields. */
function textOf(link: WireLink): string {
  const { wireId, origin, servers, evidence, contradictions, note } = link;
  return JSON.stringify([
    wireId,
    origin,
    servers,
    evidence.map((one) => [one.serverId, one.nicId, one.ip, one.gateway ?? null]),
    contradictions.map((one) => [
      one.code,
      sorted(one.params),
      one.between?.map((pair) => [pair.ip, ...pair.nicIds]),
    ]),
    note === null ? null : [note.code, sorted(note.params)],
  ]);
}

function sorted(params: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
