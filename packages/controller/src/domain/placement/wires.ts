import type {
  NicWish,
  PortGroupBinding,
  UsableOrigin,
  UsableWire,
  WirePresence,
  WireUse,
  WireVlan,
} from './facts.ts';
import type { PlacementReason } from './reasons.ts';

/** Which port group a NIC gets on a host: any wire of its network that the host has, never a trunk. */

/** A virtual machine takes no more (VirtualMachine configuration maximums of every version). */
export const NICS_AT_MOST = 10;

export interface NicBinding {
  readonly wireId: string;
  readonly wireName: string;
  /** What the wire is to the NIC's networks: with two of them, the weaker of the two. `asked` is a wire named by itself. */
  readonly origin: UsableOrigin | 'asked';
  readonly binding: PortGroupBinding;
}

/** A NIC on a host: how it is bound, or why it can't be. */
export type NicVerdict =
  | { readonly binding: NicBinding; readonly reasons: readonly [] }
  | { readonly binding: null; readonly reasons: readonly PlacementReason[] };

/** Finds out how often servers of these networks are on a wire, on a host and on all hosts that belong together. */
export interface UseCount {
  onHost(wireId: string, hostId: string): number;
  around(wireId: string, hostId: string): number;
}

interface Candidate {
  readonly wireId: string;
  readonly name: string;
  readonly origin: UsableOrigin | 'asked';
}

const RANKS: Record<Candidate['origin'], number> = { asked: 0, primary: 0, declared: 1, detected: 2 };

/** The wires that a NIC may be on, wherever they are: those that all its networks have, of which the one asked for. Weakest origin wins. */
export function candidatesOf({ networks, wire }: NicWish): Candidate[] {
  const [first, ...others] = networks;
  if (first === undefined)
    return wire === null ? [] : [{ wireId: wire.id, name: wire.name, origin: 'asked' }];
  const common = first.wires.flatMap(({ wireId, name, origin }): UsableWire[] => {
    let weakest = origin;
    for (const network of others) {
      const also = network.wires.find((one) => one.wireId === wireId);
      if (also === undefined) return [];
      if (RANKS[also.origin] > RANKS[weakest]) weakest = also.origin;
    }
    return [{ wireId, name, origin: weakest }];
  });
  return wire === null ? common : common.filter(({ wireId }) => wireId === wire.id);
}

/** Counts uses of the NIC's networks. `groupOf` names what hosts belong together by, their cluster. */
export function countUses(
  { networks }: NicWish,
  uses: readonly WireUse[],
  groupOf: (hostId: string) => string,
): UseCount {
  const ids = new Set(networks.map(({ id }) => id));
  const byHost = new Map<string, number>();
  const byGroup = new Map<string, number>();
  for (const { networkId, wireId, hostId, servers } of uses) {
    if (!ids.has(networkId)) continue;
    const host = `${wireId} ${hostId}`;
    const group = `${wireId} ${groupOf(hostId)}`;
    byHost.set(host, (byHost.get(host) ?? 0) + servers);
    byGroup.set(group, (byGroup.get(group) ?? 0) + servers);
  }
  return {
    onHost: (wireId, hostId) => byHost.get(`${wireId} ${hostId}`) ?? 0,
    around: (wireId, hostId) => byGroup.get(`${wireId} ${groupOf(hostId)}`) ?? 0,
  };
}

/**
 * Of the wires that the host has: the primary one, else a declared, else a detected one; of equals the one that most servers of the network
 * are on, on this host, then on its cluster; then by name.
 */
export function pickPortGroup(options: {
  /** From 1. */
  nic: number;
  wish: NicWish;
  candidates: readonly Candidate[];
  hostId: string;
  /** The wires that this host has, by id. */
  presence: ReadonlyMap<string, WirePresence>;
  uses: UseCount;
}): NicVerdict {
  const { nic, wish, candidates, hostId, presence, uses } = options;
  if (candidates.length === 0) return { binding: null, reasons: [nowhere(nic, wish)] };
  const fitting: { candidate: Candidate; binding: PortGroupBinding }[] = [];
  const reasons: PlacementReason[] = [];
  for (const candidate of candidates) {
    const there = presence.get(candidate.wireId);
    if (there === undefined) continue;
    const against = whyNot(nic, candidate.name, there);
    if (against !== null) reasons.push(against);
    else if (there.binding !== null) fitting.push({ candidate, binding: there.binding });
  }
  const [best] = fitting.toSorted(
    ({ candidate: a }, { candidate: b }) =>
      RANKS[a.origin] - RANKS[b.origin] ||
      uses.onHost(b.wireId, hostId) - uses.onHost(a.wireId, hostId) ||
      uses.around(b.wireId, hostId) - uses.around(a.wireId, hostId) ||
      compareTexts(a.name, b.name) ||
      compareTexts(a.wireId, b.wireId),
  );
  if (best !== undefined) {
    const { wireId, name, origin } = best.candidate;
    return { binding: { wireId, wireName: name, origin, binding: best.binding }, reasons: [] };
  }
  return { binding: null, reasons: reasons.length > 0 ? reasons : [absent(nic, wish, candidates)] };
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What keeps a wire that the host has from being used. */
function whyNot(nic: number, wire: string, there: WirePresence): PlacementReason | null {
  if (there.missing) return { code: 'wire_missing', params: { nic, wire } };
  if (there.purpose !== 'vm') return { code: 'wire_purpose', params: { nic, wire, purpose: there.purpose } };
  if (there.trunk) return { code: 'only_trunk', params: { nic, wire } };
  if (there.deviates) {
    const vlans = { hostVlan: vlanText(there.hostVlan), wireVlan: vlanText(there.wireVlan) };
    return { code: 'vlan_differs', params: { nic, wire, ...vlans } };
  }
  if (there.ambiguous) return { code: 'wire_ambiguous', params: { nic, wire } };
  return there.binding === null ? { code: 'wire_unbindable', params: { nic, wire } } : null;
}

/** No wire anywhere in the account would do. */
function nowhere(nic: number, { networks, wire }: NicWish): PlacementReason {
  const bare = networks.find(({ wires }) => wires.length === 0);
  if (bare !== undefined) return { code: 'no_wire_in_account', params: { nic, network: bare.name } };
  const names = networks.map(({ name }) => name).concat(wire === null ? [] : [wire.name]);
  return { code: 'no_common_wire', params: { nic, networks: names.join(', ') } };
}

/** The host has none of the wires. */
function absent(nic: number, { networks }: NicWish, candidates: readonly Candidate[]): PlacementReason {
  const wires = candidates.map(({ name }) => name).join(', ');
  if (networks.length === 0) return { code: 'wire_absent', params: { nic, wire: wires } };
  const network = networks.map(({ name }) => name).join(', ');
  return { code: 'no_wire', params: { nic, network, wires } };
}

/** As administrators write it: `20`, `0` for none, `100/101` for a private one with its primary, ranges for a trunk. */
function vlanText({ kind, id, ranges, primaryId }: WireVlan): string {
  switch (kind) {
    case 'none':
      return '0';
    case 'id':
      return String(id ?? 0);
    case 'private':
      return primaryId === null ? String(id ?? 0) : `${primaryId}/${id ?? 0}`;
    case 'trunk':
      return ranges.map(({ start, end }) => (start === end ? String(start) : `${start}-${end}`)).join(',');
  }
}
