import { smallEstate } from '@wirebook/simulator';
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
});
afterAll(async () => {
  await book?.[Symbol.asyncDispose]();
});

forEachLook(
  'what is around every page is accessible in $language, $theme',
  async ({ language, theme }, { openPage }) => {
    const page = await openPage(book.controller, { language, theme, path: '/nowhere' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(language === 'zh' ? 'zh-CN' : 'en');
    expect(await page.locator('html').getAttribute('data-theme')).toBe(theme);
    await expectAccessible(page);
  },
);

test('every text around the pages is from the catalogue', async ({ openPage }) => {
  const page = await openPage(book.controller, { path: '/nowhere', marked: true });
  await page.getByRole('navigation').waitFor();
  await expectOnlyCatalogueText(page);
});
