import { type AddressBlocks, addressStates } from '@wirebook/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../src/domain/addresses.ts';
import { allAddresses } from '../support/address-facts.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Whatever is known of a network's addresses, its grid counts what its list of addresses shows. */

let lab: EstateController;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([machine('web-1', [['web', '10.9.0.11/24']]), machine('web-2', [['web', '10.9.0.12/24']])]),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

const PLACES = 48;
const kinds = [
  'nic',
  'hold',
  'lasting',
  'expired',
  'long_expired',
  'shared_nic',
  'shared_hold',
  'conflict',
  'gateway',
  'dns',
  'declared',
  'seen',
  'freed',
  'long_freed',
] as const;
const place = fc.nat({ max: PLACES - 1 });
const ranges = fc
  .uniqueArray(place, { maxLength: 8 })
  .map((places) => places.toSorted((a, b) => a - b))
  .map((ends) =>
    Array.from({ length: ends.length >> 1 }, (_, nr) => [ends[2 * nr] ?? 0, ends[2 * nr + 1] ?? 0] as const),
  );
const world = fc.record({
  facts: fc.array(fc.record({ place, kind: fc.constantFrom(...kinds) }), { minLength: 20, maxLength: 80 }),
  reservations: ranges,
  giving: ranges,
  cells: fc.integer({ min: 1, max: 60 }),
  part: fc.tuple(place, place).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
});

/** What each kind of fact puts into the book, of `f.ip` in the network `n`. */
const holdFacts = (when: string, expires: string): string => `
  INSERT INTO claims (space_id, ip, network_id, source, started_at, expires_at)
  SELECT n.space_id, f.ip, n.id, 'allocated', now() - interval '3 days', ${expires}
  FROM networks n, facts f WHERE n.id = $1 AND f.kind = '${when}' ON CONFLICT DO NOTHING`;
const nicFacts = (when: string, shared: string): string => `
  INSERT INTO claims (space_id, ip, network_id, account_id, server_id, nic_id, source, shared, started_at, expires_at)
  SELECT n.space_id, f.ip, n.id, k.account_id, k.server_id, k.id, 'tools', ${shared}, now() - interval '3 days', now() - interval '1 day'
  FROM networks n, facts f, (SELECT * FROM nics ORDER BY id LIMIT 1) k WHERE n.id = $1 AND f.kind = '${when}' ON CONFLICT DO NOTHING`;
const partFacts = (when: string): string => `
  INSERT INTO known_addresses (owner_id, space_id, kind, ip)
  SELECT n.id, n.space_id, f.kind, f.ip FROM networks n, facts f WHERE n.id = $1 AND f.kind = '${when}' ON CONFLICT DO NOTHING`;
const freedFacts = (when: string, at: string): string => `
  INSERT INTO freed_addresses (space_id, ip, freed_at, network_id)
  SELECT n.space_id, f.ip, ${at}, n.id FROM networks n, facts f WHERE n.id = $1 AND f.kind = '${when}' ON CONFLICT DO NOTHING`;
const statements = [
  `DELETE FROM conflicts WHERE claim_id IN (SELECT id FROM claims WHERE network_id = $1)`,
  `DELETE FROM claims WHERE network_id = $1`,
  `DELETE FROM reservations WHERE network_id = $1`,
  ...['known_addresses', 'shared_addresses', 'sightings', 'freed_addresses'].map(
    (table) =>
      `DELETE FROM ${table} t USING networks n WHERE n.id = $1 AND t.space_id = n.space_id AND n.span @> t.ip`,
  ),
  nicFacts('nic', 'false'),
  holdFacts('hold', 'NULL'),
  holdFacts('lasting', `now() + interval '1 day'`),
  holdFacts('expired', `now() - interval '1 minute'`),
  holdFacts('long_expired', `now() - interval '1 day'`),
  nicFacts('shared_nic', 'true'),
  `INSERT INTO claims (space_id, ip, network_id, source, shared, started_at, expires_at)
   SELECT n.space_id, f.ip, n.id, 'allocated', true, now(), CASE WHEN f.nr % 3 = 0 THEN now() - interval '1 minute' END
   FROM networks n, facts f WHERE n.id = $1 AND f.kind = 'shared_hold'`,
  `INSERT INTO conflicts (space_id, ip, kind, claim_id, nic_id, started_at)
   SELECT c.space_id, c.ip, 'duplicate', c.id, (SELECT id FROM nics ORDER BY id DESC LIMIT 1), now()
   FROM facts f JOIN claims c ON c.ip = f.ip AND c.network_id = $1 AND f.kind = 'conflict' ON CONFLICT DO NOTHING`,
  partFacts('gateway'),
  partFacts('dns'),
  `INSERT INTO shared_addresses (space_id, ip) SELECT n.space_id, f.ip FROM networks n, facts f
   WHERE n.id = $1 AND f.kind = 'declared' ON CONFLICT DO NOTHING`,
  `INSERT INTO sightings (space_id, account_id, server_id, ip, interface, candidate, first_seen_at)
   SELECT n.space_id, s.account_id, s.id, f.ip, 'eth0', false, now() FROM networks n, facts f, servers s
   WHERE n.id = $1 AND f.kind = 'seen' AND s.name = 'web-1'`,
  freedFacts('freed', 'now()'),
  freedFacts('long_freed', `now() - interval '1 day'`),
];

describe('random facts', () => {
  test.each([
    ['IPv4', '10.200.0.0/24', '10.200.0.1', 5n],
    ['IPv6', '2001:db8:2::/64', '2001:db8:2::1', (2n ** 64n - 2n) / 47n],
  ])(
    '%s: every cell counts the addresses that the list shows there',
    async (name, cidr, first, step) => {
      const base = parseAddress(first);
      if (base === null) throw new Error(`${first} is no address`);
      const at = (nr: number): string =>
        formatAddress({ family: base.family, value: base.value + BigInt(nr) * step });
      const { network } = await lab.createNetwork({ name, wire: 'web', cidr });
      const seen = new Set<string>();
      await fc.assert(
        fc.asyncProperty(world, async ({ facts, reservations, giving, cells, part }) => {
          await lab.sql('DROP TABLE IF EXISTS facts');
          await lab.sql('CREATE TEMPORARY TABLE facts (nr integer, ip inet, kind text)');
          await lab.sql('INSERT INTO facts SELECT * FROM unnest($1::integer[], $2::inet[], $3::text[])', [
            facts.map((_, nr) => nr),
            facts.map((one) => at(one.place)),
            facts.map((one) => one.kind),
          ]);
          // First: with each change of a network its own known addresses are written anew.
          await lab.sql('UPDATE networks SET giving = $2::inetmultirange WHERE id = $1', [
            network.id,
            `{${giving.map(([a, b]) => `[${at(a)},${at(b)}]`).join(',')}}`,
          ]);
          for (const statement of statements)
            await lab.sql(statement, statement.includes('$1') ? [network.id] : []);
          await lab.sql(
            `INSERT INTO reservations (space_id, network_id, kind, span)
             SELECT n.space_id, n.id, CASE WHEN r.nr % 2 = 0 THEN 'dhcp' ELSE 'reserved' END, inetrange(r.a, r.b, '[]')
             FROM networks n, unnest($2::inet[], $3::inet[]) WITH ORDINALITY r(a, b, nr) WHERE n.id = $1`,
            [network.id, reservations.map(([a]) => at(a)), reservations.map(([, b]) => at(b))],
          );
          const [from, to] = [at(part[0]), at(part[1])];
          const answer = await lab.controller.call<AddressBlocks>(
            'GET',
            `/api/v1/networks/${name}/blocks?from=${from}&to=${to}&cells=${cells}`,
          );
          expect(answer.status).toBe(200);
          const list = (await allAddresses(lab, name, { limit: 500 })).map((item) => ({
            state: item.state,
            start: valueOf(item.start),
            end: valueOf(item.end),
          }));
          let next = valueOf(from);
          for (const { start, end, states, state, count } of answer.body.items) {
            const [a, b] = [valueOf(start), valueOf(end)];
            expect(a).toBe(next);
            expect(count).toBe(Number(b - a + 1n));
            next = b + 1n;
            const expected = new Map<string, bigint>();
            for (const run of list) {
              const [low, high] = [run.start > a ? run.start : a, run.end < b ? run.end : b];
              if (low <= high) expected.set(run.state, (expected.get(run.state) ?? 0n) + high - low + 1n);
            }
            expect(states).toEqual(
              Object.fromEntries([...expected].map(([key, value]) => [key, Number(value)])),
            );
            for (const key of Object.keys(states)) seen.add(key);
            if (state !== null) expect(states).toEqual({ [state]: 1 });
          }
          expect(next).toBe(valueOf(to) + 1n);
          expect(answer.body.items.length).toBeLessThanOrEqual(cells);
        }),
        { numRuns: 40 },
      );
      expect([...seen].toSorted()).toEqual([...addressStates].toSorted());
    },
    120_000,
  );
});

function valueOf(ip: string): bigint {
  const address = parseAddress(ip);
  if (address === null) throw new Error(`${ip} is no address`);
  return address.value;
}
