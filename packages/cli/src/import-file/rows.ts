import { IMPORT_AT_MOST } from '@wirebook/contract';
import { Failed } from '../failures.ts';
import type { Session } from '../session.ts';
import { readCsv } from './csv.ts';
import { Malformed, type FileRow, type FileShape } from './file-row.ts';
import { readJson } from './json.ts';
import { readText } from './text.ts';

/** The rows of a CSV or JSON file; which of the two it is shows in its first character. */
export async function readRows(session: Session, file: string, shape: FileShape): Promise<FileRow[]> {
  const { t } = session;
  const text = await readText(session, file);
  try {
    const rows = /^\s*[[{]/.test(text) ? readJson(text, shape, t) : readCsv(text, shape, t);
    if (rows.length === 0) throw new Malformed(t('cli.file.noRows'), null);
    const maximum = shape.atMost ?? IMPORT_AT_MOST;
    if (rows.length > maximum)
      throw new Malformed(t('cli.file.tooMany', { count: rows.length, maximum }), null);
    return rows;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const place = error.line === null ? file : `${file}:${error.line}`;
    throw new Failed(
      `${place}: ${error.message}`,
      t('cli.file.taken', { columns: shape.columns.join(','), needed: shape.needed.join(', ') }),
    );
  }
}
