import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GivenAddress, Network, ProblemBody } from '@wirebook/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../support/controller.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/**
 * What is given, by two controllers in turn, held against the plainest reading of the rule: of all addresses of the range take the first
 * that nothing keeps from being given.
 */
let lab: EstateController;
let second: TestController;
beforeAll(async () => {
  lab = await startEstateController(labEstate([machine('witness', [['web', '192.168.0.9/24']])]));
  second = await startTestController({
    databaseUrl: lab.controller.databaseUrl,
    env: { WIREBOOK_SECRET_KEY: await readFile(join(lab.controller.dataDir, 'secret.key'), 'utf8') },
  });
});
afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

const SIZE = 24;
const place = fc.integer({ min: 0, max: SIZE - 1 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('allocate' as const), count: fc.constantFrom(1, 1, 1, 1, 2, 4) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wish' as const), at: place }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('claim' as const), key: fc.constantFrom('a', 'b', 'c') }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('release' as const), at: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reserve' as const), at: place, to: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unreserve' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('see' as const), at: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsee' as const), at: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('give' as const), at: place, to: place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rest' as const), long: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('turn' as const), policy: fc.constantFrom('stepup', 'stepdown') }),
  },
);

let networks = 0;

test('the next address is the first that nothing keeps from being given, whatever came before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.tuple(step, fc.boolean()), { minLength: 8, maxLength: 40 }),
      async (rested, steps) => {
        networks += 1;
        const name = `model ${networks}`;
        const base = `10.${150 + Math.floor(networks / 200)}.${networks % 200}`;
        const ip = (at: number): string => `${base}.${at + 100}`;
        const placeOf = (text: string): number => Number(text.split('.')[3]) - 100;
        await lab.createNetwork({
          name,
          wire: 'spare',
          start: ip(0),
          end: ip(SIZE - 1),
          prefixLength: 24,
          restingSeconds: rested ? 86_400 : 0,
        });
        const path = (rest = ''): string => `/api/v1/networks/${encodeURIComponent(name)}${rest}`;

        const claimed = new Map<number, string | null>();
        const rests = new Set<number>();
        const seen = new Set<number>();
        let reserved: [number, number] | null = null;
        let giving: [number, number] = [0, SIZE - 1];
        let resting = rested;
        let policy = 'stepup';
        const isKept = (at: number): boolean =>
          claimed.has(at) ||
          seen.has(at) ||
          (resting && rests.has(at)) ||
          (reserved !== null && reserved[0] <= at && at <= reserved[1]);
        const next = (): number[] => {
          const free = Array.from({ length: SIZE }, (_, at) => at).filter(
            (at) => !isKept(at) && giving[0] <= at && at <= giving[1],
          );
          return policy === 'stepup' ? free : free.toReversed();
        };
        const patch = async (body: Record<string, unknown>): Promise<void> => {
          const answer = await lab.controller.call<Network>('PATCH', path(), body);
          expect(answer.status, JSON.stringify(answer.body)).toBe(200);
        };

        for (const [action, useSecond] of steps) {
          const { call } = useSecond ? second : lab.controller;
          switch (action.do) {
            case 'allocate': {
              const expected = next();
              const answer = await call<{ items: GivenAddress[] } & ProblemBody>('POST', path('/allocate'), {
                count: action.count,
              });
              if (expected.length < action.count) expect(answer.body.code).toBe('network_full');
              else {
                const given = expected.slice(0, action.count);
                expect(answer.body.items.map((item) => placeOf(item.ip))).toEqual(given);
                for (const at of given) claimed.set(at, null);
              }
              break;
            }
            case 'wish': {
              const free = next().includes(action.at);
              const answer = await call('POST', path('/allocate'), { ip: ip(action.at) });
              expect(answer.status).toBe(free ? 201 : 409);
              if (free) claimed.set(action.at, null);
              break;
            }
            case 'claim': {
              const known = [...claimed].find(([, key]) => key === action.key)?.[0];
              const expected = known ?? next()[0];
              const answer = await call<GivenAddress>('PUT', path(`/claims/${action.key}`), {});
              if (expected === undefined) expect(answer.status).toBe(409);
              else {
                expect(placeOf(answer.body.ip)).toBe(expected);
                claimed.set(expected, action.key);
              }
              break;
            }
            case 'release': {
              const answer = await call('POST', path('/release'), { ips: [ip(action.at)] });
              expect(answer.status).toBe(200);
              if (claimed.delete(action.at)) rests.add(action.at);
              break;
            }
            case 'reserve': {
              if (reserved !== null) break;
              reserved = [Math.min(action.at, action.to), Math.max(action.at, action.to)];
              await lab.sql(
                `INSERT INTO reservations (space_id, network_id, kind, span)
               SELECT space_id, id, 'reserved', inetrange($2::inet, $3::inet, '[]') FROM networks WHERE name = $1`,
                [name, ip(reserved[0]), ip(reserved[1])],
              );
              break;
            }
            case 'unreserve':
              reserved = null;
              await lab.sql(
                `DELETE FROM reservations WHERE network_id = (SELECT id FROM networks WHERE name = $1)`,
                [name],
              );
              break;
            case 'see':
              if (seen.has(action.at)) break;
              seen.add(action.at);
              await lab.sql(
                `INSERT INTO sightings (space_id, account_id, server_id, ip, interface, candidate, first_seen_at)
               SELECT n.space_id, s.account_id, s.id, $2, 'docker0', false, now() FROM networks n, servers s
               WHERE n.name = $1 AND s.name = 'witness'`,
                [name, ip(action.at)],
              );
              break;
            case 'unsee':
              seen.delete(action.at);
              await lab.sql(
                `UPDATE sightings SET ended_at = now(), last_seen_at = now() WHERE ip = $1::inet AND ended_at IS NULL`,
                [ip(action.at)],
              );
              break;
            case 'give':
              giving = [Math.min(action.at, action.to), Math.max(action.at, action.to)];
              await patch({ giving: [{ start: ip(giving[0]), end: ip(giving[1]) }] });
              break;
            case 'rest':
              resting = action.long;
              await patch({ restingSeconds: action.long ? 86_400 : 0 });
              break;
            case 'turn':
              ({ policy } = action);
              await patch({ allocationPolicy: policy });
              break;
          }
        }
        const live = await lab.sql<{ ip: string; key: string | null }>(
          `SELECT host(c.ip) AS ip, c.key FROM claims c JOIN networks n ON n.id = c.network_id
         WHERE n.name = $1 AND c.ended_at IS NULL`,
          [name],
        );
        expect(new Map(live.map((row) => [placeOf(row.ip), row.key]))).toEqual(claimed);
      },
    ),
    { numRuns: 60 },
  );
}, 600_000);
