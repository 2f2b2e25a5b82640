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
/** Cut short it names nothing. */
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** IPv4, IPv6, MAC: cut only where nothing else is left to cut. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})$/;
/** No column is made narrower than this while a wider one could give way. */
const LEAST = 6;

/**
 * A table without lines. Where it is wider than the terminal its widest columns are cut, with `…`: those of addresses last,
 * those of ids never.
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
    head.map((_, index) => worthOf(rows.map((row) => row[index] ?? ''))),
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

/** How much is lost when the column is cut: 0 some words, 1 addresses, 2 ids. */
function worthOf(cells: readonly string[]): 0 | 1 | 2 {
  if (cells.some((cell) => ID.test(cell))) return 2;
  return cells.some((cell) => ADDRESS.test(cell)) ? 1 : 0;
}

/** Takes from the widest column of the least worth, one by one, until all fit. */
function fitWidths(
  natural: readonly number[],
  columns: number | null,
  worths: readonly (0 | 1 | 2)[],
): number[] {
  const widths = natural.map((width) => Math.max(1, width));
  if (columns === null) return widths;
  let over = widths.reduce((sum, width) => sum + width, (widths.length - 1) * GAP) - columns;
  for (const worth of [0, 1])
    while (over > 0) {
      const width = Math.max(0, ...widths.filter((_, index) => worths[index] === worth));
      if (width <= LEAST) break;
      widths[widths.findIndex((each, index) => each === width && worths[index] === worth)] = width - 1;
      over -= 1;
    }
  return widths;
}
