import type { Address, List, Network, Reservation, Wire } from '@wirebook/contract';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { EstateController } from '../../packages/controller/test/support/estate-controller.ts';
import { startNetworkEstate } from './support/network-estate.ts';
import { test } from './support/test.ts';

/** Networks, the address grid, reservations and taken addresses, in a browser. What one test changes no other counts on. */

let book: EstateController;
beforeAll(async () => {
  book = await startNetworkEstate();
});
afterAll(async () => {
  await book?.[Symbol.asyncDispose]();
});

async function read<T>(path: string): Promise<T> {
  const answer = await book.controller.call<T>('GET', path);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
const addressOf = (ip: string): Promise<Address> => read<Address>(`/api/v1/addresses/${ip}`);
const reservationsOf = async (network: string): Promise<Reservation[]> =>
  (await read<List<Reservation>>(`/api/v1/reservations?network=${network}`)).items;
const pathOf = async (network: string, query = ''): Promise<string> =>
  `/networks/${(await book.network(network)).id}${query}`;
const cell = (page: Page, name: string) => page.getByRole('gridcell', { name: new RegExp(`^${name} `) });
/** One of the objects that the controller finds, in the dialog on top. */
async function pick(page: Page, label: string, name: string): Promise<void> {
  await page.getByRole('dialog').getByRole('combobox', { name: label }).fill(name);
  await page.locator(`.ant-select-item-option[title="${name}"]`).click();
}
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

test('the list says in words how full each network is, and narrows by family', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: '/networks' });
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'web-net' }) });
  await row.getByText(/\d+ of 254, \d+ % taken/).waitFor();
  await row.getByRole('link', { name: 'web', exact: true }).waitFor();
  await page.getByLabel('Family').selectOption('6');
  await page.getByRole('link', { name: 'web-net' }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('family')).toBe('6');
  await page
    .getByText(/1.8 × 10¹⁹/)
    .first()
    .waitFor();
});

test('a network is made after its preview has said what it would settle', async ({ openPage }) => {
  const { items } = await read<List<Wire>>('/api/v1/wires?name=spare');
  const page = await openPage(book.controller, {
    path: `/networks/new?wire=${items[0]?.id}&cidr=10.5.0.0/24`,
  });
  await page.getByLabel('Name').fill('made-here');
  await page.getByLabel('DNS servers').fill('10.5.0.2\n10.5.0.3');
  await page.getByLabel('Tags').fill('site=lab');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  const preview = dialog(page, 'Create the network made-here');
  await preview.getByText('1 NIC gets its record').waitFor();
  await preview.getByRole('link', { name: 'later' }).waitFor();
  expect((await read<List<Network>>('/api/v1/networks?name=made-here')).items).toEqual([]);
  await preview.getByRole('button', { name: 'Create this network' }).click();
  await page.getByRole('heading', { level: 1, name: 'made-here' }).waitFor();
  expect(await book.network('made-here')).toMatchObject({
    cidr: '10.5.0.0/24',
    dns: ['10.5.0.2', '10.5.0.3'],
    tags: { site: 'lab' },
    counts: { used: 1 },
  });
});

test('what the controller refuses is shown in the preview with its remedy', async ({ openPage }) => {
  const { items } = await read<List<Wire>>('/api/v1/wires?name=spare');
  const page = await openPage(book.controller, {
    path: `/networks/new?wire=${items[0]?.id}&cidr=10.9.3.0/24`,
  });
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByRole('dialog').getByRole('alert').getByText('big').first().waitFor();
  await page.getByRole('button', { name: 'Create this network', disabled: true }).waitFor();
});

test('the grid of a /16 is gone through by keyboard: into a block, on its cells, and up again', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: await pathOf('big') });
  await cell(page, '10.9.1.0/24').waitFor();
  expect(await page.getByRole('gridcell').count()).toBe(256);
  await page.locator('[role=gridcell][tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await cell(page, '10.9.1.255').waitFor();
  expect(new URL(page.url()).search).toBe('?from=10.9.1.0&to=10.9.1.255');
  await expectFocused(page, '10.9.1.0');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expectFocused(page, '10.9.1.31');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Selected addresses' }).getByText('10.9.1.31').first().waitFor();
  await page.locator('[role=gridcell][tabindex="0"]').focus();
  await page.keyboard.press('Backspace');
  await cell(page, '10.9.1.0/24').waitFor();
  await page.getByLabel('Jump to an address').fill('10.9.77.5');
  await page.getByRole('button', { name: 'Go' }).click();
  await cell(page, '10.9.77.5').and(page.locator('[aria-selected=true]')).waitFor();
  await page.reload();
  await cell(page, '10.9.77.5').and(page.locator('[aria-selected=true]')).waitFor();
});

async function expectFocused(page: Page, name: string): Promise<void> {
  await cell(page, name).and(page.locator(':focus')).waitFor();
}

test('a /64 is gone down to one address, and a /31 has its two', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: await pathOf('six') });
  await cell(page, '2001:db8:1:0:100::/72').click();
  await cell(page, '2001:db8:1:0:1ff::/80').waitFor();
  await page.getByLabel('Jump to an address').fill('2001:db8:1::abcd:12');
  await page.keyboard.press('Enter');
  await cell(page, '2001:db8:1::abcd:12').and(page.locator('[aria-selected=true]')).waitFor();
  await page.goto(await pathOf('link'));
  await cell(page, '10.8.0.1').waitFor();
  expect(await page.getByRole('gridcell').count()).toBe(2);
});

test('an address is reserved and no longer so, from its cell', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: await pathOf('web-net') });
  await cell(page, '10.1.0.50').click();
  await page.getByRole('button', { name: 'Reserve', exact: true }).click();
  await page.getByLabel('Note').fill('for the lift');
  await page.getByRole('button', { name: 'Reserve 10.1.0.50' }).click();
  await page.getByRole('gridcell', { name: /^10\.1\.0\.50 · reserved/ }).waitFor();
  expect(await reservationsOf('web-net')).toMatchObject([{ start: '10.1.0.50', note: 'for the lift' }]);
  await page.getByRole('button', { name: 'Unreserve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unreserve' }).click();
  await page.getByRole('gridcell', { name: /^10\.1\.0\.50 · free/ }).waitFor();
  expect(await reservationsOf('web-net')).toEqual([]);
});

test('a run of cells is chosen with shift and reserved at once', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: await pathOf('web-net') });
  await cell(page, '10.1.0.60').click();
  await cell(page, '10.1.0.69').click({ modifiers: ['Shift'] });
  await page.getByText('10 addresses').waitFor();
  await page.getByRole('button', { name: 'Reserve', exact: true }).click();
  await page.getByRole('button', { name: 'Reserve 10.1.0.60 – 10.1.0.69' }).click();
  await page.getByRole('gridcell', { name: /^10\.1\.0\.65 · reserved/ }).waitFor();
  const [made, ...others] = await reservationsOf('web-net');
  expect(others).toEqual([]);
  expect(made).toMatchObject({ start: '10.1.0.60', end: '10.1.0.69' });
  await book.controller.call('DELETE', `/api/v1/reservations/${made?.id}`);
});

test('exactly one address is given out to a holder, and released', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: await pathOf('web-net', '?at=10.1.0.80') });
  await page.getByRole('button', { name: 'Give out', exact: true }).click();
  await page.getByLabel('Holder').fill('Printer 4');
  await page.getByLabel('Owner').fill('office');
  await page.getByRole('button', { name: 'Give out 10.1.0.80' }).click();
  await page.getByRole('gridcell', { name: /^10\.1\.0\.80 · held · Printer 4/ }).waitFor();
  expect(await addressOf('10.1.0.80')).toMatchObject({
    state: 'held',
    holder: { name: 'Printer 4', owner: 'office' },
  });
  await page.getByRole('button', { name: 'Give out', exact: true, disabled: true }).waitFor();
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByRole('dialog').getByText('is taken from Printer 4').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
  await page.getByRole('gridcell', { name: /^10\.1\.0\.80 · (resting|free)/ }).waitFor();
  expect(await addressOf('10.1.0.80')).toMatchObject({ source: null });
});

test('an address is fixed to the NIC of a server that does not report it', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: await pathOf('web-net', '?at=10.1.0.90') });
  await page.getByRole('button', { name: 'Fix', exact: true }).click();
  await pick(page, 'Server', 'mute');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await dialog(page, 'Say which server has 10.1.0.90')
    .getByText(/of mute gets 10\.1\.0\.90/)
    .waitFor();
  await page.getByRole('button', { name: 'Record it' }).click();
  await page.getByRole('gridcell', { name: /^10\.1\.0\.90 · used · mute · by hand/ }).waitFor();
  expect(await book.records('mute')).toEqual(['10.1.0.90']);
});

test('an address in conflict says so in the grid, tells why, and leads to the decision', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: await pathOf('web-net') });
  await page.getByRole('gridcell', { name: /^10\.1\.0\.12 · conflict/ }).click();
  const panel = page.getByRole('region', { name: 'Selected addresses' });
  await panel.getByText('twin-1').first().waitFor();
  await panel.getByRole('link', { name: /Conflict/ }).click();
  await page.waitForURL('**/conflicts/*');
});

test('the table below begins where asked and narrows by state', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: await pathOf('web-net', '?state=used') });
  const table = page.getByRole('table', { name: 'Addresses of web-net' });
  await table.getByRole('link', { name: '10.1.0.11' }).waitFor();
  await page.getByLabel('Begin at address').fill('10.1.0.200');
  await page.keyboard.press('Enter');
  await page.getByText('No address fits.').waitFor();
});

test('a wire is excluded and included again, and another one declared', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: await pathOf('web-net', '?part=wires') });
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'db', exact: true }) });
  await row.getByRole('button', { name: 'Exclude' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Exclude' }).click();
  await row.getByRole('button', { name: 'Include again' }).click();
  expect((await book.network('web-net')).excludedWires).toMatchObject([{ wire: { name: 'db' } }]);
  await page.getByRole('dialog').getByRole('button', { name: 'Include again' }).click();
  await row.getByRole('button', { name: 'Declare' }).click();
  expect((await book.network('web-net')).excludedWires).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Declare' }).click();
  await row.getByRole('button', { name: 'Withdraw' }).waitFor();
  expect((await book.network('web-net')).additionalWires).toMatchObject([
    { wire: { name: 'db' }, origin: 'declared' },
  ]);
});

test('a network is changed, split, merged again and deleted, each after its preview', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: await pathOf('halves', '?part=change') });
  await page.getByRole('button', { name: 'Show what it would do', disabled: true }).waitFor();
  await page.getByLabel('Gateway').fill('10.7.0.1');
  await page.getByLabel('Gives out').selectOption({ label: 'Parts of the range' });
  await page.getByLabel('Parts', { exact: true }).fill('10.7.0.50-10.7.0.99');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByRole('button', { name: 'Change this network' }).click();
  await page.getByText('10.7.0.50 – 10.7.0.99').waitFor();
  expect(await book.network('halves')).toMatchObject({
    gateway: '10.7.0.1',
    giving: [{ start: '10.7.0.50', end: '10.7.0.99' }],
  });

  await page.getByRole('button', { name: 'Split' }).click();
  await page.getByLabel('First address of the new network').fill('10.7.0.128');
  await page.getByLabel('Name of the new network (optional)').fill('upper');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  const splitting = dialog(page, 'Split halves at 10.7.0.128');
  await splitting.getByRole('cell', { name: 'upper' }).waitFor();
  await splitting.getByRole('button', { name: 'Split halves at 10.7.0.128' }).click();
  await page.getByRole('heading', { level: 1, name: 'upper' }).waitFor();
  expect(await book.network('halves')).toMatchObject({ end: '10.7.0.127' });

  await page.getByRole('button', { name: 'Merge' }).click();
  await pick(page, 'Into which network', 'halves');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByText('The network upper is no more.').waitFor();
  await page.getByRole('button', { name: 'Merge upper into the other network' }).click();
  await page.getByRole('heading', { level: 1, name: 'halves' }).waitFor();
  expect(await book.network('halves')).toMatchObject({ end: '10.7.0.254' });

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByText('0 records of NICs end').waitFor();
  await page.getByRole('button', { name: 'Delete the network halves' }).click();
  await page.getByRole('heading', { level: 1, name: 'Networks' }).waitFor();
  expect((await read<List<Network>>('/api/v1/networks?name=halves')).items).toEqual([]);
});

test('a network is moved to the wire that is chosen', async ({ openPage }) => {
  await book.createNetwork({ name: 'nomad', wire: 'spare', cidr: '10.4.0.0/24' });
  const page = await openPage(book.controller, { path: await pathOf('nomad') });
  await page.getByRole('button', { name: 'Move' }).click();
  await pick(page, 'To which wire', 'twin');
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await dialog(page, 'Move nomad').getByRole('cell', { name: 'twin' }).waitFor();
  await page.getByRole('button', { name: 'Move nomad' }).click();
  await page.getByRole('link', { name: 'twin', exact: true }).waitFor();
  expect((await book.network('nomad')).wire.name).toBe('twin');
});

test('a DHCP range is added, changed and taken away among the reservations', async ({ openPage }) => {
  const page = await openPage(book.controller, {
    path: `/reservations?network=${(await book.network('big')).id}`,
  });
  await page.getByText('No reservation fits.').waitFor();
  await page.getByRole('button', { name: 'Reserve addresses' }).click();
  const form = dialog(page, 'Reserve addresses');
  await pick(page, 'Network', 'big');
  await form.getByLabel('Kind').selectOption('dhcp');
  await form.getByLabel('First address').fill('10.9.2.0');
  await form.getByLabel('Last address').fill('10.9.2.99');
  await form.getByLabel('Expires').fill('2099-01-02T03:04');
  await form.getByRole('button', { name: 'Reserve 10.9.2.0 – 10.9.2.99' }).click();
  await page.getByRole('link', { name: '10.9.2.0 – 10.9.2.99' }).waitFor();
  expect(await reservationsOf('big')).toMatchObject([
    { kind: 'dhcp', start: '10.9.2.0', end: '10.9.2.99', expiresAt: '2099-01-02T03:04:00.000Z' },
  ]);
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Last address').fill('10.9.2.199');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: '10.9.2.0 – 10.9.2.199' }).waitFor();
  await page.getByRole('button', { name: 'Unreserve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unreserve' }).click();
  await page.getByText('No reservation fits.').waitFor();
  expect(await reservationsOf('big')).toEqual([]);
});

test('taken addresses are found over all networks', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: '/addresses' });
  await page.getByLabel('Address, server, MAC, holder or key').fill('web-1');
  await page.getByRole('link', { name: '10.1.0.11' }).waitFor();
  await page.getByRole('link', { name: '10.1.0.12' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'web-net' }).click();
  await cell(page, '10.1.0.11').and(page.locator('[aria-selected=true]')).waitFor();
});
