import type { FixNicsInput, ImportFixesInput } from '@wirebook/contract';
import {
  formatAddress,
  isIpv4Mapped,
  isRoutableUnicast,
  parseAddress,
  parseMac,
  unmapAddress,
} from '../domain/addresses.ts';
import type { Asked, FixRefusal } from '../domain/fixing-facts.ts';
import { type FieldError, refuseInput } from './problem.ts';

/** What a request says, and what of it can't be read. */
export interface FixInput {
  /** `server` as it was named; null for the one server of the request. */
  readonly asked: readonly { server: string | null; asked: Asked }[];
  readonly complaints: readonly { at: number; error: FieldError }[];
  /** Where a refusal belongs. */
  readonly place: (refusal: Pick<FixRefusal, 'at' | 'part'>) => Pick<FieldError, 'field' | 'value' | 'line'>;
}

/** Problems: `invalid_input` where it names both addresses and NICs, or neither. */
export function readFixInput(input: FixNicsInput): FixInput {
  const { ips, nics } = input;
  if ((ips === undefined) === (nics === undefined)) {
    const field = ips === undefined ? 'ips' : 'nics';
    throw refuseInput([{ field, value: null, code: 'one_of_two', params: { first: 'ips', second: 'nics' } }]);
  }
  if (ips !== undefined)
    return readRows(
      ips.map((ip, index) => ({ ip: { field: `ips[${index}]`, text: ip }, mac: null, server: null })),
    );
  return readRows(
    (nics ?? []).map(({ mac, ip }, index) => ({
      ip: { field: `nics[${index}].ip`, text: ip },
      mac: { field: `nics[${index}].mac`, text: mac },
      server: null,
    })),
  );
}

export function readFixRows(input: ImportFixesInput): FixInput {
  return readRows(
    input.rows.map(({ server, mac, ip, line }, index) => ({
      line,
      ip: { field: `rows[${index}].ip`, text: textOf(ip) },
      // A row without MAC and address says nothing: the MAC is what it lacks.
      mac:
        textOf(mac) === null && textOf(ip) !== null
          ? null
          : { field: `rows[${index}].mac`, text: textOf(mac) },
      server: { field: `rows[${index}].server`, text: server },
    })),
  );
}

/** An empty cell of a table is none. */
function textOf(cell: string | undefined): string | null {
  const text = cell?.trim() ?? '';
  return text === '' ? null : text;
}

interface Cell {
  readonly field: string;
  readonly text: string | null;
}
interface Row {
  readonly line?: number | undefined;
  readonly server: { readonly field: string; readonly text: string } | null;
  readonly mac: Cell | null;
  readonly ip: Cell;
}

function readRows(rows: readonly Row[]): FixInput {
  const asked: { server: string | null; asked: Asked }[] = [];
  const complaints: { at: number; error: FieldError }[] = [];
  for (const [at, row] of rows.entries()) {
    const complain = (cell: Cell, code: string, params?: Record<string, string>): void => {
      const { field, text } = cell;
      complaints.push({ at, error: { field, value: text, code, ...(params && { params }), line: row.line } });
    };
    const before = complaints.length;
    const mac = readMac(row.mac, complain);
    const ip = readIp(row.ip, complain);
    if (complaints.length === before)
      asked.push({
        server: row.server?.text ?? null,
        asked: { at, ip, mac, field: row.ip.field, line: row.line },
      });
  }
  return {
    asked,
    complaints,
    place: ({ at, part }) => {
      const row = rows[at];
      if (row === undefined) return { field: '', value: null };
      const cell = (part === 'ip' ? null : row[part]) ?? row.ip;
      return { field: cell.field, value: cell.text, line: row.line };
    },
  };
}

type Complain = (cell: Cell, code: string, params?: Record<string, string>) => void;

function readMac(cell: Cell | null, complain: Complain): string | null {
  if (cell === null) return null;
  if (cell.text === null) {
    complain(cell, 'required');
    return null;
  }
  const mac = parseMac(cell.text);
  if (mac === null) complain(cell, 'not_a_mac');
  return mac;
}

function readIp(cell: Cell, complain: Complain): Asked['ip'] {
  if (cell.text === null) return null;
  const value = parseAddress(cell.text);
  if (value === null) complain(cell, 'not_an_address');
  else if (isIpv4Mapped(value))
    complain(cell, 'ipv4_mapped', { address: formatAddress(unmapAddress(value)) });
  else if (!isRoutableUnicast(value)) complain(cell, 'not_a_unicast');
  else return { value, text: formatAddress(value) };
  return null;
}
