import type { MoveInput } from '@wirebook/contract';
import type { Database, Tx } from '../../store/database.ts';
import { recordEvent } from '../../store/events.ts';
import { findMovedNetworks, findNicPlaces } from '../../store/moved-networks.ts';
import { changePrimaryWire, countRecordsOnWire } from '../../store/network-changes.ts';
import type { NetworkFacts, StoredNetwork } from '../../store/networks.ts';
import type { WireFacts } from '../../store/wires.ts';
import type { Actor } from '../actor.ts';
import { resolveName } from '../names.ts';
import { findFacts, lockedNetworks, noChange, readNetworks, type StoredNetworkChange } from './change.ts';
import { settleNetworks } from '../network-effect.ts';
import { usableWire } from '../network-making.ts';
import { Problem, quoted } from '../problem.ts';
import { inTransaction } from '../transaction.ts';

/**
 * Puts a network on another wire, and its companion with it. The wire that it lay on stays as a declared one while NICs there have records:
 * none loses its record by this. Without a wire: the one that nearly all its NICs are on by now. On that wire already it changes
 * nothing. Problems: `nics_not_moved`, `wire_takes_no_networks`, `wire_missing`, `other_space`.
 */
export async function moveNetwork(
  db: Database,
  nameOrId: string,
  input: MoveInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredNetworkChange> {
  const { id } = await resolveName(db, 'network', nameOrId);
  const named = input.wire === undefined ? null : (await resolveName(db, 'wire', input.wire)).id;
  return inTransaction(db, options, async (tx) => {
    const [facts] = await lockedNetworks(tx, [id]);
    if (facts === undefined) throw new Error('a network that is held is not there');
    const [nicsMoved = null] = await findMovedNetworks(tx, { networkIds: [id] });
    const wire = await usableWire(tx, named ?? nicsMoved?.to.id ?? (await refuseUnmoved(tx, facts)));
    refuseOtherSpace(wire, facts);
    const ids = facts.companionId === null ? [id] : [id, facts.companionId];
    const before = await readNetworks(tx, ids);
    const moving = (await findFacts(tx, ids)).filter((network) => network.wireId !== wire.id);
    if (moving.length === 0) return { ...noChange, networks: before, nicsMoved };
    const keptWires: StoredNetworkChange['keptWires'] = [];
    for (const network of moving) keptWires.push(...(await changeWire(tx, network, wire, before)));
    const effect = await settleNetworks(tx, {
      spaceId: facts.spaceId,
      cidrs: moving.map(({ cidr }) => cidr),
      networkIds: moving.map((network) => network.id),
      serverIds: [],
    });
    const networks = await readNetworks(tx, ids);
    for (const network of moving)
      await recordMove(tx, { actor: options.actor, id: network.id, before, after: networks });
    return { ...noChange, ...effect, networks, keptWires, nicsMoved };
  });
}

/** Answers the wire that is kept besides, and for how many NICs. */
async function changeWire(
  tx: Tx,
  network: NetworkFacts,
  wire: WireFacts,
  before: readonly StoredNetwork[],
): Promise<StoredNetworkChange['keptWires']> {
  const { id, spaceId, wireId: formerWireId } = network;
  const nics = await countRecordsOnWire(tx, { networkId: id, wireId: formerWireId });
  const keepFormer = nics > 0 ? 'declared' : 'not at all';
  await changePrimaryWire(tx, { networkId: id, spaceId, wireId: wire.id, formerWireId, keepFormer });
  const former = before.find((one) => one.id === id)?.wire;
  return nics === 0 || former === undefined
    ? []
    : [{ network: { id, name: network.name }, wire: former, nics }];
}

/** Says where the NICs are instead. */
async function refuseUnmoved(tx: Tx, network: NetworkFacts): Promise<never> {
  const [found] = await findNicPlaces(tx, { networkIds: [network.id] });
  const places = found?.places ?? [];
  throw new Problem(
    'nics_not_moved',
    {
      name: network.name,
      quoted: quoted(network.name),
      places: places
        .slice(0, 10)
        .map(({ wire, nics }) => `${wire.name} (${nics})`)
        .join(', '),
      context: places.length === 0 ? 'none' : '',
    },
    { objects: places.slice(0, 10).map(({ wire }) => ({ kind: 'wire', ...wire })) },
  );
}

function refuseOtherSpace(wire: WireFacts, network: NetworkFacts): void {
  if (wire.spaceId === network.spaceId) return;
  throw new Problem(
    'other_space',
    {
      wire: wire.name,
      quoted: quoted(wire.name),
      wireSpace: wire.spaceName,
      network: network.name,
      networkSpace: network.spaceName,
    },
    { objects: [{ kind: 'wire', id: wire.id, name: wire.name }] },
  );
}

async function recordMove(
  tx: Tx,
  move: {
    actor: Actor;
    id: string;
    before: readonly StoredNetwork[];
    after: readonly StoredNetwork[];
  },
): Promise<void> {
  const wiresOf = (networks: readonly StoredNetwork[]): unknown => {
    const network = networks.find((one) => one.id === move.id);
    return {
      wire: network?.wire.name,
      additionalWires: network?.additionalWires.map((one) => one.wire.name),
    };
  };
  await recordEvent(tx, {
    actor: move.actor.name,
    action: 'move',
    kind: 'network',
    id: move.id,
    name: move.after.find((one) => one.id === move.id)?.name ?? null,
    before: wiresOf(move.before),
    after: wiresOf(move.after),
  });
}
