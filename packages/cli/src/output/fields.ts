/** The value at a path such as `wire.name`. A path through a list gives the list of what is found in each item. */
export function readField(object: unknown, path: string): unknown {
  const [first = '', ...rest] = path.split('.');
  const value = property(object, first);
  if (rest.length === 0) return value;
  const below = rest.join('.');
  if (Array.isArray(value)) return value.flatMap((item) => readField(item, below) ?? []);
  // A tag's key may hold dots itself.
  return property(value, below) ?? readField(value, below);
}

function property(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with only the fields named, nested as they were. */
export function pickFields(object: unknown, paths: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const path of paths) place(picked, path.split('.'), readField(object, path));
  return picked;
}

function place(into: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  const [first = '', ...rest] = steps;
  const below = rest.length === 0 ? null : into[first];
  const next = isObject(below) ? { ...below } : {};
  if (rest.length > 0) place(next, rest, value);
  Object.defineProperty(into, first, {
    value: rest.length === 0 ? (value ?? null) : next,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** The field names given that none of the objects has, judged by their first step; none where there are no objects. */
export function unknownFields(objects: readonly unknown[], paths: readonly string[]): string[] {
  if (objects.length === 0) return [];
  return paths.filter((path) => {
    const [first = ''] = path.split('.');
    return !objects.some((object) => property(object, first) !== undefined);
  });
}
