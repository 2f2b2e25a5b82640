import { sql } from 'kysely';
import type {
  PlacedLoad,
  PlacedNetwork,
  PortGroupBinding,
  UsableWire,
  WirePresence,
  WireUse,
} from '../domain/placement/facts.ts';
import type { Queries } from './database.ts';
import type { VlanValue } from './tables.ts';

/** What placement asks of the book: which wires networks have, on which hosts those are, and how port groups are named to vCenter. */

export interface PlacementBook {
  /** In the order asked for. A network of no wire in this account is there, with none. */
  readonly networks: readonly PlacedNetwork[];
  /** The hosts that vCenter showed last, managed object id to id. */
  readonly hostIds: ReadonlyMap<string, string>;
  readonly presence: readonly WirePresence[];
  readonly uses: readonly WireUse[];
}

/** Everything of one account at once, for these networks and these wires beside them. */
export async function loadPlacementBook(
  db: Queries,
  options: { accountId: string; networkIds: readonly string[]; wireIds: readonly string[] },
): Promise<PlacementBook> {
  const { accountId, networkIds } = options;
  const networks = await loadPlacedNetworks(db, { accountId, networkIds });
  const wireIds = new Set([
    ...options.wireIds,
    ...networks.flatMap(({ wires }) => wires.map(({ wireId }) => wireId)),
  ]);
  const asked = { accountId, wireIds: [...wireIds] };
  // Who is on a wire decides between wires: of one alone there is nothing to decide.
  const several = networks.filter(({ wires }) => wires.length > 1).map(({ id }) => id);
  const [hostIds, presence, uses] = await Promise.all([
    loadHostIds(db, accountId),
    loadWirePresence(db, asked),
    several.length === 0 ? [] : loadWireUses(db, { ...asked, networkIds: several }),
  ]);
  return { networks, hostIds, presence, uses };
}

/** The wires that servers of these networks may be on, those of the account: what is suggested or excluded is not among them. */
export async function loadPlacedNetworks(
  db: Queries,
  options: { accountId: string; networkIds: readonly string[] },
): Promise<PlacedNetwork[]> {
  const { rows } = await sql<{ id: string; name: string; wires: UsableWire[] }>`
    SELECT n.id, n.name, coalesce(l.wires, '[]') AS wires
    FROM unnest(${[...options.networkIds]}::uuid[]) WITH ORDINALITY AS asked(id, place)
    JOIN networks n ON n.id = asked.id
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object('wireId', w.id, 'name', w.name, 'origin', x.origin)
        ORDER BY array_position(ARRAY['primary', 'declared', 'detected'], x.origin), w.name, w.id) AS wires
      FROM network_wires x JOIN wires w ON w.id = x.wire_id
      WHERE x.space_id = n.space_id AND x.network_id = n.id AND x.origin IN ('primary', 'declared', 'detected')
        AND w.account_id = ${options.accountId}) l ON true
    ORDER BY asked.place`.execute(db);
  return rows;
}

async function loadHostIds(db: Queries, accountId: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ moref: string; id: string }>`
    SELECT moref, id FROM hosts WHERE account_id = ${accountId} AND missing_since IS NULL`.execute(db);
  return new Map(rows.map(({ moref, id }) => [moref, id]));
}

interface WireRow {
  id: string;
  name: string;
  kind: 'standard' | 'distributed' | 'nsx';
  purpose: 'vm' | 'vmkernel' | 'uplink';
  moref: string | null;
  portGroupId: string;
  switchUuid: string | null;
  opaqueNetworkId: string | null;
  opaqueNetworkType: string | null;
  vlan: VlanValue;
  missing: boolean;
}

/** On which hosts these wires of the account are, with what binds a NIC to them there. */
export async function loadWirePresence(
  db: Queries,
  options: { accountId: string; wireIds: readonly string[] },
): Promise<WirePresence[]> {
  const { accountId } = options;
  const wireIds = [...options.wireIds];
  if (wireIds.length === 0) return [];
  const [wires, places] = await Promise.all([
    sql<WireRow>`
      SELECT w.id, w.name, w.kind, w.purpose, w.moref, w.port_group_id AS "portGroupId", v.uuid AS "switchUuid",
        w.observed ->> 'opaqueNetworkId' AS "opaqueNetworkId", w.observed ->> 'opaqueNetworkType' AS "opaqueNetworkType",
        w.vlan, w.missing_since IS NOT NULL AS missing
      FROM wires w LEFT JOIN virtual_switches v ON v.id = w.switch_id
      WHERE w.account_id = ${accountId} AND w.id = ANY(${wireIds}::uuid[])`.execute(db),
    // Most hosts agree with their wire: of those the ids alone are worth sending.
    sql<{ wireId: string; agreeing: string[]; others: OtherPlace[] }>`
      WITH twins AS MATERIALIZED (
        SELECT p.host_id, w.name FROM wires w JOIN wire_hosts p ON p.account_id = w.account_id AND p.wire_id = w.id
        WHERE w.account_id = ${accountId} AND w.kind = 'standard' AND w.missing_since IS NULL AND w.name IN (
          SELECT name FROM wires WHERE account_id = ${accountId} AND id = ANY(${wireIds}::uuid[]) AND kind = 'standard')
        GROUP BY p.host_id, w.name HAVING count(*) > 1),
      places AS (
        SELECT w.id, p.host_id, nullif(p.vlan, w.vlan) AS vlan, t.host_id IS NOT NULL AS ambiguous
        FROM wire_presence p JOIN wires w ON w.id = p.wire_id
        JOIN hosts h ON h.id = p.host_id AND h.missing_since IS NULL
        LEFT JOIN twins t ON w.kind = 'standard' AND t.host_id = p.host_id AND t.name = w.name
        WHERE p.account_id = ${accountId} AND p.wire_id = ANY(${wireIds}::uuid[]))
      SELECT id AS "wireId",
        coalesce(json_agg(host_id) FILTER (WHERE vlan IS NULL AND NOT ambiguous), '[]') AS agreeing,
        coalesce(json_agg(json_build_object('hostId', host_id, 'vlan', vlan, 'ambiguous', ambiguous))
          FILTER (WHERE vlan IS NOT NULL OR ambiguous), '[]') AS others
      FROM places GROUP BY id`.execute(db),
  ]);
  const byId = new Map(wires.rows.map((wire) => [wire.id, wire]));
  return places.rows.flatMap(({ wireId, agreeing, others }): WirePresence[] => {
    const wire = byId.get(wireId);
    if (wire === undefined) return [];
    const binding = bindingOf(wire);
    const { purpose, missing, vlan: wireVlan } = wire;
    const toPresence = ({ hostId, vlan, ambiguous }: OtherPlace): WirePresence => ({
      wireId,
      hostId,
      binding,
      purpose,
      hostVlan: vlan ?? wireVlan,
      wireVlan,
      deviates: vlan !== null,
      trunk: wireVlan.kind === 'trunk' || vlan?.kind === 'trunk',
      missing,
      ambiguous,
    });
    return [
      ...agreeing.map((hostId) => toPresence({ hostId, vlan: null, ambiguous: false })),
      ...others.map(toPresence),
    ];
  });
}

/** A host on which a wire isn't as it is elsewhere. */
interface OtherPlace {
  readonly hostId: string;
  /** The host's, where it isn't the wire's. */
  readonly vlan: VlanValue | null;
  readonly ambiguous: boolean;
}

/** An NSX network is a group of a distributed switch, or stands by itself as an opaque network. */
function bindingOf(wire: WireRow): PortGroupBinding | null {
  const { kind, name, moref, switchUuid, portGroupId, opaqueNetworkId, opaqueNetworkType } = wire;
  if (kind === 'standard') return { kind, name, network: moref };
  if (switchUuid !== null) return { kind: 'distributed', switchUuid, portgroupKey: portGroupId };
  if (kind === 'distributed' || opaqueNetworkId === null || opaqueNetworkType === null) return null;
  return { kind: 'opaque', opaqueNetworkId, opaqueNetworkType };
}

/** How many servers of these networks are on these wires and which hosts. */
async function loadWireUses(
  db: Queries,
  options: { accountId: string; networkIds: readonly string[]; wireIds: readonly string[] },
): Promise<WireUse[]> {
  const { rows } = await sql<WireUse>`
    SELECT c.network_id AS "networkId", n.wire_id AS "wireId", sv.host_id AS "hostId", count(DISTINCT sv.id) AS servers
    FROM claims c JOIN nics n ON n.id = c.nic_id AND n.missing_since IS NULL
    JOIN servers sv ON sv.id = n.server_id AND sv.missing_since IS NULL
    WHERE c.network_id = ANY(${[...options.networkIds]}::uuid[]) AND c.ended_at IS NULL
      AND n.account_id = ${options.accountId} AND n.wire_id = ANY(${[...options.wireIds]}::uuid[])
      AND sv.host_id IS NOT NULL
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`.execute(db);
  return rows;
}

/** What servers take that are being made in an account, and that vCenter's figures may not show yet. */
export async function findPlacedLoads(
  db: Queries,
  options: { accountId: string; except: string | null },
): Promise<PlacedLoad[]> {
  const { rows } = await sql<PlacedLoad>`
    SELECT coalesce(facts #>> '{place,host}', facts #>> '{preferred,host}') AS host,
      coalesce(facts #>> '{place,datastore}', facts #>> '{preferred,datastore}') AS datastore,
      (input #>> '{need,cpus}')::numeric AS cpus, (input #>> '{need,memoryMib}')::numeric AS "memoryMib",
      (input #>> '{need,disk}')::numeric AS disk, false AS "sameRequest"
    FROM operations
    WHERE account_id = ${options.accountId} AND kind = 'create_server' AND state IN ('queued', 'running') AND NOT undoing
      AND facts ? 'preferred' AND id IS DISTINCT FROM ${options.except}::uuid`.execute(db);
  return rows;
}

/** A template or server that others may be made from, as the last sync has seen it. */
export interface ServerSource {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly moref: string;
  /** Lower case; null where vCenter gave none. */
  readonly instanceUuid: string | null;
  readonly template: boolean;
  readonly powerState: string;
  readonly connectionState: string;
  readonly readable: boolean;
  /** The extension that manages it. */
  readonly managedBy: string | null;
  readonly missing: boolean;
  readonly host: { readonly id: string; readonly moref: string; readonly name: string } | null;
  readonly datacenter: string | null;
  /** In device order. */
  readonly nics: readonly {
    readonly id: string;
    readonly deviceKey: number;
    readonly label: string;
    readonly wire: { readonly id: string; readonly name: string } | null;
  }[];
}

export async function findServerSources(db: Queries, ids: readonly string[]): Promise<ServerSource[]> {
  const { rows } = await sql<ServerSource>`
    SELECT sv.id, sv.name, sv.account_id AS "accountId", sv.moref, sv.instance_uuid AS "instanceUuid", sv.template, sv.power_state AS "powerState",
      sv.connection_state AS "connectionState", sv.readable, sv.managed_by AS "managedBy",
      sv.missing_since IS NOT NULL AS missing, sv.datacenter,
      CASE WHEN h.id IS NULL THEN NULL ELSE json_build_object('id', h.id, 'moref', h.moref, 'name', h.name) END AS host,
      coalesce((SELECT json_agg(json_build_object('id', n.id, 'deviceKey', n.device_key, 'label', n.label,
          'wire', CASE WHEN w.id IS NULL THEN NULL ELSE json_build_object('id', w.id, 'name', w.name) END) ORDER BY n.position)
        FROM nics n LEFT JOIN wires w ON w.id = n.wire_id
        WHERE n.server_id = sv.id AND n.missing_since IS NULL), '[]') AS nics
    FROM servers sv LEFT JOIN hosts h ON h.id = sv.host_id
    WHERE sv.id = ANY(${[...ids]}::uuid[]) ORDER BY sv.id`.execute(db);
  return rows;
}
