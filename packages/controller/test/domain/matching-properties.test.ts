import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  MatchAddress,
  MatchClaim,
  MatchInput,
  MatchNetwork,
  MatchNic,
  MatchPlan,
  MatchServer,
} from '../../src/domain/matching.ts';
import { addressKey, planMatching, reportsLive } from '../../src/domain/matching.ts';
import { singleReading } from '../../src/domain/matching-facts.ts';
import { applyPlan, claim, ip, network, nic, server, world } from './worlds.ts';

/**
 * Random small worlds, judged by a second, slow telling of the same rules: address by address over plain lists. Two spaces
 * use the same private range; few addresses and many claimants make every rule meet every other.
 */

const wireIds = ['front', 'back', 'dmz', 'site'] as const;
type WireId = (typeof wireIds)[number];
const wireSpaces: Record<WireId, string> = {
  front: 'default',
  back: 'default',
  dmz: 'default',
  site: 'branch',
};
const ranges = [
  { name: 'low', range: '10.0.0.2-10.0.0.5/27' },
  { name: 'high', range: '10.0.0.8-10.0.0.11/27' },
  { name: 'six', range: 'fd00::2-fd00::4/64' },
];
/** In both ranges, between them, beyond every prefix, and of both families. */
const pool = [
  '10.0.0.2',
  '10.0.0.3',
  '10.0.0.5',
  '10.0.0.6',
  '10.0.0.8',
  '10.0.0.11',
  '172.16.0.1',
  'fd00::2',
  'fd00::4',
  'fd00::9',
  'fd99::1',
];
const runs = ['run-1', 'run-2'];
const anyMac = fc.constantFrom(null, null, '00:50:56:00:00:01', '00:50:56:00:00:02');

const anyNetworks = fc
  .tuple(
    ...(['default', 'branch'] as const).flatMap((spaceId) =>
      ranges.map(({ name, range }) =>
        fc.option(
          fc
            .tuple(
              fc.subarray(
                wireIds.filter((wire) => wireSpaces[wire] === spaceId),
                { minLength: 1 },
              ),
              fc.nat(2),
              fc.boolean(),
            )
            .map(([wires, turn, leases]): MatchNetwork => {
              const [primary = 'front', ...others] = [
                ...wires.slice(turn % wires.length),
                ...wires.slice(0, turn % wires.length),
              ];
              const made = network(`${name}-${spaceId}`, range, [primary, ...others], { spaceId });
              // A DHCP range over the first half of the network.
              return leases
                ? {
                    ...made,
                    dhcpRanges: [
                      {
                        start: made.range.start,
                        end: { ...made.range.start, value: made.range.start.value + 1n },
                      },
                    ],
                  }
                : made;
            }),
          { freq: 4, nil: null },
        ),
      ),
    ),
  )
  .map((list) => list.filter((made) => made !== null));

const anyServer = fc.record({
  poweredOn: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)),
  template: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  readable: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
  placeholder: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  tools: fc.constantFrom<MatchServer['tools']>(
    'running',
    'running',
    'running',
    'not_running',
    'not_installed',
    'unknown',
  ),
  interfaceCount: fc.constantFrom(1, 2, 15, 16, 17),
  morefNumber: fc.nat(3),
});

const anyReport = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...pool), fc.integer({ min: 1, max: 3 })), {
    maxLength: 4,
    selector: ([text]) => text,
  })
  .map((list) => list.map(([text, firstSeenAt]): MatchAddress => ({ ip: ip(text), text, firstSeenAt })));

const anyNics = fc
  .array(
    fc.tuple(
      anyServer,
      fc.array(
        fc.record({
          wire: fc.constantFrom<WireId | null>(...wireIds, 'front', 'front', null),
          connected: fc.boolean(),
          missing: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
          mac: anyMac,
          addresses: anyReport,
        }),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((servers) =>
    servers.flatMap(([set, cards], number) => {
      const on = server(`s${number}`, set);
      return cards.map(({ wire, addresses, ...rest }, position) =>
        nic(`s${number}n${position}`, on, wire, addresses, {
          ...rest,
          position,
          spaceId: wire === null ? 'default' : wireSpaces[wire],
        }),
      );
    }),
  );

const anyClaimSeed = fc.record({
  text: fc.constantFrom(...pool),
  nic: fc.nat(),
  free: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  mac: anyMac,
  expired: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  source: fc.constantFrom<MatchClaim['source']>('tools', 'tools', 'tools', 'manual', 'allocated'),
  absentSinceRun: fc.constantFrom(null, null, singleReading, ...runs),
  contradictedBy: fc.constantFrom<string[]>([], [], ['10.0.0.6']),
  gone: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
});

function makeClaims(
  seeds: readonly {
    text: string;
    nic: number;
    free: boolean;
    mac: string | null;
    expired: boolean;
    source: MatchClaim['source'];
    absentSinceRun: string | null;
    contradictedBy: string[];
    gone: boolean;
  }[],
  nics: readonly MatchNic[],
  networks: readonly MatchNetwork[],
  shared: ReadonlySet<string>,
): MatchClaim[] {
  const claims: MatchClaim[] = [];
  for (const [index, seed] of seeds.entries()) {
    const card = nics[seed.nic % nics.length];
    if (card === undefined) continue;
    const byProgram = seed.source !== 'tools';
    const holder = byProgram && seed.free ? null : card;
    const holding = networks.find(
      (candidate) => candidate.spaceId === card.spaceId && holds(candidate, seed.text),
    );
    // Only a record from Tools outlives its network, and only until matching runs; another may be there by then.
    if (holding === undefined && (byProgram || !seed.gone)) continue;
    const key = addressKey(card.spaceId, seed.text);
    const rivals = claims.filter((other) => addressKey(other.spaceId, other.text) === key);
    if (rivals.length > 0 && !shared.has(key)) continue;
    if (rivals.some((other) => other.nicId === (holder?.id ?? null))) continue;
    claims.push(
      claim(`c${index}`, seed.text, holder, {
        spaceId: card.spaceId,
        networkId: byProgram || !seed.gone ? (holding?.id ?? 'deleted') : 'deleted',
        mac: holder === null ? seed.mac : null,
        expired: holder === null && seed.expired,
        source: seed.source,
        absentSinceRun: byProgram ? null : seed.absentSinceRun,
        contradictedBy: byProgram && holder !== null ? seed.contradictedBy : [],
      }),
    );
  }
  return claims;
}

const anyWorld = fc
  .record({
    networks: anyNetworks,
    nics: anyNics,
    seeds: fc.array(anyClaimSeed, { maxLength: 8 }),
    shared: fc.array(fc.constantFrom(...pool.map((text) => addressKey('default', text))), { maxLength: 1 }),
    runId: fc.constantFrom(null, singleReading, ...runs),
  })
  .map(({ networks, nics, seeds, shared, runId }) => {
    const declared = new Set(shared);
    return world({
      networks,
      nics,
      shared: declared,
      claims: makeClaims(seeds, nics, networks, declared),
      runId,
    });
  });

// ---- The rules told a second time, slowly ----

function holds(candidate: MatchNetwork, text: string): boolean {
  const address = ip(text);
  const { start, end } = candidate.range;
  return address.family === start.family && address.value >= start.value && address.value <= end.value;
}

function isLive(card: MatchNic): boolean {
  const { poweredOn, template, placeholder, tools } = card.server;
  return !card.missing && poweredOn && !template && !placeholder && tools === 'running';
}

/** The network that the NIC could have the address in: one of its own wire. */
function ownNetwork(input: MatchInput, card: MatchNic, text: string): MatchNetwork | undefined {
  return input.networks.find(
    (candidate) => card.wireId !== null && candidate.wireIds.has(card.wireId) && holds(candidate, text),
  );
}

function claimants(input: MatchInput, spaceId: string, text: string): MatchNic[] {
  return input.nics
    .filter((card) => card.spaceId === spaceId && isLive(card))
    .filter((card) => card.addresses.some((address) => address.text === text))
    .filter((card) => ownNetwork(input, card, text) !== undefined);
}

function comesBefore(text: string, a: MatchNic, b: MatchNic): boolean {
  const seenAt = (card: MatchNic): number =>
    card.addresses.find((address) => address.text === text)?.firstSeenAt ?? Number.NaN;
  if (seenAt(a) !== seenAt(b)) return seenAt(a) < seenAt(b);
  if (a.connected !== b.connected) return a.connected;
  if (a.server.morefNumber !== b.server.morefNumber) return a.server.morefNumber < b.server.morefNumber;
  if (a.position !== b.position) return a.position < b.position;
  return a.id < b.id;
}

function firstOf(text: string, cards: readonly MatchNic[]): MatchNic | undefined {
  return cards.find((card) => cards.every((other) => other === card || comesBefore(text, card, other)));
}

function isLeasedIn(home: MatchNetwork | undefined, held: MatchClaim): boolean {
  return (
    home?.dhcpRanges.some(({ start, end }) => held.ip.value >= start.value && held.ip.value <= end.value) ??
    false
  );
}

/** Whether the claim ends by what its own NIC shows, before any other claimant is looked at. */
function endsByItself(input: MatchInput, held: MatchClaim): boolean {
  if (held.expired) return true;
  if (held.source !== 'tools') return false;
  const card = input.nics.find((candidate) => candidate.id === held.nicId);
  if (card === undefined) return false;
  const home = input.networks.find((candidate) => candidate.id === held.networkId);
  const leased = isLeasedIn(home, held);
  if (card.missing) return leased;
  if (home === undefined) return true;
  if (card.wireId !== null && !home.wireIds.has(card.wireId)) return true;
  if (!isLive(card) || input.runId === null || card.server.interfaceCount >= 16) return false;
  const sameFamily = card.addresses.filter((address) => address.ip.family === held.ip.family);
  if (sameFamily.length === 0 || sameFamily.some((address) => address.text === held.text)) return false;
  // Two complete runs, and readings of single servers are none.
  const both = new Set([held.absentSinceRun, input.runId].filter((run) => run !== singleReading));
  both.delete(null);
  return leased || both.size === 2;
}

/** `space ip nic` (or `space ip -` for a holder without NIC) of every live claim after matching, sorted. */
function expectedHolders(input: MatchInput): string[] {
  const result: string[] = [];
  for (const spaceId of ['default', 'branch']) {
    for (const text of pool) {
      const standing = input.claims.filter(
        (held) => held.spaceId === spaceId && held.text === text && !endsByItself(input, held),
      );
      const wanting = claimants(input, spaceId, text);
      const say = (holder: string | null): void => {
        result.push(`${spaceId} ${text} ${holder ?? '-'}`);
      };
      if (input.shared.has(addressKey(spaceId, text))) {
        const holders = new Set([...standing.map((held) => held.nicId), ...wanting.map((card) => card.id)]);
        for (const holder of holders) say(holder);
        continue;
      }
      const [held] = standing;
      if (held === undefined) {
        const first = firstOf(text, wanting);
        if (first !== undefined) say(first.id);
      } else if (held.nicId === null) {
        const fitting = wanting
          .filter((card) => ownNetwork(input, card, text)?.id === held.networkId)
          .filter((card) => held.mac === null || card.mac === held.mac);
        say(firstOf(text, fitting)?.id ?? null);
      } else if (held.source !== 'tools' || wanting.length === 0) say(held.nicId);
      else if (wanting.some((card) => card.id === held.nicId)) say(held.nicId);
      else say(firstOf(text, wanting)?.id ?? null);
    }
  }
  return result.toSorted();
}

function holdersIn(input: MatchInput): string[] {
  return input.claims.map((held) => `${held.spaceId} ${held.text} ${held.nicId ?? '-'}`).toSorted();
}

function recordsOf(after: MatchInput, card: MatchNic): string[] {
  return after.claims.filter((held) => held.nicId === card.id).map((held) => held.text);
}

function openAddresses(after: MatchInput, card: MatchNic): string[] {
  if (!isLive(card)) return [];
  const records = recordsOf(after, card);
  return card.addresses.map((address) => address.text).filter((text) => !records.includes(text));
}

/** `code ip` of every reason that the NIC must give. */
function expectedReasons(input: MatchInput, after: MatchInput, card: MatchNic): string[] {
  if (card.missing) return [];
  const open = openAddresses(after, card);
  const settled = recordsOf(after, card).length > 0;
  if (open.length > 0 && card.wireId !== null)
    return open.map((text) => {
      if (ownNetwork(input, card, text) !== undefined) return `taken ${text}`;
      const inSpace = input.networks.filter((candidate) => candidate.spaceId === card.spaceId);
      if (inSpace.some((candidate) => holds(candidate, text))) return `other_wire ${text}`;
      const around = inSpace.filter((candidate) => candidate.wireIds.has(card.wireId ?? ''));
      const family = text.includes(':') ? 'fd00::' : '10.0.0.';
      const near = around.some(
        (candidate) => text.startsWith(family) && candidate.family === (text.includes(':') ? 6 : 4),
      );
      return near ? `outside_range ${text}` : `no_network ${text}`;
    });
  if (settled) return [];
  const { server: on } = card;
  if (open.length > 0) return ['no_wire null'];
  if (!on.readable) return ['vm_unreadable null'];
  if (on.template) return ['template null'];
  if (card.wireId === null) return ['no_wire null'];
  if (!on.poweredOn) return ['powered_off null'];
  if (on.tools === 'not_installed') return ['tools_not_installed null'];
  if (on.tools !== 'running') return ['tools_not_running null'];
  return [card.connected ? 'tools_no_address null' : 'disconnected null'];
}

function changes(plan: MatchPlan): number {
  return (
    plan.end.length + plan.create.length + plan.adopt.length + plan.absent.length + plan.contradicted.length
  );
}

const many = { numRuns: 2000 };

describe('matching random small worlds', () => {
  test('the holders afterwards are those that the slow telling of the rules names', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        expect(holdersIn(applyPlan(input, planMatching(input)))).toEqual(expectedHolders(input));
      }),
      many,
    );
  });

  test('every record is of a network that has the wire of its NIC, and holds the address', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        const plan = planMatching(input);
        for (const record of plan.create) {
          expect(record.network.wireIds).toContain(record.nic.wireId);
          expect(record.network.spaceId).toBe(record.nic.spaceId);
          expect(holds(record.network, record.ip)).toBe(true);
          expect(reportsLive(record.nic.server)).toBe(true);
          expect(record.nic.addresses.map((address) => address.text)).toContain(record.ip);
        }
        for (const { claim: taken, nic: card } of plan.adopt) {
          expect(taken.nicId).toBeNull();
          expect(ownNetwork(input, card, taken.text)?.id).toBe(taken.networkId);
        }
      }),
      many,
    );
  });

  test('no address of a space has two holders, unless it is shared', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        const after = applyPlan(input, planMatching(input));
        const keys = after.claims
          .map((held) => addressKey(held.spaceId, held.text))
          .filter((key) => !input.shared.has(key));
        expect(new Set(keys).size).toBe(keys.length);
        const pairs = after.claims.map((held) => `${addressKey(held.spaceId, held.text)} ${held.nicId}`);
        expect(new Set(pairs).size).toBe(pairs.length);
      }),
      many,
    );
  });

  test('what was set by hand or allocated never ends, and a NIC that has it keeps it', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        const plan = planMatching(input);
        expect(plan.end.filter(({ claim: held }) => held.source !== 'tools' && !held.expired)).toEqual([]);
        expect(plan.absent.filter((mark) => mark.claim.source !== 'tools')).toEqual([]);
        expect(plan.adopt.filter((adoption) => adoption.claim.nicId !== null)).toEqual([]);
      }),
      many,
    );
  });

  test('a record ends for not being reported only by a complete run that shows other addresses of its family', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        for (const { claim: held, reason } of planMatching(input).end) {
          if (reason !== 'not_reported') continue;
          const card = input.nics.find((candidate) => candidate.id === held.nicId);
          expect(input.runId).not.toBeNull();
          expect(card !== undefined && isLive(card)).toBe(true);
          expect(card?.server.interfaceCount).toBeLessThan(16);
          const families = card?.addresses.map((address) => address.ip.family);
          expect(families).toContain(held.ip.family);
          expect(card?.addresses.map((address) => address.text)).not.toContain(held.text);
        }
      }),
      many,
    );
  });

  test('silence of every server changes no record, but where a NIC left the wire or is missing, or a network is gone', () => {
    fc.assert(
      fc.property(anyWorld, fc.constantFrom('tools', 'power', 'reports'), (input, how) => {
        const nics = input.nics.map((card): MatchNic => {
          if (how === 'reports') return { ...card, addresses: [] };
          const hushed = how === 'tools' ? { tools: 'not_running' as const } : { poweredOn: false };
          return { ...card, server: { ...card.server, ...hushed } };
        });
        const plan = planMatching({ ...input, nics });
        expect(
          plan.end.filter(
            ({ reason }) => !['wire_changed', 'network_deleted', 'missing', 'expired'].includes(reason),
          ),
        ).toEqual([]);
        expect({ ...plan, end: [], reasons: null, unmatched: null }).toEqual({
          end: [],
          create: [],
          adopt: [],
          absent: [],
          contradicted: [],
          conflicts: [],
          reasons: null,
          unmatched: null,
        });
      }),
      many,
    );
  });

  test('planning again after the plan was carried out finds nothing to do and says the same', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        const plan = planMatching(input);
        const again = planMatching(applyPlan(input, plan));
        expect(changes(again)).toBe(0);
        expect(again.conflicts).toEqual(plan.conflicts);
        expect(again.reasons).toEqual(plan.reasons);
        expect(again.unmatched).toEqual(plan.unmatched);
      }),
      many,
    );
  });

  test('the order in which NICs, networks and claims come in decides nothing', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        const turned = {
          ...input,
          nics: input.nics.toReversed(),
          networks: input.networks.toReversed(),
          claims: input.claims.toReversed(),
        };
        expect(holdersIn(applyPlan(turned, planMatching(turned)))).toEqual(
          holdersIn(applyPlan(input, planMatching(input))),
        );
      }),
      many,
    );
  });

  test('every NIC says exactly what keeps it, or each of its addresses, from a record', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        const plan = planMatching(input);
        const after = applyPlan(input, plan);
        for (const card of input.nics) {
          const given = plan.reasons.get(card.id)?.map((reason) => `${reason.code} ${reason.ip}`);
          expect(given).toEqual(expectedReasons(input, after, card));
          const [open, records] = [openAddresses(after, card), recordsOf(after, card)];
          if (records.length === 0 && !card.missing) expect(given).not.toEqual([]);
          if (records.length > 0 && open.length === 0) expect(given).toEqual([]);
        }
      }),
      many,
    );
  });

  test('a server lists its live addresses without a record, each once, in the order of its NICs', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        const plan = planMatching(input);
        const after = applyPlan(input, plan);
        const servers = new Set(input.nics.map((card) => card.server.id));
        for (const id of servers) {
          const cards = input.nics.filter((card) => card.server.id === id);
          const open = [0, 1, 2].flatMap((position) =>
            cards.filter((card) => card.position === position).flatMap((card) => openAddresses(after, card)),
          );
          expect(plan.unmatched.get(id)).toEqual([...new Set(open)]);
        }
      }),
      many,
    );
  });

  test('a conflict is shown exactly for the live claimants that did not get the address', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        const plan = planMatching(input);
        const after = holdersIn(applyPlan(input, plan));
        const expected = ['default', 'branch'].flatMap((spaceId) =>
          pool.flatMap((text) =>
            claimants(input, spaceId, text)
              .filter((card) => !after.includes(`${spaceId} ${text} ${card.id}`))
              .map((card) => `${spaceId} ${text} ${card.id}`),
          ),
        );
        const shown = plan.conflicts.map((row) => `${row.spaceId} ${row.ip} ${row.nicId}`);
        expect(shown.toSorted()).toEqual(expected.toSorted());
        for (const row of plan.conflicts)
          expect(after).toContain(`${row.spaceId} ${row.ip} ${row.holderNicId ?? '-'}`);
      }),
      many,
    );
  });

  test('a holder that still reports its address keeps it from whoever comes', () => {
    fc.assert(
      fc.property(anyWorld, (input) => {
        const ended = new Set(planMatching(input).end.map((ending) => ending.claim.id));
        for (const held of input.claims) {
          const card = input.nics.find((candidate) => candidate.id === held.nicId);
          if (card === undefined || !claimants(input, held.spaceId, held.text).includes(card)) continue;
          if (
            input.networks.some(
              (candidate) => candidate.id === held.networkId && candidate.wireIds.has(card.wireId ?? ''),
            )
          )
            expect(ended).not.toContain(held.id);
        }
      }),
      many,
    );
  });
});
