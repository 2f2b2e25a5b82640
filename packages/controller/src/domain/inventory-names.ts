/** Names of inventory objects carry `/`, `\` and `%` escaped as %2f, %5c and %25; a stray % stands for itself. */
export function decodeName(name: string): string {
  return name.replaceAll(/%(?:2f|5c|25)/gi, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
  );
}
