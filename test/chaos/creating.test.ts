import type { CloudAccount, List, Network, Operation } from '@wirebook/contract';
import { type Simulator, smallEstate, startSimulator } from '@wirebook/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountInput, waitFor } from '../../packages/controller/test/support/accounts.ts';
import { type Book, openBook } from '../../packages/controller/test/support/book.ts';
import { expectBothWorldsAgree } from '../../packages/controller/test/support/both-worlds.ts';
import { createTemporaryFolder } from '../../packages/controller/test/support/temporary-folder.ts';
import { createTestDatabase } from '../../packages/controller/test/support/test-database.ts';
import { type ControllerProcess, startControllerProcess } from './support/controller-process.ts';

const TAKES_LONG = 120_000;
const COUNT = 4;

let simulator: Simulator;
let folder: { path: string; remove(): Promise<void> };
let database: { url: string; drop(): Promise<void> };
let book: Book;
let started: ControllerProcess[];

beforeEach(async () => {
  simulator = await startSimulator({ estate: smallEstate() });
  // Long enough for a death to fall into any of them.
  for (const method of [
    'CloneVM_Task',
    'ReconfigVM_Task',
    'CustomizeVM_Task',
    'PowerOnVM_Task',
    'Destroy_Task',
  ])
    await simulator.setTaskDuration({ method, ms: 150 });
  await simulator.setGuestBehaviour({ outcome: 'reports', delayMs: 200 });
  folder = await createTemporaryFolder();
  database = await createTestDatabase();
  book = await openBook(database.url);
  started = [];
});
afterEach(async () => {
  for (const controller of started) await controller.kill();
  await book[Symbol.asyncDispose]();
  await database.drop();
  await folder.remove();
  await simulator.stop();
});

async function start(): Promise<ControllerProcess> {
  const controller = await startControllerProcess({
    cwd: folder.path,
    env: { DATABASE_URL: database.url, WIREBOOK_SECRET_KEY: 'a-key-that-outlives-them' },
  });
  started.push(controller);
  return controller;
}

/** A controller that has read the vCenter and has a network to give from. */
async function startWithNetwork(): Promise<ControllerProcess> {
  const controller = await start();
  const added = await controller.call<CloudAccount>(
    'POST',
    '/api/v1/cloud-accounts',
    accountInput(simulator),
  );
  expect(added.status, JSON.stringify(added.body)).toBe(201);
  await waitFor(async () => {
    const { body } = await controller.call<CloudAccount>('GET', '/api/v1/cloud-accounts/lab');
    return body.lastCompleteSyncAt === null ? undefined : body;
  });
  const made = await controller.call<Network>('POST', '/api/v1/networks', {
    name: 'web',
    wire: 'web',
    cidr: '10.10.20.0/24',
    gateway: '10.10.20.1',
    giving: 'all',
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return controller;
}

const request = {
  name: 'made',
  from: 'ubuntu-template',
  nics: [{ network: 'web' }],
  memoryMib: 512,
  count: COUNT,
};
const headers = { 'idempotency-key': 'these-four' };

async function waitForEnd(controller: ControllerProcess, id: string): Promise<Operation> {
  return waitFor(async () => {
    const { body } = await controller.call<Operation>('GET', `/api/v1/operations/${id}`);
    return body.state === 'queued' || body.state === 'running' ? undefined : body;
  });
}

/** Kills a controller as soon as so many steps of the operations have been begun. */
async function killAfterSteps(controller: ControllerProcess, steps: number): Promise<void> {
  await waitFor(async () => {
    const rows = await book.query(`SELECT 1 FROM operation_steps WHERE state <> 'pending'`);
    return rows.length >= steps ? true : undefined;
  });
  await controller.kill();
}

const worlds = () => ({
  sql: <T extends object>(text: string) => book.query(text) as Promise<T[]>,
  simulator,
});

test(
  'servers asked for once come up once, however often the controller is killed while it makes them',
  async () => {
    let controller = await startWithNetwork();
    const begun = await controller.call<Operation>('POST', '/api/v1/servers', request, headers);
    expect(begun.status, JSON.stringify(begun.body)).toBe(202);
    // Each server has nine steps; the first is done with the request.
    for (const steps of [2, 4, 6, 8].map((each) => each * COUNT)) {
      await killAfterSteps(controller, steps);
      controller = await start();
      const again = await controller.call<Operation>('POST', '/api/v1/servers', request, headers);
      expect(again.body.id, JSON.stringify(again.body)).toBe(begun.body.id);
    }
    const ended = await waitForEnd(controller, begun.body.id);
    expect(ended, JSON.stringify(ended)).toMatchObject({ state: 'succeeded', error: null });
    const vms = (await simulator.listVms()).filter(({ made }) => made);
    expect(vms.map(({ name }) => name).toSorted()).toEqual(['made-1', 'made-2', 'made-3', 'made-4']);
    await expectBothWorldsAgree(worlds());
    const all = await controller.call<List<Operation>>('GET', '/api/v1/operations');
    expect(all.body.items).toHaveLength(1);
  },
  TAKES_LONG,
);

test(
  'what is cancelled while the controller is killed again and again is gone in the end, with its addresses given back',
  async () => {
    let controller = await startWithNetwork();
    const begun = await controller.call<Operation>('POST', '/api/v1/servers', request, headers);
    await killAfterSteps(controller, 5 * COUNT);
    controller = await start();
    const cancelled = await controller.call('POST', `/api/v1/operations/${begun.body.id}/cancel`);
    expect(cancelled.status).toBe(202);
    await waitFor(async () => {
      const rows = await book.query(`SELECT 1 FROM operation_steps WHERE state IN ('undoing', 'undone')`);
      return rows.length > 0 ? true : undefined;
    });
    await controller.kill();
    controller = await start();
    const ended = await waitForEnd(controller, begun.body.id);
    expect(ended.state, JSON.stringify(ended)).toBe('cancelled');
    expect((await simulator.listVms()).filter(({ made }) => made)).toEqual([]);
    await expectBothWorldsAgree(worlds());
    expect(await book.query(`SELECT ip FROM claims WHERE ended_at IS NULL AND source = 'allocated'`)).toEqual(
      [],
    );
  },
  TAKES_LONG,
);
