import { dataOf } from '../api.ts';
import { Refused } from '../failures.ts';
import type { Session } from '../session.ts';
import type { FileRow } from './file-row.ts';

/** As {@link dataOf}; a refusal knows the lines of the file. */
export function answeredOf<T>(
  session: Session,
  answer: { data?: T; error?: unknown; response: Response },
  file: string,
  rows: readonly FileRow[],
): T {
  try {
    return dataOf(answer, session.t);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(error.problem, { file, lines: rows.map(({ line }) => line) });
  }
}
