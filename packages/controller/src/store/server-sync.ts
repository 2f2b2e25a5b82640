import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** What the sync of single servers asks of the inventory, and what tells a run that another wrote meanwhile. */

/** A server as its row stands. */
export interface ServerRow {
  id: string;
  identity: string;
  moref: string;
  digest: string;
  missing: boolean;
  name: string;
}

/** The servers of an account with one of these ids, identities, or managed object ids. */
export async function loadServersAt(
  db: Queries,
  at: {
    accountId: string;
    ids?: readonly string[];
    identities?: readonly string[];
    morefs?: readonly string[];
  },
): Promise<ServerRow[]> {
  const { accountId, ids = [], identities = [], morefs = [] } = at;
  const columns = sql`id, identity, moref, digest, missing_since IS NOT NULL AS missing, name`;
  const { rows } = await sql<ServerRow>`
    SELECT ${columns} FROM servers WHERE account_id = ${accountId} AND id = ANY(${[...ids]}::uuid[])
    UNION SELECT ${columns} FROM servers WHERE account_id = ${accountId} AND identity = ANY(${[...identities]}::text[])
    UNION SELECT ${columns} FROM servers WHERE account_id = ${accountId} AND moref = ANY(${[...morefs]}::text[])`.execute(
    db,
  );
  return rows;
}

/** The hosts of an account that are there. */
export async function loadPresentHosts(
  db: Queries,
  accountId: string,
): Promise<{ id: string; moref: string; cluster: string | null }[]> {
  const { rows } = await sql<{ id: string; moref: string; cluster: string | null }>`
    SELECT id, moref, cluster FROM hosts WHERE account_id = ${accountId} AND missing_since IS NULL`.execute(
    db,
  );
  return rows;
}

/** A wire as NICs find it. */
export interface WireRow {
  id: string;
  /** The port group id. */
  identity: string;
  moref: string | null;
  name: string;
  kind: 'standard' | 'distributed' | 'nsx';
  opaqueNetworkId: string | null;
  spaceId: string;
  missing: boolean;
}

export async function loadWireRows(db: Queries, accountId: string): Promise<WireRow[]> {
  const { rows } = await sql<WireRow>`
    SELECT id, port_group_id AS identity, moref, name, kind, space_id AS "spaceId", missing_since IS NOT NULL AS missing,
      CASE kind WHEN 'nsx' THEN observed ->> 'opaqueNetworkId' END AS "opaqueNetworkId"
    FROM wires WHERE account_id = ${accountId}`.execute(db);
  return rows;
}
