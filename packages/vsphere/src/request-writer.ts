import type { MoRef } from './moref.ts';
import { dataTypes, derivedTypes, requests } from './request-types.ts';
import type { BaseTypeName, DataTypeName, RequestArguments, RequestName } from './request-values.ts';
import { isSecret } from './secrets.ts';
import { escapeText } from './xml-text.ts';

export interface WrittenRequest {
  body: string;
  /** Values in it that no error may repeat. */
  secrets: string[];
}

function isMoRef(value: object): value is MoRef {
  return 'type' in value && 'value' in value;
}

function isDataTypeName(name: string): name is DataTypeName {
  return Object.hasOwn(dataTypes, name);
}

function isBaseTypeName(name: string): name is BaseTypeName {
  return Object.hasOwn(derivedTypes, name);
}

/** The type that an object names itself, if the declared one allows it. */
function actualType(declared: string, value: object): DataTypeName | null {
  const own = '$type' in value ? value.$type : undefined;
  const allowed: readonly DataTypeName[] = isBaseTypeName(declared) ? derivedTypes[declared] : [];
  return allowed.find((name) => name === own) ?? (isDataTypeName(declared) ? declared : null);
}

/** Writes one request, noting its secrets. */
class Writer {
  readonly secrets: string[] = [];

  value(name: string, type: string, value: unknown): string {
    if (typeof value === 'string' || typeof value === 'boolean') {
      // What may be anything says what it is.
      const attribute = type === 'anyType' ? ' xsi:type="xsd:string"' : '';
      return `<${name}${attribute}>${escapeText(String(value))}</${name}>`;
    }
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) {
        throw new TypeError(`The request element ${name} is no whole number.`);
      }
      return `<${name}>${value}</${name}>`;
    }
    if (typeof value !== 'object' || value === null) {
      throw new TypeError(`The request element ${name} cannot hold a ${typeof value}.`);
    }
    if (type === 'MoRef' && isMoRef(value)) {
      return `<${name} type="${escapeText(value.type).replaceAll('"', '&quot;')}">${escapeText(value.value)}</${name}>`;
    }
    const actual = actualType(type, value);
    if (actual === null) {
      throw new TypeError(`The request element ${name} is no ${type}.`);
    }
    const attribute = actual === type ? '' : ` xsi:type="${actual}"`;
    return `<${name}${attribute}>${this.fields(actual, dataTypes[actual], value)}</${name}>`;
  }

  fields(type: string, fields: Readonly<Record<string, string>>, values: object): string {
    const given = new Map<string, unknown>(Object.entries(values));
    let written = '';
    for (const [name, declared] of Object.entries(fields)) {
      const value = given.get(name);
      if (value === undefined) {
        continue;
      }
      const itemType = declared.replace(/\[\]$|\?$/, '');
      for (const item of Array.isArray(value) ? value : [value]) {
        if (typeof item === 'string' && isSecret(type, name, given)) {
          this.secrets.push(item);
        }
        written += this.value(name, itemType, item);
      }
    }
    return written;
  }
}

/** The SOAP envelope of a method call, its elements in the order of the published schema. */
export function writeRequest<R extends RequestName>(
  method: R,
  target: MoRef,
  args: RequestArguments<R>,
): WrittenRequest {
  const writer = new Writer();
  const inside = writer.value('_this', 'MoRef', target) + writer.fields(method, requests[method], args);
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>' +
    `<${method} xmlns="urn:vim25">${inside}</${method}>` +
    '</soapenv:Body></soapenv:Envelope>';
  return { body, secrets: writer.secrets };
}
