import { byte } from './bytes.ts';
import { decodeText } from './character-data.ts';
import type { WordTable } from './words.ts';

const nothing = Buffer.alloc(0);

/**
 * The text of one element: pieces decoded already, then a run of bytes that becomes what it is asked for: a string, a
 * shared string or a number without any string.
 */
export class ElementText {
  /** What came before a comment, CDATA section or instruction inside the text. */
  pieces = '';
  #run: Buffer = nothing;
  #start = 0;
  #end = 0;
  /** Whether the run is ASCII as it stands, without references and line ends to be changed. */
  #plain = true;
  readonly #words: WordTable;

  constructor(words: WordTable) {
    this.#words = words;
  }

  /** The last run of bytes; they must stay as they are until the text has been asked for. */
  setRun(bytes: Buffer, start: number, end: number, plain: boolean): void {
    this.#run = bytes;
    this.#start = start;
    this.#end = end;
    this.#plain = plain;
  }

  clear(): void {
    this.pieces = '';
    this.setRun(nothing, 0, 0, true);
  }

  /** Null when the text refers to an unknown entity. */
  get string(): string | null {
    if (!this.#plain) {
      const decoded = decodeText(this.#run, this.#start, this.#end);
      return decoded === null ? null : this.pieces + decoded;
    }
    const run = this.#run.toString('latin1', this.#start, this.#end);
    return this.pieces === '' ? run : this.pieces + run;
  }

  /** As `string`, equal texts being one string. */
  get word(): string | null {
    if (this.#plain && this.pieces === '' && this.#end - this.#start <= 128) {
      return this.#words.lookUp(this.#run, this.#start, this.#end);
    }
    return this.string;
  }

  /** Null when the text is no integer. */
  get integer(): number | null {
    const bytes = this.#run;
    const end = this.#end;
    const negative = bytes[this.#start] === byte.dash;
    const start = this.#start + (negative ? 1 : 0);
    if (this.pieces === '' && start < end && end - start <= 15) {
      let value = 0;
      let i = start;
      for (; i < end; i++) {
        const digit = bytes[i]! - 0x30;
        if (digit < 0 || digit > 9) {
          break;
        }
        value = value * 10 + digit;
      }
      if (i === end) {
        return negative ? 0 - value : value;
      }
    }
    const text = this.string?.trim() ?? '';
    return /^[+-]?\d+$/.test(text) ? Number(text) : null;
  }
}
