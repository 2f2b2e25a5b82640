import type { CloudAccount, List, Server, SyncRun } from '@wirebook/contract';
import {
  type CuttingProxy,
  type Simulator,
  smallEstate,
  startCuttingProxy,
  startSimulator,
} from '@wirebook/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountInput, waitFor } from '../../packages/controller/test/support/accounts.ts';
import { type Book, openBook } from '../../packages/controller/test/support/book.ts';
import { createTemporaryFolder } from '../../packages/controller/test/support/temporary-folder.ts';
import { createTestDatabase } from '../../packages/controller/test/support/test-database.ts';
import { type ControllerProcess, startControllerProcess } from './support/controller-process.ts';

const readingServers = /<RetrievePropertiesEx [\s\S]*<type>VirtualMachine<\/type>/;
/** Who is gone is found out when the others look: every fifteen seconds, twice at worst. */
const TAKES_LONG = 90_000;

let simulator: Simulator;
let proxy: CuttingProxy;
let folders: { path: string; remove(): Promise<void> }[];
let database: { url: string; drop(): Promise<void> };
let book: Book;
/** Sees what happens while `book` holds a transaction: one that is open sees the activity of its beginning. */
let watcher: Book;
let started: ControllerProcess[];

beforeEach(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
  proxy = await startCuttingProxy({ target: simulator });
  folders = [await createTemporaryFolder(), await createTemporaryFolder()];
  database = await createTestDatabase();
  book = await openBook(database.url);
  watcher = await openBook(database.url);
  started = [];
});
afterEach(async () => {
  for (const controller of started) await controller.kill();
  await book[Symbol.asyncDispose]();
  await watcher[Symbol.asyncDispose]();
  await database.drop();
  for (const folder of folders) await folder.remove();
  await proxy.stop();
  await simulator.stop();
});

/** A controller on the shared database with a data folder of its own; both seal with the same key. */
async function start(folder = 0): Promise<ControllerProcess> {
  const controller = await startControllerProcess({
    cwd: folders[folder]?.path ?? '',
    env: { DATABASE_URL: database.url, WIREBOOK_SECRET_KEY: 'a-key-that-both-have' },
  });
  started.push(controller);
  return controller;
}

async function addAccount(controller: ControllerProcess): Promise<CloudAccount> {
  const added = await controller.call<CloudAccount>('POST', '/api/v1/cloud-accounts', accountInput(proxy));
  expect(added.status, JSON.stringify(added.body)).toBe(201);
  return added.body;
}

async function runs(controller: ControllerProcess): Promise<SyncRun[]> {
  return (await controller.call<List<SyncRun>>('GET', '/api/v1/sync-runs?limit=500')).body.items;
}

/** Waits until the newest run fits. */
function waitForNewest(controller: ControllerProcess, fits: (run: SyncRun) => boolean): Promise<SyncRun> {
  return waitFor(async () => {
    const [newest] = await runs(controller);
    return newest !== undefined && fits(newest) ? newest : undefined;
  });
}

async function expectWholeBook(controller: ControllerProcess): Promise<void> {
  const servers = await controller.call<List<Server>>('GET', '/api/v1/servers?limit=500');
  expect(servers.body.items.map(({ name, nics }) => `${name} ${nics.length}`).toSorted()).toEqual([
    'db-1 2',
    'old-1 1',
    'ubuntu-template 1',
    'web-1 1',
    'web-2 1',
  ]);
  expect(await book.query(`SELECT id FROM sync_runs WHERE state = 'running'`)).toEqual([]);
  expect(await book.query(`SELECT id FROM hosts`)).toHaveLength(1);
}

describe('a controller killed in the middle of a sync', () => {
  test(
    'finds the run at the next start, ends it as interrupted, begins anew by itself and goes on cleanly',
    async () => {
      const first = await start();
      proxy.use({ kind: 'stall', afterBytes: 2_000 }, { whenBody: readingServers });
      await addAccount(first);
      const cut = await waitForNewest(first, ({ phase }) => phase === 'servers');
      await first.kill();
      expect(await book.query(`SELECT id FROM servers`)).toEqual([]);
      proxy.pass();

      const next = await start();
      const resumed = await waitForNewest(next, ({ id, state }) => id !== cut.id && state !== 'running');
      expect(resumed).toMatchObject({ trigger: 'resume', state: 'succeeded', counts: { servers: 5 } });
      expect((await runs(next)).find(({ id }) => id === cut.id)).toMatchObject({
        state: 'failed',
        failure: { code: 'interrupted' },
      });
      await expectWholeBook(next);
      const account = await next.call<CloudAccount>('GET', '/api/v1/cloud-accounts/lab');
      expect(account.body).toMatchObject({ status: 'ok', lastSync: { id: resumed.id } });
      expect(await next.stop()).toMatchObject({ code: 0 });
    },
    TAKES_LONG,
  );

  test(
    'while it writes leaves all or nothing',
    async () => {
      const first = await start();
      // Whoever holds the account holds up the transaction that writes the run.
      await book.query('BEGIN');
      await book.query('LOCK TABLE nics IN EXCLUSIVE MODE');
      await addAccount(first);
      await waitFor(async () => {
        const waiting = await watcher.query(`SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%nics%'`);
        return waiting.length > 0 ? true : undefined;
      });
      await first.kill();
      await book.query('COMMIT');
      const next = await start();
      await waitForNewest(next, ({ trigger, state }) => trigger === 'resume' && state === 'succeeded');
      await expectWholeBook(next);
    },
    TAKES_LONG,
  );

  test(
    'while the end of the run is written, leaves neither: the book and that the run succeeded come together',
    async () => {
      const first = await start();
      await book.query(`CREATE TABLE hold (id int)`);
      // All is written but the run's end, which waits: nothing of it may show yet.
      await book.query(`CREATE FUNCTION hold_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.state = 'succeeded' THEN LOCK TABLE hold; END IF; RETURN NEW; END $$`);
      await book.query(
        `CREATE TRIGGER hold_end BEFORE UPDATE ON sync_runs FOR EACH ROW EXECUTE FUNCTION hold_end()`,
      );
      await book.query('BEGIN');
      await book.query('LOCK TABLE hold');
      await addAccount(first);
      await waitFor(async () => {
        const waiting = await watcher.query(`SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ILIKE '%sync_runs%'`);
        return waiting.length > 0 ? true : undefined;
      });
      expect(await watcher.query(`SELECT id FROM servers`)).toHaveLength(0);
      await first.kill();
      // A statement that is on its way is carried out though its sender is gone: this one never arrived.
      await watcher.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      await book.query('COMMIT');
      await book.query('DROP TRIGGER hold_end ON sync_runs');
      expect(await watcher.query(`SELECT id FROM servers`)).toHaveLength(0);
      const next = await start();
      await waitForNewest(next, ({ trigger, state }) => trigger === 'resume' && state === 'succeeded');
      await expectWholeBook(next);
    },
    TAKES_LONG,
  );
});

describe('two controllers on one database', () => {
  test('both serve, and a sync asked of either runs once', async () => {
    const [one, other] = [await start(0), await start(1)];
    await addAccount(one);
    const first = await waitForNewest(other, ({ state }) => state === 'succeeded');
    proxy.use({ kind: 'stall', afterBytes: 2_000 }, { whenBody: readingServers });
    const asked = await Promise.all(
      [one, other, one, other].map((controller) =>
        controller.call<SyncRun>('POST', '/api/v1/cloud-accounts/lab/sync', {}),
      ),
    );
    expect(asked.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(new Set(asked.map(({ body }) => body.id)).size).toBe(1);
    const [run] = asked;
    await waitForNewest(one, ({ phase }) => phase === 'servers');
    expect((await runs(other)).filter(({ state }) => state === 'running')).toHaveLength(1);
    // Cancelled through the one that may not be running it.
    for (const controller of [one, other]) {
      await controller.call('POST', `/api/v1/sync-runs/${run?.body.id}/cancel`);
    }
    await waitForNewest(one, ({ id, state }) => id === run?.body.id && state === 'cancelled');
    expect(await runs(one)).toHaveLength(2);
    expect((await runs(one)).at(-1)?.id).toBe(first.id);
    await expectWholeBook(one);
  });

  test(
    'are one when the one that runs a sync is killed: the other takes over',
    async () => {
      const controllers = [await start(0), await start(1)];
      const [one, other] = controllers;
      if (one === undefined || other === undefined) throw new Error('two controllers were to be started');
      proxy.use({ kind: 'stall', afterBytes: 2_000 }, { whenBody: readingServers });
      await addAccount(one);
      const cut = await waitForNewest(one, ({ phase }) => phase === 'servers');
      const [holder] = await book.query<{ pid: number }>(
        `SELECT c.pid FROM sync_runs r JOIN controllers c ON c.id = r.controller_id WHERE r.id = $1`,
        [cut.id],
      );
      const runner = controllers.find(({ pid }) => pid === holder?.pid);
      const survivor = controllers.find(({ pid }) => pid !== holder?.pid);
      if (runner === undefined || survivor === undefined) throw new Error('nobody runs the sync');
      await runner.kill();
      proxy.pass();
      const resumed = await waitForNewest(survivor, ({ id, state }) => id !== cut.id && state !== 'running');
      expect(resumed).toMatchObject({ trigger: 'resume', state: 'succeeded' });
      await expectWholeBook(survivor);
      expect(await book.query('SELECT pid FROM controllers')).toEqual([{ pid: survivor.pid }]);
    },
    TAKES_LONG,
  );

  test(
    'are one when the one that runs a sync is stopped: the other takes over',
    async () => {
      const controllers = [await start(0), await start(1)];
      const [one] = controllers;
      if (one === undefined) throw new Error('a controller was to be started');
      proxy.use({ kind: 'stall', afterBytes: 2_000 }, { whenBody: readingServers });
      await addAccount(one);
      const cut = await waitForNewest(one, ({ phase }) => phase === 'servers');
      const [holder] = await book.query<{ pid: number }>(
        `SELECT c.pid FROM sync_runs r JOIN controllers c ON c.id = r.controller_id WHERE r.id = $1`,
        [cut.id],
      );
      const runner = controllers.find(({ pid }) => pid === holder?.pid);
      const survivor = controllers.find(({ pid }) => pid !== holder?.pid);
      if (runner === undefined || survivor === undefined) throw new Error('nobody runs the sync');
      proxy.pass();
      expect(await runner.stop()).toMatchObject({ code: 0 });
      await waitForNewest(survivor, ({ id, state }) => id !== cut.id && state === 'succeeded');
      await expectWholeBook(survivor);
    },
    TAKES_LONG,
  );
});
