import { openCatalogue } from '@wirebook/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCsv } from '../src/output/csv.ts';
import { readCsv } from '../src/import-file/csv.ts';
import { readJson } from '../src/import-file/json.ts';

const t = openCatalogue()('en');
const shape = { columns: ['ip', 'name', 'note'], needed: ['ip'] };
/** Text as people type it into cells, with all that means something in CSV and JSON. */
const cell = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', ',', ';', '\n', '#', "'", '=', '-', '[', '{', '}', ']', '\\', '打印机', ' '),
      fc.stringMatching(/^[a-z0-9]{1,3}$/),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join('').trim())
  // An apostrophe before what a spreadsheet would run is taken off; who typed it can't be told.
  .filter((text) => !/^'[=-]/.test(text));
const table = fc.array(fc.tuple(fc.stringMatching(/^[0-9a-f]{1,4}::$/), cell, cell), {
  minLength: 1,
  maxLength: 8,
});

/** What a reader makes of a row: empty cells are not there. */
function said(row: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    row.flatMap((value, index) => (value === '' ? [] : [[shape.columns[index] ?? '', value] as const])),
  );
}

test('what is written as CSV reads back as it was, each row with the line that it begins in', () => {
  fc.assert(
    fc.property(table, (rows) => {
      const text = formatCsv(shape.columns, rows).replaceAll('\r\n', '\n');
      const read = readCsv(text, shape, t);
      expect(read.map(({ cells }) => cells)).toEqual(rows.map(said));
      const lines = text.split('\n');
      for (const [index, { line }] of read.entries())
        expect(lines[line - 1]?.startsWith(rows[index]?.[0] ?? '-')).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('what is written as JSON reads back as it was, each item with the line that it begins in', () => {
  fc.assert(
    fc.property(table, fc.constantFrom(0, 1, 4), (rows, indent) => {
      const text = JSON.stringify(rows.map(said), null, indent);
      const read = readJson(text, shape, t);
      expect(read.map(({ cells }) => cells)).toEqual(rows.map(said));
      const lines = text.split('\n');
      for (const { line } of read) expect(lines[line - 1]).toContain('{');
    }),
    { numRuns: 1000 },
  );
});
