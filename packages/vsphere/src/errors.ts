import type { MoRef } from './moref.ts';

/** A fault as the server sent it: the type's name and those of its fields that a reader can act on. */
export interface VsphereFault {
  /** Name of the fault's type without prefix, e.g. `NoPermission`; `SoapFault` when the server named none. */
  faultType: string;
  /** The server's own words, cleaned and cut to 500 characters. */
  faultString: string;
  /** `NoPermission.privilegeId`, e.g. `System.View`. */
  privilegeId?: string;
  /** The object that the fault is about: `ManagedObjectNotFound.obj`, `SecurityError.object`. */
  object?: MoRef;
  /** `InvalidProperty.name` and its like. */
  name?: string;
  /** `InvalidArgument.invalidProperty`, `InvalidVmConfig.property`: which part of a request was refused. */
  property?: string;
  /** `InvalidDeviceSpec.deviceIndex`: which of the request's device changes. */
  deviceIndex?: number;
  /** `InvalidPowerState.existingState`. */
  existingState?: string;
  /** `FileFault.file`: a datastore path. */
  file?: string;
  /** `TaskInProgress.task`. */
  task?: MoRef;
  /** `NicSettingMismatch`: how many NICs a customization speaks of, and how many there are. */
  nicsInSpec?: number;
  nicsInVm?: number;
  /** `InsufficientResourcesFault` and kin, in the resource's unit (MHz, bytes). */
  requested?: number;
  unreserved?: number;
  /** `MethodFault.faultMessage`: further sentences of the server, cleaned. */
  details?: string[];
  /** `MethodFault.faultCause`. */
  cause?: { faultType: string; faultString: string };
}

/**
 * Everything that can go wrong between this client and a server. The list is closed: whatever is not in it is a bug.
 * No member ever carries a password or a session cookie.
 */
export type VsphereProblem =
  /** The URL given cannot be one of a vSphere server. */
  | { kind: 'invalid-url'; url: string }
  /** The server answered with a fault that has no kind of its own below. */
  | { kind: 'fault'; fault: VsphereFault }
  /** Name or password refused (`InvalidLogin` and kin), or a session that is refused again right after a log-in. */
  | { kind: 'authentication'; fault: VsphereFault }
  /** The account lacks a privilege; `remedy` says what to grant where that is known. */
  | { kind: 'permission'; fault: VsphereFault; remedy?: string }
  /** The certificate is not the pinned one (both fingerprints given), or no authority vouches for it (`caProblem`). */
  | { kind: 'certificate'; expected: string | null; actual: string | null; caProblem: string | null }
  /** No connection, or one that broke before the reply began. `code` is the system's or TLS's, e.g. `ECONNREFUSED`. */
  | { kind: 'connection'; code: string }
  /** The server is there and says that it cannot serve now (HTTP 502, 503, 504). */
  | { kind: 'unavailable'; status: number }
  | { kind: 'timeout'; phase: 'connect' | 'headers' | 'body' }
  | { kind: 'aborted' }
  /** The reply ended before its document did. `bytes` of it were read. */
  | { kind: 'cut-off'; bytes: number }
  /** The reply is not XML or not SOAP. `excerpt` is its beginning, cleaned, at most 200 characters. */
  | { kind: 'malformed'; reason: string; path: string; excerpt: string }
  /** A limit was passed; `limit` is its name in `Limits`, `path` the element where that happened. */
  | { kind: 'too-large'; limit: string; maximum: number; path: string }
  /** Something answers at this URL, but not a vSphere API. */
  | { kind: 'not-vsphere'; status: number; excerpt: string };

export type VsphereProblemKind = VsphereProblem['kind'];

/** What every function of this package throws. `problem` is for programs, `message` for people. */
export class VsphereError extends Error {
  readonly problem: VsphereProblem;

  constructor(problem: VsphereProblem) {
    super(describeProblem(problem));
    this.name = 'VsphereError';
    this.problem = problem;
  }

  get kind(): VsphereProblemKind {
    return this.problem.kind;
  }
}

function describeFault(fault: VsphereFault): string {
  const about = [
    fault.privilegeId === undefined ? '' : `privilege ${fault.privilegeId}`,
    fault.object === undefined ? '' : `object ${fault.object.type} ${fault.object.value}`,
    fault.name === undefined ? '' : `name ${fault.name}`,
    fault.property === undefined ? '' : `property ${fault.property}`,
    fault.file === undefined ? '' : `file ${fault.file}`,
  ].filter((part) => part !== '');
  const text = fault.faultString === '' ? '' : `: ${fault.faultString}`;
  return `${fault.faultType}${about.length > 0 ? ` (${about.join(', ')})` : ''}${text}`;
}

function describeCertificate(problem: Extract<VsphereProblem, { kind: 'certificate' }>): string {
  if (problem.expected !== null) {
    return `The server's certificate is not the trusted one: expected SHA-256 ${problem.expected}, got ${problem.actual ?? 'none'}.`;
  }
  return `The server's certificate is not vouched for: ${problem.caProblem ?? 'unknown reason'}.`;
}

function describeProblem(problem: VsphereProblem): string {
  let message: string;
  switch (problem.kind) {
    case 'invalid-url':
      message = `Not a URL of a vSphere server (https://host or https://host/sdk): ${problem.url}`;
      break;
    case 'fault':
      message = `The server refused: ${describeFault(problem.fault)}`;
      break;
    case 'authentication':
      message = `The server refused the log-in: ${describeFault(problem.fault)}`;
      break;
    case 'permission':
      message = `The account lacks a privilege: ${describeFault(problem.fault)}${problem.remedy === undefined ? '' : ` ${problem.remedy}`}`;
      break;
    case 'certificate':
      message = describeCertificate(problem);
      break;
    case 'connection':
      message = `No connection to the server: ${problem.code}`;
      break;
    case 'unavailable':
      message = `The server cannot serve now: HTTP ${problem.status}`;
      break;
    case 'timeout':
      message =
        problem.phase === 'connect'
          ? 'The server did not take the connection in time.'
          : `The server did not answer in time (waiting for the ${problem.phase === 'headers' ? 'reply to begin' : 'rest of the reply'}).`;
      break;
    case 'aborted':
      message = 'The call was cancelled.';
      break;
    case 'cut-off':
      message = `The reply ended early, after ${problem.bytes} bytes.`;
      break;
    case 'malformed':
      message = `The reply is not what a vSphere server sends: ${problem.reason}${problem.path === '' ? '' : ` at ${problem.path}`}${problem.excerpt === '' ? '' : `; it begins: ${problem.excerpt}`}`;
      break;
    case 'too-large':
      message = `The reply passes the limit ${problem.limit} (${problem.maximum})${problem.path === '' ? '' : ` at ${problem.path}`}.`;
      break;
    case 'not-vsphere':
      message = `What answers at this URL is not a vSphere API (HTTP ${problem.status})${problem.excerpt === '' ? '' : `; it begins: ${problem.excerpt}`}`;
      break;
  }
  return message;
}
