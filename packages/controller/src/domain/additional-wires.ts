import { parseAddress, rangeHolds } from './addresses.ts';
import { countServers } from './subnets.ts';
import {
  type AddressUse,
  byAddress,
  type Contradiction,
  type ContradictionInput,
  contradictionsOf,
  EVIDENCE_KEPT,
  gatewayOf,
  standingKey,
  type WireFacts,
} from './wire-contradictions.ts';

export type { AddressUse, Contradiction, ContradictionCode, WireFacts } from './wire-contradictions.ts';
export { standingKey } from './wire-contradictions.ts';

/**
 * Which other wires use a network's addresses, and what speaks against taking them for the same network. Pure: from who uses which address
 * on which wire, and what is known from before, to the additional and the suggested wires with their evidence.
 */

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

export interface DetectionInput extends ContradictionInput {
  readonly links: readonly WireLink[];
  /** On every wire but the primary: all; on the primary: those of addresses that another wire uses too. */
  readonly uses: readonly AddressUse[];
  /** Names of the servers behind stored evidence. */
  readonly serverNames: ReadonlyMap<string, string>;
}

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
      if (known.has(key) || standing !== 'silent' || address === null || !rangeHolds(input.range, address))
        return [];
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

function describe(
  input: DetectionInput,
  wireId: string,
  origin: 'declared' | 'detected' | 'suggested',
  own: readonly AddressUse[],
  contradictions: readonly Contradiction[],
): WireLink {
  const sorted = own.toSorted(byAddress);
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
