const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#13;',
};

/** Text as XML character data. Characters that XML 1.0 cannot carry are left out. */
export function escapeText(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- these are the characters that XML has no way to write
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
      .replaceAll(/[&<>\r]/g, (found) => replacements[found] ?? found)
  );
}
