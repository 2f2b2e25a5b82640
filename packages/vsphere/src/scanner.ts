import { StringDecoder } from 'node:string_decoder';
import { leaveScope, readAttributes, type NamespaceScope, type TypeAttributes } from './attributes.ts';
import { decodeText, normalizeLineEnds } from './character-data.ts';
import { VsphereError } from './errors.ts';
import type { Limits } from './limits.ts';
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

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const AMP = 0x26;
const CR = 0x0d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const COLON = 0x3a;
const DASH = 0x2d;
const BRACKET = 0x5b;

const CDATA_START = '<![CDATA[';
const CDATA_END = Buffer.from(']]>');
const COMMENT_END = Buffer.from('-->');
const INSTRUCTION_END = Buffer.from('?>');
const EMPTY = Buffer.alloc(0);
/** Returned in place of a position: the markup is not complete, see its bytes again with the next chunk. */
const INCOMPLETE = -1;

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Where the tag whose inside begins at `at` ends: the position of its `>`. */
function findTagEnd(bytes: Buffer, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === GT) {
      return i;
    }
    if (byte === QUOTE || byte === APOSTROPHE) {
      i++;
      while (i < end && bytes[i] !== byte) {
        i++;
      }
    }
  }
  return INCOMPLETE;
}

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

  /** Bytes not yet done with: `#held[0 .. #heldLength)`, the first `#resume` of them known to hold no `<`. */
  #held: Buffer = EMPTY;
  #heldLength = 0;
  #resume = 0;
  #resumePlain = true;

  readonly #scope: NamespaceScope = { prefixes: [], schemaInstance: [], depths: [] };
  readonly #attributes: TypeAttributes = { xsiType: '', type: '', nil: false };
  #tag: Buffer = EMPTY;
  #tagStart = 0;
  #tagEnd = 0;
  #attributesRead = true;

  /** Text of the closing element: pieces decoded already, then a run of bytes, plain if it is ASCII as it stands. */
  #pieces = '';
  #run: Buffer = EMPTY;
  #runStart = 0;
  #runEnd = 0;
  #runPlain = true;

  constructor(handler: ScanHandler, limits: Limits, words: WordTable) {
    this.#handler = handler;
    this.#limits = limits;
    this.#words = words;
  }

  /** `xsi:type` of the opening element without its prefix, or `''`. */
  get xsiType(): string {
    this.#readAttributes();
    return this.#attributes.xsiType;
  }

  /** The attribute `type` of no namespace (that of a managed object reference), or `''`. */
  get typeAttribute(): string {
    this.#readAttributes();
    return this.#attributes.type;
  }

  /** Whether `xsi:nil` of the opening element is true. */
  get nil(): boolean {
    this.#readAttributes();
    return this.#attributes.nil;
  }

  /** Path of the innermost element of interest, e.g. `Envelope/Body`. */
  get path(): string {
    return this.#localNames.join('/');
  }

  /** Text of the closing element as a string of its own. */
  get string(): string {
    if (this.#runPlain && this.#pieces === '') {
      return this.#run.toString('latin1', this.#runStart, this.#runEnd);
    }
    return this.#pieces + this.#decode(this.#run, this.#runStart, this.#runEnd);
  }

  /** Text of the closing element as a string shared with all equal ones. */
  get word(): string {
    if (this.#runPlain && this.#pieces === '' && this.#runEnd - this.#runStart <= 128) {
      return this.#words.lookUp(this.#run, this.#runStart, this.#runEnd);
    }
    return this.string;
  }

  /** Text of the closing element as an integer; null when it is none. */
  get integer(): number | null {
    const bytes = this.#run;
    const end = this.#runEnd;
    const negative = bytes[this.#runStart] === DASH;
    const start = this.#runStart + (negative ? 1 : 0);
    if (this.#pieces === '' && start < end && end - start <= 15) {
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
    const text = this.string.trim();
    return /^[+-]?\d+$/.test(text) ? Number(text) : null;
  }

  write(chunk: Buffer): void {
    const bytes = this.#heldLength > 0 ? this.#join(chunk) : chunk;
    if (!this.#started) {
      const start = this.#begin(bytes);
      if (start < 0) {
        this.#hold(bytes, 0);
        return;
      }
      this.#started = true;
      this.#hold(bytes, this.#scan(bytes, start));
      return;
    }
    this.#hold(bytes, this.#scan(bytes, 0));
  }

  /** Says that there are no more chunks. */
  end(): void {
    const unfinished = this.#names.length > 0 || this.#heldLength > 0 || this.#passing !== null;
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

  #decode(bytes: Buffer, start: number, end: number): string {
    const decoded = decodeText(bytes, start, end);
    if (decoded === null) {
      throw this.#malformed('a reference to an unknown entity');
    }
    return decoded;
  }

  /** Appends a chunk to what is held, in a buffer that doubles: chunks of one byte stay cheap. */
  #join(chunk: Buffer): Buffer {
    const length = this.#heldLength + chunk.length;
    if (this.#held.length < length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, this.#held.length * 2));
      this.#held.copy(grown, 0, 0, this.#heldLength);
      this.#held = grown;
    }
    chunk.copy(this.#held, this.#heldLength);
    return this.#held.subarray(0, length);
  }

  #hold(bytes: Buffer, from: number): void {
    const length = bytes.length - from;
    if (bytes.buffer === this.#held.buffer) {
      if (from > 0) {
        this.#held.copyWithin(0, from, bytes.length);
      }
    } else if (length > 0) {
      if (this.#held.length < length) {
        this.#held = Buffer.allocUnsafeSlow(Math.max(length, 4096));
      }
      bytes.copy(this.#held, 0, from);
    }
    this.#heldLength = length;
    this.#run = EMPTY;
    this.#tag = EMPTY;
  }

  /** Where the document begins, after a byte order mark; negative when more bytes are needed to tell. */
  #begin(bytes: Buffer): number {
    const first = bytes[0]!;
    if (bytes.length === 0 || (first >= 0xef && bytes.length < 3)) {
      return INCOMPLETE;
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
    if (this.#pieces.length + this.#sectionText.length > this.#limits.valueBytes) {
      throw this.#tooLarge('valueBytes');
    }
    if (last) {
      this.#pieces += normalizeLineEnds(this.#sectionText + decoder.end());
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
        const byte = bytes[i]!;
        if (byte === LT) {
          break;
        }
        if (byte >= 0x80 || byte === AMP || byte === CR) {
          plain = false;
        }
      }
      if (this.#pieces.length + (i - from) > this.#limits.valueBytes) {
        throw this.#tooLarge('valueBytes');
      }
    } else {
      while (i < end && bytes[i] !== LT) {
        i++;
      }
      if (this.#names.length === 0) {
        this.#requireSpace(bytes, from, i);
      }
      from = i;
    }
    const next = i + 1 < end ? this.#markup(bytes, from, i, plain) : INCOMPLETE;
    if (next < 0) {
      this.#resume = i - from;
      this.#resumePlain = plain;
      return -1 - from;
    }
    return next;
  }

  /** The markup at `i` after the text from `from`: where it ends, or `INCOMPLETE`. */
  #markup(bytes: Buffer, from: number, i: number, plain: boolean): number {
    const mark = bytes[i + 1]!;
    if (mark === BANG || mark === QUESTION) {
      const next = this.#declaration(bytes, i);
      if (next >= 0 && this.#wantsText) {
        this.#pieces += this.#decode(bytes, from, i);
      }
      return next;
    }
    const close = findTagEnd(bytes, i + 1, bytes.length);
    if ((close < 0 ? bytes.length : close) - i > this.#limits.tagBytes) {
      throw this.#tooLarge('tagBytes');
    }
    if (close < 0) {
      return INCOMPLETE;
    }
    if (mark === SLASH) {
      this.#run = bytes;
      this.#runStart = from;
      this.#runEnd = i;
      this.#runPlain = plain;
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
      while (i < end && bytes[i] !== LT) {
        i++;
      }
      if (i + 1 >= end) {
        return -1 - i;
      }
      const mark = bytes[i + 1]!;
      if (mark === BANG || mark === QUESTION) {
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
      if (mark !== SLASH) {
        if (bytes[close - 1] !== SLASH && ++this.#skipDepth > deepest) {
          throw this.#tooLarge('depth');
        }
      } else if (--this.#skipDepth === 0) {
        this.#requireName(bytes, i + 2, close, this.#skipName);
        return close + 1;
      }
      i = close + 1;
    }
  }

  /** A comment, instruction or CDATA section begins at `i`: where its inside does, or `INCOMPLETE`. */
  #declaration(bytes: Buffer, i: number): number {
    if (bytes[i + 1] === QUESTION) {
      if (this.#names.length === 0 && !this.#rootSeen) {
        return this.#prologInstruction(bytes, i);
      }
      this.#passing = INSTRUCTION_END;
      return i + 2;
    }
    const available = bytes.length - i;
    if (available >= 4 && bytes[i + 2] === DASH && bytes[i + 3] === DASH) {
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
    if (available < 4 ? '<!--'.startsWith(start) || start === '<![' : bytes[i + 2] === BRACKET) {
      if (available < CDATA_START.length && (available < 4 || CDATA_START.startsWith(start))) {
        return INCOMPLETE;
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
      return INCOMPLETE;
    }
    const encoding = /^<\?xml\s[^]*\sencoding\s*=\s*["']([^"']*)["']/.exec(
      bytes.toString('latin1', i, close),
    );
    if (encoding !== null && !/^(?:utf-?8|us-ascii)$/i.test(encoding[1]!)) {
      throw this.#malformed('an encoding other than UTF-8');
    }
    return close + INSTRUCTION_END.length;
  }

  #readAttributes(): void {
    if (this.#attributesRead) {
      return;
    }
    this.#attributesRead = true;
    const attributes = this.#attributes;
    attributes.xsiType = '';
    attributes.type = '';
    attributes.nil = false;
    if (this.#tagStart < this.#tagEnd) {
      const depth = this.#names.length;
      const count = readAttributes(
        this.#tag,
        this.#tagStart,
        this.#tagEnd,
        this.#words,
        this.#scope,
        depth,
        attributes,
      );
      if (count < 0) {
        throw this.#malformed('attributes that are not well formed');
      }
      if (count > this.#limits.attributes) {
        throw this.#tooLarge('attributes');
      }
    }
  }

  #startTag(bytes: Buffer, start: number, close: number): void {
    const empty = bytes[close - 1] === SLASH;
    const end = empty ? close - 1 : close;
    let nameEnd = start;
    let colon = INCOMPLETE;
    while (nameEnd < end && !isSpace(bytes[nameEnd]!)) {
      if (bytes[nameEnd] === COLON) {
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
    this.#tag = bytes;
    this.#tagStart = nameEnd;
    this.#tagEnd = end;
    this.#attributesRead = false;
    this.#pieces = '';
    const wanted = this.#handler.open(local, this);
    if (wanted === interest.skip) {
      this.#attributesRead = true;
      leaveScope(this.#scope, depth);
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
      this.#run = EMPTY;
      this.#runStart = 0;
      this.#runEnd = 0;
      this.#runPlain = true;
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
    this.#pieces = '';
    this.#names.pop();
    this.#localNames.pop();
    this.#interests.pop();
    leaveScope(this.#scope, this.#names.length);
    this.#wantsText = this.#interests.at(-1) === interest.text;
  }
}
