/**
 * Addresses and prefixes as values. Inside Wirebook an address is never a string: text is parsed once at the edge.
 * IPv4 and IPv6 share one shape; comparison and arithmetic are on the number.
 */

export type Family = 4 | 6;

export interface IpAddress {
  readonly family: Family;
  /** The address as an unsigned number: below 2^32 for IPv4, below 2^128 for IPv6. */
  readonly value: bigint;
}

export interface Prefix {
  readonly network: IpAddress;
  readonly length: number;
}

export interface AddressRange {
  readonly start: IpAddress;
  /** Inclusive. */
  readonly end: IpAddress;
}

/** The number of bits of an address of the family. */
export function bitsOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** Reads dotted decimal IPv4 (no leading zeros) or RFC 4291 IPv6 text without a zone. Null where it is neither. */
export function parseAddress(text: string): IpAddress | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): IpAddress | null {
  const octets = parseOctets(text);
  return octets === null ? null : { family: 4, value: BigInt(octets) };
}

/** The value of dotted decimal text as a number, or null. */
function parseOctets(text: string): number | null {
  let value = 0;
  let octet = -1;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i <= text.length; i += 1) {
    const code = i < text.length ? text.charCodeAt(i) : 46;
    if (code === 46) {
      if (octet < 0 || octet > 255) return null;
      value = value * 256 + octet;
      octet = -1;
      digits = 0;
      dots += 1;
    } else if (code >= 48 && code <= 57) {
      // A leading zero would be octal to some readers and decimal to others.
      if (octet === 0 || digits === 3) return null;
      octet = (octet < 0 ? 0 : octet) * 10 + (code - 48);
      digits += 1;
    } else {
      return null;
    }
  }
  return dots === 4 ? value : null;
}

function parseIpv6(text: string): IpAddress | null {
  if (text.length > 45) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === null || tail === null) return null;
  const given = head.length + tail.length;
  if (halves.length === 1 ? given !== 8 : given > 7) return null;
  const groups = [...head, ...Array<number>(8 - given).fill(0), ...tail];
  let value = 0n;
  for (const group of groups) value = (value << 16n) | BigInt(group);
  return { family: 6, value };
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (mayEndInIpv4 && index === parts.length - 1 && part.includes('.')) {
      const octets = parseOctets(part);
      if (octets === null) return null;
      groups.push(Math.floor(octets / 65536), octets % 65536);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}

/** Canonical text: dotted decimal, or RFC 5952. */
export function formatAddress(address: IpAddress): string {
  return address.family === 4 ? formatIpv4(Number(address.value)) : formatIpv6(address.value);
}

function formatIpv4(value: number): string {
  return `${Math.floor(value / 16777216)}.${Math.floor(value / 65536) % 256}.${Math.floor(value / 256) % 256}.${value % 256}`;
}

function formatIpv6(value: bigint): string {
  // RFC 5952 section 5: the IPv4-mapped prefix is written with dotted decimal.
  if (value >> 32n === 0xffffn) return `::ffff:${formatIpv4(Number(value & 0xffffffffn))}`;
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  // RFC 5952 section 4.2: the longest run of at least two zero groups is shortened, the first of equals.
  let bestStart = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i += 1) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length += 1;
    if (length > bestLength) {
      bestStart = i;
      bestLength = length;
    }
    if (length > 0) i += length - 1;
  }
  const hex = groups.map((group) => group.toString(16));
  if (bestStart < 0) return hex.join(':');
  return `${hex.slice(0, bestStart).join(':')}::${hex.slice(bestStart + bestLength).join(':')}`;
}

export function compareAddresses(a: IpAddress, b: IpAddress): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

export function equalAddresses(a: IpAddress, b: IpAddress): boolean {
  return a.family === b.family && a.value === b.value;
}

/** IPv4 inside an IPv6 notation (RFC 4291 section 2.5.5.2) is the IPv4 address; anything else is itself. */
export function unmapAddress(address: IpAddress): IpAddress {
  return isIpv4Mapped(address) ? { family: 4, value: address.value & 0xffffffffn } : address;
}

export function isIpv4Mapped(address: IpAddress): boolean {
  return address.family === 6 && address.value >> 32n === 0xffffn;
}

/** Reads `address/length`. Host bits may be set; `network` then has them cleared and `hostBitsSet` says so. */
export function parsePrefix(text: string): { prefix: Prefix; hostBitsSet: boolean } | null {
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const address = parseAddress(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === null || !/^(0|[1-9]\d{0,2})$/.test(digits)) return null;
  const length = Number(digits);
  if (length > bitsOf(address.family)) return null;
  const prefix = prefixOf(address, length);
  return { prefix, hostBitsSet: prefix.network.value !== address.value };
}

/** The prefix of the given length that holds the address. */
export function prefixOf(address: IpAddress, length: number): Prefix {
  const rest = BigInt(bitsOf(address.family) - length);
  return { network: { family: address.family, value: (address.value >> rest) << rest }, length };
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.network)}/${prefix.length}`;
}

export function lastAddressOf(prefix: Prefix): IpAddress {
  const rest = BigInt(bitsOf(prefix.network.family) - prefix.length);
  return { family: prefix.network.family, value: prefix.network.value + (1n << rest) - 1n };
}

export function prefixHolds(prefix: Prefix, address: IpAddress): boolean {
  if (prefix.network.family !== address.family) return false;
  const rest = BigInt(bitsOf(address.family) - prefix.length);
  return address.value >> rest === prefix.network.value >> rest;
}

export function rangeHolds(range: AddressRange, address: IpAddress): boolean {
  return (
    range.start.family === address.family &&
    range.start.value <= address.value &&
    address.value <= range.end.value
  );
}

/** How many addresses the range has. */
export function sizeOf(range: AddressRange): bigint {
  return range.end.value - range.start.value + 1n;
}

export function rangesOverlap(a: AddressRange, b: AddressRange): boolean {
  return a.start.family === b.start.family && a.start.value <= b.end.value && b.start.value <= a.end.value;
}

/**
 * The addresses of a prefix that machines can have: without network and broadcast address for IPv4 (not for /31, RFC 3021, nor
 * /32), without the subnet-router anycast address for IPv6 (not for /127, RFC 6164, nor /128).
 */
export function usableRange(prefix: Prefix): AddressRange {
  const first = prefix.network;
  const last = lastAddressOf(prefix);
  const { family } = first;
  if (prefix.length >= bitsOf(family) - 1) return { start: first, end: last };
  return family === 4
    ? { start: { family, value: first.value + 1n }, end: { family, value: last.value - 1n } }
    : { start: { family, value: first.value + 1n }, end: last };
}

const LINK_LOCAL = [prefix4(0xa9fe0000, 16), prefix6(0xfe80n << 112n, 10)] as const;
const NEVER_A_NICS = [
  ...LINK_LOCAL,
  prefix4(0x7f000000, 8), // loopback
  prefix4(0x00000000, 8), // this network, RFC 1122
  prefix4(0xe0000000, 3), // multicast, reserved and limited broadcast
  prefix6(0n, 127), // unspecified and loopback
  prefix6(0xff00n << 112n, 8), // multicast
];

function prefix4(value: number, length: number): Prefix {
  return { network: { family: 4, value: BigInt(value) }, length };
}

function prefix6(value: bigint, length: number): Prefix {
  return { network: { family: 6, value }, length };
}

export function isLinkLocal(address: IpAddress): boolean {
  return LINK_LOCAL.some((prefix) => prefixHolds(prefix, address));
}

/** A unicast address with a meaning beyond its own link: what a NIC can be known by. */
export function isRoutableUnicast(address: IpAddress): boolean {
  return !NEVER_A_NICS.some((prefix) => prefixHolds(prefix, address));
}

const PRIVATE = [
  prefix4(0x0a000000, 8), // RFC 1918
  prefix4(0xac100000, 12),
  prefix4(0xc0a80000, 16),
  prefix4(0x64400000, 10), // shared address space, RFC 6598
  prefix6(0xfcn << 120n, 7), // unique local, RFC 4193
];

/** An address that more than one site may use, each for itself. */
export function isPrivate(address: IpAddress): boolean {
  return PRIVATE.some((prefix) => prefixHolds(prefix, address));
}

/** A MAC as six lower-case pairs with colons, from any usual notation (colons, dashes, dots, none); null where it is none. */
export function parseMac(text: string): string | null {
  const digits = text.trim().replaceAll(/[:.-]/g, '').toLowerCase();
  if (!/^[0-9a-f]{12}$/.test(digits)) return null;
  return digits.match(/../g)?.join(':') ?? null;
}
