import type { Translate } from '@wirebook/contract';
import { isObject } from '../output/fields.ts';
import { Malformed, type FileRow, type FileShape } from './file-row.ts';

/** A list of objects whose fields are named as the columns of a CSV are. */
export function readJson(text: string, shape: FileShape, t: Translate): FileRow[] {
  const value = parseJson(text, t);
  if (!Array.isArray(value)) throw new Malformed(t('cli.file.notAList'), null);
  const lines = linesOfItems(text);
  return value.map((item: unknown, index) => readItem(item, lines[index] ?? 1, shape, t));
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

/** The line that each item of the outer list begins in. The text is known to be JSON. */
function linesOfItems(text: string): number[] {
  const lines: number[] = [];
  let [line, depth, awaited] = [1, 0, false];
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
      awaited = depth === 1;
    } else if (part === ']' || part === '}') depth -= 1;
    else if (part === ',' && depth === 1) awaited = true;
  }
  return lines;
}
