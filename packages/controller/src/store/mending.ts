import type { ReasonCode } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { WideningNetwork } from '../domain/widening.ts';
import type { Queries, Tx } from './database.ts';
import { readSpan } from './spans.ts';
import type { StatusDetail, WireOrigin } from './tables.ts';

/** What mending many NICs at once asks of the database. */

/** Which reasons to look at. */
export interface ReasonSelection {
  readonly codes?: readonly ReasonCode[] | undefined;
  readonly accountId?: string | undefined;
  readonly wireIds?: readonly string[] | undefined;
  readonly networkIds?: readonly string[] | undefined;
  readonly nicIds?: readonly string[] | undefined;
}

/** A reason that Wirebook itself may mend: an address of a NIC that a network could have. */
export interface MendableReason {
  readonly nicId: string;
  readonly wireId: string;
  readonly spaceId: string;
  readonly code: 'other_wire' | 'outside_range';
  /** Canonical. */
  readonly ip: string;
  readonly networkId: string;
}

const present = sql`nic_reasons r JOIN nics n ON n.id = r.nic_id AND n.missing_since IS NULL
  JOIN servers sv ON sv.id = n.server_id AND sv.missing_since IS NULL`;
const mendable = sql`r.code IN ('other_wire', 'outside_range') AND r.ip IS NOT NULL AND r.network_id IS NOT NULL
  AND n.wire_id IS NOT NULL`;

function selected(selection: ReasonSelection): RawBuilder<unknown> {
  const where = [sql`true`];
  const { codes, accountId, wireIds, networkIds, nicIds } = selection;
  if (codes !== undefined) where.push(sql`r.code = ANY(${[...codes]}::text[])`);
  if (accountId !== undefined) where.push(sql`n.account_id = ${accountId}`);
  if (wireIds !== undefined) where.push(sql`n.wire_id = ANY(${[...wireIds]}::uuid[])`);
  if (networkIds !== undefined) where.push(sql`r.network_id = ANY(${[...networkIds]}::uuid[])`);
  if (nicIds !== undefined) where.push(sql`n.id = ANY(${[...nicIds]}::uuid[])`);
  return sql.join(where, sql` AND `);
}

/** The spaces that mending these reasons concerns. */
export async function findMendableSpaces(db: Queries, selection: ReasonSelection): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT r.space_id AS id FROM ${present} WHERE ${mendable} AND ${selected(selection)}`.execute(
    db,
  );
  return rows.map((row) => row.id);
}

export async function findMendable(
  tx: Tx,
  selection: ReasonSelection,
  spaceIds: readonly string[],
): Promise<MendableReason[]> {
  const { rows } = await sql<MendableReason>`
    SELECT n.id AS "nicId", n.wire_id AS "wireId", r.space_id AS "spaceId", r.code, host(r.ip) AS ip, r.network_id AS "networkId"
    FROM ${present} WHERE ${mendable} AND ${selected(selection)} AND r.space_id = ANY(${[...spaceIds]}::uuid[])
    ORDER BY r.network_id, r.ip, n.id`.execute(tx);
  return rows;
}

/** How many NICs have each of these reasons, the most frequent first. */
export async function countReasons(
  db: Queries,
  selection: ReasonSelection,
): Promise<{ code: ReasonCode; nics: number }[]> {
  const { rows } = await sql<{ code: ReasonCode; nics: number }>`
    SELECT r.code, count(DISTINCT n.id) AS nics FROM ${present} WHERE ${selected(selection)}
    GROUP BY r.code ORDER BY 2 DESC, 1`.execute(db);
  return rows;
}

export interface NetworkLink {
  readonly networkId: string;
  readonly networkName: string;
  readonly wireId: string;
  readonly wireName: string;
  readonly origin: WireOrigin | null;
  readonly contradictions: StatusDetail[];
}

/** What these wires are to these networks, each pair once. */
export async function findLinks(
  db: Queries,
  pairs: readonly { networkId: string; wireId: string }[],
): Promise<NetworkLink[]> {
  const { rows } = await sql<NetworkLink>`
    SELECT p."networkId", nw.name AS "networkName", p."wireId", w.name AS "wireName", l.origin,
      coalesce(l.contradiction, '[]') AS contradictions
    FROM (SELECT DISTINCT * FROM json_to_recordset(${JSON.stringify(pairs)}::json) AS r("networkId" uuid, "wireId" uuid)) p
    JOIN networks nw ON nw.id = p."networkId" JOIN wires w ON w.id = p."wireId"
    LEFT JOIN network_wires l ON l.network_id = p."networkId" AND l.wire_id = p."wireId"
    ORDER BY nw.name, w.name, p."networkId", p."wireId"`.execute(db);
  return rows;
}

/** Every range that lies in the prefix of one of these networks, their own among them. */
export async function findRangesAround(
  db: Queries,
  networkIds: readonly string[],
): Promise<(WideningNetwork & { name: string })[]> {
  const { rows } = await sql<{ id: string; name: string; spaceId: string; span: string }>`
    SELECT DISTINCT x.id, x.name, x.space_id AS "spaceId", x.span::text AS span
    FROM networks n JOIN networks x ON x.space_id = n.space_id
      AND x.span && inetrange(host(n.cidr)::inet, host(broadcast(n.cidr))::inet, '[]')
    WHERE n.id = ANY(${[...networkIds]}::uuid[]) ORDER BY x.id`.execute(db);
  return rows.map(({ span, ...row }) => ({ ...row, ...readSpan(span) }));
}

/** Those of the addresses that are the NIC's by now, as `nic ip`. */
export async function findSettled(
  db: Queries,
  wanted: readonly { nicId: string; ip: string }[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    SELECT c.nic_id || ' ' || host(c.ip) AS key
    FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS w("nicId" uuid, ip inet)
    JOIN claims c ON c.nic_id = w."nicId" AND c.ip = w.ip AND c.ended_at IS NULL`.execute(db);
  return new Set(rows.map((row) => row.key));
}

/** The first of these NICs that there is none of; null where all are known. */
export async function findUnknownNic(db: Queries, ids: readonly string[]): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM unnest(${[...ids]}::uuid[]) AS id WHERE NOT EXISTS (SELECT FROM nics n WHERE n.id = id.id) LIMIT 1`.execute(
    db,
  );
  return rows[0]?.id ?? null;
}
