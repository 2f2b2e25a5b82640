import type { Database, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { lockSpaces } from '../store/locks.ts';
import {
  declareWires,
  excludeWires,
  findNetworkFacts,
  holdNetwork,
  type NetworkFacts,
  type StoredNetwork,
} from '../store/networks.ts';
import { findWiresLinked } from '../store/network-links.ts';
import { findWireFacts, type WireFacts } from '../store/wires.ts';
import type { Actor } from './actor.ts';
import { resolveName } from './names.ts';
import { readNetwork, settleNetworks, type StoredNetworkEffect } from './network-effect.ts';
import { refusePurpose } from './network-making.ts';
import { Problem, quoted } from './problem.ts';
import { inTransaction } from './transaction.ts';

/** How wires are changed: these and no others, or these as well. */
interface WiresChange {
  readonly actor: Actor;
  readonly dryRun: boolean;
  readonly others?: 'kept';
}

/**
 * Declares exactly these wires as additional ones, or these as well. The primary wire may be named and changes nothing.
 */
export async function setAdditionalWires(
  db: Database,
  nameOrId: string,
  wires: readonly string[],
  options: WiresChange,
): Promise<StoredNetworkEffect> {
  return changeWires(db, nameOrId, wires, {
    ...options,
    action: 'set_additional_wires',
    told: (network) => ({ additionalWires: network.additionalWires.map((one) => one.wire.name) }),
    write: async (tx, network, found) => {
      const wanted = new Set(found.map((wire) => wire.id));
      wanted.delete(network.wireId);
      const kept = options.others === 'kept' ? await findWiresLinked(tx, network.id, 'declared') : [];
      await declareWires(tx, network, [...new Set([...kept, ...wanted])]);
    },
  });
}

/**
 * Excludes exactly these wires for good, or these as well: neither detected nor suggested again. Records that guests there have by their reports end; those
 * that a person or a program asked for stay. Problem: `primary_wire` for the primary one.
 */
export async function setExcludedWires(
  db: Database,
  nameOrId: string,
  wires: readonly string[],
  options: WiresChange,
): Promise<StoredNetworkEffect> {
  return changeWires(db, nameOrId, wires, {
    ...options,
    action: 'set_excluded_wires',
    told: (network) => ({ excludedWires: network.excludedWires.map((one) => one.wire.name) }),
    write: async (tx, network, found) => {
      const primary = found.find((wire) => wire.id === network.wireId);
      if (primary !== undefined)
        throw new Problem('primary_wire', {
          wire: primary.name,
          network: network.name,
          quoted: quoted(network.name),
        });
      const kept = options.others === 'kept' ? await findWiresLinked(tx, network.id, 'excluded') : [];
      await excludeWires(tx, network, [...new Set([...kept, ...found.map((wire) => wire.id)])]);
    },
  });
}

async function changeWires(
  db: Database,
  nameOrId: string,
  wires: readonly string[],
  change: {
    actor: Actor;
    dryRun: boolean;
    action: string;
    told: (network: StoredNetwork) => Record<string, unknown>;
    write: (tx: Tx, network: NetworkFacts, wires: readonly WireFacts[]) => Promise<void>;
  },
): Promise<StoredNetworkEffect> {
  const { id } = await resolveName(db, 'network', nameOrId);
  const named: { id: string }[] = [];
  for (const wire of wires) named.push(await resolveName(db, 'wire', wire));
  return inTransaction(db, change, async (tx) => {
    const facts = await lockedNetwork(tx, id);
    const before = await readNetwork(tx, id);
    const found = await findWireFacts(
      tx,
      named.map((wire) => wire.id),
    );
    for (const wire of found) refuseUnfit(wire, facts);
    await change.write(tx, facts, found);
    const effect = await settleNetworks(tx, {
      spaceId: facts.spaceId,
      cidrs: [facts.cidr],
      networkIds: [id],
      serverIds: [],
    });
    const network = await readNetwork(tx, id);
    await recordEvent(tx, {
      actor: change.actor.name,
      action: change.action,
      kind: 'network',
      id,
      name: facts.name,
      before: change.told(before),
      after: change.told(network),
    });
    return { network, ...effect };
  });
}

/** Problems: `wire_takes_no_networks`, `other_space`. */
function refuseUnfit(wire: WireFacts, network: NetworkFacts): void {
  if (wire.purpose !== 'vm') refusePurpose(wire);
  if (wire.spaceId === network.spaceId) return;
  throw new Problem('other_space', {
    wire: wire.name,
    quoted: quoted(wire.name),
    wireSpace: wire.spaceName,
    network: network.name,
    networkSpace: network.spaceName,
  });
}

/** The network's row, held, after its space: the order in which everyone takes them. */
export async function lockedNetwork(tx: Tx, id: string, companionToBe?: string): Promise<NetworkFacts> {
  const seen = await findNetworkFacts(tx, id);
  if (seen !== null) await lockSpaces(tx, [seen.spaceId]);
  const facts = await holdNetwork(tx, id, companionToBe);
  if (facts === null) throw new Problem('not_found', { kind: 'network', name: id, command: 'network' });
  // It went to another space while we waited: the lock held is the wrong one, and the new one may not come second.
  if (facts.spaceId !== seen?.spaceId) throw new Problem('request_in_progress');
  return facts;
}
