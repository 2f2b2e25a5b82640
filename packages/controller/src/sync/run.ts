import type { VsphereClient } from '@wirebook/vsphere';
import {
  type AccountConnection,
  findAccountConnection,
  findLastCompleteRun,
  findSpacesOfAccount,
  setAccountStatus,
} from '../store/cloud-accounts.ts';
import type { Database, Queries } from '../store/database.ts';
import { analyzeInventory } from '../store/inventory.ts';
import { lockAccount, lockSpaces } from '../store/locks.ts';
import { findWaitingServers } from '../store/matching.ts';
import { endSyncRun, holdSyncRun, reportSyncProgress, takeSyncRun } from '../store/sync-runs.ts';
import type { StatusDetail } from '../store/tables.ts';
import { applySync, hasChanges } from './apply.ts';
import type { Phase } from './collect.ts';
import { inTransaction } from '../app/transaction.ts';
import { GateError } from '../app/vcenter-gate.ts';
import { describeFailure } from './failure.ts';
import { identityOf } from './gate.ts';
import type { Complaints } from './observations.ts';
import { leaveOutrun } from './outrun.ts';
import { summarizePlan, withSettlement } from './summary.ts';
import { planSync, type SyncPlan } from './sync-plan.ts';

export interface SyncParts {
  readonly db: Database;
  readonly controllerId: string;
  readonly openClient: (account: AccountConnection) => VsphereClient;
  readonly logError: (error: unknown, about: Record<string, unknown>) => void;
  /** Milliseconds between two notes of progress in the database. */
  readonly progressEvery?: number;
}

const ERRORS_AT_MOST = 1000;
/** From this many changed servers on, what the planner believes of the tables is worth nothing. */
const MANY_SERVERS = 1000;

/** The run was cancelled, or is another's by now. */
class RunEnded extends Error {
  readonly cause_: 'cancelled' | 'lost';
  constructor(cause: 'cancelled' | 'lost') {
    super(cause);
    this.cause_ = cause;
  }
}

/**
 * Carries out a waiting run: observe, plan, apply. Ends the run whatever happens, unless it is another controller's by now or the
 * database is away; throws only then. Aborting `signal` (the controller stops) leaves the run to be taken up by the next one.
 */
export async function runSync(
  parts: SyncParts,
  options: { runId: string; accountId: string; dryRun: boolean; signal: AbortSignal },
): Promise<void> {
  const { db, controllerId } = parts;
  const { runId, dryRun } = options;
  if (!(await takeSyncRun(db, runId, controllerId))) return;
  const account = await findAccountConnection(db, options.accountId);
  if (account === null) return;
  const now = new Date();
  const complaints: Complaints = [];
  const clock = startClock();
  const progress = watchRun(parts, runId, options.signal);
  const outcome = { counts: {}, changes: {}, errors: complaints };
  const finish = (
    state: 'succeeded' | 'failed' | 'cancelled',
    failure: StatusDetail | null,
    queries: Queries = db,
  ): Promise<void> =>
    endSyncRun(queries, {
      id: runId,
      controllerId,
      state,
      ...outcome,
      errors: complaints.slice(0, ERRORS_AT_MOST),
      durations: clock.durations(),
      failure,
    });

  let client: VsphereClient | null = null;
  try {
    client = parts.openClient(account);
    clock.enter('connect');
    progress.report('connect', 0, null);
    const about = await client.connect({ signal: progress.signal });
    const { instanceUuid } = await identityOf(client, about, progress.signal);
    // The name leads to another vCenter by now: its objects must not be taken for those we know.
    if (instanceUuid !== account.instanceUuid) {
      throw new GateError(
        {
          code: 'other_vcenter',
          params: { url: account.url, actual: instanceUuid, expected: account.instanceUuid },
        },
        null,
      );
    }
    const plan = await planSync({
      db,
      client,
      account,
      signal: progress.signal,
      complaints,
      now,
      onProgress: (phase, done, total) => {
        clock.enter(phase);
        progress.report(phase, done, total);
      },
    });
    outcome.counts = plan.counts;
    const changes = await summarizePlan(db, plan);
    outcome.changes = changes;
    progress.signal.throwIfAborted();
    if (!dryRun) {
      clock.enter('apply');
      progress.report('apply', 0, null);
      await progress.stop();
      await commitPlan(parts, {
        plan,
        changes,
        runId,
        accountId: account.id,
        now,
        // What is in the book and that the run succeeded become true together.
        finish: async (queries, written) => {
          outcome.changes = written;
          await setAccountStatus(queries, account.id, { status: 'ok', detail: null, version: about.version });
          await finish('succeeded', null, queries);
        },
      });
      if (plan.servers.length >= MANY_SERVERS) await analyzeInventory(db);
      return;
    }
    await progress.stop();
    await finish('succeeded', null);
  } catch (error) {
    await progress.stop();
    // The controller is stopping: the run stays as it is and is taken for interrupted by whoever comes next.
    if (options.signal.aborted) return;
    const reason: unknown = progress.signal.aborted ? progress.signal.reason : error;
    if (reason instanceof RunEnded) {
      if (reason.cause_ === 'cancelled') await finish('cancelled', { code: 'cancelled', params: {} });
      return;
    }
    const failure =
      error instanceof GateError
        ? { status: 'failed' as const, ...error.detail }
        : describeFailure(error, account);
    if (failure === null) {
      parts.logError(error, { run: runId, account: account.name });
      await finish('failed', { code: 'internal', params: {} });
      return;
    }
    const detail = { code: failure.code, params: failure.params };
    if (!dryRun) await setAccountStatus(db, account.id, { status: failure.status, detail });
    await finish('failed', detail);
  } finally {
    await progress.stop();
    await client?.close();
  }
}

async function commitPlan(
  parts: SyncParts,
  options: {
    plan: SyncPlan;
    /** The plan in numbers and names. */
    changes: Record<string, unknown>;
    runId: string;
    accountId: string;
    now: Date;
    finish: (queries: Queries, changes: Record<string, unknown>) => Promise<void>;
  },
): Promise<void> {
  const { plan, changes, runId, accountId, now, finish } = options;
  const waitingServers = await findWaitingServers(parts.db, { accountId, now });
  if (!hasChanges(plan) && waitingServers.length === 0) {
    await finish(parts.db, changes);
    return;
  }
  const lastSeenAt = await findLastCompleteRun(parts.db, accountId);
  await inTransaction(parts.db, { dryRun: false }, async (tx) => {
    await lockAccount(tx, accountId);
    await lockSpaces(tx, await findSpacesOfAccount(tx, accountId));
    // Whoever was taken for dead, or was cancelled at the last moment, must not write.
    if (!(await holdSyncRun(tx, runId, parts.controllerId))) throw new RunEnded('cancelled');
    const current = await leaveOutrun(tx, plan, accountId);
    const told = current === plan ? changes : await summarizePlan(tx, current);
    const run = { id: runId, accountId, unread: current.unread };
    const effect = await applySync(tx, { plan: current, accountId, run, now, lastSeenAt, waitingServers });
    await finish(tx, withSettlement(told, effect));
  });
}

interface RunWatch {
  /** Aborts when the run is cancelled or lost, or the controller stops. */
  readonly signal: AbortSignal;
  report(phase: Phase, done: number, total: number | null): void;
  /** Waits for a note under way; notes nothing more. */
  stop(): Promise<void>;
}

/** Notes the newest progress every so often, whatever the pace of reports, and listens for a cancel. */
function watchRun(parts: SyncParts, runId: string, outer: AbortSignal): RunWatch {
  const ended = new AbortController();
  let latest = { phase: 'connect', done: 0, total: null as number | null };
  let stopped = false;
  let noting: Promise<void> = Promise.resolve();
  const note = async (): Promise<void> => {
    try {
      const answer = await reportSyncProgress(parts.db, {
        id: runId,
        controllerId: parts.controllerId,
        ...latest,
      });
      if (answer !== 'go_on') ended.abort(new RunEnded(answer === 'cancel' ? 'cancelled' : 'lost'));
    } catch (error) {
      // Progress is not worth a run: if the database stays away, the run's own statements will say so.
      parts.logError(error, { run: runId });
    }
  };
  const timer = setInterval(() => {
    noting = noting.then(() => (stopped ? undefined : note()));
  }, parts.progressEvery ?? 500);
  return {
    signal: AbortSignal.any([outer, ended.signal]),
    report: (phase, done, total) => {
      latest = { phase, done, total };
    },
    stop: () => {
      stopped = true;
      clearInterval(timer);
      return noting;
    },
  };
}

function startClock(): { enter(phase: string): void; durations(): Record<string, number> } {
  const spent: Record<string, number> = {};
  let current = 'connect';
  let since = performance.now();
  const book = (): void => {
    const now = performance.now();
    spent[current] = Math.round((spent[current] ?? 0) + now - since);
    since = now;
  };
  return {
    enter: (phase) => {
      if (phase === current) return;
      book();
      current = phase;
    },
    durations: () => {
      book();
      return { ...spent };
    },
  };
}
