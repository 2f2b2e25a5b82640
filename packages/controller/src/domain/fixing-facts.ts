import type { AddressRange, IpAddress, Prefix } from './addresses.ts';

/** What fixing asks and what it must know: the facts of the book, the request, and what comes of it. */

export interface FixNic {
  readonly id: string;
  readonly spaceId: string;
  readonly wire: { readonly id: string; readonly name: string } | null;
  /** Canonical. */
  readonly mac: string | null;
  readonly label: string;
  readonly missing: boolean;
  /** Addresses (canonical text) that Tools report on it right now. */
  readonly reported: ReadonlySet<string>;
}

export interface FixServer {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  /** Since when vCenter doesn't show it any more (RFC 3339). */
  readonly missingSince: string | null;
  /** In device order, those that vanished among them. */
  readonly nics: readonly FixNic[];
}

export interface FixNetwork {
  readonly id: string;
  readonly name: string;
  readonly spaceId: string;
  readonly range: AddressRange;
  readonly prefix: Prefix;
  readonly primaryWire: { readonly id: string; readonly name: string };
  /** Primary, declared and detected wires. */
  readonly wireIds: ReadonlySet<string>;
}

export interface FixClaim {
  readonly id: string;
  readonly spaceId: string;
  readonly ip: IpAddress;
  /** Canonical text of `ip`. */
  readonly text: string;
  readonly network: { readonly id: string; readonly name: string };
  readonly nicId: string | null;
  readonly serverId: string | null;
  readonly source: 'tools' | 'manual' | 'allocated';
  readonly shared: boolean;
  readonly key: string | null;
  /** Of the NIC, or of the holder outside vCenter. */
  readonly mac: string | null;
  /** Who has it, for a person to read. */
  readonly holder: string;
  /** Without NIC: nobody in particular has it (no name, no owner, no MAC). */
  readonly plain: boolean;
  /** Without NIC: its time is over. */
  readonly expired: boolean;
}

export interface FixFacts {
  readonly servers: ReadonlyMap<string, FixServer>;
  readonly networks: readonly FixNetwork[];
  /** All live claims of these servers' NICs, and all on any address asked for. */
  readonly claims: readonly FixClaim[];
  /** `spaceId ip` of addresses that several may have. */
  readonly shared: ReadonlySet<string>;
  /** By `spaceId ip`: servers that report it now though they have no record of it. */
  readonly seen: ReadonlyMap<string, readonly { serverId: string; name: string }[]>;
}

/** One address asked for, or one NIC to be cleared, and where in the request it stands. */
export interface Asked {
  /** The order in the request; says which refusal is whose. */
  readonly at: number;
  readonly ip: { readonly value: IpAddress; readonly text: string } | null;
  /** The NIC it is for, canonical; null where device order decides. */
  readonly mac: string | null;
  /** The field's name in the request. */
  readonly field: string;
  readonly line?: number | undefined;
}

export interface FixRequest {
  readonly serverId: string;
  readonly asked: readonly Asked[];
}

export interface FixRefusal {
  readonly at: number;
  /** Which part of what was asked is refused. */
  readonly part: 'ip' | 'mac' | 'server';
  /** A key of the catalogue's `fields`, with the parameters of its text. */
  readonly code: string;
  readonly params: Record<string, string | number>;
}

export interface FixChange {
  readonly at: number;
  readonly server: FixServer;
  readonly nic: FixNic;
  readonly ip: string;
  readonly network: { readonly id: string; readonly name: string };
  readonly effect:
    | { readonly kind: 'kept' }
    /** `moved`: the claim of the server's other NIC that this one follows; its key and holder go on. */
    | { readonly kind: 'create'; readonly shared: boolean; readonly moved: FixClaim | null }
    /** A claim without NIC becomes this NIC's. */
    | { readonly kind: 'adopt'; readonly claim: FixClaim }
    | { readonly kind: 'end'; readonly claim: FixClaim; readonly reason: 'corrected' | 'cleared' };
}

export interface FixPlan {
  /** In the order of the request. Empty where anything is refused. */
  readonly changes: readonly FixChange[];
  /** Holds whose time is over, in the way of a change. */
  readonly expired: readonly FixClaim[];
  readonly refusals: readonly FixRefusal[];
}
