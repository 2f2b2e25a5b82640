import { readFile } from 'node:fs/promises';
import { smallEstate } from '@wirebook/simulator';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  type EstateController,
  startEstateController,
} from '../../packages/controller/test/support/estate-controller.ts';
import { expectOnlyCatalogueText } from './support/marked-texts.ts';
import { expectAccessible, forEachLook, test } from './support/test.ts';

let book: EstateController;

beforeAll(async () => {
  book = await startEstateController(smallEstate());
  await book.createNetwork({ name: 'office', cidr: '10.10.20.0/24', wire: 'web' });
});
afterAll(async () => {
  await book?.[Symbol.asyncDispose]();
});

const list = [
  'IP Address;MAC;VM;Status',
  '10.10.20.11;;web-1;active',
  '10.10.20.12;;another;active',
  '10.10.20.99;;gone;active',
  '10.10.20.500;;typo;active',
].join('\n');

async function paste(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'The table' }).fill(text);
}

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

const paths = [
  '/audit',
  '/spaces',
  '/compare',
  '/compare?part=addresses',
  '/compare?part=networks',
  '/compare?part=declarations',
];

forEachLook(
  'lists from elsewhere are accessible in $language, $theme',
  async ({ language, theme }, { openPage }) => {
    const page = await openPage(book.controller, { language, theme, path: '/compare' });
    await page.locator('textarea').fill(list);
    await page.getByRole('button', { name: /^(?:Compare|对照) 4/ }).click();
    await page.getByRole('table').nth(2).waitFor();
    await expectAccessible(page);
    for (const part of ['addresses', 'declarations']) {
      await page.goto(`/compare?part=${part}`);
      await page.locator('article[aria-busy=false]').waitFor();
      await page.waitForLoadState('networkidle');
      await expectAccessible(page);
    }
  },
);

forEachLook(
  'audit and spaces are accessible in $language, $theme',
  async ({ language, theme }, { openPage }) => {
    const page = await openPage(book.controller, { language, theme, path: '/spaces' });
    await page.getByRole('row').nth(1).waitFor();
    await expectAccessible(page);
    await page.goto('/audit?kind=network');
    await page.locator('.wb-audit-open').first().click();
    await page.getByRole('dialog').getByRole('table').waitFor();
    await expectAccessible(page);
  },
);

test('every text of these pages is from the catalogue', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: null, marked: true });
  for (const path of paths) {
    await page.goto(path);
    await page.locator('article[aria-busy=false]').waitFor();
    await page.waitForLoadState('networkidle');
    const moments = await page
      .locator('time')
      .evaluateAll((times) => times.map((time) => time.getAttribute('title') ?? ''));
    await expectOnlyCatalogueText(page, ['close-circle', ...moments]);
  }
});

test('the audit trail tells who changed what, field by field, is narrowed in the address, and exported', async ({
  openPage,
}) => {
  const { id } = await book.network('office');
  const changed = await book.controller.call('PATCH', `/api/v1/networks/${id}`, { gateway: '10.10.20.254' });
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  const page = await openPage(book.controller, { path: '/audit' });
  await page.getByRole('combobox', { name: 'What was done' }).selectOption('change');
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('network');
  await page.waitForURL(/action=update&kind=network|kind=network&action=update/);
  const row = page.getByRole('row', { name: /change.*network.*office/ });
  await row.getByRole('link', { name: 'office' }).waitFor();
  await row.getByRole('button', { name: /gateway/ }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('row', { name: /gateway.*10\.10\.20\.254/ }).waitFor();
  await drawer.getByRole('link', { name: 'All that was done to this object' }).click();
  await page.waitForURL(new RegExp(`object=${id}`));
  await page.goto(`/audit?object=${id}`);
  await page.getByRole('row', { name: /make.*office/ }).waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as CSV' }).click(),
  ]);
  expect(await textOf(download)).toMatch(/update,network,office,gateway: {2}-> 10\.10\.20\.254/);

  await page.goto('/audit');
  await page.getByRole('textbox', { name: 'Who' }).fill('nobody at all');
  await page.getByText('No event fits').waitFor();
  await page.getByRole('link', { name: 'Show all events' }).click();
  await page
    .getByRole('row', { name: /office/ })
    .first()
    .waitFor();
  await page.getByLabel('Before').fill('2020-01-01T00:00');
  await page.getByText('No event fits').waitFor();
  expect(new URL(page.url()).searchParams.get('to')).toBe('2020-01-01T00:00:00.000Z');
});

test('a space is made, renamed and removed; one that is not empty says why it stays', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: '/spaces' });
  const names = async (): Promise<string[]> => {
    const { body } = await book.controller.call<{ items: { name: string }[] }>(
      'GET',
      '/api/v1/address-spaces',
    );
    return body.items.map(({ name }) => name);
  };
  const create = async (name: string): Promise<void> => {
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('button', { name: `Make the space "${name}"` }).click();
  };
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New address space' }).click();
  await create('default');
  await dialog.getByRole('alert').waitFor();
  await create('branch');
  await page.getByRole('row', { name: /branch/ }).waitFor();
  expect(await names()).toEqual(['branch', 'default']);

  await page.getByRole('button', { name: 'Rename "branch"' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('branch west');
  await dialog.getByRole('button', { name: 'Rename to "branch west"' }).click();
  await page.getByRole('row', { name: /branch west/ }).waitFor();
  expect(await names()).toEqual(['branch west', 'default']);

  const stays = page.getByRole('button', { name: 'Remove "default"' });
  expect(await stays.getAttribute('aria-description')).toMatch(/1 networks and \d+ wires lie in it/);
  await page.getByRole('link', { name: '1 network in "default"' }).click();
  await page.waitForURL(/\/networks\?space=default$/);
  await page.goto('/spaces');
  await page.getByRole('button', { name: 'Remove "branch west"' }).click();
  await dialog.getByRole('button', { name: 'Remove "branch west"' }).click();
  await page.getByRole('row', { name: /branch west/ }).waitFor({ state: 'detached' });
  expect(await names()).toEqual(['default']);
});

test('a pasted list is compared: differences by kind, searched and exported; a column can be taken for another', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: '/compare' });
  await paste(page, list);
  const status = page.getByRole('combobox', { name: 'The column "Status" is' });
  expect(await status.inputValue()).toBe('status');
  await page.getByRole('button', { name: 'Compare 4 rows' }).click();
  const group = (name: string) => page.getByRole('region', { name }).first();
  await group('Another name (1)').getByRole('link', { name: '10.10.20.12' }).waitFor();
  await group('In the list, seen nowhere (1)').getByRole('link', { name: '10.10.20.99' }).waitFor();
  expect(await group('Not readable (1)').innerText()).toContain('10.10.20.500');
  expect(await group('Another name (1)').innerText()).toMatch(/another[\s\S]*web-2/);

  await page.getByRole('button', { name: 'Another name 1' }).click();
  await group('Not readable (1)').waitFor({ state: 'detached' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as CSV' }).click(),
  ]);
  const lines = (await textOf(download)).trim().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(/^Another name,3,10\.10\.20\.12,another,web-2,office,/);
  await page.getByRole('textbox', { name: 'Search in the differences' }).fill('no such thing');
  await page.getByText('Nothing found.').waitFor();

  // Without its name a row has nothing to differ in.
  await page.getByRole('combobox', { name: 'The column "VM" is' }).selectOption('passed over');
  await page.getByRole('button', { name: 'Compare 4 rows' }).click();
  await page.getByRole('button', { name: /Another name/ }).waitFor({ state: 'detached' });

  await page.getByRole('combobox', { name: 'The column "IP Address" is' }).selectOption('passed over');
  const compare = page.getByRole('button', { name: /^Compare \d+ rows?$/ });
  expect(await compare.getAttribute('aria-description')).toBe('Say which column is: address');
});

test('a file is read as spreadsheets write it, below its title, in GB18030 and as JSON of an API', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: '/compare' });
  const choose = (name: string, buffer: Buffer) =>
    page.getByLabel('Choose a file').last().setInputFiles({ name, mimeType: 'text/csv', buffer });
  // "地址,名称" and "办公" as Excel writes them where Chinese is spoken.
  const head = Buffer.from([0xb5, 0xd8, 0xd6, 0xb7, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6, 0x0d, 0x0a]);
  const row = Buffer.from([...Buffer.from('10.10.20.11,'), 0xb0, 0xec, 0xb9, 0xab, 0x0d, 0x0a]);
  await choose('list.csv', Buffer.concat([Buffer.from('a list\r\n'), head, row]));
  await page.getByRole('combobox', { name: 'The column "地址" is' }).waitFor();
  await page.getByRole('cell', { name: '办公' }).waitFor();
  await page.getByRole('button', { name: 'Compare 1 row' }).click();
  await page.getByRole('cell', { name: '3', exact: true }).first().waitFor();

  await page.getByRole('button', { name: 'Another table' }).click();
  const netbox = { results: [{ address: '10.10.20.11/24', status: { value: 'active' }, dns_name: 'web-1' }] };
  await choose('netbox.json', Buffer.from(JSON.stringify(netbox)));
  expect(await page.getByRole('combobox', { name: 'The column "dns_name" is' }).inputValue()).toBe('dnsName');
  await page.getByRole('button', { name: 'Compare 1 row' }).click();
  await page.getByText('1 of 1 rows agrees.').waitFor();
});

test('addresses of devices outside vCenter are imported after a dry run; a wrong row is told by its line', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: '/compare?part=addresses' });
  const dialog = page.getByRole('dialog');
  const holders = async (): Promise<unknown> =>
    (await book.controller.call('GET', '/api/v1/addresses/10.10.20.70')).body['state'];
  await paste(page, 'ip,name,owner\n10.10.20.70,printer,office\n10.10.20.7x,printer 2,office');
  await page.getByRole('button', { name: 'Import 2 addresses' }).click();
  await dialog.getByRole('alert').getByText('line 3:').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await paste(page, 'ip,name,owner\n10.10.20.70,printer,office');
  await page.getByRole('button', { name: 'Import 1 address' }).click();
  await dialog.getByText('1 new, 0 changed, 0 as they are').waitFor();
  expect(await holders()).toBe('free');
  await dialog.getByRole('button', { name: 'Import 1 address' }).click();
  await page.getByText('Imported: 1 new, 0 changed, 0 as they were.').waitFor();
  expect(await holders()).toBe('held');
});

test('subnets of an older book are imported by their VLAN; what fits no wire is told before', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: '/compare?part=networks' });
  const dialog = page.getByRole('dialog');
  const head = 'name,start,end,prefix,gateway,vlan';
  await paste(page, `${head}\nstore,10.10.30.1,10.10.30.254,24,,10\nlost,10.10.40.1,10.10.40.254,24,,4000`);
  await page.getByRole('button', { name: 'Import 2 subnets' }).click();
  await dialog.getByRole('row', { name: /lost.*fits no wire/ }).waitFor();
  const confirm = dialog.getByRole('button', { name: 'Import 2 subnets' });
  expect(await confirm.getAttribute('aria-description')).toMatch(/would be refused/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('checkbox', { name: /Leave out the rows that fit no wire/ }).check();
  await page.getByRole('button', { name: 'Import 2 subnets' }).click();
  await confirm.click();
  await page.getByText(/Imported: 1 new networks/).waitFor();
  expect(await book.network('store')).toMatchObject({ wire: { name: 'VM Network' } });
});

test('declarations go out as a document and come back in after a dry run', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: '/compare?part=declarations' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Save the declarations' }).click(),
  ]);
  const text = await textOf(download);
  const describe = (description: string) =>
    book.controller.call('PATCH', '/api/v1/networks/office', { description });
  expect((await describe('other words')).status).toBe(200);

  const choose = (name: string, content: string) =>
    page
      .getByLabel('Choose a document')
      .last()
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
  await choose('other.json', '{"format":"something else"}');
  await page
    .getByRole('alert')
    .getByText(/isn’t a document of declarations/)
    .waitFor();
  await choose('declarations.json', text);
  await page.getByRole('checkbox', { name: /take the word of the document/ }).check();
  await page.getByRole('button', { name: 'Import the document' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('row', { name: /^Networks 0 1/ }).waitFor();
  expect((await book.network('office')).description).toBe('other words');
  await dialog.getByRole('button', { name: 'Import the document' }).click();
  await page.getByText('The document is imported.').waitFor();
  expect((await book.network('office')).description).toBe('');
});
