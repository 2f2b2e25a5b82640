import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { demoEstate, type Estate, generateEstate, startSimulator } from '@wirebook/simulator';
import type { Browser } from 'playwright-core';
import { addBenchAccount, syncAndWait } from '../../../bench/support/estate.ts';
import { type BenchController, startBenchController } from '../../../bench/support/controller.ts';
import { findChromium } from '../../../scripts/chromium.mjs';
import { launchBrowser, looks, type Look, openContext, signIn } from '../support/browser.ts';
import { watchFaults } from '../support/faults.ts';
import { pages, type Shot } from './pages.ts';

/** How long a page may take to be worth a picture, in milliseconds; then it is taken as it is, and said so. */
const PATIENCE_MS = 15_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screenshots' },
    width: { type: 'string', default: '1440,1024' },
    only: { type: 'string', multiple: true },
    language: { type: 'string', multiple: true, default: ['en', 'zh'] },
    theme: { type: 'string', multiple: true, default: ['light', 'dark'] },
    servers: { type: 'string' },
  },
});

/** Without a number the demo's estate; otherwise so many servers. */
function estateFor(servers: string | undefined): Estate {
  if (servers === undefined) return demoEstate();
  const vms = Number(servers);
  if (!Number.isInteger(vms) || vms < 1) throw new Error(`--servers ${servers}: a number from 1 on`);
  return generateEstate({
    vms,
    hosts: Math.max(2, Math.round(vms / 50)),
    portGroups: Math.max(5, Math.round(vms / 20)),
    seed: 1,
  });
}

/** The ids that a path asks for, filled in; null where there is no such object. */
async function fillIn(controller: Pick<BenchController, 'call'>, path: string): Promise<string | null> {
  let filled = path;
  for (const [wanted, list = ''] of path.matchAll(/\{([^}]+)\}/g)) {
    const query = `${list}${list.includes('?') ? '&' : '?'}limit=1`;
    const { items } = await controller.call<{ items: { id: string }[] }>('GET', `/api/v1/${query}`);
    const [first] = items;
    if (first === undefined) return null;
    filled = filled.replace(wanted, first.id);
  }
  return filled;
}

async function shoot(
  browser: Browser,
  controller: BenchController,
  options: { readonly look: Look; readonly width: number; readonly shots: readonly Shot[] },
): Promise<void> {
  const { look, width } = options;
  const suffix = `${width}-${look.language}-${look.theme}`;
  for (const signedOut of [true, false]) {
    const shots = options.shots.filter((shot) => (shot.signedOut ?? false) === signedOut);
    if (shots.length === 0) continue;
    await using context = await openContext(browser, { ...look, url: controller.url, width });
    if (!signedOut) await signIn(context, controller);
    // Who is signed in by a link is reminded of a password on every page, which is no part of any of them.
    await context.addInitScript(() => sessionStorage.setItem('wirebook.no-password-dismissed', 'true'));
    for (const shot of shots) {
      const path = await fillIn(controller, shot.path);
      if (path === null) {
        say(`${shot.name}: there is no object for ${shot.path}`);
        continue;
      }
      const page = await context.newPage();
      const faults = watchFaults(page);
      await page.goto(path);
      const settled = await page
        .waitForFunction(
          (selector) =>
            document.querySelector('h1') !== null &&
            document.querySelector('.ant-spin-spinning, .ant-skeleton-active') === null &&
            (selector === null || document.querySelector(selector) !== null),
          shot.waitFor ?? null,
          { timeout: PATIENCE_MS },
        )
        .then(
          () => true,
          () => false,
        );
      const file = join(resolve(values.out), `${shot.name}-${suffix}.png`);
      await page.screenshot({ path: file });
      say([file, ...(settled ? [] : ['not settled']), ...faults].join('\n  '));
      await page.close();
    }
  }
}

/** A controller that knows a simulated vCenter and has taken what could be taken of its proposals. */
async function prepare(controller: BenchController): Promise<AsyncDisposable> {
  const simulator = await startSimulator({ estate: estateFor(values.servers) });
  try {
    await addBenchAccount(controller, simulator);
    await syncAndWait(controller);
    const { items } = await controller.call<{ items: { id: string; objections: unknown[] }[] }>(
      'GET',
      '/api/v1/proposals?limit=500',
    );
    const ids = items.filter(({ objections }) => objections.length === 0).map(({ id }) => id);
    // One is left, so that there is one to look at.
    if (ids.length > 1) await controller.call('POST', '/api/v1/proposals/accept', { ids: ids.slice(1) });
  } catch (error) {
    await simulator.stop();
    throw error;
  }
  return { [Symbol.asyncDispose]: () => simulator.stop() };
}

const executable = findChromium();
if (executable === undefined) throw new Error('no Chromium was found');
const only = values.only?.flatMap((names) => names.split(','));
const shots = pages.filter(({ name }) => only === undefined || only.includes(name));
if (shots.length === 0) throw new Error(`--only: there are ${pages.map(({ name }) => name).join(', ')}`);
await mkdir(resolve(values.out), { recursive: true });

const controller = await startBenchController();
try {
  await using _estate = await prepare(controller);
  await using browser = await launchBrowser(executable);
  for (const width of values.width.split(',').map(Number))
    for (const look of looks)
      if (values.language.includes(look.language) && values.theme.includes(look.theme))
        await shoot(browser, controller, { look, width, shots });
} finally {
  await controller.stop();
}
