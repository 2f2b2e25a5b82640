import type { CompareInput } from '@wirebook/contract';
import { bitsOf, isRoutableUnicast, parseAddress, parseMac, unmapAddress } from '../../domain/addresses.ts';
import type { ListedAddress } from '../../domain/list-comparison.ts';

type Row = CompareInput['rows'][number];

/** A cell that says nothing that can be held against anything; `code`: of the catalogue's `fields`. */
export interface Unreadable {
  readonly index: number;
  readonly line: number;
  readonly written: string;
  readonly code: string;
}

export interface ReadList {
  readonly listed: readonly ListedAddress[];
  readonly unreadable: readonly Unreadable[];
}

/** What people write into a cell to leave it empty. */
const BLANK = /^(?:[-–—_/.?]+|n\/?a|none|null|nil|unknown|无|未知|空)$/i;
/** Words for what nobody has, and for what is kept back; those of NetBox and those of spreadsheets. */
const FREE =
  /^(?:available|free|unused|deprecated|decommissioned|空闲|可用|未用|未使用|未分配|废弃|已废弃|停用)$/i;
const KEPT = /^(?:reserved|dhcp|slaac|预留|保留|已预留|已保留)$/i;

/** Rows as they can be compared. What can't be read of a row is told, and the rest of the row compared. */
export function readList(rows: readonly Row[]): ReadList {
  const listed: ListedAddress[] = [];
  const unreadable: Unreadable[] = [];
  for (const [index, row] of rows.entries()) {
    // Without lines of a file the rows are counted.
    const line = row.line ?? index + 1;
    const complain = (written: string, code: string): void => {
      unreadable.push({ index, line, written, code });
    };
    const address = readIp(row.ip.trim(), complain);
    if (address === null) continue;
    const mac = cellOf(row.mac);
    // Some tables have a column of prefixes that holds the lengths alone.
    const network = cellOf(row.network);
    const length = /^\/?(\d{1,3})$/.exec(network ?? '')?.[1];
    const canonical = mac === null ? null : parseMac(mac);
    if (mac !== null && canonical === null) complain(mac, 'not_a_mac');
    listed.push({
      index,
      line,
      ip: address.ip,
      prefixLength:
        row.prefixLength ?? address.prefixLength ?? (length === undefined ? null : Number(length)),
      names: [cellOf(row.name), cellOf(row.dnsName)].filter((name) => name !== null),
      mac: canonical,
      network: length === undefined ? network : null,
      vrf: cellOf(row.vrf) ?? '',
      use: useOf(cellOf(row.status)),
    });
  }
  return { listed, unreadable };
}

function cellOf(cell: string | undefined): string | null {
  const text = cell?.trim() ?? '';
  return text === '' || BLANK.test(text) ? null : text;
}

function useOf(status: string | null): ListedAddress['use'] {
  if (status === null) return 'used';
  if (FREE.test(status)) return 'free';
  return KEPT.test(status) ? 'kept' : 'used';
}

function readIp(
  text: string,
  complain: (written: string, code: string) => void,
): Pick<ListedAddress, 'ip' | 'prefixLength'> | null {
  const [, address = text, digits] = /^(.*?)\/(\d{1,3})$/s.exec(text) ?? [];
  const ip = parseAddress(address);
  const prefixLength = digits === undefined ? null : Number(digits);
  if (ip === null || (prefixLength ?? 0) > bitsOf(ip.family)) {
    complain(text, text === '' ? 'empty' : 'not_an_address');
    return null;
  }
  const unmapped = unmapAddress(ip);
  if (!isRoutableUnicast(unmapped)) {
    complain(text, 'not_a_unicast');
    return null;
  }
  return { ip: unmapped, prefixLength: unmapped.family === ip.family ? prefixLength : null };
}
