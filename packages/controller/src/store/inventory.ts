import { sql } from 'kysely';
import type { Queries, Tx } from './database.ts';

/** The inventory tables as a sync reads and writes them: whole sets at a time. */

type InventoryTable = 'hosts' | 'virtual_switches' | 'wires' | 'servers' | 'nics' | 'sightings';
/** The columns of one row by their names; JSON columns as plain values. */
export type InventoryRow = { id: string } & Record<string, unknown>;

/** Rows put into one statement: beyond this, statements gain nothing and memory loses. */
const ROWS_AT_ONCE = 1000;
/** Reports are a few kilobytes each. */
const REPORTS_AT_ONCE = 200;

interface KnownRow {
  id: string;
  identity: string;
  digest: string;
  missing: boolean;
  name: string;
}

export async function loadKnownHosts(db: Queries, accountId: string): Promise<KnownRow[]> {
  const { rows } = await sql<KnownRow>`
    SELECT id, moref AS identity, digest, missing_since IS NOT NULL AS missing, name FROM hosts
    WHERE account_id = ${accountId}`.execute(db);
  return rows;
}

/** Some hosts' state, and what was observed of them as the sync wrote it. */
export async function loadHostObservations<T>(
  db: Queries,
  accountId: string,
  morefs: readonly string[],
): Promise<{ moref: string; state: string; maintenance: boolean; observed: T }[]> {
  const { rows } = await sql<{ moref: string; state: string; maintenance: boolean; observed: T }>`
    SELECT moref, state, maintenance, observed FROM hosts
    WHERE account_id = ${accountId} AND moref = ANY(${morefs}::text[])`.execute(db);
  return rows;
}

export async function loadKnownSwitches(db: Queries, accountId: string): Promise<KnownRow[]> {
  const { rows } = await sql<KnownRow>`
    SELECT id, identity, digest, missing_since IS NOT NULL AS missing, name FROM virtual_switches
    WHERE account_id = ${accountId}`.execute(db);
  return rows;
}

export async function loadKnownWires(
  db: Queries,
  accountId: string,
): Promise<(KnownRow & { spaceId: string; moref: string | null; datacenter: string | null })[]> {
  const { rows } = await sql<KnownRow & { spaceId: string; moref: string | null; datacenter: string | null }>`
    SELECT id, port_group_id AS identity, digest, missing_since IS NOT NULL AS missing, name, space_id AS "spaceId",
      moref, datacenter
    FROM wires WHERE account_id = ${accountId}`.execute(db);
  return rows;
}

export async function loadKnownServers(
  db: Queries,
  accountId: string,
): Promise<(KnownRow & { moref: string })[]> {
  const { rows } = await sql<KnownRow & { moref: string }>`
    SELECT id, identity, moref, digest, missing_since IS NOT NULL AS missing, name FROM servers
    WHERE account_id = ${accountId}`.execute(db);
  return rows;
}

export interface StoredNic {
  id: string;
  serverId: string;
  deviceKey: number;
  position: number;
  label: string;
  model: string;
  mac: string | null;
  wireId: string | null;
  connected: boolean;
  missing: boolean;
}

export interface StoredSighting {
  id: string;
  serverId: string;
  nicId: string | null;
  ip: string;
  spaceId: string;
  prefixLength: number | null;
  interface: string;
  origin: string | null;
  state: string | null;
  candidate: boolean;
  firstSeenAt: string;
}

/** The NICs and the lasting sightings of some servers. */
export async function loadServerDetails(
  db: Queries,
  serverIds: readonly string[],
): Promise<{ nics: StoredNic[]; sightings: StoredSighting[] }> {
  if (serverIds.length === 0) return { nics: [], sightings: [] };
  const nics = await sql<StoredNic>`
    SELECT id, server_id AS "serverId", device_key AS "deviceKey", position, label, model, mac::text AS mac,
      wire_id AS "wireId", connected, missing_since IS NOT NULL AS missing
    FROM nics WHERE server_id = ANY(${serverIds}::uuid[])`.execute(db);
  const sightings = await sql<StoredSighting>`
    SELECT id, server_id AS "serverId", nic_id AS "nicId", host(ip) AS ip, space_id AS "spaceId",
      prefix_length AS "prefixLength", interface, origin, state, candidate,
      to_char(first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "firstSeenAt"
    FROM sightings WHERE server_id = ANY(${serverIds}::uuid[]) AND ended_at IS NULL`.execute(db);
  return { nics: nics.rows, sightings: sightings.rows };
}

/** The stored columns of some rows as JSON values, to tell which fields a change touched. */
export async function loadStoredColumns(
  db: Queries,
  table: InventoryTable,
  ids: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; columns: Record<string, unknown> }>`
    SELECT id, to_jsonb(t) AS columns FROM ${sql.table(table)} t WHERE id = ANY(${ids}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row.columns]));
}

export async function insertRows(
  tx: Tx,
  table: InventoryTable,
  rows: readonly InventoryRow[],
): Promise<void> {
  for (const { columns, group } of byColumns(rows)) {
    const names = sql.join(columns.map((name) => sql.ref(name)));
    for (const chunk of chunksOf(group)) {
      await sql`
        INSERT INTO ${sql.table(table)} (${names})
        SELECT ${names} FROM json_populate_recordset(NULL::${sql.table(table)}, ${toJson(chunk)}::json)`.execute(
        tx,
      );
    }
  }
}

/** Writes the given columns of rows that exist, and takes back that they were missing. */
export async function updateRows(
  tx: Tx,
  table: Exclude<InventoryTable, 'sightings'>,
  rows: readonly InventoryRow[],
  now: Date,
): Promise<void> {
  for (const { columns, group } of byColumns(rows)) {
    // A person may have put the wire into another space meanwhile: that column is not the inventory's.
    const written = columns.filter((name) => name !== 'id' && name !== 'account_id' && name !== 'space_id');
    const assignments = sql.join(written.map((name) => sql`${sql.ref(name)} = r.${sql.ref(name)}`));
    for (const chunk of chunksOf(group)) {
      await sql`
        UPDATE ${sql.table(table)} AS t SET ${assignments}, missing_since = NULL, updated_at = ${now.toISOString()}
        FROM json_populate_recordset(NULL::${sql.table(table)}, ${toJson(chunk)}::json) AS r
        WHERE t.id = r.id`.execute(tx);
    }
  }
}

export async function markMissing(
  tx: Tx,
  table: Exclude<InventoryTable, 'sightings'>,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  const at = now.toISOString();
  await sql`
    UPDATE ${sql.table(table)} SET missing_since = ${at}, updated_at = ${at}
    WHERE id = ANY(${ids}::uuid[]) AND missing_since IS NULL`.execute(tx);
}

export async function replaceSwitchHosts(
  tx: Tx,
  accountId: string,
  sets: readonly {
    switchId: string;
    hosts: readonly { hostId: string; uplinks: readonly string[]; ports: unknown }[];
  }[],
): Promise<void> {
  if (sets.length === 0) return;
  await sql`
    DELETE FROM virtual_switch_hosts
    WHERE account_id = ${accountId} AND switch_id = ANY(${sets.map((set) => set.switchId)}::uuid[])`.execute(
    tx,
  );
  const rows = sets.flatMap((set) =>
    set.hosts.map((host) => ({
      account_id: accountId,
      switch_id: set.switchId,
      host_id: host.hostId,
      uplinks: host.uplinks,
      uplink_ports: host.ports,
    })),
  );
  for (const chunk of chunksOf(rows)) {
    await sql`
      INSERT INTO virtual_switch_hosts (account_id, switch_id, host_id, uplinks, uplink_ports)
      SELECT account_id, switch_id, host_id, uplinks, uplink_ports
      FROM json_populate_recordset(NULL::virtual_switch_hosts, ${toJson(chunk)}::json)
      ON CONFLICT DO NOTHING`.execute(tx);
  }
}

export async function replaceWireHosts(
  tx: Tx,
  accountId: string,
  sets: readonly {
    wireId: string;
    hosts: readonly { hostId: string; switchId: string | null; vlan: unknown; teaming: unknown }[];
  }[],
): Promise<void> {
  if (sets.length === 0) return;
  await sql`
    DELETE FROM wire_hosts
    WHERE account_id = ${accountId} AND wire_id = ANY(${sets.map((set) => set.wireId)}::uuid[])`.execute(tx);
  const rows = sets.flatMap((set) =>
    set.hosts.map((host) => ({
      account_id: accountId,
      wire_id: set.wireId,
      host_id: host.hostId,
      switch_id: host.switchId,
      vlan: host.vlan,
      teaming: host.teaming,
    })),
  );
  for (const chunk of chunksOf(rows)) {
    await sql`
      INSERT INTO wire_hosts (account_id, wire_id, host_id, switch_id, vlan, teaming)
      SELECT account_id, wire_id, host_id, switch_id, vlan, teaming
      FROM json_populate_recordset(NULL::wire_hosts, ${toJson(chunk)}::json)
      ON CONFLICT DO NOTHING`.execute(tx);
  }
}

/** `report` is JSON text. */
export async function writeReports(
  tx: Tx,
  accountId: string,
  reports: readonly { serverId: string; report: string }[],
): Promise<void> {
  for (const chunk of chunksOf(reports, REPORTS_AT_ONCE)) {
    await sql`
      INSERT INTO server_reports (server_id, account_id, report)
      SELECT r.id, ${accountId}, r.report
      FROM unnest(${chunk.map((item) => item.serverId)}::uuid[], ${chunk.map((item) => withoutNul(item.report))}::jsonb[])
        AS r(id, report)
      ON CONFLICT (server_id) DO UPDATE SET report = excluded.report
      WHERE server_reports.report IS DISTINCT FROM excluded.report`.execute(tx);
  }
}

export async function writeFormerMacs(
  tx: Tx,
  former: readonly { nicId: string; mac: string }[],
  now: Date,
): Promise<void> {
  if (former.length === 0) return;
  await sql`
    INSERT INTO nic_mac_history (nic_id, mac, ended_at)
    SELECT "nicId", mac, ${now.toISOString()}
    FROM json_to_recordset(${JSON.stringify(former)}::json) AS f("nicId" uuid, mac macaddr)
    ON CONFLICT DO NOTHING`.execute(tx);
}

/** Ends sightings. They were last seen in the complete run before this one. */
export async function endSightings(
  tx: Tx,
  ids: readonly string[],
  when: { now: Date; lastSeenAt: Date | null },
): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    UPDATE sightings SET ended_at = ${when.now.toISOString()},
      last_seen_at = greatest(first_seen_at, coalesce(${when.lastSeenAt?.toISOString() ?? null}::timestamptz, first_seen_at))
    WHERE id = ANY(${ids}::uuid[]) AND ended_at IS NULL`.execute(tx);
}

/**
 * Puts the lasting sightings of some servers into the space that their NIC's wire lies in. A plan names the space that the wire had when
 * the run began; a person may have moved the wire meanwhile.
 */
export async function alignSightings(tx: Tx, serverIds: readonly string[]): Promise<void> {
  if (serverIds.length === 0) return;
  await sql`
    UPDATE sightings AS o SET space_id = w.space_id FROM nics n JOIN wires w ON w.id = n.wire_id
    WHERE o.server_id = ANY(${serverIds}::uuid[]) AND o.ended_at IS NULL AND n.id = o.nic_id
      AND o.space_id <> w.space_id`.execute(tx);
}

/** The lasting sightings of some servers: what ends when the servers are no longer found. */
export async function findLastingSightings(db: Queries, serverIds: readonly string[]): Promise<string[]> {
  if (serverIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM sightings WHERE server_id = ANY(${serverIds}::uuid[]) AND ended_at IS NULL`.execute(db);
  return rows.map((row) => row.id);
}

/** Lets the planner know of tables that were just filled; it would learn by itself only minutes later. */
export async function analyzeInventory(db: Queries): Promise<void> {
  await sql`ANALYZE hosts, virtual_switches, wires, servers, nics, sightings, claims, nic_reasons`.execute(
    db,
  );
}

/** The same for what accepting or importing many networks filled: what is asked next in the same transaction asks of all of them. */
export async function analyzeNetworks(db: Queries): Promise<void> {
  await sql`ANALYZE networks, network_wires, claims, known_addresses`.execute(db);
}

/** JSON text that PostgreSQL takes: it has no place for the character NUL, which only a hostile server would send. */
function toJson(value: unknown): string {
  return withoutNul(JSON.stringify(value));
}

function withoutNul(json: string): string {
  return json.includes(String.raw`\u0000`)
    ? json.replaceAll(/(?<!\\)((?:\\\\)*)\\u0000/g, String.raw`$1\ufffd`)
    : json;
}

function byColumns(rows: readonly InventoryRow[]): { columns: string[]; group: InventoryRow[] }[] {
  return [...Map.groupBy(rows, (row) => Object.keys(row).join(','))].map(([columns, group]) => ({
    columns: columns.split(','),
    group,
  }));
}

function* chunksOf<T>(items: readonly T[], size = ROWS_AT_ONCE): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
