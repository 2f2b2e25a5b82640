import { faultOf, isTransient, VsphereError } from '@wirebook/vsphere';
import { GateError } from '../app/vcenter-gate.ts';
import type { StatusDetail } from '../store/tables.ts';
import { describeFailure } from '../sync/failure.ts';

/** A step can't be done, and trying again wouldn't help: `operations.failures.<code>` or a problem says why. */
export class StepFailure extends Error {
  readonly detail: StatusDetail;
  constructor(code: string, params: Record<string, string | number> = {}) {
    super(code);
    this.name = 'StepFailure';
    this.detail = { code, params };
  }
}

/** The fault's type, or null where vCenter gave none. */
export function faultTypeOf(error: unknown): string | null {
  return faultOf(error)?.faultType ?? null;
}

/** Faults of a lack of room, on a host or a datastore. */
const roomFaults: ReadonlySet<string> = new Set([
  'InsufficientResourcesFault',
  'InsufficientCpuResourcesFault',
  'InsufficientMemoryResourcesFault',
  'InsufficientHostCapacityFault',
  'InsufficientHostCpuCapacityFault',
  'InsufficientHostMemoryCapacityFault',
  'InsufficientFailoverResourcesFault',
  'InsufficientStorageSpace',
  'NoDiskSpace',
  'FileTooLarge',
  'NotEnoughCpus',
  'NotEnoughLogicalCpus',
]);

/** Faults of a host that has gone out of use. */
const hostFaults: ReadonlySet<string> = new Set([
  'InvalidHostState',
  'InvalidHostConnectionState',
  'HostNotReachable',
  'NoHost',
]);

/**
 * Does a part of a step whose failing means something of its own: a fault of vCenter's becomes a failure with this code, unless the fault
 * itself says more (no room, a host out of use, a privilege that is lacking).
 */
export async function naming<T>(code: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VsphereError) || error.problem.kind !== 'fault') throw error;
    const { faultType: fault, faultString: message } = error.problem.fault;
    if (roomFaults.has(fault)) throw new StepFailure('no_room', { fault, message });
    if (hostFaults.has(fault)) throw new StepFailure('host_gone', { fault, message });
    // It passes: the step is tried again.
    if (isTransient(error)) throw error;
    throw new StepFailure(code, { fault, message });
  }
}

/** What an error means to whoever reads the operation; null for a bug. */
export function explain(
  error: unknown,
  account: { url: string; username: string } | null,
): StatusDetail | null {
  if (error instanceof StepFailure || error instanceof GateError) return error.detail;
  if (error instanceof VsphereError && error.problem.kind === 'fault') {
    const { faultType, faultString } = error.problem.fault;
    return { code: 'task_failed', params: { fault: faultType, message: faultString } };
  }
  const failure = describeFailure(error, account ?? { url: '-', username: '-' });
  return failure === null ? null : { code: failure.code, params: failure.params };
}
