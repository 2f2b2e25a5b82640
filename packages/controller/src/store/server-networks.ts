import { sql } from 'kysely';
import type { Queries, Tx } from './database.ts';

/** A network as a server to be needs it. */
export interface NetworkOfServer {
  readonly id: string;
  readonly name: string;
  readonly spaceId: string;
  readonly family: 4 | 6;
  readonly start: string;
  readonly prefixLength: number;
  readonly gateway: string | null;
  readonly dns: readonly string[];
  readonly domain: string | null;
  readonly ntp: readonly string[];
  readonly companionId: string | null;
  /** It gives addresses out at all. */
  readonly gives: boolean;
}

const columns = sql`n.id, n.name, n.space_id AS "spaceId", n.family, host(lower(n.span)) AS start, masklen(n.cidr) AS "prefixLength",
  host(n.gateway) AS gateway, (SELECT coalesce(json_agg(host(d.ip) ORDER BY d.nr), '[]') FROM unnest(n.dns) WITH ORDINALITY d(ip, nr)) AS dns,
  n.domain, to_jsonb(n.ntp) AS ntp, n.companion_id AS "companionId", n.giving <> '{}' AS gives`;

/** These networks and their companions. */
export async function findNetworksOfServers(
  db: Queries,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NetworkOfServer>> {
  const { rows } = await sql<NetworkOfServer>`
    SELECT ${columns} FROM networks n WHERE n.id = ANY(${[...ids]}::uuid[])
      OR n.id IN (SELECT companion_id FROM networks WHERE id = ANY(${[...ids]}::uuid[]))`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Networks that have a tag, any value of it or this one; those that give addresses first, then by name. */
export async function findNetworksTagged(
  db: Queries,
  tag: { key: string; value: string | null },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM networks WHERE tags ? ${tag.key} AND (${tag.value}::text IS NULL OR tags ->> ${tag.key} = ${tag.value})
    ORDER BY giving = '{}', name, id`.execute(db);
  return rows.map((row) => row.id);
}

/** The networks of a wire, those whose primary it is first; such as give addresses before others. */
export async function findNetworksOfWire(db: Queries, wireId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT n.id FROM network_wires w JOIN networks n ON n.id = w.network_id
    WHERE w.wire_id = ${wireId} AND w.origin IN ('primary', 'declared', 'detected')
    ORDER BY n.giving = '{}', w.origin <> 'primary', n.family, n.name, n.id`.execute(db);
  return rows.map((row) => row.id);
}

/** A server of an account in a folder that has one of these names, if there is one. */
export async function findNameInFolder(
  db: Queries,
  place: { accountId: string; datacenter: string | null; folder: string | null; names: readonly string[] },
): Promise<{ id: string; name: string } | null> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM servers WHERE account_id = ${place.accountId} AND missing_since IS NULL
      AND name = ANY(${[...place.names]}) AND datacenter IS NOT DISTINCT FROM ${place.datacenter}
      AND folder IS NOT DISTINCT FROM ${place.folder} ORDER BY name LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

/** The name of these, if there is one, that a server has which is being made in the folder, by its managed object id. */
export async function findNameBeingMade(
  db: Queries,
  place: { accountId: string; folder: string; names: readonly string[] },
): Promise<{ id: null; name: string } | null> {
  const { rows } = await sql<{ name: string }>`
    SELECT server_name AS name FROM operations
    WHERE account_id = ${place.accountId} AND kind = 'create_server' AND state IN ('queued', 'running')
      AND server_name = ANY(${[...place.names]}) AND facts #>> '{preferred,folder}' = ${place.folder}
    ORDER BY 1 LIMIT 1`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { id: null, name: row.name };
}

/** Ties a request's key to the operation that it began: sent again, it is answered with that. False where another has the key by now. */
export async function keepOperationOfKey(
  tx: Tx,
  request: { actor: string; key: string; operationId: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE idempotency_keys SET operation_id = ${request.operationId}
    WHERE actor = ${request.actor} AND key = ${request.key} AND operation_id IS NULL`.execute(tx);
  return numAffectedRows === 1n;
}

/** The network that each of these claims is of now. */
export async function findNetworksOfClaims(
  db: Queries,
  claimIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; networkId: string }>`
    SELECT id, network_id AS "networkId" FROM claims
    WHERE id = ANY(${[...claimIds]}::uuid[]) AND ended_at IS NULL AND network_id IS NOT NULL`.execute(db);
  return new Map(rows.map((row) => [row.id, row.networkId]));
}

/** The managed object id of a host in vCenter. */
export async function findMorefOfHost(db: Queries, id: string): Promise<string | null> {
  const { rows } = await sql<{ moref: string }>`SELECT moref FROM hosts WHERE id = ${id}`.execute(db);
  return rows[0]?.moref ?? null;
}
