import { leaveScope, readAttributes, type NamespaceScope, type TypeAttributes } from './attributes.ts';
import type { WordTable } from './words.ts';

const nothing = Buffer.alloc(0);

/** The attributes of the tag that has just opened, read when somebody asks, and the namespaces in force. */
export class OpenTag {
  readonly attributes: TypeAttributes = { xsiType: '', type: '', nil: false };
  readonly #scope: NamespaceScope = { prefixes: [], schemaInstance: [], depths: [] };
  readonly #words: WordTable;
  #bytes: Buffer = nothing;
  #start = 0;
  #end = 0;
  #depth = 0;
  #read = true;

  constructor(words: WordTable) {
    this.#words = words;
  }

  /** A tag whose attributes stand from `start` to `end`. */
  set(bytes: Buffer, start: number, end: number, depth: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#depth = depth;
    this.#read = false;
  }

  /** Reads the attributes, once. Returns how many there are, 0 when they were read before, -1 when they are not sound. */
  read(): number {
    if (this.#read) {
      return 0;
    }
    this.#read = true;
    const { attributes } = this;
    attributes.xsiType = '';
    attributes.type = '';
    attributes.nil = false;
    if (this.#start === this.#end) {
      return 0;
    }
    return readAttributes(
      this.#bytes,
      this.#start,
      this.#end,
      this.#words,
      this.#scope,
      this.#depth,
      attributes,
    );
  }

  /** Ends the element at this depth, and with it what it declares. */
  leave(depth: number): void {
    this.#read = true;
    leaveScope(this.#scope, depth);
  }

  /** Lets go of the bytes. */
  release(): void {
    this.#bytes = nothing;
  }
}
