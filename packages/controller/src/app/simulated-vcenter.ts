import type { Ref, ServedVcenter } from '@wirebook/contract';
import { findAccountByInstance } from '../store/account-list.ts';
import type { Queries } from '../store/database.ts';
import { Problem } from './problem.ts';

/** A vCenter with a made-up estate, for who has none at hand. The simulator is no part of the product: a program of the demo serves it. */

export type SimulatedWhy = 'not_shipped' | 'no_go' | 'old_go';
export type SimulatedPhase = 'building' | 'starting';

export type SimulatedState =
  | { readonly state: 'unavailable'; readonly why: SimulatedWhy }
  | { readonly state: 'stopped'; readonly failed: boolean }
  | { readonly state: 'starting'; readonly phase: SimulatedPhase }
  | { readonly state: 'running'; readonly served: ServedVcenter };

/** Who has it started and ends it with the controller. */
export interface SimulatedVcenterHost {
  look(): Promise<SimulatedState>;
  /** The `about.instanceUuid` of the one that was served last; null where none was. */
  instanceUuid(): Promise<string | null>;
  /** Starts it, or joins the start under way, or answers what runs. Fails with `SimulatedVcenterFailed`. */
  start(): Promise<ServedVcenter>;
}

/** It could not be started. */
export class SimulatedVcenterFailed extends Error {
  override readonly name = 'SimulatedVcenterFailed';
}

export async function showSimulatedVcenter(parts: {
  db: Queries;
  simulatedVcenter: SimulatedVcenterHost;
}): Promise<SimulatedState & { readonly account: Ref | null }> {
  const instanceUuid = await parts.simulatedVcenter.instanceUuid();
  return {
    ...(await parts.simulatedVcenter.look()),
    account: instanceUuid === null ? null : await findAccountByInstance(parts.db, instanceUuid),
  };
}

/**
 * Answers when it runs, which takes a minute where it has to be built first. `tellWhy`: the reader's words for why there can be none.
 * Problems: `simulated_vcenter_unavailable`, `simulated_vcenter_failed`.
 */
export async function startSimulatedVcenter(
  host: SimulatedVcenterHost,
  tellWhy: (why: SimulatedWhy) => string,
): Promise<ServedVcenter> {
  const now = await host.look();
  if (now.state === 'unavailable')
    throw new Problem('simulated_vcenter_unavailable', { why: tellWhy(now.why) });
  try {
    return await host.start();
  } catch (error) {
    if (error instanceof SimulatedVcenterFailed) throw new Problem('simulated_vcenter_failed');
    throw error;
  }
}
