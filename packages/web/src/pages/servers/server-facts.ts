import type { Ref, Schemas } from '../../api.ts';

type Server = Schemas['Server'];
export type ServerNic = Server['nics'][number];

/** The addresses that its NICs have, in device order. */
export function addressesOf(server: Server): readonly string[] {
  return [...new Set(server.nics.flatMap(({ records }) => records.map(({ ip }) => ip)))];
}

/** The networks of those addresses, each once. */
export function networksOf(server: Server): readonly Ref[] {
  const networks = server.nics.flatMap(({ records }) => records.map(({ network }) => network));
  return [...new Map(networks.map((network) => [network.id, network])).values()];
}

/** The NICs that have no record, of a server that is there. */
export function unresolvedOf(server: Server): readonly ServerNic[] {
  if (server.missingSince !== null) return [];
  return server.nics.filter(({ records, missingSince }) => records.length === 0 && missingSince === null);
}

/** What a NIC reports beyond what is recorded of it. */
export function unrecordedOf(nic: Pick<ServerNic, 'observed' | 'records'>): ServerNic['observed'] {
  const recorded = new Set(nic.records.map(({ ip }) => ip));
  return nic.observed.filter(({ ip }) => !recorded.has(ip));
}
