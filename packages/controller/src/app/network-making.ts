import type { NetworkInput } from '@wirebook/contract';
import { formatAddress } from '../domain/addresses.ts';
import { newId } from '../domain/ids.ts';
import { violatedConstraint } from '../store/constraints.ts';
import type { Database, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { lockSpaces } from '../store/locks.ts';
import {
  findNetworkFacts,
  findOverlap,
  insertNetwork,
  type NetworkColumns,
  setCompanion,
} from '../store/networks.ts';
import { readSpan } from '../store/spans.ts';
import { findWireFacts, type WireFacts } from '../store/wires.ts';
import type { Actor } from './actor.ts';
import { resolveName } from './names.ts';
import { declaredFields, readNetwork, settleNetworks, type StoredNetworkEffect } from './network-effect.ts';
import { readNetworkInput } from './network-input.ts';
import { Problem } from './problem.ts';
import { inTransaction } from './transaction.ts';

/**
 * Makes a network on a wire and brings the records of the NICs in its range in line with it, in one transaction. A dry run answers the
 * same and leaves no trace.
 */
export async function createNetwork(
  db: Database,
  input: NetworkInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredNetworkEffect> {
  const columns = readNetworkInput(input);
  const wireRef = await resolveName(db, 'wire', input.wire);
  const companion =
    input.companion === undefined || input.companion === null
      ? null
      : await resolveName(db, 'network', input.companion);
  return inTransaction(db, options, async (tx) => {
    const seen = await usableWire(tx, wireRef.id);
    await lockSpaces(tx, [seen.spaceId]);
    const wire = await usableWire(tx, wireRef.id);
    if (wire.spaceId !== seen.spaceId) throw new Problem('request_in_progress');
    const id = await placeNetwork(tx, { columns, wire, companionId: companion?.id ?? null });
    const effect = await settleNetworks(tx, {
      spaceId: wire.spaceId,
      cidrs: [columns.cidr],
      networkIds: [id],
      serverIds: [],
    });
    const network = await readNetwork(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'create',
      kind: 'network',
      id,
      name: columns.name,
      after: declaredFields(network),
    });
    return { network, ...effect };
  });
}

/**
 * Writes a network, its primary wire and its companion, and nothing of what follows (`settleNetworks`). The transaction holds the wire's
 * space. Answers the network's id. Problems: `overlap`, `name_taken`, `companion_unfit`.
 */
export async function placeNetwork(
  tx: Tx,
  place: { columns: NetworkColumns; wire: WireFacts; companionId: string | null },
): Promise<string> {
  const { columns, wire, companionId } = place;
  const id = newId();
  await explainConstraints(
    tx,
    { columns, spaceId: wire.spaceId, spaceName: wire.spaceName, exceptId: null },
    () => insertNetwork(tx, { ...columns, id, spaceId: wire.spaceId, wireId: wire.id }),
  );
  if (companionId !== null) await joinCompanions(tx, id, companionId);
  return id;
}

/** The wire, if networks can lie on it. Problems: `not_found`, `wire_takes_no_networks`, `wire_missing`. */
export async function usableWire(tx: Tx, id: string): Promise<WireFacts> {
  const [wire] = await findWireFacts(tx, [id]);
  if (wire === undefined) throw new Problem('not_found', { kind: 'wire', name: id, command: 'wire' });
  if (wire.purpose !== 'vm') refusePurpose(wire);
  if (wire.missingSince !== null)
    throw new Problem('wire_missing', { name: wire.name, since: wire.missingSince.toISOString() });
  return wire;
}

export function refusePurpose(wire: WireFacts): never {
  throw new Problem(
    'wire_takes_no_networks',
    { name: wire.name, purpose: wire.purpose },
    { objects: [{ kind: 'wire', id: wire.id, name: wire.name }] },
  );
}

/** The space is held, and companions lie on one wire: the other one stands still as well. One elsewhere is refused, not waited for. */
export async function joinCompanions(tx: Tx, id: string, companionId: string): Promise<void> {
  const [own, other] = [await findNetworkFacts(tx, id), await findNetworkFacts(tx, companionId)];
  if (own === null || other === null)
    throw new Problem('not_found', { kind: 'network', name: companionId, command: 'network' });
  const taken = other.companionId !== null && other.companionId !== id;
  if (taken || own.family === other.family || own.wireId !== other.wireId)
    throw new Problem('companion_unfit', { companion: other.name, family: own.family === 4 ? 6 : 4 });
  await setCompanion(tx, id, companionId);
}

/** Turns the database's refusals into problems that name what is in the way. */
export async function explainConstraints(
  tx: Tx,
  network: { columns: NetworkColumns; spaceId: string; spaceName: string; exceptId: string | null },
  write: () => Promise<void>,
): Promise<void> {
  const { columns, spaceId, spaceName, exceptId } = network;
  const range = readSpan(columns.span);
  const overlap = await findOverlap(tx, { spaceId, span: columns.span, exceptId });
  const refuseOverlap = (other: { id: string; name: string; start: string; end: string } | null): Problem =>
    new Problem(
      'overlap',
      {
        start: formatAddress(range.start),
        end: formatAddress(range.end),
        other: other?.name ?? '-',
        otherStart: other?.start ?? '-',
        otherEnd: other?.end ?? '-',
        space: spaceName,
      },
      { objects: other === null ? [] : [{ kind: 'network', id: other.id, name: other.name }] },
    );
  if (overlap !== null) throw refuseOverlap(overlap);
  try {
    await write();
  } catch (error) {
    switch (violatedConstraint(error)) {
      case 'networks_name_unique':
        throw new Problem('name_taken', { kind: 'network', name: columns.name });
      case 'networks_no_overlap':
        throw refuseOverlap(null);
      default:
        throw error;
    }
  }
}
