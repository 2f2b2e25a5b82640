import Table from 'cli-table3';
import { truncate, widthOf } from './width.ts';

const GAP = 2;
const LINES = ['top', 'bottom', 'mid'].flatMap((place) => [
  place,
  `${place}-mid`,
  `${place}-left`,
  `${place}-right`,
]);
const SIDES = ['left', 'left-mid', 'mid-mid', 'right', 'right-mid'];
/** An id cut short names nothing. */
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** No column is made narrower than this while a wider one could give way. */
const LEAST = 6;

/**
 * A table without lines. Where it is wider than the terminal its widest columns but those of ids are cut, with `…`.
 * Cells must be one line each, free of control characters.
 */
export function formatTable(options: {
  head: readonly string[];
  rows: readonly (readonly string[])[];
  columns: number | null;
}): string {
  const { head, rows } = options;
  if (head.length === 0) return '';
  const widths = fitWidths(
    head.map((title, index) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? '')))),
    options.columns,
    (index) => rows.some((row) => ID.test(row[index] ?? '')),
  );
  const table = new Table({
    chars: { ...Object.fromEntries([...LINES, ...SIDES].map((name) => [name, ''])), middle: ' '.repeat(GAP) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: widths,
  });
  const cut = (cells: readonly string[]): string[] =>
    widths.map((width, index) => truncate(cells[index] ?? '', width));
  table.push(cut(head), ...rows.map(cut));
  const lines = table.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Takes from the widest column that may be cut, one by one, until all fit. */
function fitWidths(
  natural: readonly number[],
  columns: number | null,
  keptWhole: (index: number) => boolean,
): number[] {
  const widths = natural.map((width) => Math.max(1, width));
  if (columns === null) return widths;
  const kept = widths.map((_, index) => keptWhole(index));
  let over = widths.reduce((sum, width) => sum + width, (widths.length - 1) * GAP) - columns;
  while (over > 0) {
    const width = Math.max(0, ...widths.filter((_, index) => !kept[index]));
    const widest = widths.findIndex((each, index) => each === width && !kept[index]);
    if (width <= LEAST) break;
    widths[widest] = width - 1;
    over -= 1;
  }
  return widths;
}
