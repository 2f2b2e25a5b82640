import { VsphereError } from './errors.ts';
import { interest, type Interest, type ScanHandler, type XmlScanner } from './scanner.ts';
import { conforms, type Decoded, type ObjectShape, type Shape } from './shape.ts';

type Built = Record<string, unknown>;

/** One element that is being decoded, and where its value goes: into a list, or a field of an object. */
interface Frame {
  shape: Shape<unknown>;
  /** The fields of an object being filled, or the items of a list. */
  fields: Built | null;
  items: unknown[] | null;
  /** The object's shape: for a variant the case chosen by `xsi:type`. */
  object: ObjectShape<unknown> | null;
  /** `type` of a managed object reference. */
  refType: string;
  intoItems: unknown[] | null;
  intoFields: Built | null;
  key: string;
}

/**
 * Turns scanned elements into values as a shape says. One decoder decodes one value at a time: `begin` at the element
 * that carries the value, then `open` and `close` for what is inside, until `close` returns true at its end.
 */
export class ShapeDecoder {
  readonly #frames: Frame[] = [];
  #depth = 0;
  #deliver: ((value: unknown) => void) | null = null;

  /** Whether a value is being decoded. */
  get active(): boolean {
    return this.#depth > 0;
  }

  /**
   * Begins a value at an element that has just opened; `put` gets it when it ends, unless it turns out to be unset.
   * A list on its own comes wrapped (`ArrayOfX`, an element per item), unlike one inside an object, which is its items.
   */
  begin<S extends Shape<unknown>>(shape: S, put: (value: Decoded<S>) => void, scanner: XmlScanner): Interest {
    if (scanner.nil) {
      return interest.skip;
    }
    this.#deliver = (value) => {
      if (conforms(shape, value)) {
        put(value);
      }
    };
    if (shape.kind === 'list' && scanner.xsiType !== '' && !scanner.xsiType.startsWith('ArrayOf')) {
      // One item that stands for itself.
      const items: unknown[] = [];
      this.#deliver(items);
      this.#deliver = null;
      return this.#push(shape.item, items, null, '', scanner);
    }
    return this.#push(shape, null, null, '', scanner);
  }

  open(name: string, scanner: XmlScanner): Interest {
    const frame = this.#frames[this.#depth - 1]!;
    if (frame.shape.kind === 'list') {
      return this.#push(frame.shape.item, frame.items, null, name, scanner);
    }
    const field = frame.object?.fields.get(name);
    if (field === undefined || frame.fields === null) {
      return interest.skip;
    }
    if (field.kind === 'list') {
      const items = frame.fields[name];
      return Array.isArray(items) ? this.#push(field.item, items, null, name, scanner) : interest.skip;
    }
    return this.#push(field, null, frame.fields, name, scanner);
  }

  /** Ends the innermost element. True when that was the value itself. */
  close(scanner: XmlScanner): boolean {
    const frame = this.#frames[this.#depth - 1]!;
    const value = finish(frame, scanner);
    this.#depth--;
    if (value !== undefined) {
      if (frame.intoItems !== null) {
        frame.intoItems.push(value);
      } else if (frame.intoFields !== null) {
        frame.intoFields[frame.key] = value;
      } else {
        this.#deliver?.(value);
      }
    }
    return this.#depth === 0;
  }

  #push(
    shape: Shape<unknown>,
    intoItems: unknown[] | null,
    intoFields: Built | null,
    key: string,
    scanner: XmlScanner,
  ): Interest {
    if (scanner.nil) {
      return interest.skip;
    }
    let fields: Built | null = null;
    let items: unknown[] | null = null;
    let object: ObjectShape<unknown> | null = null;
    let refType = '';
    let wanted: Interest = interest.elements;
    if (shape.kind === 'object' || shape.kind === 'variant') {
      object = shape.kind === 'object' ? shape : (shape.cases.get(scanner.xsiType) ?? shape.other);
      if (object.dropped !== null && object.dropped.has(scanner.xsiType)) {
        return interest.skip;
      }
      fields = newObject(object, scanner);
    } else if (shape.kind === 'list') {
      items = [];
    } else {
      wanted = interest.text;
      if (shape.kind === 'moref') {
        refType = scanner.typeAttribute;
      }
    }
    const frame = this.#frames[this.#depth];
    if (frame === undefined) {
      this.#frames.push({ shape, fields, items, object, refType, intoItems, intoFields, key });
    } else {
      frame.shape = shape;
      frame.fields = fields;
      frame.items = items;
      frame.object = object;
      frame.refType = refType;
      frame.intoItems = intoItems;
      frame.intoFields = intoFields;
      frame.key = key;
    }
    this.#depth++;
    return wanted;
  }
}

/** The value of a frame, or undefined for one that counts as unset. */
function finish(frame: Frame, scanner: XmlScanner): unknown {
  switch (frame.shape.kind) {
    case 'text':
      return scanner.string;
    case 'word':
      return scanner.word;
    case 'integer':
      return scanner.integer ?? undefined;
    case 'boolean':
      return parseBoolean(scanner.word);
    case 'moref': {
      const value = scanner.word;
      return value === '' ? undefined : { type: frame.refType, value };
    }
    case 'list':
      return frame.items;
    case 'object':
    case 'variant':
      return finishObject(frame, scanner);
    default:
      return undefined;
  }
}

function finishObject({ object, fields }: Frame, scanner: XmlScanner): Built | undefined {
  if (object === null || fields === null || (object.keep !== null && !object.keep(fields))) {
    return undefined;
  }
  for (const name of object.required) {
    if (fields[name] === undefined) {
      const path = `${scanner.path}/${name}`;
      throw new VsphereError({
        kind: 'malformed',
        reason: 'a required element is missing',
        path,
        excerpt: '',
      });
    }
  }
  return fields;
}

function newObject(shape: ObjectShape<unknown>, scanner: XmlScanner): Built {
  const value: Built = {};
  if (shape.typed === 'other') {
    value['$type'] = 'other';
    value['typeName'] = scanner.xsiType;
  } else if (shape.typed === 'own') {
    value['$type'] = scanner.xsiType;
  }
  for (const name of shape.lists) {
    value[name] = [];
  }
  return value;
}

function parseBoolean(text: string): boolean | undefined {
  switch (text) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      return undefined;
  }
}

/** A scan handler that decodes a whole document, or a response, as one value. */
export interface DocumentHandler<T> extends ScanHandler {
  /** Throws `malformed` before the document has ended. */
  result(): T;
}

/** @param rootName local name that the outermost element must have */
export function decodeDocument<S extends Shape<unknown>>(
  rootName: string,
  shape: S,
): DocumentHandler<Decoded<S>> {
  const decoder = new ShapeDecoder();
  let decoded: { value: Decoded<S> } | null = null;
  return {
    open(name, scanner) {
      if (decoder.active) {
        return decoder.open(name, scanner);
      }
      if (name !== rootName) {
        const reason = `${name} in place of ${rootName}`;
        throw new VsphereError({ kind: 'malformed', reason, path: '', excerpt: '' });
      }
      return decoder.begin(
        shape,
        (value) => {
          decoded = { value };
        },
        scanner,
      );
    },
    close(_, scanner) {
      decoder.close(scanner);
    },
    result() {
      if (decoded === null) {
        throw new VsphereError({ kind: 'malformed', reason: `no ${rootName}`, path: '', excerpt: '' });
      }
      return decoded.value;
    },
  };
}
