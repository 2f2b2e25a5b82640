import type { CloudAccount, Event, List, ProblemBody, Server, SyncRun, Wire } from '@wirebook/contract';
import {
  type CuttingProxy,
  secondVcenterEstate,
  type Simulator,
  smallEstate,
  startCuttingProxy,
  startSimulator,
} from '@wirebook/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { findDueAccounts } from '../../src/store/cloud-accounts.ts';
import {
  addAccount,
  beginSync,
  listAll,
  showAccount,
  showRun,
  syncAccount,
  waitFor,
  waitForRun,
} from '../support/accounts.ts';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';

const readingServers = /<RetrievePropertiesEx [\s\S]*<type>VirtualMachine<\/type>/;

let lab: Simulator;
let second: Simulator;
let proxy: CuttingProxy;
let controller: TestController;
let book: Book;
let account: CloudAccount;

beforeAll(async () => {
  lab = await startSimulator({ estate: smallEstate() });
  second = await startSimulator({ estate: secondVcenterEstate() });
  proxy = await startCuttingProxy({ target: lab });
  controller = await startTestController();
  book = await openBook(controller.databaseUrl);
  account = (await addAccount(controller, proxy)).account;
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await controller.stop();
  await proxy.stop();
  await lab.stop();
  await second.stop();
});
afterEach(async () => {
  proxy.pass();
  await lab.clearFaults();
});

/** Holds a sync in the middle of its reading until `cancel`: the reply never comes. */
async function holdSync(body: { dryRun?: boolean } = {}): Promise<SyncRun> {
  proxy.use({ kind: 'stall', afterBytes: 2_000 }, { whenBody: readingServers });
  const run = await beginSync(controller, 'lab', body);
  return waitFor(async () => {
    const shown = await showRun(controller, run.id);
    return shown.phase === 'servers' ? shown : undefined;
  });
}

async function cancel(run: SyncRun): Promise<SyncRun> {
  const answer = await controller.call<SyncRun>('POST', `/api/v1/sync-runs/${run.id}/cancel`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return waitForRun(controller, run.id);
}

describe('two syncs of an account at once', () => {
  test('are one: the second joins the first, whoever asks', async () => {
    const run = await holdSync();
    const others = await Promise.all(Array.from({ length: 10 }, () => beginSync(controller, 'lab')));
    expect(new Set(others.map(({ id }) => id))).toEqual(new Set([run.id]));
    await cancel(run);
    const events = await controller.call<List<Event>>('GET', '/api/v1/events?limit=1');
    expect(events.body.items[0]).toMatchObject({
      action: 'cancel',
      object: { kind: 'sync_run', id: run.id },
    });
  });

  test('asked for ten times at the same moment are one run', async () => {
    const runs = await Promise.all(Array.from({ length: 10 }, () => beginSync(controller, 'lab')));
    const [first] = runs;
    const ended = await waitForRun(controller, first?.id ?? '');
    expect(ended.state).toBe('succeeded');
    // A quick one may end before the last of the ten comes: that one is then the next, and there are never two at a time.
    for (const { id } of runs) await waitForRun(controller, id);
    const [{ overlaps } = { overlaps: -1 }] = await book.query<{ overlaps: number }>(
      `SELECT count(*)::int AS overlaps FROM sync_runs a JOIN sync_runs b ON a.id < b.id AND a.account_id = b.account_id
       AND a.dry_run = b.dry_run AND tstzrange(a.started_at, a.ended_at, '()') && tstzrange(b.started_at, b.ended_at, '()')`,
    );
    expect(overlaps).toBe(0);
  });

  test('of two accounts run side by side', async () => {
    await addAccount(controller, second, { name: 'subsidiary' });
    const held = await holdSync();
    expect(await syncAccount(controller, 'subsidiary')).toMatchObject({ state: 'succeeded' });
    expect(await showRun(controller, held.id)).toMatchObject({ state: 'running' });
    await cancel(held);
    await controller.call('DELETE', '/api/v1/cloud-accounts/subsidiary');
  });
});

describe('a dry run', () => {
  test('shows the plan by object and field, and applies nothing of it', async () => {
    const before = await book.digests();
    await lab.renamePortGroup('web', 'front');
    await lab.setNicConnected('web-2', 4000, false);
    const run = await syncAccount(controller, 'lab', { dryRun: true });
    expect(run).toMatchObject({
      state: 'succeeded',
      dryRun: true,
      counts: { servers: 5 },
      changes: {
        wires: { updated: 1 },
        servers: { updated: 1 },
        nics: { updated: 1 },
        objects: [
          { kind: 'wire', name: 'front', change: 'updated', fields: ['name'] },
          { kind: 'server', name: 'web-2', change: 'updated' },
        ],
      },
    });
    expect(await book.digests()).toEqual(before);
    // It is no complete run: what is listed as the account's last is the last that counted.
    expect((await showAccount(controller, 'lab')).lastSync?.id).not.toBe(run.id);
    const applied = await syncAccount(controller, 'lab');
    expect(applied.changes.objects).toEqual(run.changes.objects);
    await lab.renamePortGroup('web', 'web');
    await lab.setNicConnected('web-2', 4000, true);
    await syncAccount(controller, 'lab');
  });

  test('of what is as it was shows no changes', async () => {
    expect(await syncAccount(controller, 'lab', { dryRun: true })).toMatchObject({
      state: 'succeeded',
      changes: {},
    });
  });

  test('that fails says nothing of the account', async () => {
    proxy.use({ kind: 'replace', status: 503, body: '' }, { whenBody: readingServers });
    expect(await syncAccount(controller, 'lab', { dryRun: true })).toMatchObject({ state: 'failed' });
    expect(await showAccount(controller, 'lab')).toMatchObject({ status: 'ok' });
  });
});

describe('a cancelled sync', () => {
  test('ends soon, keeps nothing, and leaves the account as it was', async () => {
    await lab.renameVm('web-1', 'front-1');
    const before = await book.digests();
    const run = await holdSync();
    const ended = await cancel(run);
    expect(ended).toMatchObject({
      state: 'cancelled',
      phase: 'ended',
      changes: {},
      failure: { code: 'cancelled' },
    });
    expect(ended.failure?.text).not.toBe('');
    expect(await book.digests()).toEqual(before);
    expect(await showAccount(controller, 'lab')).toMatchObject({
      status: 'ok',
      lastSync: { state: 'cancelled' },
    });
    proxy.pass();
    expect(await syncAccount(controller, 'lab')).toMatchObject({
      state: 'succeeded',
      changes: { servers: { updated: 1 } },
    });
    await lab.renameVm('front-1', 'web-1');
    await syncAccount(controller, 'lab');
  });

  test('that has ended already is refused, and so is one that never was', async () => {
    const run = await syncAccount(controller, 'lab');
    const late = await controller.call<ProblemBody>('POST', `/api/v1/sync-runs/${run.id}/cancel`);
    expect(late.body).toMatchObject({ code: 'not_running', status: 409 });
    for (const id of ['00000000-0000-7000-8000-000000000000', 'no-such-run']) {
      const unknown = await controller.call<ProblemBody>('POST', `/api/v1/sync-runs/${id}/cancel`);
      expect(unknown.body).toMatchObject({ code: 'not_found', status: 404 });
    }
  });
});

describe('a run under way', () => {
  /** The events of a run as they come, until it ends. */
  async function* follow(id: string): AsyncGenerator<{ event: string; run: SyncRun }> {
    const response = await fetch(new URL(`/api/v1/sync-runs/${id}/events`, controller.url), {
      headers: { authorization: `Bearer ${controller.token}` },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const message = text.slice(0, end);
        text = text.slice(end + 2);
        const event = /^event: (.*)$/m.exec(message)?.[1];
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (event === undefined || data === undefined) continue;
        const run: SyncRun = JSON.parse(data);
        yield { event, run };
      }
    }
  }

  test('shows its phase and how many of how many, by GET and as events up to the end', async () => {
    const run = await holdSync();
    expect(run).toMatchObject({ state: 'running', phase: 'servers', progress: { done: 0, total: 5 } });
    const seen: { event: string; state: string; phase: string }[] = [];
    for await (const { event, run: shown } of follow(run.id)) {
      seen.push({ event, state: shown.state, phase: shown.phase });
      if (shown.state === 'running' && event === 'progress' && seen.length === 1) await cancel(run);
    }
    expect(seen[0]).toEqual({ event: 'progress', state: 'running', phase: 'servers' });
    expect(seen.at(-1)).toEqual({ event: 'end', state: 'cancelled', phase: 'ended' });
  });

  test('that has ended is told in one event', async () => {
    const run = await syncAccount(controller, 'lab');
    const seen = [];
    for await (const message of follow(run.id)) seen.push(message);
    expect(seen).toEqual([{ event: 'end', run }]);
  });

  test('of another account, or none, has no events', async () => {
    const answer = await controller.call(
      'GET',
      '/api/v1/sync-runs/00000000-0000-7000-8000-000000000000/events',
    );
    expect(answer.status).toBe(404);
  });
});

describe('the history of runs', () => {
  test('keeps each with counts, changes, durations and times, the newest first', async () => {
    const run = await syncAccount(controller, 'lab');
    const runs = await listAll<SyncRun>(controller, '/api/v1/sync-runs?account=lab');
    expect(runs[0]).toEqual(run);
    expect(runs.map(({ startedAt }) => startedAt)).toEqual(
      runs
        .map(({ startedAt }) => startedAt)
        .toSorted()
        .toReversed(),
    );
    expect(run).toMatchObject({
      account: { id: account.id, name: 'lab' },
      kind: 'full',
      counts: { hosts: 1, virtualSwitches: 2, wires: 4, servers: 5, nics: 6 },
      errors: [],
    });
    expect(Date.parse(run.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(run.startedAt));
    for (const spent of Object.values(run.durations)) expect(spent).toBeGreaterThanOrEqual(0);
    const failed = await listAll<SyncRun>(controller, '/api/v1/sync-runs?account=lab&state=cancelled');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ state }) => state === 'cancelled')).toBe(true);
    expect(runs.at(-1)).toMatchObject({ trigger: 'request', changes: { servers: { created: 5 } } });
  });

  test('tells what was last seen when: an address that lasts was seen by the last complete run', async () => {
    const made = await controller.call('POST', '/api/v1/networks', {
      name: 'n',
      wire: 'web',
      cidr: '10.10.20.0/24',
    });
    expect(made.status).toBe(201);
    const run = await syncAccount(controller, 'lab');
    const server = await controller.call<Server>('GET', '/api/v1/servers/web-1');
    expect(server.body.nics[0]?.records[0]?.lastSeenAt).toBe(run.startedAt);
    await controller.call('DELETE', '/api/v1/networks/n');
  });
});

describe('the schedule', () => {
  test('makes an account due when its interval has passed, unless it is disabled or has a run', async () => {
    const { db, close } = openDatabase({ url: controller.databaseUrl, onError: () => undefined });
    try {
      await controller.call('PATCH', '/api/v1/cloud-accounts/lab', { syncEvery: 60 });
      await syncAccount(controller, 'lab');
      const age = (seconds: number): Promise<unknown> =>
        book.query(`UPDATE sync_runs SET started_at = now() - make_interval(secs => $1)`, [seconds]);
      // The controller itself looks every so often and would begin the sync: it must not come first.
      await controller.call('PATCH', '/api/v1/cloud-accounts/lab', { enabled: false });
      await age(61);
      expect(await findDueAccounts(db)).toEqual([]);
      await db.transaction().execute(async (tx) => {
        await tx.updateTable('cloud_accounts').set({ enabled: true }).execute();
        expect(await findDueAccounts(tx)).toEqual([account.id]);
        await tx.updateTable('cloud_accounts').set({ sync_every: 62 }).execute();
        expect(await findDueAccounts(tx)).toEqual([]);
        await tx.updateTable('cloud_accounts').set({ sync_every: 60 }).execute();
        await tx
          .insertInto('sync_runs')
          .values({
            account_id: account.id,
            kind: 'full',
            trigger: 'schedule',
            dry_run: true,
            state: 'succeeded',
            phase: 'ended',
            ended_at: new Date(),
          })
          .execute();
        // A dry run is no sync.
        expect(await findDueAccounts(tx)).toEqual([account.id]);
      });
    } finally {
      await close();
    }
  });

  test('begins a sync by itself, and says so (takes up to the time between two looks)', async () => {
    await controller.call('PATCH', '/api/v1/cloud-accounts/lab', { enabled: true, syncEvery: 60 });
    await book.query(`UPDATE sync_runs SET started_at = now() - interval '1 hour'`);
    const scheduled = await waitFor(async () => {
      const runs = await listAll<SyncRun>(controller, '/api/v1/sync-runs?account=lab&state=succeeded');
      return runs.find(({ trigger, dryRun }) => trigger === 'schedule' && !dryRun);
    });
    expect(scheduled).toMatchObject({ dryRun: false, state: 'succeeded' });
    expect(await listAll<Wire>(controller, '/api/v1/wires')).toHaveLength(2);
  });
});
