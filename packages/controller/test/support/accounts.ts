import type { CloudAccount, SyncRun } from '@wirebook/contract';
import type { Simulator } from '@wirebook/simulator';
import { expect } from 'vitest';
import type { TestController } from './controller.ts';

/** Where an account's vCenter answers: a simulator, or a proxy before one. */
export interface Endpoint {
  readonly url: string;
  readonly certificate: { readonly sha256: string };
}

export const password = 'wirebook-Test-1';

/** What adds the account; everything in `more` wins. */
export function accountInput(
  endpoint: Endpoint,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    name: 'lab',
    url: endpoint.url,
    username: 'administrator@vsphere.local',
    password,
    trust: { sha256: endpoint.certificate.sha256 },
    ...more,
  };
}

/** Adds an account and waits for the sync that begins by itself. Expects it to succeed. */
export async function addAccount(
  controller: TestController,
  endpoint: Endpoint,
  more: Record<string, unknown> = {},
): Promise<{ account: CloudAccount; run: SyncRun }> {
  const added = await controller.call<CloudAccount>(
    'POST',
    '/api/v1/cloud-accounts',
    accountInput(endpoint, more),
  );
  expect(added.status, JSON.stringify(added.body)).toBe(201);
  const { id } = added.body;
  const first = await showAccount(controller, id);
  const run = await waitForRun(controller, first.lastSync?.id ?? '');
  expect(run, JSON.stringify(run)).toMatchObject({ state: 'succeeded', failure: null });
  return { account: await showAccount(controller, id), run };
}

export async function showAccount(controller: TestController, nameOrId: string): Promise<CloudAccount> {
  const answer = await controller.call<CloudAccount>(
    'GET',
    `/api/v1/cloud-accounts/${encodeURIComponent(nameOrId)}`,
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

/** Begins a sync, or joins the one under way; answers the run as it stands then. */
export async function beginSync(
  controller: TestController,
  account: string,
  body: { dryRun?: boolean } = {},
): Promise<SyncRun> {
  const answer = await controller.call<SyncRun>(
    'POST',
    `/api/v1/cloud-accounts/${encodeURIComponent(account)}/sync`,
    body,
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return answer.body;
}

/** Syncs and waits for the end, whatever it is. */
export async function syncAccount(
  controller: TestController,
  account: string,
  body: { dryRun?: boolean } = {},
): Promise<SyncRun> {
  return waitForRun(controller, (await beginSync(controller, account, body)).id);
}

export async function showRun(controller: TestController, id: string): Promise<SyncRun> {
  const answer = await controller.call<SyncRun>('GET', `/api/v1/sync-runs/${id}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

export function waitForRun(controller: TestController, id: string): Promise<SyncRun> {
  return waitFor(async () => {
    const run = await showRun(controller, id);
    return run.state === 'running' ? undefined : run;
  });
}

/** Looks until there is something; the test's own time limit ends a wait for what never comes. */
export async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Waits until the simulator has been called so often since its statistics were reset. */
export function waitForCall(simulator: Simulator, method: string, count = 1): Promise<true> {
  return waitFor(async () => (((await simulator.stats()).calls[method] ?? 0) >= count ? true : undefined));
}

/** All objects of a list, however many pages it has. */
export async function listAll<T>(controller: TestController, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const url = new URL(path, controller.url);
    url.searchParams.set('limit', '500');
    if (cursor !== null) url.searchParams.set('cursor', cursor);
    const answer = await controller.call<{ items: T[]; nextCursor: string | null }>(
      'GET',
      `${url.pathname}${url.search}`,
    );
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    items.push(...answer.body.items);
    cursor = answer.body.nextCursor;
  } while (cursor !== null);
  return items;
}
