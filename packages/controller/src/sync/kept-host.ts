import type { FabricReading, HostReading, NeighbourReading } from './reading.ts';

/**
 * What the book keeps of a host as it was read. While the host doesn't answer this stands in for it: its switches, its port groups with
 * their VLANs and its vmkernel NICs are what they were.
 */
export interface KeptHost {
  readonly props: HostReading['props'];
  readonly neighbours: readonly (readonly [string, NeighbourReading])[];
}

export function keepHost(host: HostReading): KeptHost {
  const {
    'runtime.connectionState': _state,
    'runtime.inMaintenanceMode': _maintenance,
    ...props
  } = host.props;
  return { props, neighbours: [...(host.neighbours ?? [])] };
}

/** Ids of hosts that were there and didn't say all: they raised a fault, or came without configuration or without neighbours. */
export function findSilentHosts(reading: FabricReading, unread: ReadonlySet<string>): Set<string> {
  const silent = new Set(unread);
  for (const host of reading.hosts)
    if (host.props['config.network.portgroup'] === undefined || host.neighbours === undefined)
      silent.add(host.ref.value);
  return silent;
}

/** The reading with what silent hosts didn't say filled in from before. What a host says now wins. */
export function fillSilentHosts(
  reading: FabricReading,
  kept: ReadonlyMap<string, KeptHost & { readonly state: string; readonly maintenance: boolean }>,
): FabricReading {
  const read = new Set(reading.hosts.map((host) => host.ref.value));
  const hosts = reading.hosts.map((host): HostReading => {
    const before = kept.get(host.ref.value);
    if (before === undefined) return host;
    const configured = host.props['config.network.portgroup'] !== undefined;
    return {
      ...host,
      props: configured ? host.props : { ...before.props, ...host.props },
      neighbours: host.neighbours ?? new Map(before.neighbours),
    };
  });
  for (const [id, before] of kept) {
    if (read.has(id)) continue;
    hosts.push({
      ref: { type: 'HostSystem', value: id },
      props: {
        ...before.props,
        'runtime.connectionState': before.state,
        'runtime.inMaintenanceMode': before.maintenance,
      },
      missing: [],
      neighbours: new Map(before.neighbours),
    });
  }
  return { ...reading, hosts };
}
