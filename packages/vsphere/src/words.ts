/**
 * A table from bytes to strings: equal byte runs become one string, made once. What is kept of a reply is mostly
 * repetition (element names, enumeration values, ids), and a string found here costs neither memory nor a decoding.
 * The table is bounded: when it is full it starts anew, so a hostile reply cannot make it grow.
 */
export class WordTable {
  readonly #slots: (string | undefined)[];
  readonly #mask: number;
  readonly #capacity: number;
  #used = 0;

  /** @param sizeLog2 slots as a power of two; three quarters of them are used at most */
  constructor(sizeLog2 = 15) {
    this.#slots = Array.from({ length: 1 << sizeLog2 });
    this.#mask = (1 << sizeLog2) - 1;
    this.#capacity = (1 << sizeLog2) * 0.75;
  }

  /** The string of these bytes, each byte one character (Latin-1): for ASCII. */
  lookUp(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    // FNV-1a, 32 bits.
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) {
      hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    }
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    for (;;) {
      const word = this.#slots[slot];
      if (word === undefined) {
        break;
      }
      if (word.length === length) {
        let i = 0;
        while (i < length && word.charCodeAt(i) === bytes[start + i]) {
          i++;
        }
        if (i === length) {
          return word;
        }
      }
      slot = (slot + 1) & this.#mask;
    }
    if (this.#used >= this.#capacity) {
      this.#slots.fill(undefined);
      this.#used = 0;
    }
    const made = bytes.toString('latin1', start, end);
    this.#slots[slot] = made;
    this.#used++;
    return made;
  }
}
