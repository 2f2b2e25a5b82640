import { readCsv } from '../../ui/csv-reading.ts';
import type { Field, TableShape } from './table-shapes.ts';

interface TableRow {
  /** Where the row begins in what was given, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Table {
  /** What the table calls its columns; null where its first line is a row already. */
  readonly titles: readonly string[] | null;
  readonly width: number;
  readonly rows: readonly TableRow[];
  /** What each column was taken for; null for one that is passed over. */
  readonly fields: readonly (Field | null)[];
}

/** How far down the head of a table is looked for, below its title. */
const TITLE_LINES = 20;
/** So many rows tell what a column without a title holds. */
const TELLING_ROWS = 20;

/** A table as it is pasted or exported: CSV with commas, semicolons or tabs, or JSON of an API. Null for text without a table. */
export function readTable(text: string, shape: TableShape): Table | null {
  if (text.trim() === '') return null;
  const json = /^\s*[[{]/.test(text) ? readJson(text) : null;
  return json === null ? readLines(text, shape) : tableOf(json.titles, json.rows, shape);
}

/** What the rows say by field; of several columns that are taken for the same the first that says anything counts. */
export function rowsOf(
  table: Table,
  fields: readonly (Field | null)[],
): readonly (Partial<Record<Field, string>> & { readonly line: number })[] {
  return table.rows.map(({ line, cells }) => {
    const said: Partial<Record<Field, string>> = {};
    fields.forEach((field, at) => {
      const cell = unguarded(cells[at] ?? '');
      if (field !== null && cell !== '') said[field] ??= cell;
    });
    return { ...said, line };
  });
}

function readLines(text: string, shape: TableShape): Table | null {
  const source = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const lines = source.split('\n');
  const isHead = (line: string): boolean => {
    const titles = (readCsv(line)[0]?.cells ?? []).map((title) => fieldOf(title, shape));
    return shape.needed.every((field) => titles.includes(field));
  };
  const found = lines.slice(0, TITLE_LINES).findIndex(isHead);
  const aside = lines.findIndex((line) => line.trim() !== '' && !/^(?:#|sep=)/i.test(line));
  const before = Math.max(0, found >= 0 ? found : aside);
  const rows = readCsv(lines.slice(before).join('\n')).map(({ line, cells }) => ({
    line: line + before,
    cells,
  }));
  const [head, ...below] = rows;
  if (head === undefined) return null;
  const isRow = head.cells.every((title) => fieldOf(title, shape) === null) && head.cells.some(isAddress);
  return isRow ? tableOf(null, rows, shape) : tableOf(head.cells, below, shape);
}

function tableOf(titles: readonly string[] | null, rows: readonly TableRow[], shape: TableShape): Table {
  const telling = rows.slice(0, TELLING_ROWS);
  const width = Math.max(titles?.length ?? 0, ...telling.map(({ cells }) => cells.length));
  const columns = Array.from({ length: width }, (_, at) => at);
  const fields = columns.map((at) =>
    titles === null ? fieldOfCells(telling, at, shape) : fieldOf(titles[at] ?? '', shape),
  );
  return { titles, width, rows, fields };
}

/** The field that a title names; null for one that nobody knows. */
function fieldOf(title: string, shape: TableShape): Field | null {
  const bare = title.trim().replaceAll(/\s+/g, ' ').toLowerCase();
  for (const [field, titles] of entriesOf(shape)) if (titles.includes(bare)) return field;
  return null;
}

function entriesOf(shape: TableShape): readonly [Field, readonly string[]][] {
  const isField = (name: string): name is Field => name in shape.titles;
  return Object.keys(shape.titles)
    .filter(isField)
    .map((field) => [field, shape.titles[field] ?? []]);
}

/** Without titles the cells have to tell: addresses and MACs can be told from all else. */
function fieldOfCells(rows: readonly TableRow[], at: number, shape: TableShape): Field | null {
  const cells = rows.map((row) => row.cells[at] ?? '').filter((cell) => cell !== '');
  if (cells.length === 0) return null;
  if ('ip' in shape.titles && cells.every(isAddress)) return 'ip';
  if ('mac' in shape.titles && cells.every((cell) => /^(?:[0-9a-f]{2}[:-]?){5}[0-9a-f]{2}$/i.test(cell)))
    return 'mac';
  return null;
}

function isAddress(cell: string): boolean {
  return (
    /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,3})?$/.test(cell) ||
    /^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*(?:\/\d+)?$/i.test(cell)
  );
}

/** What an export guards from being taken for a formula, without the guard. */
function unguarded(cell: string): string {
  return cell.replace(/^'(?=[=+\-@])/, '');
}

/** What an HTTP API answers: a list of objects, or a page of one under `results` or `items`. Null where it is none. */
function readJson(text: string): { titles: readonly string[]; rows: readonly TableRow[] } | null {
  const list = listIn(parse(text));
  if (list === null) return null;
  const objects = list.map((item) => (isObject(item) ? flat(item) : new Map<string, string>()));
  const titles = [...new Set(objects.flatMap((fields) => [...fields.keys()]))];
  return {
    titles,
    rows: objects.map((fields, at) => ({
      line: at + 1,
      cells: titles.map((title) => fields.get(title) ?? ''),
    })),
  };
}

function listIn(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return null;
  const inner = value['results'] ?? value['items'];
  return Array.isArray(inner) ? inner : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** NetBox writes a choice as `{value, label}` and another object as `{id, name, ...}`; what an address is assigned to names its machine. */
function flat(item: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  const add = (title: string, value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') said.set(title, String(value).trim());
  };
  for (const [key, value] of Object.entries(item)) {
    if (!isObject(value)) add(key, value);
    else {
      add(key, value['value'] ?? value['name'] ?? value['address']);
      for (const [name, field] of Object.entries(value))
        add(`${key}.${name}`, isObject(field) ? field['name'] : field);
    }
  }
  return said;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
