import {
  type AddressRange,
  bitsOf,
  compareAddresses,
  formatAddress,
  formatPrefix,
  type IpAddress,
  parsePrefix,
  type Prefix,
} from './addresses.ts';
import { agreeOnName } from './host-names.ts';

/** A list of addresses that was kept elsewhere, held against who has or shows each address, in one address space. */

export interface ListedAddress {
  /** Its place among the rows of the request, from 0. */
  readonly index: number;
  /** What the reader knows it by: its line. */
  readonly line: number;
  readonly ip: IpAddress;
  readonly prefixLength: number | null;
  /** All that the list calls it; that one of them agrees is enough. */
  readonly names: readonly string[];
  /** Canonical. */
  readonly mac: string | null;
  /** Name or prefix. */
  readonly network: string | null;
  /** Rows of different VRFs are no duplicates. */
  readonly vrf: string;
  /** `kept`: reserved, or a DHCP server's own; nobody need show it. `free`: nobody should. */
  readonly use: 'used' | 'kept' | 'free';
}

/** Somebody who has or shows an address. */
export interface Presence {
  readonly names: readonly string[];
  /** Canonical. */
  readonly mac: string | null;
}

export interface ComparedNetwork {
  readonly id: string;
  readonly name: string;
  readonly range: AddressRange;
  readonly prefix: Prefix;
}

/** What is known of an address. */
export interface KnownAddress<P extends Presence = Presence> {
  readonly ip: IpAddress;
  /** The weightiest first. */
  readonly presences: readonly P[];
  /** It is kept back, a DHCP server's own, or has a part to play: a gateway, a DNS server. */
  readonly kept: boolean;
}

export type DifferenceKind = 'ghost' | 'stranger' | 'mac' | 'name' | 'network' | 'status' | 'duplicate';

export interface Difference<P extends Presence = Presence> {
  readonly kind: DifferenceKind;
  readonly ip: IpAddress;
  /** Null for strangers. */
  readonly row: ListedAddress | null;
  readonly listed: string | null;
  readonly found: string | null;
  /** Of a duplicate: the line that named the address first. */
  readonly other: number | null;
  readonly network: ComparedNetwork | null;
  readonly presences: readonly P[];
}

export interface ComparisonFacts<P extends Presence> {
  /** By canonical address. */
  readonly known: ReadonlyMap<string, KnownAddress<P>>;
  /** The network whose range holds the address. */
  readonly networkOf: (ip: IpAddress) => ComparedNetwork | undefined;
  /** Whether some network has this name (lower case) or prefix. */
  readonly isNetwork: (text: string) => boolean;
  /** Whether an address that is not in the list is a stranger there. */
  readonly isCovered: (ip: IpAddress) => boolean;
}

/** All differences: those of rows in the order of the rows, then strangers by address. */
export function compareList<P extends Presence>(
  rows: readonly ListedAddress[],
  facts: ComparisonFacts<P>,
): Difference<P>[] {
  const lineOf = new Map<string, number>();
  const listed = new Set<string>();
  const ghosts = new Set<string>();
  const differences = rows.flatMap((row): Difference<P>[] => {
    const text = formatAddress(row.ip);
    const known = facts.known.get(text);
    listed.add(text);
    const isGhost = !ghosts.has(text) && isGhostly(row, known);
    if (isGhost) ghosts.add(text);
    const other = lineOf.get(`${row.vrf} ${text}`) ?? null;
    if (other === null) lineOf.set(`${row.vrf} ${text}`, row.line);
    const about = {
      ip: row.ip,
      row,
      other: null,
      network: facts.networkOf(row.ip) ?? null,
      presences: known?.presences ?? [],
    };
    return [
      ...(other === null ? [] : [{ ...about, kind: 'duplicate' as const, other, listed: text, found: null }]),
      ...(isGhost
        ? [{ ...about, kind: 'ghost' as const, listed: row.names[0] ?? row.mac, found: null }]
        : []),
      ...compareRow(row, about.presences, { ...facts, network: about.network }).map((said) => ({
        ...about,
        ...said,
      })),
    ];
  });
  return [...differences, ...strangersOf(listed, facts)];
}

type Said = Pick<Difference, 'kind' | 'listed' | 'found'>;

/** The list says that it is used, and nothing speaks for that. */
function isGhostly(row: ListedAddress, known: KnownAddress | undefined): boolean {
  return row.use === 'used' && known?.kept !== true && (known?.presences.length ?? 0) === 0;
}

function compareRow(
  row: ListedAddress,
  presences: readonly Presence[],
  facts: { network: ComparedNetwork | null; isNetwork: (text: string) => boolean },
): Said[] {
  const names = presences.flatMap((presence) => presence.names);
  const macs = [...new Set(presences.flatMap((presence) => presence.mac ?? []))];
  if (row.use === 'free') {
    // Whatever it was called before it was free says nothing.
    return presences.length === 0
      ? []
      : [{ kind: 'status', listed: row.names[0] ?? null, found: names[0] ?? macs[0] ?? null }];
  }
  const said: Said[] = [];
  if (row.mac !== null && macs.length > 0 && !macs.includes(row.mac))
    said.push({ kind: 'mac', listed: row.mac, found: macs.join(', ') });
  const agrees = row.names.some((mine) => names.some((theirs) => agreeOnName(mine, theirs)));
  if (row.names.length > 0 && names.length > 0 && !agrees)
    said.push({ kind: 'name', listed: row.names.join(', '), found: machinesOf(names).join(', ') });
  const elsewhere = compareNetwork(row, facts.network, facts.isNetwork);
  if (elsewhere !== null)
    said.push({
      kind: 'network',
      listed: elsewhere,
      found: facts.network === null ? null : `${facts.network.name} (${formatPrefix(facts.network.prefix)})`,
    });
  return said;
}

/** One name for each machine: those that agree with one before them are left out. */
function machinesOf(names: readonly string[]): string[] {
  const machines: string[] = [];
  for (const name of new Set(names))
    if (!machines.some((other) => agreeOnName(other, name))) machines.push(name);
  return machines;
}

/** What the list says of the network, where that isn't so. That no network holds the address says nothing of a list that names none. */
function compareNetwork(
  row: ListedAddress,
  network: ComparedNetwork | null,
  isNetwork: (text: string) => boolean,
): string | null {
  const { network: named, prefixLength } = row;
  if (named !== null && !isSameNetwork(named, network) && (network !== null || isNetwork(named)))
    return named;
  if (network === null || prefixLength === null) return null;
  // A single address as prefix is how many lists leave it unsaid.
  const isSaid = prefixLength > 0 && prefixLength < bitsOf(row.ip.family);
  return isSaid && prefixLength !== network.prefix.length ? `/${prefixLength}` : null;
}

function isSameNetwork(text: string, network: ComparedNetwork | null): boolean {
  if (network === null) return false;
  if (text.toLowerCase() === network.name.toLowerCase()) return true;
  const parsed = parsePrefix(text);
  return parsed !== null && formatPrefix(parsed.prefix) === formatPrefix(network.prefix);
}

function strangersOf<P extends Presence>(
  listed: ReadonlySet<string>,
  facts: ComparisonFacts<P>,
): Difference<P>[] {
  return [...facts.known]
    .filter(([text, { ip, presences }]) => presences.length > 0 && !listed.has(text) && facts.isCovered(ip))
    .map(([, known]) => known)
    .toSorted((a, b) => compareAddresses(a.ip, b.ip))
    .map(({ ip, presences }) => ({
      kind: 'stranger',
      ip,
      row: null,
      listed: null,
      found: presences.flatMap((presence) => presence.names)[0] ?? null,
      other: null,
      network: facts.networkOf(ip) ?? null,
      presences,
    }));
}
