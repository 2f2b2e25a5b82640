import type { Database, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { lockSpaces } from '../store/locks.ts';
import { declareWires, findNetworkFacts, holdNetwork, type NetworkFacts } from '../store/networks.ts';
import { findWireFacts } from '../store/wires.ts';
import type { Actor } from './actor.ts';
import { resolveName } from './names.ts';
import { readNetwork, settleNetworks, type StoredNetworkEffect } from './network-effect.ts';
import { refusePurpose } from './network-making.ts';
import { Problem, quoted } from './problem.ts';
import { inTransaction } from './transaction.ts';

/** Declares exactly these wires as additional ones. The primary wire may be named and changes nothing. */
export async function setAdditionalWires(
  db: Database,
  nameOrId: string,
  wires: readonly string[],
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredNetworkEffect> {
  const { id } = await resolveName(db, 'network', nameOrId);
  const named: { id: string }[] = [];
  for (const wire of wires) named.push(await resolveName(db, 'wire', wire));
  return inTransaction(db, options, async (tx) => {
    const facts = await lockedNetwork(tx, id);
    const before = await readNetwork(tx, id);
    const found = await findWireFacts(
      tx,
      named.map((wire) => wire.id),
    );
    for (const wire of found) {
      if (wire.purpose !== 'vm') refusePurpose(wire);
      if (wire.spaceId !== facts.spaceId) {
        throw new Problem('other_space', {
          wire: wire.name,
          quoted: quoted(wire.name),
          wireSpace: wire.spaceName,
          network: facts.name,
          networkSpace: facts.spaceName,
        });
      }
    }
    const wanted = new Set(found.map((wire) => wire.id));
    wanted.delete(facts.wireId);
    await declareWires(tx, facts, [...wanted]);
    const effect = await settleNetworks(tx, {
      spaceId: facts.spaceId,
      cidrs: [facts.cidr],
      networkIds: [id],
      serverIds: [],
    });
    const network = await readNetwork(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'set_additional_wires',
      kind: 'network',
      id,
      name: facts.name,
      before: { additionalWires: before.additionalWires.map((one) => one.wire.name) },
      after: { additionalWires: network.additionalWires.map((one) => one.wire.name) },
    });
    return { network, ...effect };
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
