import type { Holder, ImportAddressesInput } from '@wirebook/contract';
import {
  formatAddress,
  isIpv4Mapped,
  isRoutableUnicast,
  parseAddress,
  parseMac,
  unmapAddress,
} from '../domain/addresses.ts';
import type { FieldError } from './problem.ts';

/** A row of an import that can be read: who has the address. */
export interface HolderRow {
  /** Its place among the rows of the request, from 0. */
  readonly index: number;
  readonly line: number | undefined;
  /** As it was written. */
  readonly written: string;
  /** Canonical. */
  readonly ip: string;
  /** What the row says; a field that it doesn't have is absent, an empty one is cleared. */
  readonly says: Partial<Holder>;
}

/** Reads every row; a complaint carries the row's line. A row whose address can't be read is among the complaints only. */
export function readHolderRows(rows: ImportAddressesInput['rows'], errors: FieldError[]): HolderRow[] {
  const firstOf = new Map<string, number>();
  return rows.flatMap((row, index): HolderRow[] => {
    const { line } = row;
    const complain = (
      field: string,
      value: unknown,
      code: string,
      params: FieldError['params'] = {},
    ): void => {
      errors.push({ field: `rows[${index}].${field}`, value, code, params, line });
    };
    const says: Partial<Holder> = {
      ...(row.name !== undefined && { name: row.name.trim() }),
      ...(row.owner !== undefined && { owner: row.owner.trim() || null }),
      ...(row.note !== undefined && { note: row.note.trim() }),
    };
    const macText = row.mac?.trim();
    if (macText !== undefined) {
      says.mac = macText === '' ? null : parseMac(macText);
      if (macText !== '' && says.mac === null) complain('mac', row.mac, 'not_a_mac');
    }
    const ip = parseAddress(row.ip.trim());
    if (ip === null) complain('ip', row.ip, 'not_an_address');
    else if (isIpv4Mapped(ip))
      complain('ip', row.ip, 'ipv4_mapped', { address: formatAddress(unmapAddress(ip)) });
    else if (!isRoutableUnicast(ip)) complain('ip', row.ip, 'not_a_unicast');
    const empty = [says.name, says.owner, says.note, macText].every((text) => (text ?? '') === '');
    if (empty) complain('ip', row.ip, 'import_no_content');
    if (ip === null || isIpv4Mapped(ip) || !isRoutableUnicast(ip)) return [];
    const canonical = formatAddress(ip);
    const first = firstOf.get(canonical);
    if (first !== undefined) {
      complain('ip', row.ip, 'import_same_ip', { other: first });
      return [];
    }
    // Without lines of a file the rows are counted.
    firstOf.set(canonical, line ?? index + 1);
    return [{ index, line, written: row.ip, ip: canonical, says }];
  });
}
