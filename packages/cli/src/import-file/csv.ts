import type { Translate } from '@wirebook/contract';
import { CsvError, parse } from 'csv-parse/sync';
import { columnOf, Malformed, type FileRow, type FileShape } from './file-row.ts';

const DELIMITERS = [',', ';', '\t'] as const;

interface ParsedLine {
  /** The line that the record ends in, from where parsing began. */
  readonly end: number;
  readonly record: readonly string[];
}

/** Comma, semicolon or tab between the cells; the first line names the columns, in any order and case. */
export function readCsv(text: string, shape: FileShape, t: Translate): FileRow[] {
  const { body, before, delimiter } = findHeader(text, shape);
  const lines = parseLines(body, delimiter, before, t);
  const [head, ...rows] = lines;
  if (head === undefined) return [];
  const columns = head.record.map((title) => columnOf(title, shape) ?? '');
  checkColumns(columns, shape, before + 1, t);
  return rows.flatMap(({ end, record }) => {
    // A quoted cell may hold line ends.
    const line = before + end - record.join('').split('\n').length + 1;
    const cells = record.map((cell) => unguard(cell).trim());
    if (cells.every((cell) => cell === '')) return [];
    const beyond = cells.find((cell, index) => cell !== '' && (columns[index] ?? '') === '');
    if (beyond !== undefined && shape.aliases === undefined)
      throw new Malformed(t('cli.file.moreCells', { cells: cells.length, columns: columns.length }), line);
    const said = cells.flatMap((cell, index) => {
      const column = columns[index] ?? '';
      return cell === '' || column === '' ? [] : [[column, cell] as const];
    });
    // Of several columns that are called alike the first that says anything counts.
    return said.length === 0 ? [] : [{ line, cells: Object.fromEntries(said.toReversed()) }];
  });
}

/** How far down a table's head is looked for below its title. */
const TITLE_LINES = 20;

/** What comes before the header: empty lines, comments, the line by which Excel is told the delimiter, and the title of a foreign table. */
function findHeader(text: string, shape: FileShape): { body: string; before: number; delimiter: string } {
  const lines = text.split('\n');
  let told: string | null = null;
  let before = 0;
  for (const line of lines) {
    const separator = /^sep=(.)\s*$/i.exec(line)?.[1];
    if (separator === undefined && line.trim() !== '' && !line.startsWith('#')) break;
    told = separator ?? told;
    before += 1;
  }
  if (shape.aliases !== undefined) {
    const below = lines.slice(before, before + TITLE_LINES).findIndex((line) => isHeader(line, told, shape));
    before += Math.max(0, below);
  }
  const header = lines[before] ?? '';
  const body = lines.slice(before).join('\n');
  return { body, before, delimiter: told ?? guessDelimiter(header, shape) };
}

function isHeader(line: string, told: string | null, shape: FileShape): boolean {
  const titles = line.split(told ?? guessDelimiter(line, shape)).map((title) => columnOf(title, shape));
  return shape.needed.every((column) => titles.includes(column));
}

/** The one that divides the header into the most columns that are known. */
function guessDelimiter(header: string, shape: FileShape): string {
  const known = (delimiter: string): number =>
    header.split(delimiter).filter((title) => shape.columns.includes(columnOf(title, shape) ?? '')).length;
  return DELIMITERS.toSorted((one, other) => known(other) - known(one))[0] ?? ',';
}

function parseLines(body: string, delimiter: string, before: number, t: Translate): ParsedLine[] {
  const lines: ParsedLine[] = [];
  try {
    parse(body, {
      delimiter,
      record_delimiter: '\n',
      // Cells that are missing say nothing; those beyond the columns are complained about by our own.
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (record, context) => {
        lines.push({ end: context.lines, record });
        return null;
      },
    });
    return lines;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw describe(error, { body, good: lines.at(-1)?.end ?? 0, before, t });
  }
}

/** `good`: how many lines were read well. */
function describe(
  error: CsvError,
  about: { body: string; good: number; before: number; t: Translate },
): Malformed {
  const { body, good, before, t } = about;
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    // It is noticed at the end of the file; what is wrong is the record that began after the last good one.
    const rest = body.split('\n').slice(good);
    const empty = rest.findIndex((line) => line.trim() !== '');
    return new Malformed(t('cli.file.quoteNotClosed'), before + good + Math.max(0, empty) + 1);
  }
  const line = before + Number(error.lines);
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE' || error.code === 'INVALID_OPENING_QUOTE')
    return new Malformed(t('cli.file.strayQuote'), line);
  return new Malformed(t('cli.file.notCsv', { cause: error.code }), line);
}

/** Throws {@link Malformed} where a column is unknown, named twice or lacks. */
export function checkColumns(columns: readonly string[], shape: FileShape, line: number, t: Translate): void {
  const named = columns.filter((column) => column !== '');
  const unknown = named.filter((column) => !shape.columns.includes(column));
  if (unknown.length > 0)
    throw new Malformed(t('cli.file.unknownColumns', { columns: unknown.join(', ') }), line);
  const twice = named.filter((column, index) => named.indexOf(column) !== index);
  if (twice.length > 0 && shape.aliases === undefined)
    throw new Malformed(t('cli.file.columnTwice', { columns: twice.join(', ') }), line);
  const missing = shape.needed.filter((column) => !named.includes(column));
  if (missing.length > 0)
    throw new Malformed(t('cli.file.missingColumns', { columns: missing.join(', ') }), line);
}

/** Takes off the apostrophe that keeps a spreadsheet from running a cell as a formula; our own CSV writes it. */
function unguard(cell: string): string {
  return cell.replace(/^'(?=[=+\-@])/, '');
}
