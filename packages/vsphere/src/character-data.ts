const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function character(code: number): string {
  const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? String.fromCodePoint(code) : '\ufffd';
}

/** Line ends as XML 1.0 wants them (2.11). */
export function normalizeLineEnds(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}

/**
 * Character data as text: UTF-8 (a bad sequence becomes U+FFFD, as guests report what they like), line ends, the five
 * predefined entities and numeric references. Null when it refers to any other entity.
 */
export function decodeText(bytes: Buffer, start: number, end: number): string | null {
  const raw = normalizeLineEnds(bytes.toString('utf8', start, end));
  if (!raw.includes('&')) {
    return raw;
  }
  let known = true;
  const decoded = raw.replaceAll(
    /&(?:#x([0-9a-fA-F]{1,8});|#([0-9]{1,9});|([A-Za-z]{1,8});)?/g,
    (_, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (hex !== undefined) {
        return character(Number.parseInt(hex, 16));
      }
      if (decimal !== undefined) {
        return character(Number.parseInt(decimal, 10));
      }
      const replacement = name === undefined ? undefined : predefined[name];
      known &&= replacement !== undefined;
      return replacement ?? '';
    },
  );
  return known ? decoded : null;
}
