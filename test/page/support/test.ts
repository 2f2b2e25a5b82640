import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { expect, inject, test as plain } from 'vitest';
import { launchBrowser, type Look, looks, openContext, type Serving, signIn } from './browser.ts';
import { type FaultOptions, watchFaults } from './faults.ts';
import { markTexts } from './marked-texts.ts';

export interface OpenOptions extends Partial<Look>, FaultOptions {
  /** Where to begin; nowhere if `null`. */
  readonly path?: string | null;
  readonly width?: number;
  readonly height?: number;
  /** Whether the administrator is signed in; by default he is. */
  readonly signedIn?: boolean;
  /** Shows every text of the page's catalogue between ⟦ and ⟧, for `expectOnlyCatalogueText`. */
  readonly marked?: boolean;
}

interface Fixtures {
  readonly browser: Browser;
  /**
   * Opens a controller's page in a browser of its own. The test fails when the page had an error, wrote one to the
   * console, asked another host for anything, or was answered by a fault of the controller.
   */
  readonly openPage: (controller: Serving, options?: OpenOptions) => Promise<Page>;
}

export const test = plain.extend<Fixtures>({
  browser: [
    async ({}, use) => {
      const browser = await launchBrowser(inject('chromium'));
      await use(browser);
      await browser.close();
    },
    { scope: 'file' },
  ],
  openPage: async ({ browser }, use) => {
    const opened: { page: Page; faults: readonly string[] }[] = [];
    await use(async (controller, options = {}) => {
      const context = await openContext(browser, {
        language: 'en',
        theme: 'light',
        ...options,
        url: controller.url,
      });
      if (options.signedIn !== false) await signIn(context, controller);
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      opened.push({ page, faults: watchFaults(page, options) });
      if (options.marked === true) await markTexts(page);
      if (options.path !== null) await page.goto(options.path ?? '/');
      return page;
    });
    for (const { page } of opened) await page.context().close();
    expect(opened.flatMap(({ faults }) => faults)).toEqual([]);
  },
});

/** `forEachLook('the list in $language, $theme', async (look, { openPage }) => ...)`: in both languages and both themes. */
export const forEachLook = test.for(looks);

/** Nothing that axe finds wrong, whatever its impact. Wait for what is to be looked at first. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // Every rule runs all the same; what passes is not described, and nothing is put together in another tab: several times as quick.
    .options({ resultTypes: ['violations'] })
    .setLegacyMode(true)
    .analyze();
  const found = violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map((node) => `${id} (${impact}): ${help}: ${node.html.slice(0, 300)}\n${node.failureSummary}`),
  );
  expect(found).toEqual([]);
}
