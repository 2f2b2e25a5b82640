import type { Translate } from '@wirebook/contract';
import { isObject } from '../output/fields.ts';
import { columnOf, Malformed, type FileRow, type FileShape } from './file-row.ts';

/** What an HTTP API answers: one page of a list. */
const PAGE = 'results';

/** A list of objects whose fields are named as the columns of a CSV are; a foreign list may be a page of an API's answer. */
export function readJson(text: string, shape: FileShape, t: Translate): FileRow[] {
  const value = parseJson(text, t);
  const paged = shape.aliases !== undefined && isObject(value);
  const list = paged ? value[PAGE] : value;
  if (!Array.isArray(list)) throw new Malformed(t('cli.file.notAList'), null);
  if (paged && typeof value['next'] === 'string') throw new Malformed(t('cli.file.onePage'), null);
  const lines = linesOfItems(text, paged ? PAGE : null);
  return list.map((item: unknown, index) => readItem(item, lines[index] ?? 1, shape, t));
}

/** Throws {@link Malformed} with the line where it is none. */
export function parseJson(text: string, t: Translate): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const line = /\(line (\d+) /.exec(error instanceof Error ? error.message : '')?.[1];
    throw new Malformed(t('cli.file.notJson'), line === undefined ? text.split('\n').length : Number(line));
  }
}

function readItem(item: unknown, line: number, shape: FileShape, t: Translate): FileRow {
  if (!isObject(item)) throw new Malformed(t('cli.file.notAnObject'), line);
  if (shape.aliases !== undefined) return { line, cells: readForeign(item, shape) };
  const unknown = Object.keys(item).filter((key) => !shape.columns.includes(key));
  if (unknown.length > 0)
    throw new Malformed(t('cli.file.unknownColumns', { columns: unknown.join(', ') }), line);
  const missing = shape.needed.filter((key) => !Object.hasOwn(item, key));
  if (missing.length > 0)
    throw new Malformed(t('cli.file.missingColumns', { columns: missing.join(', ') }), line);
  const cells = Object.entries(item).flatMap(([key, value]) => {
    if (value !== null && typeof value !== 'string' && typeof value !== 'number')
      throw new Malformed(t('cli.file.notText', { column: key }), line);
    const cell = value === null ? '' : String(value).trim();
    return cell === '' ? [] : [[key, cell] as const];
  });
  return { line, cells: Object.fromEntries(cells) };
}

/** The fields that are known, also those of objects inside; the first that says anything counts. */
function readForeign(item: Readonly<Record<string, unknown>>, shape: FileShape): Record<string, string> {
  const said = fieldsOf(item).flatMap(([key, value]) => {
    const column = columnOf(key, shape);
    const cell = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    return column === null || cell === '' ? [] : [[column, cell] as const];
  });
  return Object.fromEntries(said.toReversed());
}

/** NetBox writes a choice as `{value, label}` and another object as `{id, name, ...}`; what an address is assigned to names its machine. */
function fieldsOf(item: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(item).flatMap(([key, value]): [string, unknown][] => {
    if (!isObject(value)) return [[key, value]];
    const inside = Object.entries(value).map(([name, field]): [string, unknown] => [
      `${key}.${name}`,
      isObject(field) ? field['name'] : field,
    ]);
    return [[key, value['value'] ?? value['name']], ...inside];
  });
}

/** The line that each item of the list begins in: of the outer list, or of that which the outer object has under the key. */
function linesOfItems(text: string, key: string | null): number[] {
  const lines: number[] = [];
  const depthOfList = key === null ? 1 : 2;
  let [line, depth, awaited, inList, before] = [1, 0, false, false, ''];
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[^"\s]|\n/g)) {
    if (part === '\n') {
      line += 1;
      continue;
    }
    if (awaited) {
      lines.push(line);
      awaited = false;
    }
    if (part === '[' || part === '{') {
      depth += 1;
      awaited = part === '[' && depth === depthOfList && (key === null || before === `"${key}"`);
      inList ||= awaited;
    } else if (part === ']' || part === '}') {
      depth -= 1;
      inList &&= depth >= depthOfList;
    } else if (part === ',' && depth === depthOfList && inList) awaited = true;
    if (part.startsWith('"')) before = part;
  }
  return lines;
}
