import type { Operation, OperationKindName, OperationState } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import type { Sentence } from './operations.ts';
import type { StatusDetail } from './tables.ts';
import { containing, refOf, stampsOf, type Viewed } from './views.ts';

/** An operation as stored: its sentences are put to words in the reader's language. */
export type StoredOperation = Omit<Operation, 'steps' | 'log' | 'warnings' | 'error' | 'left'> & {
  steps: (Omit<Operation['steps'][number], 'title' | 'detail'> & { detail: Sentence | null })[];
  /** The last lines. */
  log: { at: string; line: Sentence }[];
  warnings: Sentence[];
  error: StatusDetail | null;
  left: Sentence[];
  undoing: boolean;
};

const LOG_AT_MOST = 500;

/** Of an operation with parts its steps are the parts. */
const steps = sql`CASE o.kind WHEN 'create_servers' THEN
  (SELECT coalesce(json_agg(json_build_object('name', c.server_name,
      'state', CASE c.state WHEN 'queued' THEN 'pending' WHEN 'succeeded' THEN 'done' WHEN 'failed' THEN 'failed'
        WHEN 'running' THEN CASE WHEN c.undoing THEN 'undoing' ELSE 'running' END ELSE 'undone' END,
      'startedAt', rfc3339(c.started_at), 'endedAt', rfc3339(c.ended_at), 'detail', c.error) ORDER BY c.id), '[]')
    FROM operations c WHERE c.parent_id = o.id)
  ELSE (SELECT coalesce(json_agg(json_build_object('name', s.name, 'state', s.state, 'startedAt', rfc3339(s.started_at),
      'endedAt', rfc3339(s.ended_at), 'detail', s.detail) ORDER BY s.position), '[]')
    FROM operation_steps s WHERE s.operation_id = o.id) END`;

const progress = sql`CASE o.kind WHEN 'create_servers' THEN
  (SELECT json_build_object('done', count(*) FILTER (WHERE c.state NOT IN ('queued', 'running')), 'total', count(*))
    FROM operations c WHERE c.parent_id = o.id)
  ELSE (SELECT json_build_object('done', count(*) FILTER (WHERE s.state IN ('done', 'skipped')), 'total', count(*))
    FROM operation_steps s WHERE s.operation_id = o.id) END`;

const result = sql`(SELECT json_build_object('servers', json_agg(json_build_object(
      'server', json_build_object('id', p.server_id, 'name', p.server_name), 'operation', p.id, 'state', p.state,
      'addresses', (SELECT coalesce(json_agg(json_build_object('ip', host(a.ip),
          'network', CASE WHEN n.id IS NULL THEN NULL ELSE json_build_object('id', n.id, 'name', n.name) END,
          'mac', nic.mac::text,
          'wire', CASE WHEN w.id IS NULL THEN NULL ELSE json_build_object('id', w.id, 'name', w.name) END) ORDER BY a.position), '[]')
        FROM operation_addresses a LEFT JOIN networks n ON n.id = a.network_id
        LEFT JOIN claims c ON c.id = a.claim_id LEFT JOIN nics nic ON nic.id = c.nic_id
        LEFT JOIN wires w ON w.id = nic.wire_id
        WHERE a.operation_id = p.id)) ORDER BY p.id))
  FROM operations p WHERE (p.id = o.id AND o.kind <> 'create_servers' OR p.parent_id = o.id) AND p.server_name IS NOT NULL)`;

const item = sql<
  Viewed<StoredOperation>
>`json_build_object(${stampsOf('o')}, 'kind', o.kind, 'state', o.state, 'undoing', o.undoing,
  'account', CASE WHEN a.id IS NULL THEN NULL ELSE ${refOf('a')} END,
  'server', CASE WHEN o.server_name IS NULL THEN NULL ELSE json_build_object('id', o.server_id, 'name', o.server_name) END,
  'parent', o.parent_id, 'requestedBy', o.requested_by, 'steps', ${steps}, 'progress', ${progress},
  'log', (SELECT coalesce(json_agg(json_build_object('at', rfc3339(l.at), 'line', l.line) ORDER BY l.id), '[]')
    FROM (SELECT * FROM operation_log WHERE operation_id = o.id ORDER BY id DESC LIMIT ${sql.lit(LOG_AT_MOST)}) l),
  'warnings', o.warnings, 'error', o.error, 'left', o.remains, 'result', ${result},
  'cancelRequested', o.cancel_requested, 'startedAt', rfc3339(o.started_at), 'endedAt', rfc3339(o.ended_at)) AS item`;

export interface OperationFilter extends ListPosition {
  ids?: string[] | undefined;
  kind?: OperationKindName | undefined;
  state?: OperationState | undefined;
  accountId?: string | undefined;
  serverId?: string | undefined;
  parentId?: string | undefined;
  /** Also those that are part of another. */
  parts?: boolean | undefined;
  /** Part of the server's name. */
  q?: string | undefined;
}

export async function listOperations(db: Queries, filter: OperationFilter): Promise<Page<StoredOperation>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`o.id = ANY(${filter.ids}::uuid[])`);
  if (filter.kind !== undefined) where.push(sql`o.kind = ${filter.kind}`);
  if (filter.state !== undefined) where.push(sql`o.state = ${filter.state}`);
  if (filter.accountId !== undefined) where.push(sql`o.account_id = ${filter.accountId}`);
  if (filter.serverId !== undefined) where.push(sql`o.server_id = ${filter.serverId}`);
  if (filter.parentId !== undefined) where.push(sql`o.parent_id = ${filter.parentId}`);
  else if (filter.ids === undefined && filter.serverId === undefined && filter.parts !== true)
    where.push(sql`o.parent_id IS NULL`);
  if (filter.q !== undefined) where.push(sql`o.server_name ILIKE ${containing(filter.q)}`);
  return unwrap(
    await listRows<Viewed<StoredOperation>>(db, {
      select: item,
      from: sql`operations o LEFT JOIN cloud_accounts a ON a.id = o.account_id`,
      id: sql`o.id`,
      where,
      sorts: { createdAt: { by: sql`o.created_at`, type: 'timestamptz' } },
      defaultSort: '-createdAt',
      ...filter,
    }),
  );
}
