import type { CloudAccount, List, Network, NicSummary } from '@wirebook/contract';
import { demoEstate, type Simulator, startSimulator } from '@wirebook/simulator';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import {
  startTestController,
  type TestController,
} from '../../packages/controller/test/support/controller.ts';
import { expectOnlyCatalogueText } from './support/marked-texts.ts';
import { expectAccessible, forEachLook, test } from './support/test.ts';

/** The machine may be busy with others' tests. */
const PATIENT = { timeout: 60_000 };
const FINGERPRINT = /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/;

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ estate: demoEstate() });
});
afterAll(async () => {
  await simulator.stop();
});

async function typeAddress(page: Page): Promise<void> {
  const { host } = new URL(simulator.url);
  // As people type it: neither scheme nor path.
  await page.getByLabel('Host name or address of the vCenter Server or ESXi host').fill(host);
  await page.getByRole('button', { name: 'Look at its certificate' }).click();
}

async function typeCredentials(page: Page, password: string): Promise<void> {
  await page.getByLabel('User name').fill(simulator.username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'See what it would bring' }).click();
}

test('an empty Wirebook leads to a settled estate in one flow', async ({ openPage }) => {
  await using controller = await startTestController();
  const page = await openPage(controller, { path: '/' });

  await page.waitForURL('**/start');
  await page.getByRole('heading', { name: 'Add a vCenter or ESXi' }).waitFor();
  await typeAddress(page);

  const shown = await page.getByText(FINGERPRINT).innerText();
  expect(shown.replaceAll(':', '').toLowerCase()).toBe(simulator.certificate.sha256);
  await page.getByRole('button', { name: 'It is the same: trust this certificate' }).click();

  await page.getByText('New-VIRole').waitFor();
  await typeCredentials(page, simulator.password);

  await page.getByText('Nothing is stored yet.').waitFor(PATIENT);
  expect((await accountsOf(controller)).total).toBe(0);
  const servers = page.locator('dl div', { hasText: 'servers (VMs)' }).locator('dd');
  expect(Number(await servers.innerText())).toBe(95);
  await page.getByLabel('Name of the account in Wirebook').fill('lab');
  await page.getByRole('button', { name: 'Import it' }).click();

  await page.getByText('Servers: 95 new').waitFor(PATIENT);
  expect(page.url()).toMatch(/account=/);
  expect(page.url()).not.toContain(simulator.password);
  // A reload in the middle loses nothing.
  await page.reload();
  await page.getByRole('button', { name: 'See which networks it has' }).click();

  await page.getByRole('row').nth(1).waitFor(PATIENT);
  await page.getByRole('button', { name: '10.20.20.0/24' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('heading', { name: 'Evidence: who reports what' }).waitFor();
  await drawer.getByLabel('Name').fill('applications');
  await drawer.getByRole('button', { name: 'Keep, and select it' }).click();

  await page.getByRole('button', { name: 'Accept all' }).click();
  const preview = page.getByRole('dialog');
  await preview.getByText('20 networks would be made.').waitFor(PATIENT);
  expect((await networksOf(controller)).total).toBe(0);
  await preview.getByRole('button', { name: 'Accept all' }).click();

  await page.getByText('78 of 95 NICs settled').waitFor(PATIENT);
  const { body: summary } = await controller.call<NicSummary>('GET', '/api/v1/nics/summary');
  expect(summary).toMatchObject({ nics: 95, settled: 78 });
  const made = await networksOf(controller);
  expect(made.total).toBe(20);
  expect(made.items.map(({ name }) => name)).toContain('applications');

  await page.getByRole('link', { name: 'Settle the rest, many at a time' }).click();
  await page.waitForURL('**/unresolved');
}, 240_000);

describe('on the way', () => {
  let controller: TestController;
  beforeAll(async () => {
    controller = await startTestController();
  });
  afterAll(async () => {
    await controller.stop();
  });

  test('an address where nobody answers says so, and nothing is kept', async ({ openPage }) => {
    const page = await openPage(controller, { path: '/start', mayFail: /certificate/ });
    await page.getByLabel('Host name or address of the vCenter Server or ESXi host').fill('127.0.0.1:1');
    await page.getByRole('button', { name: 'Look at its certificate' }).click();
    await page.getByRole('alert').waitFor(PATIENT);
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByLabel('Host name or address of the vCenter Server or ESXi host').waitFor();
    expect((await accountsOf(controller)).total).toBe(0);
  });

  test('a wrong password is refused in words, beside the form that mends it', async ({ openPage }) => {
    const page = await openPage(controller, { path: '/start', mayFail: /preview/ });
    await typeAddress(page);
    await page.getByRole('button', { name: 'It is the same: trust this certificate' }).click();
    await typeCredentials(page, 'wrong');
    const alert = page.getByRole('alert');
    await alert.waitFor(PATIENT);
    expect(await alert.innerText()).not.toContain('wrong');
    await typeCredentials(page, simulator.password);
    await page.getByText('Nothing is stored yet.').waitFor(PATIENT);
  });

  test('a button that cannot be pressed yet says why', async ({ openPage }) => {
    const page = await openPage(controller, { path: '/start' });
    const button = page.getByRole('button', { name: 'Look at its certificate' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('aria-description')).toBe('Say where it is first.');
  });

  test('what a vCenter of the book would bring is shown, and adding it twice is not offered', async ({
    openPage,
  }) => {
    const added = await controller.call<CloudAccount>('POST', '/api/v1/cloud-accounts', {
      name: 'known',
      url: simulator.url,
      username: simulator.username,
      password: simulator.password,
      trust: { sha256: simulator.certificate.sha256 },
    });
    expect(added.status).toBe(201);
    const page = await openPage(controller, { path: '/start' });
    await typeAddress(page);
    await page.getByRole('button', { name: 'It is the same: trust this certificate' }).click();
    await typeCredentials(page, simulator.password);
    await page.getByRole('link', { name: 'known' }).waitFor(PATIENT);
    const button = page.getByRole('button', { name: 'Import it' });
    expect(await button.getAttribute('aria-description')).toContain('known');
  });

  forEachLook(
    'every step is accessible in $language, $theme',
    async (look, { openPage }) => {
      const page = await openPage(controller, { ...look, path: '/start' });
      const fields = page.locator('.wb-start-body input');
      await fields.first().waitFor();
      await expectAccessible(page);
      await fields.first().fill(new URL(simulator.url).host);
      await page.keyboard.press('Enter');
      await page.getByText(FINGERPRINT).waitFor(PATIENT);
      await expectAccessible(page);
      await page.locator('.wb-start-body .ant-btn-primary').click();
      await page.getByText('New-VIRole').waitFor(PATIENT);
      await expectAccessible(page);
      for (const path of ['/proposals', '/accounts', '/sync-runs', '/start?account=known&step=networks']) {
        await page.goto(path);
        await page.locator('article[aria-busy=false]').waitFor();
        await page.waitForLoadState('networkidle');
        await expectAccessible(page);
      }
    },
    240_000,
  );

  test('every text of these pages is from the catalogue or from the controller', async ({ openPage }) => {
    const page = await openPage(controller, { path: null, marked: true });
    const known = ['vcenter.example.com', 'wirebook@vsphere.local', simulator.username, simulator.url];
    for (const path of ['/start', '/proposals', '/accounts', '/sync-runs', '/accounts/known']) {
      await page.goto(path);
      await page.locator('article[aria-busy=false]').waitFor();
      await page.waitForLoadState('networkidle');
      await expectOnlyCatalogueText(page, known);
    }
  });
});

async function accountsOf(controller: TestController): Promise<List<CloudAccount>> {
  return (await controller.call<List<CloudAccount>>('GET', '/api/v1/cloud-accounts')).body;
}

async function networksOf(controller: TestController): Promise<List<Network>> {
  return (await controller.call<List<Network>>('GET', '/api/v1/networks?limit=100')).body;
}
