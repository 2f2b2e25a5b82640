import type { Conflict, FindingSummary, List, NicSummary } from '@wirebook/contract';
import { demoEstate } from '@wirebook/simulator';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import {
  type EstateController,
  startEstateController,
} from '../../packages/controller/test/support/estate-controller.ts';
import { startTestController } from '../../packages/controller/test/support/controller.ts';
import { expectOnlyCatalogueText } from './support/marked-texts.ts';
import { expectAccessible, forEachLook, test } from './support/test.ts';

/** What needs a person: the overview, NICs without a record, conflicts, findings. */
let book: EstateController;

beforeAll(async () => {
  book = await startEstateController(demoEstate());
  // Its range is too small for all who use its prefix; all that it gives is taken.
  await book.createNetwork({
    name: 'web',
    wire: 'sh-web-prod',
    start: '10.20.10.1',
    end: '10.20.10.13',
    prefixLength: 24,
    gateway: '10.20.10.1',
    giving: [{ start: '10.20.10.11', end: '10.20.10.12' }],
  });
  await book.createNetwork({
    name: 'app',
    wire: 'sh-app-prod',
    cidr: '10.20.20.0/24',
    gateway: '10.20.20.1',
  });
});
afterAll(async () => {
  await book?.[Symbol.asyncDispose]();
});

const summary = async (): Promise<NicSummary> =>
  (await book.controller.call<NicSummary>('GET', '/api/v1/nics/summary')).body;

async function nicsFor(code: string): Promise<number> {
  return (await summary()).reasons.find((reason) => reason.code === code)?.nics ?? 0;
}

async function conflictOf(ip: string): Promise<Conflict> {
  const { body } = await book.controller.call<List<Conflict>>(
    'GET',
    `/api/v1/conflicts?resolved=any&ip=${ip}`,
  );
  const [found] = body.items;
  if (found === undefined) throw new Error(`no conflict of ${ip}`);
  return found;
}

/** The machine may be busy with others' tests. */
const PATIENT = { timeout: 20_000 };

/** Until everything on the page is there. */
async function settled(page: Page): Promise<void> {
  await page.locator('article[aria-busy=false]').waitFor();
  await expect.poll(() => page.locator('.ant-spin').count(), PATIENT).toBe(0);
}

const dialog = (page: Page): Locator => page.getByRole('dialog').last();

const pages = ['/', '/unresolved', '/unresolved?reason=other_wire', '/conflicts', '/findings'];

forEachLook(
  'what needs a person is accessible in $language, $theme',
  { timeout: 180_000 },
  async (look, { openPage }) => {
    const page = await openPage(book.controller, { ...look, path: null });
    const { id } = await conflictOf('10.20.20.50');
    for (const path of [...pages, `/conflicts/${id}`]) {
      await page.goto(path);
      await settled(page);
      await expectAccessible(page);
    }
  },
);

test('every text about what needs a person is from the catalogue', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: null, marked: true });
  for (const path of pages) {
    await page.goto(path);
    await settled(page);
    // What the controller has answered is known a moment after it is shown.
    await vi.waitFor(() => expectOnlyCatalogueText(page), PATIENT);
  }
});

test('the overview names what needs a person, each with the way to where it is mended', async ({
  openPage,
}) => {
  const page = await openPage(book.controller);
  await settled(page);
  const needs = page.getByRole('region', { name: 'Needs a person today' });
  const { reasons, unresolved } = await summary();
  const quiet = reasons
    .filter(({ code }) => code === 'powered_off' || code === 'template')
    .reduce((sum, { nics }) => sum + nics, 0);
  await needs
    .getByText(`${unresolved - quiet} NICs without a record need a person`)
    .first()
    .waitFor();
  await needs.getByText('Network "web" is full: nothing is left to give').first().waitFor();
  const { body: findings } = await book.controller.call<FindingSummary>('GET', '/api/v1/findings/summary');
  await needs.getByRole('link', { name: `See what to do: ${findings.findings} findings` }).waitFor();
  await page.getByRole('region', { name: 'What has changed' }).getByText('made network').first().waitFor();
  await needs.getByRole('link', { name: 'outside the network' }).click();
  await page.waitForURL('**/unresolved?reason=outside_range');
  await page.getByRole('heading', { name: 'NICs: outside the network' }).waitFor();
});

test('a group of NICs shows what mending it would do, does it, and is gone', async ({ openPage }) => {
  const before = await nicsFor('outside_range');
  expect(before).toBeGreaterThan(0);
  const page = await openPage(book.controller, { path: '/unresolved?reason=outside_range' });
  await settled(page);
  await page.getByRole('button', { name: `Mend these ${before}` }).click();
  const shown = dialog(page);
  await shown.getByText(`${before} NICs get a record.`).waitFor();
  await shown.getByText('Ranges that grow').waitFor();
  expect(await nicsFor('outside_range')).toBe(before);
  await shown.getByRole('button', { name: 'Mend what needs no decision' }).click();
  await page.getByText(`${before} NICs have a record now.`).waitFor();
  expect(await nicsFor('outside_range')).toBe(0);
  await page.getByText('No NIC without a record fits these filters').waitFor();
});

test('one NIC is mended by the button that its reason has, after it has shown what that does', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: '/unresolved?reason=other_wire' });
  await settled(page);
  await page.getByRole('link', { name: /^Details: .* of sh-fw-01$/ }).click();
  const drawer = page.getByRole('dialog').first();
  const label = 'Add "sh-trunk-firewall" to the wires of "app"';
  await drawer.getByRole('button', { name: label }).click();
  await dialog(page).getByText('gets a record').first().waitFor();
  const recorded = async (): Promise<string[]> =>
    (await book.nics('sh-fw-01')).flatMap(({ records }) => records.map(({ ip }) => ip));
  expect(await recorded()).not.toContain('10.20.20.1');
  await dialog(page).getByRole('button', { name: label }).click();
  await expect.poll(recorded, PATIENT).toContain('10.20.20.1');
});

test('a NIC whose guest is silent is given its address by hand', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: '/unresolved?reason=tools_not_running' });
  await settled(page);
  await page.getByRole('link', { name: /of sh-tools-stopped$/ }).click();
  const drawer = page.getByRole('dialog').first();
  await drawer.getByRole('link', { name: 'app' }).waitFor();
  await drawer.getByRole('textbox', { name: 'Address' }).fill('10.20.30.7');
  await drawer.getByRole('button', { name: 'Say so' }).click();
  // An address of another network is refused, and nothing is recorded.
  await dialog(page).getByRole('alert').waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await drawer.getByRole('textbox', { name: 'Address' }).fill('10.20.20.201');
  await drawer.getByRole('button', { name: 'Say so' }).click();
  await dialog(page).getByText('10.20.20.201 of the network "app" is recorded').waitFor();
  expect(await book.records('sh-tools-stopped')).toEqual([]);
  await dialog(page)
    .getByRole('button', { name: /has 10\.20\.20\.201$/ })
    .click();
  await page.getByText('10.20.20.201 is recorded for sh-tools-stopped.').waitFor();
  expect(await book.records('sh-tools-stopped')).toEqual(['10.20.20.201']);
});

test('selected NICs are mended, and what is left to a person says why', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: '/unresolved?reason=other_wire&q=sh-web-01-restore' });
  await settled(page);
  await page.getByRole('checkbox', { name: 'Select', exact: true }).check();
  await page.getByRole('button', { name: 'Mend the 1 selected NIC' }).click();
  const shown = dialog(page);
  await shown.getByText('This speaks against "restore-test" being a wire of "web"').waitFor();
  const impossible = shown.getByRole('button', { name: 'Mend what needs no decision' });
  expect(await impossible.getAttribute('aria-description')).toContain('without a decision');
  await shown.getByRole('button', { name: 'Leave "restore-test" out of "web" for good' }).click();
  await dialog(page).getByText('No NIC gets a record by it.').waitFor();
  await dialog(page).getByRole('button', { name: 'Leave "restore-test" out of "web" for good' }).click();
  await expect
    .poll(async () => (await book.network('web')).excludedWires.map(({ wire }) => wire.name), PATIENT)
    .toEqual(['restore-test']);
});

test('addresses are imported from a CSV, after the dry run has shown them, or not at all', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: '/unresolved' });
  await settled(page);
  await page.getByRole('button', { name: 'Import addresses from a CSV' }).click();
  const text = page.getByRole('textbox', { name: 'or paste it here' });
  await text.fill('name,ip\nsh-appliance,10.20.20.202');
  await page.getByText('with server among them. It has: name, ip').first().waitFor();
  await text.fill('server,ip\nsh-appliance,10.20.20.202\nsh-nowhere,10.20.20.203\n');
  await page.getByRole('button', { name: 'Import 2 rows' }).click();
  await dialog(page).getByText('line 3:').waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  const chosen = page.getByLabel('Choose a file', { exact: true }).and(page.locator('input'));
  await chosen.setInputFiles({
    name: 'fixes.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('\uFEFFserver;mac;ip\r\nsh-appliance;;10.20.20.202\r\nsh-no-address;;\r\n'),
  });
  await page.getByText('1 row without an address is left out.').waitFor();
  await page.getByRole('button', { name: 'Import 1 row', exact: true }).click();
  await dialog(page).getByText('recorded: 1 · as before: 0 · taken back: 0').waitFor();
  expect(await book.records('sh-appliance')).toEqual([]);
  await dialog(page).getByRole('button', { name: 'Import 1 row', exact: true }).click();
  await page.getByText('Imported: 1 recorded, 0 as before, 0 taken back.').waitFor();
  expect(await book.records('sh-appliance')).toEqual(['10.20.20.202']);
});

test('a conflict shows both sides, and each decision says what it does before it is made', async ({
  openPage,
}) => {
  const page = await openPage(book.controller, { path: '/conflicts' });
  await settled(page);
  await page.getByRole('link', { name: 'both sides of 10.20.20.50' }).click();
  await page.getByRole('heading', { name: '10.20.20.50 is claimed twice' }).waitFor();
  const { holders, claimants, id } = await conflictOf('10.20.20.50');
  const [holder, claimant] = [holders[0]?.server?.name, claimants[0]?.server?.name];
  await page.getByRole('region', { name: `${holder} has the record` }).waitFor();
  await page.getByRole('region', { name: `${claimant} says it has it too` }).waitFor();
  await page.getByRole('button', { name: `${claimant} gets 10.20.20.50` }).click();
  await dialog(page).getByText('The record of the holder ends').waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  expect((await conflictOf('10.20.20.50')).resolution).toBeNull();
  await page.getByRole('button', { name: `${holder} keeps 10.20.20.50` }).click();
  await dialog(page)
    .getByRole('button', { name: `${holder} keeps 10.20.20.50` })
    .click();
  await page.getByText(`Decided: ${holder} keeps 10.20.20.50`).waitFor();
  expect((await conflictOf('10.20.20.50')).resolution).toBe('keep');
  // As long as both claim it, it can be decided otherwise.
  await page.getByRole('button', { name: `${claimant} gets 10.20.20.50` }).click();
  await dialog(page)
    .getByRole('button', { name: `${claimant} gets 10.20.20.50` })
    .click();
  await expect.poll(async () => (await conflictOf('10.20.20.50')).resolution, PATIENT).toBe('give');
  await page.goto('/conflicts?resolved=true');
  await page.getByRole('link', { name: 'both sides of 10.20.20.50' }).first().waitFor();
  await page.goto(`/conflicts/${id}`);
  await page.getByText('given to the claimant').first().waitFor();
});

test('findings are narrowed by kind in the address, and say what to do', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: '/findings' });
  await settled(page);
  await page.getByRole('link', { name: 'Wrong mask in the guest' }).click();
  await page.waitForURL('**/findings?kind=guest_mask');
  await page.reload();
  await page.getByRole('link', { name: /^What to do: sh-wrong-mask/ }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Set the prefix length in the guest to /24').waitFor();
  await drawer.getByRole('link', { name: 'app', exact: true }).click();
  await page.waitForURL('**/networks/*');
});

test('with nothing in the book the overview leads to the start', async ({ openPage }) => {
  const empty = await startTestController();
  try {
    const page = await openPage(empty);
    await page.waitForURL('**/start');
    await page.goto('/unresolved');
    await page.getByText('There are no NICs yet').waitFor();
    // Nobody answers what it may still ask for once the controller is gone.
    await page.close();
  } finally {
    await empty.stop();
  }
});
