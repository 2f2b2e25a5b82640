import type { CloudAccount, List, ProblemBody, Server, SyncRun } from '@wirebook/contract';
import {
  type CuttingProxy,
  type Simulator,
  smallEstate,
  startCuttingProxy,
  startSimulator,
} from '@wirebook/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountInput, waitFor } from '../../packages/controller/test/support/accounts.ts';
import {
  endpointOf,
  type Relay,
  startRelay,
  throughPort,
} from '../../packages/controller/test/support/relay.ts';
import { createTemporaryFolder } from '../../packages/controller/test/support/temporary-folder.ts';
import { createTestDatabase } from '../../packages/controller/test/support/test-database.ts';
import { type ControllerProcess, startControllerProcess } from './support/controller-process.ts';

const readingServers = /<RetrievePropertiesEx [\s\S]*<type>VirtualMachine<\/type>/;
const AWAY_MS = 10_000;
const TAKES_LONG = 90_000;

let simulator: Simulator;
let proxy: CuttingProxy;
let folder: { path: string; remove(): Promise<void> };
let database: { url: string; drop(): Promise<void> };
let relay: Relay;
let controller: ControllerProcess;

interface Readiness {
  status: string;
  reasons: { part: string; text: string }[];
}

beforeAll(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
  proxy = await startCuttingProxy({ target: simulator });
  folder = await createTemporaryFolder();
  database = await createTestDatabase();
  relay = await startRelay(endpointOf(database.url));
  controller = await startControllerProcess({
    cwd: folder.path,
    env: { DATABASE_URL: throughPort(database.url, relay.port) },
  });
  const added = await controller.call<CloudAccount>('POST', '/api/v1/cloud-accounts', accountInput(proxy));
  expect(added.status).toBe(201);
  await waitForRun(({ state }) => state === 'succeeded');
});
afterAll(async () => {
  await controller.kill();
  await relay[Symbol.asyncDispose]();
  await database.drop();
  await folder.remove();
  await proxy.stop();
  await simulator.stop();
});

function waitForRun(fits: (run: SyncRun) => boolean): Promise<SyncRun> {
  return waitFor(async () => {
    const { body } = await controller.call<List<SyncRun>>('GET', '/api/v1/sync-runs?limit=1');
    const [newest] = body.items;
    return newest !== undefined && fits(newest) ? newest : undefined;
  });
}

/** Takes the database away for ten seconds, and looks at what the controller says meanwhile. */
async function takeDatabaseAway(): Promise<void> {
  await relay.cut();
  const until = Date.now() + AWAY_MS;
  const ready = await waitFor(async () => {
    const answer = await controller.call<Readiness>('GET', '/readyz');
    return answer.body.reasons.length === 2 ? answer : undefined;
  });
  expect(ready).toMatchObject({
    status: 503,
    body: { status: 'not_ready', reasons: [{ part: 'database' }, { part: 'workers' }] },
  });
  for (const { text } of ready.body.reasons) expect(text).not.toBe('');
  while (Date.now() < until) {
    expect(await controller.call('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    for (const [method, path] of [
      ['GET', '/api/v1/servers'],
      ['GET', '/api/v1/cloud-accounts/lab'],
      ['POST', '/api/v1/cloud-accounts/lab/sync'],
    ] as const) {
      const answer = await controller.call<ProblemBody>(method, path, method === 'POST' ? {} : undefined);
      expect(answer).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
      expect(answer.body.remedy).not.toBe('');
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await relay.restore();
  await waitFor(async () => ((await controller.call('GET', '/readyz')).status === 200 ? true : undefined));
}

describe('a database that is gone for ten seconds', () => {
  test(
    'is told as such, and afterwards everything goes on by itself, a sync too',
    async () => {
      await takeDatabaseAway();
      const servers = await controller.call<List<Server>>('GET', '/api/v1/servers');
      expect(servers.body.items).toHaveLength(5);
      const run = await controller.call<SyncRun>('POST', '/api/v1/cloud-accounts/lab/sync', {});
      expect(run.status).toBe(202);
      expect(await waitForRun(({ id, state }) => id === run.body.id && state !== 'running')).toMatchObject({
        state: 'succeeded',
        changes: {},
      });
      expect(controller.output()).not.toContain('UnhandledPromiseRejection');
    },
    TAKES_LONG,
  );

  test(
    'in the middle of a sync interrupts it; it begins anew by itself',
    async () => {
      proxy.use({ kind: 'stall', afterBytes: 2_000 }, { whenBody: readingServers });
      const begun = await controller.call<SyncRun>('POST', '/api/v1/cloud-accounts/lab/sync', {});
      await waitForRun(({ id, phase }) => id === begun.body.id && phase === 'servers');
      await takeDatabaseAway();
      proxy.pass();
      const resumed = await waitForRun(({ id, state }) => id !== begun.body.id && state !== 'running');
      expect(resumed).toMatchObject({ trigger: 'resume', state: 'succeeded', changes: {} });
      const cut = await controller.call<SyncRun>('GET', `/api/v1/sync-runs/${begun.body.id}`);
      expect(cut.body).toMatchObject({ state: 'failed', failure: { code: 'interrupted' } });
    },
    TAKES_LONG,
  );
});
