import { isObject } from './fields.ts';
import { visible } from './visible.ts';

/** RFC 4180: lines end in CR LF, cells are quoted where they need it. */
export function formatCsv(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [head.map((title) => quote(title)), ...rows.map((row) => row.map(csvCell))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null))
    return quote(guard(value.map((item: unknown) => plain(item)).join(' ')));
  return quote(guard(plain(value)));
}

function plain(value: unknown): string {
  if (typeof value === 'string') return visible(value);
  if (isObject(value) && typeof value['name'] === 'string') return visible(value['name']);
  return visible(JSON.stringify(value) ?? '');
}

/** A spreadsheet takes a cell that begins so for a formula and would run it; an apostrophe makes it text. */
function guard(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
