import type { Network } from '@wirebook/contract';
import type { Queries, Tx } from '../store/database.ts';
import { findServersAround } from '../store/matching.ts';
import { listNetworks as listNetworkRows, type StoredNetwork } from '../store/networks.ts';
import { matchServers, rangeOf } from './matching.ts';
import { Problem } from './problem.ts';

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
 * Brings the records of whoever concerns these networks in line with them: NICs that report, have, or were told of an address in one of the
 * prefixes. The transaction holds the space.
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
  const { plan, input, created, ended, conflicts } = await matchServers(tx, {
    serverIds: [...new Set([...options.serverIds, ...around])],
    run: null,
    now: new Date(),
  });
  const nicsById = new Map(input.nics.map((nic) => [nic.id, nic]));
  const changes = [
    ...plan.create.map((record) => ({ nic: record.nic, ip: record.ip, change: 'settled' as const })),
    ...plan.adopt.map(({ claim, nic }) => ({ nic, ip: claim.text, change: 'settled' as const })),
    ...plan.end.map(({ claim }) => ({
      nic: nicsById.get(claim.nicId ?? ''),
      ip: claim.text,
      change: 'ended' as const,
    })),
  ];
  return {
    settles: created,
    ends: ended,
    conflicts,
    nics: changes
      .slice(0, NICS_SHOWN)
      .flatMap(({ nic, ip, change }) =>
        nic === undefined
          ? []
          : [{ server: { id: nic.server.id, name: nic.server.name }, mac: nic.mac, ip, change }],
      ),
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
export function declaredFields(network: StoredNetwork): Partial<Network> {
  const { counts: _, suggestedWires: __, ...declared } = network;
  return declared;
}
