/** What a server's words may become in an error: one line, no control characters, bounded. */
export function cleanText(raw: string, length: number): string {
  return raw
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, length)
    .toWellFormed();
}
