import { smallEstate } from '@wirebook/simulator';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  type EstateController,
  startEstateController,
} from '../../packages/controller/test/support/estate-controller.ts';
import { expectAccessible, forEachLook, test } from './support/test.ts';

let book: EstateController;

beforeAll(async () => {
  book = await startEstateController(smallEstate());
  await book.createNetwork({ name: 'web', cidr: '10.10.20.0/24', wire: 'web' });
});
afterAll(async () => {
  await book?.[Symbol.asyncDispose]();
});

async function accountPath(): Promise<string> {
  const { body } = await book.controller.call('GET', '/api/v1/cloud-accounts/lab');
  return `/accounts/${String(body['id'])}`;
}

async function lastRun(): Promise<string> {
  const { body } = await book.controller.call<{ items: { id: string }[] }>('GET', '/api/v1/sync-runs');
  return body.items[0]?.id ?? '';
}

async function expectAllAccessible(page: Page, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await page.goto(path);
    await page.locator('article[aria-busy=false]').waitFor();
    await page.waitForLoadState('networkidle');
    await expectAccessible(page);
  }
}

forEachLook('accounts are accessible in $language, $theme', async (look, { openPage }) => {
  const page = await openPage(book.controller, { ...look, path: null });
  await expectAllAccessible(page, ['/accounts', await accountPath()]);
});

forEachLook('sync runs are accessible in $language, $theme', async (look, { openPage }) => {
  const page = await openPage(book.controller, { ...look, path: null });
  await expectAllAccessible(page, ['/sync-runs', `/sync-runs/${await lastRun()}`]);
});

test('an account is read while one watches, and the run stands in its list', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: '/accounts' });
  await page
    .getByRole('row', { name: /lab.*in order/ })
    .getByRole('link', { name: 'lab' })
    .click();
  await page.getByRole('heading', { level: 1, name: 'lab' }).waitFor();
  const before = await lastRun();
  await page.getByRole('button', { name: 'Read it now' }).click();
  const watched = page.getByRole('region', { name: 'The sync that you asked for' });
  await watched.getByText('succeeded').first().waitFor();
  const run = await lastRun();
  expect(run).not.toBe(before);
  await watched.getByRole('link', { name: 'All about it' }).click();
  await page.waitForURL(`**/sync-runs/${run}`);
  await page.goto('/sync-runs?state=failed');
  await page.getByText('No sync runs').waitFor();
  await page.getByRole('combobox', { name: 'State' }).selectOption('succeeded');
  await page
    .getByRole('row', { name: /lab.*succeeded/ })
    .first()
    .waitFor();
});

test('a dry run is watched like a run, says that it is one, and leaves the account as it was', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: await accountPath() });
  const read = async (): Promise<unknown> =>
    (await book.controller.call('GET', '/api/v1/cloud-accounts/lab')).body['lastCompleteSyncAt'];
  const before = await read();
  await page.getByRole('button', { name: 'See what reading would change' }).click();
  const watched = page.getByRole('region', { name: 'The sync that you asked for' });
  await watched.getByText('succeeded').first().waitFor();
  await watched.getByRole('link', { name: 'All about it' }).click();
  await page.getByRole('heading', { level: 1, name: 'What a sync of "lab" would change' }).waitFor();
  await page.getByText('A dry run: nothing of this was stored.').waitFor();
  expect(await read()).toBe(before);
});

test('the sign-in of an account is tried, and what is changed of it is stored', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: await accountPath() });
  await page.getByRole('button', { name: 'Test the sign-in' }).click();
  await page.getByText(/lets the account in/).waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'New password' }).fill('not the password');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('textbox', { name: 'New password' }).fill('');
  await dialog.getByRole('spinbutton', { name: 'Seconds between two complete reads' }).fill('7200');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('"lab" is changed.').waitFor();
  const { body } = await book.controller.call('GET', '/api/v1/cloud-accounts/lab');
  expect(body['syncEvery']).toBe(7200);
});

test('an account that networks lie on stays, and the refusal names them; without them it goes', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: await accountPath() });
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/with \d+ servers/).waitFor();
  await dialog.getByRole('button', { name: 'Remove "lab" from Wirebook' }).click();
  await dialog.getByRole('alert').getByRole('link', { name: 'web' }).waitFor();

  const network = await book.network('web');
  const removed = await book.controller.call('DELETE', `/api/v1/networks/${network.id}`);
  expect(removed.status, JSON.stringify(removed.body)).toBeLessThan(300);
  await dialog.getByRole('button', { name: 'Remove "lab" from Wirebook' }).click();
  await page.waitForURL(/\/accounts$/);
  expect((await book.controller.call('GET', '/api/v1/cloud-accounts/lab')).status).toBe(404);
});
