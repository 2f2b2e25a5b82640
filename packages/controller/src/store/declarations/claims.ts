import type { Holder } from '@wirebook/contract';
import { sql } from 'kysely';
import type { Queries, Tx } from '../database.ts';
import type { ClaimSource } from '../tables.ts';

/** How many rows go into one statement. */
const AT_ONCE = 5000;

function* portions<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += AT_ONCE) yield rows.slice(start, start + AT_ONCE);
}

/** A claim that lives on an address, as far as a document can say something of it. */
export interface ClaimSeen {
  readonly id: string;
  readonly spaceId: string;
  readonly ip: string;
  readonly networkId: string;
  readonly nicId: string | null;
  readonly source: ClaimSource;
  readonly shared: boolean;
  readonly key: string | null;
  /** Null where nothing is said of whoever has it. */
  readonly holder: Holder | null;
  readonly expiresAt: string | null;
  /** Who has it, for a person to read. */
  readonly who: string;
}

/** The holder of the claim `c` as documents have it; one of whom nothing is said is none. */
export const holderSaid = sql`CASE WHEN concat(c.holder->>'name', c.holder->>'owner', c.holder->>'mac', c.holder->>'note') <> '' THEN
  json_build_object('name', coalesce(c.holder->>'name', ''), 'owner', nullif(c.holder->>'owner', ''),
    'mac', c.holder->>'mac', 'note', coalesce(c.holder->>'note', '')) END`;

/** All claims that live on these addresses. */
export async function findClaimsSeen(
  db: Queries,
  addresses: readonly { spaceId: string; ip: string }[],
): Promise<ClaimSeen[]> {
  const found: ClaimSeen[] = [];
  for (const portion of portions(addresses)) {
    const { rows } = await sql<ClaimSeen>`
      SELECT c.id, c.space_id AS "spaceId", host(c.ip) AS ip, c.network_id AS "networkId", c.nic_id AS "nicId", c.source,
        c.shared, c.key, rfc3339(c.expires_at) AS "expiresAt",
        ${holderSaid} AS holder,
        coalesce(s.name, c.server_name, nullif(c.holder->>'name', ''), nullif(c.holder->>'owner', ''), c.key,
          nullif(c.holder->>'note', ''), '-') AS who
      FROM unnest(${portion.map((one) => one.spaceId)}::uuid[], ${portion.map((one) => one.ip)}::inet[]) AS a(space_id, ip)
      JOIN claims c ON c.space_id = a.space_id AND c.ip = a.ip AND c.ended_at IS NULL
      LEFT JOIN servers s ON s.id = c.server_id`.execute(db);
    found.push(...rows);
  }
  return found;
}

/** The live claims of these networks that have a key. */
export async function findKeysSeen(
  db: Queries,
  networkIds: readonly string[],
): Promise<{ id: string; networkId: string; key: string; ip: string }[]> {
  const { rows } = await sql<{ id: string; networkId: string; key: string; ip: string }>`
    SELECT id, network_id AS "networkId", key, host(ip) AS ip FROM claims
    WHERE network_id = ANY(${[...networkIds]}::uuid[]) AND ended_at IS NULL AND key IS NOT NULL`.execute(db);
  return rows;
}

/** A NIC that has an address, or is to have one. */
export interface NicSeen {
  readonly nicId: string;
  readonly mac: string | null;
  readonly deviceKey: number;
  readonly serverId: string;
  readonly serverName: string;
  readonly accountId: string;
}

export interface NicAsked {
  /** Its place among those asked for. */
  readonly nr: number;
  readonly accountId: string;
  readonly server: string | null;
  readonly moref: string | null;
  readonly name: string | null;
  readonly mac: string | null;
}

/** How surely a server is the one that is meant: by its UUID, else by its managed object id and name, else by its name. */
export type Certainty = 1 | 2 | 3;

/** The NICs, present ones alone, of every server that may be meant. A server without any has one row of nulls. */
export async function findNicsAsked(
  db: Queries,
  asked: readonly NicAsked[],
): Promise<(Omit<NicSeen, 'nicId'> & { nr: number; certainty: Certainty; nicId: string | null })[]> {
  const found: Awaited<ReturnType<typeof findNicsAsked>> = [];
  for (const portion of portions(asked)) {
    const { rows } = await sql<(typeof found)[number]>`
      WITH asked AS MATERIALIZED (
        SELECT * FROM json_to_recordset(${JSON.stringify(portion)}::json)
          AS a(nr integer, "accountId" uuid, server text, moref text, name text)),
      meant AS MATERIALIZED (
        SELECT a.nr, s.id, 1 AS certainty FROM asked a JOIN servers s ON s.instance_uuid = a.server AND s.account_id = a."accountId"
        UNION ALL
        SELECT a.nr, s.id, 2 FROM asked a JOIN servers s ON s.account_id = a."accountId" AND s.moref = a.moref AND s.name = a.name
        UNION ALL
        SELECT a.nr, s.id, 3 FROM asked a JOIN servers s ON s.name = a.name AND s.account_id = a."accountId")
      SELECT m.nr, m.certainty, i.id AS "nicId", i.mac::text AS mac, i.device_key AS "deviceKey", s.id AS "serverId",
        s.name AS "serverName", s.account_id AS "accountId"
      FROM meant m JOIN servers s ON s.id = m.id AND s.missing_since IS NULL
      LEFT JOIN nics i ON i.server_id = s.id AND i.missing_since IS NULL
      ORDER BY m.nr, m.certainty, s.id, i.position`.execute(db);
    for (const row of rows) found.push(row);
  }
  return found;
}

/** What a document says of a claim. */
export interface ClaimSaid {
  readonly source: 'manual' | 'allocated';
  readonly key: string | null;
  readonly holder: Holder | null;
  /** RFC 3339; null also for those with a NIC, which end no more by themselves. */
  readonly expiresAt: string | null;
  readonly nic: NicSeen | null;
}

export interface ClaimToMake extends ClaimSaid {
  readonly id: string;
  readonly spaceId: string;
  readonly ip: string;
  readonly network: { readonly id: string; readonly name: string };
  readonly shared: boolean;
}

function columnsOf({ nic, holder, key, source, expiresAt }: ClaimSaid): Record<string, unknown> {
  return {
    source,
    key,
    holder,
    expires_at: expiresAt,
    mac: nic === null ? (holder?.mac ?? null) : nic.mac,
    nic_id: nic?.nicId ?? null,
    server_id: nic?.serverId ?? null,
    server_name: nic?.serverName ?? null,
    account_id: nic?.accountId ?? null,
  };
}

/** Makes claims; answers how many. One that is lacking went to somebody else at the same moment. */
export async function makeClaims(tx: Tx, claims: readonly ClaimToMake[], now: Date): Promise<number> {
  let made = 0;
  for (const portion of portions(claims)) {
    const rows = portion.map((claim) => ({
      ...columnsOf(claim),
      id: claim.id,
      space_id: claim.spaceId,
      ip: claim.ip,
      network_id: claim.network.id,
      network_name: claim.network.name,
      shared: claim.shared,
    }));
    const { numAffectedRows } = await sql`
      INSERT INTO claims (id, space_id, ip, network_id, network_name, shared, source, key, holder, expires_at, mac, nic_id,
        server_id, server_name, account_id, started_at)
      SELECT id, space_id, ip, network_id, network_name, shared, source, key, holder, expires_at, mac, nic_id, server_id,
        server_name, account_id, ${now.toISOString()}
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, space_id uuid, ip inet, network_id uuid,
        network_name text, shared boolean, source text, key text, holder jsonb, expires_at timestamptz, mac macaddr, nic_id uuid,
        server_id uuid, server_name text, account_id uuid)
      ON CONFLICT DO NOTHING`.execute(tx);
    made += Number(numAffectedRows ?? 0n);
  }
  return made;
}

/** Writes anew where claims came from, who has them and until when. */
export async function rewriteClaims(
  tx: Tx,
  claims: readonly (ClaimSaid & { readonly id: string })[],
  now: Date,
): Promise<void> {
  // All keys are let go of first: two claims may change theirs for one another's.
  for (const portion of portions(claims))
    await sql`
      UPDATE claims SET key = NULL WHERE id = ANY(${portion.map(({ id }) => id)}::uuid[]) AND ended_at IS NULL
        AND key IS NOT NULL`.execute(tx);
  for (const portion of portions(claims)) {
    const rows = portion.map((claim) => ({ ...columnsOf(claim), id: claim.id }));
    await sql`
      UPDATE claims SET source = r.source, key = r.key, holder = r.holder, expires_at = r.expires_at, mac = r.mac,
        nic_id = r.nic_id, server_id = r.server_id, server_name = r.server_name, account_id = r.account_id,
        absent_since_run = NULL, updated_at = ${now.toISOString()}
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(id uuid, source text, key text, holder jsonb,
        expires_at timestamptz, mac macaddr, nic_id uuid, server_id uuid, server_name text, account_id uuid)
      WHERE claims.id = r.id AND claims.ended_at IS NULL`.execute(tx);
  }
}

/** Addresses of these spaces that several have on purpose, as `spaceId ip`. */
export async function findSharedSeen(db: Queries, spaceIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ address: string }>`
    SELECT space_id || ' ' || host(ip) AS address FROM shared_addresses
    WHERE space_id = ANY(${[...spaceIds]}::uuid[])`.execute(db);
  return new Set(rows.map((row) => row.address));
}

/** Conflicts that last and wait for a decision, or are decided for the holder, by whom the address is claimed. */
export async function findLastingConflicts(
  db: Queries,
  claimants: readonly { spaceId: string; ip: string; nicId: string }[],
): Promise<{ id: string; spaceId: string; ip: string; nicId: string; kept: boolean }[]> {
  const found: Awaited<ReturnType<typeof findLastingConflicts>> = [];
  for (const portion of portions(claimants)) {
    const { rows } = await sql<(typeof found)[number]>`
      SELECT x.id, x.space_id AS "spaceId", host(x.ip) AS ip, x.nic_id AS "nicId", x.resolution = 'keep' IS TRUE AS kept
      FROM json_to_recordset(${JSON.stringify(portion)}::json) AS c("spaceId" uuid, ip inet, "nicId" uuid)
      JOIN conflicts x ON x.space_id = c."spaceId" AND x.ip = c.ip AND x.nic_id = c."nicId" AND x.ended_at IS NULL`.execute(
      db,
    );
    found.push(...rows);
  }
  return found;
}
