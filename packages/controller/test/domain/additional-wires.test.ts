import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AddressUse,
  type ContradictionCode,
  type DetectionInput,
  planWires,
  standingKey,
  type WireLink,
} from '../../src/domain/additional-wires.ts';
import { parseAddress, prefixHolds, usableRange } from '../../src/domain/addresses.ts';
import { primary, world } from './wire-worlds.ts';

/**
 * The slow model: every sentence of the rules by itself, with nothing but lists, once for each wire in turn.
 */
function modelOf(input: DetectionInput): Map<string, { origin: string; codes: string[]; servers: number }> {
  const memory = input.links.flatMap((link) => link.evidence.map((one) => ({ ...one, wireId: link.wireId })));
  const uses: {
    wireId: string;
    nicId: string;
    serverId: string;
    text: string;
    live: boolean;
    gateways: readonly string[];
  }[] = input.uses.map((one) => {
    const last = memory.findLast(
      (said) => said.nicId === one.nicId && said.ip === one.text && said.gateway !== undefined,
    );
    if (one.live || one.gateways.length > 0 || last?.gateway === undefined) return one;
    return { ...one, gateways: [last.gateway] };
  });
  for (const one of memory) {
    const known = uses.some((other) => other.nicId === one.nicId && other.text === one.ip);
    if (known || input.standing.get(`${one.nicId} ${one.ip} ${one.wireId}`) !== 'silent') continue;
    uses.push({
      ...one,
      text: one.ip,
      live: false,
      gateways: one.gateway === undefined ? [] : [one.gateway],
    });
  }
  const on = (id: string) => uses.filter((one) => one.wireId === id);
  const serversOf = (list: readonly { serverId: string }[]): number =>
    new Set(list.map((one) => one.serverId)).size;
  const linkOf = (id: string): WireLink | undefined => input.links.find((one) => one.wireId === id);
  const answer = new Map<string, { origin: string; codes: string[]; servers: number }>();
  const mine = new Set([primary]);
  const waiting: string[] = [];
  for (const id of input.wires.keys()) {
    if (id === primary) continue;
    const origin = linkOf(id)?.origin;
    if (origin === 'excluded') answer.set(id, { origin, codes: [], servers: 0 });
    else if (origin === 'declared' || (origin === 'detected' && on(id).length > 0)) {
      mine.add(id);
      answer.set(id, { origin, codes: [], servers: serversOf(on(id)) });
    } else if (on(id).length > 0) waiting.push(id);
  }
  const nameOf = (id: string): string => input.wires.get(id)?.name ?? '';
  waiting.sort((a, b) => serversOf(on(b)) - serversOf(on(a)) || (nameOf(a) < nameOf(b) ? -1 : 1));
  // Once to see who is taken, and once more, when that is known, for what speaks against the others.
  for (const id of [...waiting, ...waiting]) {
    if (answer.get(id)?.origin === 'detected') continue;
    const codes: ContradictionCode[] = [];
    const clash = on(id).some(
      (one) =>
        one.live &&
        !input.isShared(one.text) &&
        [...mine].some((other) =>
          on(other).some((there) => there.live && there.text === one.text && there.nicId !== one.nicId),
        ),
    );
    const remembered = (linkOf(id)?.contradictions ?? []).some(
      (said) =>
        said.code === 'same_address' &&
        (said.between ?? []).some(
          ({ ip, nicIds }) =>
            !input.isShared(ip) &&
            nicIds.every((nic, place) => input.standing.has(`${nic} ${ip} ${place === 0 ? id : ''}`)),
        ),
    );
    if (clash || remembered) codes.push('same_address');
    const inside = (one: { gateways: readonly string[] }): string[] =>
      one.gateways.filter((text) => {
        const address = parseAddress(text);
        return address !== null && prefixHolds(input.prefix, address);
      });
    if (input.gateway !== null) {
      const expected = input.gateway;
      const agreeing = on(id).filter((one) => inside(one).includes(expected));
      const others = on(id).filter((one) => inside(one).length > 0 && !inside(one).includes(expected));
      if (others.length > 0 && serversOf(others) >= serversOf(agreeing)) codes.push('other_gateway');
    }
    const [wire, first] = [input.wires.get(id), input.wires.get(primary)];
    if (wire?.trunk === true) codes.push('trunk');
    if (wire?.uplinked === false) codes.push('no_uplink');
    const vlans = [wire?.vlan ?? null, first?.vlan ?? null];
    if (wire?.accountId !== first?.accountId) codes.push('other_account');
    else if (
      wire?.datacenter != null &&
      first?.datacenter != null &&
      wire.datacenter !== first.datacenter &&
      !vlans.includes(null) &&
      vlans[0] !== vlans[1]
    )
      codes.push('other_datacenter');
    if (codes.length === 0) mine.add(id);
    answer.set(id, {
      origin: codes.length === 0 ? 'detected' : 'suggested',
      codes,
      servers: serversOf(on(id)),
    });
  }
  return answer;
}

function told(links: readonly WireLink[]): Map<string, { origin: string; codes: string[]; servers: number }> {
  return new Map(
    links
      .toSorted((a, b) => (a.wireId < b.wireId ? -1 : 1))
      .map((link) => [
        link.wireId,
        { origin: link.origin, codes: link.contradictions.map((one) => one.code), servers: link.servers },
      ]),
  );
}

describe('the wires of a network', () => {
  test('are those that a slow and obvious model finds', () => {
    fc.assert(
      fc.property(world, (input) => {
        const model = new Map([...modelOf(input)].toSorted(([a], [b]) => (a < b ? -1 : 1)));
        expect(told(planWires(input))).toEqual(model);
      }),
      { numRuns: 3000 },
    );
  });

  test('are the same, looked at again with what was found stored', () => {
    fc.assert(
      fc.property(world, (input) => {
        const once = planWires(input);
        expect(told(planWires({ ...input, links: once }))).toEqual(told(once));
      }),
      { numRuns: 2000 },
    );
  });

  test('stay while everybody falls silent where they are', () => {
    fc.assert(
      fc.property(world, (input) => {
        const before = planWires(input);
        const standing = new Map<string, 'uses' | 'silent'>();
        for (const link of before) {
          for (const { nicId, ip } of link.evidence)
            standing.set(standingKey({ nicId, ip, wireId: link.wireId }), 'silent');
          for (const { between = [] } of link.contradictions)
            for (const { ip, nicIds } of between)
              for (const [place, nicId] of nicIds.entries())
                standing.set(standingKey({ nicId, ip, wireId: place === 0 ? link.wireId : null }), 'silent');
        }
        const after = planWires({ ...input, links: before, uses: [], standing });
        expect(told(after)).toEqual(told(before));
      }),
      { numRuns: 2000 },
    );
  });

  test('list evidence that is really there: on the wire, in the order of addresses', () => {
    fc.assert(
      fc.property(world, (input) => {
        for (const link of planWires(input)) {
          if (link.origin === 'excluded') continue;
          const values = link.evidence.map(({ ip }) => parseAddress(ip)?.value ?? -1n);
          expect(values).toEqual(values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
          if (link.origin === 'detected') expect(values).not.toEqual([]);
          for (const { nicId, ip } of link.evidence) {
            const used = input.uses.some(
              (one) => one.nicId === nicId && one.text === ip && one.wireId === link.wireId,
            );
            expect(
              used || input.standing.get(standingKey({ nicId, ip, wireId: link.wireId })) === 'silent',
            ).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** A wire with a server or two, and everything about it that can speak against it. */
const against: Record<ContradictionCode, (input: DetectionInput) => DetectionInput> = {
  same_address: (input) => ({ ...input, uses: [...input.uses, useOf(primary, 'nic-9', '10.1.0.5')] }),
  other_gateway: (input) => ({
    ...input,
    uses: input.uses.map((one) => (one.wireId === 'b' ? { ...one, gateways: ['10.1.0.14'] } : one)),
  }),
  trunk: (input) => withWire(input, { trunk: true }),
  no_uplink: (input) => withWire(input, { uplinked: false }),
  other_account: (input) => withWire(input, { accountId: 'two', accountName: 'branch' }),
  other_datacenter: (input) => withWire(input, { datacenter: 'Branch' }),
};

function useOf(wireId: string, nicId: string, text: string, gateways: readonly string[] = []): AddressUse {
  const ip = parseAddress(text);
  if (ip === null) throw new Error(text);
  return {
    wireId,
    nicId,
    serverId: `of ${nicId}`,
    serverName: `of ${nicId}`,
    ip,
    text,
    live: true,
    gateways,
  };
}

function withWire(input: DetectionInput, more: Partial<Parameters<typeof wire>[1]>): DetectionInput {
  return {
    ...input,
    wires: new Map([...input.wires, ['b', { ...(input.wires.get('b') ?? wire('b')), ...more }]]),
  };
}

function wire(id: string, more: object = {}) {
  const facts = {
    accountId: 'one',
    accountName: 'main',
    datacenter: 'Main',
    trunk: false,
    uplinked: true,
    vlan: 10,
  };
  return { id, name: `wire ${id}`, ...facts, ...more };
}

function plainWorld(): DetectionInput {
  const network = parseAddress('10.1.0.0');
  if (network === null) throw new Error('no address');
  return {
    prefix: { network, length: 28 },
    range: usableRange({ network, length: 28 }),
    gateway: '10.1.0.1',
    primaryWireId: primary,
    wires: new Map([
      [primary, wire(primary, { vlan: 20 })],
      ['b', wire('b')],
    ]),
    links: [],
    uses: [useOf('b', 'nic-1', '10.1.0.5'), useOf('b', 'nic-2', '10.1.0.6')],
    standing: new Map(),
    serverNames: new Map(),
    isShared: () => false,
  };
}

const codes: ContradictionCode[] = [
  'same_address',
  'other_gateway',
  'trunk',
  'no_uplink',
  'other_account',
  'other_datacenter',
];
const pairs = codes
  .flatMap((one, index) => codes.slice(index + 1).map((other) => [one, other] as const))
  // Whoever is in another account is elsewhere already.
  .filter(([one, other]) => !(one === 'other_account' && other === 'other_datacenter'));

describe('a wire whose servers use the range', () => {
  test('is detected where nothing speaks against it, with its servers and what differs', () => {
    expect(planWires(plainWorld())).toMatchObject([
      {
        wireId: 'b',
        origin: 'detected',
        servers: 2,
        evidence: [
          { nicId: 'nic-1', ip: '10.1.0.5' },
          { nicId: 'nic-2', ip: '10.1.0.6' },
        ],
        note: { code: 'other_vlan', params: { vlan: 10, primaryVlan: 20 } },
      },
    ]);
  });

  test.each(codes)('is only suggested for: %s', (code) => {
    const [link] = planWires(against[code](plainWorld()));
    expect(link?.origin).toBe('suggested');
    expect(link?.contradictions.map((one) => one.code)).toEqual([code]);
  });

  test.each(pairs)('is only suggested for both: %s and %s', (one, other) => {
    const [link] = planWires(against[other](against[one](plainWorld())));
    expect(link?.origin).toBe('suggested');
    expect(link?.contradictions.map((said) => said.code)).toEqual(
      codes.filter((code) => code === one || code === other),
    );
  });

  test.each(codes)('stays declared, whatever speaks against it: %s', (code) => {
    const declared = {
      wireId: 'b',
      origin: 'declared',
      evidence: [],
      servers: 0,
      contradictions: [],
      note: null,
    } as const;
    const [link] = planWires({ ...against[code](plainWorld()), links: [declared] });
    expect(link).toMatchObject({ wireId: 'b', origin: 'declared', servers: 2 });
  });

  test('with one server of several behind another gateway is detected: that server is wrong, not the wire', () => {
    const input = plainWorld();
    const uses = [
      useOf('b', 'nic-1', '10.1.0.5', ['10.1.0.1']),
      useOf('b', 'nic-2', '10.1.0.6', ['10.1.0.1']),
      useOf('b', 'nic-3', '10.1.0.7', ['10.1.0.14']),
    ];
    expect(planWires({ ...input, uses })).toMatchObject([{ origin: 'detected', servers: 3 }]);
  });

  test('in another account, or in another datacenter on another VLAN, is detected where the range is a public one', () => {
    const network = parseAddress('198.51.100.0');
    if (network === null) throw new Error('no address');
    const range = usableRange({ network, length: 28 });
    const uses = [useOf('b', 'nic-1', '198.51.100.5')];
    for (const code of ['other_account', 'other_datacenter'] as const) {
      const input = {
        ...against[code](plainWorld()),
        prefix: { network, length: 28 },
        range,
        gateway: null,
        uses,
      };
      expect(planWires(input)).toMatchObject([{ origin: 'detected' }]);
    }
  });

  test('in another datacenter on the same VLAN is detected: the two are stretched', () => {
    const input = against.other_datacenter(plainWorld());
    const wires = new Map([...input.wires, [primary, wire(primary, { vlan: 10 })] as const]);
    expect(planWires({ ...input, wires })).toMatchObject([{ origin: 'detected' }]);
  });

  test('whose guests know another router of IPv6 by its link-local address is only suggested', () => {
    const network = parseAddress('2001:db8::');
    if (network === null) throw new Error('no address');
    const prefix = { network, length: 64 };
    const input = { ...plainWorld(), prefix, range: usableRange(prefix), gateway: 'fe80::1' };
    const uses = [useOf('b', 'nic-1', '2001:db8::5', ['fe80::2'])];
    expect(planWires({ ...input, uses })).toMatchObject([
      { origin: 'suggested', contradictions: [{ code: 'other_gateway', params: { gateway: 'fe80::2' } }] },
    ]);
    expect(planWires({ ...input, uses: [useOf('b', 'nic-1', '2001:db8::5', ['fe80::1'])] })).toMatchObject([
      { origin: 'detected' },
    ]);
  });

  test('of two that exclude each other, the one with more servers is taken', () => {
    const input = plainWorld();
    const uses = [...input.uses, useOf('c', 'nic-3', '10.1.0.5')];
    const wires = new Map([...input.wires, ['c', wire('c')] as const]);
    expect(planWires({ ...input, wires, uses })).toMatchObject([
      { wireId: 'b', origin: 'detected' },
      {
        wireId: 'c',
        origin: 'suggested',
        contradictions: [{ code: 'same_address', params: { otherWire: 'wire b' } }],
      },
    ]);
  });

  test('what is stored of addresses that a narrowed range has lost speaks neither for it nor against it', () => {
    const input = plainWorld();
    const network = parseAddress('10.1.0.8');
    if (network === null) throw new Error('no address');
    const range = usableRange({ network, length: 29 });
    const before: WireLink = {
      wireId: 'b',
      origin: 'suggested',
      evidence: [{ serverId: 'of nic-1', nicId: 'nic-1', ip: '10.1.0.5' }],
      servers: 1,
      contradictions: [
        { code: 'same_address', params: {}, between: [{ ip: '10.1.0.5', nicIds: ['nic-1', 'nic-9'] }] },
      ],
      note: null,
    };
    const standing = new Map<string, 'uses' | 'silent'>([
      [standingKey({ nicId: 'nic-1', ip: '10.1.0.5', wireId: 'b' }), 'silent'],
      [standingKey({ nicId: 'nic-9', ip: '10.1.0.5', wireId: null }), 'uses'],
    ]);
    const links = [before];
    expect(planWires({ ...input, range, links, standing, uses: [] })).toEqual([]);
    const uses = [useOf('b', 'nic-2', '10.1.0.10')];
    expect(planWires({ ...input, range, links, standing, uses })).toMatchObject([
      { origin: 'detected', servers: 1 },
    ]);
  });
});
