// Shared by the scripts in this folder. Plain JavaScript for any Node from 20 on, without dependencies: it runs
// before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const modules = join(root, 'node_modules');
const stampPath = join(modules, '.wirebook-installed');
export const nodePath = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const oldestGo = [1, 25];

/** What ends a script with a message for whoever started it, instead of a stack trace. */
export class Refusal extends Error {}

/** Runs a script's body: a Refusal becomes its message and exit code 1. */
export async function runScript(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Installs the dependencies that package-lock.json names unless they are there. */
export function ensureInstalled() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(lock).digest('hex');
  const reason = findReasonToInstall(lock, stamp);
  if (reason !== undefined) {
    process.stderr.write(`Installing dependencies (npm ci): ${reason}\n`);
    // Development dependencies too, whatever NODE_ENV says: the tests and the generators are theirs.
    const result = spawnSync(
      ...npmCommand(['ci', '--include=dev', '--include=optional', '--loglevel=error']),
      {
        cwd: root,
        stdio: ['ignore', 2, 2],
      },
    );
    if (result.error !== undefined) throw new Refusal(`npm could not be run: ${result.error.message}`);
    if (result.status !== 0 || !existsSync(nodePath)) {
      throw new Refusal('npm ci failed; its own words are above. Nothing was started.');
    }
  }
  if (readIfPresent(stampPath) !== stamp) writeFileSync(stampPath, stamp);
}

function findReasonToInstall(lock, stamp) {
  if (!existsSync(modules)) return 'node_modules is missing';
  if (!existsSync(nodePath)) return 'node_modules is incomplete';
  const found = readIfPresent(stampPath);
  if (found === stamp) return undefined;
  // Installed by hand: npm keeps its own account of what it installed.
  const installed = readIfPresent(join(modules, '.package-lock.json'));
  if (installed !== undefined && isSameSet(JSON.parse(lock), JSON.parse(installed))) return undefined;
  return 'package-lock.json has changed';
}

function isSameSet(wanted, installed) {
  const names = (lock) => Object.keys(lock.packages).filter((name) => name !== '');
  const version = (lock, name) => lock.packages[name]?.version;
  return (
    names(installed).every(
      (name) => name in wanted.packages && version(wanted, name) === version(installed, name),
    ) &&
    // Packages of other platforms are in the lock and not in the folder.
    names(wanted).every((name) => name in installed.packages || isOptional(wanted.packages[name]))
  );
}

function isOptional(entry) {
  return entry.optional === true || entry.devOptional === true || entry.peer === true;
}

function npmCommand(args) {
  // Under `npm run`, npm says where it lies; that also spares Windows the search for npm.cmd.
  const script = process.env.npm_execpath;
  return script !== undefined && script.endsWith('.js')
    ? [process.execPath, [script, ...args]]
    : ['npm', args];
}

/** Go builds the test vCenter that the tests, the demo and the benchmarks talk to. */
export function requireGo() {
  const found = ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go', '/opt/homebrew/bin/go'].flatMap(
    readGoVersion,
  );
  if (found.some(([major, minor]) => major > oldestGo[0] || (major === oldestGo[0] && minor >= oldestGo[1])))
    return;
  const state = found.length === 0 ? 'none was found' : `${found[0].join('.')} was found`;
  throw new Refusal(
    `Go ${oldestGo.join('.')} or later is needed and ${state}: install it from https://go.dev/dl/. It builds the ` +
      'simulated vCenter that the tests, the demo and the benchmarks run against; the controller itself does not need it.',
  );
}

/** [major, minor], in a list that is empty where there is no such command. */
function readGoVersion(command) {
  // "local": the version that is there, not one that it could fetch.
  const env = { ...process.env, GOTOOLCHAIN: 'local' };
  const { stdout } = spawnSync(command, ['env', 'GOVERSION'], { encoding: 'utf8', env });
  const version = /^go(\d+)\.(\d+)/.exec(stdout ?? '');
  return version === null ? [] : [[Number(version[1]), Number(version[2])]];
}

/** The environment in which `node`, and every tool that asks for it, is the installed Node 24. */
function nodeEnvironment() {
  return { ...process.env, PATH: [join(modules, '.bin'), process.env.PATH].join(delimiter) };
}

/** The arguments of a script, without the `--` that npm and habit put before them. */
export function scriptArguments() {
  const given = process.argv.slice(2);
  return given[0] === '--' ? given.slice(1) : given;
}

/** Runs a program file in Node 24 to its end and returns its exit code. */
export function runToEnd(file, args = []) {
  const { status, signal, error } = spawnSync(nodePath, [join(root, file), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: nodeEnvironment(),
  });
  if (error !== undefined) throw new Refusal(`${file} could not be run: ${error.message}`);
  return status ?? signalStatus(signal);
}

/** Runs a program file in Node 24 and returns what it prints. */
export function readOutput(file, args = []) {
  const { status, stdout, error } = spawnSync(nodePath, [file, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: nodeEnvironment(),
  });
  if (error !== undefined) throw new Refusal(`${file} could not be run: ${error.message}`);
  if (status !== 0) throw new Refusal(`${file} failed with exit code ${status}.`);
  return stdout;
}

/** A small young generation: reading a large vCenter makes much garbage, which would else stand in memory for nothing. */
export const serverFlags = ['--max-semi-space-size=8'];

/**
 * Runs a server's program file in Node 24 and resolves to its exit code.
 *
 * Ctrl-C reaches every process of the terminal's group, and npm passes signals on besides; so the server gets a
 * group of its own and hears each signal from here, once. It is told to end when this process is gone, however that
 * came about, by the channel between the two closing.
 */
export function runServer(file, args) {
  const preload = new URL('./end-with-parent.mjs', import.meta.url).href;
  const child = spawn(nodePath, [...serverFlags, '--import', preload, join(root, file), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: nodeEnvironment(),
    detached: true,
  });
  const passed = new Map();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // The same key press, told by the terminal and by npm, arrives within milliseconds; a second one is meant.
      const now = performance.now();
      if (now - (passed.get(signal) ?? -Infinity) < 500) return;
      passed.set(signal, now);
      child.kill(signal);
    });
  }
  watchNpm(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Refusal(`${file} could not be run: ${error.message}`)));
    child.on('exit', (code, signal) => resolve(code ?? signalStatus(signal)));
  });
}

/**
 * Calls back when the npm that runs this script is gone. npm runs scripts in a shell, and told to end it ends that
 * shell, which does not tell us.
 */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const npm = readParent(shell, ['sh', 'dash', 'bash']);
  const timer = setInterval(() => {
    if (process.ppid === shell && (npm === undefined || readParent(shell) === npm)) return;
    clearInterval(timer);
    onGone();
  }, 250);
  timer.unref();
}

/** The parent of a process, where /proc tells (proc(5)), optionally only if its program has one of these names. */
function readParent(pid, names) {
  const stat = /^\d+ \((.*)\) \S (\d+) /s.exec(readIfPresent(`/proc/${pid}/stat`) ?? '');
  return stat === null || (names !== undefined && !names.includes(stat[1])) ? undefined : Number(stat[2]);
}

function signalStatus(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

export function readIfPresent(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
