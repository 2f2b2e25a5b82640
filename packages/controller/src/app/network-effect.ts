import type { Queries, Tx } from '../store/database.ts';
import { findServersAround } from '../store/matching.ts';
import { listNetworks as listNetworkRows, type StoredNetwork } from '../store/networks.ts';
import { rangeOf } from './matching.ts';
import { Problem } from './problem.ts';
import { settle } from './settlement.ts';

/** What a change of a network does to NIC records. */
export interface StoredNetworkEffect {
  network: StoredNetwork;
  settles: number;
  ends: number;
  conflicts: number;
  nics: {
    server: { id: string; name: string };
    mac: string | null;
    ip: string;
    change: 'settled' | 'ended';
  }[];
}

const NICS_SHOWN = 500;

/** Of a change that concerns no record. */
export const noEffect = { settles: 0, ends: 0, conflicts: 0, nics: [] };

/**
 * Brings the additional wires of these networks, and the records of whoever they concern, in line with them: NICs that report, have, or
 * were told of an address in one of the prefixes. The transaction holds the space.
 */
export async function settleNetworks(
  tx: Tx,
  options: { spaceId: string; cidrs: string[]; networkIds: string[]; serverIds: string[] },
): Promise<Omit<StoredNetworkEffect, 'network'>> {
  const around = await findServersAround(tx, {
    spaceId: options.spaceId,
    ranges: [...new Set(options.cidrs)].map(rangeOf),
    networkIds: options.networkIds,
  });
  const { created, ended, conflicts, changes } = await settle(tx, {
    networkIds: options.networkIds,
    serverIds: [...new Set([...options.serverIds, ...around])],
    run: null,
    now: new Date(),
  });
  return {
    settles: created,
    ends: ended,
    conflicts,
    nics: changes.slice(0, NICS_SHOWN).map(({ nic, ip, change }) => ({
      server: { id: nic.server.id, name: nic.server.name },
      mac: nic.mac,
      ip,
      change,
    })),
  };
}

export async function readNetwork(db: Queries, id: string): Promise<StoredNetwork> {
  const page = await listNetworkRows(db, { ids: [id], limit: 1 });
  const [network] = page.items;
  if (network === undefined)
    throw new Problem('not_found', { kind: 'network', name: id, command: 'network' });
  return network;
}

/** What of a network a person declared, for the audit trail. */
export function declaredFields(network: StoredNetwork): Record<string, unknown> {
  const { counts: _, suggestedWires: __, additionalWires, ...declared } = network;
  return {
    ...declared,
    additionalWires: additionalWires.filter((one) => one.origin === 'declared').map(({ wire }) => ({ wire })),
  };
}
