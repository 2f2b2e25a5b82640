import type { Seal } from '../app/sealing.ts';
import { findAccountConnection } from '../store/cloud-accounts.ts';
import type { Database } from '../store/database.ts';
import { beginUndoing, endOperation, loadOperation, type Sentence } from '../store/operations.ts';
import type { StatusDetail } from '../store/tables.ts';
import { openAttempts } from './attempts.ts';
import { explain, faultTypeOf } from './failure.ts';
import { Cancelled, LaidDown, openLogbook } from './logbook.ts';
import type { Sessions } from './sessions.ts';
import type { OperationKind, Step, StepRun } from './step.ts';

/** Where a process may die: before a step, after it has acted and before that is noted, and after it is noted. */
export interface EnginePoint {
  readonly operationId: string;
  readonly step: string;
  readonly way: 'act' | 'undo';
  readonly moment: 'before' | 'acted' | 'noted';
}

export interface EngineParts {
  readonly db: Database;
  readonly seal: Seal;
  readonly sessions: Sessions;
  readonly kinds: readonly OperationKind[];
  readonly logError: (error: unknown, about: Record<string, unknown>) => void;
  /** How long a step is tried again while vCenter can't be reached, in milliseconds; taking back is tried ten times as long. */
  readonly patienceMs: number;
  /** For tests, which may hold the work up there: what it throws ends it as the death of the process would, with nothing noted. */
  readonly atPoint?: ((point: EnginePoint) => void | Promise<void>) | undefined;
}

/** As much longer as a step is tried to be taken back: what is left behind costs a person more than waiting does. */
const UNDOING_PATIENCE = 10;
/** Why one has failed that was only cancelled. */
const NOT_UNDONE = 'not_undone';

/**
 * Carries an operation on from where it stands, to its end or back to its beginning. Each step is noted before it acts and after, so that
 * whoever comes next knows where it stands. Resolves when the operation has ended, or is to be laid down; throws when the database is
 * away. `cancel` aborts when somebody asks to stop, `stop` when this process has to.
 */
export async function carryOn(
  parts: EngineParts,
  work: { operationId: string; controllerId: string; cancel: AbortSignal; stop: AbortSignal },
): Promise<void> {
  const { db } = parts;
  const operation = await loadOperation(db, work.operationId);
  if (operation === null) return;
  const kind = parts.kinds.find((one) => one.kind === operation.kind);
  if (kind === undefined) throw new Error(`no steps are known of ${operation.kind}`);
  const account = operation.accountId === null ? null : await findAccountConnection(db, operation.accountId);
  const logbook = openLogbook(parts, { operation, controllerId: work.controllerId, account });
  const ownership = { operationId: operation.id, controllerId: work.controllerId };
  const states = operation.steps.map((step) => step.state);
  // Asked for before this process took it on, nobody tells it again before a step is done.
  const cancel = operation.cancelRequested ? AbortSignal.abort() : work.cancel;

  const explained = (error: unknown): StatusDetail => {
    const detail = explain(error, account);
    if (detail !== null) return detail;
    parts.logError(error, { operation: operation.id });
    return { code: 'internal', params: {} };
  };
  const pass = async (
    step: Step<Record<string, unknown>>,
    way: EnginePoint['way'],
    moment: EnginePoint['moment'],
  ): Promise<void> => parts.atPoint?.({ operationId: operation.id, step: step.name, way, moment });
  const end = async (
    state: 'succeeded' | 'failed' | 'undone' | 'cancelled',
    error: StatusDetail | null,
    remains: readonly Sentence[] = [],
  ): Promise<void> => {
    const ended = await db
      .transaction()
      .execute((tx) => endOperation(tx, { ...ownership, state, error, remains }));
    if (!ended) throw new LaidDown();
  };

  const isBeyondCancel = (): boolean =>
    kind.steps.some((step, position) => step.isFinal === true && states[position] !== 'pending');

  /** Null when all steps are done, otherwise why not. */
  const goForward = async (): Promise<StatusDetail | 'cancelled' | null> => {
    const cancellable = logbook.openRun(AbortSignal.any([cancel, work.stop]));
    const steady = logbook.openRun(work.stop);
    for (const [position, step] of kind.steps.entries()) {
      if (states[position] === 'done' || states[position] === 'skipped') continue;
      if (work.stop.aborted) throw new LaidDown();
      if (cancel.aborted && !isBeyondCancel()) return 'cancelled';
      if (step.isFinal === true && !isBeyondCancel() && !(await logbook.beginFinal(position)))
        return 'cancelled';
      await logbook.note({ position, state: 'running', detail: null });
      states[position] = 'running';
      if (isBeyondCancel()) attempts.ignoreCancel();
      const run = isBeyondCancel() ? steady : cancellable;
      await pass(step, 'act', 'before');
      let detail: Sentence | void;
      try {
        detail = await attempts.until(parts.patienceMs, () => step.act(run));
      } catch (error) {
        if (error instanceof LaidDown || logbook.isDeath(error)) throw error;
        if (error instanceof Cancelled) return 'cancelled';
        const failure = explained(error);
        const warning = step.forgives?.(failure) ?? null;
        if (warning === null) {
          await logbook.note({ position, state: 'failed', detail: failure, log: failure });
          states[position] = 'failed';
          return failure;
        }
        await logbook.note({ warning, log: warning });
        detail = undefined;
      }
      await pass(step, 'act', 'acted');
      await logbook.note({
        position,
        state: 'done',
        detail: detail ?? null,
        ...(detail === undefined ? {} : { log: detail }),
      });
      states[position] = 'done';
      await pass(step, 'act', 'noted');
    }
    return cancel.aborted && !isBeyondCancel() ? 'cancelled' : null;
  };

  /** What is still there of the steps up to a position. */
  const remainsUpTo = (last: number): Sentence[] =>
    kind.steps
      .slice(0, last + 1)
      .flatMap((step, position) =>
        states[position] === 'pending' || states[position] === 'undone'
          ? []
          : (step.remains?.({ facts: logbook.facts, operation }) ?? []),
      );

  const goBack = async (run: StepRun, error: StatusDetail | null): Promise<void> => {
    for (const [position, step] of [...kind.steps.entries()].toReversed()) {
      const state = states[position];
      if (state === 'pending' || state === 'undone' || state === 'skipped') continue;
      if (work.stop.aborted) throw new LaidDown();
      await logbook.note({ position, state: 'undoing' });
      await pass(step, 'undo', 'before');
      let detail: Sentence | void;
      try {
        detail = await attempts.until(parts.patienceMs * UNDOING_PATIENCE, async () => step.undo?.(run));
      } catch (caught) {
        if (caught instanceof LaidDown || logbook.isDeath(caught)) throw caught;
        const failure = explained(caught);
        await logbook.note({ position, state: 'not_undone', detail: failure, log: failure });
        const cause = faultTypeOf(caught) ?? failure.code;
        await end('failed', error ?? { code: NOT_UNDONE, params: { fault: cause } }, remainsUpTo(position));
        return;
      }
      await pass(step, 'undo', 'acted');
      await logbook.note({
        position,
        state: 'undone',
        ...(detail === undefined ? {} : { detail, log: detail }),
      });
      states[position] = 'undone';
      await pass(step, 'undo', 'noted');
    }
    // What could not be taken back of a cancelled one is taken back now.
    const isCancelled = error === null || error.code === NOT_UNDONE;
    await end(isCancelled ? 'cancelled' : 'undone', isCancelled ? null : error);
  };

  // Going forward ends with a cancel; going back doesn't.
  const attempts = openAttempts({
    cancel,
    stop: work.stop,
    heardAt: () => logbook.heardAt(),
    log: (line) => logbook.log(line),
  });
  try {
    let { error } = operation;
    if (!operation.undoing) {
      const outcome = await goForward();
      if (outcome === null) {
        await end('succeeded', null);
        return;
      }
      error = outcome === 'cancelled' ? null : outcome;
      if (error !== null && operation.keepOnFailure && (kind.hasMade?.(logbook.facts) ?? true)) {
        await end('failed', error, remainsUpTo(kind.steps.length - 1));
        return;
      }
      if (!(await beginUndoing(db, { ...ownership, error }))) throw new LaidDown();
    }
    attempts.ignoreCancel();
    await goBack(logbook.openRun(work.stop), error);
  } catch (error) {
    if (!(error instanceof LaidDown)) throw error;
  } finally {
    logbook.close();
  }
}
