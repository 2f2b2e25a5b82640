import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { ChangingLab } from '../../packages/controller/test/operations/changing-lab.ts';
import { expectOnlyCatalogueText } from './support/marked-texts.ts';
import { startServerLab } from './support/server-lab.ts';
import { expectAccessible, forEachLook, test } from './support/test.ts';

let lab: ChangingLab;
/** The pages of servers, NICs, hosts, addresses and of the search, by what there is. */
let paths: readonly string[];

beforeAll(async () => {
  lab = await startServerLab();
  const both = await lab.server('both-1');
  const mute = await lab.server('mute-1');
  paths = [
    '/servers',
    `/servers/${both.id}`,
    `/servers/${mute.id}`,
    '/nics',
    `/nics/${both.nics[0]?.id}`,
    '/hosts',
    `/hosts/${both.host?.id}`,
    '/addresses/10.21.0.12',
    '/addresses/10.21.0.200',
    '/search?q=both',
    '/search?q=10.21.0.12+10.77.0.5+what',
  ];
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

forEachLook(
  'servers, NICs, hosts, addresses and the search are accessible in $language, $theme',
  { timeout: 180_000 },
  async (look, { openPage }) => {
    const page = await openPage(lab.controller, { ...look, path: null });
    for (const path of paths) {
      await page.goto(path);
      await page.locator('article[aria-busy=false]').waitFor();
      await page.waitForLoadState('networkidle');
      await expectAccessible(page);
    }
  },
);

test(
  'every text of these pages is from the catalogue or from the controller',
  { timeout: 180_000 },
  async ({ openPage }) => {
    const page = await openPage(lab.controller, { path: null, marked: true });
    for (const path of paths) {
      await page.goto(path);
      await page.locator('article[aria-busy=false]').waitFor();
      await page.waitForLoadState('networkidle');
      // What was asked for, protocols, and how Ant Design calls its cross.
      const known = ['what', 'CDP', 'LLDP', 'close-circle'];
      // The answers that the page shows may reach the test a little later than the page.
      await vi.waitFor(() => expectOnlyCatalogueText(page, known), { timeout: 20_000, interval: 500 });
    }
  },
);

test('Ctrl+K goes to the search box, arrows go through what fits, Enter goes there', async ({ openPage }) => {
  const page = await openPage(lab.controller, { path: '/hosts' });
  const box = page.getByRole('combobox', { name: 'Search everything' });
  await box.waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('both');
  await page
    .getByRole('group', { name: 'Servers' })
    .getByRole('option', { name: /both-1/ })
    .waitFor();
  await page.keyboard.press('ArrowDown');
  const marked = await box.getAttribute('aria-activedescendant');
  expect(await page.locator(`[id="${marked}"]`).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Escape');
  expect(await box.getAttribute('aria-expanded')).toBe('false');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'both-1' }).waitFor();
});

test('what is typed and asked for is answered by kind, and survives a reload', async ({ openPage }) => {
  const page = await openPage(lab.controller, { path: '/servers' });
  await page.getByRole('combobox', { name: 'Search everything' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('app');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
  await page.getByRole('region', { name: 'Networks' }).getByRole('link', { name: 'app-net' }).waitFor();
  await page.reload();
  await page.getByRole('region', { name: 'Wires' }).getByRole('link', { name: 'app', exact: true }).click();
  await page.waitForURL(/\/wires\//);
});

test('a pasted list of addresses is answered line by line, and goes into a file', async ({ openPage }) => {
  const page = await openPage(lab.controller, { path: '/search' });
  await page
    .getByRole('textbox', { name: 'What to look for' })
    .fill('10.21.0.12\n10.22.0.12, 10.21.0.200\n203.0.113.9 nonsense');
  await page.getByRole('button', { name: 'Search' }).click();
  const row = (name: string) => page.getByRole('row', { name });
  await row('10.22.0.12').getByRole('link', { name: 'db', exact: true }).waitFor();
  expect(await row('10.21.0.12').innerText()).toMatch(/used[\s\S]*both-1[\s\S]*app-net[\s\S]*app/);
  expect(await row('10.21.0.200').innerText()).toMatch(/free[\s\S]*app-net/);
  expect(await row('203.0.113.9').innerText()).toContain('in no network');
  expect(await row('nonsense').innerText()).toContain('not understood');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  const file = await readFile(await (await saving).path(), 'utf8');
  expect(file.split('\r\n')[2]).toMatch(/^10\.22\.0\.12,10\.22\.0\.12,used,both-1,db-net,db,/);
});

test('one address says why in sentences, and what can be done with it', async ({ openPage }) => {
  const page = await openPage(lab.controller, { path: '/addresses/10.21.0.12' });
  await page.getByText('10.21.0.12 belongs to both-1').first().waitFor();
  await page.getByRole('region', { name: 'Who had it' }).getByRole('link', { name: 'both-1' }).waitFor();
  expect(await page.getByRole('region', { name: 'From the NIC to the switch port' }).innerText()).toMatch(
    /Network adapter 1[\s\S]*both-1[\s\S]*VLAN[\s\S]*dvs-1[\s\S]*esx-01/,
  );
  await page.goto('/addresses/10.21.0.200');
  await page.getByText('free to be given out').waitFor();
  await page.goto('/addresses/203.0.113.9');
  await page.getByText('in no network').first().waitFor();
});

test('NICs are narrowed by reason, and one of them shows its path', async ({ openPage }) => {
  const page = await openPage(lab.controller, { path: '/nics?unresolved=true' });
  await page.getByRole('link', { name: 'mute-1' }).waitFor();
  await page.getByRole('combobox', { name: 'Reason' }).selectOption('no_network');
  await page.getByRole('link', { name: 'lost-1' }).waitFor();
  await page.getByRole('link', { name: 'mute-1' }).waitFor({ state: 'detached' });
  await page
    .getByRole('row', { name: /lost-1/ })
    .getByRole('link', { name: 'Network adapter 1' })
    .click();
  await page.getByRole('heading', { level: 1, name: 'lost-1 · Network adapter 1' }).waitFor();
  await page.getByText('No network holds 10.77.0.5.').first().waitFor();
});
