import type { AddressRange, Family, IpAddress, Prefix } from './addresses.ts';

/** What matching looks at, and what it answers. */

/**
 * Stands in place of a complete run for readings of single servers. A record that such a reading doesn't show waits, as for the second of
 * two complete runs, for two of them.
 */
export const singleReading = '00000000-0000-0000-0000-000000000000';

export type ReasonCode =
  | 'powered_off'
  | 'template'
  | 'tools_not_installed'
  | 'tools_not_running'
  | 'tools_no_address'
  | 'no_network'
  | 'other_wire'
  | 'outside_range'
  | 'taken'
  | 'disconnected'
  | 'no_wire'
  | 'vm_unreadable';

export type ToolsState = 'running' | 'not_running' | 'not_installed' | 'unknown';

export interface MatchServer {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  /** The number in the managed object id (`vm-1042` is 1042), for the order of equals. */
  readonly morefNumber: number;
  readonly poweredOn: boolean;
  readonly template: boolean;
  readonly readable: boolean;
  /** A product's stand-in for a server elsewhere: claims nothing. */
  readonly placeholder: boolean;
  readonly tools: ToolsState;
  /** The run that matching follows did not read it (it is another account's, or did not answer): its absence proves nothing. */
  readonly unread?: boolean;
  /** Interfaces in the last report. From 16 on the report may be cut short and proves no absence. */
  readonly interfaceCount: number;
}

export interface MatchNic {
  readonly id: string;
  readonly server: MatchServer;
  readonly spaceId: string;
  readonly wireId: string | null;
  readonly mac: string | null;
  readonly position: number;
  readonly connected: boolean;
  readonly missing: boolean;
  /** Live candidate addresses in the order of the report. */
  readonly addresses: readonly MatchAddress[];
}

export interface MatchAddress {
  readonly ip: IpAddress;
  /** Canonical text of `ip`. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly firstSeenAt: number;
}

export interface MatchNetwork {
  readonly id: string;
  readonly name: string;
  readonly spaceId: string;
  readonly family: Family;
  readonly range: AddressRange;
  readonly prefix: Prefix;
  readonly primaryWireId: string;
  /** Primary, declared and detected wires. */
  readonly wireIds: ReadonlySet<string>;
  /** Who has an address here follows the last report at once. */
  readonly dhcpRanges: readonly AddressRange[];
}

export interface MatchClaim {
  readonly id: string;
  readonly spaceId: string;
  readonly ip: IpAddress;
  readonly text: string;
  readonly networkId: string;
  readonly nicId: string | null;
  readonly serverId: string | null;
  /** Of a claim without NIC: the MAC of whom it is for, where it was said. */
  readonly mac: string | null;
  /** A claim without NIC whose time is over: it stands in nobody's way. */
  readonly expired: boolean;
  readonly source: 'tools' | 'manual' | 'allocated';
  readonly absentSinceRun: string | null;
  readonly contradictedBy: readonly string[];
}

export interface MatchInput {
  readonly nics: readonly MatchNic[];
  readonly networks: readonly MatchNetwork[];
  /** All live claims of these NICs, and all live claims on any address that they report. */
  readonly claims: readonly MatchClaim[];
  /** `spaceId ip` of addresses declared as shared: every claimant has a record. */
  readonly shared: ReadonlySet<string>;
  /**
   * The complete run that brought the reports, or `singleReading`; null when matching runs for another cause, which proves no absence.
   */
  readonly runId: string | null;
}

export type EndReason =
  | 'not_reported'
  | 'yielded'
  | 'wire_changed'
  | 'network_deleted'
  | 'missing'
  | 'expired';

export interface Reason {
  readonly code: ReasonCode;
  readonly ip: string | null;
  readonly networkId: string | null;
  readonly wireId: string | null;
  readonly serverId: string | null;
}

export interface NewRecord {
  readonly nic: MatchNic;
  readonly network: MatchNetwork;
  readonly ip: string;
  readonly firstSeenAt: number;
  readonly shared: boolean;
}

export interface MatchPlan {
  readonly end: readonly { claim: MatchClaim; reason: EndReason }[];
  readonly create: readonly NewRecord[];
  /** A claim that had no NIC becomes the record of this one. */
  readonly adopt: readonly { claim: MatchClaim; nic: MatchNic }[];
  readonly absent: readonly { claim: MatchClaim; sinceRun: string | null }[];
  readonly contradicted: readonly { claim: MatchClaim; by: readonly string[] }[];
  /** Per NIC (those not missing), in the order they are shown. */
  readonly reasons: ReadonlyMap<string, readonly Reason[]>;
  /** Per server: the addresses without a record, in NIC order. */
  readonly unmatched: ReadonlyMap<string, readonly string[]>;
  readonly conflicts: readonly { spaceId: string; ip: string; nicId: string; holderNicId: string | null }[];
}
