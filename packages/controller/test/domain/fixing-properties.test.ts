import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planFixes } from '../../src/domain/fixing.ts';
import type {
  Asked,
  FixClaim,
  FixFacts,
  FixNetwork,
  FixNic,
  FixRequest,
  FixServer,
} from '../../src/domain/fixing-facts.ts';
import { addressKey } from '../../src/domain/matching.ts';
import { applyFixes, asked, fixClaim, fixFacts, fixNetwork, fixNic, fixServer } from './fixing-worlds.ts';

/** Random small worlds and requests: few addresses and many who want them, so that every rule meets every other. */

const pool = ['10.0.0.0', '10.0.0.2', '10.0.0.3', '10.0.0.5', '10.0.0.9', '10.0.0.15', 'fd00::2', 'fd00::3'];
const spaces = ['default', 'branch'] as const;

const anyNic = fc.record({
  wire: fc.constantFrom('front', 'front', 'back', 'back', 'site', null),
  /** Its own, that of the server's first card, or none. */
  mac: fc.constantFrom('own', 'own', 'own', 'own', 'own', 'first', null),
  missing: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  reported: fc.subarray(pool, { maxLength: 2 }),
});
const anyServers = fc
  .array(
    fc.record({
      nics: fc.array(anyNic, { minLength: 1, maxLength: 3 }),
      missing: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { minLength: 2, maxLength: 3 },
  )
  .map((sketches) =>
    sketches.map(({ nics, missing }, server) =>
      fixServer(
        `server-${server}`,
        nics.map(({ wire, mac, missing: gone, reported }, nr) =>
          fixNic(`nic-${server}-${nr}`, wire, {
            mac: mac === null ? null : `mac-${server}-${mac === 'own' ? nr : 0}`,
            spaceId: wire === 'site' ? 'branch' : 'default',
            missing: gone,
            reported: new Set(gone ? [] : reported),
          }),
        ),
        missing ? { missingSince: '2026-01-01T00:00:00Z' } : {},
      ),
    ),
  );
const anyNetworks = fc.subarray(
  [
    fixNetwork('low', '10.0.0.0-10.0.0.5/28', ['front', 'back']),
    fixNetwork('high', '10.0.0.8-10.0.0.15/28', ['back']),
    fixNetwork('six', 'fd00::2-fd00::4/64', ['front']),
    fixNetwork('branch low', '10.0.0.2-10.0.0.5/28', ['site'], { spaceId: 'branch' }),
  ],
  { minLength: 2 },
);

type Sketch = { space: number; text: number; nic: number; kind: number; source: number };
const anyClaims = fc.array(
  fc.record({
    space: fc.nat(1),
    text: fc.nat(pool.length - 1),
    nic: fc.nat(8),
    kind: fc.nat(5),
    source: fc.nat(2),
  }),
  { maxLength: 8 },
);

/** Claims as a database would hold them: one for an address unless it is shared, one for a NIC and an address. */
function claimsOf(
  sketches: readonly Sketch[],
  servers: readonly FixServer[],
  networks: readonly FixNetwork[],
  shared: ReadonlySet<string>,
): FixClaim[] {
  const cards = servers.flatMap((server) => server.nics.map((nic) => ({ server, nic })));
  const claims: FixClaim[] = [];
  for (const [nr, sketch] of sketches.entries()) {
    const spaceId = spaces[sketch.space] ?? 'default';
    const text = pool[sketch.text] ?? '';
    const key = addressKey(spaceId, text);
    const network = networks.find(
      (one) =>
        one.spaceId === spaceId &&
        one.range.start.family === (text.includes(':') ? 6 : 4) &&
        fixClaim('', text).ip.value >= one.range.start.value &&
        fixClaim('', text).ip.value <= one.range.end.value,
    );
    if (network === undefined) continue;
    const card = cards.filter(({ nic }) => nic.spaceId === spaceId)[sketch.nic];
    const same = claims.filter((claim) => addressKey(claim.spaceId, claim.text) === key);
    if (shared.has(key) ? same.some((claim) => claim.nicId === (card?.nic.id ?? null)) : same.length > 0)
      continue;
    const base = { spaceId, network: { id: network.id, name: network.name }, shared: shared.has(key) };
    if (card === undefined) {
      const hold = {
        plain: sketch.kind < 3,
        expired: sketch.kind === 5,
        mac: sketch.kind === 3 ? 'mac-0-0' : null,
        key: sketch.kind === 1 ? `key-${nr}` : null,
      };
      claims.push(fixClaim(`claim-${nr}`, text, { ...base, ...hold, source: 'allocated' }));
    } else {
      claims.push(
        fixClaim(`claim-${nr}`, text, {
          ...base,
          nicId: card.nic.id,
          serverId: card.server.id,
          mac: card.nic.mac,
          plain: false,
          source: (['tools', 'manual', 'allocated'] as const)[sketch.source] ?? 'tools',
        }),
      );
    }
  }
  return claims;
}

const anyRequests = fc.array(
  fc.record({
    server: fc.nat(2),
    text: fc.option(fc.constantFrom(...pool), { freq: 6 }),
    /** Which card of the server is named; the last is none of them. */
    card: fc.option(fc.nat(3), { freq: 2 }),
  }),
  { minLength: 2, maxLength: 6 },
);

interface World {
  facts: FixFacts;
  requests: FixRequest[];
}
const anyWorld: fc.Arbitrary<World> = fc
  .record({
    servers: anyServers,
    networks: anyNetworks,
    claims: anyClaims,
    shared: fc.subarray(['default 10.0.0.3', 'branch 10.0.0.3'], { maxLength: 1 }),
    seen: fc.array(fc.tuple(fc.constantFrom(...pool), fc.nat(3)), { maxLength: 2 }),
    rows: anyRequests,
  })
  .map(({ servers, networks, claims, shared, seen, rows }) => {
    const facts = fixFacts({
      servers,
      networks,
      claims: claimsOf(claims, servers, networks, new Set(shared)),
      shared: new Set(shared),
      seen: new Map(
        seen.map(([text, server]) => [
          addressKey('default', text),
          [{ serverId: `server-${server}`, name: `server-${server}` }],
        ]),
      ),
    });
    const byServer = Map.groupBy(
      rows.map((row, at) => ({ ...row, at })).filter(({ text, card }) => text !== null || card !== null),
      ({ server }) => `server-${server}`,
    );
    const requests = [...byServer].map(([serverId, own]) => ({
      serverId,
      asked: own.map(({ at, server, text, card }): Asked =>
        asked(at, text, card === null ? null : `mac-${server}-${card}`),
      ),
    }));
    return { facts, requests };
  });

const changing = (plan: ReturnType<typeof planFixes>) =>
  plan.changes.filter(({ effect }) => effect.kind !== 'kept');
const claimsOn = (facts: FixFacts, nic: FixNic): FixClaim[] =>
  facts.claims.filter((claim) => claim.nicId === nic.id);
/** What of each world's request can be done together, carried out. */
function whenDone(
  check: (world: World & { after: FixFacts; plan: ReturnType<typeof planFixes> }) => void,
): void {
  let made = 0;
  fc.assert(
    fc.property(anyWorld, ({ facts, requests: wished }) => {
      let requests = wished;
      let plan = planFixes(facts, requests);
      while (plan.refusals.length > 0) {
        const refused = new Set(plan.refusals.map(({ at }) => at));
        requests = requests.map((request) => ({
          ...request,
          asked: request.asked.filter(({ at }) => !refused.has(at)),
        }));
        plan = planFixes(facts, requests);
      }
      made += changing(plan).length;
      check({ facts, requests, plan, after: applyFixes(facts, plan) });
    }),
    many,
  );
  expect(made).toBeGreaterThan(many.numRuns / 4);
}
const many = { numRuns: 5000 };

describe('fixing in random small worlds', () => {
  test('no address of a space has two holders afterwards, unless it is shared', () => {
    whenDone(({ after }) => {
      const keys = after.claims
        .map((claim) => addressKey(claim.spaceId, claim.text))
        .filter((key) => !after.shared.has(key));
      expect(new Set(keys).size).toBe(keys.length);
      const pairs = after.claims.map((claim) => `${claim.nicId ?? claim.id} ${claim.text}`);
      expect(new Set(pairs).size).toBe(pairs.length);
    });
  });

  test('the same request again finds nothing to do', () => {
    whenDone(({ after, requests }) => {
      const again = planFixes(after, requests);
      expect(again.refusals).toEqual([]);
      expect(changing(again)).toEqual([]);
      expect(again.expired).toEqual([]);
    });
  });

  test('a refusal leaves nothing to do, and each is of something that was asked', () => {
    fc.assert(
      fc.property(anyWorld, ({ facts, requests }) => {
        const plan = planFixes(facts, requests);
        if (plan.refusals.length === 0) return;
        expect(plan.changes).toEqual([]);
        expect(plan.expired).toEqual([]);
        const places = requests.flatMap((request) => request.asked.map(({ at }) => at));
        const refused = plan.refusals.map(({ at }) => at);
        for (const at of refused) expect(places).toContain(at);
        expect(refused).toEqual([...new Set(refused)].toSorted((a, b) => a - b));
      }),
      many,
    );
  });

  test('whatever was asked for is had afterwards, on the card that was named', () => {
    whenDone(({ facts, requests, after }) => {
      for (const { serverId, asked: list } of requests) {
        const present = facts.servers.get(serverId)?.nics.filter((nic) => !nic.missing) ?? [];
        for (const { ip, mac } of list) {
          if (ip === null) continue;
          const cards = present.filter((nic) => mac === null || nic.mac === mac);
          const holders = cards.filter((nic) => claimsOn(after, nic).some((claim) => claim.text === ip.text));
          expect(holders.length).toBeGreaterThan(0);
        }
      }
    });
  });

  test('a named card has exactly what is listed of that family, and what Tools report on it', () => {
    whenDone(({ facts, requests, after }) => {
      for (const { serverId, asked: list } of requests) {
        for (const nic of facts.servers.get(serverId)?.nics ?? []) {
          const named = list.filter(({ mac }) => mac !== null && mac === nic.mac && !nic.missing);
          const cleared = named.some(({ ip }) => ip === null);
          const families = new Set(cleared ? [4, 6] : named.map(({ ip }) => ip?.value.family));
          const byOrder = list.filter(({ mac }) => mac === null).map(({ ip }) => ip?.text);
          for (const claim of claimsOn(after, nic)) {
            if (!families.has(claim.ip.family)) continue;
            const listed = named.some(({ ip }) => ip?.text === claim.text) || byOrder.includes(claim.text);
            const reported = claim.source === 'tools' && nic.reported.has(claim.text);
            expect(listed || reported).toBe(true);
          }
        }
      }
    });
  });

  test('a record is made only in the range of a network that the card’s wire has, for an address that machines have', () => {
    whenDone(({ facts, plan }) => {
      for (const { effect, nic, network, ip } of plan.changes) {
        if (effect.kind !== 'create' && effect.kind !== 'adopt') continue;
        const home = facts.networks.find((one) => one.id === network.id);
        expect(home?.wireIds).toContain(nic.wire?.id);
        expect(home?.spaceId).toBe(nic.spaceId);
        expect(nic.missing).toBe(false);
        expect(['10.0.0.0', '10.0.0.15']).not.toContain(ip);
      }
    });
  });

  test('in device order a card gets one address of a family, and none beside what it has', () => {
    whenDone(({ facts, requests, plan, after }) => {
      for (const { serverId, asked: list } of requests) {
        if (list.some(({ mac }) => mac !== null)) continue;
        for (const nic of facts.servers.get(serverId)?.nics ?? []) {
          const made = plan.changes.filter(
            (change) => change.nic.id === nic.id && ['create', 'adopt'].includes(change.effect.kind),
          );
          for (const { ip } of made) {
            const family = ip.includes(':') ? 6 : 4;
            expect(claimsOn(after, nic).filter((claim) => claim.ip.family === family)).toHaveLength(1);
          }
        }
      }
    });
  });

  test('nobody loses an address but the cards of servers that the request is about', () => {
    whenDone(({ requests, plan }) => {
      const servers = new Set(requests.map(({ serverId }) => serverId));
      for (const { effect } of plan.changes) {
        if (effect.kind === 'end') expect(servers).toContain(effect.claim.serverId);
        if (effect.kind === 'adopt') expect(effect.claim.nicId).toBeNull();
      }
      for (const claim of plan.expired) expect(claim.expired && claim.nicId === null).toBe(true);
    });
  });

  test('nobody who reports an address without having it is passed over', () => {
    whenDone(({ facts, plan }) => {
      for (const { effect, nic, server, ip } of plan.changes) {
        const key = addressKey(nic.spaceId, ip);
        if (effect.kind !== 'create' && effect.kind !== 'adopt') continue;
        if (facts.shared.has(key)) continue;
        for (const other of facts.seen.get(key) ?? []) expect(other.serverId).toBe(server.id);
      }
    });
  });

  test('the order in which networks and claims come in decides nothing', () => {
    fc.assert(
      fc.property(anyWorld, ({ facts, requests }) => {
        const turned = {
          ...facts,
          networks: facts.networks.toReversed(),
          claims: facts.claims.toReversed(),
        };
        const tell = (plan: ReturnType<typeof planFixes>) =>
          plan.changes.map(({ effect, nic, ip }) => `${effect.kind} ${nic.id} ${ip}`).toSorted();
        const [one, other] = [planFixes(facts, requests), planFixes(turned, requests)];
        expect(tell(other)).toEqual(tell(one));
        expect(other.refusals.map(({ at }) => at)).toEqual(one.refusals.map(({ at }) => at));
      }),
      many,
    );
  });
});
