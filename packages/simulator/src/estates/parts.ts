import type {
  DistributedPortGroup,
  DistributedVlan,
  GuestAddress,
  GuestNic,
  GuestRoute,
  GuestStack,
  Host,
  NicNetwork,
  PhysicalNicNeighbour,
  StandardSwitch,
  VirtualMachine,
  VirtualNic,
  VmkernelNic,
} from '../estate.ts';

/** A uuid that is the same in every run: `kind` and `number` written into a fixed pattern. */
export function uuidOf(kind: string, number: number): string {
  const tail = number.toString(16).padStart(12, '0');
  const head = Array.from(kind).reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
  return `${head.toString(16).padStart(8, '0')}-5030-4c29-8a00-${tail}`;
}

/** A distributed switch's uuid as vSphere writes it, from 16 bytes. */
export function switchUuidOf(number: number): string {
  const last = number.toString(16).padStart(2, '0');
  return `50 0f 3c 7a 1b 22 9e 41-c4 6d 8f 10 5a 77 e0 ${last}`;
}

/** A MAC of VMware's vCenter range 00:50:56:80-bf from a number below 4,194,304. */
export function macOf(number: number): string {
  const bytes = [0x00, 0x50, 0x56, 0x80 + ((number >>> 16) & 0x3f), (number >>> 8) & 0xff, number & 0xff];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** `10.1.2.3/24` as an address. */
export function address(text: string, more: Omit<GuestAddress, 'ip' | 'prefixLength'> = {}): GuestAddress {
  const [ip = '', prefix] = text.split('/');
  if (prefix === undefined) throw new Error(`${text} needs a prefix length.`);
  return { ip, prefixLength: Number(prefix), ...more };
}

export interface HostOptions {
  name: string;
  number: number;
  managementIp: string;
  standardSwitches?: StandardSwitch[];
  vmkernelNics?: VmkernelNic[];
  neighbour?: (pnic: number) => PhysicalNicNeighbour | undefined;
  /** Megabits per second of each physical NIC, 0 for a dead link. Default: three of 25,000 and a dead one. */
  speeds?: number[];
  connectionState?: Host['connectionState'];
  inMaintenanceMode?: boolean;
  version?: string;
  build?: string;
}

/** A host with four physical NICs, or as many as have a speed, and vmk0 for management on the standard group `Management Network`. */
export function makeHost(options: HostOptions): Host {
  const macs = options.number * 16;
  return {
    name: options.name,
    managementIp: options.managementIp,
    hardwareUuid: uuidOf('host', options.number),
    version: options.version ?? '8.0.3',
    build: options.build ?? '24022510',
    connectionState: options.connectionState ?? 'connected',
    inMaintenanceMode: options.inMaintenanceMode ?? false,
    physicalNics: (options.speeds ?? [25_000, 25_000, 25_000, 0]).map((speed, index) => {
      // A dead link hears nobody.
      const neighbour = speed === 0 ? undefined : options.neighbour?.(index);
      return {
        device: `vmnic${index}`,
        mac: macOf(3_000_000 + macs + index),
        speed,
        ...(neighbour === undefined ? {} : { neighbour }),
      };
    }),
    vmkernelNics: [
      {
        device: 'vmk0',
        mac: macOf(3_000_000 + macs + 8),
        ip: options.managementIp,
        prefixLength: 24,
        network: { standard: 'Management Network' },
        services: ['management'],
      },
      ...(options.vmkernelNics ?? []),
    ],
    standardSwitches: options.standardSwitches ?? [managementSwitch()],
    cpuCores: 32,
    memory: 512,
  };
}

/** vSwitch0 with the vmkernel-only management group and whatever else is given. */
export function managementSwitch(
  portGroups: StandardSwitch['portGroups'] = [],
  uplinks: string[] = ['vmnic0'],
): StandardSwitch {
  return {
    name: 'vSwitch0',
    mtu: 1500,
    uplinks,
    portGroups: [{ name: 'Management Network', vlanId: 0, vmkernelOnly: true }, ...portGroups],
  };
}

export function group(
  name: string,
  vlan: number | DistributedVlan,
  more: Partial<DistributedPortGroup> = {},
): DistributedPortGroup {
  const spec: DistributedVlan =
    typeof vlan === 'number' ? (vlan === 0 ? { kind: 'none' } : { kind: 'id', id: vlan }) : vlan;
  return { name, vlan: spec, ...more };
}

/** A NIC as the estates write it down: where it is plugged in and what Tools reports on it. */
export interface NicSketch {
  network: NicNetwork;
  /** Addresses that Tools reports. */
  addresses?: (string | GuestAddress)[];
  mac?: string;
  model?: VirtualNic['model'];
  connected?: boolean;
  /** Overrides of the guest.net entry. */
  report?: Partial<GuestNic>;
  /** No guest.net entry at all. */
  silent?: boolean;
}

export interface MachineSketch extends Partial<Omit<VirtualMachine, 'nics' | 'guestNics' | 'guestStacks'>> {
  name: string;
  host: string;
  /** Makes uuids and MACs; unique within the estate. */
  number: number;
  nics?: NicSketch[];
  /** Default gateway that the guest reports. */
  gateway?: string;
  dnsServers?: string[];
  dnsDomain?: string;
  /** Entries of guest.net beyond the NICs' own. */
  extraGuestNics?: GuestNic[];
  windows?: boolean;
  /** VMs made before version 4 have no config.instanceUuid. */
  withoutInstanceUuid?: boolean;
}

/** Fills a sketch in: a powered-on Linux VM with Tools running, unless it says otherwise. */
export function makeMachine(sketch: MachineSketch): VirtualMachine {
  const {
    number,
    nics = [],
    gateway,
    dnsServers = [],
    dnsDomain = 'corp.example',
    extraGuestNics = [],
    windows = false,
    withoutInstanceUuid = false,
    ...given
  } = sketch;
  const tools = given.tools ?? 'running';
  const cards = nics.map((nic, index): VirtualNic => ({
    key: 4000 + index,
    label: `Network adapter ${index + 1}`,
    mac: nic.mac ?? macOf(number * 8 + index),
    model: nic.model ?? 'vmxnet3',
    network: nic.network,
    connected: nic.connected ?? true,
  }));
  const reported = nics.flatMap((nic, index): GuestNic[] => {
    const card = cards[index];
    if (nic.silent === true || card === undefined || tools === 'notInstalled') return [];
    const addresses = (nic.addresses ?? []).map((one) => (typeof one === 'string' ? address(one) : one));
    return [{ deviceConfigId: card.key, connected: card.connected, addresses, ...nic.report }];
  });
  const hostName =
    given.hostName ?? `${given.name.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}.${dnsDomain}`;
  const silent = tools === 'notInstalled';
  return {
    biosUuid: uuidOf('bios', number),
    ...(withoutInstanceUuid ? {} : { instanceUuid: uuidOf('instance', number) }),
    folder: '',
    powerState: 'poweredOn',
    connectionState: 'connected',
    guestId: windows ? 'windows2019srvNext_64Guest' : 'ubuntu64Guest',
    guestFullName: windows ? 'Microsoft Windows Server 2022 (64-bit)' : 'Ubuntu Linux (64-bit)',
    cpus: 2,
    memory: 4096,
    disk: 40,
    ...given,
    tools,
    ...(silent ? {} : { hostName }),
    nics: cards,
    guestNics: silent ? [] : [...reported, ...extraGuestNics],
    guestStacks: silent || reported.length === 0 ? [] : [makeStack(reported, hostName, gateway, dnsServers)],
  };
}

function makeStack(
  nics: readonly GuestNic[],
  hostName: string,
  gateway: string | undefined,
  servers: string[],
): GuestStack {
  const [short = hostName, ...domain] = hostName.split('.');
  const routes: GuestRoute[] = [];
  if (gateway !== undefined) {
    const any = gateway.includes(':') ? '::' : '0.0.0.0';
    routes.push({ network: any, prefixLength: 0, gateway, device: '0' });
  }
  for (const [index, nic] of nics.entries()) {
    for (const { ip, prefixLength } of nic.addresses) {
      if (ip.includes(':')) continue;
      routes.push({ network: networkOf(ip, prefixLength), prefixLength, device: String(index) });
    }
  }
  return {
    dns: {
      hostName: short,
      domainName: domain.join('.'),
      servers,
      searchDomains: domain.length === 0 ? [] : [domain.join('.')],
    },
    routes,
  };
}

/** The network address of an IPv4 address. */
function networkOf(ip: string, prefixLength: number): string {
  const value = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefixLength);
  const network = Math.floor(value / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.');
}
