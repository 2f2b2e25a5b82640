import type { Database } from '../store/database.ts';
import { endExpiredAnywhere } from '../store/expiry.ts';

/** Few enough that nobody who asks for an address waits for long. */
const AT_ONCE = 500;

/**
 * Ends holds and reservations whose time is over, in one short transaction after another, until none is left or the signal comes.
 * Several controllers may do it at once. Nothing depends on when it is done: whoever looks goes by the time itself.
 */
export async function sweepExpired(
  db: Database,
  options: { signal: AbortSignal; atOnce?: number },
): Promise<void> {
  const atMost = options.atOnce ?? AT_ONCE;
  let found = atMost;
  while (found > 0 && !options.signal.aborted) {
    found = await db.transaction().execute((tx) => endExpiredAnywhere(tx, { now: new Date(), atMost }));
  }
}
