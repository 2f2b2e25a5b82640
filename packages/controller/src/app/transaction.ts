import type { Database, Tx } from '../store/database.ts';

/** Carries the answer of a dry run out of its transaction, which is then undone. */
class Undone<T> {
  readonly answer: T;
  constructor(answer: T) {
    this.answer = answer;
  }
}

/** Does the work in a transaction; a dry run does the same and undoes it, so that what it answers is what would happen. */
export async function inTransaction<T>(
  db: Database,
  options: { dryRun: boolean },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction().execute(async (tx) => {
      const answer = await work(tx);
      if (options.dryRun) throw new Undone(answer);
      return answer;
    });
  } catch (error) {
    if (error instanceof Undone) return error.answer as T;
    throw error;
  }
}
