import type { Translate } from '@wirebook/contract';
import { Malformed } from '../import-file/file-row.ts';

/** One row of a table of declarations. What the table has no column for is undefined: nothing is said of it. */
export interface Cells {
  readonly line: number;
  /** As it stands there, to the last space. */
  text(column: string): string | undefined;
  /** Without the space about it. */
  word(column: string): string | undefined;
  /** An empty cell is null. */
  textOrNull(column: string): string | null | undefined;
  wordOrNull(column: string): string | null | undefined;
  /** An empty cell says nothing. */
  wordOrNothing(column: string): string | undefined;
  /** Divided by white space. */
  words(column: string): string[] | undefined;
  number(column: string): number | null | undefined;
  json(column: string): unknown;
}

export function openCells(
  columns: readonly string[],
  record: { line: number; cells: readonly string[] },
  t: Translate,
): Cells {
  const { line } = record;
  const text = (column: string): string | undefined => {
    const index = columns.indexOf(column);
    return index < 0 ? undefined : (record.cells[index] ?? '');
  };
  const word = (column: string): string | undefined => text(column)?.trim();
  const orNull = (cell: string | undefined): string | null | undefined => (cell === '' ? null : cell);
  return {
    line,
    text,
    word,
    textOrNull: (column) => orNull(text(column)),
    wordOrNull: (column) => orNull(word(column)),
    wordOrNothing: (column) => word(column) || undefined,
    words: (column) =>
      word(column)
        ?.split(/\s+/)
        .filter((part) => part !== ''),
    number: (column) => {
      const cell = orNull(word(column));
      if (cell === undefined || cell === null) return cell;
      if (!/^-?\d{1,15}$/.test(cell)) throw new Malformed(t('cli.file.notANumber', { column }), line);
      return Number(cell);
    },
    json: (column) => {
      const cell = word(column);
      if (cell === undefined || cell === '') return cell === '' ? {} : undefined;
      try {
        return JSON.parse(cell);
      } catch {
        throw new Malformed(t('cli.file.cellNotJson', { column }), line);
      }
    },
  };
}
