import { ShapeDecoder } from './decoder.ts';
import type { MissingProperty } from './managed-types.ts';
import type { MoRef } from './moref.ts';
import { interest, type Interest, type ScanHandler, type XmlScanner } from './scanner.ts';
import { moref, object, text, typedObject, word, type Decoded, type Shape } from './shape.ts';

/** `ObjectContent` as read, its properties not yet typed. */
export interface ReadObject {
  ref: MoRef;
  props: Record<string, unknown>;
  missing: MissingProperty[];
}

/** `RetrieveResult`. */
export interface ReadResult {
  objects: ReadObject[];
  /** Opaque; null when there are no more pages. It may be `0`. */
  token: string | null;
}

const missingProperty = object({
  path: text,
  fault: object({ fault: typedObject({ privilegeId: word }) }),
});

const levels = { response: 0, returnval: 1, result: 2, content: 3, property: 4 } as const;

/**
 * Decodes the response of RetrievePropertiesEx and ContinueRetrievePropertiesEx while it arrives. A property is named
 * before its value comes (`DynamicProperty`), so that its shape is known in time; one that was not asked for is skipped,
 * and one named without a value is unset.
 */
export class RetrieveResponse implements ScanHandler {
  readonly #shapes: ReadonlyMap<string, Shape<unknown>>;
  readonly #decoder = new ShapeDecoder();
  /** Name of the property that is being read. */
  #path = '';
  readonly result: ReadResult = { objects: [], token: null };
  #level: number = levels.response;
  #content: ReadObject | null = null;

  /** @param shapes by property path */
  constructor(shapes: ReadonlyMap<string, Shape<unknown>>) {
    this.#shapes = shapes;
  }

  open(name: string, scanner: XmlScanner): Interest {
    if (this.#decoder.active) {
      return this.#decoder.open(name, scanner);
    }
    const wanted = this.#openAt(name, scanner);
    if (wanted === interest.elements && !this.#decoder.active) {
      this.#level++;
    }
    return wanted;
  }

  close(_: string, scanner: XmlScanner): void {
    if (this.#decoder.active) {
      this.#decoder.close(scanner);
      return;
    }
    this.#level--;
    if (this.#level === levels.result && this.#content !== null) {
      this.result.objects.push(this.#content);
      this.#content = null;
    }
  }

  #openAt(name: string, scanner: XmlScanner): Interest {
    switch (this.#level) {
      case levels.response:
        return interest.elements;
      case levels.returnval:
        return name === 'returnval' ? interest.elements : interest.skip;
      case levels.result:
        return this.#openInResult(name, scanner);
      case levels.content:
        return this.#content === null ? interest.skip : this.#openInContent(name, this.#content, scanner);
      default:
        return this.#content === null ? interest.skip : this.#openInProperty(name, this.#content, scanner);
    }
  }

  #openInResult(name: string, scanner: XmlScanner): Interest {
    if (name === 'objects') {
      this.#content = { ref: { type: '', value: '' }, props: {}, missing: [] };
      return interest.elements;
    }
    const keep = (token: string): void => {
      this.result.token = token === '' ? null : token;
    };
    return name === 'token' ? this.#decoder.begin(text, keep, scanner) : interest.skip;
  }

  #openInContent(name: string, content: ReadObject, scanner: XmlScanner): Interest {
    switch (name) {
      case 'obj': {
        const keep = (ref: MoRef): void => {
          content.ref = ref;
        };
        return this.#decoder.begin(moref, keep, scanner);
      }
      case 'propSet':
        this.#path = '';
        return interest.elements;
      case 'missingSet': {
        const keep = (missing: Decoded<typeof missingProperty>): void => {
          content.missing.push(describeMissing(missing));
        };
        return this.#decoder.begin(missingProperty, keep, scanner);
      }
      default:
        return interest.skip;
    }
  }

  #openInProperty(name: string, { props }: ReadObject, scanner: XmlScanner): Interest {
    if (name === 'name') {
      const keep = (path: string): void => {
        this.#path = path;
      };
      return this.#decoder.begin(word, keep, scanner);
    }
    const path = this.#path;
    const shape = this.#shapes.get(path);
    if (name !== 'val' || shape === undefined) {
      return interest.skip;
    }
    const keep = (value: unknown): void => {
      props[path] = value;
    };
    return this.#decoder.begin(shape, keep, scanner);
  }
}

function describeMissing({ path, fault }: Decoded<typeof missingProperty>): MissingProperty {
  const privilege = fault?.fault?.privilegeId;
  return {
    path: path ?? '',
    fault: fault?.fault?.$type ?? '',
    ...(privilege === undefined ? {} : { privilege }),
  };
}
