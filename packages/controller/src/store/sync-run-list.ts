import { type RawBuilder, sql } from 'kysely';
import type { SyncRun } from '@wirebook/contract';
import type { Queries } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import type { StatusDetail, SyncError } from './tables.ts';
import { containing, refOf, stampsOf, type Viewed } from './views.ts';

/** A run as stored: the words of its errors are put to them in the reader's language. */
export type StoredSyncRun = Omit<SyncRun, 'errors' | 'failure'> & {
  errors: SyncError[];
  failure: StatusDetail | null;
};

const item = sql<
  Viewed<StoredSyncRun>
>`json_build_object(${stampsOf('r')}, 'account', ${refOf('a')}, 'kind', r.kind,
  'trigger', r.trigger, 'dryRun', r.dry_run, 'state', r.state, 'phase', r.phase,
  'progress', json_build_object('done', r.done, 'total', r.total), 'counts', r.counts, 'changes', r.changes,
  'errors', r.errors, 'durations', r.durations, 'failure', r.failure, 'startedAt', rfc3339(r.started_at),
  'endedAt', rfc3339(r.ended_at)) AS item`;

export interface SyncRunFilter extends ListPosition {
  ids?: string[] | undefined;
  accountId?: string | undefined;
  state?: SyncRun['state'] | undefined;
  /** Part of the account's name. */
  q?: string | undefined;
}

export async function listSyncRuns(db: Queries, filter: SyncRunFilter): Promise<Page<StoredSyncRun>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`r.id = ANY(${filter.ids}::uuid[])`);
  if (filter.accountId !== undefined) where.push(sql`r.account_id = ${filter.accountId}`);
  if (filter.q !== undefined) where.push(sql`a.name ILIKE ${containing(filter.q)}`);
  if (filter.state !== undefined) where.push(sql`r.state = ${filter.state}`);
  return unwrap(
    await listRows<Viewed<StoredSyncRun>>(db, {
      select: item,
      from: sql`sync_runs r JOIN cloud_accounts a ON a.id = r.account_id`,
      id: sql`r.id`,
      where,
      sorts: {
        startedAt: { by: sql`r.started_at`, type: 'timestamptz' },
        createdAt: { by: sql`r.created_at`, type: 'timestamptz' },
      },
      defaultSort: '-startedAt',
      ...filter,
    }),
  );
}
