import { expect, test } from 'vitest';
import { isUuid, newId, openIdSequence } from '../../src/domain/ids.ts';

test('ids are UUIDs of version 7 that follow the millisecond they are made in', () => {
  const id = newId(0x0123456789ab);
  expect(isUuid(id)).toBe(true);
  expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab]/);
  expect(newId(1) < newId(2)).toBe(true);
  expect(newId(1)).not.toBe(newId(1));
});

test('ids of one sequence keep the order of the calls, however many', () => {
  const next = openIdSequence(0x0123456789ab);
  const ids = Array.from({ length: 10_000 }, next);
  expect(ids.every(isUuid)).toBe(true);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^01234567-89a[bcd]-7[0-9a-f]{3}-[89ab]/);
});
