import fc from 'fast-check';
import {
  formatAddress,
  formatPrefix,
  type IpAddress,
  parsePrefix,
  type Prefix,
  usableRange,
} from '../../src/domain/addresses.ts';
import type { ProposalInput, ProposalUse, ProposalWire } from '../../src/domain/proposals.ts';

/** Estates made of known networks, and of the noise that real ones have: what a proposal must find again, and what must not mislead it. */

export interface Known {
  readonly cidr: string;
  readonly gateway: string;
  /** The first is the primary: most of its servers are there. */
  readonly wires: readonly string[];
}

export interface MadeEstate {
  readonly networks: readonly Known[];
  readonly input: ProposalInput;
}

/** How many servers each network has at least: noise stays a minority of them. */
const SERVERS_AT_LEAST = 10;

const plan = fc.record({
  networks: fc.array(
    fc.record({
      length: fc.integer({ min: 22, max: 26 }),
      wires: fc.integer({ min: 1, max: 3 }),
      /** On the wire of the network before it, too. */
      beside: fc.boolean(),
      servers: fc.integer({ min: SERVERS_AT_LEAST, max: 20 }),
      dark: fc.boolean(),
      six: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});

/** Noise of up to a fifth of the servers of each network, drawn by a small generator so that it shrinks with the plan. */
export const estate: fc.Arbitrary<MadeEstate> = plan.map(({ networks, seed }) => {
  let state = seed;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  const uses: ProposalUse[] = [];
  const known: Known[] = [];
  const wires = new Set<string>();
  let serial = 0;
  let next = 0;
  let lastWire = '';
  for (const one of networks) {
    const prefix = one.six ? sixPrefix(next) : fourPrefix(next, one.length);
    next += 1;
    const range = usableRange(prefix);
    const gateway = formatAddress(range.start);
    const own = Array.from({ length: one.wires }, (_, index) =>
      index === 0 && one.beside && lastWire !== '' ? lastWire : `wire-${wires.size + index}`,
    );
    for (const wire of own) wires.add(wire);
    lastWire = own[0] ?? '';
    for (let server = 0; server < one.servers; server += 1) {
      serial += 1;
      // Two thirds on the primary wire, and on each other one at least one.
      const place = server < own.length ? server : draw(3) < 2 ? 0 : draw(own.length);
      const value = range.start.value + 1n + BigInt(server * 2 + draw(2));
      const wire = own[server < one.servers / 2 ? 0 : place] ?? '';
      const drawn =
        server < one.servers * 0.8 ? 'none' : (['mask', 'host', 'silent', 'gateway'] as const)[draw(4)];
      // A wire on which as many guests have another gateway is one that contradicts.
      const noise = drawn === 'gateway' && wire !== own[0] ? 'none' : drawn;
      uses.push(
        makeUse({
          serial,
          wire,
          ip: { family: prefix.network.family, value },
          prefixLength:
            noise === 'mask'
              ? wrongMask(prefix, draw)
              : noise === 'host'
                ? hostLength(prefix)
                : noise === 'silent'
                  ? null
                  : prefix.length,
          gateways: one.dark
            ? []
            : [noise === 'gateway' ? formatAddress({ ...range.start, value: range.end.value }) : gateway],
        }),
      );
    }
    // Every wire of the network has a server that is right.
    for (const wire of own.slice(1)) {
      serial += 1;
      uses.push(
        makeUse({
          serial,
          wire,
          ip: { ...range.start, value: range.start.value + 45n + BigInt(serial % 10) },
          prefixLength: prefix.length,
          gateways: one.dark ? [] : [gateway],
        }),
      );
    }
    known.push({ cidr: formatPrefix(prefix), gateway: one.dark ? '' : gateway, wires: own });
  }
  const input: ProposalInput = {
    wires: new Map([...wires].map((id) => [id, makeWire(id)])),
    uses: withoutTwins(uses),
    networks: new Map(),
    isShared: () => false,
  };
  return { networks: known, input };
});

/** 10.k.0.0 and following: apart from one another, whatever their lengths. */
function fourPrefix(index: number, length: number): Prefix {
  return prefix(`10.${index}.${index * 4}.0/${length}`);
}

function sixPrefix(index: number): Prefix {
  return prefix(`2001:db8:${index.toString(16)}::/64`);
}

function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === null) throw new Error(text);
  return parsed.prefix;
}

/** Longer or shorter than the right one by a little or a lot, as people mistype it. */
function wrongMask({ network, length }: Prefix, draw: (below: number) => number): number {
  const wrong = network.family === 4 ? [8, 16, 20, 27, 28, 29] : [32, 48, 56, 72, 96];
  return wrong.filter((one) => one !== length)[draw(wrong.length - 1)] ?? length;
}

function hostLength({ network }: Prefix): number {
  return network.family === 4 ? 32 : 128;
}

function makeUse(about: {
  serial: number;
  wire: string;
  ip: IpAddress;
  prefixLength: number | null;
  gateways: string[];
}): ProposalUse {
  const { serial, wire, ...rest } = about;
  return {
    ...rest,
    nicId: `nic-${serial}`,
    serverId: `server-${serial}`,
    serverName: `server ${serial}`,
    wireId: wire,
    text: formatAddress(about.ip),
    covered: false,
    dns: [],
    domain: null,
    firstSeenAt: serial,
  };
}

/** Two servers with one address are another story. */
function withoutTwins(uses: readonly ProposalUse[]): ProposalUse[] {
  return [...new Map(uses.map((use) => [use.text, use])).values()];
}

export function makeWire(id: string, more: Partial<ProposalWire> = {}): ProposalWire {
  return {
    id,
    name: id,
    accountId: 'account',
    accountName: 'account',
    trunk: false,
    uplinked: true,
    vlan: 1,
    spaceName: 'default',
    datacenter: 'one',
    reporting: 1000,
    bound: false,
    apartFrom: [],
    ...more,
  };
}
