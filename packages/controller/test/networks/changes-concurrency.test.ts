import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GivenAddress, List, Network, ProblemBody, SyncRun } from '@wirebook/contract';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AddressBook,
  expectAddressesInOrder,
  expectNoneLost,
  openAddressBook,
} from '../allocation/order.ts';
import { waitFor } from '../support/accounts.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { labEstate, machine } from '../support/lab-estate.ts';

/** Networks are parted, joined and moved while their addresses are given out, taken back and reported. */

let lab: EstateController;
let second: TestController;
let book: AddressBook;
let other: Client;
beforeAll(async () => {
  lab = await startEstateController(
    labEstate([
      machine('wanderer', [['web', '10.73.0.20/24']]),
      machine('settled', [['web', '10.73.0.240/24']]),
      machine('second', [['db', '10.73.0.241/24']]),
    ]),
  );
  second = await startTestController({
    databaseUrl: lab.controller.databaseUrl,
    env: { WIREBOOK_SECRET_KEY: await readFile(join(lab.controller.dataDir, 'secret.key'), 'utf8') },
  });
  book = openAddressBook(lab.controller.databaseUrl);
  other = new Client({ connectionString: lab.controller.databaseUrl });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await book[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

const BASE = '10.73.0';
const CUTS = [60, 120, 180];
const CALLERS = 6;
const ROUNDS = 3;

/** What may be refused beside changes of networks; anything else is a fault. */
const expected: Record<string, readonly string[]> = {
  allocate: ['network_full', 'gives_nothing', 'not_found'],
  wish: ['address_not_free', 'address_outside_network', 'not_found'],
  claim: ['network_full', 'gives_nothing', 'not_found'],
  release: ['address_outside_network', 'record_not_releasable', 'not_found'],
  'delete claim': ['not_found'],
  reserve: ['reservation_outside_range', 'reservation_overlap', 'not_found'],
  unreserve: ['not_found', 'request_in_progress'],
  split: ['cut_outside_range', 'not_found'],
  merge: ['keys_in_both', 'network_between', 'not_found', 'invalid_input'],
  move: ['not_found'],
};

test('what was given stays given, and nothing is given twice or lost, whatever becomes of its network', async () => {
  await lab.createNetwork({
    name: 'part',
    wire: 'web',
    start: `${BASE}.10`,
    end: `${BASE}.250`,
    prefixLength: 24,
    restingSeconds: 0,
  });
  const answers = new Map<string, number>();
  const faults: string[] = [];
  const told = new Map<string, { ip: string; key: string | null; letGo: boolean }>();
  const work = { changing: true };
  const networks = async (): Promise<Network[]> =>
    (await lab.controller.call<List<Network>>('GET', '/api/v1/networks?limit=500&sort=start')).body.items;
  const ask = async <T>(
    call: TestController['call'],
    what: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: T & ProblemBody }> => {
    const answer = await call<T & ProblemBody>(method, `/api/v1${path}`, body);
    const refused = answer.status < 300 ? '' : ` ${answer.body.code}`;
    answers.set(`${what}${refused}`, (answers.get(`${what}${refused}`) ?? 0) + 1);
    if (refused !== '' && !expected[what]?.includes(answer.body.code))
      faults.push(`${what}: ${JSON.stringify(answer.body)}`);
    return answer;
  };

  const caller = async (nr: number): Promise<void> => {
    const { call } = nr % 2 === 0 ? lab.controller : second;
    const own: { id: string; ip: string }[] = [];
    const write = (items: readonly GivenAddress[]): void => {
      for (const { id, ip, key } of items) {
        own.push({ id, ip });
        told.set(id, { ip, key, letGo: false });
      }
    };
    for (let turn = 0; work.changing; turn += 1) {
      const names = (await networks()).map((network) => network.name);
      const name = encodeURIComponent(names[(nr + turn) % names.length] ?? 'part');
      const step = (nr * 7 + turn) % 6;
      if (step < 2) {
        const { status, body } = await ask<{ items: GivenAddress[] }>(
          call,
          'allocate',
          'POST',
          `/networks/${name}/allocate`,
          { count: 1 + (turn % 2) },
        );
        if (status === 201) write(body.items);
      } else if (step === 2) {
        const ip = `${BASE}.${10 + ((nr * 31 + turn * 7) % 230)}`;
        const { status, body } = await ask<{ items: GivenAddress[] }>(
          call,
          'wish',
          'POST',
          `/networks/${name}/allocate`,
          { ip },
        );
        if (status === 201) write(body.items);
      } else if (step === 3) {
        const path = `/networks/${name}/claims/key-${nr % 4}`;
        const { status, body } = await ask<GivenAddress>(call, 'claim', 'PUT', path, {});
        if (status === 201) told.set(body.id, { ip: body.ip, key: body.key, letGo: false });
      } else if (step === 4) {
        const one = own.shift();
        const home = (await networks()).find((network) => holds(network, one?.ip));
        if (one === undefined || home === undefined) continue;
        const entry = told.get(one.id);
        if (entry !== undefined) entry.letGo = true;
        await ask(call, 'release', 'POST', `/networks/${home.id}/release`, { ips: [one.ip] });
      } else {
        const first = 10 + ((nr * 13 + turn * 11) % 230);
        const kept = await ask<{ id: string }>(call, 'reserve', 'POST', '/reservations', {
          network: names[(nr + turn) % names.length],
          start: `${BASE}.${first}`,
          end: `${BASE}.${first + 3}`,
        });
        if (kept.status === 201) await ask(call, 'unreserve', 'DELETE', `/reservations/${kept.body.id}`);
      }
    }
  };
  /** What has a key twice can become one only once one of them is released. */
  const join = async (
    call: TestController['call'],
    id: string | undefined,
    into: string | undefined,
  ): Promise<void> => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { body } = await ask<object>(call, 'merge', 'POST', `/networks/${id}/merge`, { into });
      if (body.code !== 'keys_in_both') return;
      for (const { name: key } of body.objects ?? []) {
        for (const entry of told.values()) if (entry.key === key) entry.letGo = true;
        await ask(call, 'delete claim', 'DELETE', `/networks/${id}/claims/${key}`);
      }
    }
  };
  const changer = async (): Promise<void> => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { call } = round % 2 === 0 ? lab.controller : second;
      for (const cut of CUTS) {
        const whole = (await networks()).find((network) => holds(network, `${BASE}.${cut}`));
        if (whole !== undefined)
          await ask(call, 'split', 'POST', `/networks/${whole.id}/split`, { at: `${BASE}.${cut}` });
      }
      const [first, ...rest] = await networks();
      await Promise.all(
        [first, ...rest].map(async (network, nr) => {
          if (network !== undefined)
            await ask(call, 'move', 'POST', `/networks/${network.id}/move`, {
              wire: (round + nr) % 2 === 0 ? 'db' : 'web',
            });
        }),
      );
      // Two at once, then what is left into the first.
      await Promise.all([join(call, rest[0]?.id, first?.id), join(call, rest[2]?.id, rest[1]?.id)]);
      for (const network of (await networks()).slice(1)) await join(call, network.id, first?.id);
    }
    work.changing = false;
  };
  const syncs = new Set<string>();
  const sync = async (): Promise<void> => {
    for (let octet = 200; work.changing; octet = octet === 219 ? 200 : octet + 1) {
      await lab.simulator.setGuestNet('wanderer', [
        { deviceConfigId: 4000, connected: true, addresses: [{ ip: `${BASE}.${octet}`, prefixLength: 24 }] },
      ]);
      const { body } = await second.call<SyncRun>('POST', `/api/v1/cloud-accounts/${lab.account}/sync`, {});
      const run = await second.waitForRun(body.id);
      syncs.add(String(run.body['state']));
    }
  };
  await Promise.all([changer(), sync(), ...Array.from({ length: CALLERS }, (_, nr) => caller(nr))]);

  expect(faults).toEqual([]);
  expect([...syncs]).toEqual(['succeeded']);
  const done = ['split', 'merge', 'move', 'allocate', 'claim', 'release'].filter((what) => answers.has(what));
  expect(done, JSON.stringify([...answers])).toHaveLength(6);
  await expectAddressesInOrder(book.look);
  const live = new Map(
    (
      await book.look<{ id: string; ip: string }>(
        `SELECT id, host(ip) AS ip FROM claims WHERE ended_at IS NULL`,
      )
    ).map((row) => [row.id, row.ip]),
  );
  expect(
    [...told].filter(([id, { ip, letGo }]) => !letGo && live.get(id) !== ip),
    'told and not kept',
  ).toEqual([]);
  await expectNoneLost(
    book.look,
    [lab.controller.call, second.call],
    (await networks()).map((network) => network.name),
  );
  expect(
    await lab.sql(`SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`),
  ).toEqual([{ deadlocks: 0 }]);
}, 300_000);

function holds(network: Network, ip: string | undefined): boolean {
  const [at, first, last] = [ip, network.start, network.end].map((text) => Number(text?.split('.')[3]));
  return (first ?? 0) <= (at ?? -1) && (at ?? -1) <= (last ?? 0);
}

const waitForWaiting = (statement: string): Promise<true> =>
  waitFor(async () => {
    const waiting = await lab.sql(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE $1`,
      [`%${statement}%`],
    );
    return waiting.length > 0 ? true : undefined;
  });

test('an address that is given back at the moment of the split is noted as let go of in the half that it lies in', async () => {
  await lab.createNetwork({ name: 'let go', wire: 'web', cidr: '10.74.0.0/24', restingSeconds: 0 });
  await lab.controller.call('POST', '/api/v1/networks/let%20go/allocate', { ip: '10.74.0.200' });
  await other.query('BEGIN');
  await other.query(`UPDATE claims SET ended_at = now(), end_reason = 'released' WHERE ip = '10.74.0.200'`);
  const cut = lab.controller.call('POST', '/api/v1/networks/let%20go/split', {
    at: '10.74.0.128',
    name: 'let go, upper',
  });
  await waitForWaiting('FROM claims');
  await other.query('COMMIT');
  expect(await cut).toMatchObject({ status: 200, body: { claims: 0 } });
  expect(
    await lab.sql(`SELECT n.name FROM freed_addresses f LEFT JOIN networks n ON n.id = f.network_id
      WHERE f.ip = '10.74.0.200'`),
  ).toEqual([{ name: 'let go, upper' }]);
});

test('whoever waits for an address of a network that is being split is given one of what is left of it', async () => {
  await lab.createNetwork({
    name: 'waited for',
    wire: 'web',
    cidr: '10.75.0.0/24',
    allocationPolicy: 'stepdown',
  });
  // It has the highest ones in stock now.
  await lab.controller.call('POST', '/api/v1/networks/waited%20for/allocate', {});
  await other.query('BEGIN');
  await other.query(`SELECT FROM networks WHERE name = 'waited for' FOR UPDATE`);
  const cut = second.call('POST', '/api/v1/networks/waited%20for/split', { at: '10.75.0.128' });
  await waitForWaiting('ORDER BY id FOR UPDATE');
  const given = lab.controller.call<{ items: GivenAddress[] }>(
    'POST',
    '/api/v1/networks/waited%20for/allocate',
    {},
  );
  await waitForWaiting('network_frontiers');
  await other.query('COMMIT');
  expect((await cut).status).toBe(200);
  const [address] = (await given).body.items;
  expect(address).toMatchObject({ network: { name: 'waited for' } });
  // Before the split or after it, but never outside of its network.
  await expectAddressesInOrder(book.look);
  const [next] = (
    await lab.controller.call<{ items: GivenAddress[] }>('POST', '/api/v1/networks/waited%20for/allocate', {})
  ).body.items;
  expect(['10.75.0.127', '10.75.0.126']).toContain(next?.ip);
});
