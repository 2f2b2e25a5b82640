import type { GivenAddress, List, Network, NetworkChangeEffect, Reservation } from '@wirebook/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinRanges } from '../../src/domain/joined-ranges.ts';
import { readSpan } from '../../src/store/spans.ts';
import {
  type AddressBook,
  expectAddressesInOrder,
  expectNoneLost,
  openAddressBook,
} from '../allocation/order.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** A network that is split and put together again is the one that it was, with everything in it. */

const SIZE = 30;
const REPORTED = 20;
let lab: EstateController;
let book: AddressBook;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([machine('reporting', [['web']]), machine('silent', [['web']], { tools: 'notInstalled' })]),
  );
  book = openAddressBook(lab.controller.databaseUrl);
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

/** Whoever asks gets the address, or is told that it isn't free. */
function expectGivenOrTaken({ status, body }: { status: number; body: unknown }): void {
  expect([200, 201, 409], JSON.stringify(body)).toContain(status);
}

const { floor } = Math;
const place = fc.integer({ min: 0, max: SIZE - 1 });
const content = fc.record({
  policy: fc.constantFrom('stepup', 'stepdown', 'random'),
  resting: fc.boolean(),
  keys: fc.uniqueArray(place, { maxLength: 5 }),
  holds: fc.uniqueArray(place, { maxLength: 6 }),
  released: fc.uniqueArray(place, { maxLength: 4 }),
  reserved: fc.uniqueArray(place, { minLength: 2, maxLength: 6 }),
  giving: fc.uniqueArray(place, { minLength: 4, maxLength: 4 }),
});
const story = fc.record({
  content,
  cuts: fc.array(fc.integer({ min: 1, max: SIZE - 1 }), { minLength: 1, maxLength: 4 }),
  /** Into which of the two that meet there the other one goes. */
  into: fc.constantFrom('lower', 'upper'),
  record: fc.boolean(),
});

let networks = 0;

test('a network split anywhere, any number of times, and merged again keeps every claim and all that is kept back', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ content: { policy, resting, ...places }, cuts, into, record }) => {
      networks += 1;
      const name = `whole ${networks}`;
      const base = `10.${160 + floor(networks / 200)}.${networks % 200}`;
      const ip = (at: number): string => `${base}.${at + 100}`;
      const { call } = lab.controller;
      const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
        const answer = await call<T>(method, `/api/v1${path}`, body);
        expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
        return answer.body;
      };
      const pathOf = (network: string, rest = ''): string =>
        `/networks/${encodeURIComponent(network)}${rest}`;
      const pairs = (list: readonly number[]): { start: string; end: string }[] => {
        const sorted = list.toSorted((a, b) => a - b);
        return Array.from({ length: floor(sorted.length / 2) }, (_, nr) => ({
          start: ip(sorted[2 * nr] ?? 0),
          end: ip(sorted[2 * nr + 1] ?? 0),
        }));
      };
      await lab.createNetwork({
        name,
        wire: 'web',
        start: ip(0),
        end: ip(SIZE - 1),
        prefixLength: 24,
        gateway: `${base}.1`,
        dns: [`${base}.53`],
        allocationPolicy: policy,
        restingSeconds: resting ? 86_400 : 0,
      });
      if (record)
        await lab.simulator.setGuestNet('reporting', [
          { deviceConfigId: 4000, connected: true, addresses: [{ ip: ip(REPORTED), prefixLength: 24 }] },
        ]);
      if (record) await lab.sync();
      for (const at of places.released) {
        const given = await call<{ items: GivenAddress[] }>('POST', `/api/v1${pathOf(name, '/allocate')}`, {
          ip: ip(at),
        });
        if (given.status === 201) await ask('POST', pathOf(name, '/release'), { ips: [ip(at)] });
      }
      // Whoever is refused, since another is there, is not there: what counts is what came to be.
      for (const at of places.keys)
        expectGivenOrTaken(
          await call('PUT', `/api/v1${pathOf(name, `/claims/key-${at}`)}`, {
            ip: ip(at),
            name: `holder ${at}`,
          }),
        );
      for (const at of places.holds)
        expectGivenOrTaken(
          await call('POST', `/api/v1${pathOf(name, '/allocate')}`, {
            ip: ip(at),
            expiresAt: '2099-01-01T00:00:00Z',
          }),
        );
      for (const { start, end } of pairs(places.reserved))
        await ask('POST', '/reservations', { network: name, start, end, note: `from ${start}` });
      await ask('PATCH', pathOf(name), { giving: pairs(places.giving) });

      const claims = (): Promise<object[]> =>
        book.look(
          `SELECT id, host(ip) AS ip, source, key, holder, nic_id, network_name, started_at, expires_at, ended_at, end_reason
           FROM claims WHERE ip << $1::inet ORDER BY ip, id`,
          [`${base}.0/24`],
        );
      const kept = async (): Promise<string[]> => {
        const { items } = await ask<List<Reservation>>('GET', '/reservations?limit=500');
        return items
          .flatMap(({ start, end, note }) => {
            const [first, last] = [start, end].map((text) => Number(text.split('.')[3]));
            return start.startsWith(`${base}.`)
              ? Array.from(
                  { length: (last ?? 0) - (first ?? 0) + 1 },
                  (_, nr) => `${(first ?? 0) + nr} ${note}`,
                )
              : [];
          })
          .toSorted();
      };
      const parts = async (): Promise<Network[]> =>
        (await ask<List<Network>>('GET', '/networks?limit=500&sort=start')).items.filter((network) =>
          network.start.startsWith(`${base}.`),
        );
      const before = { claims: await claims(), kept: await kept(), network: (await parts())[0] };

      for (const at of cuts) {
        const halves = await parts();
        const whole = halves.find(({ start, end }) => {
          const [first, last] = [start, end].map((text) => Number(text.split('.')[3]));
          return (first ?? 0) < at + 100 && at + 100 <= (last ?? 0);
        });
        // Cut there already.
        if (whole === undefined) continue;
        const effect = await ask<NetworkChangeEffect>('POST', pathOf(whole.name, '/split'), { at: ip(at) });
        expect(effect).toMatchObject({ settles: 0, ends: 0, conflicts: 0, notKept: [] });
        await expectAddressesInOrder(book.look);
      }
      expect(await claims()).toEqual(before.claims);
      expect(await kept()).toEqual(before.kept);
      for (;;) {
        const [first, second] = await parts();
        if (first === undefined || second === undefined) break;
        const [from, to] = into === 'lower' ? [second, first] : [first, second];
        const effect = await ask<NetworkChangeEffect>('POST', pathOf(from.name, '/merge'), { into: to.name });
        expect(effect).toMatchObject({ settles: 0, ends: 0, conflicts: 0, notKept: [] });
        await expectAddressesInOrder(book.look);
      }
      expect(await claims()).toEqual(before.claims);
      expect(await kept()).toEqual(before.kept);
      const [after] = await parts();
      const asDeclared = (network: Network | undefined): object => {
        const { id: _, name: __, createdAt: ___, updatedAt: ____, giving = [], ...declared } = network ?? {};
        // Parts that touch are one.
        return {
          ...declared,
          giving: joinRanges(giving.map(({ start, end }) => readSpan(`[${start},${end}]`))),
        };
      };
      expect(asDeclared(after)).toEqual(asDeclared(before.network));
      if (into === 'lower') expect(after?.id).toBe(before.network?.id);
      // And gives out exactly what nothing keeps.
      await expectNoneLost(book.look, [call], [after?.name ?? '']);
    }),
    { numRuns: 15 },
  );
}, 300_000);
