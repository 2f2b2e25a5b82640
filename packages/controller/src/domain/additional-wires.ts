import {
  compareAddresses,
  type IpAddress,
  isPrivate,
  parseAddress,
  type Prefix,
  prefixHolds,
} from './addresses.ts';

/**
 * Which other wires use a network's addresses, and what speaks against taking them for the same network. Pure: from who uses which address
 * on which wire, and what is known from before, to the additional and the suggested wires with their evidence.
 */

/** A wire as far as it matters here. */
export interface WireFacts {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly accountName: string;
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
export type ContradictionCode = 'same_address' | 'other_gateway' | 'trunk' | 'no_uplink' | 'other_account';

export interface Contradiction {
  readonly code: ContradictionCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** Of `same_address`: the first who had one at once, the NIC on the wire before the other. While they are only silent, it holds. */
  readonly between?: readonly { readonly ip: string; readonly nicIds: readonly [string, string] }[];
}

/** What is stored of a use, so that silence doesn't end it. */
export interface Evidence {
  readonly serverId: string;
  readonly nicId: string;
  readonly ip: string;
  readonly gateway?: string;
}

export interface WireLink {
  readonly wireId: string;
  readonly origin: 'declared' | 'detected' | 'suggested' | 'excluded';
  readonly evidence: readonly Evidence[];
  /** How many servers the evidence is of, listed or not. */
  readonly servers: number;
  readonly contradictions: readonly Contradiction[];
  readonly note: { readonly code: 'other_vlan'; readonly params: Record<string, number> } | null;
}

export interface DetectionInput {
  readonly prefix: Prefix;
  /** The network's own gateway, or the one that most of the guests on its primary wire use; canonical. */
  readonly gateway: string | null;
  readonly primaryWireId: string;
  readonly wires: ReadonlyMap<string, WireFacts>;
  readonly links: readonly WireLink[];
  /** On every wire but the primary: all; on the primary: those of addresses that another wire uses too. */
  readonly uses: readonly AddressUse[];
  /** By `standingKey`, of what is stored: whether the guest still uses the address, or is silent where it was. Whatever else isn't here. */
  readonly standing: ReadonlyMap<string, 'uses' | 'silent'>;
  /** Names of the servers behind stored evidence. */
  readonly serverNames: ReadonlyMap<string, string>;
  /** Addresses that several have on purpose. */
  readonly isShared: (ip: string) => boolean;
}

/** Of a stored word: a NIC's, that it has the address; on the wire that is named, or wherever it is. */
export function standingKey(said: { nicId: string; ip: string; wireId: string | null }): string {
  return `${said.nicId} ${said.ip} ${said.wireId ?? ''}`;
}

/** How much evidence is kept of a wire; the number of servers is always whole. */
const EVIDENCE_KEPT = 20;

/**
 * The links as they should be, without the primary one. A declared wire stays, with what it shows; an excluded one is left alone. A detected
 * one stays while anything speaks for it: what contradicts it later is a conflict of single addresses and no reason to let go of all the
 * others. Anything else that is used is detected, or suggested where something speaks against it.
 */
export function planWires(input: DetectionInput): WireLink[] {
  const links = new Map(input.links.map((link) => [link.wireId, link]));
  const uses = Map.groupBy(withRemembered(input), (use) => use.wireId);
  const planned: WireLink[] = [];
  const accepted = new Set([input.primaryWireId]);
  const open: { wire: WireFacts; own: readonly AddressUse[] }[] = [];
  for (const link of input.links) {
    if (link.origin === 'excluded') planned.push(link);
    else if (link.origin === 'declared' || (link.origin === 'detected' && uses.has(link.wireId))) {
      accepted.add(link.wireId);
      planned.push(describe(input, link.wireId, link.origin, uses.get(link.wireId) ?? [], []));
    }
  }
  for (const [wireId, own] of uses) {
    const wire = input.wires.get(wireId);
    if (wire === undefined || accepted.has(wireId) || links.get(wireId)?.origin === 'excluded') continue;
    open.push({ wire, own });
  }
  const against = ({ wire, own }: (typeof open)[number]): Contradiction[] =>
    contradictionsOf(input, {
      wire,
      own,
      beside: [...accepted].flatMap((id) => uses.get(id) ?? []),
      before: links.get(wire.id)?.contradictions ?? [],
    });
  // Whoever has more servers to speak for it comes first: of two that exclude each other, one is taken.
  const refused: typeof open = [];
  for (const candidate of open.toSorted(bySupport)) {
    if (against(candidate).length > 0) {
      refused.push(candidate);
      continue;
    }
    accepted.add(candidate.wire.id);
    planned.push(describe(input, candidate.wire.id, 'detected', candidate.own, []));
  }
  // Those taken after it may speak against it too.
  for (const candidate of refused)
    planned.push(describe(input, candidate.wire.id, 'suggested', candidate.own, against(candidate)));
  return planned;
}

function bySupport(
  a: { wire: WireFacts; own: readonly AddressUse[] },
  b: { wire: WireFacts; own: readonly AddressUse[] },
): number {
  return (
    countServers(b.own) - countServers(a.own) ||
    (a.wire.name < b.wire.name ? -1 : a.wire.name > b.wire.name ? 1 : a.wire.id < b.wire.id ? -1 : 1)
  );
}

/** What is used now, and what stored evidence says of guests that are silent. */
function withRemembered(input: DetectionInput): AddressUse[] {
  const known = new Set(input.uses.map((use) => `${use.nicId} ${use.text}`));
  const gateways = new Map(
    input.links.flatMap((link) =>
      link.evidence.flatMap(({ nicId, ip, gateway }) =>
        gateway === undefined ? [] : [[`${nicId} ${ip}`, gateway] as const],
      ),
    ),
  );
  const remembered = input.links.flatMap((link) =>
    link.evidence.flatMap(({ nicId, serverId, ip, gateway }): AddressUse[] => {
      const key = `${nicId} ${ip}`;
      const address = parseAddress(ip);
      const standing = input.standing.get(standingKey({ nicId, ip, wireId: link.wireId }));
      if (known.has(key) || standing !== 'silent' || address === null) return [];
      known.add(key);
      return [
        {
          wireId: link.wireId,
          nicId,
          serverId,
          serverName: input.serverNames.get(serverId) ?? '',
          ip: address,
          text: ip,
          live: false,
          gateways: gateway === undefined ? [] : [gateway],
        },
      ];
    }),
  );
  // A record of a silent guest: which gateway it had is known from its last report.
  const told = input.uses.map((use) => {
    const gateway = use.live ? undefined : gateways.get(`${use.nicId} ${use.text}`);
    return gateway === undefined || use.gateways.length > 0 ? use : { ...use, gateways: [gateway] };
  });
  return [...told, ...remembered];
}

/** Everything that speaks against taking a wire for one of the network's, beside what is used on those that are. */
function contradictionsOf(
  input: Pick<DetectionInput, 'prefix' | 'gateway' | 'primaryWireId' | 'wires' | 'standing' | 'isShared'>,
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
    otherAccount(input, wire),
  ];
  return found.filter((one) => one !== null);
}

/** One address, reported at once by a NIC here and another NIC there. */
function sameAddress(
  input: Pick<DetectionInput, 'wires' | 'isShared'>,
  own: readonly AddressUse[],
  beside: readonly AddressUse[],
): Contradiction | null {
  const there = Map.groupBy(
    beside.filter((use) => use.live),
    (use) => use.text,
  );
  const clashes = own
    .filter((use) => use.live && !input.isShared(use.text))
    .toSorted((a, b) => compareAddresses(a.ip, b.ip))
    .flatMap((use) => {
      const other = there.get(use.text)?.find((one) => one.nicId !== use.nicId);
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
  input: Pick<DetectionInput, 'prefix' | 'gateway'>,
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
  const [first] = users.toSorted((a, b) => compareAddresses(a.ip, b.ip));
  return {
    code: 'other_gateway',
    params: { gateway, expected, server: first?.serverName ?? '', count: countServers(users) },
  };
}

/** The gateway through which a guest leaves the range: the network's own if it is among several. */
function gatewayOf(input: Pick<DetectionInput, 'prefix' | 'gateway'>, use: AddressUse): string | null {
  const inside = use.gateways.filter((text) => {
    const address = parseAddress(text);
    return address !== null && prefixHolds(input.prefix, address);
  });
  return inside.find((text) => text === input.gateway) ?? inside[0] ?? null;
}

/** Sites build alike: a private range in two vCenters is one network only where at least the VLAN is one. */
function otherAccount(
  input: Pick<DetectionInput, 'prefix' | 'primaryWireId' | 'wires'>,
  wire: WireFacts,
): Contradiction | null {
  const primary = input.wires.get(input.primaryWireId);
  if (primary === undefined || primary.accountId === wire.accountId) return null;
  if (!isPrivate(input.prefix.network)) return null;
  if (wire.vlan !== null && wire.vlan !== 0 && wire.vlan === primary.vlan) return null;
  return plain('other_account', { account: wire.accountName, primary: primary.accountName });
}

/** Two that had one address at once, and of whom one is silent now, still contradict; one that reports something else doesn't. */
function stillSameAddress(
  input: Pick<DetectionInput, 'standing' | 'isShared'>,
  wire: WireFacts,
  before: readonly Contradiction[],
): Contradiction | null {
  const known = before.find((one) => one.code === 'same_address');
  const holds = known?.between?.some(
    ({ ip, nicIds: [own, other] }) =>
      !input.isShared(ip) &&
      input.standing.has(standingKey({ nicId: own, ip, wireId: wire.id })) &&
      input.standing.has(standingKey({ nicId: other, ip, wireId: null })),
  );
  return known !== undefined && holds === true ? known : null;
}

function plain(code: ContradictionCode, params: Contradiction['params']): Contradiction {
  return { code, params };
}

function describe(
  input: DetectionInput,
  wireId: string,
  origin: 'declared' | 'detected' | 'suggested',
  own: readonly AddressUse[],
  contradictions: readonly Contradiction[],
): WireLink {
  const sorted = own.toSorted((a, b) => compareAddresses(a.ip, b.ip) || (a.nicId < b.nicId ? -1 : 1));
  const [vlan, primaryVlan] = [wireId, input.primaryWireId].map((id) => input.wires.get(id)?.vlan ?? null);
  const differs = vlan !== null && primaryVlan !== null && vlan !== primaryVlan;
  return {
    wireId,
    origin,
    evidence: sorted.slice(0, EVIDENCE_KEPT).map((use) => {
      const gateway = gatewayOf(input, use);
      return { serverId: use.serverId, nicId: use.nicId, ip: use.text, ...(gateway !== null && { gateway }) };
    }),
    servers: countServers(own),
    contradictions,
    note: differs ? { code: 'other_vlan', params: { vlan: vlan ?? 0, primaryVlan: primaryVlan ?? 0 } } : null,
  };
}

function countServers(uses: readonly AddressUse[]): number {
  return new Set(uses.map((use) => use.serverId)).size;
}
