import type { Contradiction, WireFacts } from './additional-wires.ts';
import { bitsOf, compareAddresses, formatPrefix, prefixOf, usableRange } from './addresses.ts';
import { countServers, gatewaysOf, type ReportedAddress, type Subnet } from './subnets.ts';

/** What speaks against a proposed network, or should be known before it is accepted. The codes are words of the catalogue (`objections`). */
export interface Objection {
  readonly code:
    | 'one_server'
    | 'wrong_mask'
    | 'no_mask'
    | 'narrowed'
    | 'other_gateway'
    | 'no_gateway'
    | 'cut'
    | 'twice'
    | 'trunk'
    | 'no_uplink'
    | 'apart';
  readonly params: Readonly<Record<string, string | number>>;
  /** Of `apart`: what keeps its wires from being those of the same range elsewhere. */
  readonly contradictions?: readonly Contradiction[];
}

export function objectionsTo(about: {
  subnet: Subnet;
  /** Those on the proposed wires. */
  own: readonly ReportedAddress[];
  gateway: string | null;
  wire: WireFacts | undefined;
  apart: readonly Contradiction[];
}): Objection[] {
  const { subnet, own, gateway, wire, apart } = about;
  const [first] = own.toSorted((a, b) => compareAddresses(a.ip, b.ip));
  if (first === undefined) return [];
  return [
    ...(apart.length > 0 ? [{ code: 'apart' as const, params: {}, contradictions: apart }] : []),
    ...(countServers(own) === 1
      ? [{ code: 'one_server' as const, params: { server: first.serverName } }]
      : []),
    ...masksOf(subnet, own),
    ...gatewayOf(subnet, own, gateway),
    ...shapeOf(subnet),
    ...duplicatesOf(own),
    ...(wire?.trunk === true ? [{ code: 'trunk' as const, params: { wire: wire.name } }] : []),
    ...(wire?.uplinked === false ? [{ code: 'no_uplink' as const, params: { wire: wire.name } }] : []),
  ];
}

function masksOf(subnet: Subnet, own: readonly ReportedAddress[]): Objection[] {
  const { prefix, mask } = subnet;
  const bits = bitsOf(prefix.network.family);
  const said = own.filter((use) => use.prefixLength !== null && use.prefixLength !== bits);
  const wrong = said.filter((use) => use.prefixLength !== prefix.length);
  const [first] = wrong.toSorted((a, b) => compareAddresses(a.ip, b.ip));
  if (mask === 'assumed' && first === undefined)
    return [{ code: 'no_mask', params: { prefix: formatPrefix(prefix) } }];
  if (first === undefined) return [];
  const params = {
    server: first.serverName,
    ip: first.text,
    said: formatPrefix(prefixOf(first.ip, first.prefixLength ?? bits)),
    prefix: formatPrefix(prefix),
    count: countServers(wrong),
  };
  return [{ code: mask === 'said' ? 'wrong_mask' : 'narrowed', params }];
}

function gatewayOf(subnet: Subnet, own: readonly ReportedAddress[], gateway: string | null): Objection[] {
  if (gateway === null) return [{ code: 'no_gateway', params: {} }];
  const agreeing = new Set(own.filter((use) => use.gateways.includes(gateway)).map((use) => use.serverId));
  return gatewaysOf(subnet.prefix, own)
    .filter((one) => one.text !== gateway)
    .flatMap((one): Objection[] => {
      const others = one.servers.filter((use) => !agreeing.has(use.serverId));
      const [first] = others.toSorted((a, b) => compareAddresses(a.ip, b.ip));
      if (first === undefined) return [];
      const params = {
        gateway: one.text,
        expected: gateway,
        server: first.serverName,
        count: countServers(others),
      };
      return [{ code: 'other_gateway', params }];
    });
}

function shapeOf({ prefix, range }: Subnet): Objection[] {
  const whole = usableRange(prefix);
  const isWhole = whole.start.value === range.start.value && whole.end.value === range.end.value;
  return isWhole ? [] : [{ code: 'cut', params: { prefix: formatPrefix(prefix) } }];
}

function duplicatesOf(own: readonly ReportedAddress[]): Objection[] {
  const byAddress = Map.groupBy(own, (use) => use.text);
  const twice = [...byAddress.values()].filter((uses) => new Set(uses.map((use) => use.nicId)).size > 1);
  const [first] = twice.toSorted(([a], [b]) =>
    a !== undefined && b !== undefined ? compareAddresses(a.ip, b.ip) : 0,
  );
  const [one, other] = first ?? [];
  if (one === undefined || other === undefined) return [];
  const params = { ip: one.text, server: one.serverName, other: other.serverName, count: twice.length };
  return [{ code: 'twice', params }];
}
