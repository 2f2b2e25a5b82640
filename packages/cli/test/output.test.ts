import { openCatalogue } from '@wirebook/contract';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cellText } from '../src/output/cells.ts';
import { formatCsv } from '../src/output/csv.ts';
import { pickFields, readField, unknownFields } from '../src/output/fields.ts';
import { formatJson } from '../src/output/json.ts';
import { formatTable } from '../src/output/table.ts';
import { visible, visibleLine } from '../src/output/visible.ts';
import { truncate, widthOf } from '../src/output/width.ts';
import { formatYaml } from '../src/output/yaml.ts';

const t = openCatalogue()('en');
/** What a terminal would act on, and the marks that turn text round. */
const OBEYED = /(?![\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;
const nasty = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        '\u001b[2J',
        '\u009b31m',
        '\u007f',
        '\u0000',
        '\u202e',
        '\u2028',
        '\r',
        '\n',
        '虚拟机',
        '"',
        ',',
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

describe('text from elsewhere', () => {
  test('an escape sequence in a name is written out, not obeyed', () => {
    expect(visible('vm\u001b[31m')).toBe('vm\\u001b[31m');
    expect(visibleLine('a\nb\tc')).toBe('a\\nb c');
  });

  test('whatever a name holds, no form of output carries control characters', () => {
    fc.assert(
      fc.property(nasty, (name) => {
        expect(cellText(name, t)).not.toMatch(/\p{Cc}/u);
        expect(formatTable({ head: ['NAME'], rows: [[cellText(name, t)]], columns: 20 })).not.toMatch(OBEYED);
        expect(formatJson({ name })).not.toMatch(/(?!\n)\p{Cc}/u);
        expect(formatYaml({ name })).not.toMatch(/(?!\n)\p{Cc}/u);
        expect(formatCsv(['name'], [[name]])).not.toMatch(OBEYED);
      }),
      { numRuns: 500 },
    );
  });

  test('JSON and YAML read back as what they were', () => {
    fc.assert(
      fc.property(nasty, nasty, (key, name) => {
        const object = { [`k${key}`]: name, list: [name, 1, null, true] };
        expect(JSON.parse(formatJson(object))).toEqual(object);
        expect(parse(formatYaml(object))).toEqual(object);
      }),
      { numRuns: 500 },
    );
  });
});

describe('CSV', () => {
  test('cells with commas, quotes and line ends are quoted, and lines end in CR LF', () => {
    expect(
      formatCsv(
        ['a', 'b'],
        [
          ['x,y', 'say "hi"'],
          ['two\nlines', 7],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""hi"""\r\n"two\nlines",7\r\n');
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])(
    'a cell that begins as %s does is no formula',
    (cell) => {
      const [, line = ''] = formatCsv(['a'], [[cell]]).split('\r\n');
      expect(line.replace(/^"/, '')).toMatch(/^'/);
    },
  );

  test('numbers stay numbers, lists stand in one cell, an object is its name', () => {
    expect(
      formatCsv(['n', 'l', 'o', 'e'], [[-5, ['10.1.2.3', '10.1.2.4'], { id: 'x', name: 'web' }, null]]),
    ).toBe('n,l,o,e\r\n-5,10.1.2.3 10.1.2.4,web,\r\n');
  });
});

describe('tables', () => {
  test('columns are as wide as what they hold, two spaces apart', () => {
    expect(
      formatTable({
        head: ['A', 'LONG'],
        rows: [
          ['one', 'x'],
          ['2', 'y'],
        ],
        columns: null,
      }),
    ).toBe('A    LONG\none  x\n2    y\n');
  });

  test('where the terminal is too narrow the widest column is cut, and says so', () => {
    const table = formatTable({ head: ['NAME', 'TEXT'], rows: [['web-01', 'x'.repeat(60)]], columns: 30 });
    const [, line = ''] = table.split('\n');
    expect(widthOf(line)).toBe(30);
    expect(line).toMatch(/^web-01 {2}x+…$/);
  });

  test('Chinese takes two columns a character, in measuring and in cutting', () => {
    expect(widthOf('虚拟机a')).toBe(7);
    expect(truncate('虚拟机', 5)).toBe('虚拟…');
    const table = formatTable({
      head: ['名称', 'B'],
      rows: [
        ['虚拟机', 'x'],
        ['ab', 'y'],
      ],
      columns: null,
    });
    expect(table).toBe('名称    B\n虚拟机  x\nab      y\n');
  });

  test('ids are never cut, and addresses last', () => {
    const id = '0197f0a4-8f0e-7c3a-9d51-3f7b7c0a1e55';
    const rows = [[id, '10.101.102.103', 'fd00:1234::7', '00:50:56:aa:00:01', 'x'.repeat(60)]];
    const head = ['ID', 'IP', 'IP', 'MAC', 'TEXT'];
    const [, wide = ''] = formatTable({ head, rows, columns: 100 }).split('\n');
    expect(wide).toMatch(/^\S{36} {2}10\.101\.102\.103 {2}fd00:1234::7 {2}00:50:56:aa:00:01 {2}x+…$/);
    const [, narrow = ''] = formatTable({ head, rows, columns: 80 }).split('\n');
    expect(narrow).toContain(`${id}  `);
    expect(widthOf(narrow)).toBe(80);
  });

  test('a table never is wider than the terminal, unless its columns are too many', () => {
    const cells = fc.array(fc.tuple(nasty, nasty, nasty), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cells, fc.integer({ min: 30, max: 120 }), (rows, columns) => {
        const shown = rows.map((row) => row.map((cell) => cellText(cell, t)));
        const lines = formatTable({ head: ['A', 'B', 'C'], rows: shown, columns }).split('\n');
        expect(lines).toHaveLength(rows.length + 2);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 500 },
    );
  });

  test('a time is shown short and local, other text as it is', () => {
    expect(cellText('2026-01-02T03:04:05Z', t)).toMatch(/^2026-01-0[123] \d\d:\d\d$/);
    expect(cellText('2026-01-02', t)).toBe('2026-01-02');
    expect(cellText([true, null, { id: 'x', name: 'web' }, { start: 1, end: 2 }], t)).toBe(
      'yes, -, web, 1-2',
    );
    expect(cellText([{ ip: '10.1.2.3', prefixLength: 24, firstSeenAt: 'x' }, { ip: 'fd00::1' }], t)).toBe(
      '10.1.2.3/24, fd00::1',
    );
    expect(cellText({ code: 'taken', text: 'It is taken.', ip: '10.1.2.3' }, t)).toBe('It is taken.');
  });
});

describe('fields', () => {
  const nic = {
    server: { id: 's', name: 'web-01' },
    records: [{ ip: '10.1.2.3' }, { ip: '10.1.2.4' }],
    tags: { 'a.b': 'c' },
  };

  test('a path leads into objects, through lists, and to keys with dots', () => {
    expect(readField(nic, 'server.name')).toBe('web-01');
    expect(readField(nic, 'records.ip')).toEqual(['10.1.2.3', '10.1.2.4']);
    expect(readField(nic, 'tags.a.b')).toBe('c');
    expect(readField(nic, 'server.nothing.at.all')).toBeUndefined();
    expect(readField(nic, 'constructor')).toBeUndefined();
  });

  test('picked fields stay nested as they were', () => {
    expect(pickFields(nic, ['server.name', 'records.ip', 'none'])).toEqual({
      server: { name: 'web-01' },
      records: { ip: ['10.1.2.3', '10.1.2.4'] },
      none: null,
    });
    expect(pickFields({ a: { b: 1, c: 2, d: 3 } }, ['a.b', 'a.c'])).toEqual({ a: { b: 1, c: 2 } });
    expect(Object.keys(pickFields({}, ['__proto__.x']))).toEqual(['__proto__']);
  });

  test('a field is unknown when no object has it; of no objects nothing can be said', () => {
    expect(unknownFields([nic, { other: 1 }], ['server.name', 'other', 'nmae'])).toEqual(['nmae']);
    expect(unknownFields([], ['nmae'])).toEqual([]);
  });
});
