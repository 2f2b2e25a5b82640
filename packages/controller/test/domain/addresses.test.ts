import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Family, IpAddress, Prefix } from '../../src/domain/addresses.ts';
import {
  bitsOf,
  compareAddresses,
  equalAddresses,
  formatAddress,
  formatPrefix,
  isIpv4Mapped,
  isLinkLocal,
  isRoutableUnicast,
  lastAddressOf,
  parseAddress,
  parseMac,
  parsePrefix,
  prefixHolds,
  prefixOf,
  rangeHolds,
  rangesOverlap,
  sizeOf,
  unmapAddress,
  usableRange,
} from '../../src/domain/addresses.ts';

function ip(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return address;
}

function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === null) throw new Error(`${text} is no prefix`);
  return parsed.prefix;
}

const anyV4 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value): IpAddress => ({ family: 4, value }));
/** Groups that are often zero, so that runs of zeros of every length and place come up. */
const anyV6 = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 0xffff })), {
    minLength: 8,
    maxLength: 8,
  })
  .map((groups): IpAddress => ({
    family: 6,
    value: groups.reduce((value, group) => value * 65536n + BigInt(group), 0n),
  }));
const anyAddress = fc.oneof(anyV4, anyV6);

/** The bits of an address as text of zeros and ones: slow, and plain to see. */
function bits(address: IpAddress): string {
  return address.value.toString(2).padStart(bitsOf(address.family), '0');
}

function fromBits(family: Family, text: string): IpAddress {
  return { family, value: BigInt(`0b${text}`) };
}

const anyPrefix = fc
  .tuple(anyAddress, fc.nat())
  .map(([address, seed]) => prefixOf(address, seed % (bitsOf(address.family) + 1)));
/** Few values, so that ranges touch, nest and overlap. */
const smallRange = fc
  .tuple(fc.constantFrom<Family>(4, 6), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }))
  .map(([family, a, b]) => ({
    start: { family, value: BigInt(Math.min(a, b)) },
    end: { family, value: BigInt(Math.max(a, b)) },
  }));

describe('reading and writing addresses', () => {
  test('what is written reads as the same address', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
    );
  });

  test('IPv4 is written as four decimal numbers', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), (octets) => {
        const [a, b, c, d] = octets;
        const value = BigInt(a) * 2n ** 24n + BigInt(b) * 2n ** 16n + BigInt(c) * 2n ** 8n + BigInt(d);
        expect(formatAddress({ family: 4, value })).toBe(octets.join('.'));
        expect(parseAddress(octets.join('.'))).toEqual({ family: 4, value });
      }),
    );
  });

  test('IPv6 is written as the URL standard writes it, but for IPv4-mapped addresses', () => {
    fc.assert(
      fc.property(anyV6, (address) => {
        fc.pre(!isIpv4Mapped(address));
        const long = bits(address)
          .match(/.{16}/g)
          ?.map((group) => Number.parseInt(group, 2).toString(16))
          .join(':');
        expect(`[${formatAddress(address)}]`).toBe(new URL(`http://[${long}]`).hostname);
        expect(parseAddress(long ?? '')).toEqual(address);
      }),
    );
  });

  // RFC 5952 sections 1, 2 and 4: every spelling on the left is the address on the right.
  test.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:db8:0000:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:DB8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
    ['2001:db8:aaaa:bbbb:cccc:dddd:0:1', '2001:db8:aaaa:bbbb:cccc:dddd:0:1'],
    ['2001:db8:0:0:0::1', '2001:db8::1'],
    ['2001:db8::0:1', '2001:db8::1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['FE80::1', 'fe80::1'],
  ])('%s is written %s', (spelling, canonical) => {
    expect(formatAddress(ip(spelling))).toBe(canonical);
  });

  test.each([
    '',
    ' 10.0.0.1',
    '10.0.0.1 ',
    '10.0.0',
    '10.0.0.0.1',
    '10.0.0.256',
    '10.0.0.01',
    '010.0.0.1',
    '10.0.0.+1',
    '10..0.1',
    '0x0a.0.0.1',
    '10.0.0.1/24',
    '１０.0.0.1',
    ':',
    ':::',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    'fe80::1%eth0',
    '1.2.3.4::',
    '::1.2.3.256',
    '::ffff:01.2.3.4',
    '[::1]',
  ])('"%s" is no address', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test('exactly those texts are addresses that Node takes for addresses, zones aside', () => {
    const pieces = fc.constantFrom(
      '::',
      ':',
      '.',
      '0',
      '1',
      '00',
      '255',
      '256',
      'ff',
      'abcd',
      '12345',
      '1.2.3.4',
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 17 }).map((parts) => parts.join('')),
      anyAddress.map(formatAddress),
      // One character changed, left out or put in: nearly an address.
      fc
        .tuple(anyAddress.map(formatAddress), fc.nat(), fc.constantFrom('', ':', '.', '0', 'f', '9', '::'))
        .map(([address, seed, piece]) => {
          const at = seed % address.length;
          return address.slice(0, at) + piece + address.slice(at + (seed % 2));
        }),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        expect(parseAddress(candidate)?.family ?? 0).toBe(isIP(candidate));
      }),
      { numRuns: 3000 },
    );
  });

  test('the order of addresses is the order of their bits, IPv4 before IPv6', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (a, b) => {
        const [left, right] = [`${a.family}${bits(a)}`, `${b.family}${bits(b)}`];
        expect(Math.sign(compareAddresses(a, b))).toBe(left < right ? -1 : left > right ? 1 : 0);
        expect(equalAddresses(a, b)).toBe(left === right);
        expect(equalAddresses(a, { ...a })).toBe(true);
      }),
    );
  });

  test('an IPv4-mapped address unmaps to the IPv4 address, any other to itself', () => {
    fc.assert(
      fc.property(anyV4, anyAddress, (v4, other) => {
        expect(unmapAddress(ip(`::ffff:${formatAddress(v4)}`))).toEqual(v4);
        fc.pre(!isIpv4Mapped(other));
        expect(unmapAddress(other)).toEqual(other);
      }),
    );
  });
});

describe('prefixes', () => {
  test('a prefix is the first bits of an address, then zeros; its last address has ones there', () => {
    fc.assert(
      fc.property(anyAddress, fc.nat(), (address, seed) => {
        const all = bitsOf(address.family);
        const length = seed % (all + 1);
        const kept = bits(address).slice(0, length);
        const made = prefixOf(address, length);
        expect(made).toEqual({ network: fromBits(address.family, kept.padEnd(all, '0')), length });
        expect(lastAddressOf(made)).toEqual(fromBits(address.family, kept.padEnd(all, '1')));
        expect(prefixHolds(made, address)).toBe(true);
      }),
    );
  });

  test('a prefix holds the addresses that begin with its bits, and none of the other family', () => {
    const near = anyPrefix.chain((held) =>
      fc.tuple(
        fc.constant(held),
        fc.oneof(
          anyAddress,
          fc.nat({ max: 40 }).map((distance): IpAddress => {
            const { family, value } = held.network;
            const size = 2n ** BigInt(bitsOf(family));
            return { family, value: (value + BigInt(distance - 20) + size) % size };
          }),
        ),
      ),
    );
    fc.assert(
      fc.property(near, ([held, address]) => {
        const begins = bits(address).startsWith(bits(held.network).slice(0, held.length));
        expect(prefixHolds(held, address)).toBe(held.network.family === address.family && begins);
      }),
    );
  });

  test('a written prefix reads as the same prefix, and host bits are told', () => {
    fc.assert(
      fc.property(anyAddress, fc.nat(), (address, seed) => {
        const length = seed % (bitsOf(address.family) + 1);
        const expected = prefixOf(address, length);
        expect(parsePrefix(formatPrefix(expected))).toEqual({ prefix: expected, hostBitsSet: false });
        expect(parsePrefix(`${formatAddress(address)}/${length}`)).toEqual({
          prefix: expected,
          hostBitsSet: !equalAddresses(expected.network, address),
        });
      }),
    );
  });

  test.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    '/8',
    '::/ 8',
  ])('"%s" is no prefix', (text) => {
    expect(parsePrefix(text)).toBeNull();
  });

  test.each([
    ['10.1.2.0/24', '10.1.2.1', '10.1.2.254', 254n],
    ['10.1.2.4/30', '10.1.2.5', '10.1.2.6', 2n],
    ['10.1.2.4/31', '10.1.2.4', '10.1.2.5', 2n],
    ['10.1.2.4/32', '10.1.2.4', '10.1.2.4', 1n],
    ['0.0.0.0/0', '0.0.0.1', '255.255.255.254', 2n ** 32n - 2n],
    ['2001:db8::/64', '2001:db8::1', '2001:db8::ffff:ffff:ffff:ffff', 2n ** 64n - 1n],
    ['2001:db8::4/126', '2001:db8::5', '2001:db8::7', 3n],
    ['2001:db8::4/127', '2001:db8::4', '2001:db8::5', 2n],
    ['2001:db8::4/128', '2001:db8::4', '2001:db8::4', 1n],
  ])('of %s machines can have %s to %s', (cidr, first, last, size) => {
    const range = usableRange(prefix(cidr));
    expect([formatAddress(range.start), formatAddress(range.end)]).toEqual([first, last]);
    expect(sizeOf(range)).toBe(size);
  });

  test('the usable range lies in its prefix, and leaves out at most its first and last address', () => {
    fc.assert(
      fc.property(anyPrefix, (any) => {
        const { start, end } = usableRange(any);
        expect(prefixHolds(any, start) && prefixHolds(any, end)).toBe(true);
        const all = sizeOf({ start: any.network, end: lastAddressOf(any) });
        const left = all - sizeOf({ start, end });
        expect(left).toBe(all <= 2n ? 0n : any.network.family === 4 ? 2n : 1n);
      }),
    );
  });
});

describe('ranges', () => {
  const members = (range: { start: IpAddress; end: IpAddress }): string[] => {
    const list: string[] = [];
    for (let value = range.start.value; value <= range.end.value; value += 1n)
      list.push(`${range.start.family} ${value}`);
    return list;
  };

  test('a range holds its members, both ends included, and counts them', () => {
    fc.assert(
      fc.property(smallRange, fc.constantFrom<Family>(4, 6), fc.nat(22), (range, family, value) => {
        const address = { family, value: BigInt(value) };
        expect(rangeHolds(range, address)).toBe(members(range).includes(`${family} ${value}`));
        expect(sizeOf(range)).toBe(BigInt(members(range).length));
      }),
    );
  });

  test('two ranges overlap when they have a member in common', () => {
    fc.assert(
      fc.property(smallRange, smallRange, (a, b) => {
        const common = members(a).some((member) => members(b).includes(member));
        expect(rangesOverlap(a, b)).toBe(common);
        expect(rangesOverlap(b, a)).toBe(common);
      }),
    );
  });
});

describe('kinds of addresses', () => {
  test.each([
    '10.0.0.1',
    '100.64.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '8.8.8.8',
    '223.255.255.255',
    'fd00::1',
    '2001:db8::1',
    'fec0::1',
  ])('a NIC can be known by %s', (text) => {
    expect(isRoutableUnicast(ip(text))).toBe(true);
  });

  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'febf::1',
    'ff02::1',
  ])('a NIC can not be known by %s', (text) => {
    expect(isRoutableUnicast(ip(text))).toBe(false);
  });

  test('link-local are 169.254.0.0/16 and fe80::/10, to the last address', () => {
    const edges = ['169.254.0.0', '169.254.255.255', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'];
    expect(edges.map((text) => isLinkLocal(ip(text)))).toEqual([true, true, true, true]);
    const outside = ['169.253.255.255', '169.255.0.0', 'fe7f:ffff::', 'fec0::'];
    expect(outside.map((text) => isLinkLocal(ip(text)))).toEqual([false, false, false, false]);
  });
});

describe('MAC addresses', () => {
  test.each([
    '00:50:56:AA:0b:01',
    '00-50-56-aa-0b-01',
    '0050.56aa.0b01',
    '005056AA0B01',
    ' 00:50:56:aa:0b:01\n',
  ])('"%s" is 00:50:56:aa:0b:01', (text) => {
    expect(parseMac(text)).toBe('00:50:56:aa:0b:01');
  });

  test.each(['', '00:50:56:aa:0b', '00:50:56:aa:0b:01:02', '00:50:56:aa:0b:0g', '00 50 56 aa 0b 01'])(
    '"%s" is none',
    (text) => {
      expect(parseMac(text)).toBeNull();
    },
  );
});
