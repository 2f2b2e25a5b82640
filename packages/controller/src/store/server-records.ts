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
