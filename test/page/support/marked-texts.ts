import { createRequire } from 'node:module';
import { texts } from '@wirebook/contract/page/en';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const [OPENS, CLOSES] = ['⟦', '⟧'];
const require = createRequire(new URL('../../../packages/web/package.json', import.meta.url));

/** What the controller has answered on a page: shown, it is data. */
const answered = new WeakMap<Page, Set<string>>();

/**
 * Gives the page a catalogue whose every text is marked, in place of the English one: what is shown without marks
 * comes from elsewhere. Before the page is opened.
 */
export async function markTexts(page: Page): Promise<void> {
  const known = new Set<string>();
  answered.set(page, known);
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.startsWith('/api/')) return;
    response.json().then(
      (body: unknown) => {
        for (const text of leavesOf(body)) known.add(text);
      },
      // No JSON (an event stream), or gone before it was read.
      () => undefined,
    );
  });
  await page.route('**/assets/page-en-*.js', (route) =>
    route.fulfill({
      contentType: 'application/javascript',
      body: `export const texts = ${JSON.stringify(mark(texts))};`,
    }),
  );
}

/**
 * What is shown and read out comes from the catalogue, from the controller, from the controls' own words in each
 * language, or is named here; of a page opened with `marked`. What an element with `data-value` shows is data too.
 */
export async function expectOnlyCatalogueText(page: Page, more: readonly string[] = []): Promise<void> {
  const controls: unknown = require('antd/locale/en_US');
  const known = [
    ...(answered.get(page) ?? []),
    ...leavesOf(controls),
    ...more,
    // What each language is called stays the same in every language.
    'English',
    '中文',
    'Wirebook',
  ];
  const shown = await page.evaluate(readShown);
  expect(
    shown.some((text) => text.includes(OPENS)),
    'the marked texts reached the page',
  ).toBe(true);
  expect([...new Set(shown.flatMap((text) => strangeIn(text, known)))]).toEqual([]);
}

/** The part of a text that nobody accounts for, if it has letters. */
function strangeIn(text: string, known: readonly string[]): string[] {
  const lower = known.filter((one) => /\p{L}/u.test(one)).map((one) => one.toLowerCase());
  // Innermost marks first: a text may be filled in with another.
  let rest = text;
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replaceAll(/⟦[^⟦⟧]*⟧/g, ' ');
  }
  for (const one of lower.toSorted((a, b) => b.length - a.length)) {
    const low = rest.toLowerCase();
    if (low.includes(one)) rest = low.replaceAll(one, ' ');
    // Shortened for its place.
    else if (low.trim() !== '' && one.includes(low.trim())) rest = '';
  }
  return /\p{L}{2}/u.test(rest) ? [rest.trim()] : [];
}

/** Runs in the browser: each piece of text that is shown or read out, without what stands in `data-value`. */
function readShown(): string[] {
  const shown: string[] = [document.title];
  const isData = (element: Element | null): boolean =>
    element === null || element.closest('[data-value], script, style, input, textarea, pre, code') !== null;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement } = walker.currentNode;
    if (!isData(parentElement) && parentElement?.checkVisibility() === true)
      shown.push(walker.currentNode.textContent ?? '');
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'])
    for (const element of document.body.querySelectorAll(`[${name}]:not(time)`))
      shown.push(element.getAttribute(name) ?? '');
  return shown.filter((text) => text.trim() !== '');
}

function mark(value: unknown): unknown {
  if (typeof value === 'string') return `${OPENS}${value}${CLOSES}`;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mark(inner)]));
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}
