import type { List, syncRunQuery } from '@wirebook/contract';
import type { z } from 'zod';
import { isUuid } from '../domain/ids.ts';
import type { Database, Queries } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { listSyncRuns as listRuns, type StoredSyncRun } from '../store/sync-run-list.ts';
import { beginSyncRun, requestSyncCancel } from '../store/sync-runs.ts';
import type { Actor } from './actor.ts';
import { resolveName, resolveOptional } from './names.ts';
import { Problem } from './problem.ts';

/** Wakes the workers for an account; the run itself stands in the database. */
export type WakeSync = (accountId: string) => Promise<void>;

export async function listSyncRuns(
  db: Queries,
  query: z.output<typeof syncRunQuery>,
): Promise<List<StoredSyncRun>> {
  const { account, ...rest } = query;
  return listRuns(db, { ...rest, accountId: await resolveOptional(db, 'cloud_account', account) });
}

export async function showSyncRun(db: Queries, id: string): Promise<StoredSyncRun> {
  const [run] = isUuid(id) ? (await listRuns(db, { ids: [id], limit: 1 })).items : [];
  if (run === undefined) throw new Problem('not_found', { kind: 'sync_run', name: id, command: 'sync' });
  return run;
}

/** Begins a sync of the account, or joins the one under way. */
export async function startSync(
  parts: { db: Database; wakeSync: WakeSync },
  nameOrId: string,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredSyncRun> {
  const { db } = parts;
  const account = await resolveName(db, 'cloud_account', nameOrId);
  const run = await db.transaction().execute(async (tx) => {
    const begun = await beginSyncRun(tx, {
      accountId: account.id,
      trigger: 'request',
      dryRun: options.dryRun,
      requestedBy: options.actor.name,
    });
    await recordEvent(tx, {
      actor: options.actor.name,
      action: options.dryRun ? 'sync_dry_run' : 'sync',
      kind: 'cloud_account',
      id: account.id,
      name: account.name,
      after: { run: begun.id, joined: begun.joined },
    });
    return begun;
  });
  await parts.wakeSync(account.id);
  return showSyncRun(db, run.id);
}

/** Asks a run to stop. It ends soon after, and nothing of it is kept. */
export async function cancelSync(
  db: Database,
  id: string,
  options: { actor: Actor },
): Promise<StoredSyncRun> {
  const run = await showSyncRun(db, id);
  if (!(await requestSyncCancel(db, id))) {
    throw new Problem('not_running', { kind: 'sync_run', state: run.state });
  }
  await db.transaction().execute((tx) =>
    recordEvent(tx, {
      actor: options.actor.name,
      action: 'cancel',
      kind: 'sync_run',
      id,
      name: run.account.name,
    }),
  );
  return showSyncRun(db, id);
}
