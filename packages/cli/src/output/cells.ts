import type { Translate, Wire } from '@wirebook/contract';
import { isObject } from './fields.ts';
import { visibleLine } from './visible.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** A value as a person reads it in a table: local short times, words for booleans, names of objects; nothing obeyed by a terminal. */
export function cellText(value: unknown, t: Translate): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'boolean') return t(value ? 'cli.value.yes' : 'cli.value.no');
  if (typeof value === 'string') return TIME.test(value) ? localTime(value) : visibleLine(value);
  if (Array.isArray(value))
    return value.length === 0 ? '-' : value.map((item: unknown) => cellText(item, t)).join(', ');
  if (isObject(value)) return objectText(value, t);
  return visibleLine(JSON.stringify(value));
}

function objectText(object: Readonly<Record<string, unknown>>, t: Translate): string {
  // What is named is known by its name, an address by itself, a reason by its words, a card by its MAC, a range by its ends.
  if (typeof object['name'] === 'string' && object['name'] !== '') return visibleLine(object['name']);
  if (typeof object['text'] === 'string') return visibleLine(object['text']);
  if (typeof object['ip'] === 'string') return addressText(object['ip'], object['prefixLength']);
  if (typeof object['id'] === 'string' && typeof object['mac'] === 'string')
    return visibleLine(object['mac']);
  if (isVlan(object)) return vlanText(object);
  // A holder without a name is known by what was noted of it.
  if ('owner' in object && 'note' in object)
    return cellText(object['note'] || object['owner'] || object['mac'], t);
  const entries = Object.entries(object).filter(([, value]) => value !== null && value !== '');
  if (entries.length === 2 && 'start' in object && 'end' in object)
    return `${cellText(object['start'], t)}-${cellText(object['end'], t)}`;
  return entries.length === 0
    ? '-'
    : entries.map(([key, value]) => `${visibleLine(key)}=${cellText(value, t)}`).join(' ');
}

function addressText(ip: string, prefixLength: unknown): string {
  return visibleLine(typeof prefixLength === 'number' ? `${ip}/${prefixLength}` : ip);
}

/** `2026-11-22 21:50`, in the time zone of this machine. */
function localTime(text: string): string {
  const time = new Date(text);
  const two = (number: number): string => String(number).padStart(2, '0');
  return (
    `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ` +
    `${two(time.getHours())}:${two(time.getMinutes())}`
  );
}

function isVlan(object: object): object is Wire['vlan'] {
  return 'ranges' in object && 'primaryId' in object;
}

/** `120`, `trunk 1-100,200`, `pvlan 100/101`, or `-` where frames carry no tag. */
function vlanText(vlan: Wire['vlan']): string {
  switch (vlan.kind) {
    case 'none':
      return '-';
    case 'id':
      return String(vlan.id);
    case 'trunk':
      return `trunk ${vlan.ranges.map(({ start, end }) => (start === end ? start : `${start}-${end}`)).join(',')}`;
    case 'private':
      return `pvlan ${vlan.primaryId ?? '?'}/${vlan.id ?? '?'}`;
  }
  return '-';
}
