import { candidatesOf, countUses, pickPortGroup } from '../../domain/placement/wires.ts';
import { loadPlacementBook } from '../../store/placement.ts';
import { StepFailure } from '../failure.ts';
import type { MachineState } from '../machines.ts';
import { type ChangeRun, inputOf } from './facts.ts';

/**
 * Where a server's host was chosen by what the book knew, and the server runs on another by now, the wire has to be there too: a port group of
 * the same name may be on another VLAN there.
 */
export async function requireWireOn(run: ChangeRun, machine: MachineState): Promise<void> {
  const { bound, addresses } = inputOf(run);
  if (bound?.host == null || machine.host === null || machine.host === bound.host) return;
  const { wireId, wireName } = bound;
  const book = await loadPlacementBook(run.db, {
    accountId: run.account.id,
    networkIds: [...new Set(addresses.map(({ networkId }) => networkId))],
    wireIds: [wireId],
  });
  const hostId = book.hostIds.get(machine.host) ?? '';
  const wish = { networks: book.networks, wire: { id: wireId, name: wireName } };
  const { binding } = pickPortGroup({
    nic: 1,
    wish,
    candidates: candidatesOf(wish),
    hostId,
    presence: new Map(
      book.presence.flatMap((one) => (one.hostId === hostId ? [[one.wireId, one] as const] : [])),
    ),
    uses: countUses(wish, book.uses, () => ''),
  });
  if (binding === null) throw new StepFailure('host_changed', { wire: wireName });
}
