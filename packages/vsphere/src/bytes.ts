/** Bytes that XML markup is made of. */
export const byte = {
  lessThan: 0x3c,
  greaterThan: 0x3e,
  slash: 0x2f,
  bang: 0x21,
  question: 0x3f,
  ampersand: 0x26,
  carriageReturn: 0x0d,
  quote: 0x22,
  apostrophe: 0x27,
  colon: 0x3a,
  equals: 0x3d,
  dash: 0x2d,
  bracket: 0x5b,
} as const;

/** Returned in place of a position: the markup is not complete, see its bytes again with the next chunk. */
export const incomplete = -1;

export function isSpace(value: number): boolean {
  return value === 0x20 || value === 0x0a || value === 0x0d || value === 0x09;
}

/** Where the tag whose inside begins at `at` ends: the position of its `>`. */
export function findTagEnd(bytes: Buffer, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const value = bytes[i]!;
    if (value === byte.greaterThan) {
      return i;
    }
    if (value === byte.quote || value === byte.apostrophe) {
      i++;
      while (i < end && bytes[i] !== value) {
        i++;
      }
    }
  }
  return incomplete;
}
