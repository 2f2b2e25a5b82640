import { byte, isSpace } from './bytes.ts';
import type { WordTable } from './words.ts';

const SCHEMA_INSTANCE = Buffer.from('http://www.w3.org/2001/XMLSchema-instance');
const XMLNS = Buffer.from('xmlns');
const TYPE = Buffer.from('type');
const NIL = Buffer.from('nil');

/** The attributes that say what a value is. */
export interface TypeAttributes {
  /** `xsi:type` without the prefix of its value, `''` if not there. */
  xsiType: string;
  /** `type` of no namespace: on a managed object reference the type of the object. */
  type: string;
  /** `xsi:nil`. */
  nil: boolean;
}

/** Namespace prefixes in force, innermost last, each with the depth of the element that declares it. */
export interface NamespaceScope {
  readonly prefixes: string[];
  readonly schemaInstance: boolean[];
  readonly depths: number[];
}

/** Forgets what elements at this depth or deeper have declared. */
export function leaveScope(scope: NamespaceScope, depth: number): void {
  while (scope.depths.length > 0 && scope.depths.at(-1)! >= depth) {
    scope.prefixes.pop();
    scope.schemaInstance.pop();
    scope.depths.pop();
  }
}

function isSchemaInstance(scope: NamespaceScope, prefix: string): boolean {
  for (let i = scope.prefixes.length - 1; i >= 0; i--) {
    if (scope.prefixes[i] === prefix) {
      return scope.schemaInstance[i] === true;
    }
  }
  return false;
}

/** Whether the bytes from `start` to `end` are these. */
function equals(bytes: Buffer, start: number, end: number, expected: Buffer): boolean {
  const { length } = expected;
  if (end - start !== length) {
    return false;
  }
  // From the end, where namespaces differ.
  for (let i = length - 1; i >= 0; i--) {
    if (bytes[start + i] !== expected[i]) {
      return false;
    }
  }
  return true;
}

/** A name out of a value such as `vim25:VirtualVmxnet3`: what follows the prefix. */
function withoutPrefix(words: WordTable, bytes: Buffer, start: number, end: number): string {
  let from = start;
  let to = end;
  while (to > from && isSpace(bytes[to - 1]!)) {
    to--;
  }
  for (let i = to - 1; i >= from; i--) {
    if (bytes[i] === byte.colon) {
      from = i + 1;
    }
  }
  while (from < to && isSpace(bytes[from]!)) {
    from++;
  }
  return words.lookUp(bytes, from, to);
}

/**
 * Reads the attributes of one tag, from the end of its name to its `>` or `/>`: namespace declarations into the scope,
 * the type attributes into `into`. Prefixes are resolved, as servers call the schema-instance namespace what they like.
 * Returns the number of attributes, or -1 when they are not well formed.
 */
export function readAttributes(
  bytes: Buffer,
  start: number,
  end: number,
  words: WordTable,
  scope: NamespaceScope,
  depth: number,
  into: TypeAttributes,
): number {
  let count = 0;
  // Prefixed `type` and `nil`: their prefix may be declared later in the same tag.
  let candidates: { prefix: string; isType: boolean; valueStart: number; valueEnd: number }[] | null = null;
  let at = start;
  for (;;) {
    while (at < end && isSpace(bytes[at]!)) {
      at++;
    }
    if (at === end) {
      break;
    }
    const nameStart = at;
    let colon = -1;
    while (at < end && bytes[at] !== byte.equals && !isSpace(bytes[at]!)) {
      if (bytes[at] === byte.colon) {
        colon = at;
      }
      at++;
    }
    const nameEnd = at;
    while (at < end && isSpace(bytes[at]!)) {
      at++;
    }
    if (nameEnd === nameStart || bytes[at] !== byte.equals) {
      return -1;
    }
    at++;
    while (at < end && isSpace(bytes[at]!)) {
      at++;
    }
    const quote = bytes[at]!;
    if (at >= end || (quote !== byte.quote && quote !== byte.apostrophe)) {
      return -1;
    }
    const valueStart = at + 1;
    at = valueStart;
    while (at < end && bytes[at] !== quote) {
      at++;
    }
    if (at === end) {
      return -1;
    }
    const valueEnd = at;
    at++;
    count++;
    if (colon < 0) {
      if (equals(bytes, nameStart, nameEnd, TYPE)) {
        into.type = words.lookUp(bytes, valueStart, valueEnd);
      }
      continue;
    }
    if (equals(bytes, nameStart, colon, XMLNS)) {
      scope.prefixes.push(words.lookUp(bytes, colon + 1, nameEnd));
      scope.schemaInstance.push(equals(bytes, valueStart, valueEnd, SCHEMA_INSTANCE));
      scope.depths.push(depth);
      continue;
    }
    const isType = equals(bytes, colon + 1, nameEnd, TYPE);
    if (isType || equals(bytes, colon + 1, nameEnd, NIL)) {
      candidates ??= [];
      candidates.push({ prefix: words.lookUp(bytes, nameStart, colon), isType, valueStart, valueEnd });
    }
  }
  if (candidates !== null) {
    for (const candidate of candidates) {
      if (isSchemaInstance(scope, candidate.prefix)) {
        if (candidate.isType) {
          into.xsiType = withoutPrefix(words, bytes, candidate.valueStart, candidate.valueEnd);
        } else {
          const value = bytes.toString('latin1', candidate.valueStart, candidate.valueEnd).trim();
          into.nil = value === 'true' || value === '1';
        }
      }
    }
  }
  return count;
}
