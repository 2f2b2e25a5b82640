import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { EstateController } from '../../packages/controller/test/support/estate-controller.ts';
import { expectOnlyCatalogueText } from './support/marked-texts.ts';
import { startNetworkEstate } from './support/network-estate.ts';
import { expectAccessible, forEachLook, test } from './support/test.ts';

/** How networks, the address grid, reservations and taken addresses look, to whoever looks and whoever listens. */

let book: EstateController;
beforeAll(async () => {
  book = await startNetworkEstate();
  await book.controller.call('POST', '/api/v1/reservations', {
    network: 'big',
    kind: 'dhcp',
    start: '10.9.4.0',
    end: '10.9.5.255',
  });
});
afterAll(async () => {
  await book?.[Symbol.asyncDispose]();
});

/** What is there once a page shows what it is for; `{name}` is the id of the network. */
const views = [
  ['the list of networks', '/networks', 'row'],
  ['a new network', '/networks/new', 'button'],
  ['the grid of a /24, one address selected', '/networks/{web-net}?at=10.1.0.12', 'gridcell'],
  ['the grid of a /16', '/networks/{big}', 'gridcell'],
  ['the wires of a network', '/networks/{web-net}?part=wires', 'row'],
  ['the settings of a network', '/networks/{web-net}?part=settings', 'definition'],
  ['the change of a network', '/networks/{web-net}?part=change', 'textbox'],
  ['reservations', '/reservations', 'row'],
  ['taken addresses', '/addresses', 'row'],
] as const;

async function show(page: Page, [, path, role]: (typeof views)[number]): Promise<void> {
  const named = /\{(.+)\}/.exec(path)?.[1];
  await page.goto(named === undefined ? path : path.replace(/\{.+\}/, (await book.network(named)).id));
  await page.locator('article[aria-busy=false]').waitFor();
  await page.locator('main').getByRole(role).first().waitFor();
}

for (const view of views) {
  forEachLook(`${view[0]}: accessible in $language, $theme`, async (look, { openPage }) => {
    const page = await openPage(book.controller, { ...look, path: null });
    await show(page, view);
    await expectAccessible(page);
  });
}

test('every text of networks and addresses is from the catalogue', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: null, marked: true });
  for (const view of views) {
    await show(page, view);
    // What is shown is told from texts by the answers that brought it: all of them have to be there.
    await page.waitForLoadState('networkidle');
    // The name of an icon of the controls, which their catalogue doesn't have.
    await expectOnlyCatalogueText(page, ['close-circle']);
  }
});
