import { readFile } from 'node:fs/promises';
import type { List, Server, Wire, WirePicture } from '@wirebook/contract';
import {
  demoEstate,
  generatedPortGroup,
  generateEstate,
  type Simulator,
  startSimulator,
} from '@wirebook/simulator';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  type EstateController,
  startEstateController,
} from '../../packages/controller/test/support/estate-controller.ts';
import { expectOnlyCatalogueText } from './support/marked-texts.ts';
import { expectAccessible, forEachLook, test } from './support/test.ts';

let book: EstateController;
/** A second vCenter, with more hosts than anybody wants to see one by one. */
let big: Simulator;

beforeAll(async () => {
  book = await startEstateController(demoEstate());
  big = await startSimulator({ estate: generateEstate({ vms: 40, hosts: 30, portGroups: 3, seed: 1 }) });
  const added = await book.controller.call('POST', '/api/v1/cloud-accounts', {
    name: 'big',
    url: big.url,
    username: big.username,
    password: big.password,
    trust: { sha256: big.certificate.sha256 },
  });
  expect(added.status, JSON.stringify(added.body)).toBe(201);
  expect((await book.controller.sync('big')).body).toMatchObject({ state: 'succeeded' });
  await book.createNetwork({
    name: 'web',
    wire: 'sh-web-prod',
    cidr: '10.20.10.0/24',
    gateway: '10.20.10.1',
  });
  await book.createNetwork({ name: 'backup', wire: 'Backup', cidr: '10.20.70.0/24' });
  expect((await book.controller.call('POST', '/api/v1/address-spaces', { name: 'lab-space' })).status).toBe(
    201,
  );
});
afterAll(async () => {
  await book?.[Symbol.asyncDispose]();
  await big?.stop();
});

async function wire(name: string): Promise<Wire> {
  const answer = await book.controller.call<Wire>('GET', `/api/v1/wires/${encodeURIComponent(name)}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
async function drawn(name: string, server?: string): Promise<WirePicture> {
  const query = server === undefined ? '' : `?server=${server}`;
  const { id } = await wire(name);
  return (await book.controller.call<WirePicture>('GET', `/api/v1/wires/${id}/picture${query}`)).body;
}
async function serverOn(name: string): Promise<Server> {
  const { id } = await wire(name);
  const { body } = await book.controller.call<List<Server>>('GET', `/api/v1/servers?wire=${id}`);
  const server = body.items.find(
    ({ nics: [nic, more] }) => more === undefined && nic?.records.length === 1 && nic.observed.length === 1,
  );
  if (server === undefined) throw new Error(`no server with a record on ${name}`);
  return server;
}
/** The page may take its time, on a machine with other things to do. */
const soon = { timeout: 20_000 };
const picture = (page: Page) => page.getByRole('group', { name: /IP subnet|IP子网/ });
const searchOf = (page: Page): URLSearchParams => new URL(page.url()).searchParams;

test('the list narrows to a VLAN and a kind, says so in the address, and marks the wire whose hosts disagree', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: '/wires' });
  const list = page.getByRole('table', { name: 'Wires' });
  await list.getByRole('link', { name: 'Backup' }).waitFor();
  const row = list.getByRole('row').filter({ has: page.getByRole('link', { name: 'Backup', exact: true }) });
  expect(await row.textContent()).toContain('hosts disagree');

  await page.getByLabel('VLAN id').fill('110');
  await page.getByRole('status').filter({ hasText: '2 rows' }).waitFor();
  await page.getByLabel('Kind').selectOption({ label: 'standard' });
  await page.getByText('No wire fits the filters').waitFor();
  expect(Object.fromEntries(searchOf(page))).toEqual({ vlan: '110', kind: 'standard' });
  await page.reload();
  await page.getByText('No wire fits the filters').waitFor();
  await page.getByRole('button', { name: 'Clear the filters' }).first().click();
  await list.getByRole('link', { name: 'sh-web-prod', exact: true }).waitFor();
});

test('the list narrows to a switch by its name', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: '/wires' });
  await page.getByLabel('Switch', { exact: true }).fill('dvs-frankfurt');
  await page.getByLabel('Switch', { exact: true }).press('Enter');
  await page.getByRole('link', { name: 'fr-web' }).waitFor();
  await expect.poll(() => page.getByRole('link', { name: 'sh-web-prod', exact: true }).count(), soon).toBe(0);
});

forEachLook('the list is accessible in $language, $theme', async (look, { openPage }) => {
  const page = await openPage(book.controller, { ...look, path: '/wires' });
  await page.getByRole('link', { name: 'Backup' }).waitFor();
  await expectAccessible(page);
});

forEachLook(
  'a lit path is accessible in $language, $theme, drawn and as a table',
  async (look, { openPage }) => {
    const { id } = await wire('sh-web-prod');
    const server = await serverOn('sh-web-prod');
    const page = await openPage(book.controller, { ...look, path: `/wires/${id}?server=${server.id}` });
    await picture(page).getByText('sh-esx-03').first().waitFor();
    await page.getByText(/→/).first().waitFor();
    await expectAccessible(page);
    await page.getByLabel(look.language === 'zh' ? '显示为' : 'Show as').selectOption({ index: 1 });
    await page.getByRole('table').nth(1).getByText('sh-esx-03').waitFor();
    await expectAccessible(page);
  },
);

forEachLook('each part of a wire is accessible in $language, $theme', async (look, { openPage }) => {
  const { id } = await wire('Backup');
  const page = await openPage(book.controller, { ...look, path: `/wires/${id}` });
  for (const position of [1, 2, 3, 4, 5]) {
    await page.getByRole('tab').nth(position).click();
    await page.getByRole('tabpanel').getByRole('table').first().waitFor();
    await expectAccessible(page);
  }
});

test('hosts with something to look at stand first, in words, and a button shows only those', async ({
  openPage,
}) => {
  const { id } = await wire('Backup');
  const page = await openPage(book.controller, { path: `/wires/${id}` });
  await page.getByRole('heading', { name: 'To look at' }).waitFor();
  const headings = await picture(page).getByRole('heading', { level: 3 }).allTextContents();
  expect(headings[0]).toBe('To look at');
  const expected = (await drawn('Backup')).hosts.filter(({ deviates }) => deviates);
  expect(expected).toHaveLength(1);
  await page.getByRole('button', { name: /other VLAN than most: 1 host/ }).click();
  await expect
    .poll(
      () =>
        picture(page)
          .getByRole('link', { name: /^sh-esx-/ })
          .allTextContents(),
      soon,
    )
    .toEqual(expected.map(({ host }) => host.name));
  expect(await picture(page).getByText('other VLAN than most').count()).toBe(1);
  expect(searchOf(page).get('only')).toBe('vlan_deviates');
});

test('choosing a server lights its path and says it in words, and the address keeps it', async ({
  openPage,
}) => {
  const { id } = await wire('sh-web-prod');
  const server = await serverOn('sh-web-prod');
  const page = await openPage(book.controller, { path: `/wires/${id}` });
  await picture(page).waitFor();
  const picker = page.getByRole('combobox', { name: 'Path of a server' });
  await picker.fill(server.name);
  await page
    .getByTitle(new RegExp(`^${server.name} `))
    .first()
    .click();
  await expect.poll(() => searchOf(page).get('server'), soon).toBe(server.id);

  const [path] = (await drawn('sh-web-prod', server.id)).path ?? [];
  const [nic] = server.nics;
  const words = page.getByText(/→/).first();
  await words.waitFor();
  const text = await words.textContent();
  expect(text).toContain(
    `${nic?.records[0]?.ip} → ${server.name} ${nic?.label} (${nic?.mac}) → VLAN 110 on dvs-shanghai at ${server.host?.name} → `,
  );
  expect(path?.neighbours.length).toBeGreaterThan(0);
  for (const { switch: name, port } of path?.neighbours ?? []) expect(text).toContain(`${name} ${port}`);

  const lit = picture(page).locator('.wb-lane.wb-lit');
  await expect.poll(() => lit.count(), soon).toBe(1);
  expect(await lit.textContent()).toContain(server.host?.name);
  expect(await lit.locator('.wb-uplink.wb-lit').count()).toBe(path?.uplinks.length);
  expect(await picture(page).locator('.wb-edge-lit').count()).toBe(2);

  await page.reload();
  await expect.poll(() => lit.count(), soon).toBe(1);
  await page.getByRole('button', { name: 'No path' }).click();
  await expect.poll(() => picture(page).locator('.wb-lit, .wb-dim').count(), soon).toBe(0);
});

test('hosts that look the same are one until they are opened, and a host is found by its name', async ({
  openPage,
}) => {
  const { id } = await wire(generatedPortGroup(0));
  const page = await openPage(book.controller, { path: `/wires/${id}` });
  await picture(page).waitFor();
  const hosts = picture(page).getByRole('link', { name: /^esx-/ });
  // One host has a dead link, one a single uplink; the others are alike in their two clusters.
  await expect.poll(() => hosts.count(), soon).toBe(2);
  await picture(page).getByText('18 hosts alike').waitFor();
  await picture(page)
    .getByRole('button', { name: /Show each of 10 hosts alike/ })
    .click();
  await expect.poll(() => hosts.count(), soon).toBe(12);
  await page.reload();
  await expect.poll(() => hosts.count(), soon).toBe(12);
  await picture(page)
    .getByRole('button', { name: /Group again/ })
    .click();
  await expect.poll(() => hosts.count(), soon).toBe(2);
  await page.getByRole('button', { name: 'Show every host' }).click();
  await expect.poll(() => hosts.count(), soon).toBe(30);
  await page.getByLabel('Find a host').fill('esx-0021');
  await expect.poll(() => hosts.allTextContents(), soon).toEqual(['esx-0021.gen.example']);
});

test('the picture is reached by keyboard: its links in their order, its view by arrow keys', async ({
  openPage,
}) => {
  const { id } = await wire('sh-web-prod');
  const page = await openPage(book.controller, { path: `/wires/${id}` });
  await picture(page).getByRole('link', { name: 'web', exact: true }).waitFor();
  await picture(page).focus();
  const view = picture(page).locator('.react-flow__viewport');
  const before = await view.getAttribute('style');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => view.getAttribute('style'), soon).not.toBe(before);
  await page.getByRole('button', { name: 'Reset the view' }).click();
  await expect.poll(() => view.getAttribute('style'), soon).toBe(before);
  await picture(page).focus();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('web');
});

test('the whole picture leaves as a table, in the page and as a file', async ({ openPage }) => {
  const { id } = await wire('Backup');
  const page = await openPage(book.controller, { path: `/wires/${id}` });
  await picture(page).waitFor();
  await page.getByLabel('Show as').selectOption({ label: 'Table' });
  const all = await drawn('Backup');
  const lines = all.hosts.reduce((sum, { uplinks }) => sum + Math.max(1, uplinks.length), 0);
  const table = page.getByRole('table', { name: 'From IP subnet to physical switch port' });
  await expect.poll(() => table.locator('tbody tr').count(), soon).toBe(lines);
  for (const { problems } of all.hosts)
    for (const { text } of problems) expect(await table.textContent()).toContain(text);

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('Backup.csv');
  const rows = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect(rows).toHaveLength(lines + 1);
});

test('the parts of a wire tell its networks, servers, NICs, hosts and findings', async ({ openPage }) => {
  const backup = await wire('Backup');
  const page = await openPage(book.controller, { path: `/wires/${backup.id}` });
  const panel = page.getByRole('tabpanel');
  await page.getByRole('tab', { name: 'Networks (1)' }).click();
  await panel.getByRole('link', { name: 'backup', exact: true }).waitFor();
  expect(await panel.textContent()).toContain('primary');
  await page.getByRole('tab', { name: `Servers (${backup.counts.servers})` }).click();
  await panel.getByText(`${backup.counts.servers} rows`).waitFor();
  await page.getByRole('tab', { name: `NICs (${backup.counts.nics})` }).click();
  await panel.getByText(`${backup.counts.nics} rows`).waitFor();
  await page.getByRole('tab', { name: 'Hosts (6)' }).click();
  await page.getByLabel('Only hosts with another VLAN').check();
  await panel.getByText('1 host', { exact: true }).waitFor();
  await page.getByRole('tab', { name: /^Findings/ }).click();
  await panel
    .getByText(/VLAN 71/)
    .first()
    .waitFor();
});

test('a wire is put into another address space with its network, after saying so', async ({ openPage }) => {
  const { id } = await wire('Backup');
  const page = await openPage(book.controller, { path: `/wires/${id}` });
  await page.getByRole('button', { name: 'Put into another address space' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('This network goes along').waitFor();
  expect(await dialog.textContent()).toContain('10.20.70.0/24');
  await dialog.getByLabel('Address space').selectOption({ label: 'lab-space' });
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Put it into lab-space' }).click();
  await page.getByText('Backup is in lab-space now.').waitFor();
  expect((await wire('Backup')).space.name).toBe('lab-space');
  expect((await book.network('backup')).space.name).toBe('lab-space');
});

test('what stands in the way of another address space is said before anything is sent', async ({
  openPage,
}) => {
  const { additionalWires } = await book.network('web');
  expect(additionalWires.length).toBeGreaterThan(0);
  const { id } = await wire('sh-web-prod');
  const page = await openPage(book.controller, { path: `/wires/${id}` });
  await page.getByRole('button', { name: 'Put into another address space' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Something stands in the way').waitFor();
  expect(await dialog.textContent()).toContain(`web also has the wire "${additionalWires[0]?.wire.name}"`);
  await dialog.getByLabel('Address space').selectOption({ label: 'lab-space' });
  expect(
    await dialog.getByRole('button', { name: 'Put it into lab-space' }).getAttribute('aria-disabled'),
  ).toBe('true');
});

test('every text of the list and of a wire is from the catalogue', async ({ openPage }) => {
  const { id } = await wire('sh-web-prod');
  const server = await serverOn('sh-web-prod');
  const page = await openPage(book.controller, { path: '/wires', marked: true });
  await page.getByRole('link', { name: 'Backup' }).waitFor();
  await expectOnlyCatalogueText(page, ['CDP', 'LLDP']);
  for (const search of [
    `server=${server.id}`,
    'view=table',
    'part=networks',
    'part=servers',
    'part=nics',
    'part=hosts',
  ]) {
    await page.goto(`/wires/${id}?${search}`);
    await page
      .getByRole('tabpanel')
      .getByText(/sh-esx-03|10\.20\./)
      .first()
      .waitFor();
    await expectOnlyCatalogueText(page, ['CDP', 'LLDP']);
  }
});
