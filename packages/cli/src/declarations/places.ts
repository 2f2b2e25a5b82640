import type { FilePlace } from '../failures.ts';

/** `networks[3].dns[0]` and all that it lies in: `networks[3].dns`, `networks[3]`, `networks`. */
function outwards(field: string): string[] {
  const steps = field.match(/[^.[\]]+|\[\d+\]/g) ?? [];
  return steps.map((_, index) => join(steps.slice(0, steps.length - index))).filter((path) => path !== '');
}

function join(steps: readonly string[]): string {
  return steps.reduce((path, step) => `${path}${path === '' || step.startsWith('[') ? '' : '.'}${step}`, '');
}

/** Where the fields of a JSON document stand, for those asked for: the line that each value begins in. The text is known to be JSON. */
export function linesOfFields(text: string, fields: readonly string[]): Map<string, number> {
  const wanted = new Set(fields.flatMap(outwards));
  const lines = new Map<string, number>();
  /** What lies around the next value, and which of its items or keys that is. */
  const around: { path: string; index: number | null; key: string }[] = [];
  let line = 1;
  let isKey = false;
  const here = (): string => {
    const inner = around.at(-1);
    if (inner === undefined) return '';
    if (inner.index !== null) return `${inner.path}[${inner.index}]`;
    return inner.path === '' ? inner.key : `${inner.path}.${inner.key}`;
  };
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[^"\s[\]{},:]+|[[\]{},:]|\n/g)) {
    const inner = around.at(-1);
    switch (part) {
      case '\n':
        line += 1;
        break;
      case ':':
        isKey = false;
        break;
      case ',':
        if (inner?.index != null) inner.index += 1;
        else isKey = true;
        break;
      case ']':
      case '}':
        around.pop();
        isKey = false;
        break;
      default: {
        if (isKey && inner !== undefined) {
          inner.key = String(JSON.parse(part));
          break;
        }
        const path = here();
        if (wanted.has(path)) lines.set(path, line);
        if (part === '[') around.push({ path, index: 0, key: '' });
        if (part === '{') {
          around.push({ path, index: null, key: '' });
          isKey = true;
        }
      }
    }
  }
  return lines;
}

/** The line of the innermost part of a document that has the field. */
export function placeInJson(
  file: string,
  text: string,
  fields: readonly string[],
): (field: string) => FilePlace | null {
  const lines = linesOfFields(text, fields);
  return (field) => {
    const found = outwards(field).find((path) => lines.has(path));
    return found === undefined ? null : { file, line: lines.get(found) ?? 1, field };
  };
}

/** Where the items of a request come from: by their place in it, as in `networks[3]`. */
export function placeInTables(
  items: ReadonlyMap<string, { file: string; line: number }>,
): (field: string) => FilePlace | null {
  return (field) => {
    const found = outwards(field).find((path) => items.has(path));
    const place = found === undefined ? undefined : items.get(found);
    if (found === undefined || place === undefined) return null;
    return { ...place, field: field.slice(found.length).replace(/^\./, '') };
  };
}
