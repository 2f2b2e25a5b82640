import {
  compareAddresses,
  formatAddress,
  formatPrefix,
  type IpAddress,
  type Prefix,
  prefixHolds,
  prefixOf,
  rangeHolds,
  usableRange,
} from './addresses.ts';
import { indexByRange } from './range-index.ts';
import type { Asked, FixNetwork, FixNic, FixServer } from './fixing-facts.ts';

/** Why an address can't go to a NIC, as a key of the catalogue's `fields` with its parameters. Objects in commands are named by id. */
export interface Complaint {
  readonly code: string;
  readonly params: Record<string, string | number>;
}

type AskedIp = NonNullable<Asked['ip']>;

/** Networks by what is asked of them. */
export interface NetworkIndex {
  onWire: (wireId: string) => readonly FixNetwork[];
  /** The network of the space whose range holds the address, on whichever wire. */
  holding: (spaceId: string, ip: IpAddress) => FixNetwork | undefined;
}

export function indexNetworks(networks: readonly FixNetwork[]): NetworkIndex {
  const bySpace = new Map(
    [...Map.groupBy(networks, (network) => network.spaceId)].map(([id, own]) => [id, indexByRange(own)]),
  );
  const byWire = new Map<string, FixNetwork[]>();
  for (const network of networks) {
    for (const wireId of network.wireIds) {
      const list = byWire.get(wireId);
      if (list === undefined) byWire.set(wireId, [network]);
      else list.push(network);
    }
  }
  return {
    onWire: (wireId) => byWire.get(wireId) ?? [],
    holding: (spaceId, ip) => bySpace.get(spaceId)?.(ip),
  };
}

/** The network of the NIC's wire whose range holds the address. */
export function networkFor(index: NetworkIndex, nic: FixNic, ip: IpAddress): FixNetwork | undefined {
  return nic.wire === null
    ? undefined
    : index
        .onWire(nic.wire.id)
        .find((network) => network.spaceId === nic.spaceId && rangeHolds(network.range, ip));
}

/** The network's own address or its broadcast address can't be a machine's, though a range may hold it. */
export function refuseSpecial(network: FixNetwork, ip: IpAddress): Complaint | null {
  const part = specialPart(network.prefix, ip);
  if (part === null) return null;
  return {
    code: part === 'network' ? 'fix_network_address' : 'fix_broadcast',
    params: { network: network.name },
  };
}

function specialPart(prefix: Prefix, ip: IpAddress): 'network' | 'broadcast' | null {
  if (!prefixHolds(prefix, ip) || rangeHolds(usableRange(prefix), ip)) return null;
  return ip.value === prefix.network.value ? 'network' : 'broadcast';
}

/** Why no network of this NIC's wire holds the address. */
export function explainNic(index: NetworkIndex, nic: FixNic, ip: AskedIp): Complaint {
  const { wire } = nic;
  if (wire === null) return { code: 'fix_no_wire', params: {} };
  return (
    explainElsewhere(index, [nic], ip, (network) => ({
      code: 'fix_nic_other_wire',
      params: {
        network: network.name,
        networkQuoted: network.id,
        wire: network.primaryWire.name,
        ownWire: wire.name,
        wireQuoted: wire.id,
      },
    })) ?? refuseNoNetwork(wire.id, ip)
  );
}

/** Why no NIC of the server takes the address. `candidates`: its NICs, those that could have another address of the family first. */
export function explainServer(
  index: NetworkIndex,
  about: { server: FixServer; candidates: readonly FixNic[]; ip: AskedIp },
): Complaint {
  const { server, candidates, ip } = about;
  if (candidates.length === 0) return { code: 'fix_no_nics', params: { server: server.name } };
  const [first] = candidates.flatMap(({ wire }) => (wire === null ? [] : [wire]));
  if (first === undefined) return { code: 'fix_no_wire', params: {} };
  const fitting = candidates.map((nic) => networkFor(index, nic, ip.value)).find((one) => one !== undefined);
  if (fitting !== undefined)
    return (
      refuseSpecial(fitting, ip.value) ?? {
        code: 'fix_no_nic_left',
        params: { server: server.name, serverQuoted: server.id, network: fitting.name, ip: ip.text },
      }
    );
  return (
    explainElsewhere(index, candidates, ip, (network) => ({
      code: 'fix_other_wire',
      params: {
        network: network.name,
        networkQuoted: network.id,
        wire: network.primaryWire.name,
        server: server.name,
        wires: [...new Set(candidates.flatMap(({ wire }) => (wire === null ? [] : [`"${wire.name}"`])))].join(
          ', ',
        ),
        wireQuoted: first.id,
      },
    })) ?? refuseNoNetwork(first.id, ip)
  );
}

/** The network whose range holds the address says more than one whose prefix does. */
function explainElsewhere(
  index: NetworkIndex,
  nics: readonly FixNic[],
  ip: AskedIp,
  refuseOtherWire: (network: FixNetwork) => Complaint,
): Complaint | null {
  const onWires = nics.flatMap((nic) =>
    nic.wire === null
      ? []
      : index.onWire(nic.wire.id).filter((network) => prefixHolds(network.prefix, ip.value)),
  );
  const elsewhere = nics
    .flatMap((nic) => (nic.wire === null ? [] : [index.holding(nic.spaceId, ip.value)]))
    .find((network) => network !== undefined);
  if (elsewhere !== undefined) return refuseSpecial(elsewhere, ip.value) ?? refuseOtherWire(elsewhere);
  for (const network of onWires) {
    const special = refuseSpecial(network, ip.value);
    if (special !== null) return special;
  }
  const [around] = onWires;
  return around === undefined ? null : refuseOutside(around, ip);
}

function refuseOutside(network: FixNetwork, ip: AskedIp): Complaint {
  const below = compareAddresses(ip.value, network.range.start) < 0;
  return {
    code: 'fix_outside_range',
    params: {
      network: network.name,
      networkQuoted: network.id,
      start: formatAddress(network.range.start),
      end: formatAddress(network.range.end),
      widen: `${below ? '--start' : '--end'} ${ip.text}`,
    },
  };
}

function refuseNoNetwork(wireId: string, ip: AskedIp): Complaint {
  const usual = ip.value.family === 4 ? 24 : 64;
  return {
    code: 'fix_no_network',
    params: { wireQuoted: wireId, cidr: formatPrefix(prefixOf(ip.value, usual)) },
  };
}
