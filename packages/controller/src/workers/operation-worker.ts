import type { EngineParts } from '../operations/engine.ts';
import { carryOn } from '../operations/engine.ts';
import { findCancelled, layDownOperation, layDownOperations, takeOperations } from '../store/operations.ts';

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
  const underWay = new Map<string, { cancel: AbortController; done: Promise<void> }>();
  let woken = false;
  let wakeUp: () => void = () => undefined;

  const carry = async (operationId: string, cancel: AbortSignal): Promise<void> => {
    try {
      await carryOn(parts, { operationId, controllerId, cancel, stop: signal });
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
      const cancel = new AbortController();
      underWay.set(id, { cancel, done: Promise.resolve() });
      underWay.set(id, { cancel, done: carry(id, cancel.signal) });
    }
  };
  const lookForCancels = async (): Promise<void> => {
    if (underWay.size === 0) return;
    for (const id of await findCancelled(db, controllerId)) underWay.get(id)?.cancel.abort();
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
        await lookForCancels();
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
