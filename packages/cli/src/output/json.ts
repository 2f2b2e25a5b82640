/** JSON for people and programs. DEL and C1, which JSON leaves as they are, are escaped: a terminal would obey them. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
}
