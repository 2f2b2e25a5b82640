import { VsphereError, type VsphereFault, type VsphereProblem } from './errors.ts';

/** The fault that an error carries, if the server gave one. */
export function faultOf(error: unknown): VsphereFault | null {
  return error instanceof VsphereError && 'fault' in error.problem ? error.problem.fault : null;
}

/** The kind of problem that a fault is, wherever it came from: a reply, a task, a property that is missing. */
export function problemOfFault(fault: VsphereFault): VsphereProblem {
  return fault.faultType === 'NoPermission' ? { kind: 'permission', fault } : { kind: 'fault', fault };
}

/** The server could not be reached, or the way to it broke. */
const brokenWay: ReadonlySet<string> = new Set(['connection', 'unavailable', 'timeout', 'cut-off']);

/**
 * Faults that pass by themselves: something else is being done to the object, or vCenter lost its host for a moment.
 * HostNotConnected is none: a host that was disconnected stays so.
 */
const passingFaults: ReadonlySet<string> = new Set([
  'ConcurrentAccess',
  'HostCommunication',
  'HostNotReachable',
  'TaskInProgress',
  'Timedout',
  'VAppTaskInProgress',
]);

/**
 * Whether asking again later may help. It does not say that what was asked for had no effect: a call whose reply was
 * lost may have been carried out.
 */
export function isTransient(error: unknown): boolean {
  return isBreak(error) || passingFaults.has(faultOf(error)?.faultType ?? '');
}

/** Whether an error is one of the way to the server alone. */
export function isBreak(error: unknown): boolean {
  return error instanceof VsphereError && brokenWay.has(error.kind);
}
