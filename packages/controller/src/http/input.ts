import { z } from 'zod';
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
  return checkTexts(result.data);
}

function checkTexts(data: unknown): Checked {
  const unstorable = findUnstorable(data, [], data);
  return unstorable === null ? { value: data } : { error: refuseInput([unstorable]) };
}

/** So many faults of a list are told. */
const FAULTS_AT_MOST = 1000;

/**
 * As `checkInput`, for an object of long lists, each of which may be left out and has at most so many items. These are looked at one by one, and no further once there are faults enough: held
 * against the whole schema at once, a body of nothing but faults would take many times its own size.
 */
export function checkLists(
  schema: z.ZodObject,
  data: unknown,
  options: { part: string; atMost: number },
): Checked {
  const { part, atMost } = options;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return checkInput(schema, data, part);
  const issues: z.core.$ZodIssue[] = [];
  const lists: [string, unknown[]][] = [];
  const rest: [string, unknown][] = [];
  for (const [field, value] of Object.entries(data)) {
    const element = Object.hasOwn(schema.shape, field) ? elementOf(schema.shape[field]) : null;
    if (element === null || !Array.isArray(value)) rest.push([field, value]);
    // One that is longer than it may be is refused by its length alone.
    else if (value.length > atMost) issues.push(tooLong(field, atMost));
    else lists.push([field, readItems(element, field, value, issues)]);
  }
  const whole = schema.safeParse(Object.fromEntries(rest), { reportInput: true });
  issues.push(...(whole.error?.issues ?? []));
  if (!whole.success || issues.length > 0) return { error: new InputRefused(issues, part, data) };
  return checkTexts({ ...whole.data, ...Object.fromEntries(lists) });
}

/** What the items of a list are; null for what is no list. */
function elementOf(schema: unknown): z.ZodType | null {
  if (schema instanceof z.ZodOptional) return elementOf(schema.unwrap());
  return schema instanceof z.ZodArray && schema.element instanceof z.ZodType ? schema.element : null;
}

function tooLong(field: string, maximum: number): z.core.$ZodIssue {
  return { code: 'too_big', origin: 'array', maximum, path: [field], input: null, message: '' };
}

function readItems(
  element: z.ZodType,
  field: string,
  items: readonly unknown[],
  issues: z.core.$ZodIssue[],
): unknown[] {
  const read: unknown[] = [];
  for (const [index, item] of items.entries()) {
    if (issues.length >= FAULTS_AT_MOST) break;
    const result = element.safeParse(item, { reportInput: true });
    if (result.success) read.push(result.data);
    else
      issues.push(...result.error.issues.map((issue) => ({ ...issue, path: [field, index, ...issue.path] })));
  }
  return read;
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
