/** A managed object reference as it stands on the wire. */
export interface Moref {
  type: string;
  value: string;
}

/**
 * A value in vim25's XML mapping, as plain data: object keys are element names,
 * arrays repeat their element, `undefined` is left out. `$type` becomes xsi:type.
 */
export type VimValue = string | number | boolean | Reference | VimObject | readonly VimValue[] | undefined;

export interface VimObject {
  readonly $type?: string;
  /** The element's own text, for a simple value that needs an xsi:type (KeyAnyValue.value). */
  readonly $text?: string;
  readonly [element: string]: VimValue;
}

/** A moref inside a value: written as an element with a `type` attribute. */
export class Reference {
  readonly moref: Moref;
  constructor(moref: Moref) {
    this.moref = moref;
  }
}

/** One property of an object: its path, the xsi:type and the value. Without `value` it is unset. */
export interface VimProperty {
  path: string;
  type?: string;
  value?: VimValue;
}

/** What a load file, a new object and a change of properties all are (vim25 ObjectContent). */
export interface ObjectContent {
  object: Moref;
  properties: VimProperty[];
}

export function reference(moref: Moref): Reference {
  return new Reference(moref);
}

/** A property that is a list of morefs. */
export function referenceList(path: string, morefs: readonly Moref[]): VimProperty {
  return {
    path,
    type: 'ArrayOfManagedObjectReference',
    value: { ManagedObjectReference: morefs.map(reference) },
  };
}

export function stringProperty(path: string, value: string): VimProperty {
  return { path, type: 'xsd:string', value };
}

export function referenceProperty(path: string, moref: Moref): VimProperty {
  return { path, type: 'ManagedObjectReference', value: reference(moref) };
}

const namespaces =
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"';

export function renderObjectContent(content: ObjectContent): string {
  const sets = content.properties.map((property) => {
    const name = `<name>${escapeXml(property.path)}</name>`;
    if (property.value === undefined) return `<propSet>${name}</propSet>`;
    return `<propSet>${name}${renderElement('val', property.value, property.type)}</propSet>\n`;
  });
  const object = `<obj type="${content.object.type}">${escapeXml(content.object.value)}</obj>`;
  return `<ObjectContent ${namespaces}>${object}\n${sets.join('')}</ObjectContent>\n`;
}

/** A canned reply beside the load files: the element `<name>Response` with its members. */
export function renderResponse(name: string, value: VimObject): string {
  return `<${name} ${namespaces}>${renderMembers(value)}</${name}>\n`;
}

function renderElement(name: string, value: VimValue, type?: string): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((item) => renderElement(name, item, type)).join('');
  if (value instanceof Reference) {
    const xsi = type === undefined ? '' : ` xsi:type="${type}"`;
    return `<${name} type="${value.moref.type}"${xsi}>${escapeXml(value.moref.value)}</${name}>`;
  }
  if (typeof value === 'object') {
    const kind = value.$type ?? type;
    const xsi = kind === undefined ? '' : ` xsi:type="${kind}"`;
    return `<${name}${xsi}>${renderMembers(value)}</${name}>`;
  }
  const xsi = type === undefined ? '' : ` xsi:type="${type}"`;
  return `<${name}${xsi}>${escapeXml(String(value))}</${name}>`;
}

function renderMembers(value: VimObject): string {
  let xml = value.$text === undefined ? '' : escapeXml(value.$text);
  for (const [name, member] of Object.entries(value)) {
    if (name === '$type' || name === '$text') continue;
    xml += renderElement(name, member);
  }
  return xml;
}

function isList(value: VimValue): value is readonly VimValue[] {
  return Array.isArray(value);
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
