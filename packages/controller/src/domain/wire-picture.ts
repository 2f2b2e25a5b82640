/** One wire, host by host, from port group to physical switch port: what the book has of it put together, and what disagrees. Pure. */

export interface PictureVlan {
  readonly kind: 'none' | 'id' | 'trunk' | 'private';
  readonly id: number | null;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  readonly primaryId: number | null;
}
export interface Neighbour {
  readonly protocol: 'cdp' | 'lldp';
  readonly switch: string;
  readonly port: string;
  readonly address: string | null;
  readonly vlan: number | null;
}
export interface Teaming {
  readonly active: readonly string[];
  readonly standby: readonly string[];
}
export interface UplinkPort {
  readonly name: string | null;
  readonly lag: string | null;
  readonly device: string | null;
}
export interface PhysicalNic {
  readonly device: string;
  readonly mac: string | null;
  readonly speedMbps: number | null;
  readonly neighbour: Neighbour | null;
}

/** A host that has the wire, or a server that uses it. */
export interface HostFacts {
  readonly id: string;
  readonly name: string;
  readonly managementIp: string | null;
  readonly state: string;
  readonly maintenance: boolean;
  readonly cluster: string | null;
  readonly switch: { readonly id: string; readonly name: string } | null;
  /** Null: the wire isn't there. */
  readonly vlan: PictureVlan | null;
  readonly teaming: Teaming | null;
  /** Null: not known. */
  readonly ports: readonly UplinkPort[] | null;
  readonly physicalNics: readonly PhysicalNic[];
  readonly servers: number;
}

export interface Uplink {
  readonly name: string;
  readonly role: 'active' | 'standby' | 'unused' | null;
  readonly device: string | null;
  readonly mac: string | null;
  readonly speedMbps: number | null;
  readonly up: boolean | null;
  readonly neighbour: Neighbour | null;
}

export type PictureProblem =
  | { readonly code: 'host_disconnected'; readonly state: string }
  | { readonly code: 'wire_missing'; readonly servers: number }
  | { readonly code: 'vlan_deviates'; readonly vlan: PictureVlan; readonly expected: PictureVlan }
  | { readonly code: 'no_uplink' }
  | { readonly code: 'uplink_down'; readonly devices: readonly string[]; readonly left: number }
  | { readonly code: 'single_uplink'; readonly device: string }
  | {
      readonly code: 'untagged_vlan_differs';
      readonly device: string;
      readonly neighbour: Neighbour;
      readonly vlan: number;
      readonly expected: number;
    }
  | {
      readonly code: 'vlan_is_untagged';
      readonly device: string;
      readonly neighbour: Neighbour;
      readonly vlan: number;
    };

export interface DrawnHost {
  readonly facts: HostFacts;
  readonly deviates: boolean;
  readonly uplinks: readonly Uplink[];
  readonly problems: readonly PictureProblem[];
}

/** `vlan`: that of the wire, which is that of most hosts. */
export function drawHosts(vlan: PictureVlan, hosts: readonly HostFacts[]): DrawnHost[] {
  const drawn = hosts.map((facts) => ({
    facts,
    deviates: facts.vlan !== null && !sameVlan(facts.vlan, vlan),
    uplinks: uplinksOf(facts),
  }));
  const untagged = mostCommon(
    drawn.flatMap(({ uplinks }) => uplinks.filter(carries).flatMap((uplink) => untaggedOf(uplink) ?? [])),
  );
  return drawn.map((host) => ({ ...host, problems: [...findProblems(host, { vlan, untagged })] }));
}

/** How many ports of each physical switch the wire's uplinks are plugged into, the most first. */
export function countSwitchPorts(hosts: readonly DrawnHost[]): { switch: string; ports: number }[] {
  const ports = new Map<string, Set<string>>();
  for (const { uplinks } of hosts)
    for (const { neighbour, ...uplink } of uplinks) {
      if (neighbour === null || !carries(uplink)) continue;
      const own = ports.get(neighbour.switch);
      if (own === undefined) ports.set(neighbour.switch, new Set([neighbour.port]));
      else own.add(neighbour.port);
    }
  return [...ports]
    .map(([name, own]) => ({ switch: name, ports: own.size }))
    .toSorted((a, b) => b.ports - a.ports || (a.switch < b.switch ? -1 : 1));
}

/** The uplinks that traffic leaves by: active ones, standby ones while no active one is up. A link of unknown state counts as up. */
export function leavingBy(uplinks: readonly Uplink[]): Uplink[] {
  const usable = uplinks.filter((uplink) => uplink.device !== null && uplink.up !== false);
  const active = usable.filter((uplink) => uplink.role === 'active');
  if (active.length > 0) return active;
  const standby = usable.filter((uplink) => uplink.role === 'standby');
  return standby.length > 0 ? standby : usable.filter((uplink) => uplink.role === null);
}

function uplinksOf(host: HostFacts): Uplink[] {
  const nics = new Map(host.physicalNics.map((nic) => [nic.device, nic]));
  const known = new Set((host.ports ?? []).flatMap((port) => [port.name, port.lag]));
  // A port group may name uplinks that the switch has no more.
  const named = [...new Set([...(host.teaming?.active ?? []), ...(host.teaming?.standby ?? [])])];
  const gone = named.filter((name) => !known.has(name));
  const ports = [
    ...(host.ports ?? []),
    ...(host.ports === null ? [] : gone.map((name) => ({ name, lag: null, device: null }))),
  ];
  return ports
    .map((port): Uplink => {
      const nic = port.device === null ? undefined : nics.get(port.device);
      const speed = nic?.speedMbps ?? 0;
      return {
        name: port.name ?? port.device ?? '',
        role: roleOf(port, host.teaming),
        device: port.device,
        mac: nic?.mac ?? null,
        speedMbps: speed > 0 ? speed : null,
        // Without a link there is no speed (PhysicalNic.linkSpeed). What a host said before it fell silent may no longer hold.
        up: nic === undefined || host.state !== 'connected' ? null : speed > 0,
        neighbour: nic?.neighbour ?? null,
      };
    })
    .toSorted(inOrder);
}

function roleOf(port: UplinkPort, teaming: Teaming | null): Uplink['role'] {
  if (teaming === null || port.name === null) return null;
  const names = [port.name, ...(port.lag === null ? [] : [port.lag])];
  if (names.some((name) => teaming.active.includes(name))) return 'active';
  return names.some((name) => teaming.standby.includes(name)) ? 'standby' : 'unused';
}

const ORDER = ['active', 'standby', null, 'unused'];
const byNumbers = new Intl.Collator('en', { numeric: true });

function inOrder(a: Uplink, b: Uplink): number {
  return ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || byNumbers.compare(a.name, b.name);
}

function carries(uplink: Pick<Uplink, 'device' | 'role'>): boolean {
  return uplink.device !== null && uplink.role !== 'unused';
}

function* findProblems(
  host: Omit<DrawnHost, 'problems'>,
  most: { readonly vlan: PictureVlan; readonly untagged: number | null },
): Generator<PictureProblem> {
  const { facts, deviates, uplinks } = host;
  if (facts.state !== 'connected') yield { code: 'host_disconnected', state: facts.state };
  if (facts.vlan === null) {
    yield { code: 'wire_missing', servers: facts.servers };
    return;
  }
  if (deviates) yield { code: 'vlan_deviates', vlan: facts.vlan, expected: most.vlan };
  // NSX networks have no switch of ours, and some hosts don't say what they have: nothing follows from that.
  if (facts.switch === null || facts.ports === null) return;
  const carrying = uplinks.filter(carries);
  const [only, another] = carrying;
  if (only === undefined) {
    yield { code: 'no_uplink' };
    return;
  }
  const down = carrying.flatMap(({ up, device }) => (up === false && device !== null ? [device] : []));
  if (down.length > 0) yield { code: 'uplink_down', devices: down, left: carrying.length - down.length };
  if (another === undefined) yield { code: 'single_uplink', device: only.device ?? only.name };
  for (const uplink of carrying) yield* judgeNeighbour(uplink, facts.vlan, most.untagged);
}

/**
 * CDP and LLDP tell the one VLAN that a port sends untagged, not those that it carries tagged. So it says something of a port group that
 * doesn't tag (its traffic ends in that VLAN, which should be the same everywhere), and of one that tags with just that VLAN (the physical
 * switch sends back untagged what the port group expects tagged).
 */
function* judgeNeighbour(
  uplink: Uplink,
  own: PictureVlan,
  expected: number | null,
): Generator<PictureProblem> {
  const { neighbour } = uplink;
  const vlan = untaggedOf(uplink);
  if (neighbour === null || vlan === null) return;
  const device = uplink.device ?? uplink.name;
  if (own.kind === 'none' && expected !== null && vlan !== expected)
    yield { code: 'untagged_vlan_differs', device, neighbour, vlan, expected };
  if (own.kind === 'id' && own.id === vlan) yield { code: 'vlan_is_untagged', device, neighbour, vlan };
}

/** 0 is what switches announce that don't want to say. */
function untaggedOf({ neighbour }: Uplink): number | null {
  return neighbour?.vlan === undefined || neighbour.vlan === null || neighbour.vlan < 1
    ? null
    : neighbour.vlan;
}

function mostCommon(values: readonly number[]): number | null {
  const counts = Map.groupBy(values, (value) => value);
  return [...counts].toSorted(([a, as], [b, bs]) => bs.length - as.length || a - b)[0]?.[0] ?? null;
}

function sameVlan(a: PictureVlan, b: PictureVlan): boolean {
  const text = ({ kind, id, ranges, primaryId }: PictureVlan): string =>
    JSON.stringify([kind, id, primaryId, ranges.map(({ start, end }) => [start, end])]);
  return text(a) === text(b);
}
