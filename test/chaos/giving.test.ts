import type { CloudAccount, GivenAddress } from '@wirebook/contract';
import { type Simulator, startSimulator } from '@wirebook/simulator';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import {
  type AddressBook,
  expectAddressesInOrder,
  expectNoneLost,
  openAddressBook,
} from '../../packages/controller/test/allocation/order.ts';
import { accountInput, waitFor } from '../../packages/controller/test/support/accounts.ts';
import { type Book, openBook } from '../../packages/controller/test/support/book.ts';
import { labEstate, machine } from '../../packages/controller/test/support/lab-estate.ts';
import { createTemporaryFolder } from '../../packages/controller/test/support/temporary-folder.ts';
import { createTestDatabase } from '../../packages/controller/test/support/test-database.ts';
import {
  burst,
  expectNothingHalfDone,
  type Ground,
  openNotebook,
  sessionsOf,
  writeKey,
} from './support/burst.ts';
import { type ControllerProcess, startControllerProcess } from './support/controller-process.ts';

/** Controllers killed while they give addresses: what was acknowledged is there, nothing is half done, and the next one goes on. */

const SERVERS = 150;
const servers = Array.from({ length: SERVERS }, (_, nr) => `mute-${nr}`);

let simulator: Simulator;
let folders: { path: string; remove(): Promise<void> }[];
let database: { url: string; drop(): Promise<void> };
let book: AddressBook;
/** Holds things up. */
let holder: Book;
let started: ControllerProcess[];

beforeAll(async () => {
  simulator = await startSimulator({
    estate: labEstate(servers.map((name) => machine(name, [['web'], ['web']], { tools: 'notInstalled' }))),
  });
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  folders = [await createTemporaryFolder(), await createTemporaryFolder()];
  database = await createTestDatabase();
  book = openAddressBook(database.url);
  holder = await openBook(database.url);
  started = [];
});
afterEach(async () => {
  for (const controller of started) await controller.kill();
  await book[Symbol.asyncDispose]();
  await holder[Symbol.asyncDispose]();
  await database.drop();
  for (const folder of folders) await folder.remove();
});

async function start(folder = 0): Promise<ControllerProcess> {
  const controller = await startControllerProcess({
    cwd: folders[folder]?.path ?? '',
    env: { DATABASE_URL: database.url, WIREBOOK_SECRET_KEY: 'a-key-that-both-have' },
  });
  started.push(controller);
  return controller;
}

/** Kills it, and waits until the database has done with what it had begun. */
async function killWhole(controller: ControllerProcess): Promise<void> {
  await controller.kill();
  await waitFor(async () => ((await sessionsOf(book.look)) === 0 ? true : undefined));
}

const LAST = 150;
const giving = [
  { name: 'up', wire: 'db', prefix: '10.81.1.', policy: 'stepup' },
  { name: 'down', wire: 'db', prefix: '10.81.2.', policy: 'stepdown' },
  { name: 'anyhow', wire: 'spare', prefix: '10.81.3.', policy: 'random' },
  { name: 'six', wire: 'spare', prefix: '2001:db8:81:4::', policy: 'stepup' },
];
const ground: Ground = {
  giving: giving.map(({ name }) => name),
  written: {
    network: 'written',
    // Two halves: by hand, and from files.
    addressOf: (nr) => {
      const at = 1 + (nr % 100_000);
      return `10.82.${(nr >= 100_000 ? 64 : 0) + Math.floor(at / 250)}.${1 + (at % 250)}`;
    },
    servers,
  },
  kept: { network: 'kept', addressOf: (nr) => `10.83.${Math.floor(nr / 250)}.${1 + (nr % 250)}` },
};

async function prepare(controller: ControllerProcess): Promise<void> {
  const { call } = controller;
  const added = await call<CloudAccount>('POST', '/api/v1/cloud-accounts', accountInput(simulator));
  expect(added.status, JSON.stringify(added.body)).toBe(201);
  const make = async (input: Record<string, unknown>): Promise<void> => {
    const made = await call('POST', '/api/v1/networks', input);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  };
  await waitFor(async () => {
    const runs = await book.look(`SELECT FROM sync_runs WHERE state = 'succeeded'`);
    return runs.length > 0 ? true : undefined;
  });
  for (const { name, wire, prefix, policy } of giving) {
    const six = prefix.includes(':');
    await make({
      name,
      wire,
      start: `${prefix}1`,
      end: `${prefix}${LAST.toString(six ? 16 : 10)}`,
      prefixLength: six ? 64 : 24,
      allocationPolicy: policy,
      restingSeconds: 0,
    });
  }
  await make({ name: 'written', wire: 'web', cidr: '10.82.0.0/16', giving: 'none' });
  await make({ name: 'kept', wire: 'web', cidr: '10.83.0.0/16' });
}

const CALLERS = 32;
/** Processes are started anew several times, each time on a machine that may be busy. */
const TAKES_LONG = 120_000;

type Request_ = [method: string, path: string, body: object];
const sixth = (nr: number): string => `2001:db8:81:4::${nr.toString(16)}`;
const fixRows = servers.flatMap((server, nr) =>
  [0, 1].map((card) => ({ server, ip: ground.written.addressOf(2 * nr + card) })),
);
const holderRows = Array.from({ length: 300 }, (_, nr) => ({
  ip: ground.written.addressOf(nr),
  name: `printer ${nr}`,
}));

/** Everything that a request which never came to its end must leave as it was. */
async function contents(): Promise<Record<string, string>> {
  const { claims, reservations, freed_addresses, network_frontiers, nic_reasons } = await holder.digests();
  const [events] = await book.look<{ count: string }>(`SELECT count(*) FROM events`);
  return {
    claims: claims ?? '',
    reservations: reservations ?? '',
    freed: freed_addresses ?? '',
    reached: network_frontiers ?? '',
    reasons: nic_reasons ?? '',
    events: events?.count ?? '',
  };
}

describe('controllers killed in the middle of giving, releasing, claiming, fixing, importing and keeping back', () => {
  test(
    'again and again: what was acknowledged is there, nothing is half done, a key keeps its address, none is lost',
    async () => {
      const notebook = openNotebook();
      await prepare(await start());
      for (let life = 1; life <= 2; life += 1) {
        const controller = started.at(-1);
        if (controller === undefined) throw new Error('nobody was started');
        let answers = 0;
        let killed: Promise<void> | undefined;
        await Promise.all(
          Array.from({ length: CALLERS }, (_, caller) =>
            burst(controller.call, {
              caller: caller + life,
              times: 1000,
              ground,
              notebook,
              onAnswer: () => {
                answers += 1;
                if (answers === 150) killed = killWhole(controller);
              },
            }),
          ),
        );
        await killed;
        expect(notebook.asked.filter((one) => one.answer === 'unanswered').length).toBeGreaterThan(0);
        await expectNothingHalfDone(book.look, notebook);
        await expectAddressesInOrder(book.look);
        const next = await start();
        for (const network of ground.giving) {
          for (let key = 0; key < 6; key += 1) {
            const answer = await next.call<GivenAddress>(
              'PUT',
              `/api/v1/networks/${network}/claims/key%20${key}`,
              {},
            );
            if (answer.status < 300) writeKey(notebook, `${network} key ${key}`, answer.body);
          }
        }
        await expectNothingHalfDone(book.look, notebook);
      }
      const last = started.at(-1);
      if (last === undefined) throw new Error('nobody was started');
      await expectNoneLost(book.look, [last.call], ground.giving);
    },
    TAKES_LONG,
  );

  test(
    'one of two: the other goes on, and neither gave an address of the other',
    async () => {
      const [one, other] = [await start(0), await start(1)];
      await prepare(one);
      const notebook = openNotebook();
      let answers = 0;
      let killed: Promise<void> | undefined;
      await Promise.all(
        Array.from({ length: CALLERS }, (_, caller) =>
          burst(caller % 2 === 0 ? one.call : other.call, {
            caller,
            // Those of the one end with it; the others do so much and no more.
            times: caller % 2 === 0 ? 1000 : 14,
            ground,
            notebook,
            onAnswer: () => {
              answers += 1;
              if (answers === 150) killed = one.kill();
            },
          }),
        ),
      );
      await killed;
      await waitFor(async () => {
        const open = await book.look(`SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND application_name LIKE 'wirebook%' AND (state = 'active' OR state LIKE 'idle in transaction%')
        AND query NOT ILIKE '%graphile_worker%'`);
        return open.length === 0 ? true : undefined;
      });
      await expectNothingHalfDone(book.look, notebook);
      await expectAddressesInOrder(book.look);
      await expectNoneLost(book.look, [other.call], ground.giving);
    },
    TAKES_LONG,
  );

  test.each([
    {
      what: 'an import of fixes of hundreds of addresses',
      first: [],
      requests: [['POST', '/imports/fixes', { rows: fixRows }]],
      touched: [],
    },
    {
      what: 'an import of hundreds of holders',
      first: [],
      requests: [['POST', '/imports/addresses', { rows: holderRows }]],
      touched: [],
    },
    {
      what: 'giving one, giving many, a claim by key, a release of many, a fix of two and a reservation',
      // What is found beyond what was asked is given another way than what is looked for.
      first: [
        ['POST', '/networks/up/allocate', { count: 3 }],
        ['POST', '/networks/six/allocate', { count: 20 }],
      ],
      requests: [
        ['POST', '/networks/up/allocate', {}],
        ['POST', '/networks/down/allocate', { count: 50 }],
        ['PUT', '/networks/anyhow/claims/printer', {}],
        ['POST', '/networks/six/release', { ips: Array.from({ length: 20 }, (_, nr) => sixth(nr + 1)) }],
        ['POST', `/servers/${servers[0]}/fix-nics`, { ips: ['10.82.0.1', '10.82.0.2'] }],
        ['POST', '/reservations', { network: 'kept', start: '10.83.0.9' }],
      ],
      touched: ground.giving,
    },
  ] satisfies { what: string; first: Request_[]; requests: Request_[]; touched: readonly string[] }[])(
    'held up in the middle of $what, leave nothing of it; the next one does it whole',
    async ({ first, requests, touched }) => {
      const controller = await start();
      await prepare(controller);
      for (const [method, path, body] of first) {
        const answer = await controller.call(method, `/api/v1${path}`, body);
        expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      }
      const before = await contents();
      // Every change is written into the trail, which comes late: what comes before it has been done by then.
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE events IN EXCLUSIVE MODE');
      const asked: Promise<string>[] = [];
      for (const [method, path, body] of requests) {
        asked.push(
          controller.call(method, `/api/v1${path}`, body).then(
            () => 'answered',
            () => 'unanswered',
          ),
        );
        // One after another: those that come at once may be settled together.
        await waitFor(async () => {
          const waiting = await book.look(`SELECT FROM pg_stat_activity WHERE datname = current_database()
            AND wait_event_type = 'Lock' AND query ILIKE ANY (ARRAY['%events%', '%claim_found%'])`);
          return waiting.length === asked.length ? true : undefined;
        });
      }
      await controller.kill();
      expect(new Set(await Promise.all(asked))).toEqual(new Set(['unanswered']));
      // A statement that is on its way is carried out though its sender is gone: these never arrived.
      await book.look(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      await holder.query('COMMIT');
      await waitFor(async () => ((await sessionsOf(book.look)) === 0 ? true : undefined));
      expect(await contents()).toEqual(before);

      const next = await start();
      for (const [method, path, body] of requests) {
        const answer = await next.call(method, `/api/v1${path}`, body);
        expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      }
      await expectAddressesInOrder(book.look);
      await expectNoneLost(book.look, [next.call], touched);
    },
    TAKES_LONG,
  );
});
