import { ensureAddressSpace } from '../../store/address-spaces.ts';
import type { Tx } from '../../store/database.ts';
import { recordEvent } from '../../store/events.ts';
import { keepKnownAddresses } from '../../store/known-addresses.ts';
import { findWireFacts, moveWiresToSpace } from '../../store/wires.ts';
import type { Actor } from '../actor.ts';
import { Problem } from '../problem.ts';
import type { OpenProposal } from './list.ts';

/** Makes the spaces that sites apart need, and takes their wires there. */
export async function moveApart(
  tx: Tx,
  chosen: readonly OpenProposal[],
  actor: Actor,
): Promise<{ told: { name: string; wires: { id: string; name: string }[] }[]; movedServerIds: string[] }> {
  const told = new Map<string, { id: string; wires: Map<string, string> }>();
  const movedServerIds: string[] = [];
  const accounts = new Set<string>();
  for (const { shown } of chosen) {
    for (const wire of shown.movesWires) {
      const space = told.get(shown.space.name) ?? {
        id: shown.space.id ?? (await makeSpace(tx, shown.space.name, actor)),
        wires: new Map<string, string>(),
      };
      told.set(shown.space.name, space);
      if (space.wires.has(wire.id)) continue;
      space.wires.set(wire.id, wire.name);
      const [facts] = await findWireFacts(tx, [wire.id]);
      if (facts === undefined)
        throw new Problem('not_found', { kind: 'wire', name: wire.name, command: 'wire' });
      movedServerIds.push(
        ...(await moveWiresToSpace(tx, { wireIds: [wire.id], spaceId: space.id, networkIds: [] })),
      );
      accounts.add(facts.accountId);
      await recordEvent(tx, {
        actor: actor.name,
        action: 'update',
        kind: 'wire',
        id: wire.id,
        name: wire.name,
        before: { space: facts.spaceName },
        after: { space: shown.space.name },
      });
    }
  }
  for (const id of accounts) await keepKnownAddresses(tx, id);
  return {
    told: [...told].map(([name, { wires }]) => ({
      name,
      wires: [...wires].map(([id, wire]) => ({ id, name: wire })),
    })),
    movedServerIds,
  };
}

async function makeSpace(tx: Tx, name: string, actor: Actor): Promise<string> {
  const id = await ensureAddressSpace(tx, name);
  await recordEvent(tx, {
    actor: actor.name,
    action: 'create',
    kind: 'address_space',
    id,
    name,
    after: { name },
  });
  return id;
}
