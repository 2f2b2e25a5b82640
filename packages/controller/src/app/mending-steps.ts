import { formatAddress, parseAddress } from '../domain/addresses.ts';
import { planWidening } from '../domain/widening.ts';
import type { Tx } from '../store/database.ts';
import { findLinks, findRangesAround, type MendableReason } from '../store/mending.ts';
import { findWiresLinked } from '../store/network-links.ts';
import { declareWires, type StoredNetwork, updateNetwork } from '../store/networks.ts';
import { explainConstraints } from './network-making.ts';
import { readNetworkPatch } from './network-input.ts';
import { columnsOf } from './networks.ts';
import { detectWires } from './wire-detection.ts';

/** What mending does to networks. The transaction holds their spaces and rows. */

/** An address that a range can't grow to, and the network in its way. */
export interface RefusedRange {
  readonly reason: MendableReason;
  readonly inTheWay: { id: string; name: string; start: string; end: string };
}

/**
 * Looks again which wires use addresses of the networks: those that nothing speaks against are theirs. Where a person says so, also declares
 * those that are merely suggested, for these networks on these wires. Answers the servers that it concerns.
 */
export async function joinWires(
  tx: Tx,
  work: readonly MendableReason[],
  options: { suggested: boolean },
): Promise<string[]> {
  const onWires = work.filter((one) => one.code === 'other_wire');
  // Settling looks by itself for wires that are theirs.
  if (!options.suggested) return [];
  const { serverIds } = await detectWires(tx, [...new Set(onWires.map((one) => one.networkId))]);
  const links = await findLinks(tx, onWires);
  const suggested = Map.groupBy(
    links.filter((link) => link.origin === 'suggested'),
    (link) => link.networkId,
  );
  const spaces = new Map(work.map((one) => [one.networkId, one.spaceId]));
  for (const [id, own] of suggested) {
    const declared = await findWiresLinked(tx, id, 'declared');
    const wireIds = new Set([...declared, ...own.map((link) => link.wireId)]);
    await declareWires(tx, { id, spaceId: spaces.get(id) ?? '' }, [...wireIds]);
  }
  return [...serverIds];
}

/**
 * Widens the ranges of networks to the addresses of their prefix that NICs on their wires use. What is given out stays what it was: nobody
 * knows who else lives in between.
 */
export async function widenRanges(
  tx: Tx,
  work: readonly MendableReason[],
  networks: ReadonlyMap<string, StoredNetwork>,
): Promise<RefusedRange[]> {
  const outside = work.filter((one) => one.code === 'outside_range');
  if (outside.length === 0) return [];
  const around = await findRangesAround(tx, [...new Set(outside.map((one) => one.networkId))]);
  const wishes = outside.flatMap((reason) => {
    const ip = parseAddress(reason.ip);
    return ip === null ? [] : [{ networkId: reason.networkId, ip, reason }];
  });
  const plan = planWidening(around, wishes);
  const byId = new Map(around.map((network) => [network.id, network]));
  for (const { id, start, end } of plan.widened) {
    const before = networks.get(id);
    if (before === undefined) continue;
    const columns = readNetworkPatch(
      { start: formatAddress(start), end: formatAddress(end), giving: before.giving },
      columnsOf(before),
    );
    await explainConstraints(
      tx,
      { columns, spaceId: before.space.id, spaceName: before.space.name, exceptId: id },
      () => updateNetwork(tx, id, columns),
    );
  }
  const grown = new Map(plan.widened.map((network) => [network.id, network]));
  return plan.refused.flatMap(({ wish, inTheWay }) => {
    const named = byId.get(inTheWay);
    if (named === undefined) return [];
    const range = grown.get(inTheWay) ?? named;
    return [
      {
        reason: wish.reason,
        inTheWay: {
          id: inTheWay,
          name: named.name,
          start: formatAddress(range.start),
          end: formatAddress(range.end),
        },
      },
    ];
  });
}
