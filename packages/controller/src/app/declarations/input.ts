import type { DeclaredHolder, Holder } from '@wirebook/contract';
import { formatAddress, type IpAddress, isRoutableUnicast, parseMac } from '../../domain/addresses.ts';
import type { DeclarationImport } from './work.ts';
import type { DeclarationReport } from './report.ts';
import { readExpiry } from '../expiry.ts';
import { readAddress } from '../network-input.ts';
import { type FieldError, Problem } from '../problem.ts';

/** Until when something lasts: RFC 3339 in UTC, null for ever; undefined where it is over by now, which is told, or can't be read. */
export function readDeclaredExpiry(
  { report }: DeclarationImport,
  field: string,
  text: string | null | undefined,
): string | null | undefined {
  try {
    return readExpiry(text ?? null);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'expires_in_the_past')
      report.note({ field, value: text, code: 'declared_expired', params: { at: text ?? '' } });
    else for (const one of error.errors) report.complain({ ...one, field });
    return undefined;
  }
}

/** An address that somebody can have; null with the complaint made. */
export function readDeclaredAddress(
  report: DeclarationReport,
  field: string,
  text: string,
): { ip: IpAddress; text: string } | null {
  const errors: FieldError[] = [];
  const ip = readAddress(field, text, errors);
  for (const error of errors) report.complain(error);
  if (ip === null) return null;
  if (isRoutableUnicast(ip)) return { ip, text: formatAddress(ip) };
  report.complain({ field, value: text, code: 'not_a_unicast' });
  return null;
}

/** Who has an address; null where nothing is said. The complaint about a MAC that is none is made. */
export function readDeclaredHolder(
  report: DeclarationReport,
  place: string,
  said: DeclaredHolder['holder'],
): Holder | null {
  const { name = '', note = '' } = said ?? {};
  const owner = said?.owner === '' ? null : (said?.owner ?? null);
  const mac = readDeclaredMac(report, `${place}.holder.mac`, said?.mac);
  const empty = name === '' && note === '' && owner === null && mac === null;
  return empty ? null : { name, owner, mac, note };
}

/** Canonical; null where there is none, or with the complaint made. */
export function readDeclaredMac(
  report: DeclarationReport,
  field: string,
  text: string | null | undefined,
): string | null {
  if (text === undefined || text === null || text === '') return null;
  const mac = parseMac(text);
  if (mac === null) report.complain({ field, value: text, code: 'not_a_mac' });
  return mac;
}
