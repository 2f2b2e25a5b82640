/** A field that an event tells of; null on a side that doesn't have it. */
interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What no person asked for: it follows from the rest, or says when. */
const passedOver: ReadonlySet<string> = new Set(['createdAt', 'updatedAt', 'utilisation', 'joined']);

/** What differs between the two sides of an event, field by field; fields of an object inside are `outer.inner`. */
export function diffOf(before: unknown, after: unknown): readonly FieldChange[] {
  const [old, now] = [fieldsOf(before, ''), fieldsOf(after, '')];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((field) => {
    if (passedOver.has(field)) return [];
    const change = { field, before: old.get(field) || null, after: now.get(field) || null };
    return change.before === change.after ? [] : [change];
  });
}

function fieldsOf(value: unknown, above: string): Map<string, string> {
  if (value === null || value === undefined) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) return new Map([[above, textOf(value)]]);
  return new Map(
    Object.entries(value).flatMap(([name, inner]): [string, string][] => {
      const field = above === '' ? name : `${above}.${name}`;
      if (inner === null || inner === undefined) return [];
      if (typeof inner === 'object' && !Array.isArray(inner)) return [...fieldsOf(inner, field)];
      return [[field, textOf(inner)]];
    }),
  );
}

/** As one reads it: text as it is, lists in one line, objects with a name by it. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value === 'object' && value !== null) {
    if ('name' in value && typeof value.name === 'string') return value.name;
    if ('start' in value && 'end' in value) return `${textOf(value.start)}–${textOf(value.end)}`;
  }
  return JSON.stringify(value);
}
