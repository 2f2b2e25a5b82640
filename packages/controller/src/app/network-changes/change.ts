import type { NetworkChangeEffect, SettingField } from '@wirebook/contract';
import type { Tx } from '../../store/database.ts';
import { lockSpaces } from '../../store/locks.ts';
import type { MovedNetwork } from '../../store/moved-networks.ts';
import { holdNetworksWithCompanions } from '../../store/network-changes.ts';
import { findNetworkFacts, type NetworkFacts, type StoredNetwork } from '../../store/networks.ts';
import { noEffect, readNetwork } from '../network-effect.ts';
import { Problem } from '../problem.ts';

/** What splitting, merging or moving networks does, or would do. */
export type StoredNetworkChange = Omit<NetworkChangeEffect, 'networks' | 'nicsMoved'> & {
  networks: StoredNetwork[];
  nicsMoved: MovedNetwork | null;
};

/** Of a change that has changed nothing yet. */
export const noChange: Omit<StoredNetworkChange, 'networks'> = {
  ...noEffect,
  gone: [],
  claims: 0,
  keys: [],
  reservations: 0,
  cutReservations: [],
  notKept: [],
  keptWires: [],
  nicsMoved: null,
};

/** A setting that one network had and none has any more. */
export type NotKept = NetworkChangeEffect['notKept'][number];

export function notKept(network: StoredNetwork, field: SettingField, value: string): NotKept {
  return { network: { id: network.id, name: network.name }, field, value };
}

/** The rows of these networks and of their companions, held, after their spaces: the order in which everyone takes them. */
export async function lockedNetworks(tx: Tx, ids: readonly string[]): Promise<NetworkFacts[]> {
  const seen = await findFacts(tx, ids);
  await lockSpaces(
    tx,
    seen.map((facts) => facts.spaceId),
  );
  await holdNetworksWithCompanions(tx, ids);
  const held = await findFacts(tx, ids);
  // One went to another space while we waited: the lock held is the wrong one, and the new one may not come second.
  if (held.some((facts, nr) => facts.spaceId !== seen[nr]?.spaceId)) throw new Problem('request_in_progress');
  return held;
}

/** The facts of each. Problem: `not_found`. */
export async function findFacts(tx: Tx, ids: readonly string[]): Promise<NetworkFacts[]> {
  const found: NetworkFacts[] = [];
  for (const id of ids) {
    const facts = await findNetworkFacts(tx, id);
    if (facts === null) throw new Problem('not_found', { kind: 'network', name: id, command: 'network' });
    found.push(facts);
  }
  return found;
}

export async function readNetworks(tx: Tx, ids: readonly string[]): Promise<StoredNetwork[]> {
  const networks: StoredNetwork[] = [];
  for (const id of ids) networks.push(await readNetwork(tx, id));
  return networks;
}
