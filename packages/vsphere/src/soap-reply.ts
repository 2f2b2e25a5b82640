import { cleanText } from './clean-text.ts';
import { ShapeDecoder } from './decoder.ts';
import { VsphereError, type VsphereFault } from './errors.ts';
import { interest, type Interest, type ScanHandler, type XmlScanner } from './scanner.ts';
import { text } from './shape.ts';
import { methodFault, toFault, type MethodFault } from './shapes/fault.ts';

function unexpected(name: string, path: string): VsphereError {
  return new VsphereError({
    kind: 'malformed',
    reason: `an element ${cleanText(name, 60)}`,
    path,
    excerpt: '',
  });
}

/**
 * Takes a SOAP reply apart: the response element and what is inside goes to `response`, a fault is kept for `fault`.
 * Envelopes are told by their local names, as prefixes differ between servers.
 */
export class SoapReply implements ScanHandler {
  readonly #responseName: string;
  readonly #response: ScanHandler;
  readonly #decoder = new ShapeDecoder();
  #faultString = '';
  #detail: Partial<MethodFault> = {};
  #depth = 0;
  #inFault = false;
  #faultType: string | null = null;
  #answered = false;

  constructor(responseName: string, response: ScanHandler) {
    this.#responseName = responseName;
    this.#response = response;
  }

  /** The fault that the reply is, or null. Throws `malformed` when the reply is neither fault nor response. */
  fault(): VsphereFault | null {
    if (!this.#inFault) {
      if (!this.#answered) {
        throw unexpected('Body without an answer', '');
      }
      return null;
    }
    return toFault(this.#faultType ?? 'SoapFault', this.#faultString, this.#detail);
  }

  open(name: string, scanner: XmlScanner): Interest {
    const wanted = this.#openAt(name, scanner);
    if (wanted !== interest.skip) {
      this.#depth++;
    }
    return wanted;
  }

  close(name: string, scanner: XmlScanner): void {
    this.#depth--;
    if (this.#depth < 2) {
      return;
    }
    if (this.#decoder.active) {
      this.#decoder.close(scanner);
    } else if (!this.#inFault) {
      this.#response.close(name, scanner);
    }
  }

  #openAt(name: string, scanner: XmlScanner): Interest {
    if (this.#decoder.active) {
      return this.#decoder.open(name, scanner);
    }
    switch (this.#depth) {
      case 0:
        if (name !== 'Envelope') {
          throw unexpected(name, '');
        }
        return interest.elements;
      case 1:
        return name === 'Body' ? interest.elements : interest.skip;
      case 2:
        if (name === 'Fault') {
          this.#inFault = true;
          return interest.elements;
        }
        if (name !== this.#responseName || this.#answered) {
          throw unexpected(name, scanner.path);
        }
        this.#answered = true;
        return this.#response.open(name, scanner);
      default:
        return this.#inFault ? this.#openInFault(name, scanner) : this.#response.open(name, scanner);
    }
  }

  #openInFault(name: string, scanner: XmlScanner): Interest {
    if (this.#depth === 3) {
      if (name === 'faultstring') {
        return this.#decoder.begin(
          text,
          (value) => {
            this.#faultString = value;
          },
          scanner,
        );
      }
      return name === 'detail' ? interest.elements : interest.skip;
    }
    if (this.#faultType !== null) {
      return interest.skip;
    }
    // The element is named after the fault (`NotAuthenticatedFault`); its xsi:type is more exact where sent.
    this.#faultType = cleanText(scanner.xsiType === '' ? name.replace(/Fault$/, '') : scanner.xsiType, 100);
    return this.#decoder.begin(
      methodFault,
      (value) => {
        this.#detail = value;
      },
      scanner,
    );
  }
}
