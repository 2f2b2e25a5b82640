import type { NetworkChangeEffect, SettingField } from '@wirebook/contract';
import {
  type AddressRange,
  bitsOf,
  formatAddress,
  formatPrefix,
  type Family,
  type Prefix,
  prefixOf,
} from '../../domain/addresses.ts';
import { prefixHoldsRange } from '../../domain/network-changes.ts';
import type { Tx } from '../../store/database.ts';
import { lockSpaces } from '../../store/locks.ts';
import type { MovedNetwork } from '../../store/moved-networks.ts';
import { holdNetworksWithCompanions } from '../../store/network-changes.ts';
import { findNetworkFacts, type NetworkFacts, type StoredNetwork } from '../../store/networks.ts';
import { noEffect, readNetwork } from '../network-effect.ts';
import { type FieldError, Problem } from '../problem.ts';

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

/** A setting that a network had before the change, and no network has after it. */
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

/** Complains of a prefix length beyond its family's. */
export function checkLength(family: Family, length: number | undefined, errors: FieldError[]): void {
  const maximum = bitsOf(family);
  if (length !== undefined && length > maximum)
    errors.push({
      field: 'prefixLength',
      value: length,
      code: 'prefix_too_long',
      params: { family, maximum },
    });
}

/** The prefix of this length that a range lies in. Problem: `range_outside_prefix`. */
export function prefixAround(range: AddressRange, length: number): Prefix {
  const prefix = prefixOf(range.start, length);
  if (!prefixHoldsRange(prefix, range))
    throw new Problem('range_outside_prefix', {
      start: formatAddress(range.start),
      end: formatAddress(range.end),
      cidr: formatPrefix(prefix),
    });
  return prefix;
}
