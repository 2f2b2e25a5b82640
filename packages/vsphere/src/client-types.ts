import type { VsphereFault } from './errors.ts';
import type { Limits, Timeouts } from './limits.ts';
import type { EntityType, ManagedObject, ManagedType, PathOf } from './managed-types.ts';
import type { MethodArguments, MethodName, MethodResult } from './methods.ts';
import type { MoRef } from './moref.ts';
import type { About, ServiceContent } from './shapes/service.ts';
import type { PhysicalNicHintInfo } from './shapes/host-network.ts';

/**
 * Why to believe the server's certificate. A pinned fingerprint (SHA-256 of the certificate, hex, colons allowed) is
 * compared before any byte of a request is sent.
 */
export type Trust =
  | { kind: 'fingerprint'; sha256: string }
  | { kind: 'ca'; pem?: string }
  | { kind: 'insecure' };

export interface ClientOptions {
  /** `https://host`, `https://host:port/sdk`; only https. */
  url: string;
  username: string;
  password: string;
  trust: Trust;
  limits?: Partial<Limits>;
  timeouts?: Partial<Timeouts>;
  userAgent?: string;
}

export interface CallOptions {
  signal?: AbortSignal;
}

/** What one reply of the server gave. */
export interface ObjectPage<T extends ManagedType, P extends PathOf<T>> {
  objects: ManagedObject<T, P>[];
  /** Asked for and no longer there. */
  vanished: MoRef[];
  /** There, but the server could not answer for them (a host that does not respond). */
  unanswered: { ref: MoRef; fault: VsphereFault }[];
  /** Properties that this server's version does not know, so far in this read. */
  droppedProperties: string[];
  /** Size of the replies behind this page, after decompression. */
  bytes: number;
}

export interface ReadObjectsOptions<T extends EntityType, P extends PathOf<T>> extends CallOptions {
  /** Objects of this type and of the types derived from it (`Network` includes distributed port groups). */
  type: T;
  properties: readonly P[];
  /** Objects asked for at once, default 500; the server may give fewer. */
  pageSize?: number;
}

export interface ReadRefsOptions<T extends ManagedType, P extends PathOf<T>> extends CallOptions {
  refs: readonly MoRef[];
  /** The type whose properties are asked for: that of the refs or one they derive from. */
  type: T;
  properties: readonly P[];
  pageSize?: number;
}

/** A client of one vCenter Server or one ESXi. Every function throws `VsphereError`. */
export interface VsphereClient {
  /** Settles the API version and logs in. May be called again, also after a refused log-in. */
  connect(options?: CallOptions): Promise<About>;
  /** Throws until `connect` has succeeded once. */
  readonly about: About;
  readonly serviceContent: ServiceContent;
  /**
   * Everything of a type below the root folder, page by page; the next page is fetched while the consumer works on
   * one. Each object comes once, also when the session expires halfway: the read then begins anew and leaves out what
   * was delivered.
   */
  readObjects<T extends EntityType, P extends PathOf<T>>(
    options: ReadObjectsOptions<T, P>,
  ): AsyncGenerator<ObjectPage<T, P>, void, void>;
  /** The objects named. Those that have gone are told in `vanished`. */
  readRefs<T extends ManagedType, P extends PathOf<T>>(
    options: ReadRefsOptions<T, P>,
  ): AsyncGenerator<ObjectPage<T, P>, void, void>;
  /** One method call; logs in again once if the session has expired. */
  call<M extends MethodName>(
    method: M,
    target: MoRef,
    args: MethodArguments<M>,
    options?: CallOptions,
  ): Promise<MethodResult<M>>;
  /** What the physical NICs of a host hear of their neighbours (`HostNetworkSystem.QueryNetworkHint`). */
  queryNetworkHints(
    networkSystem: MoRef,
    options?: CallOptions & { devices?: readonly string[] },
  ): Promise<PhysicalNicHintInfo[]>;
  /** Ends the session on the server, if there is one; the client can connect again. */
  logOut(options?: CallOptions): Promise<void>;
  /** Logs out (waiting a few seconds at most, never throwing) and ends all connections. */
  close(): Promise<void>;
}
