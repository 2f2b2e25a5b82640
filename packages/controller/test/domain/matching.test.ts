import { describe, expect, test } from 'vitest';
import type { MatchClaim, MatchInput, MatchPlan, ReasonCode } from '../../src/domain/matching.ts';
import { addressKey, planMatching } from '../../src/domain/matching.ts';
import { singleReading } from '../../src/domain/matching-facts.ts';
import { applyPlan, claim, ip, network, nic, seen, server, world } from './worlds.ts';

const web = network('web', '10.1.0.10-10.1.0.99/24', ['front']);

/** `nic ip` of the records that the plan makes. */
function made(plan: MatchPlan): string[] {
  return plan.create.map((record) => `${record.nic.id} ${record.ip}`);
}

function endings(plan: MatchPlan): string[] {
  return plan.end.map(({ claim, reason }) => `${claim.id} ${reason}`);
}

function codes(plan: MatchPlan, nicId: string): ReasonCode[] | undefined {
  return plan.reasons.get(nicId)?.map((reason) => reason.code);
}

describe('matching an address to a network', () => {
  test('an address becomes a record of the network on the wire of its NIC', () => {
    const card = nic('a', server('web-01'), 'front', ['10.1.0.20']);
    const plan = planMatching(world({ nics: [card], networks: [web] }));
    expect(plan.create).toEqual([
      { nic: card, network: web, ip: '10.1.0.20', firstSeenAt: 1, shared: false },
    ]);
    expect(plan.reasons.get('a')).toEqual([]);
    expect(plan.unmatched.get('web-01')).toEqual([]);
  });

  test('another wire of the same server gives no record: only the wire of the NIC itself counts', () => {
    const one = server('web-01');
    const plan = planMatching(
      world({
        nics: [nic('a', one, 'back', ['10.1.0.20']), nic('b', one, 'front', ['10.9.0.1'], { position: 1 })],
        networks: [web],
      }),
    );
    expect(made(plan)).toEqual([]);
    expect(codes(plan, 'a')).toEqual(['other_wire']);
  });

  test('an additional wire of the network is as good as its primary wire', () => {
    const both = network('web', '10.1.0.10-10.1.0.99/24', ['front', 'back']);
    const plan = planMatching(
      world({ nics: [nic('a', server('web-01'), 'back', ['10.1.0.20'])], networks: [both] }),
    );
    expect(made(plan)).toEqual(['a 10.1.0.20']);
  });

  test('one NIC may have several addresses, of both families', () => {
    const six = network('web6', 'fd00::10-fd00::99/64', ['front']);
    const plan = planMatching(
      world({
        nics: [nic('a', server('web-01'), 'front', ['10.1.0.20', '10.1.0.21', 'fd00::20'])],
        networks: [web, six],
      }),
    );
    expect(made(plan)).toEqual(['a 10.1.0.20', 'a 10.1.0.21', 'a fd00::20']);
  });

  test('the same address in two address spaces makes two records', () => {
    const site = network('web-site', '10.1.0.10-10.1.0.99/24', ['site'], { spaceId: 'branch' });
    const plan = planMatching(
      world({
        nics: [
          nic('a', server('web-01'), 'front', ['10.1.0.20']),
          nic('b', server('web-02'), 'site', ['10.1.0.20'], { spaceId: 'branch' }),
        ],
        networks: [web, site],
      }),
    );
    expect(made(plan)).toEqual(['a 10.1.0.20', 'b 10.1.0.20']);
    expect(plan.conflicts).toEqual([]);
  });

  test('a NIC that is missing gets nothing, and needs no reason', () => {
    const gone = nic('a', server('web-01'), 'front', ['10.1.0.20'], { missing: true });
    const plan = planMatching(world({ nics: [gone], networks: [web] }));
    expect(made(plan)).toEqual([]);
    expect(plan.reasons.get('a')).toEqual([]);
  });
});

describe('two claimants of one address', () => {
  const first = nic('a', server('web-01', { morefNumber: 7 }), 'front', [seen('10.1.0.20', 5)]);
  const later = nic('b', server('web-02', { morefNumber: 3 }), 'front', [seen('10.1.0.20', 9)]);

  test('who was seen first has it; the other is a conflict and is told who has it', () => {
    const plan = planMatching(world({ nics: [later, first], networks: [web] }));
    expect(made(plan)).toEqual(['a 10.1.0.20']);
    expect(plan.conflicts).toEqual([{ spaceId: 'default', ip: '10.1.0.20', nicId: 'b', holderNicId: 'a' }]);
    expect(plan.reasons.get('b')).toEqual([
      { code: 'taken', ip: '10.1.0.20', networkId: 'web', wireId: null, serverId: 'web-01' },
    ]);
    expect(plan.unmatched.get('web-02')).toEqual(['10.1.0.20']);
  });

  test('who has the record keeps it, even from one that was seen earlier', () => {
    const plan = planMatching(
      world({ nics: [first, later], networks: [web], claims: [claim('held', '10.1.0.20', later)] }),
    );
    expect(made(plan)).toEqual([]);
    expect(endings(plan)).toEqual([]);
    expect(plan.conflicts).toEqual([{ spaceId: 'default', ip: '10.1.0.20', nicId: 'a', holderNicId: 'b' }]);
  });

  test('in one read a connected card comes before a disconnected one', () => {
    const off = nic('a', server('web-01', { morefNumber: 1 }), 'front', ['10.1.0.20'], { connected: false });
    const on = nic('b', server('web-02', { morefNumber: 2 }), 'front', ['10.1.0.20']);
    expect(made(planMatching(world({ nics: [off, on], networks: [web] })))).toEqual(['b 10.1.0.20']);
  });

  test('of connected cards the lowest managed object id comes first, as a number', () => {
    const ten = nic('a', server('web-01', { morefNumber: 1000 }), 'front', ['10.1.0.20']);
    const nine = nic('b', server('web-02', { morefNumber: 999 }), 'front', ['10.1.0.20']);
    expect(made(planMatching(world({ nics: [ten, nine], networks: [web] })))).toEqual(['b 10.1.0.20']);
  });

  test('of the cards of one server the first comes first', () => {
    const one = server('web-01');
    const cards = [
      nic('b', one, 'front', ['10.1.0.20'], { position: 1 }),
      nic('a', one, 'front', ['10.1.0.20'], { position: 0 }),
    ];
    expect(made(planMatching(world({ nics: cards, networks: [web] })))).toEqual(['a 10.1.0.20']);
  });

  test('a powered-off server claims nothing by what it last reported', () => {
    const off = nic('a', server('web-01', { poweredOn: false }), 'front', [seen('10.1.0.20', 1)]);
    const plan = planMatching(world({ nics: [off, later], networks: [web] }));
    expect(made(plan)).toEqual(['b 10.1.0.20']);
    expect(plan.conflicts).toEqual([]);
  });

  test("a product's placeholder and a template claim nothing", () => {
    const cards = [
      nic('a', server('stand-in', { placeholder: true }), 'front', ['10.1.0.20']),
      nic('b', server('golden', { template: true }), 'front', ['10.1.0.20']),
    ];
    const plan = planMatching(world({ nics: cards, networks: [web] }));
    expect(made(plan)).toEqual([]);
    expect(plan.conflicts).toEqual([]);
  });

  test('a record from Tools yields to a NIC that reports the address, once its holder no longer does', () => {
    const silent = nic('a', server('web-01', { tools: 'not_running' }), 'front');
    const plan = planMatching(
      world({ nics: [silent, later], networks: [web], claims: [claim('held', '10.1.0.20', silent)] }),
    );
    expect(endings(plan)).toEqual(['held yielded']);
    expect(made(plan)).toEqual(['b 10.1.0.20']);
    expect(plan.conflicts).toEqual([]);
  });

  test.each(['manual', 'allocated'] as const)(
    'an address that was %s does not yield to a report',
    (source) => {
      const silent = nic('a', server('web-01', { tools: 'not_running' }), 'front');
      const plan = planMatching(
        world({
          nics: [silent, later],
          networks: [web],
          claims: [claim('held', '10.1.0.20', silent, { source })],
        }),
      );
      expect(endings(plan)).toEqual([]);
      expect(made(plan)).toEqual([]);
      expect(plan.conflicts).toEqual([{ spaceId: 'default', ip: '10.1.0.20', nicId: 'b', holderNicId: 'a' }]);
    },
  );

  test('an address that is declared shared is recorded for every claimant', () => {
    const plan = planMatching(
      world({
        nics: [first, later],
        networks: [web],
        claims: [claim('held', '10.1.0.20', later)],
        shared: new Set([addressKey('default', '10.1.0.20')]),
      }),
    );
    expect(made(plan)).toEqual(['a 10.1.0.20']);
    expect(plan.create[0]?.shared).toBe(true);
    expect(plan.conflicts).toEqual([]);
    expect(endings(plan)).toEqual([]);
  });

  test('a claim without a NIC becomes the record of the NIC that reports the address', () => {
    const hold = claim('hold', '10.1.0.20', null, { source: 'allocated' });
    const plan = planMatching(world({ nics: [first, later], networks: [web], claims: [hold] }));
    expect(plan.adopt).toEqual([{ claim: hold, nic: first }]);
    expect(made(plan)).toEqual([]);
    expect(plan.reasons.get('a')).toEqual([]);
    expect(codes(plan, 'b')).toEqual(['taken']);
  });

  test('a claim for one MAC is not taken over by a NIC that has another', () => {
    const printer = claim('printer', '10.1.0.20', null, { source: 'manual', mac: '00:1b:a9:00:00:01' });
    const stranger = { ...first, mac: '00:50:56:00:00:07' };
    const plan = planMatching(world({ nics: [stranger], networks: [web], claims: [printer] }));
    expect(plan.adopt).toEqual([]);
    expect(plan.conflicts).toEqual([{ spaceId: 'default', ip: '10.1.0.20', nicId: 'a', holderNicId: null }]);
    const itself = { ...later, mac: '00:1b:a9:00:00:01' };
    const found = planMatching(world({ nics: [stranger, itself], networks: [web], claims: [printer] }));
    expect(found.adopt).toEqual([{ claim: printer, nic: itself }]);
    expect(found.conflicts).toMatchObject([{ nicId: 'a', holderNicId: 'b' }]);
  });

  test('a hold whose time is over ends before it is looked at', () => {
    const hold = claim('hold', '10.1.0.20', null, { source: 'allocated', expired: true });
    const plan = planMatching(world({ nics: [first], networks: [web], claims: [hold] }));
    expect(endings(plan)).toEqual(['hold expired']);
    expect(made(plan)).toEqual(['a 10.1.0.20']);
    expect(plan.adopt).toEqual([]);
  });
});

describe('the end of a record', () => {
  const card = nic('a', server('web-01'), 'front', ['10.1.0.30']);
  const held = claim('held', '10.1.0.20', card);

  function next(input: MatchInput, set: Partial<MatchInput>): MatchInput {
    return { ...applyPlan(input, planMatching(input)), ...set };
  }
  function isLive(input: MatchInput, id: string): boolean {
    return input.claims.some((claim: MatchClaim) => claim.id === id);
  }

  test('it ends when two complete runs say that the NIC has other addresses', () => {
    const one = world({ nics: [card], networks: [web], claims: [held], runId: 'run-1' });
    const two = next(one, { runId: 'run-2' });
    expect(isLive(two, 'held')).toBe(true);
    expect(endings(planMatching(two))).toEqual(['held not_reported']);
  });

  test('the same run looked at twice counts once', () => {
    const one = world({ nics: [card], networks: [web], claims: [held], runId: 'run-1' });
    const again = next(one, {});
    expect(endings(planMatching(again))).toEqual([]);
    expect(planMatching(again).absent).toEqual([]);
  });

  test('matching for another cause than a complete run proves no absence', () => {
    const since = { ...held, absentSinceRun: 'run-1' };
    const plan = planMatching(world({ nics: [card], networks: [web], claims: [since], runId: null }));
    expect(endings(plan)).toEqual([]);
    expect(plan.absent).toEqual([]);
  });

  test('readings of single servers, however many, make the next complete runs look and end nothing', () => {
    const one = world({ nics: [card], networks: [web], claims: [held], runId: singleReading });
    expect(planMatching(one).absent).toMatchObject([{ sinceRun: singleReading }]);
    const two = next(one, {});
    expect(endings(planMatching(two))).toEqual([]);
    expect(planMatching(two).absent).toEqual([]);
    const three = next(two, { runId: 'run-1' });
    expect(endings(planMatching(three))).toEqual([]);
    const four = next(three, { runId: singleReading });
    expect(endings(planMatching(four))).toEqual([]);
    expect(planMatching(four).absent).toEqual([]);
    expect(endings(planMatching(next(four, { runId: 'run-2' })))).toEqual(['held not_reported']);
  });

  test('an address that is reported again begins anew', () => {
    const one = world({ nics: [card], networks: [web], claims: [held], runId: 'run-1' });
    const back = nic('a', server('web-01'), 'front', ['10.1.0.20', '10.1.0.30']);
    const two = next(one, { nics: [back], runId: 'run-2' });
    const three = next(two, { nics: [card], runId: 'run-3' });
    expect(endings(planMatching(two))).toEqual([]);
    expect(endings(planMatching(three))).toEqual([]);
    expect(endings(planMatching(next(three, { runId: 'run-4' })))).toEqual(['held not_reported']);
  });

  test('in a DHCP range one such report is enough', () => {
    const leases = { ...web, dhcpRanges: [{ start: ip('10.1.0.20'), end: ip('10.1.0.25') }] };
    const plan = planMatching(world({ nics: [card], networks: [leases], claims: [held] }));
    expect(endings(plan)).toEqual(['held not_reported']);
  });

  test.each([
    ['no longer running', server('web-01', { tools: 'not_running' }), ['10.1.0.30']],
    ['gone', server('web-01', { tools: 'not_installed' }), ['10.1.0.30']],
    ['of a powered-off server', server('web-01', { poweredOn: false }), ['10.1.0.30']],
    ['reporting no address at all', server('web-01'), []],
    ['reporting addresses of the other family only', server('web-01'), ['fd00::20']],
  ])('Tools %s change nothing', (_, on, addresses) => {
    const leases = { ...web, dhcpRanges: [web.range] };
    const since = { ...held, absentSinceRun: 'run-1' };
    const by = claim('by-hand', '10.1.0.40', card, { source: 'manual', contradictedBy: ['10.1.0.30'] });
    const plan = planMatching(
      world({
        nics: [nic('a', on, 'front', addresses)],
        networks: [leases],
        claims: [since, by],
        runId: 'run-2',
      }),
    );
    expect({ ...plan, reasons: null, unmatched: null }).toEqual({
      end: [],
      create: [],
      adopt: [],
      absent: [],
      contradicted: [],
      conflicts: [],
      reasons: null,
      unmatched: null,
    });
  });

  test('a report with 16 interfaces may be cut short and proves no absence; one with 15 does', () => {
    const leases = { ...web, dhcpRanges: [web.range] };
    const plan = (interfaceCount: number): MatchPlan =>
      planMatching(
        world({
          nics: [nic('a', server('web-01', { interfaceCount }), 'front', ['10.1.0.30'])],
          networks: [leases],
          claims: [held],
        }),
      );
    expect(endings(plan(16))).toEqual([]);
    expect(endings(plan(15))).toEqual(['held not_reported']);
  });

  test('it ends when the NIC moves to a wire that the network does not use, even powered off', () => {
    const moved = nic('a', server('web-01', { poweredOn: false }), 'back');
    const plan = planMatching(world({ nics: [moved], networks: [web], claims: [held], runId: null }));
    expect(endings(plan)).toEqual(['held wire_changed']);
  });

  test('a NIC whose wire is not known keeps its record', () => {
    const plan = planMatching(
      world({ nics: [nic('a', server('web-01'), null)], networks: [web], claims: [held] }),
    );
    expect(endings(plan)).toEqual([]);
  });

  test('it ends with its network, and the address is unmatched again', () => {
    const there = nic('a', server('web-01'), 'front', ['10.1.0.20']);
    const plan = planMatching(world({ nics: [there], networks: [], claims: [held] }));
    expect(endings(plan)).toEqual(['held network_deleted']);
    expect(plan.unmatched.get('web-01')).toEqual(['10.1.0.20']);
    expect(codes(plan, 'a')).toEqual(['no_network']);
  });

  test('a missing NIC keeps its record, and yields to one that reports the address', () => {
    const gone = nic('a', server('web-01'), null, [], { missing: true });
    const plan = planMatching(world({ nics: [gone], networks: [web], claims: [held] }));
    expect(endings(plan)).toEqual([]);
    const heir = nic('b', server('web-02'), 'front', ['10.1.0.20']);
    const taken = planMatching(world({ nics: [gone, heir], networks: [web], claims: [held] }));
    expect(endings(taken)).toEqual(['held yielded']);
    expect(made(taken)).toEqual(['b 10.1.0.20']);
  });

  test('in a DHCP range a missing NIC keeps nothing but what was asked for', () => {
    const gone = nic('a', server('web-01'), null, [], { missing: true });
    const leases = { ...web, dhcpRanges: [{ start: ip('10.1.0.20'), end: ip('10.1.0.25') }] };
    const asked = claim('asked', '10.1.0.21', gone, { source: 'manual' });
    const beside = claim('beside', '10.1.0.26', gone);
    const plan = planMatching(
      world({ nics: [gone], networks: [leases], claims: [held, asked, beside], runId: null }),
    );
    expect(endings(plan)).toEqual(['held missing']);
  });

  test.each(['manual', 'allocated'] as const)(
    'an address that was %s stays when Tools contradict it, and the disagreement is shown',
    (source) => {
      const booked = { ...held, source, absentSinceRun: null };
      const one = world({ nics: [card], networks: [web], claims: [booked], runId: 'run-1' });
      expect(planMatching(one).contradicted).toEqual([{ claim: booked, by: ['10.1.0.30'] }]);
      const two = next(one, { runId: 'run-2' });
      expect(endings(planMatching(two))).toEqual([]);
      expect(planMatching(two).contradicted).toEqual([]);
      const agreed = next(two, { nics: [nic('a', server('web-01'), 'front', ['10.1.0.20'])] });
      expect(planMatching(agreed).contradicted.map(({ by }) => by)).toEqual([[]]);
    },
  );
});

describe('the reason why a NIC, or one of its addresses, has no record', () => {
  function reasonsFor(on: Parameters<typeof server>[1], ...rest: NicRest): unknown {
    const [wireId, addresses, set] = rest;
    const card = nic('a', server('web-01', on), wireId, addresses, set);
    return planMatching(world({ nics: [card], networks: [web] })).reasons.get('a');
  }
  type NicRest = [wireId: string | null, addresses?: string[], set?: Parameters<typeof nic>[4]];
  const whole = (code: ReasonCode): unknown => [
    { code, ip: null, networkId: null, wireId: null, serverId: null },
  ];

  test('vm_unreadable: vCenter can not read its configuration', () => {
    expect(reasonsFor({ readable: false, poweredOn: false, tools: 'unknown' }, 'front')).toEqual(
      whole('vm_unreadable'),
    );
  });

  test('template: it is one', () => {
    expect(reasonsFor({ template: true, poweredOn: false }, 'front')).toEqual(whole('template'));
  });

  test('no_wire: its port group is gone or hidden, whatever it reports', () => {
    expect(reasonsFor({}, null)).toEqual(whole('no_wire'));
    expect(reasonsFor({}, null, ['10.1.0.20'])).toEqual(whole('no_wire'));
  });

  test('powered_off: also when its last report is still there', () => {
    expect(reasonsFor({ poweredOn: false, tools: 'not_running' }, 'front')).toEqual(whole('powered_off'));
    expect(reasonsFor({ poweredOn: false }, 'front', ['10.1.0.20'])).toEqual(whole('powered_off'));
  });

  test('tools_not_installed and tools_not_running', () => {
    expect(reasonsFor({ tools: 'not_installed' }, 'front')).toEqual(whole('tools_not_installed'));
    expect(reasonsFor({ tools: 'not_running' }, 'front')).toEqual(whole('tools_not_running'));
    expect(reasonsFor({ tools: 'unknown' }, 'front')).toEqual(whole('tools_not_running'));
  });

  test('tools_no_address: Tools run and report none on this card', () => {
    expect(reasonsFor({}, 'front')).toEqual(whole('tools_no_address'));
  });

  test('disconnected: the card is, and that is why none is reported', () => {
    expect(reasonsFor({}, 'front', [], { connected: false })).toEqual(whole('disconnected'));
  });

  test('no_network: no network of the space holds the address', () => {
    expect(reasonsFor({}, 'front', ['10.7.0.1'])).toEqual([
      { code: 'no_network', ip: '10.7.0.1', networkId: null, wireId: null, serverId: null },
    ]);
  });

  test('outside_range: inside the prefix of a network on this wire, outside its range', () => {
    expect(reasonsFor({}, 'front', ['10.1.0.200'])).toEqual([
      { code: 'outside_range', ip: '10.1.0.200', networkId: 'web', wireId: null, serverId: null },
    ]);
  });

  test('other_wire: a network holds the address on another wire, and both are named', () => {
    expect(reasonsFor({}, 'back', ['10.1.0.20'])).toEqual([
      { code: 'other_wire', ip: '10.1.0.20', networkId: 'web', wireId: 'front', serverId: null },
    ]);
  });

  test('other_wire stays the reason when a server on that other wire has the address', () => {
    const cards = [
      nic('a', server('web-01'), 'front', ['10.1.0.20']),
      nic('b', server('web-02'), 'back', ['10.1.0.20']),
    ];
    const plan = planMatching(world({ nics: cards, networks: [web] }));
    expect(codes(plan, 'b')).toEqual(['other_wire']);
    expect(plan.conflicts).toEqual([]);
  });

  test('taken: another server has the address by hand, though it reports nothing', () => {
    const silent = nic('a', server('web-01', { tools: 'not_installed' }), 'front');
    const plan = planMatching(
      world({
        nics: [silent, nic('b', server('web-02'), 'front', ['10.1.0.20'])],
        networks: [web],
        claims: [claim('held', '10.1.0.20', silent, { source: 'manual' })],
      }),
    );
    expect(plan.reasons.get('b')).toEqual([
      { code: 'taken', ip: '10.1.0.20', networkId: 'web', wireId: null, serverId: 'web-01' },
    ]);
  });

  test('a NIC with one record still says why its other addresses have none', () => {
    const card = nic('a', server('web-01'), 'front', ['10.1.0.20', '10.7.0.1']);
    const plan = planMatching(world({ nics: [card], networks: [web] }));
    expect(codes(plan, 'a')).toEqual(['no_network']);
    expect(plan.unmatched.get('web-01')).toEqual(['10.7.0.1']);
  });

  test('a NIC with a record by hand and silent Tools needs no reason', () => {
    const silent = nic('a', server('web-01', { tools: 'not_running' }), 'front');
    const plan = planMatching(
      world({
        nics: [silent],
        networks: [web],
        claims: [claim('held', '10.1.0.20', silent, { source: 'manual' })],
      }),
    );
    expect(plan.reasons.get('a')).toEqual([]);
  });

  test('the addresses of a server without a record stand in the order of its NICs', () => {
    const one = server('web-01');
    const plan = planMatching(
      world({
        nics: [
          nic('b', one, 'back', ['10.8.0.2', '10.8.0.1'], { position: 1 }),
          nic('a', one, 'front', ['10.9.0.1', '10.1.0.20'], { position: 0 }),
        ],
        networks: [web],
      }),
    );
    expect(plan.unmatched.get('web-01')).toEqual(['10.9.0.1', '10.8.0.2', '10.8.0.1']);
  });
});

describe('what a plan does not look at', () => {
  test('a holder that is not among the NICs looked at keeps its address: nothing says that it fell silent', () => {
    const input = world({
      nics: [nic('b', server('web-02'), 'front', ['10.1.0.20'])],
      networks: [web],
      claims: [claim('c', '10.1.0.20', nic('elsewhere', server('web-01'), 'front', []))],
    });
    const plan = planMatching(input);
    expect(endings(plan)).toEqual([]);
    expect(made(plan)).toEqual([]);
    expect(codes(plan, 'b')).toEqual(['taken']);
  });

  test('a server that the run did not read is no second reading without the address', () => {
    const card = (unread: boolean) => nic('a', server('web-01', { unread }), 'front', ['10.1.0.21']);
    const absent = claim('c', '10.1.0.20', card(true), { absentSinceRun: 'run-1' });
    const plan = (unread: boolean): MatchPlan =>
      planMatching(world({ nics: [card(unread)], networks: [web], claims: [absent], runId: 'run-2' }));
    expect(endings(plan(true))).toEqual([]);
    expect(endings(plan(false))).toEqual(['c not_reported']);
  });
});
