import fc from 'fast-check';
import {
  type Family,
  formatAddress,
  lastAddressOf,
  parseAddress,
  prefixOf,
} from '../../../src/domain/addresses.ts';
import type { GuestNic, GuestSetup, Told } from '../../../src/domain/guest-setup/guest-setup.ts';
import { type Interfaces, sorted } from './rendered-network.ts';

export const salt = 'saltsaltsaltsalt';
export const sshKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIHT+ZC9f5o1RS0/GpKWHt4/4OGMOOwrwKmzbHZMkH4X me@example';

/** What came of it; a refusal is an error here. */
export function toldBy<Value>(told: Told<Value, { readonly code: string }>): Value {
  if (told.kind === 'refused')
    throw new Error(`Refused: ${told.refusals.map(({ code }) => code).join(', ')}`);
  return told.value;
}

export function macOf(index: number): string {
  return `00:50:56:00:00:0${index + 1}`;
}

/** What a Linux calls vmxnet3 cards, in the order of their slots. */
const KERNEL_NAMES = ['ens192', 'ens224', 'ens256', 'ens161'];

export function namesOf({ nics }: GuestSetup): Record<string, string> {
  return Object.fromEntries(nics.map(({ mac }, index) => [mac, KERNEL_NAMES[index] ?? `eth${index}`]));
}

export function nicOf(index: number, of: Partial<GuestNic>): GuestNic {
  return {
    mac: macOf(index),
    addresses: [],
    gateway4: null,
    gateway6: null,
    dns: [],
    searchDomains: [],
    ntp: [],
    ...of,
  };
}

export function setupOf(of: Partial<GuestSetup>): GuestSetup {
  return {
    instanceId: '0199f6a1-0000-7000-8000-000000000001',
    hostName: 'web1',
    domain: 'example.com',
    nics: [nic4],
    sshKeys: [],
    password: null,
    userData: null,
    os: 'linux',
    guestId: null,
    ...of,
  };
}

export const nic4 = nicOf(0, {
  addresses: [{ ip: '10.20.0.5', prefixLength: 24 }],
  gateway4: '10.20.0.1',
  dns: ['10.20.0.2', '10.20.0.3'],
  searchDomains: ['example.com', 'corp.example.com'],
});
export const nic6 = nicOf(0, {
  addresses: [{ ip: '2001:db8:20::5', prefixLength: 64 }],
  gateway6: '2001:db8:20::1',
  dns: ['2001:db8:20::2'],
  searchDomains: ['example.com'],
});
export const nicBoth = nicOf(0, {
  addresses: [...nic4.addresses, ...nic6.addresses],
  gateway4: nic4.gateway4,
  gateway6: nic6.gateway6,
  dns: [...nic4.dns, ...nic6.dns],
  searchDomains: nic4.searchDomains,
});

/** What the guest shall come to, said without the code under test: the first NIC that can gives a family its default route. */
export function expectedOf({ nics }: GuestSetup): Interfaces {
  const open = new Set<Family>([4, 6]);
  const entries = nics.map((nic) => {
    const gateways: string[] = [];
    for (const family of [4, 6] as const) {
      const gateway = family === 4 ? nic.gateway4 : nic.gateway6;
      const has = nic.addresses.some(({ ip }) => ip.includes(':') === (family === 6));
      if (gateway !== null && has && open.delete(family)) gateways.push(gateway);
    }
    const addresses = nic.addresses.map(({ ip, prefixLength }) => `${ip}/${prefixLength}`);
    const isSet = addresses.length > 0;
    return [
      nic.mac,
      sorted({ addresses, gateways, dns: isSet ? nic.dns : [], search: isSet ? nic.searchDomains : [] }),
    ] as const;
  });
  return Object.fromEntries(entries);
}

function textOf(family: Family, value: bigint): string {
  return formatAddress({ family, value });
}

/** An address of a subnet of its own, and its first or last neighbour as gateway; at /31 and /127 that is the only other. */
function anySubnet(
  family: Family,
  number: number,
): fc.Arbitrary<{ ip: string; prefixLength: number; gateway: string }> {
  const base = parseAddress(family === 4 ? `10.${number}.0.0` : `2001:db8:${number}::`);
  if (base === null) throw new Error('no address');
  const [shortest, longest] = family === 4 ? [16, 31] : [48, 127];
  return fc
    .record({
      length: fc.integer({ min: shortest, max: longest }),
      at: fc.bigInt(0n, 1n << 64n),
      last: fc.boolean(),
    })
    .map(({ length, at, last }) => {
      const prefix = prefixOf(base, length);
      const end = lastAddressOf(prefix).value;
      const size = end - prefix.network.value + 1n;
      // Of an IPv4 subnet neither the first address nor the last is a machine's.
      const edge = family === 4 && size > 2n ? 1n : 0n;
      const room = size - 2n * edge;
      const own = prefix.network.value + edge + (at % room);
      const ends = last
        ? [end - edge, prefix.network.value + edge]
        : [prefix.network.value + edge, end - edge];
      const gateway = ends.find((value) => value !== own) ?? own;
      return { ip: textOf(family, own), prefixLength: length, gateway: textOf(family, gateway) };
    });
}

const anyDomains = fc.uniqueArray(fc.constantFrom('example.com', 'corp.example.com', 'a.test', 'b.test'), {
  maxLength: 3,
});

function anyNic(index: number): fc.Arbitrary<GuestNic> {
  const number = index * 10 + 1;
  return fc
    .record({
      v4: fc.option(anySubnet(4, number)),
      v6: fc.option(anySubnet(6, number)),
      routed4: fc.boolean(),
      routed6: fc.constantFrom<'no' | 'global' | 'link-local'>('no', 'global', 'link-local'),
      dns: fc.uniqueArray(fc.constantFrom('10.9.0.1', '10.9.0.2', '2001:db8:9::1'), { maxLength: 3 }),
      searchDomains: anyDomains,
    })
    .map(({ v4, v6, routed4, routed6, dns, searchDomains }) =>
      nicOf(index, {
        addresses: [v4, v6].flatMap((one) =>
          one === null ? [] : [{ ip: one.ip, prefixLength: one.prefixLength }],
        ),
        gateway4: routed4 && v4 !== null ? v4.gateway : null,
        gateway6: routed6 === 'no' || v6 === null ? null : routed6 === 'global' ? v6.gateway : 'fe80::1',
        // NetworkManager, as cloud-init 25.1 writes it, isn't told servers that the NIC has no address to ask from.
        dns: dns.filter((server) => (server.includes(':') ? v6 : v4) !== null),
        searchDomains,
      }),
    );
}

/** One to three NICs, each with IPv4, IPv6, both or none. */
export const anyNics: fc.Arbitrary<GuestNic[]> = fc
  .integer({ min: 1, max: 3 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => anyNic(index))));
