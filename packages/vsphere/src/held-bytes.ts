const nothing = Buffer.alloc(0);

/** The bytes at the end of a chunk that must be seen again with the next one. */
export class HeldBytes {
  /** Its memory is its own (`allocUnsafeSlow`), so that it can be told from a chunk. */
  #memory: Buffer = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What is held followed by a chunk, in memory that doubles when it grows: chunks of one byte stay cheap. */
  join(chunk: Buffer): Buffer {
    if (this.#length === 0) {
      return chunk;
    }
    const length = this.#length + chunk.length;
    if (this.#memory.length < length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, this.#memory.length * 2));
      this.#memory.copy(grown, 0, 0, this.#length);
      this.#memory = grown;
    }
    chunk.copy(this.#memory, this.#length);
    return this.#memory.subarray(0, length);
  }

  /** Holds what `join` gave, from a position on. */
  hold(bytes: Buffer, from: number): void {
    const length = bytes.length - from;
    if (bytes.buffer === this.#memory.buffer) {
      if (from > 0) {
        this.#memory.copyWithin(0, from, bytes.length);
      }
    } else if (length > 0) {
      if (this.#memory.length < length) {
        this.#memory = Buffer.allocUnsafeSlow(Math.max(length, 4096));
      }
      bytes.copy(this.#memory, 0, from);
    }
    this.#length = length;
  }
}
