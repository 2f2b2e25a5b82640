import type { MoRef } from './moref.ts';
import {
  dataTypes,
  derivedTypes,
  requests,
  type DataTypeName,
  type RequestArguments,
  type RequestName,
} from './request-types.ts';

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#13;',
};

/** Text as XML character data. Characters that XML 1.0 cannot carry are left out. */
export function escapeText(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- these are the characters that XML has no way to write
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
      .replaceAll(/[&<>\r]/g, (found) => replacements[found] ?? found)
  );
}

function isMoRef(value: object): value is MoRef {
  return 'type' in value && 'value' in value;
}

function isDataTypeName(name: string): name is DataTypeName {
  return Object.hasOwn(dataTypes, name);
}

/** The type that an object names itself, if the declared one allows it. */
function actualType(declared: DataTypeName, value: object): DataTypeName {
  const own = '$type' in value ? value.$type : undefined;
  const allowed: readonly DataTypeName[] = declared === 'SelectionSpec' ? derivedTypes[declared] : [];
  return allowed.find((name) => name === own) ?? declared;
}

function writeValue(name: string, type: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return `<${name}>${escapeText(String(value))}</${name}>`;
  }
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`The request element ${name} cannot hold a ${typeof value}.`);
  }
  if (type === 'MoRef' && isMoRef(value)) {
    return `<${name} type="${escapeText(value.type).replaceAll('"', '&quot;')}">${escapeText(value.value)}</${name}>`;
  }
  if (!isDataTypeName(type)) {
    throw new TypeError(`The request element ${name} is no ${type}.`);
  }
  const actual = actualType(type, value);
  const attribute = actual === type ? '' : ` xsi:type="${actual}"`;
  return `<${name}${attribute}>${writeFields(dataTypes[actual], value)}</${name}>`;
}

function writeFields(fields: Readonly<Record<string, string>>, values: object): string {
  const given = new Map<string, unknown>(Object.entries(values));
  let written = '';
  for (const [name, declared] of Object.entries(fields)) {
    const value = given.get(name);
    if (value === undefined) {
      continue;
    }
    const type = declared.replace(/\[\]$|\?$/, '');
    for (const item of Array.isArray(value) ? value : [value]) {
      written += writeValue(name, type, item);
    }
  }
  return written;
}

/** The SOAP envelope of a method call, its elements in the order of the published schema. */
export function writeRequest<R extends RequestName>(
  method: R,
  target: MoRef,
  args: RequestArguments<R>,
): string {
  const inside = writeValue('_this', 'MoRef', target) + writeFields(requests[method], args);
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"' +
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>' +
    `<${method} xmlns="urn:vim25">${inside}</${method}>` +
    '</soapenv:Body></soapenv:Envelope>'
  );
}
