import type { z } from 'zod';
import { type FieldError, refuseInput } from '../app/problem.ts';
import { fieldName, InputRefused, lineAt } from './problems.ts';

type Checked = { value: unknown } | { error: Error };

/** Holds one part of a request against its schema, and against what no schema says: text must be text that can be stored. */
export function checkInput(schema: z.ZodType, data: unknown, part: string): Checked {
  if (part === 'querystring') {
    const empty = emptyParameters(data);
    if (empty.length > 0) return { error: refuseInput(empty) };
  }
  const result = schema.safeParse(data, { reportInput: true });
  if (!result.success) return { error: new InputRefused(result.error.issues, part, data) };
  const unstorable = findUnstorable(result.data, [], result.data);
  return unstorable === null ? { value: result.data } : { error: refuseInput([unstorable]) };
}

/** Refuses parameters where a route has none: somebody who asks for a dry run must not get the real thing. */
export function refuseParameters(query: unknown): void {
  const names = Object.keys(query ?? {});
  if (names.length > 0) throw refuseInput(names.map((field) => ({ field, value: null, code: 'unknown' })));
}

/** An empty filter would filter nothing, an empty number be 0. Searching for nothing is no filter. */
function emptyParameters(query: unknown): FieldError[] {
  return Object.entries(query ?? {}).flatMap(([field, value]) =>
    value === '' && field !== 'q' ? [{ field, value, code: 'empty' }] : [],
  );
}

/** PostgreSQL's text has no NUL, and neither it nor JSON's UTF-8 has halves of surrogate pairs. */
function findUnstorable(value: unknown, path: readonly PropertyKey[], whole: unknown): FieldError | null {
  const refused = (text: string): FieldError => ({
    field: fieldName(path),
    value: text,
    code: 'not_text',
    line: lineAt(whole, path),
  });
  if (typeof value === 'string') return isStorable(value) ? null : refused(value);
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    if (!isStorable(key)) return refused(key);
    const found = findUnstorable(item, [...path, step], whole);
    if (found !== null) return found;
  }
  return null;
}

function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
