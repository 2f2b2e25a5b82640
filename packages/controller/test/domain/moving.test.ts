import { describe, expect, test } from 'vitest';
import { findRival } from '../../src/domain/moving.ts';

describe('an address that goes to and fro', () => {
  test('has changed hands three times between the same two', () => {
    expect(findRival('b', ['a', 'b', 'a'])).toBe('a');
    expect(findRival('a', ['a', 'b', 'a', 'b'])).toBe('b');
  });

  test('is not one that moved once and back', () => {
    expect(findRival('a', ['a', 'b'])).toBeNull();
    expect(findRival('b', ['a'])).toBeNull();
    expect(findRival('a', [])).toBeNull();
  });

  test('nor one that its holder lost to nobody, however often', () => {
    expect(findRival('a', ['a', 'a', 'a', 'a'])).toBeNull();
    expect(findRival('b', ['a', 'a', 'a', 'b', 'b'])).toBeNull();
    expect(findRival('b', ['a', 'b', 'b', 'a', 'a'])).toBe('a');
  });

  test('nor one that goes round among three; what was before a third had it counts no more', () => {
    expect(findRival('c', ['a', 'b', 'c', 'a', 'b'])).toBeNull();
    expect(findRival('b', ['a', 'b', 'a', 'c', 'a'])).toBeNull();
    expect(findRival('b', ['c', 'a', 'b', 'a'])).toBe('a');
  });
});
