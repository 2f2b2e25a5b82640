import type { Translate } from '@wirebook/contract';
import { Malformed } from '../import-file/file-row.ts';

/**
 * CSV that gives back every text as it was, to the last space: RFC 4180 with a byte order mark, by which Excel knows UTF-8. A spreadsheet
 * takes a cell that begins as a formula for one and would run it; an apostrophe before it makes it text, and is taken off again.
 */

export interface CsvRecord {
  /** The line that it begins in, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export function writeVerbatim(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((cells) => `${cells.map(writeCell).join(',')}\r\n`);
  return `\ufeff${lines.join('')}`;
}

const FORMULA = /^'*[=+\-@\t\r\n]/;

function writeCell(text: string): string {
  // A number may begin with its sign.
  const guarded = FORMULA.test(text) && !/^-?\d+$/.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function readCell(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}

/** The records of a text, empty lines left out. Throws {@link Malformed} where a quotation mark is out of place. */
export function readVerbatim(text: string, delimiter: string, t: Translate): CsvRecord[] {
  const records: CsvRecord[] = [];
  const breaks = /\r\n|\r|\n/y;
  let [at, line] = [0, 1];
  while (at < text.length) {
    const begin = line;
    const cells: string[] = [];
    for (;;) {
      const cell = readQuoted(text, at, t, line) ?? readPlain(text, at, delimiter, t, line);
      cells.push(readCell(cell.text));
      line += cell.text.match(/\r\n|\r|\n/g)?.length ?? 0;
      at = cell.end;
      if (text[at] !== delimiter) break;
      at += 1;
    }
    breaks.lastIndex = at;
    const end = breaks.exec(text)?.[0].length ?? 0;
    // Whatever follows a closing mark but the end of the cell.
    if (end === 0 && at < text.length) throw new Malformed(t('cli.file.strayQuote'), line);
    at += end;
    line += 1;
    if (cells.some((cell) => cell !== '')) records.push({ line: begin, cells });
  }
  return records;
}

interface Cell {
  readonly text: string;
  /** Where the text goes on behind it. */
  readonly end: number;
}

/** Null where the cell isn't quoted. */
function readQuoted(text: string, start: number, t: Translate, line: number): Cell | null {
  if (text[start] !== '"') return null;
  let from = start + 1;
  let cell = '';
  for (;;) {
    const mark = text.indexOf('"', from);
    if (mark < 0) throw new Malformed(t('cli.file.quoteNotClosed'), line);
    cell += text.slice(from, mark);
    if (text[mark + 1] !== '"') return { text: cell, end: mark + 1 };
    cell += '"';
    from = mark + 2;
  }
}

function readPlain(text: string, start: number, delimiter: string, t: Translate, line: number): Cell {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\r' && text[end] !== '\n') end += 1;
  const cell = text.slice(start, end);
  if (cell.includes('"')) throw new Malformed(t('cli.file.strayQuote'), line);
  return { text: cell, end };
}
