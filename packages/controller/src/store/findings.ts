import { type Finding, type FindingKind, findingKinds } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from './database.ts';
import { findingQueries } from './finding-kinds.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import type { StatusDetail } from './tables.ts';
import { containing, refOf, type Viewed } from './views.ts';

/** What beside the columns a kind has to tell. */
export interface FindingParams {
  readonly vlans?: Finding['vlans'];
  readonly ranges?: string | null;
  readonly configured?: number;
  readonly leased?: number;
  readonly servers?: number;
  readonly moved?: number;
  readonly total?: number;
  readonly contradictions?: StatusDetail[];
  readonly source?: 'manual' | 'allocated';
}
/** A finding as computed: the words are put to it in the reader's language. */
export type StoredFinding = Omit<Finding, 'text' | 'remedy' | 'vlans'> & { params: FindingParams | null };

export interface FindingFilter extends ListPosition {
  readonly id?: string | undefined;
  readonly kinds?: readonly FindingKind[] | undefined;
  readonly accountId?: string | undefined;
  readonly spaceId?: string | undefined;
  readonly serverId?: string | undefined;
  readonly networkId?: string | undefined;
  readonly wireId?: string | undefined;
  /** A part of a name, an address or a MAC; and the canonical MAC if it is one. */
  readonly q?: { readonly text: string; readonly mac: string | null } | undefined;
}

/** Findings of some kinds. Their ids are made of what they are about (RFC 9562, version 8): the same in every answer. */
function findingsOf(kinds: readonly FindingKind[]): RawBuilder<unknown> {
  const queries = kinds.map((kind) => findingQueries[kind]);
  return sql`(SELECT b.*, overlay(overlay(md5(b.kind || ' ' || b.key) placing '8' from 13) placing '8' from 17)::uuid AS id
    FROM (${sql.join(queries, sql` UNION ALL `)}) b(kind, key, account_id, space_id, server_id, nic_id, network_id, wire_id, ip,
      expected, found, params, since)) f`;
}

const item = sql<
  Viewed<StoredFinding>
>`json_build_object('id', f.id, 'createdAt', rfc3339(f.since), 'updatedAt', rfc3339(f.since),
  'kind', f.kind, 'account', ${refOf('a')}, 'space', ${refOf('s')}, 'server', ${refOf('sv')},
  'nic', CASE WHEN n.id IS NULL THEN NULL ELSE json_build_object('id', n.id, 'name', n.label, 'mac', n.mac::text) END,
  'network', ${refOf('nw')}, 'wire', ${refOf('w')}, 'ip', host(f.ip), 'expected', f.expected, 'found', f.found,
  'params', f.params) AS item`;

export async function listFindings(db: Queries, filter: FindingFilter): Promise<Page<StoredFinding>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.id !== undefined) where.push(sql`f.id = ${filter.id}`);
  if (filter.accountId !== undefined) where.push(sql`f.account_id = ${filter.accountId}`);
  if (filter.spaceId !== undefined) where.push(sql`f.space_id = ${filter.spaceId}`);
  if (filter.serverId !== undefined) where.push(sql`f.server_id = ${filter.serverId}`);
  if (filter.networkId !== undefined) where.push(sql`f.network_id = ${filter.networkId}`);
  if (filter.wireId !== undefined) where.push(sql`f.wire_id = ${filter.wireId}`);
  if (filter.q !== undefined) {
    const part = containing(filter.q.text);
    const meanings = ['sv.name', 'nw.name', 'w.name'].map((name) => sql`${sql.ref(name)} ILIKE ${part}`);
    meanings.push(sql`host(f.ip) LIKE ${part}`);
    if (filter.q.mac !== null) meanings.push(sql`n.mac = ${filter.q.mac}::macaddr`);
    where.push(sql`(${sql.join(meanings, sql` OR `)})`);
  }
  return unwrap(
    await listRows<Viewed<StoredFinding>>(db, {
      select: item,
      from: sql`${findingsOf(filter.kinds ?? findingKinds)} JOIN cloud_accounts a ON a.id = f.account_id
        JOIN address_spaces s ON s.id = f.space_id LEFT JOIN servers sv ON sv.id = f.server_id
        LEFT JOIN nics n ON n.id = f.nic_id LEFT JOIN networks nw ON nw.id = f.network_id
        LEFT JOIN wires w ON w.id = f.wire_id`,
      id: sql`f.id`,
      where,
      sorts: {
        kind: { by: sql`f.kind`, type: 'text' },
        server: { by: sql`coalesce(sv.name, '')`, type: 'text' },
        ip: { by: sql`coalesce(f.ip, inet '0.0.0.0')`, type: 'inet' },
        createdAt: { by: sql`f.since`, type: 'timestamptz' },
      },
      defaultSort: 'kind,server,ip',
      limit: filter.limit,
      cursor: filter.cursor,
      sort: filter.sort,
    }),
  );
}

export async function countFindings(
  db: Queries,
  filter: { accountId?: string | undefined; spaceId?: string | undefined },
): Promise<{ kind: FindingKind; findings: number }[]> {
  const where = [sql`true`];
  if (filter.accountId !== undefined) where.push(sql`f.account_id = ${filter.accountId}`);
  if (filter.spaceId !== undefined) where.push(sql`f.space_id = ${filter.spaceId}`);
  const { rows } = await sql<{ kind: FindingKind; findings: number }>`
    SELECT f.kind, count(*) AS findings FROM ${findingsOf(findingKinds)}
    WHERE ${sql.join(where, sql` AND `)} GROUP BY f.kind ORDER BY 2 DESC, 1`.execute(db);
  return rows;
}
