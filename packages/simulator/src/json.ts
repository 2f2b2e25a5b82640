/** A JSON object of the simulator's own, looked into member by member. */
export type JsonObject = Record<string, unknown>;

/** @throws Error when the text is no JSON object. */
export function parseJsonObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value)) throw new Error('A JSON object was expected.');
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws Error when the member is no string. */
export function stringMember(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw new Error(`${name} should be a string.`);
  return value;
}

/** @throws Error when the member is no number. */
export function numberMember(object: JsonObject, name: string): number {
  const value = object[name];
  if (typeof value !== 'number') throw new Error(`${name} should be a number.`);
  return value;
}

/** @throws Error when the member is no boolean. */
export function booleanMember(object: JsonObject, name: string): boolean {
  const value = object[name];
  if (typeof value !== 'boolean') throw new Error(`${name} should be a boolean.`);
  return value;
}

/** @throws Error when the member is no object. */
export function objectMember(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  if (!isJsonObject(value)) throw new Error(`${name} should be an object.`);
  return value;
}

/** @throws Error when the member is there and no object. */
export function optionalMember(object: JsonObject, name: string): JsonObject | undefined {
  return object[name] === undefined ? undefined : objectMember(object, name);
}

/** @throws Error when the member is no list of objects. */
export function listMember(object: JsonObject, name: string): JsonObject[] {
  const value = object[name];
  if (!Array.isArray(value) || !value.every(isJsonObject))
    throw new Error(`${name} should be a list of objects.`);
  return value;
}

/** @throws Error when the member is no list of strings. */
export function stringsMember(object: JsonObject, name: string): string[] {
  const value = object[name];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw new Error(`${name} should be a list of strings.`);
  return value;
}
