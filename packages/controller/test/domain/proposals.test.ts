import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPrefix, parseAddress, parsePrefix } from '../../src/domain/addresses.ts';
import {
  type Proposal,
  propose,
  type ProposalInput,
  type ProposalUse,
  type ProposalWire,
} from '../../src/domain/proposals.ts';
import { estate, makeWire } from './estates.ts';

const cidrOf = (proposal: Proposal): string => formatPrefix(proposal.prefix);

describe('from an estate of known networks with noise', () => {
  test('the networks come back: their prefixes, gateways and wires', () => {
    fc.assert(
      fc.property(estate, ({ networks, input }) => {
        const proposals = propose(input);
        expect(proposals.map(cidrOf).toSorted()).toEqual(networks.map((one) => one.cidr).toSorted());
        for (const network of networks) {
          const proposal = proposals.find((one) => cidrOf(one) === network.cidr);
          expect(proposal?.gateway ?? '').toBe(network.gateway);
          expect(proposal?.primaryWireId).toBe(network.wires[0]);
          const others = proposal?.links
            .filter((link) => link.origin === 'detected')
            .map((link) => link.wireId);
          const used = new Set(
            input.uses.filter((use) => proposal?.uses.includes(use)).map((use) => use.wireId),
          );
          expect(others?.toSorted()).toEqual(
            network.wires
              .slice(1)
              .filter((wire) => used.has(wire))
              .toSorted(),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  test('every address lies in one proposal, and in its range', () => {
    fc.assert(
      fc.property(estate, ({ input }) => {
        const proposals = propose(input);
        for (const use of input.uses) {
          const holding = proposals.filter(
            ({ range }) =>
              range.start.family === use.ip.family &&
              range.start.value <= use.ip.value &&
              use.ip.value <= range.end.value,
          );
          expect(holding).toHaveLength(1);
          expect(holding[0]?.uses).toContain(use);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('no two proposals of a space overlap, nor does one with a network that there is', () => {
    fc.assert(
      fc.property(estate, fc.nat(), ({ input, networks }, pick) => {
        const there = parsePrefix(networks[pick % networks.length]?.cidr ?? '');
        if (there === null) throw new Error('no prefix');
        const taken = {
          prefix: there.prefix,
          range: {
            start: { ...there.prefix.network, value: there.prefix.network.value + 4n },
            end: { ...there.prefix.network, value: there.prefix.network.value + 9n },
          },
        };
        const uses = input.uses.filter(
          (use) =>
            !(
              use.ip.family === taken.range.start.family &&
              use.ip.value >= taken.range.start.value &&
              use.ip.value <= taken.range.end.value
            ),
        );
        const ranges = [
          taken.range,
          ...propose({ ...input, uses, networks: new Map([['default', [taken]]]) }).map((one) => one.range),
        ].toSorted((a, b) => a.start.family - b.start.family || (a.start.value < b.start.value ? -1 : 1));
        for (const [index, range] of ranges.entries()) {
          const before = ranges[index - 1];
          if (before?.start.family === range.start.family)
            expect(before.end.value).toBeLessThan(range.start.value);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the order in which things were read makes no difference', () => {
    fc.assert(
      fc.property(estate, fc.nat(), ({ input }, turn) => {
        const at = turn % Math.max(1, input.uses.length);
        const uses = [...input.uses.slice(at), ...input.uses.slice(0, at)].toReversed();
        const told = (proposals: readonly Proposal[]): string[] =>
          proposals.map((one) => `${cidrOf(one)} ${one.gateway} ${one.primaryWireId} ${one.settles.length}`);
        expect(told(propose({ ...input, uses }))).toEqual(told(propose(input)));
      }),
      { numRuns: 100 },
    );
  });
});

let serial = 0;
function use(wireId: string, address: string, more: Partial<ProposalUse> = {}): ProposalUse {
  serial += 1;
  const [text = '', length] = address.split('/');
  const ip = parseAddress(text);
  if (ip === null) throw new Error(text);
  return {
    nicId: `n${serial}`,
    serverId: `s${serial}`,
    serverName: `server ${serial}`,
    wireId,
    ip,
    text,
    prefixLength: length === undefined ? null : Number(length),
    gateways: [],
    covered: false,
    dns: [],
    domain: null,
    firstSeenAt: serial,
    ...more,
  };
}

function world(uses: readonly ProposalUse[], wires: readonly ProposalWire[] = []): ProposalInput {
  const made = new Map([...new Set(uses.map((one) => one.wireId))].map((id) => [id, makeWire(id)]));
  for (const wire of wires) made.set(wire.id, wire);
  return { wires: made, uses, networks: new Map(), isShared: () => false };
}

const told = (input: ProposalInput): string[] =>
  propose(input).map((one) => `${one.spaceName} ${cidrOf(one)} ${one.primaryWireId} ${one.settles.length}`);
const codesOf = (proposal: Proposal | undefined): string[] =>
  (proposal?.objections ?? []).map((one) => one.code);
const row = (
  wireId: string,
  count: number,
  net: string,
  length = 24,
  more: Partial<ProposalUse> = {},
): ProposalUse[] =>
  Array.from({ length: count }, (_, index) => use(wireId, `${net}.${index + 10}/${length}`, more));

describe('a proposal', () => {
  test('has the gateway, the DNS servers and the domain that most guests name, and says who names others', () => {
    const right = { gateways: ['10.1.2.1'], dns: ['10.0.0.53', '10.0.0.54'], domain: 'corp.example' };
    const uses = [
      ...row('a', 4, '10.1.2', 24, right),
      use('a', '10.1.2.99/24', { gateways: ['10.1.2.254'], dns: ['8.8.8.8'], domain: 'lab.example' }),
    ];
    const [proposal] = propose(world(uses));
    expect(proposal).toMatchObject({
      gateway: '10.1.2.1',
      dns: ['10.0.0.53', '10.0.0.54'],
      domain: 'corp.example',
    });
    expect(proposal?.objections).toMatchObject([
      { code: 'other_gateway', params: { gateway: '10.1.2.254', expected: '10.1.2.1', count: 1 } },
    ]);
  });

  test('takes no gateway from outside the subnet, as a second card has it', () => {
    const [proposal] = propose(world(row('a', 3, '10.1.2', 24, { gateways: ['10.9.9.1'] })));
    expect(proposal?.gateway).toBeNull();
    expect(codesOf(proposal)).toEqual(['no_gateway']);
  });

  test.each(['fe80::1', 'febf::1'])('takes a link-local gateway in IPv6: %s', (gateway) => {
    const uses = [1, 2].map((nr) => use('a', `2001:db8:1::${nr}/64`, { gateways: [gateway] }));
    expect(propose(world(uses))[0]).toMatchObject({ gateway });
  });

  test('is made of single addresses by the usual length where nobody says a mask, and says so', () => {
    const [proposal] = propose(
      world([use('a', '10.1.2.3/32'), use('a', '10.1.2.4'), use('a', '10.1.2.5/32')]),
    );
    expect(proposal === undefined ? '' : cidrOf(proposal)).toBe('10.1.2.0/24');
    expect(codesOf(proposal)).toContain('no_mask');
  });

  test('two subnets on one port group are two', () => {
    expect(told(world([...row('a', 5, '10.1.2'), ...row('a', 3, '10.1.3')]))).toEqual([
      'default 10.1.2.0/24 a 5',
      'default 10.1.3.0/24 a 3',
    ]);
  });

  test('one subnet on many port groups is one, on the wire that most servers use it on', () => {
    const uses = [use('b', '10.1.2.200/24'), ...row('a', 5, '10.1.2'), use('c', '10.1.2.201/24')];
    const [proposal, ...others] = propose(world(uses));
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({ primaryWireId: 'a' });
    expect(proposal?.links.map((link) => `${link.wireId} ${link.origin}`)).toEqual([
      'b detected',
      'c detected',
    ]);
  });

  test('is not led astray by a mask too wide over many subnets, nor by one too narrow', () => {
    const uses = [
      ...row('a', 5, '10.1.2'),
      ...row('b', 5, '10.1.3'),
      use('a', '10.1.2.77/16'),
      use('b', '10.1.3.78/28'),
      use('c', '10.1.9.79/8'),
    ];
    expect(told(world(uses))).toEqual([
      'default 10.1.2.0/24 a 6',
      'default 10.1.3.0/24 b 6',
      'default 10.1.9.0/24 c 1',
    ]);
  });

  test('leaves a subnet alone that lies within a larger one and has a gateway of its own, and is cut around it', () => {
    const large = [1, 2, 3, 4, 5, 6].map((nr) => use('a', `10.1.${nr * 9}.5/16`, { gateways: ['10.1.0.1'] }));
    const small = row('b', 3, '10.1.5', 24, { gateways: ['10.1.5.1'] });
    const proposals = propose(world([...large, ...small]));
    expect(proposals.map(cidrOf)).toContain('10.1.5.0/24');
    const pieces = proposals.filter((one) => cidrOf(one) === '10.1.0.0/16');
    expect(pieces.flatMap((one) => one.settles)).toHaveLength(6);
    for (const piece of pieces) expect(codesOf(piece)).toContain('cut');
  });

  test('counts an address that two report once, and tells of it', () => {
    const uses = [...row('a', 3, '10.1.2'), use('a', '10.1.2.10/24')];
    const [proposal] = propose(world(uses));
    expect(proposal?.settles).toHaveLength(3);
    expect(proposal?.taken).toHaveLength(1);
    expect(codesOf(proposal)).toContain('twice');
  });

  test('of one server says so', () => {
    expect(codesOf(propose(world([use('a', '192.168.7.9/24')]))[0])).toContain('one_server');
  });
});

describe('sites that use one range', () => {
  const main = row('main', 5, '192.168.1', 24, { gateways: ['192.168.1.1'] });
  const branch = row('branch', 3, '192.168.1', 24, { gateways: ['192.168.1.254'] });

  test('are not merged: the smaller one is proposed in an address space of its own, named after what tells it apart', () => {
    const apart = (more: Partial<ProposalWire>): string[] =>
      told(world([...main, ...branch], [makeWire('branch', { reporting: 3, ...more })]));
    expect(apart({ accountId: 'other', accountName: 'vc-branch' })).toEqual([
      'default 192.168.1.0/24 main 5',
      'vc-branch 192.168.1.0/24 branch 3',
    ]);
    expect(apart({ datacenter: 'Branch' })[1]).toBe('Branch 192.168.1.0/24 branch 3');
    expect(apart({})[1]).toBe('branch 192.168.1.0/24 branch 3');
  });

  test('take whatever else is on their wires along', () => {
    const uses = [...main, ...branch, use('branch', '10.77.0.5/24')];
    expect(told(world(uses, [makeWire('branch', { reporting: 4, datacenter: 'Branch' })]))).toEqual([
      'default 192.168.1.0/24 main 5',
      'Branch 192.168.1.0/24 branch 3',
      'Branch 10.77.0.0/24 branch 1',
    ]);
  });

  test('may be three', () => {
    const third = row('third', 2, '192.168.1', 24, { gateways: ['192.168.1.253'] });
    const wires = [
      makeWire('branch', { reporting: 3, datacenter: 'Branch' }),
      makeWire('third', { reporting: 2, datacenter: 'Third' }),
    ];
    expect(told(world([...main, ...branch, ...third], wires))).toEqual([
      'default 192.168.1.0/24 main 5',
      'Branch 192.168.1.0/24 branch 3',
      'Third 192.168.1.0/24 third 2',
    ]);
  });

  test('are none where a single stray reports the range on a wire that serves others', () => {
    const stray = use('db', '192.168.1.50/24', { gateways: ['192.168.1.254'] });
    const proposals = propose(
      world([...main, ...row('db', 6, '10.2.0'), stray], [makeWire('db', { reporting: 7 })]),
    );
    expect(proposals.map((one) => one.spaceName)).toEqual(['default', 'default']);
    const web = proposals.find((one) => one.primaryWireId === 'main');
    expect(web?.links).toMatchObject([{ wireId: 'db', origin: 'suggested' }]);
    expect(web?.unsettled).toEqual([stray]);
  });

  test('a wire that contradicts a network there is already, and uses its range above all, is one', () => {
    const uses = row('bubble', 2, '192.168.1', 24, { covered: true });
    const contradictions = [{ code: 'no_uplink' as const, params: { wire: 'bubble' } }];
    const wire = makeWire('bubble', {
      reporting: 2,
      apartFrom: [{ primary: { accountId: 'account', datacenter: 'one' }, contradictions }],
    });
    const [proposal, ...others] = propose(world(uses, [wire]));
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({ spaceName: 'bubble', moves: ['bubble'] });
    expect(codesOf(proposal)).toContain('apart');
  });

  test('a wire that is some network’s stays where it is', () => {
    const wires = [makeWire('branch', { reporting: 3, bound: true })];
    expect(told(world([...main, ...branch], wires))).toEqual(['default 192.168.1.0/24 main 5']);
  });
});
