/** Addresses as numbers, as far as the grid has to reckon with them. What people type is read by the controller. */
export interface Span {
  readonly family: 4 | 6;
  readonly start: bigint;
  readonly end: bigint;
}

export function readIp(text: string): { family: 4 | 6; value: bigint } | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const parts = text.split('.').map(Number);
    if (parts.some((part) => part > 255)) return null;
    return { family: 4, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
  }
  if (!text.includes(':')) return null;
  // The last 32 bits may be written as an IPv4 address (RFC 4291).
  const tail = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text);
  const last = tail?.[2] === undefined ? null : readIp(tail[2]);
  const plain =
    last === null
      ? text
      : `${tail?.[1]}${(last.value >> 16n).toString(16)}:${(last.value & 0xffffn).toString(16)}`;
  const halves = plain.split('::');
  if (halves.length > 2) return null;
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...rest];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  return { family: 6, value: groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n) };
}

/** Canonical text (RFC 5952). */
export function writeIp(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.');
  const groups = Array.from({ length: 8 }, (_, nr) =>
    ((value >> BigInt(112 - 16 * nr)) & 0xffffn).toString(16),
  );
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at += 1) {
    let length = 0;
    while (groups[at + length] === '0') length += 1;
    if (length > best.length) best = { at, length };
  }
  if (best.at === -1) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}

export function readSpan(start: string, end: string): Span | null {
  const [first, last] = [readIp(start), readIp(end)];
  if (first === null || last === null || first.family !== last.family || last.value < first.value)
    return null;
  return { family: first.family, start: first.value, end: last.value };
}

/** A span as people call it: an address, a prefix where it is one, its two ends otherwise. */
export function nameOf({ family, start, end }: Span): string {
  const size = end - start + 1n;
  if (size === 1n) return writeIp(family, start);
  if ((size & (size - 1n)) === 0n && start % size === 0n)
    return `${writeIp(family, start)}/${(family === 4 ? 32 : 128) - (size.toString(2).length - 1)}`;
  return `${writeIp(family, start)} – ${writeIp(family, end)}`;
}
