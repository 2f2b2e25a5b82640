import type { AllocateInput, Claim, ClaimInput, GivenAddress, Released } from '@wirebook/contract';
import type { Database, Queries } from '../store/database.ts';
import type { Actor } from './actor.ts';

/** Gives addresses out; requests that wait for the same network are settled together. */
export interface Allocator {
  allocate(network: string, input: AllocateInput, actor: Actor): Promise<GivenAddress[]>;
  claimByKey(
    network: string,
    key: string,
    input: ClaimInput,
    actor: Actor,
  ): Promise<{ claim: GivenAddress; created: boolean }>;
}

export function openAllocator(_parts: { db: Database }): Allocator {
  const none = (): Promise<never> => Promise.reject(new Error('not built yet'));
  return { allocate: none, claimByKey: none };
}
export function nextAddresses(_db: Queries, _network: string, _count: number): Promise<{ ip: string }[]> {
  throw new Error('not built yet');
}
export function releaseAddresses(
  _db: Database,
  _network: string,
  _ips: readonly string[],
  _options: { actor: Actor },
): Promise<Released> {
  throw new Error('not built yet');
}
export function showClaim(_db: Queries, _network: string, _key: string): Promise<Claim> {
  throw new Error('not built yet');
}
export function deleteClaim(
  _db: Database,
  _network: string,
  _key: string,
  _options: { actor: Actor },
): Promise<void> {
  throw new Error('not built yet');
}
