import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { languageOf, openCatalogue, type Translate } from '@wirebook/contract';
import { demoEstate, startSimulator } from '@wirebook/simulator';
import { startController } from '../src/compose.ts';
import { ConfigError } from '../src/config.ts';
import { DataFolderHeld, EmbeddedDatabaseUnavailable } from '../src/embedded-database/index.ts';
import { changes } from './changes.ts';
import { emptyDataFolder, ForeignFolder, makeTemporaryFolder } from './data-folder.ts';
import { fixing } from './fixing.ts';
import { giving } from './giving.ts';
import { keeping } from './keeping.ts';
import { making } from './making.ts';
import { onboarding } from './onboarding.ts';
import { readOutcome } from './outcome.ts';
import { proposing } from './proposing.ts';
import { controllerConfig, type DemoSettings, readDemoSettings } from './settings.ts';
import { openStage, StepFailed, writeLine } from './stage.ts';
import type { Scene } from './step.ts';
import { subnetting } from './subnetting.ts';

const steps = [
  ...onboarding,
  ...proposing,
  ...subnetting,
  ...giving,
  ...fixing,
  ...keeping,
  ...changes,
  ...making,
];

const { LC_ALL, LC_MESSAGES, LANG } = process.env;
const language = languageOf(LC_ALL || LC_MESSAGES || LANG || undefined);
const t = openCatalogue()(language);

/** Runs the demo. Exit codes: 0 done or stopped, 1 a step failed or something couldn't start, 2 a flag is wrong. */
async function main(): Promise<number> {
  const settings = readDemoSettings(process.argv.slice(2));
  controllerConfig(settings, { data: '.', cwd: process.cwd() });
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => ending.abort(new DemoStopped(signal)));
  const data = settings.data === null ? await makeTemporaryFolder() : resolve(settings.data);
  try {
    if (settings.data !== null && (await emptyDataFolder(data))) await writeLine(t('demo.emptied', { data }));
    return await play(settings, data, ending.signal);
  } finally {
    if (settings.data === null) await rm(data, { recursive: true, force: true });
  }
}

/** The demo was told to end before it was through. */
class DemoStopped extends Error {
  override readonly name = 'DemoStopped';
}

async function play(settings: DemoSettings, data: string, signal: AbortSignal): Promise<number> {
  await writeLine(t('demo.starting'));
  const estate = demoEstate();
  await using simulator = await startSimulator({ estate });
  signal.throwIfAborted();
  const controller = await startController({
    config: controllerConfig(settings, { data, cwd: process.cwd() }),
  });
  try {
    const passwordFile = join(data, 'vcenter-password.txt');
    await writeFile(passwordFile, `${simulator.password}\n`, { mode: 0o600 });
    const token = await readToken(data);
    const compileCache = join(data, 'compile-cache');
    const stage = openStage({ t, language, url: controller.url, token, compileCache, signal });
    const machines = estate.datacenters.reduce((sum, each) => sum + each.virtualMachines.length, 0);
    await playSteps({ stage, simulator, machines, passwordFile, folder: data });
    if (!settings.once) {
      await writeLine(goOn(t, { url: controller.url, data, link: controller.signInLink }));
      await aborted(signal);
      await writeLine(t('demo.stopping'));
    }
    return 0;
  } finally {
    await controller.stop();
  }
}

async function playSteps(scene: Scene): Promise<void> {
  const { stage } = scene;
  for (const [index, { key, run }] of steps.entries()) {
    const title = t(`demo.step.${key}`);
    await stage.say(`\n== ${index + 1}/${steps.length} ${title}\n`);
    try {
      await run(scene);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      throw new StepFailed(t('demo.failed.step', { number: index + 1, title, cause: error.message }));
    }
  }
  const { nics, settled, reasons } = await readOutcome(scene);
  const rest = reasons.map(({ code, nics: count }) => `${t(`reasons.titles.${code}`)} ${count}`).join(', ');
  await stage.say(t('demo.outcome', { nics, settled, rest }));
}

async function readToken(data: string): Promise<string> {
  const known: unknown = JSON.parse(await readFile(join(data, 'cli.json'), 'utf8'));
  const token: unknown = typeof known === 'object' && known !== null ? Reflect.get(known, 'token') : null;
  if (typeof token !== 'string') throw new TypeError('cli.json holds no token');
  return token;
}

function goOn(t: Translate, about: { url: string; data: string; link: string | null }): string {
  // A folder of its own is empty at first, so there always is a link; should there be none, nothing is said of one.
  const lines = about.link === null ? [] : ['signIn'];
  return ['', 'ready', ...lines, 'token', 'try', 'docs', 'stop']
    .map((line) => (line === '' ? '' : t(`demo.goOn.${line}`, about)))
    .join('\n');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const complain = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  const cause = error.name === 'AbortError' ? error.cause : error;
  if (cause instanceof DemoStopped) {
    complain(t('demo.stopped'));
    process.exitCode = 1;
  } else if (error instanceof ConfigError) {
    complain(error.message);
    process.exitCode = 2;
  } else if (
    error instanceof StepFailed ||
    error instanceof ForeignFolder ||
    error instanceof DataFolderHeld ||
    error instanceof EmbeddedDatabaseUnavailable ||
    ('syscall' in error && error.syscall === 'listen')
  ) {
    complain(error.message);
    process.exitCode = 1;
  } else throw error;
}
