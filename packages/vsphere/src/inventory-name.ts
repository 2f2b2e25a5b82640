const escapes: Readonly<Record<string, string>> = { '%': '%25', '/': '%2f', '\\': '%5c' };

/** Names of inventory objects are sent with `/`, `\` and `%` escaped as %2f, %5c and %25. */
export function encodeName(name: string): string {
  return name.replaceAll(/[%/\\]/g, (character) => escapes[character] ?? character);
}

/** They come back so, or, on standard port groups, raw; a stray % stands for itself. */
export function decodeName(name: string): string {
  return name.replaceAll(/%(?:2f|5c|25)/gi, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
  );
}
