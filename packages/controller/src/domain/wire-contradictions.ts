import {
  type AddressRange,
  compareAddresses,
  type IpAddress,
  isLinkLocal,
  isPrivate,
  parseAddress,
  type Prefix,
  prefixHolds,
  rangeHolds,
} from './addresses.ts';

import { countServers } from './subnets.ts';

/** What speaks against taking a wire for one of a network's. Pure. */

/** A wire as far as it matters here. */
export interface WireFacts {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly datacenter: string | null;
  readonly trunk: boolean;
  /** Whether a physical NIC leads out of it on any host; null where nobody knows. */
  readonly uplinked: boolean | null;
  /** 0 without a VLAN; null where there is no one id (a trunk, or hosts that disagree). */
  readonly vlan: number | null;
}

/** That a NIC uses an address of the network. */
export interface AddressUse {
  readonly wireId: string;
  readonly nicId: string;
  readonly serverId: string;
  readonly serverName: string;
  readonly ip: IpAddress;
  /** Canonical text of `ip`. */
  readonly text: string;
  /** A running guest reports it now; otherwise a record or the memory of a report says so. */
  readonly live: boolean;
  /** The default gateways that the guest has through this NIC, canonical. */
  readonly gateways: readonly string[];
}

/** The codes are words of the catalogue (`contradictions`). */
export type ContradictionCode =
  | 'same_address'
  | 'other_gateway'
  | 'trunk'
  | 'no_uplink'
  | 'other_account'
  | 'other_datacenter';

export interface Contradiction {
  readonly code: ContradictionCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** Of `same_address`: the first who had one at once, the NIC on the wire before the other. While they are only silent, it holds. */
  readonly between?: readonly { readonly ip: string; readonly nicIds: readonly [string, string] }[];
}

/** What of a network, and of those who use it, contradictions are looked for in. */
export interface ContradictionInput {
  readonly prefix: Prefix;
  readonly range: AddressRange;
  /** The network's own gateway, or the one that most of the guests on its primary wire use; canonical. */
  readonly gateway: string | null;
  readonly primaryWireId: string;
  readonly wires: ReadonlyMap<string, WireFacts>;
  /** By `standingKey`, of what is stored: whether the guest still uses the address, or is silent where it was. Whatever else isn't here. */
  readonly standing: ReadonlyMap<string, 'uses' | 'silent'>;
  /** Addresses that several have on purpose. */
  readonly isShared: (ip: string) => boolean;
}

/** Of a stored word: a NIC's, that it has the address; on the wire that is named, or wherever it is. */
export function standingKey(said: { nicId: string; ip: string; wireId: string | null }): string {
  return `${said.nicId} ${said.ip} ${said.wireId ?? ''}`;
}

/** What is stored may be of a range that has been narrowed since. */
function isInside(range: AddressRange, text: string): boolean {
  const ip = parseAddress(text);
  return ip !== null && rangeHolds(range, ip);
}

/** How much evidence is kept of a wire; the number of servers is always whole. */
export const EVIDENCE_KEPT = 20;

/** Everything that speaks against taking a wire for one of the network's, beside what is used on those that are. */
export function contradictionsOf(
  input: ContradictionInput,
  about: {
    wire: WireFacts;
    own: readonly AddressUse[];
    beside: readonly AddressUse[];
    before: readonly Contradiction[];
  },
): Contradiction[] {
  const { wire, own, beside, before } = about;
  const found = [
    sameAddress(input, own, beside) ?? stillSameAddress(input, wire, before),
    otherGateway(input, own),
    wire.trunk ? plain('trunk', { wire: wire.name }) : null,
    wire.uplinked === false ? plain('no_uplink', { wire: wire.name }) : null,
    otherSite(input, wire),
  ];
  return found.filter((one) => one !== null);
}

/** One address, reported at once by a NIC here and another NIC there. */
function sameAddress(
  input: Pick<ContradictionInput, 'wires' | 'isShared'>,
  own: readonly AddressUse[],
  beside: readonly AddressUse[],
): Contradiction | null {
  const there = Map.groupBy(
    beside.filter((use) => use.live),
    (use) => use.text,
  );
  const clashes = own
    .filter((use) => use.live && !input.isShared(use.text))
    .toSorted((a, b) => byAddress(a, b))
    .flatMap((use) => {
      const other = there
        .get(use.text)
        ?.filter((one) => one.nicId !== use.nicId)
        .toSorted(byAddress)[0];
      return other === undefined ? [] : [{ use, other }];
    });
  const [first] = clashes;
  if (first === undefined) return null;
  const { use, other } = first;
  return {
    code: 'same_address',
    params: {
      ip: use.text,
      server: use.serverName,
      other: other.serverName,
      otherWire: input.wires.get(other.wireId)?.name ?? '',
      count: new Set(clashes.map((clash) => clash.use.text)).size,
    },
    between: clashes
      .slice(0, EVIDENCE_KEPT)
      .map((clash) => ({ ip: clash.use.text, nicIds: [clash.use.nicId, clash.other.nicId] })),
  };
}

/**
 * Guests there leave the range through another gateway. A single one among others that use the network's own has a wrong setting, and says
 * nothing of the wire.
 */
function otherGateway(
  input: Pick<ContradictionInput, 'prefix' | 'gateway'>,
  own: readonly AddressUse[],
): Contradiction | null {
  const { gateway: expected } = input;
  if (expected === null) return null;
  const agreeing = new Set<string>();
  const others = new Map<string, AddressUse[]>();
  for (const use of own) {
    const gateway = gatewayOf(input, use);
    if (gateway === expected) agreeing.add(use.serverId);
    else if (gateway !== null) {
      const list = others.get(gateway);
      if (list === undefined) others.set(gateway, [use]);
      else list.push(use);
    }
  }
  const differing = new Set([...others.values()].flat().map((use) => use.serverId));
  if (differing.size === 0 || differing.size < agreeing.size) return null;
  const [most] = [...others].toSorted(
    ([a, left], [b, right]) => countServers(right) - countServers(left) || (a < b ? -1 : 1),
  );
  if (most === undefined) return null;
  const [gateway, users] = most;
  const [first] = users.toSorted((a, b) => byAddress(a, b));
  return {
    code: 'other_gateway',
    params: { gateway, expected, server: first?.serverName ?? '', count: countServers(users) },
  };
}

/** The gateway through which a guest leaves the range: the network's own if it is among several. */
export function gatewayOf(
  input: Pick<ContradictionInput, 'prefix' | 'gateway'>,
  use: AddressUse,
): string | null {
  const expected = input.gateway === null ? null : parseAddress(input.gateway);
  const inside = use.gateways.filter((text) => {
    const address = parseAddress(text);
    if (address === null) return false;
    // Routers are known by their link-local addresses in IPv6; those compare with one another alone.
    const onLink = expected !== null && isLinkLocal(expected) && isLinkLocal(address);
    return prefixHolds(input.prefix, address) || onLink;
  });
  return inside.find((text) => text === input.gateway) ?? inside[0] ?? null;
}

/**
 * Sites build alike, down to their gateways and VLAN ids: a private range in two vCenters, or in two datacenters with different VLANs, may be
 * two networks, and only a person knows.
 */
function otherSite(
  input: Pick<ContradictionInput, 'prefix' | 'primaryWireId' | 'wires'>,
  wire: WireFacts,
): Contradiction | null {
  const primary = input.wires.get(input.primaryWireId);
  if (primary === undefined || !isPrivate(input.prefix.network)) return null;
  if (primary.accountId !== wire.accountId)
    return plain('other_account', { account: wire.accountName, primary: primary.accountName });
  const [here, there] = [wire.datacenter, primary.datacenter];
  if (here === null || there === null || here === there) return null;
  if (wire.vlan === null || primary.vlan === null || wire.vlan === primary.vlan) return null;
  return plain('other_datacenter', { datacenter: here, primary: there });
}

/** Two that had one address at once, and of whom one is silent now, still contradict; one that reports something else doesn't. */
function stillSameAddress(
  input: Pick<ContradictionInput, 'range' | 'standing' | 'isShared'>,
  wire: WireFacts,
  before: readonly Contradiction[],
): Contradiction | null {
  const known = before.find((one) => one.code === 'same_address');
  const holds = known?.between?.some(
    ({ ip, nicIds: [own, other] }) =>
      isInside(input.range, ip) &&
      !input.isShared(ip) &&
      input.standing.has(standingKey({ nicId: own, ip, wireId: wire.id })) &&
      input.standing.has(standingKey({ nicId: other, ip, wireId: null })),
  );
  return known !== undefined && holds === true ? known : null;
}

function plain(code: ContradictionCode, params: Contradiction['params']): Contradiction {
  return { code, params };
}

/** The order of evidence: the same, in whatever order it was read. */
export function byAddress(a: AddressUse, b: AddressUse): number {
  return compareAddresses(a.ip, b.ip) || (a.nicId < b.nicId ? -1 : a.nicId > b.nicId ? 1 : 0);
}
