import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import {
  startTestController,
  type TestController,
} from '../../packages/controller/test/support/controller.ts';
import { expectOnlyCatalogueText } from './support/marked-texts.ts';
import { expectAccessible, forEachLook, test } from './support/test.ts';

let controller: TestController;
/** What the administrator signs in with once a test has set it. */
const first = 'a first password';
const second = 'a second password';

beforeAll(async () => {
  controller = await startTestController();
});
afterAll(async () => {
  await controller?.stop();
});

async function makeLink(): Promise<string> {
  const made = await controller.call('POST', '/api/v1/sign-in-links', {});
  expect(made.status).toBe(201);
  return String(made.body['url']);
}

async function signInByPassword(page: Page, username: string, password: string): Promise<void> {
  await page.getByRole('textbox', { name: 'User name' }).fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

forEachLook(
  'the settings and the way in are accessible in $language, $theme',
  async ({ language, theme }, { openPage }) => {
    const page = await openPage(controller, { language, theme, path: '/settings' });
    await page.getByRole('heading', { level: 2 }).nth(3).waitFor();
    await page.locator('[aria-expanded="false"]', { hasText: /privileges|权限/ }).click();
    await page.locator('pre').first().waitFor();
    await expectAccessible(page);

    const outside = await openPage(controller, { language, theme, signedIn: false, path: '/settings' });
    await outside.waitForURL(/\/sign-in\?/);
    await outside.locator('form').waitFor();
    await expectAccessible(outside);
  },
);

test('every text of the settings is from the catalogue', async ({ openPage }) => {
  const page = await openPage(controller, { path: '/settings', marked: true });
  await page.getByRole('heading', { level: 2 }).nth(3).waitFor();
  await page.waitForLoadState('networkidle');
  // What Ant Design calls its eye and its cross, and the time that the browser writes out.
  const moments = await page
    .locator('time')
    .evaluateAll((times) => times.map((time) => time.getAttribute('title') ?? ''));
  await expectOnlyCatalogueText(page, ['eye-invisible', 'close-circle', ...moments]);
});

test('a link signs in once, asks for a password, and with that one comes back to where one wanted to go', async ({
  openPage,
}) => {
  const link = await makeLink();
  const page = await openPage(controller, { signedIn: false, path: null });
  await page.goto(link);
  await page.getByText('You have no password yet.').waitFor();
  expect(page.url()).not.toContain('link=');

  await page.getByRole('link', { name: 'Set a password' }).click();
  await page.getByRole('heading', { level: 2, name: 'Set a password' }).waitFor();
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill(first);
  await page.getByRole('textbox', { name: 'New password again' }).fill('another one, by mistake');
  const set = page.getByRole('button', { name: 'Set a password' });
  expect(await set.getAttribute('aria-description')).toBe('The two new passwords differ.');
  await page.getByRole('textbox', { name: 'New password again' }).fill(first);
  await set.click();
  await page.getByText('The password is set.').waitFor();
  await page.getByRole('heading', { level: 2, name: 'Change the password' }).waitFor();
  expect(await page.getByText('You have no password yet.').count()).toBe(0);

  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL(/\/sign-in$/);
  await page.goto('/networks?q=office');
  await page.waitForURL(/\/sign-in\?back=/);
  await signInByPassword(page, 'admin', first);
  await page.waitForURL(/\/networks\?q=office$/);
  await page.getByRole('heading', { level: 1, name: 'Networks' }).waitFor();

  const other = await openPage(controller, { signedIn: false, path: null });
  await other.goto(link);
  await other.getByRole('alert').waitFor();
  expect(new URL(other.url()).pathname).toBe('/sign-in');
});

test('the notice that a password is missing can be put aside', async ({ openPage }) => {
  await using fresh = await startTestController();
  const page = await openPage(fresh, { path: '/' });
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByText('You have no password yet.').waitFor({ state: 'detached' });
  await page.goto('/networks');
  await page.getByRole('heading', { level: 1, name: 'Networks' }).waitFor();
  expect(await page.getByText('You have no password yet.').count()).toBe(0);
});

test('a password is changed by whoever knows it, and the other sessions end', async ({ openPage }) => {
  const other = await openPage(controller, { path: '/settings' });
  await other.getByRole('heading', { level: 2, name: 'Change the password' }).waitFor();
  const page = await openPage(controller, { path: '/settings' });
  const change = async (current: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Password until now' }).fill(current);
    await page.getByRole('textbox', { name: 'New password', exact: true }).fill(second);
    await page.getByRole('textbox', { name: 'New password again' }).fill(second);
    await page.getByRole('button', { name: 'Change the password' }).click();
  };
  await change('not the password');
  await page.getByRole('alert').waitFor();
  await change(first);
  await page.getByText('The password is changed; your other sessions are ended.').waitFor();

  await other.reload();
  await other.waitForURL(/\/sign-in\?back=/);
  await signInByPassword(other, 'admin', first);
  await other.getByRole('alert').waitFor();
  await signInByPassword(other, 'admin', second);
  await other.waitForURL(/\/settings$/);
});

test('whoever guesses is told when the next attempt is taken', async ({ openPage }) => {
  const page = await openPage(controller, { signedIn: false, path: '/sign-in' });
  const refused = page.getByText('Too many wrong attempts');
  for (let attempt = 0; attempt < 10 && (await refused.count()) === 0; attempt += 1) {
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/v1/session'));
    await signInByPassword(page, 'somebody', `guess number ${attempt}`);
    await answered;
    await page.getByRole('alert').waitFor();
  }
  await refused.waitFor();
  await page.getByText(/the next is taken on .* in \d+ seconds/).waitFor();
});

test('a token is made, shown once, works with its own role, and is refused once it is revoked', async ({
  openPage,
}) => {
  const page = await openPage(controller, { path: '/settings' });
  await page.getByRole('button', { name: 'Make a token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('nightly export');
  await dialog.getByRole('combobox', { name: 'Role' }).selectOption('viewer');
  await dialog.getByRole('combobox', { name: 'Ends' }).selectOption('in 30 days');
  await dialog.getByRole('button', { name: 'Make a token' }).click();
  await dialog.getByText('Copy it now: it is shown this once.').waitFor();
  const token = await dialog.locator('pre').first().innerText();
  expect(token).toMatch(/^wb_/);
  expect(await dialog.innerText()).toContain(`export WIREBOOK_URL=${controller.url.replace(/\/$/, '')}`);
  const as = (method: string, path: string, body?: unknown) =>
    controller.call(method, path, body, { authorization: `Bearer ${token}` });
  expect((await as('GET', '/api/v1/networks')).status).toBe(200);
  expect((await as('POST', '/api/v1/address-spaces', { name: 'x' })).body['code']).toBe('forbidden');
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(token);

  const row = page.getByRole('row', { name: /nightly export/ });
  await row.getByText('viewer').waitFor();
  await row.getByRole('button', { name: 'Revoke "nightly export"' }).click();
  await dialog.getByText(/is refused from its next request on/).waitFor();
  expect((await as('GET', '/api/v1/networks')).status).toBe(200);
  await dialog.getByRole('button', { name: 'Revoke "nightly export"' }).click();
  await row.waitFor({ state: 'detached' });
  expect((await as('GET', '/api/v1/networks')).status).toBe(401);

  await page.getByRole('combobox', { name: 'Whose tokens' }).selectOption('all');
  await page.getByRole('row', { name: /the controller’s machine/ }).waitFor();
});

test('language and theme are chosen and remembered', async ({ openPage }) => {
  const page = await openPage(controller, { path: '/settings' });
  const looks = page.getByRole('region', { name: 'How the page looks' });
  await looks.getByRole('combobox', { name: 'Theme' }).selectOption('Dark');
  await looks.getByRole('combobox', { name: 'Language' }).selectOption('中文');
  await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
});
