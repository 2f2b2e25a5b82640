import type { EngineParts } from '../operations/engine.ts';
import { carryOn } from '../operations/engine.ts';
import { findOwn, layDownOperation, layDownOperations, takeOperations } from '../store/operations.ts';

export interface OperationWorker {
  /** There may be something to do. */
  wake(): void;
  /** Resolves when everything under way is laid down. */
  ended: Promise<void>;
}

/** How many operations a controller has under way at a time. */
const AT_ONCE = 128;
const LOOK_EVERY_MS = 1_000;
const CANCEL_LOOK_MS = 200;

/**
 * Takes operations and carries them on, until `signal` aborts: then what is under way is laid down for whoever comes next. What there is
 * to do stands in the database; being woken only makes it look sooner.
 */
export function startOperationWorker(
  parts: EngineParts & { controllerId: string; perAccount: number; signal: AbortSignal },
): OperationWorker {
  const { db, controllerId, signal } = parts;
  const underWay = new Map<string, { cancel: AbortController; lost: AbortController; done: Promise<void> }>();
  let woken = false;
  let wakeUp: () => void = () => undefined;

  const carry = async (operationId: string, cancel: AbortSignal, lost: AbortSignal): Promise<void> => {
    try {
      await carryOn(parts, { operationId, controllerId, cancel, stop: AbortSignal.any([signal, lost]) });
      if (signal.aborted) await layDownOperation(db, { operationId, controllerId });
    } catch (error) {
      if (!signal.aborted) parts.logError(error, { operation: operationId });
    } finally {
      underWay.delete(operationId);
      wake();
    }
  };
  const wake = (): void => {
    woken = true;
    wakeUp();
  };
  const look = async (): Promise<void> => {
    await layDownOperations(db, { controllerId, isWorkingOn: (id) => underWay.has(id) });
    const room = AT_ONCE - underWay.size;
    if (room <= 0) return;
    for (const id of await takeOperations(db, { controllerId, atOnce: parts.perAccount, room })) {
      const [cancel, lost] = [new AbortController(), new AbortController()];
      underWay.set(id, { cancel, lost, done: Promise.resolve() });
      underWay.set(id, { cancel, lost, done: carry(id, cancel.signal, lost.signal) });
    }
  };
  /** Those that somebody wants stopped, and those that are another controller's by now. */
  const lookAround = async (): Promise<void> => {
    const asked = [...underWay];
    if (asked.length === 0) return;
    const own = new Map((await findOwn(db, controllerId)).map((one) => [one.id, one.cancelRequested]));
    for (const [id, { cancel, lost }] of asked) {
      const cancelled = own.get(id);
      if (cancelled === undefined) lost.abort();
      else if (cancelled) cancel.abort();
    }
  };
  const untilWoken = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        wakeUp = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      wakeUp = done;
    });
  const goOn = async (): Promise<void> => {
    let sinceLook = Number.POSITIVE_INFINITY;
    while (!signal.aborted) {
      try {
        if (woken || sinceLook >= LOOK_EVERY_MS) {
          woken = false;
          sinceLook = 0;
          await look();
        }
        await lookAround();
      } catch (error) {
        if (!signal.aborted) parts.logError(error, { part: 'operations' });
      }
      const pause = underWay.size > 0 ? CANCEL_LOOK_MS : LOOK_EVERY_MS;
      await untilWoken(pause);
      sinceLook += pause;
    }
    await Promise.all([...underWay.values()].map(({ done }) => done));
  };
  return { wake, ended: goOn() };
}
