import { expect } from 'vitest';
import { startTestController } from '../../packages/controller/test/support/controller.ts';
import { openContext, signIn } from './support/browser.ts';
import { watchFaults } from './support/faults.ts';
import { test } from './support/test.ts';

test('the tests of the page see errors, what goes to the console, other hosts, and faults of the controller', async ({
  browser,
}) => {
  await using controller = await startTestController();
  await using context = await openContext(browser, {
    language: 'en',
    theme: 'light',
    url: controller.url,
  });
  await signIn(context, controller);
  const page = await context.newPage();
  const faults = watchFaults(page, { mayFail: /^503 \/api\/v1\/expected$/ });
  for (const [path, status] of Object.entries({ broken: 500, expected: 503, refused: 409 }))
    await page.route(`**/api/v1/${path}`, (route) => route.fulfill({ status, body: '{}' }));
  await page.goto('/nowhere');
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(faults).toEqual([]);

  for (const path of ['expected', 'refused'])
    await page.evaluate((name) => fetch(`/api/v1/${name}`).then(({ status }) => status), path);
  expect(faults).toEqual([]);
  await page.evaluate(() => fetch('/api/v1/broken').then(({ status }) => status));
  await page.evaluate(() => fetch('https://elsewhere.invalid/').catch(() => undefined));
  await page.evaluate(() => {
    setTimeout(() => {
      throw new Error('thrown');
    });
  });
  await page.evaluate(() => reportError(new Error('reported')));
  await expect
    .poll(() => faults.join('\n'))
    .toMatch(
      /(?=.*500 \/api\/v1\/broken)(?=.*error in the console)(?=.*elsewhere\.invalid)(?=.*thrown)(?=.*reported)/s,
    );
});
