import { sql } from 'kysely';
import { parseAddress } from '../domain/addresses.ts';
import type { FixClaim } from '../domain/fixing-facts.ts';
import { addressKey } from '../domain/matching.ts';
import { isUuid } from '../domain/ids.ts';
import type { Queries, Tx } from './database.ts';
import type { ClaimSource } from './tables.ts';

/** A server that a name or an id fits. */
export interface FittingServer {
  id: string;
  name: string;
}

/**
 * For each name: the servers it fits, by the rules of `findByNameOrId` (an id before all; those that are missing only where no other
 * fits), for all names at once.
 */
export async function findServersByNames(
  db: Queries,
  names: readonly string[],
): Promise<Map<string, FittingServer[]>> {
  const asked = [...new Set(names)];
  const uuids = asked.map((name) => (isUuid(name) ? name.toLowerCase() : null));
  const { rows } = await sql<FittingServer & { asked: string; rank: number }>`
    WITH asked AS (SELECT * FROM unnest(${asked}::text[], ${uuids}::uuid[]) AS a(name, uuid))
    SELECT a.name AS asked, s.id, s.name, 0 AS rank FROM asked a JOIN servers s ON s.id = a.uuid
    UNION SELECT a.name, s.id, s.name, 1 + (s.missing_since IS NOT NULL)::integer
    FROM asked a JOIN servers s ON s.name = a.name
    UNION SELECT a.name, s.id, s.name, 1 + (s.missing_since IS NOT NULL)::integer
    FROM asked a JOIN servers s ON s.instance_uuid = a.uuid::text
    ORDER BY asked, rank, id`.execute(db);
  const found = new Map<string, FittingServer[]>();
  const ranks = new Map<string, number>();
  for (const row of rows) {
    const best = ranks.get(row.asked) ?? row.rank;
    ranks.set(row.asked, best);
    if (row.rank === best)
      found.set(row.asked, [...(found.get(row.asked) ?? []), { id: row.id, name: row.name }]);
  }
  return found;
}

/** The address spaces that the NICs of these servers lie in, or have addresses in. */
export async function findSpacesOfServers(db: Queries, serverIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT coalesce(w.space_id, a.space_id) AS id
    FROM nics n JOIN cloud_accounts a ON a.id = n.account_id LEFT JOIN wires w ON w.id = n.wire_id
    WHERE n.server_id = ANY(${[...serverIds]}::uuid[])
    UNION SELECT space_id FROM claims WHERE server_id = ANY(${[...serverIds]}::uuid[]) AND ended_at IS NULL`.execute(
    db,
  );
  return rows.map((row) => row.id);
}

interface Reach {
  readonly serverIds: readonly string[];
  readonly spaceIds: readonly string[];
  /** Canonical. */
  readonly ips: readonly string[];
}

/** Holds the networks that have one of the addresses, or that one of the servers has an address of: nobody is given any of them. */
export async function holdNetworksAround(tx: Tx, reach: Reach): Promise<void> {
  await sql`
    SELECT id FROM networks WHERE id IN (
      SELECT n.id FROM unnest(${[...reach.spaceIds]}::uuid[]) AS s(id) CROSS JOIN unnest(${[...reach.ips]}::inet[]) AS a(ip)
      JOIN networks n ON n.space_id = s.id AND n.span @> a.ip
      UNION SELECT network_id FROM claims WHERE server_id = ANY(${[...reach.serverIds]}::uuid[]) AND ended_at IS NULL)
    ORDER BY id FOR NO KEY UPDATE`.execute(tx);
}

/** What matching doesn't ask about servers and their NICs. */
export interface FixNames {
  readonly servers: readonly { id: string; accountId: string; name: string; missingSince: string | null }[];
  readonly nics: readonly {
    id: string;
    serverId: string;
    spaceId: string;
    wire: { id: string; name: string } | null;
    mac: string | null;
    label: string;
    missing: boolean;
  }[];
}

/** The servers and their NICs, in device order. */
export async function findFixNames(db: Queries, serverIds: readonly string[]): Promise<FixNames> {
  const servers = await sql<FixNames['servers'][number]>`
    SELECT id, account_id AS "accountId", name, rfc3339(missing_since) AS "missingSince" FROM servers
    WHERE id = ANY(${[...serverIds]}::uuid[])`.execute(db);
  const nics = await sql<FixNames['nics'][number]>`
    SELECT n.id, n.server_id AS "serverId", coalesce(w.space_id, a.space_id) AS "spaceId",
      CASE WHEN w.id IS NOT NULL THEN json_build_object('id', w.id, 'name', w.name) END AS wire,
      n.mac::text AS mac, n.label, n.missing_since IS NOT NULL AS missing
    FROM nics n JOIN cloud_accounts a ON a.id = n.account_id LEFT JOIN wires w ON w.id = n.wire_id
    WHERE n.server_id = ANY(${[...serverIds]}::uuid[]) ORDER BY n.position, n.device_key, n.id`.execute(db);
  return { servers: servers.rows, nics: nics.rows };
}

export async function findWireNames(db: Queries, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM wires WHERE id = ANY(${[...ids]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** All live claims of the servers' NICs, and all on any of the addresses, with who has them in words. */
export async function findClaimsForFixing(
  db: Queries,
  reach: Reach & { now: Date },
): Promise<{ claims: FixClaim[]; shared: Set<string> }> {
  const { rows } = await sql<Omit<FixClaim, 'ip'> & { source: ClaimSource }>`
    WITH concerned AS (
      SELECT id FROM claims WHERE server_id = ANY(${[...reach.serverIds]}::uuid[]) AND ended_at IS NULL
      UNION SELECT c.id FROM unnest(${[...reach.spaceIds]}::uuid[]) AS s(id) CROSS JOIN unnest(${[...reach.ips]}::inet[]) AS a(ip)
      JOIN claims c ON c.space_id = s.id AND c.ip = a.ip AND c.ended_at IS NULL)
    SELECT c.id, c.space_id AS "spaceId", host(c.ip) AS text, json_build_object('id', n.id, 'name', n.name) AS network,
      c.nic_id AS "nicId", c.server_id AS "serverId", c.source, c.shared, c.key, c.mac::text AS mac,
      coalesce(s.name, c.server_name, nullif(c.holder->>'name', ''), nullif(c.holder->>'owner', ''),
        nullif(c.holder->>'note', ''), c.mac::text, c.key, '-') AS holder,
      c.server_id IS NULL AND c.mac IS NULL AND coalesce(c.holder->>'name', '') = ''
        AND coalesce(c.holder->>'owner', '') = '' AS plain,
      c.nic_id IS NULL AND coalesce(c.expires_at <= ${reach.now.toISOString()}, false) AS expired
    FROM concerned JOIN claims c USING (id) JOIN networks n ON n.id = c.network_id
    LEFT JOIN servers s ON s.id = c.server_id ORDER BY c.ip, c.id`.execute(db);
  const shared = await sql<{ space_id: string; ip: string }>`
    SELECT space_id, host(ip) AS ip FROM shared_addresses
    WHERE space_id = ANY(${[...reach.spaceIds]}::uuid[]) AND ip = ANY(${[...reach.ips]}::inet[])`.execute(db);
  return {
    claims: rows.flatMap((row) => {
      const ip = parseAddress(row.text);
      return ip === null ? [] : [{ ...row, ip }];
    }),
    shared: new Set(shared.rows.map((row) => addressKey(row.space_id, row.ip))),
  };
}

/** A claim without NIC becomes a NIC's record, and ends no more by itself. Answers how many did. */
export async function adoptClaims(
  tx: Tx,
  work: {
    adoptions: readonly {
      id: string;
      nicId: string;
      serverId: string;
      accountId: string;
      mac: string | null;
      serverName: string;
    }[];
    now: Date;
  },
): Promise<number> {
  if (work.adoptions.length === 0) return 0;
  const { numAffectedRows } = await sql`
    UPDATE claims SET nic_id = a."nicId", server_id = a."serverId", account_id = a."accountId", mac = a.mac,
      server_name = a."serverName", expires_at = NULL, updated_at = ${work.now.toISOString()}
    FROM json_to_recordset(${JSON.stringify(work.adoptions)}::json)
      AS a(id uuid, "nicId" uuid, "serverId" uuid, "accountId" uuid, mac macaddr, "serverName" text)
    WHERE claims.id = a.id AND claims.ended_at IS NULL AND claims.nic_id IS NULL`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

export interface NewRecord {
  readonly spaceId: string;
  readonly ip: string;
  readonly network: { readonly id: string; readonly name: string };
  readonly accountId: string;
  readonly serverId: string;
  readonly serverName: string;
  readonly nicId: string;
  readonly mac: string | null;
  readonly shared: boolean;
  /** The claim of another NIC of the server that this one follows. */
  readonly follows: string | null;
}

/** Makes records that a person asks for; one that follows another takes over its key, its holder and where it came from. Answers how many. */
export async function insertRecords(
  tx: Tx,
  work: { records: readonly NewRecord[]; now: Date },
): Promise<number> {
  let made = 0;
  for (let start = 0; start < work.records.length; start += 5000) {
    const rows = work.records.slice(start, start + 5000).map((record) => ({
      ...record,
      networkId: record.network.id,
      networkName: record.network.name,
    }));
    const { numAffectedRows } = await sql`
      INSERT INTO claims (space_id, ip, network_id, account_id, server_id, nic_id, mac, source, shared, key, holder, network_name,
        server_name, started_at)
      SELECT r."spaceId", r.ip, r."networkId", r."accountId", r."serverId", r."nicId", r.mac,
        CASE WHEN c.key IS NULL THEN 'manual' ELSE c.source END, r.shared, c.key, c.holder, r."networkName", r."serverName",
        ${work.now.toISOString()}
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r("spaceId" uuid, ip inet, "networkId" uuid, "accountId" uuid,
        "serverId" uuid, "nicId" uuid, mac macaddr, shared boolean, "networkName" text, "serverName" text, follows uuid)
      LEFT JOIN claims c ON c.id = r.follows
      ON CONFLICT DO NOTHING`.execute(tx);
    made += Number(numAffectedRows ?? 0n);
  }
  return made;
}

/** The servers that report one of these addresses: they may have it once it is let go of. */
export async function findReporters(
  db: Queries,
  addresses: readonly { spaceId: string; ip: string }[],
): Promise<string[]> {
  if (addresses.length === 0) return [];
  const { rows } = await sql<{ server_id: string }>`
    SELECT DISTINCT o.server_id FROM unnest(${addresses.map((one) => one.spaceId)}::uuid[],
      ${addresses.map((one) => one.ip)}::inet[]) AS a(space_id, ip)
    JOIN sightings o ON o.space_id = a.space_id AND o.ip = a.ip AND o.ended_at IS NULL AND o.candidate`.execute(
    db,
  );
  return rows.map((row) => row.server_id);
}

/** One line of the audit trail for each server. */
export async function recordFixes(
  tx: Tx,
  work: {
    actor: string;
    servers: readonly { id: string; name: string; changes: readonly unknown[] }[];
  },
): Promise<void> {
  if (work.servers.length === 0) return;
  await sql`
    INSERT INTO events (actor, action, object_kind, object_id, object_name, after)
    SELECT ${work.actor}, 'fix_nics', 'server', e.id, e.name, json_build_object('changes', e.changes)::jsonb
    FROM json_to_recordset(${JSON.stringify(work.servers)}::json) AS e(id uuid, name text, changes json)`.execute(
    tx,
  );
}
