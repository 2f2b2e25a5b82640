import { StringDecoder } from 'node:string_decoder';
import { byte, findTagEnd, incomplete, isSpace } from './bytes.ts';
import { decodeText, normalizeLineEnds } from './character-data.ts';
import { ElementText } from './element-text.ts';
import { VsphereError } from './errors.ts';
import { HeldBytes } from './held-bytes.ts';
import type { Limits } from './limits.ts';
import { OpenTag } from './open-tag.ts';
import type { WordTable } from './words.ts';

/** What a handler wants of an element that has just opened. */
export const interest = {
  /** Nothing: the element is passed over by counting depth, and its closing is not told. */
  skip: 0,
  /** Its child elements; its text is ignored. */
  elements: 1,
  /** Its text, to be had when it closes. Of an element with child elements only the text after the last of them. */
  text: 2,
} as const;
export type Interest = (typeof interest)[keyof typeof interest];

export interface ScanHandler {
  /** `name` is the local name. The attributes of the element can be asked of the scanner until this returns. */
  open(name: string, scanner: XmlScanner): Interest;
  /** For each element of interest. Its text can be asked of the scanner until this returns. */
  close(name: string, scanner: XmlScanner): void;
}

const CDATA_START = '<![CDATA[';
const CDATA_END = Buffer.from(']]>');
const COMMENT_END = Buffer.from('-->');
const INSTRUCTION_END = Buffer.from('?>');
const EMPTY = Buffer.alloc(0);

/**
 * A streaming XML scanner over UTF-8 bytes, for replies that may be hostile: no DOCTYPE, no entities but the five
 * predefined and numeric ones, limits on depth and sizes. It works on bytes because most of a reply is passed over:
 * what nobody asked for never becomes a string, and what does is a string of its own that keeps no chunk in memory.
 *
 * Chunks may be split at any byte. A token unfinished at the end of a chunk is held and seen again with the next one.
 * Throws `VsphereError` with problem `malformed`, `too-large` or `cut-off`.
 */
export class XmlScanner {
  readonly #handler: ScanHandler;
  readonly #limits: Limits;
  readonly #words: WordTable;

  /** Qualified and local names and interests of the open elements, outermost first. */
  readonly #names: string[] = [];
  readonly #localNames: string[] = [];
  readonly #interests: Interest[] = [];
  #wantsText = false;
  /** Elements open below the innermost of interest, the skipped one included. */
  #skipDepth = 0;
  #skipName = '';
  /** The mark that ends the comment, instruction or CDATA section that is being passed. */
  #passing: Buffer | null = null;
  #section: StringDecoder | null = null;
  #sectionText = '';
  #started = false;
  #rootSeen = false;

  readonly #held = new HeldBytes();
  /** How many of the held bytes were searched for markup already, and whether they are plain text. */
  #resume = 0;
  #resumePlain = true;

  readonly #tag: OpenTag;
  /** Text of the closing element. */
  readonly #text: ElementText;

  constructor(handler: ScanHandler, limits: Limits, words: WordTable) {
    this.#handler = handler;
    this.#limits = limits;
    this.#words = words;
    this.#tag = new OpenTag(words);
    this.#text = new ElementText(words);
  }

  /** `xsi:type` of the opening element without its prefix, or `''`. */
  get xsiType(): string {
    this.#readAttributes();
    return this.#tag.attributes.xsiType;
  }

  /** The attribute `type` of no namespace (that of a managed object reference), or `''`. */
  get typeAttribute(): string {
    this.#readAttributes();
    return this.#tag.attributes.type;
  }

  /** Whether `xsi:nil` of the opening element is true. */
  get nil(): boolean {
    this.#readAttributes();
    return this.#tag.attributes.nil;
  }

  /** Path of the innermost element of interest, e.g. `Envelope/Body`. */
  get path(): string {
    return this.#localNames.join('/');
  }

  /** Text of the closing element as a string of its own. */
  get string(): string {
    return this.#text.string ?? this.#refuseEntity();
  }

  /** Text of the closing element as a string shared with all equal ones. */
  get word(): string {
    return this.#text.word ?? this.#refuseEntity();
  }

  /** Text of the closing element as an integer; null when it is none. */
  get integer(): number | null {
    return this.#text.integer;
  }

  write(chunk: Buffer): void {
    const bytes = this.#held.join(chunk);
    const start = this.#started ? 0 : this.#begin(bytes);
    this.#started = start >= 0;
    this.#held.hold(bytes, start < 0 ? 0 : this.#scan(bytes, start));
    this.#tag.release();
    this.#text.setRun(EMPTY, 0, 0, true);
  }

  /** Says that there are no more chunks. */
  end(): void {
    const unfinished = this.#names.length > 0 || this.#held.length > 0 || this.#passing !== null;
    if (unfinished || this.#skipDepth > 0 || !this.#rootSeen) {
      throw new VsphereError({ kind: 'cut-off', bytes: 0 });
    }
  }

  #malformed(reason: string): VsphereError {
    return new VsphereError({ kind: 'malformed', reason, path: this.path, excerpt: '' });
  }

  #tooLarge(limit: keyof Limits): VsphereError {
    return new VsphereError({ kind: 'too-large', limit, maximum: this.#limits[limit], path: this.path });
  }

  #refuseEntity(): never {
    throw this.#malformed('a reference to an unknown entity');
  }

  #readAttributes(): void {
    const count = this.#tag.read();
    if (count < 0) {
      throw this.#malformed('attributes that are not well formed');
    }
    if (count > this.#limits.attributes) {
      throw this.#tooLarge('attributes');
    }
  }

  /** Where the document begins, after a byte order mark; negative when more bytes are needed to tell. */
  #begin(bytes: Buffer): number {
    const first = bytes[0]!;
    if (bytes.length === 0 || (first >= 0xef && bytes.length < 3)) {
      return incomplete;
    }
    if (first === 0xfe || first === 0xff) {
      throw this.#malformed('UTF-16');
    }
    return first === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  /** Scans what is there. Returns from which byte on it must be seen again. */
  #scan(bytes: Buffer, from: number): number {
    const end = bytes.length;
    let at = from;
    for (;;) {
      if (this.#passing !== null) {
        const found = bytes.indexOf(this.#passing, at);
        const until = found < 0 ? Math.max(at, end - this.#passing.length + 1) : found;
        if (this.#section !== null) {
          this.#collectSection(this.#section, bytes.subarray(at, until), found >= 0);
        }
        if (found < 0) {
          return until;
        }
        at = found + this.#passing.length;
        this.#passing = null;
      }
      const next = this.#skipDepth > 0 ? this.#skip(bytes, at) : this.#content(bytes, at);
      if (next < 0) {
        return -1 - next;
      }
      at = next;
    }
  }

  #collectSection(decoder: StringDecoder, part: Buffer, last: boolean): void {
    this.#sectionText += decoder.write(part);
    if (this.#text.pieces.length + this.#sectionText.length > this.#limits.valueBytes) {
      throw this.#tooLarge('valueBytes');
    }
    if (last) {
      this.#text.pieces += normalizeLineEnds(this.#sectionText + decoder.end());
      this.#sectionText = '';
      this.#section = null;
    }
  }

  /**
   * A run of text and the markup after it. Returns where to go on; when the chunk ends first, `-1 - from` with the
   * place from which on bytes must be seen again.
   */
  #content(bytes: Buffer, from: number): number {
    const end = bytes.length;
    let i = from + this.#resume;
    let plain = this.#resumePlain;
    this.#resume = 0;
    this.#resumePlain = true;
    if (this.#wantsText) {
      for (; i < end; i++) {
        const value = bytes[i]!;
        if (value === byte.lessThan) {
          break;
        }
        if (value >= 0x80 || value === byte.ampersand || value === byte.carriageReturn) {
          plain = false;
        }
      }
      if (this.#text.pieces.length + (i - from) > this.#limits.valueBytes) {
        throw this.#tooLarge('valueBytes');
      }
    } else {
      while (i < end && bytes[i] !== byte.lessThan) {
        i++;
      }
      if (this.#names.length === 0) {
        this.#requireSpace(bytes, from, i);
      }
      from = i;
    }
    const next = i + 1 < end ? this.#markup(bytes, from, i, plain) : incomplete;
    if (next < 0) {
      this.#resume = i - from;
      this.#resumePlain = plain;
      return -1 - from;
    }
    return next;
  }

  /** The markup at `i` after the text from `from`: where it ends, or `incomplete`. */
  #markup(bytes: Buffer, from: number, i: number, plain: boolean): number {
    const mark = bytes[i + 1]!;
    if (mark === byte.bang || mark === byte.question) {
      const next = this.#declaration(bytes, i);
      if (next >= 0 && this.#wantsText) {
        this.#text.pieces += decodeText(bytes, from, i) ?? this.#refuseEntity();
      }
      return next;
    }
    const close = findTagEnd(bytes, i + 1, bytes.length);
    if ((close < 0 ? bytes.length : close) - i > this.#limits.tagBytes) {
      throw this.#tooLarge('tagBytes');
    }
    if (close < 0) {
      return incomplete;
    }
    if (mark === byte.slash) {
      this.#text.setRun(bytes, from, i, plain);
      this.#endTag(bytes, i + 2, close);
    } else {
      this.#startTag(bytes, i + 1, close);
    }
    return close + 1;
  }

  #requireSpace(bytes: Buffer, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      if (!isSpace(bytes[i]!)) {
        throw this.#malformed(this.#rootSeen ? 'text after the document' : 'not XML');
      }
    }
  }

  /** Passes over a skipped element. Returns as `#content` does. */
  #skip(bytes: Buffer, from: number): number {
    const end = bytes.length;
    const deepest = this.#limits.depth - this.#names.length;
    let i = from;
    for (;;) {
      while (i < end && bytes[i] !== byte.lessThan) {
        i++;
      }
      if (i + 1 >= end) {
        return -1 - i;
      }
      const mark = bytes[i + 1]!;
      if (mark === byte.bang || mark === byte.question) {
        const next = this.#declaration(bytes, i);
        return next < 0 ? -1 - i : next;
      }
      const close = findTagEnd(bytes, i + 1, end);
      if ((close < 0 ? end : close) - i > this.#limits.tagBytes) {
        throw this.#tooLarge('tagBytes');
      }
      if (close < 0) {
        return -1 - i;
      }
      if (mark !== byte.slash) {
        if (bytes[close - 1] !== byte.slash && ++this.#skipDepth > deepest) {
          throw this.#tooLarge('depth');
        }
      } else if (--this.#skipDepth === 0) {
        this.#requireName(bytes, i + 2, close, this.#skipName);
        return close + 1;
      }
      i = close + 1;
    }
  }

  /** A comment, instruction or CDATA section begins at `i`: where its inside does, or `incomplete`. */
  #declaration(bytes: Buffer, i: number): number {
    if (bytes[i + 1] === byte.question) {
      if (this.#names.length === 0 && !this.#rootSeen) {
        return this.#prologInstruction(bytes, i);
      }
      this.#passing = INSTRUCTION_END;
      return i + 2;
    }
    const available = bytes.length - i;
    if (available >= 4 && bytes[i + 2] === byte.dash && bytes[i + 3] === byte.dash) {
      this.#passing = COMMENT_END;
      return i + 4;
    }
    const start = bytes.toString('latin1', i, Math.min(i + CDATA_START.length, bytes.length));
    if (this.#names.length > 0 && start === CDATA_START) {
      this.#passing = CDATA_END;
      if (this.#wantsText && this.#skipDepth === 0) {
        this.#section = new StringDecoder('utf8');
      }
      return i + CDATA_START.length;
    }
    if (available < 4 ? '<!--'.startsWith(start) || start === '<![' : bytes[i + 2] === byte.bracket) {
      if (available < CDATA_START.length && (available < 4 || CDATA_START.startsWith(start))) {
        return incomplete;
      }
    }
    throw this.#malformed('a document type or other declaration');
  }

  /** The XML declaration, or another instruction before the root: only UTF-8 is read. */
  #prologInstruction(bytes: Buffer, i: number): number {
    const close = bytes.indexOf(INSTRUCTION_END, i);
    if ((close < 0 ? bytes.length : close) - i > this.#limits.tagBytes) {
      throw this.#tooLarge('tagBytes');
    }
    if (close < 0) {
      return incomplete;
    }
    const encoding = /^<\?xml\s[^]*\sencoding\s*=\s*["']([^"']*)["']/.exec(
      bytes.toString('latin1', i, close),
    );
    if (encoding !== null && !/^(?:utf-?8|us-ascii)$/i.test(encoding[1]!)) {
      throw this.#malformed('an encoding other than UTF-8');
    }
    return close + INSTRUCTION_END.length;
  }

  #startTag(bytes: Buffer, start: number, close: number): void {
    const empty = bytes[close - 1] === byte.slash;
    const end = empty ? close - 1 : close;
    let nameEnd = start;
    let colon = incomplete;
    while (nameEnd < end && !isSpace(bytes[nameEnd]!)) {
      if (bytes[nameEnd] === byte.colon) {
        colon = nameEnd;
      }
      nameEnd++;
    }
    if (nameEnd === start) {
      throw this.#malformed('a tag without a name');
    }
    const depth = this.#names.length;
    if (depth === 0 && this.#rootSeen) {
      throw this.#malformed('a second document');
    }
    this.#rootSeen = true;
    if (depth >= this.#limits.depth) {
      throw this.#tooLarge('depth');
    }
    const name = this.#words.lookUp(bytes, start, nameEnd);
    const local = colon < 0 ? name : this.#words.lookUp(bytes, colon + 1, nameEnd);
    this.#tag.set(bytes, nameEnd, end, depth);
    this.#text.pieces = '';
    const wanted = this.#handler.open(local, this);
    if (wanted === interest.skip) {
      this.#tag.leave(depth);
      if (!empty) {
        this.#skipDepth = 1;
        this.#skipName = name;
      }
      return;
    }
    // Also when the handler did not ask: they may declare namespaces.
    this.#readAttributes();
    this.#names.push(name);
    this.#localNames.push(local);
    this.#interests.push(wanted);
    this.#wantsText = wanted === interest.text;
    if (empty) {
      this.#text.clear();
      this.#leave();
    }
  }

  #requireName(bytes: Buffer, start: number, close: number, name: string): void {
    let i = 0;
    while (i < name.length && name.charCodeAt(i) === bytes[start + i]) {
      i++;
    }
    let after = start + i;
    while (after < close && isSpace(bytes[after]!)) {
      after++;
    }
    if (i < name.length || after < close) {
      throw this.#malformed('an end tag that does not fit');
    }
  }

  #endTag(bytes: Buffer, start: number, close: number): void {
    if (this.#names.length === 0) {
      throw this.#malformed('an end tag that does not fit');
    }
    this.#requireName(bytes, start, close, this.#names.at(-1)!);
    this.#leave();
  }

  #leave(): void {
    this.#handler.close(this.#localNames.at(-1)!, this);
    this.#text.pieces = '';
    this.#names.pop();
    this.#localNames.pop();
    this.#interests.pop();
    this.#tag.leave(this.#names.length);
    this.#wantsText = this.#interests.at(-1) === interest.text;
  }
}
