import {
  type AddressRange,
  bitsOf,
  compareAddresses,
  type Family,
  formatPrefix,
  type IpAddress,
  isLinkLocal,
  lastAddressOf,
  parseAddress,
  type Prefix,
  prefixHolds,
  prefixOf,
  rangeHolds,
  usableRange,
} from './addresses.ts';

/**
 * Which subnets a set of reported addresses lies in, by what most guests say of their masks. Pure. Prefixes nest or lie apart, so all that
 * is said makes a forest; from the innermost outwards it is decided of each prefix whether it is meant, or is somebody's wrong mask.
 */

/** An address that a running guest reports on one of its NICs. */
export interface ReportedAddress {
  readonly nicId: string;
  readonly serverId: string;
  readonly serverName: string;
  readonly wireId: string;
  readonly ip: IpAddress;
  /** Canonical text of `ip`. */
  readonly text: string;
  /** What the guest says; null where it doesn't. */
  readonly prefixLength: number | null;
  /** Default gateways of the guest through this NIC, canonical. */
  readonly gateways: readonly string[];
}

export interface Subnet<T extends ReportedAddress = ReportedAddress> {
  readonly prefix: Prefix;
  /** All usable addresses of the prefix, or a piece of them where others have the rest. */
  readonly range: AddressRange;
  readonly uses: readonly T[];
  /** `said`: by the masks of its guests. `assumed`: nobody's mask could be taken. `narrowed`: the mask reached over other subnets. */
  readonly mask: 'said' | 'assumed' | 'narrowed';
}

/** A network that there is already. */
export interface KnownRange {
  readonly range: AddressRange;
  readonly prefix: Prefix;
}

/** Masks that a subnet of guests can have: shorter ones are a mistake, and a single address says nothing of its subnet. */
const SHORTEST: Record<Family, number> = { 4: 8, 6: 32 };
/** What is assumed where nobody says. */
const USUAL: Record<Family, number> = { 4: 24, 6: 64 };

interface Node<T extends ReportedAddress> {
  readonly prefix: Prefix;
  readonly voters: T[];
  readonly children: Node<T>[];
}

interface Kept {
  readonly prefix: Prefix;
  /** Servers that speak for it, with those whose wrong masks it has taken in. */
  readonly support: number;
  /** The gateway that most of its own voters use, and how many that are. */
  readonly gateway: string | null;
  readonly gatewayUsers: number;
}

export function findSubnets<T extends ReportedAddress>(
  uses: readonly T[],
  known: readonly KnownRange[],
): Subnet<T>[] {
  const kept = growForest(uses).flatMap((root) => decide(root, known));
  const byPrefix = new Map<string, { prefix: Prefix; mask: Subnet['mask']; uses: T[] }>();
  const find = lookup(kept.map((one) => one.prefix));
  for (const use of uses) {
    const found = find(use.ip);
    const mask = found !== null ? 'said' : isMask(use) ? 'narrowed' : 'assumed';
    const prefix = found ?? prefixOf(use.ip, USUAL[use.ip.family]);
    const key = formatPrefix(prefix);
    const subnet = byPrefix.get(key);
    if (subnet === undefined) byPrefix.set(key, { prefix, mask, uses: [use] });
    else subnet.uses.push(use);
  }
  const subnets = [...byPrefix.values()];
  const inner = innerPrefixes(subnets.map((subnet) => subnet.prefix));
  const overlapping = indexOverlaps(known.map((one) => one.range));
  return subnets.flatMap((subnet) =>
    cutToPieces(subnet, [
      ...(inner.get(keyOf(subnet.prefix)) ?? []),
      ...overlapping(usableRange(subnet.prefix)),
    ]),
  );
}

function isMask(use: ReportedAddress): boolean {
  const { prefixLength, ip } = use;
  return prefixLength !== null && prefixLength >= SHORTEST[ip.family] && prefixLength < bitsOf(ip.family);
}

/** The prefixes that guests name, each below the smallest that holds it. */
function growForest<T extends ReportedAddress>(uses: readonly T[]): Node<T>[] {
  const nodes = new Map<string, Node<T>>();
  for (const use of uses) {
    if (!isMask(use) || use.prefixLength === null) continue;
    const prefix = prefixOf(use.ip, use.prefixLength);
    const key = formatPrefix(prefix);
    const node = nodes.get(key);
    if (node === undefined) nodes.set(key, { prefix, voters: [use], children: [] });
    else node.voters.push(use);
  }
  const sorted = [...nodes.values()].toSorted(
    (a, b) => compareAddresses(a.prefix.network, b.prefix.network) || a.prefix.length - b.prefix.length,
  );
  const roots: Node<T>[] = [];
  const open: Node<T>[] = [];
  for (const node of sorted) {
    while (open.length > 0 && !prefixHolds(open.at(-1)?.prefix ?? node.prefix, node.prefix.network))
      open.pop();
    const parent = open.at(-1);
    if (parent === undefined) roots.push(node);
    else parent.children.push(node);
    open.push(node);
  }
  return roots;
}

/**
 * The prefixes that are meant, of this one and all within it. It takes in those within it whose guests are fewer and leave through the same
 * gateway: their masks are wrong. It is none itself where a single guest says so and others within it say otherwise.
 */
function decide<T extends ReportedAddress>(node: Node<T>, known: readonly KnownRange[]): Kept[] {
  const within = node.children.flatMap((child) => decide(child, known));
  const servers = countServers(node.voters);
  const gateway = usualGateway(node.prefix, node.voters);
  const standing = within.filter((one) => isApart(one, gateway?.text ?? null));
  const others = within.filter((one) => !standing.includes(one));
  const support = others.reduce((sum, one) => sum + one.support, 0);
  const own = (taken: number): Kept => ({
    prefix: node.prefix,
    support: servers + taken,
    gateway: gateway?.text ?? null,
    gatewayUsers: gateway?.users ?? 0,
  });
  if (within.length === 0) {
    const reachesOver =
      servers < 2 &&
      known.some(
        (one) => one.prefix.length > node.prefix.length && prefixHolds(node.prefix, one.prefix.network),
      );
    return reachesOver ? [] : [own(0)];
  }
  if (servers >= 2 && servers > support) return [own(support), ...standing];
  const find = lookup(within.map((one) => one.prefix));
  const outside = node.voters.filter((use) => find(use.ip) === null);
  return countServers(outside) >= 2 ? [own(0), ...within] : within;
}

/** A subnet with a gateway of its own is no wrong mask of a larger one. */
function isApart(inner: Kept, outerGateway: string | null): boolean {
  return inner.gatewayUsers >= 2 && outerGateway !== null && inner.gateway !== outerGateway;
}

/** The default gateway inside the prefix, or on the link, that most guests use. */
function usualGateway(
  prefix: Prefix,
  uses: readonly ReportedAddress[],
): { text: string; users: number } | null {
  const [most] = gatewaysOf(prefix, uses);
  return most ?? null;
}

/** The default gateways that guests reach on their own link, those of most guests first. A link-local one counts in IPv6 alone. */
export function gatewaysOf(
  prefix: Prefix,
  uses: readonly ReportedAddress[],
): { text: string; users: number; servers: ReportedAddress[] }[] {
  const users = new Map<string, Map<string, ReportedAddress>>();
  for (const use of uses) {
    for (const text of use.gateways) {
      const address = parseAddress(text);
      if (address === null || address.family !== prefix.network.family) continue;
      if (!prefixHolds(prefix, address) && !(address.family === 6 && isLinkLocal(address))) continue;
      const found = users.get(text);
      if (found === undefined) users.set(text, new Map([[use.serverId, use]]));
      else if (!found.has(use.serverId)) found.set(use.serverId, use);
    }
  }
  return [...users]
    .map(([text, servers]) => ({ text, users: servers.size, servers: [...servers.values()] }))
    .toSorted((a, b) => b.users - a.users || (a.text < b.text ? -1 : 1));
}

export function countServers(uses: readonly { readonly serverId: string }[]): number {
  return new Set(uses.map((use) => use.serverId)).size;
}

/** Finds the smallest of the prefixes that holds an address. */
function lookup(prefixes: readonly Prefix[]): (ip: IpAddress) => Prefix | null {
  const byKey = new Map(prefixes.map((prefix) => [keyOf(prefix), prefix]));
  const lengths = [...new Set(prefixes.map((prefix) => prefix.length))].toSorted((a, b) => b - a);
  return (ip) => {
    for (const length of lengths) {
      if (length > bitsOf(ip.family)) continue;
      const found = byKey.get(keyOf(prefixOf(ip, length)));
      if (found !== undefined) return found;
    }
    return null;
  };
}

function keyOf(prefix: Prefix): string {
  return `${prefix.network.family} ${prefix.network.value} ${prefix.length}`;
}

/** By prefix, the ones right within it, as ranges. */
function innerPrefixes(prefixes: readonly Prefix[]): Map<string, AddressRange[]> {
  const keys = new Set(prefixes.map(keyOf));
  const lengths = [...new Set(prefixes.map((prefix) => prefix.length))].toSorted((a, b) => b - a);
  const inner = new Map<string, AddressRange[]>();
  for (const prefix of prefixes) {
    const around = lengths
      .filter((length) => length < prefix.length)
      .map((length) => keyOf(prefixOf(prefix.network, length)))
      .find((key) => keys.has(key));
    if (around === undefined) continue;
    const range = { start: prefix.network, end: lastAddressOf(prefix) };
    const list = inner.get(around);
    if (list === undefined) inner.set(around, [range]);
    else list.push(range);
  }
  return inner;
}

/** Of ranges that lie apart from one another, those that overlap a range; of however many, by few looks. */
function indexOverlaps(ranges: readonly AddressRange[]): (range: AddressRange) => AddressRange[] {
  const sorted = ranges.toSorted((a, b) => compareAddresses(a.start, b.start));
  return (range) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const one = sorted[middle];
      if (one !== undefined && compareAddresses(one.end, range.start) < 0) low = middle + 1;
      else high = middle;
    }
    const found: AddressRange[] = [];
    for (let index = low; index < sorted.length; index += 1) {
      const one = sorted[index];
      if (one === undefined || compareAddresses(one.start, range.end) > 0) break;
      found.push(one);
    }
    return found;
  };
}

/** The pieces of a subnet that nobody else has, each with the addresses reported in it. */
function cutToPieces<T extends ReportedAddress>(
  subnet: { prefix: Prefix; mask: Subnet['mask']; uses: readonly T[] },
  taken: readonly AddressRange[],
): Subnet<T>[] {
  return subtract(usableRange(subnet.prefix), taken).flatMap((range) => {
    const uses = subnet.uses.filter((use) => rangeHolds(range, use.ip));
    return uses.length === 0 ? [] : [{ prefix: subnet.prefix, mask: subnet.mask, range, uses }];
  });
}

/** What is left of a range without some others, in order. */
function subtract(range: AddressRange, taken: readonly AddressRange[]): AddressRange[] {
  const left: AddressRange[] = [];
  const { family } = range.start;
  let next = range.start.value;
  for (const { start, end } of taken.toSorted((a, b) => compareAddresses(a.start, b.start))) {
    if (start.family !== family || end.value < next) continue;
    if (start.value > range.end.value) break;
    if (start.value > next)
      left.push({ start: { family, value: next }, end: { family, value: start.value - 1n } });
    next = end.value + 1n;
  }
  if (next <= range.end.value) left.push({ start: { family, value: next }, end: range.end });
  return left;
}
