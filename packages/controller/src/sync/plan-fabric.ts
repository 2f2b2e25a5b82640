import { hash } from 'node:crypto';
import { newId } from '../domain/ids.ts';
import type {
  FabricObservation,
  HostObservation,
  SwitchObservation,
  Teaming,
  UplinkPort,
  WireObservation,
} from './observations.ts';

/** What the book already has of an object: enough to see whether it is the same. */
export interface KnownObject {
  readonly id: string;
  readonly digest: string;
  readonly missing: boolean;
  readonly name: string;
}
export interface KnownWire extends KnownObject {
  readonly spaceId: string;
}
export interface KnownFabric {
  readonly hosts: ReadonlyMap<string, KnownObject>;
  readonly switches: ReadonlyMap<string, KnownObject>;
  readonly wires: ReadonlyMap<string, KnownWire>;
}

/** The columns of a row, by their names in the database. */
export type Row = { id: string } & Record<string, unknown>;

export type Change = 'created' | 'updated' | 'returned';
export interface ObjectChange {
  readonly change: Change;
  readonly name: string;
  readonly row: Row;
}
export interface FabricPlan {
  readonly hosts: readonly ObjectChange[];
  readonly switches: readonly ObjectChange[];
  /** Whole sets: what is stored for these switches is replaced. */
  readonly switchHosts: readonly {
    switchId: string;
    hosts: readonly { hostId: string; uplinks: readonly string[]; ports: readonly UplinkPort[] | null }[];
  }[];
  readonly wires: readonly ObjectChange[];
  readonly wireHosts: readonly {
    wireId: string;
    hosts: readonly { hostId: string; switchId: string | null; vlan: unknown; teaming: Teaming | null }[];
  }[];
  readonly missing: Readonly<Record<'hosts' | 'virtual_switches' | 'wires', readonly KnownObject[]>>;
}

/** The ids of everything seen, those it has and those it is to get. */
export interface FabricIds {
  readonly hosts: ReadonlyMap<string, string>;
  readonly switches: ReadonlyMap<string, string>;
  readonly wires: ReadonlyMap<string, { id: string; spaceId: string }>;
}

/** Gives every observed object its id. Wires known from before and not seen now keep theirs: NICs may still point to them. */
export function assignIds(known: KnownFabric, observed: FabricObservation, spaceId: string): FabricIds {
  const idOf = (map: ReadonlyMap<string, KnownObject>, identity: string): string =>
    map.get(identity)?.id ?? newId();
  const wires = new Map<string, { id: string; spaceId: string }>();
  for (const [identity, wire] of known.wires) wires.set(identity, { id: wire.id, spaceId: wire.spaceId });
  for (const wire of observed.wires)
    if (!wires.has(wire.identity)) wires.set(wire.identity, { id: newId(), spaceId });
  return {
    hosts: new Map(observed.hosts.map((host) => [host.identity, idOf(known.hosts, host.identity)])),
    switches: new Map(observed.switches.map((item) => [item.identity, idOf(known.switches, item.identity)])),
    wires,
  };
}

/** What is to be written of hosts, switches and wires. Pure. */
export function planFabric(options: {
  known: KnownFabric;
  observed: FabricObservation;
  ids: FabricIds;
  accountId: string;
}): FabricPlan {
  const { known, observed, ids, accountId } = options;
  const hosts = planObjects(known.hosts, observed.hosts, (host, digest) => ({
    id: ids.hosts.get(host.identity) ?? newId(),
    account_id: accountId,
    ...hostColumns(host),
    digest,
  }));
  const switches = planObjects(known.switches, observed.switches, (item, digest) => ({
    id: ids.switches.get(item.identity) ?? newId(),
    account_id: accountId,
    ...switchColumns(item),
    digest,
  }));
  const wires = planObjects(known.wires, observed.wires, (wire, digest) => {
    const own = ids.wires.get(wire.identity);
    return {
      id: own?.id ?? newId(),
      account_id: accountId,
      space_id: own?.spaceId,
      ...wireColumns(wire),
      switch_id: wire.switch === null ? null : (ids.switches.get(wire.switch) ?? null),
      digest,
    };
  });
  const changedSwitches = new Set(switches.changes.map((change) => change.row.id));
  const changedWires = new Set(wires.changes.map((change) => change.row.id));
  return {
    hosts: hosts.changes,
    switches: switches.changes,
    switchHosts: observed.switches.flatMap((item) => {
      const switchId = ids.switches.get(item.identity);
      if (switchId === undefined || !changedSwitches.has(switchId)) return [];
      return [
        {
          switchId,
          hosts: item.hosts.flatMap((entry) => {
            const hostId = ids.hosts.get(entry.host);
            return hostId === undefined ? [] : [{ hostId, uplinks: entry.uplinks, ports: entry.ports }];
          }),
        },
      ];
    }),
    wires: wires.changes,
    wireHosts: observed.wires.flatMap((wire) => {
      const wireId = ids.wires.get(wire.identity)?.id;
      if (wireId === undefined || !changedWires.has(wireId)) return [];
      return [
        {
          wireId,
          hosts: wire.hosts.flatMap((entry) => {
            const hostId = ids.hosts.get(entry.host);
            if (hostId === undefined) return [];
            const switchId = entry.switch === null ? null : (ids.switches.get(entry.switch) ?? null);
            return [{ hostId, switchId, vlan: entry.vlan, teaming: entry.teaming }];
          }),
        },
      ];
    }),
    missing: {
      hosts: hosts.missing,
      virtual_switches: switches.missing,
      wires: wires.missing,
    },
  };
}

function planObjects<O extends { identity: string; name: string }>(
  known: ReadonlyMap<string, KnownObject>,
  observed: readonly O[],
  toRow: (object: O, digest: string) => Row,
): { changes: ObjectChange[]; missing: KnownObject[] } {
  const changes: ObjectChange[] = [];
  const seen = new Set<string>();
  for (const object of observed) {
    // Two objects with one identity can't both be in the book; the first read stands for both.
    if (seen.has(object.identity)) continue;
    seen.add(object.identity);
    const digest = hash('sha1', JSON.stringify(object, sortKeys), 'base64');
    const before = known.get(object.identity);
    if (before !== undefined && before.digest === digest && !before.missing) continue;
    const change = before === undefined ? 'created' : before.missing ? 'returned' : 'updated';
    changes.push({ change, name: object.name, row: toRow(object, digest) });
  }
  const missing = [...known].flatMap(([identity, object]) =>
    seen.has(identity) || object.missing ? [] : [object],
  );
  return { changes, missing };
}

/** Makes JSON text independent of the order of keys: what comes back from the database has another one. */
function sortKeys(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}

function hostColumns(host: HostObservation): Record<string, unknown> {
  return {
    moref: host.moref,
    name: host.name,
    management_ip: host.managementIp,
    hardware_uuid: host.hardwareUuid,
    version: host.version,
    state: host.state,
    maintenance: host.maintenance,
    datacenter: host.datacenter,
    cluster: host.cluster,
    physical_nics: host.physicalNics,
    vmkernel_nics: host.vmkernelNics,
    observed: host.observed,
  };
}

function switchColumns(item: SwitchObservation): Record<string, unknown> {
  return {
    identity: item.identity,
    kind: item.kind,
    moref: item.moref,
    uuid: item.uuid,
    name: item.name,
    mtu: item.mtu,
    observed: item.observed,
  };
}

function wireColumns(wire: WireObservation): Record<string, unknown> {
  return {
    port_group_id: wire.identity,
    moref: wire.moref,
    name: wire.name,
    kind: wire.kind,
    purpose: wire.purpose,
    datacenter: wire.datacenter,
    vlan: wire.vlan,
    vlan_id: wire.vlan.id,
    vlan_disagreement: wire.vlanDisagreement,
    spans_switch: wire.spansSwitch,
    security: wire.security,
    teaming: wire.teaming,
    observed: wire.observed,
  };
}
