import { sql } from 'kysely';
import type { Queries, Tx } from './database.ts';

/** Claims, servers and NICs as those see them who make, change and remove servers. */

/** Live claims with one of these ids, or of one server or NIC; those of holds whose time is over too. */
export async function findLiveClaims(
  db: Queries,
  which: { ids: readonly string[] } | { serverId: string } | { nicId: string },
): Promise<{ id: string; spaceId: string }[]> {
  const of =
    'ids' in which
      ? sql`id = ANY(${[...which.ids]}::uuid[])`
      : 'nicId' in which
        ? sql`nic_id = ${which.nicId}`
        : sql`server_id = ${which.serverId}`;
  const { rows } = await sql<{ id: string; spaceId: string }>`
    SELECT id, space_id AS "spaceId" FROM claims WHERE ${of} AND ended_at IS NULL ORDER BY id`.execute(db);
  return rows;
}

export interface BindableClaim {
  id: string;
  ip: string;
  nicId: string | null;
  live: boolean;
}

/** These claims, held until the transaction ends: a mere hold is taken back without anything else being held. */
export async function holdClaims(tx: Tx, ids: readonly string[]): Promise<BindableClaim[]> {
  const { rows } = await sql<BindableClaim>`
    SELECT id, host(ip) AS ip, nic_id AS "nicId", ended_at IS NULL AS live FROM claims
    WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`.execute(tx);
  return rows;
}

export interface ServerFacts {
  id: string;
  accountId: string;
  name: string;
  moref: string;
  missing: boolean;
  nics: { id: string; deviceKey: number; mac: string | null; missing: boolean }[];
}

export async function findServerFacts(db: Queries, id: string): Promise<ServerFacts | null> {
  const { rows } = await sql<ServerFacts>`
    SELECT id, account_id AS "accountId", name, moref, missing_since IS NOT NULL AS missing,
      (SELECT coalesce(json_agg(json_build_object('id', n.id, 'deviceKey', n.device_key, 'mac', n.mac,
          'missing', n.missing_since IS NOT NULL) ORDER BY n.position, n.id), '[]')
        FROM nics n WHERE n.server_id = s.id) AS nics
    FROM servers s WHERE id = ${id}`.execute(db);
  return rows[0] ?? null;
}

/** Ends the conflicts that these NICs or claims are in. */
export async function endConflicts(
  tx: Tx,
  work: { nicIds: readonly string[]; claimIds: readonly string[]; now: Date },
): Promise<void> {
  const at = work.now.toISOString();
  await sql`
    UPDATE conflicts SET ended_at = greatest(${at}, started_at), updated_at = ${at}
    WHERE ended_at IS NULL
      AND (nic_id = ANY(${[...work.nicIds]}::uuid[]) OR claim_id = ANY(${[...work.claimIds]}::uuid[]))`.execute(
    tx,
  );
}

/** Networks by id, with their names. */
export async function findNetworkNames(
  db: Queries,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM networks WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY name, id`.execute(db);
  return rows;
}

/**
 * Of these claims those whose network isn't on this wire become holds for their server, also those that Tools made: they last, and are no
 * evidence of which wires their network has.
 */
export async function keepClaims(
  tx: Tx,
  work: { claimIds: readonly string[]; wireId: string; now: Date },
): Promise<void> {
  await sql`
    UPDATE claims SET source = CASE source WHEN 'tools' THEN 'manual' ELSE source END, nic_id = NULL, absent_since_run = NULL,
      contradicted_by = '{}', updated_at = ${work.now.toISOString()},
      holder = coalesce(holder, jsonb_build_object('name', coalesce(server_name, ''), 'owner', NULL, 'mac', mac, 'note', ''))
    WHERE id = ANY(${[...work.claimIds]}::uuid[]) AND ended_at IS NULL AND nic_id IS NOT NULL AND NOT shared
      AND NOT EXISTS (SELECT FROM network_wires w WHERE w.space_id = claims.space_id AND w.network_id = claims.network_id
        AND w.wire_id = ${work.wireId} AND w.origin IN ('primary', 'declared', 'detected'))`.execute(tx);
}

/** The way back to this NIC, and to where they came from. Answers the servers that have them. */
export async function unkeepClaims(
  tx: Tx,
  work: { claims: readonly { claimId: string; source: string }[]; nicId: string; now: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    UPDATE claims SET source = f.source, nic_id = ${work.nicId}, updated_at = ${work.now.toISOString()},
      holder = CASE f.source WHEN 'tools' THEN NULL ELSE holder END
    FROM json_to_recordset(${JSON.stringify(work.claims)}::json) AS f("claimId" uuid, source text)
    WHERE claims.id = f."claimId" AND ended_at IS NULL AND server_id IS NOT NULL
      AND coalesce(nic_id, ${work.nicId}) = ${work.nicId}
    RETURNING server_id AS id`.execute(tx);
  return [...new Set(rows.map(({ id }) => id))];
}

/** Takes live claims off their NICs: what is left is that somebody has the addresses. */
export async function unbindClaims(tx: Tx, work: { claimIds: readonly string[]; now: Date }): Promise<void> {
  await sql`
    UPDATE claims SET nic_id = NULL, updated_at = ${work.now.toISOString()}
    WHERE id = ANY(${[...work.claimIds]}::uuid[]) AND ended_at IS NULL AND nic_id IS NOT NULL`.execute(tx);
}

/** Forgets that a NIC used these addresses on other wires than their networks' own. */
export async function forgetEvidence(
  tx: Tx,
  work: { nicId: string; networkIds: readonly string[]; ips: readonly string[] },
): Promise<void> {
  await sql`
    UPDATE network_wires l SET evidence = (
      SELECT coalesce(jsonb_agg(e), '[]') FROM jsonb_array_elements(l.evidence) e
      WHERE e ->> 'nicId' <> ${work.nicId} OR NOT e ->> 'ip' = ANY(${[...work.ips]}::text[]))
    WHERE network_id = ANY(${[...work.networkIds]}::uuid[]) AND origin IN ('declared', 'detected', 'suggested')
      AND evidence @> ${JSON.stringify([{ nicId: work.nicId }])}::jsonb`.execute(tx);
}

export async function findSpacesOfNetworks(db: Queries, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT space_id AS id FROM networks WHERE id = ANY(${[...ids]}::uuid[])`.execute(db);
  return rows.map(({ id }) => id);
}
