import type { Moref, ObjectContent } from './vim-xml.ts';

/** Which calls fail, and how. Without `fault` the calls are delayed, or carried out and their answers lost. */
export interface FaultRule {
  /** SOAP method, e.g. `RetrievePropertiesEx`. Default: any. */
  method?: string;
  /** Type of the object that the method is called on. Default: any. */
  type?: string;
  /** Name or moref value of that object. Default: any. */
  object?: string;
  /** Only property collector calls whose spec names this type (`HostSystem`) or moref value. */
  reading?: string;
  /** 0 to 1. Default: 1. */
  probability?: number;
  /** vSphere fault type, e.g. NotAuthenticated, NoPermission, HostCommunication, InvalidProperty. */
  fault?: string;
  /** Properties of the fault, e.g. `{ name: 'config.x' }` for InvalidProperty. */
  fields?: Record<string, unknown>;
  message?: string;
  /** Milliseconds before the answer. */
  delayMs?: number;
  /** Fail at most so often. Default: always. */
  maxCount?: number;
  /** Let so many matching calls through first. */
  skipCount?: number;
  /** The call is accepted; the task it returns ends with the fault. For `..._Task` methods. */
  inTask?: boolean;
  /**
   * Of `CloneVM_Task` with `inTask`: the task that fails leaves a VM behind, in the folder and under the name asked
   * for, with its extraConfig, powered off and with its NICs where the source's are.
   */
  halfMade?: boolean;
  /** The call is carried out, or fails with the fault, and the connection is cut instead of an answer. */
  loseAnswer?: boolean;
}

/** The kinds of event that a failed customization ends with. */
export type CustomizationFailure =
  | 'CustomizationFailed'
  | 'CustomizationLinuxIdentityFailed'
  | 'CustomizationNetworkSetupFailed'
  | 'CustomizationSysprepFailed'
  | 'CustomizationUnknownFailure';

/**
 * How a guest behaves after a power-on through the API:
 * - `reports`: Tools start and report what customization or guestinfo.metadata configured;
 * - `silent`: Tools never start, and a customization never begins;
 * - `fails`: Tools start, nothing is configured, and a customization ends with `event` (by default
 *   CustomizationNetworkSetupFailed) and, if given, its `reason`;
 * - `otherAddress`: `address` (`10.0.0.9/24`) is reported by the first NIC in place of the one asked for;
 * - `dhcpless`: Tools start, the customization succeeds, and no NIC has an address.
 */
export type GuestOutcome =
  | { outcome: 'reports' | 'silent' | 'dhcpless' }
  | { outcome: 'fails'; event?: CustomizationFailure; reason?: string }
  | { outcome: 'otherAddress'; address: string };

export type GuestBehaviour = GuestOutcome & {
  /** The VM's name, or a prefix and `*` (`web-*`). Default: all that no other behaviour names more exactly. */
  vm?: string;
  /**
   * From power-on to the report, and from ShutdownGuest to power-off; 50 by default. A customization begins
   * halfway through it.
   */
  delayMs?: number;
};

/** A call that something shall happen at: the (skipCount + 1)th from now. */
export interface AtCall {
  /** SOAP method. */
  method: string;
  /** Let so many calls through first. Default: 0. */
  skipCount?: number;
  /** Count only calls on this object: its name or moref value. */
  object?: string;
}

export interface ChangesAtCall extends AtCall {
  /** Properties that are set just before the call is carried out. */
  changes: ObjectContent[];
}

export interface RemovalAtCall extends AtCall {
  objects: Moref[];
}

/**
 * For `forMs` milliseconds nobody reaches the vCenter: open connections are cut, waiting calls among them, and new
 * ones as soon as they come. It begins now or, with `method`, at that call, which isn't carried out.
 */
export interface Outage extends Partial<AtCall> {
  forMs: number;
}

/** How long tasks take, in milliseconds. Meanwhile they show progress and can be cancelled. */
export interface TaskDuration {
  /** A `..._Task` method. Default: all that have no duration of their own. */
  method?: string;
  ms: number;
}
