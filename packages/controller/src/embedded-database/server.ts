import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { locateBinaries, makeReachable, type Binaries } from './binaries.ts';
import { initialiseCluster, keepPassword, locateCluster, roleName, serverEnvironment } from './cluster.ts';
import { endLeftoverPostmaster, endPostmaster, readPostmaster } from './postmaster.ts';
import { chooseSystemAccount, type SystemAccount } from './system-account.ts';
import { EmbeddedDatabaseUnavailable, ownServerRemedy } from './unavailable.ts';

const databaseName = 'wirebook';
const startAttempts = 5;
const longestPauseMilliseconds = 5_000;

/** A running server of our own. `url` holds the password: it is for connecting, never for a log. */
export type EmbeddedDatabase = { readonly url: string; stop(): Promise<void> };

const defaultSettings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // A socket's path may have about 100 bytes, a data folder's more.
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  fsync: 'on',
  // Our statements are short: compiling them costs more than it saves.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  // Failed statements are reported by whoever sent them; here they would put values of theirs into the log.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  cluster_name: 'wirebook',
};

/**
 * Runs PostgreSQL on 127.0.0.1 with its cluster in the data folder (see `locateCluster` for the exception), and
 * creates the database `wirebook`. A server left behind by a killed controller is ended first, and one that dies
 * is started again on the same port, so `url` stays true until `stop`. The caller holds the data folder's lock.
 * `settings` are PostgreSQL parameters on top of ours.
 * Throws `EmbeddedDatabaseUnavailable`, which names the remedy.
 */
export async function startEmbeddedDatabase(options: {
  dataDir: string;
  log: (line: string) => void;
  settings?: Readonly<Record<string, string>>;
}): Promise<EmbeddedDatabase> {
  const { dataDir, log } = options;
  if (process.platform === 'win32') {
    throw new EmbeddedDatabaseUnavailable(
      'The embedded database does not run on Windows: set DATABASE_URL to a PostgreSQL server',
    );
  }
  const account = await chooseSystemAccount();
  const binaries = await makeReachable({
    binaries: await locateBinaries(),
    account,
    cacheDir: '/var/cache/wirebook',
  });
  const clusterDir = await locateCluster({ dataDir, account, fallbackDir: '/var/lib/wirebook' });
  const password = await keepPassword({ dataDir, clusterDir });
  await initialiseCluster({ binaries, account, clusterDir, password, log });
  await endLeftoverPostmaster({ clusterDir, log });

  const settings = { ...defaultSettings, ...options.settings };
  const launch = { binaries, account, clusterDir, settings, log };
  let { port, server } = await startOnFreePort(launch);

  const stopping = new AbortController();
  // If the process exits without stop(), the server must not stay behind.
  const endWithProcess = (): void => {
    server.kill('SIGINT');
  };
  process.on('exit', endWithProcess);

  const keepRunning = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await exited(server);
      if (stopping.signal.aborted) return;
      log('PostgreSQL ended by itself; starting it again');
      server = await restart({ launch, port, signal: stopping.signal, failed: server });
    }
  };
  const supervision = keepRunning();

  const stop = async (): Promise<void> => {
    stopping.abort();
    // First let a restart that is under way settle who the server is.
    if (!isRunning(server)) await supervision;
    await endServer(server);
    await supervision;
    process.off('exit', endWithProcess);
  };

  const urlOf = (database: string): string =>
    `postgres://${roleName}:${password}@127.0.0.1:${port}/${database}`;
  try {
    await createDatabase(urlOf('postgres'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: urlOf(databaseName), stop };
}

type Launch = {
  readonly binaries: Binaries;
  readonly account: SystemAccount | undefined;
  readonly clusterDir: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
};

async function startOnFreePort(launch: Launch): Promise<{ port: number; server: ChildProcess }> {
  for (let attempt = 1; attempt <= startAttempts; attempt += 1) {
    const port = await findFreePort();
    const server = launchServer(launch, port);
    if (await becomesReady(launch, server)) return { port, server };
    // Somebody took the port in between, or processes of a killed server still hold its memory for a moment.
    await wait(200 * attempt);
  }
  throw new EmbeddedDatabaseUnavailable(
    `PostgreSQL does not start in ${launch.clusterDir}: its own words are in the log above; see to it, ${ownServerRemedy}`,
  );
}

/** Tries for as long as it takes, for the pool keeps the port; resolves to a dead server only when told to stop. */
async function restart(options: {
  launch: Launch;
  port: number;
  signal: AbortSignal;
  failed: ChildProcess;
}): Promise<ChildProcess> {
  const { launch, port, signal } = options;
  let server = options.failed;
  for (let pause = 100; !signal.aborted; pause = Math.min(pause * 2, longestPauseMilliseconds)) {
    server = launchServer(launch, port);
    if (await becomesReady(launch, server)) return server;
    await wait(pause, undefined, { signal }).catch(() => undefined);
  }
  return server;
}

function launchServer(launch: Launch, port: number): ChildProcess {
  const { binaries, account, clusterDir, settings, log } = launch;
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const server = spawn(join(binaries.folder, 'bin', 'postgres'), ['-D', clusterDir, ...flags], {
    ...account,
    cwd: clusterDir,
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A session of its own: Ctrl-C in the terminal goes to us, and we stop it when our own work is done.
    detached: true,
  });
  server.on('error', (error) => log(`postgres: ${error.message}`));
  createInterface({ input: server.stderr }).on('line', (line) => log(`postgres: ${line}`));
  return server;
}

/** Resolves to true when connections are taken, to false when the server ends before that. */
async function becomesReady(launch: Launch, server: ChildProcess): Promise<boolean> {
  while (isRunning(server)) {
    const postmaster = await readPostmaster(launch.clusterDir);
    if (postmaster !== undefined && postmaster.pid === server.pid && postmaster.ready) return true;
    await wait(10);
  }
  return false;
}

async function endServer(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || !isRunning(server)) return;
  await endPostmaster({ pid: server.pid, isGone: () => !isRunning(server) });
}

function isRunning(server: ChildProcess): boolean {
  return server.pid !== undefined && server.exitCode === null && server.signalCode === null;
}

async function exited(server: ChildProcess): Promise<void> {
  if (!isRunning(server)) return;
  await new Promise<void>((resolve) => {
    server.once('exit', () => resolve());
  });
}

async function createDatabase(maintenanceUrl: string): Promise<void> {
  const client = new Client({ connectionString: maintenanceUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  if (address === null || typeof address === 'string') throw new Error('a TCP listener without a port');
  return address.port;
}
