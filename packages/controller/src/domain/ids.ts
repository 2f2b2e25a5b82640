import { randomUUID } from 'node:crypto';

/** A time-ordered id (RFC 9562, UUID version 7). Its order follows the millisecond it was made in. */
export function newId(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  // Version 4 has its random bits, and its variant, in the same places.
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}

/**
 * Ids whose order is the order of the calls, for rows that are made together and keep their sequence: RFC 9562, method 1, counts in the
 * twelve bits after the time.
 */
export function openIdSequence(now: number = Date.now()): () => string {
  let count = -1;
  return () => {
    count += 1;
    const id = newId(now + Math.floor(count / 0x1000));
    return `${id.slice(0, 15)}${(count % 0x1000).toString(16).padStart(3, '0')}${id.slice(18)}`;
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}
