import type { Translate } from '@wirebook/contract';
import { WrongUsage } from '../failures.ts';
import type { Terminal } from '../terminal.ts';
import { cellText } from './cells.ts';
import { formatCsv } from './csv.ts';
import { isObject, pickFields, readField, unknownFields } from './fields.ts';
import { formatJson } from './json.ts';
import { formatTable } from './table.ts';
import { formatYaml } from './yaml.ts';

export const outputForms = ['table', 'json', 'yaml', 'csv'] as const;
export type OutputForm = (typeof outputForms)[number];

export interface Printer {
  readonly terminal: Terminal;
  readonly t: Translate;
  readonly form: OutputForm;
  /** Paths of the fields asked for; null for those that suit. */
  readonly fields: readonly string[] | null;
}

/** A column of a list: the path of its field, and where a table shows it differently, how. */
export interface Column<Row> {
  readonly field: string;
  readonly show?: (row: Row) => unknown;
}

/** Prints a list: an array in JSON and YAML; in a table or CSV the given columns, or those asked for. */
export function printList<Row extends object>(
  printer: Printer,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): void {
  const { terminal, form, fields } = printer;
  checkFields(printer, rows);
  const shown: readonly Column<Row>[] = fields?.map((field) => ({ field })) ?? columns;
  switch (form) {
    case 'json':
      return terminal.out.write(
        formatJson(fields === null ? rows : rows.map((row) => pickFields(row, fields))),
      );
    case 'yaml':
      return terminal.out.write(
        formatYaml(fields === null ? rows : rows.map((row) => pickFields(row, fields))),
      );
    case 'csv':
      return terminal.out.write(
        formatCsv(
          shown.map((column) => column.field),
          rows.map((row) => shown.map((column) => readField(row, column.field))),
        ),
      );
    case 'table':
      return terminal.out.write(listTable(printer, rows, shown));
  }
}

export function listTable<Row extends object>(
  printer: Printer,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string {
  const { t, terminal } = printer;
  return formatTable({
    head: columns.map((column) => columnTitle(column.field, t)),
    rows: rows.map((row) =>
      columns.map((column) =>
        cellText(column.show === undefined ? readField(row, column.field) : column.show(row), t),
      ),
    ),
    columns: terminal.out.columns,
  });
}

/** Prints one object: as it is in JSON and YAML, one row in CSV, and in a table field by field with its lists below. */
export function printObject(printer: Printer, object: object): void {
  const { terminal, form, fields } = printer;
  checkFields(printer, [object]);
  const picked = fields === null ? object : pickFields(object, fields);
  switch (form) {
    case 'json':
      return terminal.out.write(formatJson(picked));
    case 'yaml':
      return terminal.out.write(formatYaml(picked));
    case 'csv': {
      const paths = fields ?? Object.keys(object);
      return terminal.out.write(formatCsv(paths, [paths.map((path) => readField(object, path))]));
    }
    case 'table': {
      const shown =
        fields === null ? object : Object.fromEntries(fields.map((path) => [path, readField(object, path)]));
      return terminal.out.write(objectTable(printer, shown));
    }
  }
}

function objectTable(printer: Printer, object: object): string {
  const { t, terminal } = printer;
  const lines: [string, string][] = [];
  const sections: string[] = [];
  for (const [field, value] of Object.entries(object)) {
    const title = columnTitle(field, t);
    if (isListOfObjects(value)) sections.push(`\n${title}\n${sectionTable(printer, value)}`);
    else lines.push([title, cellText(value, t)]);
  }
  const list = formatTable({ head: lines[0] ?? [], rows: lines.slice(1), columns: terminal.out.columns });
  return list + sections.join('');
}

function isListOfObjects(value: unknown): value is Record<string, unknown>[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    // Names of things are read best in one line.
    value.every((item) => isObject(item) && Object.keys(item).some((key) => key !== 'id' && key !== 'name'))
  );
}

function sectionTable(printer: Printer, rows: readonly Record<string, unknown>[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (key) => key !== 'id' && rows.some((row) => !isEmpty(row[key])),
  );
  return listTable(
    printer,
    rows,
    // The remedy says in words what the actions are for programs.
    keys.filter((key) => !['createdAt', 'updatedAt', 'actions'].includes(key)).map((field) => ({ field })),
  );
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** The word over a column; a field that has none is headed by its name, as scripts know it. */
export function columnTitle(field: string, t: Translate): string {
  // An object is shown by its name, so its column is headed by what it is.
  const key = field.replace(/\.name$/, '').replaceAll('.', '_');
  return t(`cli.column.${key}`, { defaultValue: field });
}

function checkFields(printer: Printer, rows: readonly object[]): void {
  const [unknown] = printer.fields === null ? [] : unknownFields(rows, printer.fields);
  if (unknown === undefined) return;
  const known = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ');
  throw new WrongUsage(printer.t('cli.usage.unknownField', { what: unknown, known }));
}
