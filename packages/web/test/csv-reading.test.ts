import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFixes } from '../src/pages/unresolved/fixes-reading.ts';
import { readCsv } from '../src/ui/csv-reading.ts';

const cellsOf = (text: string): readonly (readonly string[])[] => readCsv(text).map(({ cells }) => cells);

test('cells may hold separators, quotation marks and line ends, and every row knows its line', () => {
  expect(readCsv('a,b\r\n"x, ""y""\nz",1\r\n\r\nlast,2')).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['x, "y"\nz', '1'] },
    { line: 5, cells: ['last', '2'] },
  ]);
});

test('semicolons and tabs separate as spreadsheets write them, after a byte order mark too', () => {
  expect(cellsOf('\uFEFFa;b\n1,5;2')).toEqual([
    ['a', 'b'],
    ['1,5', '2'],
  ]);
  expect(cellsOf('a\tb\n1\t2')).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
});

test('whatever is written quoted is read as it was', () => {
  const cell = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && text !== '');
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const text = ['a,b', ...rows.map((row) => row.map(quoted).join(','))].join('\r\n');
      expect(cellsOf(text).slice(1)).toEqual(rows);
    }),
  );
});

test('columns are found by their names, whatever their order, and others are passed over', () => {
  expect(readFixes('IP,note,Server\n10.1.2.3,x,web-01\n,y,web-02')).toEqual({
    kind: 'rows',
    rows: [
      { line: 2, server: 'web-01', ip: '10.1.2.3' },
      { line: 3, server: 'web-02' },
    ],
  });
  expect(readFixes('name,ip\na,b')).toEqual({ kind: 'no_server', columns: ['name', 'ip'] });
  expect(readFixes(' \n')).toEqual({ kind: 'nothing' });
});
