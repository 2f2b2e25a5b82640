import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findChromium } from '../scripts/chromium.mjs';
import { launchBrowser, openContext, signIn } from '../test/page/support/browser.ts';
import { type BenchController, startBenchController } from './support/controller.ts';
import { addBenchAccount, startBenchEstate, syncAndWait } from './support/estate.ts';
import { median, percentile } from './support/figures.ts';

/**
 * The page in the browser: how much script it loads; how long it takes from the navigation until it is usable, with a controller that is warm
 * and a browser that has nothing of it yet, beside a page of text of the same controller in the same minute; and what blocks the browser while
 * the list of all servers and the addresses of a /16 are scrolled through.
 */
const ROUNDS = Number(process.env['WIREBOOK_BENCH_ROUNDS'] ?? 15);
const SCROLL_STEPS = 300;
const dist = new URL('../packages/web/dist/', import.meta.url);

interface Chunk {
  readonly file: string;
  readonly src?: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
}

async function measureScripts(): Promise<void> {
  const manifest: Readonly<Record<string, Chunk>> = JSON.parse(
    await readFile(new URL('.vite/manifest.json', dist), 'utf8'),
  );
  /** A chunk and everything that it can't begin without. */
  const closureOf = (name: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const imported of manifest[name]?.imports ?? []) closureOf(imported, seen);
    return seen;
  };
  const sizeOf = async (names: Iterable<string>): Promise<number> => {
    let size = 0;
    for (const name of names) {
      const file = manifest[name]?.file ?? '';
      if (!file.endsWith('.js')) continue;
      size += gzipSync(await readFile(fileURLToPath(new URL(file, dist))), { level: 9 }).length;
    }
    return size;
  };
  const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry === true);
  if (entry === undefined) throw new Error('the manifest names no entry');
  const first = closureOf(entry);
  // Loaded with it each time: the texts of one language, and the page that is gone to.
  const always = ['page-en.ts', 'overview-page.tsx'].flatMap((name) =>
    Object.keys(manifest).filter((key) => key.endsWith(`/${name}`)),
  );
  const whole = new Set([...first, ...always.flatMap((name) => [...closureOf(name)])]);
  console.log(`script of the first page, gzip: ${kilobytes(await sizeOf(first))}`);
  console.log(`with its texts and the overview: ${kilobytes(await sizeOf(whole))}`);
  const pages: { name: string; size: number }[] = [];
  for (const [name, chunk] of Object.entries(manifest)) {
    if (chunk.isDynamicEntry !== true || chunk.src?.startsWith('src/pages/') !== true) continue;
    const more = [...closureOf(name)].filter((one) => !first.has(one));
    pages.push({ name: chunk.src.replace('src/pages/', ''), size: await sizeOf(more) });
  }
  for (const { name, size } of pages.toSorted((a, b) => b.size - a.size))
    console.log(`  ${name} adds ${kilobytes(size)}`);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** A page of a browser that is signed in and has kept nothing else. */
async function openFresh(browser: Browser, controller: BenchController, cookies: Cookies): Promise<Page> {
  const context = await openContext(browser, { language: 'en', theme: 'light', url: controller.url });
  await context.addCookies(cookies);
  return context.newPage();
}

async function measureStart(browser: Browser, controller: BenchController, cookies: Cookies): Promise<void> {
  /** Milliseconds from the navigation on, by the browser's own clock. */
  const usable = async (): Promise<number> => {
    const page = await openFresh(browser, controller, cookies);
    await page.goto('/');
    const mark = await page.waitForFunction(
      () => performance.getEntriesByName('wirebook-usable')[0]?.startTime,
    );
    const ms = (await mark.jsonValue()) ?? Number.NaN;
    await page.context().close();
    return ms;
  };
  const text = async (): Promise<number> => {
    const page = await openFresh(browser, controller, cookies);
    await page.goto('/docs/problems');
    const ms = await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType('navigation');
      return navigation instanceof PerformanceNavigationTiming ? navigation.domContentLoadedEventEnd : NaN;
    });
    await page.context().close();
    return ms;
  };
  for (const warm of [usable, text]) await warm();
  const times = { usable: [] as number[], text: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.usable.push(await usable());
    times.text.push(await text());
  }
  const show = (all: readonly number[]): string =>
    `p50 ${median(all).toFixed(0)} ms, p95 ${percentile(all, 0.95).toFixed(0)} ms`;
  console.log(`first page usable: ${show(times.usable)}`);
  console.log(`a page of text of the same controller: ${show(times.text)}`);
  console.log(`the page takes ${(median(times.usable) / median(times.text)).toFixed(1)} times as long`);
}

/** Scrolls what scrolls on a page from its beginning to its end, a step a frame, and tells what blocked the browser meanwhile. */
async function measureScrolling(page: Page, name: string, path: string): Promise<void> {
  await page.goto(path);
  await page.waitForFunction(() => performance.getEntriesByName('wirebook-usable').length > 0);
  const found = await page.evaluate(async (steps) => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const longest = (): Element | undefined =>
      [...document.querySelectorAll('*')]
        .filter((one) => one.scrollHeight > one.clientHeight + 50 && one.clientHeight > 100)
        .filter(
          (one) => one === document.scrollingElement || /auto|scroll/.test(getComputedStyle(one).overflowY),
        )
        .toSorted((a, b) => b.scrollHeight - a.scrollHeight)[0];
    // The content may come a little after the page.
    for (let waited = 0; waited < 600 && longest() === undefined; waited += 1) await frame();
    const scroller = longest();
    if (scroller === undefined) return null;
    const tasks: number[] = [];
    const take = (list: PerformanceObserverEntryList): void => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    };
    const observer = new PerformanceObserver(take);
    observer.observe({ type: 'longtask' });
    const frames: number[] = [];
    let before = await frame();
    for (let step = 1; step <= steps; step += 1) {
      // What is ahead is loaded while one scrolls: the end moves away.
      scroller.scrollTop = ((scroller.scrollHeight - scroller.clientHeight) * step) / steps;
      const now = await frame();
      frames.push(now - before);
      before = now;
    }
    for (const entry of observer.takeRecords()) tasks.push(entry.duration);
    observer.disconnect();
    return { height: scroller.scrollHeight, tasks, frames };
  }, SCROLL_STEPS);
  if (found === null) {
    console.log(`${name}: nothing scrolls there`);
    return;
  }
  const { height, tasks, frames } = found;
  const worst = tasks.length === 0 ? '' : `, the longest ${Math.max(...tasks).toFixed(0)} ms`;
  console.log(
    `${name}: ${tasks.length} tasks over 50 ms in ${SCROLL_STEPS} steps through ${height} px${worst}; ` +
      `a step p50 ${median(frames).toFixed(0)} ms, p95 ${percentile(frames, 0.95).toFixed(0)} ms`,
  );
}

/** A network of 65,536 addresses, some of them taken all over it. */
async function layGrid(controller: BenchController): Promise<string> {
  const { items } = await controller.call<{ items: { id: string }[] }>('GET', '/api/v1/wires?limit=1');
  const made = await controller.call<{ network: { id: string } }>('POST', '/api/v1/networks', {
    name: 'grid',
    wire: items[0]?.id,
    cidr: '172.31.0.0/16',
  });
  const taken = Array.from({ length: 256 }, (_, nr) => `172.31.${nr}.${(nr * 7) % 250}`);
  for (const ip of taken.slice(1, -1))
    await controller.call('POST', `/api/v1/networks/${made.network.id}/allocate`, { ip });
  return made.network.id;
}

await measureScripts();
const executable = findChromium();
if (executable === undefined) throw new Error('no Chromium was found: "npm test" installs it or says how to');
await using simulator = await startBenchEstate();
const controller = await startBenchController();
try {
  await addBenchAccount(controller, simulator);
  await syncAndWait(controller);
  const grid = await layGrid(controller);
  await using browser = await launchBrowser(executable);
  await using signedIn = await openContext(browser, {
    language: 'en',
    theme: 'light',
    url: controller.url,
  });
  await signIn(signedIn, controller);
  await measureStart(browser, controller, await signedIn.cookies());
  const page = await signedIn.newPage();
  await measureScrolling(page, 'the list of all servers', '/servers');
  await measureScrolling(page, 'the addresses of a /16', `/networks/${grid}`);
} finally {
  await controller.stop();
}
