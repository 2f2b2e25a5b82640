import type { Server } from '@wirebook/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { ChangingLab } from '../../packages/controller/test/operations/changing-lab.ts';
import { awkwardName, startServerLab } from './support/server-lab.ts';
import { test } from './support/test.ts';

let lab: ChangingLab;

beforeAll(async () => {
  lab = await startServerLab();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

async function pathOf(server: string): Promise<string> {
  return `/servers/${(await lab.server(server)).id}`;
}

/** The operation that the page went to; it must succeed. */
async function expectOperation(page: Page, kind: string): Promise<void> {
  await page.waitForURL(/\/operations\/[0-9a-f-]{36}$/);
  const id = page.url().split('/').at(-1) ?? '';
  const { body } = await lab.controller.call('GET', `/api/v1/operations/${id}`);
  expect(body['kind']).toBe(kind);
  const ended = await lab.ended(lab.show(id));
  expect(ended).toMatchObject({ state: 'succeeded', error: null });
}

test('the list of servers shows what each has and what is open, narrows by search and filter, and keeps that in the address', async ({
  openPage,
}) => {
  const page = await openPage(lab.controller, { path: '/servers?q=-1' });
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name }) });
  await row('app-1').getByRole('link', { name: '10.21.0.11' }).waitFor();
  expect(await row('app-1').innerText()).toMatch(/running[\s\S]*app-net[\s\S]*esx-01/);
  expect(await row('mute-1').innerText()).toContain('Tools not installed');
  expect(await row('lost-1').innerText()).toContain('no network holds it');

  await page.getByRole('combobox', { name: 'State' }).selectOption('poweredOff');
  await row('off-1').waitFor();
  await row('app-1').waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('powerState')).toBe('poweredOff');
  await page.reload();
  await row('off-1').waitFor();
  expect(await row('app-1').count()).toBe(0);

  await page.goto('/servers');
  await page.getByRole('textbox', { name: 'Name, IP, MAC or UUID' }).fill('10.22.0.12');
  await row('both-1').waitFor();
  await row('app-1').waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: 'Name, IP, MAC or UUID' }).fill('');
  await page.getByRole('combobox', { name: 'Network', exact: true }).click();
  await page.getByRole('option', { name: /db-net/ }).click();
  await row('both-1').waitFor();
  await page.getByRole('button', { name: 'Take back: Network db-net' }).click();
  await row('mute-1').waitFor();
});

test('one server shows each NIC with its record, why one has none, and what is inside the guest only', async ({
  openPage,
}) => {
  const page = await openPage(lab.controller, { path: await pathOf('both-1') });
  const second = page.getByRole('region', { name: 'Network adapter 2' });
  await second.getByRole('link', { name: '10.22.0.12' }).waitFor();
  expect(await second.innerText()).toMatch(/db-net[\s\S]*VMware Tools/);
  const inside = page.getByRole('region', { name: 'Inside the guest only' });
  expect(await inside.innerText()).toContain('172.17.0.1');

  await page.goto(await pathOf('mute-1'));
  const card = page.getByRole('region', { name: 'Network adapter 1' });
  await card.getByText('VMware Tools are not installed on mute-1.').waitFor();
  await card.getByRole('button', { name: 'Read the account again, once that is done' }).waitFor();

  await page.goto(await pathOf(awkwardName));
  await page.getByRole('heading', { level: 1, name: awkwardName }).waitFor();
  expect(await page.locator('b').count()).toBe(0);
  expect(await page.evaluate(() => document.body.scrollWidth <= innerWidth)).toBe(true);
});

test('an address is said by hand after its dry run, is taken from then on, and can be taken back', async ({
  openPage,
}) => {
  const page = await openPage(lab.controller, { path: await pathOf('mute-1') });
  await page
    .getByRole('region', { name: 'Network adapter 1' })
    .getByRole('button', { name: 'Say its addresses' })
    .click();
  const dialog = page.getByRole('dialog');
  const field = dialog.getByRole('textbox', { name: /Address of Network adapter 1/ });
  await field.fill('10.99.0.1');
  await dialog.getByRole('alert').waitFor();
  expect(await lab.records('mute-1')).toEqual([]);
  await field.fill('10.21.0.40');
  await dialog.getByRole('row', { name: /10\.21\.0\.40 app-net gets it/ }).waitFor();
  expect(await lab.records('mute-1')).toEqual([]);
  await dialog.getByRole('button', { name: 'Apply 1 change' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('link', { name: '10.21.0.40' }).waitFor();
  expect((await lab.nics('mute-1'))[0]?.records).toMatchObject([{ ip: '10.21.0.40', source: 'manual' }]);

  await page.getByRole('button', { name: 'Say its addresses' }).first().click();
  await dialog.getByRole('checkbox', { name: 'Take back what was fixed by hand' }).check();
  await dialog.getByRole('row', { name: /10\.21\.0\.40 app-net loses it/ }).waitFor();
  await dialog.getByRole('button', { name: 'Apply 1 change' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await lab.records('mute-1')).toEqual([]);
});

test('the button beside a reason shows what would come of it, and mends it', async ({ openPage }) => {
  const page = await openPage(lab.controller, { path: await pathOf('lost-1') });
  await page.getByRole('button', { name: 'Make the network 10.77.0.0/24 on "bare"' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('lost-1').first().waitFor();
  expect(await lab.records('lost-1')).toEqual([]);
  await dialog.getByRole('button', { name: 'Make the network 10.77.0.0/24 on "bare"' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page
    .getByRole('region', { name: 'Network adapter 1' })
    .getByRole('row', { name: /10\.77\.0\.5.*VMware Tools/ })
    .waitFor();
  expect(await lab.records('lost-1')).toEqual(['10.77.0.5']);
});

test('a NIC is attached, changed and detached, each after its dry run, and then the operation is shown', async ({
  openPage,
}) => {
  const page = await openPage(lab.controller, { path: await pathOf('off-1') });
  await page.getByRole('button', { name: 'Attach a NIC' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Network' }).fill('db-');
  await dialog.getByRole('option', { name: /db-net/ }).click();
  await dialog.getByRole('textbox', { name: 'Address' }).fill('10.22.0.50');
  await dialog.getByText('It gets 10.22.0.50/24 of "db-net".').waitFor();
  expect(await lab.nics('off-1')).toHaveLength(1);
  await dialog.getByRole('button', { name: 'Attach a NIC' }).click();
  await expectOperation(page, 'attach_nic');
  expect(await lab.records('off-1', 1)).toEqual(['10.22.0.50']);

  await page.goto(await pathOf('off-1'));
  await page.getByRole('button', { name: 'Detach Network adapter 2' }).click();
  await dialog.getByText('Becomes free: 10.22.0.50 (db-net)').waitFor();
  await dialog.getByRole('button', { name: 'Detach the NIC' }).click();
  await expectOperation(page, 'detach_nic');
  expect((await lab.nics('off-1')).filter(({ missingSince }) => missingSince === null)).toHaveLength(1);

  const fixed = await lab.controller.call('POST', '/api/v1/servers/off-2/fix-nics', { ips: ['10.21.0.60'] });
  expect(fixed.status).toBe(200);
  await page.goto(await pathOf('off-2'));
  await page.getByRole('button', { name: 'Change' }).click();
  await dialog.getByRole('textbox', { name: 'Address' }).fill('10.21.0.61');
  await dialog.getByText('Becomes free: 10.21.0.60 (app-net)').waitFor();
  expect(await lab.records('off-2')).toEqual(['10.21.0.60']);
  await dialog.getByRole('button', { name: 'Change the NIC' }).click();
  await expectOperation(page, 'change_nic');
  expect(await lab.records('off-2')).toEqual(['10.21.0.61']);
});

test('a running server is deleted only once powering it off is agreed to', async ({ openPage }) => {
  const page = await openPage(lab.controller, { path: await pathOf('app-1') });
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: 'Delete the server' });
  expect(await confirm.getAttribute('aria-disabled')).toBe('true');
  await dialog.getByRole('checkbox', { name: /Power it off first/ }).check();
  await dialog.getByText('Becomes free: 10.21.0.11 (app-net)').waitFor();
  await confirm.click();
  await expectOperation(page, 'delete_server');
  expect((await lab.simulator.listVms()).map(({ name }) => name)).not.toContain('app-1');
  const gone = await lab.controller.call<{ items: Server[] }>(
    'GET',
    '/api/v1/servers?name=app-1&missing=false',
  );
  expect(gone.body.items).toEqual([]);
});
