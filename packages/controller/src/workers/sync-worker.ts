import { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import {
  Logger,
  makeWorkerUtils,
  type Runner,
  run as runWorkers,
  type TaskList,
  type WorkerEvents,
  type WorkerUtils,
} from 'graphile-worker';
import { Client, type Pool } from 'pg';
import { findDueAccounts } from '../store/cloud-accounts.ts';
import {
  isRegistered,
  recordWorker,
  registerController,
  removeController,
  removeDeadControllers,
} from '../store/controllers.ts';
import type { Database } from '../store/database.ts';
import { dropOldIdempotencyKeys } from '../store/idempotency.ts';
import { dropOldSignIns } from '../store/sign-in-failures.ts';
import { beginSyncRun, endOrphanedRuns, findWaitingRuns } from '../store/sync-runs.ts';
import { sweepExpired } from './expiry-sweep.ts';
import type { OperationWorker } from './operation-worker.ts';

export interface WorkerParts {
  readonly db: Database;
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly log: (line: string, about?: Record<string, unknown>) => void;
  readonly logDetail: (line: string, about?: Record<string, unknown>) => void;
  readonly logError: (error: unknown, about: Record<string, unknown>) => void;
  /** Carries out a waiting run. */
  readonly runSync: (options: {
    controllerId: string;
    runId: string;
    accountId: string;
    dryRun: boolean;
    signal: AbortSignal;
  }) => Promise<void>;
  /** Begins to carry operations on, for as long as the signal allows. */
  readonly startOperations: (life: { controllerId: string; signal: AbortSignal }) => OperationWorker;
}

export interface Workers {
  readonly ready: () => boolean;
  /** Resolves when the workers run for the first time, or are stopped before. */
  readonly started: Promise<void>;
  wakeSync(accountId: string): Promise<void>;
  wakeOperations(): Promise<void>;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 15_000;
const RETRY_MS = 1_000;
const SYNCS_AT_ONCE = 4;

/**
 * The background part of a controller: takes waiting sync runs from the queue, begins those that are due, ends those whose controller
 * died, and ends holds and reservations whose time is over. Everything it knows stands in the database; being woken only makes it look
 * sooner. When the database goes away the workers end, and begin anew once it is back.
 */
export function startWorkers(parts: WorkerParts): Workers {
  const stopping = new AbortController();
  let session: Session | null = null;
  const { promise: started, resolve: onStarted } = Promise.withResolvers<void>();
  const running = supervise(parts, stopping.signal, (current) => {
    session = current;
    if (current !== null) onStarted();
  }).finally(onStarted);
  return {
    ready: () => session !== null,
    started,
    wakeSync: async (accountId) => {
      const { utils } = session ?? {};
      // Without workers the run waits in the database: the next look finds it.
      if (utils !== undefined) await wake(utils, accountId);
    },
    wakeOperations: () => {
      session?.operations.wake();
      return Promise.resolve();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

interface Session {
  readonly utils: WorkerUtils;
  readonly operations: OperationWorker;
}

async function supervise(
  parts: WorkerParts,
  stopping: AbortSignal,
  onSession: (session: Session | null) => void,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      await holdSession(parts, stopping, onSession);
    } catch (error) {
      if (!stopping.aborted) parts.logError(error, { part: 'workers' });
    } finally {
      onSession(null);
    }
    if (!stopping.aborted) await pause(RETRY_MS, stopping);
  }
}

/** One life of the workers, from registration to the loss of the database or the stop. */
async function holdSession(
  parts: WorkerParts,
  stopping: AbortSignal,
  onSession: (session: Session | null) => void,
): Promise<void> {
  const lost = new AbortController();
  const connection = new Client({
    connectionString: parts.databaseUrl,
    application_name: 'wirebook-liveness',
    keepAlive: true,
  });
  connection.on('error', (error) => lost.abort(error));
  connection.on('end', () => lost.abort(new Error('the connection to the database ended')));
  await connection.connect();
  let runner: Runner | null = null;
  let utils: WorkerUtils | null = null;
  let controllerId: string | null = null;
  let operations: OperationWorker | null = null;
  const signal = AbortSignal.any([stopping, lost.signal]);
  try {
    const id = await registerController(connection, { host: hostname(), pid: process.pid });
    controllerId = id;
    utils = await makeWorkerUtils({ pgPool: parts.pool, logger: toQueueLogger(parts) });
    await utils.migrate();
    const life: Life = { id, signal, utils, workingOn: new Set() };
    const tasks = taskList(parts, life);
    const events: WorkerEvents = new EventEmitter();
    // The queue's locks carry the id of the pool that holds them.
    let recorded = Promise.resolve();
    events.on('pool:create', ({ workerPool }) => {
      recorded = recordWorker(parts.db, id, workerPool.id).catch((error: unknown) =>
        parts.logError(error, { part: 'workers' }),
      );
    });
    runner = await runWorkers({
      events,
      pgPool: parts.pool,
      concurrency: SYNCS_AT_ONCE,
      noHandleSignals: true,
      // Without a batch nobody listens when a job's end can't be written, and the rejection ends the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      taskList: tasks,
      // No timetable of its own: what is due follows from the runs in the database.
      parsedCronItems: [],
      logger: toQueueLogger(parts),
    });
    runner.promise.then(
      () => lost.abort(new Error('the workers ended')),
      (error: unknown) => lost.abort(error),
    );
    await recorded;
    operations = parts.startOperations({ controllerId: id, signal });
    onSession({ utils, operations });
    await lookUntil(parts, life);
  } finally {
    onSession(null);
    await operations?.ended;
    await runner?.stop().catch((error: unknown) => parts.logError(error, { part: 'workers' }));
    if (controllerId !== null && !lost.signal.aborted)
      await removeController(parts.db, controllerId).catch((error: unknown) =>
        parts.logError(error, { part: 'workers' }),
      );
    await utils?.release();
    await connection.end().catch(() => undefined);
  }
  if (lost.signal.aborted && !stopping.aborted) throw lost.signal.reason;
}

interface Life {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly utils: WorkerUtils;
  /** The runs under way in this process. */
  readonly workingOn: Set<string>;
}

function taskList(parts: WorkerParts, life: Life): TaskList {
  return {
    sync_account: async (payload) => {
      const { accountId } = payload as { accountId: string };
      for (const run of await waitingRunsOf(parts.db, accountId)) {
        if (life.signal.aborted) return;
        life.workingOn.add(run.id);
        try {
          await parts.runSync({
            controllerId: life.id,
            runId: run.id,
            accountId,
            dryRun: run.dryRun,
            signal: life.signal,
          });
        } finally {
          life.workingOn.delete(run.id);
        }
      }
    },
  };
}

async function waitingRunsOf(db: Database, accountId: string): Promise<{ id: string; dryRun: boolean }[]> {
  return (await findWaitingRuns(db)).filter((run) => run.accountId === accountId);
}

/** Looks at once and then every so often at what is due, waiting, or orphaned. Ends when the signal does. */
async function lookUntil(parts: WorkerParts, life: Life): Promise<void> {
  while (!life.signal.aborted) {
    if (!(await isRegistered(parts.db, life.id))) throw new Error('taken for dead by another controller');
    await look(parts, life);
    await pause(LOOK_EVERY_MS, life.signal);
  }
}

async function look(parts: WorkerParts, life: Life): Promise<void> {
  const { db } = parts;
  const deadWorkers = await removeDeadControllers(db, life.id);
  if (deadWorkers.length > 0) await life.utils.forceUnlockWorkers(deadWorkers);
  for (const orphan of await endOrphanedRuns(db, {
    controllerId: life.id,
    isWorkingOn: (runId) => life.workingOn.has(runId),
  })) {
    parts.log('a sync was interrupted and begins anew', { account: orphan.accountId });
    if (!orphan.dryRun)
      await beginSyncRun(db, {
        accountId: orphan.accountId,
        trigger: 'resume',
        dryRun: false,
        requestedBy: null,
      });
  }
  for (const accountId of await findDueAccounts(db))
    await beginSyncRun(db, { accountId, trigger: 'schedule', dryRun: false, requestedBy: null });
  for (const { accountId } of await findWaitingRuns(db)) await wake(life.utils, accountId);
  await dropOldIdempotencyKeys(db);
  await dropOldSignIns(db);
  await sweepExpired(db, life);
}

/** What the queue has to say goes into our log: its errors as errors, the rest for those who look closely. */
function toQueueLogger(parts: WorkerParts): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') parts.logError(new Error(message), { part: 'queue' });
    else parts.logDetail(message, { part: 'queue' });
  });
}

/** One job per account waits at a time, and one queue per account keeps its syncs one after another. */
async function wake(utils: WorkerUtils, accountId: string): Promise<void> {
  await utils.addJob(
    'sync_account',
    { accountId },
    { jobKey: `sync:${accountId}`, queueName: `account:${accountId}`, maxAttempts: 3 },
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
