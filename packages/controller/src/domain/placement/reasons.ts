/**
 * Why a host can't have a server. The list is closed; the sentences are the catalogue's. `nic` counts from 1, sizes are bytes, speeds MHz,
 * lists of names are joined by commas.
 */
export type PlacementReason =
  // What was asked for is elsewhere.
  | { readonly code: 'other_host'; readonly params: { readonly host: string } }
  | { readonly code: 'other_cluster'; readonly params: { readonly cluster: string } }
  | { readonly code: 'other_pool'; readonly params: { readonly pool: string; readonly cluster: string } }
  | {
      readonly code: 'other_datacenter';
      readonly params: {
        readonly datacenter: string;
        readonly because: 'asked' | 'folder' | 'linked';
      };
    }
  // The host itself.
  | { readonly code: 'unknown_host'; readonly params: NoParams }
  | { readonly code: 'not_connected'; readonly params: { readonly state: string } }
  | { readonly code: 'powered_off'; readonly params: NoParams }
  | { readonly code: 'standby'; readonly params: NoParams }
  | { readonly code: 'maintenance'; readonly params: NoParams }
  | { readonly code: 'no_pool'; readonly params: NoParams }
  | { readonly code: 'no_folder'; readonly params: NoParams }
  | {
      readonly code: 'source_unreachable';
      readonly params: { readonly host: string; readonly state: string };
    }
  // Wires.
  | { readonly code: 'too_many_nics'; readonly params: { readonly asked: number; readonly atMost: number } }
  | {
      readonly code: 'no_wire_in_account';
      readonly params: { readonly nic: number; readonly network: string };
    }
  | { readonly code: 'no_common_wire'; readonly params: { readonly nic: number; readonly networks: string } }
  | {
      readonly code: 'no_wire';
      readonly params: { readonly nic: number; readonly network: string; readonly wires: string };
    }
  | { readonly code: 'wire_absent'; readonly params: { readonly nic: number; readonly wire: string } }
  | { readonly code: 'only_trunk'; readonly params: { readonly nic: number; readonly wire: string } }
  | {
      readonly code: 'vlan_differs';
      readonly params: {
        readonly nic: number;
        readonly wire: string;
        readonly hostVlan: string;
        readonly wireVlan: string;
      };
    }
  | { readonly code: 'wire_missing'; readonly params: { readonly nic: number; readonly wire: string } }
  | {
      readonly code: 'wire_purpose';
      readonly params: { readonly nic: number; readonly wire: string; readonly purpose: string };
    }
  | { readonly code: 'wire_ambiguous'; readonly params: { readonly nic: number; readonly wire: string } }
  | { readonly code: 'wire_unbindable'; readonly params: { readonly nic: number; readonly wire: string } }
  // Storage.
  | { readonly code: 'datastore_not_seen'; readonly params: { readonly datastore: string } }
  | { readonly code: 'datastore_unreachable'; readonly params: { readonly datastore: string } }
  | { readonly code: 'datastore_read_only'; readonly params: { readonly datastore: string } }
  | { readonly code: 'datastore_maintenance'; readonly params: { readonly datastore: string } }
  | {
      readonly code: 'datastore_full';
      readonly params: { readonly datastore: string; readonly needed: number; readonly free: number };
    }
  | { readonly code: 'no_datastore'; readonly params: NoParams }
  // Room.
  | { readonly code: 'cpu_count'; readonly params: { readonly asked: number; readonly threads: number } }
  | { readonly code: 'cpu_short'; readonly params: { readonly needed: number; readonly free: number } }
  | { readonly code: 'memory_short'; readonly params: { readonly needed: number; readonly free: number } };

type NoParams = Readonly<Record<string, never>>;

export type PlacementCode = PlacementReason['code'];

/** The host was never asked for: these say nothing of the host. */
const ELSEWHERE: ReadonlySet<PlacementCode> = new Set([
  'other_host',
  'other_cluster',
  'other_pool',
  'other_datacenter',
]);

export function isElsewhere(reason: PlacementReason): boolean {
  return ELSEWHERE.has(reason.code);
}

export interface ReasonGroup {
  /** Of several that differ only in how much is left, the one that comes closest. */
  readonly reason: PlacementReason;
  /** Names, in order. */
  readonly hosts: readonly string[];
}

/**
 * The reasons, each with its hosts, the most frequent first. Hosts that weren't asked for count only where no other is left to tell of.
 */
export function groupReasons(
  verdicts: readonly {
    readonly host: { readonly name: string };
    readonly reasons: readonly PlacementReason[];
  }[],
): ReasonGroup[] {
  const asked = verdicts.filter(({ reasons }) => !reasons.some(isElsewhere));
  const groups = new Map<string, { reason: PlacementReason; hosts: string[] }>();
  for (const { host, reasons } of asked.length > 0 ? asked : verdicts) {
    for (const reason of reasons) {
      const key = JSON.stringify([reason.code, { ...reason.params, ...leftOut }]);
      const group = groups.get(key);
      if (group === undefined) {
        groups.set(key, { reason, hosts: [host.name] });
        continue;
      }
      group.hosts.push(host.name);
      if (leftOf(reason) > leftOf(group.reason)) group.reason = reason;
    }
  }
  return [...groups.values()]
    .map(({ reason, hosts }) => ({ reason, hosts: hosts.toSorted() }))
    .toSorted((a, b) => b.hosts.length - a.hosts.length || (a.reason.code < b.reason.code ? -1 : 1));
}

/** What may differ within a group. */
const leftOut = { free: null, threads: null };

function leftOf({ params }: PlacementReason): number {
  if ('free' in params) return params.free;
  return 'threads' in params ? params.threads : 0;
}
