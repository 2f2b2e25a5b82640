import type { NicBinding } from './wires.ts';

/**
 * How a host compares with others that can have the server too. Each part goes from 0 to 1 and counts so much:
 *
 *     score = 40 memory + 25 cpu + 15 datastore + 10 primary + 10 spread
 *
 * memory, cpu, datastore: the share that is free after placing, 0 where vCenter doesn't tell (a datastore that one host alone has counts
 * half); primary: the share of the NICs that are on a primary wire; spread: 1 / (1 + servers of the same request that the host has got).
 * Hosts in another datacenter than the source come after all others. Equal scores: by name.
 */
export interface ScoreParts {
  readonly memory: number;
  readonly cpu: number;
  readonly datastore: number;
  readonly primary: number;
  readonly spread: number;
}

const WEIGHTS: ScoreParts = { memory: 40, cpu: 25, datastore: 15, primary: 10, spread: 10 };

export function scoreOf(parts: ScoreParts): number {
  return (
    WEIGHTS.memory * parts.memory +
    WEIGHTS.cpu * parts.cpu +
    WEIGHTS.datastore * parts.datastore +
    WEIGHTS.primary * parts.primary +
    WEIGHTS.spread * parts.spread
  );
}

export function primaryShare(nics: readonly (NicBinding | null)[]): number {
  if (nics.length === 0) return 1;
  const primary = nics.filter((nic) => nic?.origin === 'primary' || nic?.origin === 'asked');
  return primary.length / nics.length;
}
