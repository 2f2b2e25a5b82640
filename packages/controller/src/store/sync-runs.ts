import { sql } from 'kysely';
import type { Queries, Tx } from './database.ts';
import type { StatusDetail, SyncError, SyncState } from './tables.ts';

/** Begins a run, or finds the one that is running already: of one account one runs at a time. */
export async function beginSyncRun(
  db: Queries,
  run: {
    accountId: string;
    trigger: 'request' | 'schedule' | 'resume';
    dryRun: boolean;
    requestedBy: string | null;
  },
): Promise<{ id: string; joined: boolean }> {
  for (;;) {
    const inserted = await sql<{ id: string }>`
      INSERT INTO sync_runs (account_id, kind, trigger, dry_run, state, phase, requested_by)
      VALUES (${run.accountId}, 'full', ${run.trigger}, ${run.dryRun}, 'running', 'waiting', ${run.requestedBy})
      ON CONFLICT (account_id, dry_run) WHERE state = 'running' DO NOTHING RETURNING id`.execute(db);
    const [row] = inserted.rows;
    if (row !== undefined) return { id: row.id, joined: false };
    const running = await sql<{ id: string }>`
      SELECT id FROM sync_runs WHERE account_id = ${run.accountId} AND dry_run = ${run.dryRun} AND state = 'running'`.execute(
      db,
    );
    const [other] = running.rows;
    // Neither: the other one ended between the two statements.
    if (other !== undefined) return { id: other.id, joined: true };
  }
}

/** Takes a waiting run for this controller; false when it has ended or another one has it. */
export async function takeSyncRun(db: Queries, id: string, controllerId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE sync_runs SET controller_id = ${controllerId}, started_at = now(), updated_at = now()
    WHERE id = ${id} AND state = 'running' AND controller_id IS NULL`.execute(db);
  return numAffectedRows === 1n;
}

/** Writes how far a run is. Answers whether it should stop: cancelled, ended, or no longer this controller's. */
export async function reportSyncProgress(
  db: Queries,
  run: { id: string; controllerId: string; phase: string; done: number; total: number | null },
): Promise<'go_on' | 'cancel' | 'lost'> {
  const { rows } = await sql<{ cancel_requested: boolean }>`
    UPDATE sync_runs SET phase = ${run.phase}, done = ${run.done}, total = ${run.total}, updated_at = now()
    WHERE id = ${run.id} AND state = 'running' AND controller_id = ${run.controllerId}
    RETURNING cancel_requested`.execute(db);
  const [row] = rows;
  if (row === undefined) return 'lost';
  return row.cancel_requested ? 'cancel' : 'go_on';
}

/** Holds the run's row until the transaction ends; false when the run is no longer this controller's to finish. */
export async function holdSyncRun(tx: Tx, id: string, controllerId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM sync_runs
    WHERE id = ${id} AND state = 'running' AND controller_id = ${controllerId} AND NOT cancel_requested FOR UPDATE`.execute(
    tx,
  );
  return rows.length === 1;
}

export async function endSyncRun(
  db: Queries,
  run: {
    id: string;
    controllerId: string;
    state: Exclude<SyncState, 'running'>;
    counts: Record<string, number>;
    changes: Record<string, unknown>;
    errors: SyncError[];
    durations: Record<string, number>;
    failure: StatusDetail | null;
  },
): Promise<void> {
  await sql`
    UPDATE sync_runs SET state = ${run.state}, phase = 'ended', counts = ${JSON.stringify(run.counts)},
      changes = ${JSON.stringify(run.changes)}, errors = ${JSON.stringify(run.errors)},
      durations = ${JSON.stringify(run.durations)},
      failure = ${run.failure === null ? null : JSON.stringify(run.failure)}, ended_at = now(), updated_at = now()
    WHERE id = ${run.id} AND state = 'running' AND controller_id = ${run.controllerId}`.execute(db);
}

export async function requestSyncCancel(db: Queries, id: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE sync_runs SET cancel_requested = true, updated_at = now() WHERE id = ${id} AND state = 'running'`.execute(
    db,
  );
  if (numAffectedRows !== 1n) return false;
  // One that nobody has taken yet ends here.
  await sql`
    UPDATE sync_runs SET state = 'cancelled', phase = 'ended', ended_at = now(), failure = ${JSON.stringify({ code: 'cancelled', params: {} })}
    WHERE id = ${id} AND state = 'running' AND controller_id IS NULL`.execute(db);
  return true;
}

/**
 * Ends the runs of controllers that are gone, and those that this controller has but doesn't work on any more (the database was away when
 * they should have ended). Says which accounts they were for.
 */
export async function endOrphanedRuns(
  db: Queries,
  own: { controllerId: string; isWorkingOn: (runId: string) => boolean },
): Promise<{ accountId: string; dryRun: boolean }[]> {
  // A run is noted as worked on before it is taken: what is taken and not noted now was left behind.
  const taken = await sql<{ id: string }>`
    SELECT id FROM sync_runs WHERE state = 'running' AND controller_id = ${own.controllerId}`.execute(db);
  const left = taken.rows.map((row) => row.id).filter((id) => !own.isWorkingOn(id));
  const { rows } = await sql<{ account_id: string; dry_run: boolean }>`
    UPDATE sync_runs SET state = 'failed', phase = 'ended', ended_at = now(), updated_at = now(),
      failure = ${JSON.stringify({ code: 'interrupted', params: {} })}
    WHERE state = 'running' AND controller_id IS NOT NULL
      AND (NOT EXISTS (SELECT FROM controllers c WHERE c.id = sync_runs.controller_id)
        OR id = ANY(${left}::uuid[]))
    RETURNING account_id, dry_run`.execute(db);
  return rows.map((row) => ({ accountId: row.account_id, dryRun: row.dry_run }));
}

/** Runs that were begun and that no controller has taken: their job was lost, or is about to come. */
export async function findWaitingRuns(
  db: Queries,
): Promise<{ id: string; accountId: string; dryRun: boolean }[]> {
  const { rows } = await sql<{ id: string; accountId: string; dryRun: boolean }>`
    SELECT id, account_id AS "accountId", dry_run AS "dryRun" FROM sync_runs
    WHERE state = 'running' AND controller_id IS NULL ORDER BY id`.execute(db);
  return rows;
}
