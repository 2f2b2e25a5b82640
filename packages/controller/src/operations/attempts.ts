import type { Sentence } from '../store/operations.ts';
import { isTransient } from '@wirebook/vsphere';
import { explain, faultTypeOf } from './failure.ts';
import { Cancelled, LaidDown } from './logbook.ts';

export interface Attempts {
  /**
   * Does the work, again and again while it fails with what passes, for so long at most (milliseconds, from the first failure of a row).
   * Fails with `Cancelled` or `LaidDown` when it was asked to stop.
   */
  until<T>(patienceMs: number, work: () => Promise<T>): Promise<T>;
  /** From here on only the stop of the process counts. */
  ignoreCancel(): void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export function openAttempts(parts: {
  cancel: AbortSignal;
  stop: AbortSignal;
  /** When vCenter has last answered anything, by `performance.now()`. */
  heardAt: () => number;
  log: (line: Sentence) => Promise<void>;
}): Attempts {
  let heeded = AbortSignal.any([parts.cancel, parts.stop]);
  const interrupted = (): Error | null => {
    if (parts.stop.aborted) return new LaidDown();
    return heeded.aborted ? new Cancelled() : null;
  };
  return {
    ignoreCancel: () => {
      heeded = parts.stop;
    },
    until: async (patienceMs, work) => {
      let since: number | null = null;
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        try {
          return await work();
        } catch (error) {
          const interruption = interrupted();
          // What a call fails with that was broken off says nothing.
          if (interruption !== null) throw interruption;
          if (!isTransient(error)) throw error;
          const now = performance.now();
          // The way to it was open meanwhile: this is another break, not more of the last one.
          if (since !== null && faultTypeOf(error) === null && parts.heardAt() > since) since = null;
          if (since === null) {
            since = now;
            const cause = faultTypeOf(error) ?? explain(error, null)?.params['cause'] ?? '-';
            await parts.log({ code: 'retrying', params: { fault: cause } });
          }
          if (now - since > patienceMs) throw error;
          await rest(Math.min(pause, Math.max(1, patienceMs / 10)), heeded);
        }
      }
    },
  };
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
