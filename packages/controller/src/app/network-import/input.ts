import { type ImportNetworksInput, objectName } from '@wirebook/contract';
import { parseAddress } from '../../domain/addresses.ts';
import type { BookRow } from '../../domain/network-import.ts';
import type { NetworkColumns } from '../../store/networks.ts';
import { readSpan } from '../../store/spans.ts';
import { readNetworkInput } from '../network-input.ts';
import { type FieldError, Problem } from '../problem.ts';

/** A row of the book as it was written, and what it says; null where it can't be read, as the complaints of its place say. */
export interface ReadRow {
  readonly index: number;
  readonly line: number | undefined;
  readonly cells: Readonly<Record<'name' | 'start' | 'end' | 'vlan' | 'switch', string>>;
  readonly book: BookRow | null;
  readonly columns: NetworkColumns | null;
}

const DNS_AT_MOST = 8;
const LAST_VLAN = 4094;

type Row = ImportNetworksInput['rows'][number];
type Column = Exclude<keyof Row, 'line'>;
/** Of the column's cell as it was written. */
type Complain = (column: Column, code: string, params?: FieldError['params']) => void;

/** Reads every row; complaints carry the row's line. */
export function readNetworkRows(rows: ImportNetworksInput['rows'], errors: FieldError[]): ReadRow[] {
  return rows.map((row, index) => readRow(row, index, errors));
}

function readRow(row: Row, index: number, errors: FieldError[]): ReadRow {
  const { line } = row;
  const cell = (column: Column): string => String(row[column] ?? '').trim();
  const before = errors.length;
  const complain: Complain = (column, code, params = {}) => {
    errors.push({ field: `rows[${index}].${column}`, value: cell(column), code, params, line });
  };
  const name = cell('name');
  if (name === '') complain('name', 'empty');
  else if (!objectName.safeParse(name).success) complain('name', 'not_the_form');
  for (const field of ['start', 'end', 'prefix'] as const) {
    if (cell(field) === '') complain(field, 'empty');
  }
  const vlan = readVlan(cell('vlan'), complain);
  const prefixLength = cell('prefix') === '' ? null : readPrefixLength(cell('prefix'), complain);
  const dns = cell('dns')
    .split(/[\s;,]+/)
    .filter((text) => text !== '');
  if (dns.length > DNS_AT_MOST) complain('dns', 'too_long', { maximum: DNS_AT_MOST });
  const placed = prefixLength !== null && cell('start') !== '' && cell('end') !== '';
  const columns = placed
    ? readPlace(
        { name, start: cell('start'), end: cell('end'), prefixLength, gateway: cell('gateway'), dns },
        complain,
      )
    : null;
  const read = columns !== null && vlan !== null && errors.length === before;
  return {
    index,
    line,
    cells: {
      name,
      start: cell('start'),
      end: cell('end'),
      vlan: cell('vlan'),
      switch: cell('switch'),
    },
    columns: read ? columns : null,
    book: read ? toBookRow(columns, { index, line, vlan, switch: cell('switch') || null }) : null,
  };
}

/** The network that the row describes, by the rules of every new network; its giving is all of the range. */
function readPlace(
  row: {
    name: string;
    start: string;
    end: string;
    prefixLength: number;
    gateway: string;
    dns: string[];
  },
  complain: Complain,
): NetworkColumns | null {
  const { gateway, ...rest } = row;
  try {
    return readNetworkInput({ ...rest, wire: '', gateway: gateway === '' ? null : gateway });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'range_outside_prefix') complain('end', 'import_range_outside_prefix', error.params);
    else if (error.code === 'gateway_outside_prefix')
      complain('gateway', 'import_gateway_outside_prefix', error.params);
    else if (error.code === 'invalid_input') {
      for (const { field, code, params } of error.errors) complain(columnOf(field), code, params);
    } else throw error;
    return null;
  }
}

function columnOf(field: string): Column {
  const name = field.replace(/\[\d+\]$/, '');
  return (['start', 'end', 'gateway', 'dns'] as const).find((column) => column === name) ?? 'prefix';
}

function toBookRow(
  columns: NetworkColumns,
  row: { index: number; line: number | undefined; vlan: number; switch: string | null },
): BookRow {
  return {
    index: row.index,
    // Without lines of a file the rows are counted.
    line: row.line ?? row.index + 1,
    name: columns.name,
    range: readSpan(columns.span),
    cidr: columns.cidr,
    gateway: columns.gateway,
    dns: columns.dns,
    vlan: row.vlan,
    switch: row.switch,
  };
}

/** A VLAN id, 0 for none; null with the complaint added. */
function readVlan(text: string, complain: Complain): number | null {
  if (text === '') return 0;
  if (/^\d{1,4}$/.test(text) && Number(text) <= LAST_VLAN) return Number(text);
  // 4095 is how a standard switch writes a trunk of all VLANs (HostPortGroupSpec.vlanId).
  const trunk = /^(?:trunk|all|4095|\d{1,4}\s*[-~–,;/ ].*\d)$/i.test(text);
  complain('vlan', trunk ? 'import_trunk' : 'not_a_vlan');
  return null;
}

/** `24`, `/24` or `255.255.255.0`. */
function readPrefixLength(text: string, complain: Complain): number | null {
  const digits = /^\/?(\d{1,3})$/.exec(text)?.[1];
  if (digits !== undefined) {
    const length = Number(digits);
    if (length >= 1 && length <= 128) return length;
    if (length === 0) complain('prefix', 'zero_prefix');
    else complain('prefix', 'too_big', { maximum: 128 });
    return null;
  }
  const mask = parseAddress(text);
  if (mask?.family === 4) {
    const ones = /^(1+)0*$/.exec(mask.value.toString(2).padStart(32, '0'))?.[1];
    if (ones !== undefined) return ones.length;
  }
  complain('prefix', 'import_not_a_prefix_length');
  return null;
}
