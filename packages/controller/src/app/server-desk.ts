import type {
  NicAttachInput,
  NicChangeInput,
  Operation,
  PlannedNic,
  Ref,
  ServerInput,
  SetupMethod,
} from '@wirebook/contract';
import type { StatusDetail } from '../store/tables.ts';
import type { Actor } from './actor.ts';
import type { Problem } from './problem.ts';

/** A plan with its sentences as codes and values. */
export interface StoredServerPlan {
  readonly possible: boolean;
  readonly servers: readonly {
    readonly name: string;
    readonly host: string | null;
    readonly datastore: string | null;
    readonly nics: readonly PlannedNic[];
  }[];
  readonly hosts: readonly {
    readonly host: { readonly id: string | null; readonly name: string };
    readonly cluster: string | null;
    readonly fits: boolean;
    /** `operations.hosts.<code>` of the catalogue. */
    readonly reasons: readonly StatusDetail[];
    readonly wires: readonly (Ref | null)[];
    readonly datastore: string | null;
    readonly freeMemoryMib: number | null;
    readonly freeCpuMhz: number | null;
    readonly score: number | null;
    readonly servers: number;
  }[];
  readonly setup: SetupMethod;
  /** What it would be refused with. */
  readonly problems: readonly Problem[];
  /** `operations.lines.<code>` of the catalogue. */
  readonly warnings: readonly StatusDetail[];
}

export interface StoredChangePlan {
  readonly server: Ref;
  readonly nic: PlannedNic | null;
  readonly releases: readonly { readonly ip: string; readonly network: Ref | null }[];
  readonly restarts: boolean;
  readonly warnings: readonly StatusDetail[];
}

export interface DeskOptions {
  readonly actor: Actor;
  readonly signal: AbortSignal;
}
export interface BeginOptions extends DeskOptions {
  /** The request's own key: an operation that it began before is answered again. */
  readonly idempotencyKey: string | null;
}

/** A privilege of vCenter that Wirebook's account needs, where, and for what. */
export interface NeededPrivilege {
  readonly privilege: string;
  /** A word of the catalogue (`operations.privileges.objects`). */
  readonly object: string;
  readonly purposes: readonly string[];
}

/** What was begun. */
export type Begun = Pick<Operation, 'id'>;

/**
 * Where changes of servers are asked for. Each first looks (the placement of a new server asks vCenter), refuses what can't be done before
 * anything is made, takes the addresses, and leaves an operation that carries the rest out. Problems: those of allocation, of the vCenter
 * (`unreachable`, ...), `no_host_fits`, `server_not_changeable`, `server_busy`.
 */
export interface ServerDesk {
  privileges(): readonly NeededPrivilege[];
  planServers(input: ServerInput, options: DeskOptions): Promise<StoredServerPlan>;
  createServers(input: ServerInput, options: BeginOptions): Promise<Begun>;
  planDeletion(server: string, options: DeskOptions & { powerOff: boolean }): Promise<StoredChangePlan>;
  deleteServer(server: string, options: BeginOptions & { powerOff: boolean }): Promise<Begun>;
  planAttachment(server: string, input: NicAttachInput, options: DeskOptions): Promise<StoredChangePlan>;
  attachNic(server: string, input: NicAttachInput, options: BeginOptions): Promise<Begun>;
  planDetachment(server: string, mac: string, options: DeskOptions): Promise<StoredChangePlan>;
  detachNic(server: string, mac: string, options: BeginOptions): Promise<Begun>;
  planNicChange(
    server: string,
    mac: string,
    input: NicChangeInput,
    options: DeskOptions,
  ): Promise<StoredChangePlan>;
  changeNic(server: string, mac: string, input: NicChangeInput, options: BeginOptions): Promise<Begun>;
}
