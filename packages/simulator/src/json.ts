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
