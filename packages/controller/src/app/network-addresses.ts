import type { addressList, addressListQuery, networkAddressQuery } from '@wirebook/contract';
import type { NetworkAddress, List } from '@wirebook/contract';
import type { z } from 'zod';
import type { Queries } from '../store/database.ts';

/** An item of the list; its evidence as the catalogue's key, put into words by whoever answers. */
export type StoredNetworkAddress = Omit<NetworkAddress, 'evidence'> & {
  evidence: { code: string; params: Record<string, string | number> } | null;
};
export function listNetworkAddresses(
  _db: Queries,
  _network: string,
  _query: z.output<typeof networkAddressQuery>,
): Promise<List<StoredNetworkAddress>> {
  throw new Error('not built yet');
}
export function listTakenAddresses(
  _db: Queries,
  _query: z.output<typeof addressListQuery>,
): Promise<z.output<typeof addressList>> {
  throw new Error('not built yet');
}
