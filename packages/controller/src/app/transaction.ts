import { isDeadlock } from '../store/constraints.ts';
import type { Database, Tx } from '../store/database.ts';

/** Carries the answer of a dry run out of its transaction, which is then undone. */
class Undone<T> {
  readonly answer: T;
  constructor(answer: T) {
    this.answer = answer;
  }
}

/** Two that wait for each other in turn may meet again, but hardly this often. */
const ATTEMPTS = 6;

/**
 * Does the work in a transaction; a dry run does the same and undoes it, so that what it answers is what would happen. Where the
 * transaction and another waited for each other, the database undoes one of them: then the work is done again, from the beginning. So it
 * must leave nothing behind outside of the transaction until it has succeeded.
 */
export async function inTransaction<T>(
  db: Database,
  options: { dryRun: boolean },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(async (tx) => {
        const answer = await work(tx);
        if (options.dryRun) throw new Undone(answer);
        return answer;
      });
    } catch (error) {
      if (error instanceof Undone) return error.answer as T;
      if (!isDeadlock(error) || attempt === ATTEMPTS) throw error;
    }
  }
}
