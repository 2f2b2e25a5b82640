import type { Operation } from '@wirebook/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  type CreatingLab,
  expectEnd,
  startCreatingLab,
} from '../../packages/controller/test/operations/creating-lab.ts';
import { expectAccessible, forEachLook, test } from './support/test.ts';

/** Servers are made, looked after and taken back in the browser, against a controller and its simulated vCenter. */

let lab: CreatingLab;
beforeAll(async () => {
  lab = await startCreatingLab();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

/** Chooses in one of the fields that search. */
async function choose(page: Page, label: string, name: string): Promise<void> {
  const field = page.getByRole('combobox', { name: label, exact: true });
  await field.click();
  await field.fill(name);
  await page.getByTitle(name, { exact: true }).first().click();
}

const planOf = (page: Page) => page.getByRole('region', { name: 'What it would get' });
const createButton = (page: Page) => page.getByRole('button', { name: /^Create/ });

/** The operation that the page shows by now. */
async function shownOperation(page: Page): Promise<string> {
  await page.waitForURL(/\/operations\/[0-9a-f-]+$/);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

async function operations(): Promise<Operation[]> {
  const { body } = await lab.controller.call<{ items: Operation[] }>('GET', '/api/v1/operations?limit=500');
  return body.items;
}

test('a new server shows its address and every host before anything is made, and is made to its end', async ({
  openPage,
}) => {
  const page = await openPage(lab.controller, { path: '/servers/new' });
  await page.getByText('Choose a template or server first.').first().waitFor();
  await choose(page, 'Template or server to clone', 'ubuntu');
  await choose(page, 'Network', 'web-net');
  // Without a name there is an address to see already, and nothing to press.
  const address = planOf(page).getByRole('link', { name: /^10\.20\.0\.\d+$/ });
  await address.waitFor();
  await page.getByText('Give it a name first.').first().waitFor();
  const hosts = page.getByRole('region', { name: 'Hosts' });
  for (const host of ['esx-01', 'esx-02', 'esx-03']) await hosts.getByRole('link', { name: host }).waitFor();
  await hosts
    .getByRole('row', { name: /esx-04/ })
    .getByText('In maintenance mode.')
    .waitFor();
  expect(await operations()).toEqual([]);
  expect((await lab.simulator.listVms()).map(({ name }) => name)).not.toContain('web-01');

  await page.getByLabel('Name', { exact: true }).fill('web-01');
  const ip = (await address.textContent()) ?? '';
  await page.getByRole('button', { name: `Create web-01 with ${ip}` }).dblclick();
  const id = await shownOperation(page);
  await page.getByRole('heading', { level: 1, name: 'Create web-01' }).waitFor();
  expectEnd(await lab.ended(id), 'succeeded');
  await page.getByText('succeeded').first().waitFor();
  const servers = page.getByRole('region', { name: 'Servers' });
  await servers.getByRole('link', { name: 'web-01' }).waitFor();
  await servers.getByRole('link', { name: ip }).waitFor();
  await page.getByRole('region', { name: 'Steps' }).getByText('Cloned from ubuntu.').waitFor();
  // Pressed twice, made once.
  expect((await operations()).map(({ server }) => server?.name)).toEqual(['web-01']);
  expect(await lab.made(id)).toHaveLength(1);
  await page.goto('/operations?kind=create_server');
  await page.getByRole('table').getByRole('link', { name: 'Create web-01' }).click();
  expect(await shownOperation(page)).toBe(id);
});

test('what is refused stands beside the field that it is about', async ({ openPage }) => {
  expectEnd(
    await lab.create({ name: 'tiny-1', nics: [{ network: 'tiny-net' }], powerOn: false }),
    'succeeded',
  );
  const page = await openPage(lab.controller, { path: '/servers/new?from=ubuntu&network=tiny-net' });
  const nic = page.getByRole('group', { name: 'NIC 1' });
  await page.getByLabel('Name', { exact: true }).fill('tiny-2');
  // The only address of this network is taken.
  await page
    .getByRole('region', { name: 'NICs' })
    .getByText(/"tiny-net" can give 0 addresses/)
    .waitFor();
  expect(await createButton(page).getAttribute('aria-disabled')).toBe('true');
  await choose(page, 'Network', 'web-net');
  await page.getByRole('button', { name: /^Create tiny-2 with/ }).waitFor();

  await nic.getByLabel('Address', { exact: true }).fill('10.20.0.300');
  await nic.getByText('Not an IPv4 or IPv6 address.').waitFor();
  expect(await nic.getByLabel('Address', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  await nic.getByLabel('Address', { exact: true }).fill('');
  await page.getByLabel('CPUs').fill('many');
  await page.getByText('"CPUs" takes a number.').first().waitFor();
  await page.getByLabel('CPUs').fill('2');
  await page.getByRole('button', { name: /^Create tiny-2 with/ }).waitFor();

  await page.goto('/servers/new?from=no-such-template&network=web-net');
  const source = page.getByRole('region', { name: 'The server' });
  await source
    .getByText(/no-such-template/)
    .last()
    .waitFor();
  expect(await createButton(page).getAttribute('aria-disabled')).toBe('true');
});

test('what is typed is neither in the address nor kept by the browser', async ({ openPage }) => {
  const page = await openPage(lab.controller, { path: '/servers/new?from=ubuntu&network=web-net' });
  await page.getByLabel('Name', { exact: true }).fill('web-secret');
  await page.getByText('Guest', { exact: true }).click();
  await page.getByLabel('Password').fill('hunter2-hunter2');
  await page.getByLabel('Script for the first boot').fill('#!/bin/sh\necho hunter2-hunter2');
  await page.getByText('The guest learns its address by: cloud-init.').waitFor();
  const kept = await page.evaluate(() =>
    JSON.stringify([
      location.href,
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      history.state,
    ]),
  );
  expect(kept).not.toContain('hunter2');
});

test('two servers are made at once, each with an address and an operation of its own', async ({
  openPage,
}) => {
  const page = await openPage(lab.controller, { path: '/servers/new?from=ubuntu&network=app-net' });
  await page.getByLabel('Name', { exact: true }).fill('app');
  await page.getByLabel('How many').fill('2');
  for (const name of ['app-1', 'app-2']) await planOf(page).getByRole('cell', { name }).first().waitFor();
  await page.getByRole('button', { name: 'Create 2 servers' }).click();
  const id = await shownOperation(page);
  expectEnd(await lab.ended(id), 'succeeded');
  await page.getByText('2 of 2 servers').waitFor();
  const servers = page.getByRole('region', { name: 'Servers' });
  for (const name of ['app-1', 'app-2']) await servers.getByRole('link', { name }).waitFor();
  await page.getByRole('link', { name: 'Its parts as a list' }).click();
  await page.getByRole('table').getByRole('link', { name: 'Create app-1' }).click();
  await page.getByRole('heading', { level: 1, name: 'Create app-1' }).waitFor();
  await page.getByRole('link', { name: 'Part of an operation that makes several servers' }).click();
  await page.getByRole('heading', { level: 1, name: 'Create servers app' }).waitFor();
});

test('an operation that runs is cancelled, and everything is taken back', async ({ openPage }) => {
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  lab.whenAt({ step: 'clone', moment: 'noted' }, () => {
    reached.resolve();
    return held.promise;
  });
  const begun = await lab.begin({ name: 'regretted', nics: [{ network: 'db-net' }] });
  const page = await openPage(lab.controller, { path: `/operations/${begun.id}` });
  await reached.promise;
  const steps = page.getByRole('region', { name: 'Steps' });
  await steps.getByRole('row', { name: /clone.*done/i }).waitFor();
  await page.getByRole('button', { name: 'Cancel and take back' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel: Create regretted' });
  await dialog.getByText(/deleted in vCenter/).waitFor();
  await dialog.getByRole('button', { name: 'Cancel and take back' }).click();
  await page.getByText('Cancelling was asked for', { exact: false }).waitFor();
  held.resolve();
  expectEnd(await lab.ended(begun.id), 'cancelled');
  await page.getByText('It was cancelled, and everything was taken back').waitFor();
  expect(await lab.made(begun.id)).toEqual([]);
  expect(await page.getByRole('button', { name: 'Cancel and take back' }).count()).toBe(0);
});

test('what a failed operation left is named, and taken back', async ({ openPage }) => {
  await lab.simulator.injectFault({
    method: 'PowerOnVM_Task',
    object: 'kept',
    fault: 'FileFault',
    fields: { file: 'a' },
  });
  const kept = await lab.create({ name: 'kept', nics: [{ network: 'db-net' }], keepOnFailure: true });
  expectEnd(kept, 'failed');
  await lab.simulator.clearFaults();
  const page = await openPage(lab.controller, { path: '/operations?state=failed' });
  await page.getByRole('table').getByRole('link', { name: 'Create kept' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'It failed, and something of it is left' });
  for (const text of [kept.error?.text ?? '', kept.error?.remedy ?? '', ...kept.left.map((one) => one.text)])
    await alert.getByText(text, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Take back what is left' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take back: Create kept' });
  for (const { text } of kept.left) await dialog.getByText(text, { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Take back what is left' }).click();
  await page.getByText('It failed, and everything was taken back').waitFor();
  expectEnd(await lab.ended(kept.id), 'undone');
  expect(await lab.made(kept.id)).toEqual([]);
});

forEachLook(
  'the form and operations are accessible in $language, $theme',
  async ({ language, theme }, { openPage }) => {
    const page = await openPage(lab.controller, {
      language,
      theme,
      path: '/servers/new?from=ubuntu&network=web-net',
    });
    await page.getByRole('row', { name: /esx-04/ }).waitFor();
    for (const folded of await page.locator('details > summary').all()) await folded.click();
    await expectAccessible(page);
    await page.goto('/servers/new?from=ubuntu&network=tiny-net');
    await page.locator('.wb-make-refusal').first().waitFor();
    await expectAccessible(page);
    const [first] = await operations();
    for (const path of ['/operations', `/operations/${first?.id}`]) {
      await page.goto(path);
      await page.getByRole('table').first().waitFor();
      await expectAccessible(page);
    }
  },
);
