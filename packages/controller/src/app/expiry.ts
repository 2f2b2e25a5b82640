import { Problem, refuseInput } from './problem.ts';

/** RFC 3339 has four digits for a year; with an offset one may still write a time beyond that. */
const LATEST = '9999-12-31T23:59:59.999Z';

/** When something ends by itself, in UTC (RFC 3339); null for never. Problems: `expires_in_the_past`, `invalid_input`. */
export function readExpiry(text: string | null): string | null {
  if (text === null) return null;
  const at = new Date(text);
  if (at.getTime() <= Date.now()) throw new Problem('expires_in_the_past', { at: text });
  if (at.getTime() > Date.parse(LATEST))
    throw refuseInput([{ field: 'expiresAt', value: text, code: 'too_big', params: { maximum: LATEST } }]);
  return at.toISOString();
}
