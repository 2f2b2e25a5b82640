import type { TestProject } from 'vitest/node';
import { findChromium } from '../../../scripts/chromium.mjs';
import { ensurePage } from '../../../scripts/page-build.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The browser's program. */
    chromium: string;
  }
}

/** The page that is tested is the built one, made from the sources as they are. */
export function setup(project: TestProject): void {
  const chromium = findChromium();
  if (chromium === undefined)
    throw new Error('the tests of the page need a Chromium: "npm test" installs it or says how to');
  ensurePage();
  project.provide('chromium', chromium);
}
