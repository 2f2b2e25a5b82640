import { isIPv6 } from 'node:net';
import type { Boot, NetplanFile, RendererName } from './guest.ts';

/** What an interface is given, however the files of a system say it. Everything is sorted. */
export interface Interface {
  readonly addresses: readonly string[];
  /** Of default routes. */
  readonly gateways: readonly string[];
  readonly dns: readonly string[];
  readonly search: readonly string[];
  /** Lines that make other routes, or make them by a program that may not be there: nothing should. */
  readonly strange: readonly string[];
}

type Found = { -readonly [K in keyof Interface]: string[] };
export type Interfaces = Readonly<Record<string, Interface>>;

/** The interfaces by MAC, as a system of the kind is told them. `names` are the kernel's, by MAC. */
export function interfacesOf(
  kind: RendererName,
  { rendered, netplan }: Boot,
  names: Readonly<Record<string, string>>,
): Interfaces {
  if (rendered === null || netplan === null) throw new Error('This boot left the network alone.');
  const files = rendered[kind];
  const macs = new Map(Object.entries(names).map(([mac, name]) => [name, mac]));
  switch (kind) {
    case 'netplan':
      return readNetplan(netplan);
    case 'networkd':
      return readEach(files, '.network', readNetworkd);
    case 'network-manager':
      return readEach(files, '.nmconnection', readKeyfile);
    case 'sysconfig':
      return readSysconfig(files);
    case 'eni':
      return readEni(Object.values(files).join('\n'), (name) => macs.get(name) ?? name);
  }
}

/** Without what is empty, and in order. */
export function sorted(of: Partial<Record<keyof Interface, readonly string[]>>): Interface {
  const list = (values: readonly string[] = []): string[] => [...new Set(values)].toSorted();
  return {
    addresses: list(of.addresses),
    gateways: list(of.gateways),
    dns: list(of.dns),
    search: list(of.search),
    strange: list(of.strange),
  };
}

function nothing(): Found {
  return { addresses: [], gateways: [], dns: [], search: [], strange: [] };
}

function addRoute(found: Found, to: string | undefined, via: string): void {
  const isDefault = to === undefined || to === (isIPv6(via) ? '::/0' : '0.0.0.0/0');
  if (isDefault) found.gateways.push(via);
  else found.strange.push(`${to} ${via}`);
}

function readNetplan({ ethernets }: NetplanFile): Interfaces {
  const entries = Object.values(ethernets).map((one) => {
    const found = nothing();
    for (const via of [one.gateway4, one.gateway6]) if (via !== undefined) addRoute(found, undefined, via);
    for (const { to, via } of one.routes ?? []) addRoute(found, to, via);
    const { addresses = [], search = [] } = one.nameservers ?? {};
    return [
      one.match.macaddress,
      sorted({ ...found, addresses: one.addresses ?? [], dns: addresses, search }),
    ] as const;
  });
  return Object.fromEntries(entries);
}

type Sections = readonly { readonly name: string; readonly values: readonly (readonly [string, string])[] }[];

function readEach(
  files: Readonly<Record<string, string>>,
  suffix: string,
  read: (sections: Sections) => readonly [string, Interface],
): Interfaces {
  const own = Object.entries(files).filter(([path]) => path.endsWith(suffix));
  return Object.fromEntries(own.map(([, text]) => read(sectionsOf(text))));
}

function sectionsOf(text: string): Sections {
  return text
    .split(/^(?=\[)/m)
    .filter((part) => part.startsWith('['))
    .map((part) => {
      const [head = '', ...lines] = part.split('\n');
      return { name: head.slice(1, -1), values: lines.flatMap(assignment) };
    });
}

function assignment(line: string): [string, string][] {
  const at = line.indexOf('=');
  return at < 0 || line.startsWith('#')
    ? []
    : [[line.slice(0, at), line.slice(at + 1).replaceAll(/^"|"$/g, '')]];
}

/** systemd.network(5) */
function readNetworkd(sections: Sections): readonly [string, Interface] {
  const found = nothing();
  let mac = '';
  for (const { name, values } of sections) {
    const one = Object.fromEntries(values);
    if (name === 'Match') mac = one['MACAddress'] ?? '';
    if (name === 'Address') found.addresses.push(one['Address'] ?? '');
    if (name === 'Route') addRoute(found, one['Destination'], one['Gateway'] ?? '');
    if (name === 'Network') {
      found.dns.push(...wordsOf(one['DNS']));
      found.search.push(...wordsOf(one['Domains']));
    }
  }
  return [mac, sorted(found)];
}

/** nm-settings-keyfile(5) */
function readKeyfile(sections: Sections): readonly [string, Interface] {
  const found = nothing();
  let mac = '';
  for (const { name, values } of sections) {
    for (const [key, value] of values) {
      if (key === 'mac-address') mac = value.toLowerCase();
      if (!/^ipv[46]$/.test(name)) continue;
      if (/^address\d+$/.test(key)) found.addresses.push(value);
      if (key === 'gateway') addRoute(found, undefined, value);
      if (/^route\d+$/.test(key)) {
        const [to, via = ''] = value.split(',');
        if (isIPv6(via) === (name === 'ipv6')) addRoute(found, to, via);
        else found.strange.push(`${name} ${value}`);
      }
      if (key === 'dns') found.dns.push(...value.split(';').filter((one) => one !== ''));
      if (key === 'dns-search') found.search.push(...value.split(';').filter((one) => one !== ''));
    }
  }
  return [mac, sorted(found)];
}

function readSysconfig(files: Readonly<Record<string, string>>): Interfaces {
  const entries = Object.entries(files).flatMap(([path, text]) => {
    if (!/\/ifcfg-[^/]+$/.test(path)) return [];
    const one = Object.fromEntries(text.split('\n').flatMap(assignment));
    const found = nothing();
    const device = one['DEVICE'] ?? '';
    for (const [key, value] of Object.entries(one)) {
      const [, index] = /^IPADDR(\d*)$/.exec(key) ?? [];
      if (index !== undefined) found.addresses.push(`${value}/${lengthOf(one[`NETMASK${index}`] ?? '')}`);
      if (key === 'IPV6ADDR' || key === 'IPV6ADDR_SECONDARIES') found.addresses.push(...wordsOf(value));
      if (key === 'GATEWAY' || key === 'IPV6_DEFAULTGW') addRoute(found, undefined, value);
      if (/^DNS\d+$/.test(key)) found.dns.push(value);
      if (key === 'DOMAIN') found.search.push(...wordsOf(value));
    }
    const routes = Object.entries(files).filter(
      ([other]) => /\/route6?-/.test(other) && other.endsWith(`-${device}`),
    );
    found.strange.push(...routes.map(([, said]) => said));
    return [[(one['HWADDR'] ?? '').toLowerCase(), sorted(found)] as const];
  });
  return Object.fromEntries(entries);
}

/** interfaces(5) of ifupdown. */
function readEni(text: string, macOf: (name: string) => string): Interfaces {
  const all = new Map<string, Found>();
  let found = nothing();
  for (const line of text.split('\n')) {
    const [key = '', ...rest] = line.trim().split(/\s+/);
    if (key === 'iface') {
      const name = rest[0] ?? '';
      found = all.get(name) ?? nothing();
      if (name !== 'lo') all.set(name, found);
    }
    if (key === 'address') found.addresses.push(rest[0] ?? '');
    if (key === 'gateway') addRoute(found, undefined, rest[0] ?? '');
    if (key === 'dns-nameservers') found.dns.push(...rest);
    if (key === 'dns-search') found.search.push(...rest);
    // By `route`, of net-tools, which need not be there.
    if (key === 'post-up') found.strange.push(rest.join(' '));
  }
  return Object.fromEntries([...all].map(([name, one]) => [macOf(name), sorted(one)]));
}

function wordsOf(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

function lengthOf(mask: string): number {
  const bits = mask.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'));
  return bits.join('').replaceAll('0', '').length;
}
