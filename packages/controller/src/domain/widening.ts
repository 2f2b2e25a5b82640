import {
  type AddressRange,
  compareAddresses,
  type IpAddress,
  rangeHolds,
  rangesOverlap,
} from './addresses.ts';

/** Taking addresses into the ranges of networks. Pure: from wishes and the ranges there are to wider ones, and what is in the way. */

export interface WideningNetwork extends AddressRange {
  readonly id: string;
  readonly spaceId: string;
}

/** An address that lies in the prefix of this network, outside its range. */
export interface WideningWish {
  readonly networkId: string;
  readonly ip: IpAddress;
}

export interface WideningPlan<Wish extends WideningWish> {
  /** The new ranges of those that grow. */
  readonly widened: readonly WideningNetwork[];
  /** What can't be taken in, and the id of the network that lies before it. */
  readonly refused: readonly { readonly wish: Wish; readonly inTheWay: string }[];
}

/**
 * Widens each network's range just far enough for the addresses wished, nearest first, and never over another network's range. An address that
 * lies in some range by then needs no more. `networks` holds every range of the space that may be in the way.
 */
export function planWidening<Wish extends WideningWish>(
  networks: readonly WideningNetwork[],
  wishes: readonly Wish[],
): WideningPlan<Wish> {
  const ranges = new Map(networks.map((network) => [network.id, network]));
  const widened = new Set<string>();
  const refused: { wish: Wish; inTheWay: string }[] = [];
  for (const wish of nearestFirst(ranges, wishes)) {
    const own = ranges.get(wish.networkId);
    if (own === undefined) continue;
    const others = [...ranges.values()].filter((other) => other.spaceId === own.spaceId);
    if (others.some((other) => rangeHolds(other, wish.ip))) continue;
    const grown = grow(own, wish.ip);
    const inTheWay = others.find((other) => other.id !== own.id && rangesOverlap(other, grown));
    if (inTheWay === undefined) {
      ranges.set(own.id, grown);
      widened.add(own.id);
    } else refused.push({ wish, inTheWay: inTheWay.id });
  }
  return { widened: [...ranges.values()].filter(({ id }) => widened.has(id)), refused };
}

/** Of two networks with a gap between them each takes what is nearer to it, in whatever order they were asked for. */
function nearestFirst<Wish extends WideningWish>(
  ranges: ReadonlyMap<string, WideningNetwork>,
  wishes: readonly Wish[],
): Wish[] {
  const distance = ({ networkId, ip }: Wish): bigint => {
    const own = ranges.get(networkId);
    if (own === undefined) return 0n;
    return compareAddresses(ip, own.start) < 0 ? own.start.value - ip.value : ip.value - own.end.value;
  };
  return wishes
    .map((wish) => ({ wish, far: distance(wish) }))
    .toSorted((a, b) =>
      a.far === b.far ? (a.wish.networkId < b.wish.networkId ? -1 : 1) : a.far < b.far ? -1 : 1,
    )
    .map(({ wish }) => wish);
}

function grow(network: WideningNetwork, ip: IpAddress): WideningNetwork {
  return {
    ...network,
    start: compareAddresses(ip, network.start) < 0 ? ip : network.start,
    end: compareAddresses(ip, network.end) > 0 ? ip : network.end,
  };
}
