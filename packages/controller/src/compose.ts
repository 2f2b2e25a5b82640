import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PASSWORD_AT_LEAST, PASSWORD_AT_MOST } from '@wirebook/contract';
import { join } from 'node:path';
import { createVsphereClient, type VsphereClient } from '@wirebook/vsphere';
import { pino } from 'pino';
import { type DataFolderLock, lockDataFolder, startEmbeddedDatabase } from './embedded-database/index.ts';
import { openAllocator } from './app/allocation.ts';
import { makeStartLink, settleAdministrator } from './app/first-administrator.ts';
import type { Config } from './config.ts';
import { type App, hashToken } from './http/app.ts';
import { buildHttpServer } from './http/server.ts';
import { loadSecret, readCliToken, unlockSeal, writeCliFile } from './secrets.ts';
import { settleFolderToken } from './store/api-tokens.ts';
import type { AccountConnection } from './store/cloud-accounts.ts';
import { isDatabaseAway, isDatabaseRefusing } from './store/constraints.ts';
import { type OpenDatabase, openDatabase } from './store/database.ts';
import { migrate } from './store/migrate.ts';
import { openPipeline } from './store/pipeline.ts';
import { openServerDesk } from './operations/desk/server-desk.ts';
import type { EnginePoint } from './operations/engine.ts';
import { operationKinds } from './operations/kinds.ts';
import { openSessions } from './operations/sessions.ts';
import { openSignInEngine } from './sign-in/engine.ts';
import { openGate, trustOf } from './sync/gate.ts';
import { runSync } from './sync/run.ts';
import { findAccountByInstance } from './store/account-list.ts';
import { startOperationWorker } from './workers/operation-worker.ts';
import { openSimulatedVcenter } from './workers/simulated-vcenter.ts';
import { startWorkers } from './workers/sync-worker.ts';
import { version } from './version.ts';

const builtPage = fileURLToPath(new URL('../../web/dist', import.meta.url));

export interface RunningController {
  readonly url: string;
  /** Signs the first administrator in, once; null when somebody can sign in without it. */
  readonly signInLink: string | null;
  stop(): Promise<void>;
}

/** The database server that a setting names doesn't answer, or refuses. */
export class DatabaseUnusable extends Error {
  constructor(cause: unknown) {
    // Where a name stands for several addresses, each has its error and the whole has no words.
    const [first = cause]: unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
    super(`DATABASE_URL: the database can't be used: ${first instanceof Error ? first.message : 'unknown'}`, {
      cause,
    });
    this.name = 'DatabaseUnusable';
  }
}

export interface ComposeOptions {
  readonly config: Config;
  /** Holds every answer of the HTTP API against its schema; for tests. */
  readonly checkAnswers?: boolean;
  /** Where the built page lies; by default where `npm run page` puts it. */
  readonly pageFolder?: string;
  /** Where operations pass; for tests, which hold them up or let them die there. */
  readonly atOperationPoint?: (point: EnginePoint) => void | Promise<void>;
  /** The program that serves the vCenter to try with; for tests, which put another in its place. */
  readonly simulatedVcenter?: string;
}

/** It comes with a clone of the repository, not with the image. */
const SIMULATED_VCENTER = join(import.meta.dirname, '../demo/simulated-vcenter.ts');

/** Builds a controller out of its parts and starts it. What was begun when a part fails to start is stopped again. */
export async function startController(options: ComposeOptions): Promise<RunningController> {
  const undo: (() => Promise<void>)[] = [];
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    return await assemble(options, undo, unwind);
  } catch (error) {
    await unwind();
    throw error;
  }
}

async function assemble(
  options: ComposeOptions,
  undo: (() => Promise<void>)[],
  unwind: () => Promise<void>,
): Promise<RunningController> {
  const { config } = options;
  const logger = pino({
    level: config.log,
    // Nothing that carries a secret is logged; this holds should something slip through.
    redact: ['password', '*.password', 'token', '*.token', 'authorization', '*.authorization', 'req.headers'],
  });
  const logError = (error: unknown, about: Record<string, unknown>): void =>
    logger.error({ err: error, ...about }, 'failed');

  await mkdir(config.data, { recursive: true });
  let lock: DataFolderLock | null = null;
  let databaseUrl = config.databaseUrl;
  if (databaseUrl === null) {
    // Several controllers may share a server of yours; the embedded database has one.
    const held = await lockDataFolder(config.data, { describe: () => 'wirebook' });
    lock = held;
    undo.push(() => held.release());
    const embedded = await startEmbeddedDatabase({
      dataDir: config.data,
      log: (line) => logger.debug({ part: 'database' }, line),
    });
    undo.push(() => embedded.stop());
    databaseUrl = embedded.url;
  }
  try {
    await migrate({ url: databaseUrl, log: (line) => logger.info(line) });
  } catch (error) {
    const unusable = config.databaseUrl !== null && (isDatabaseAway(error) || isDatabaseRefusing(error));
    throw unusable ? new DatabaseUnusable(error) : error;
  }
  const database: OpenDatabase = openDatabase({
    url: databaseUrl,
    // The error carries the whole client, its keys too: its words are enough.
    onError: (error) => logger.warn({ cause: error.message }, 'a connection to the database broke'),
  });
  undo.push(() => database.close());
  const pipeline = openPipeline({
    url: databaseUrl,
    onError: (error) => logger.warn({ cause: error.message }, 'a connection to the database broke'),
  });
  undo.push(() => pipeline.close());
  const { db, pool } = database;
  const seal = await unlockSeal(db, await loadSecret({ given: config.secretKey, dataDir: config.data }));
  const token = await settleToken(database, config.data);

  const signInEngine = openSignInEngine({
    db,
    secret: seal.digest('session cookies').toString('base64url'),
    publicUrl: config.publicUrl,
    passwordLength: { least: PASSWORD_AT_LEAST, most: PASSWORD_AT_MOST },
    logError: (message) => logger.error({ part: 'sign-in', cause: message }, 'failed'),
  });
  await settleAdministrator(db, {
    password: config.adminPassword,
    engine: signInEngine,
    digest: (text) => seal.digest(text),
  });
  const simulatedVcenter = openSimulatedVcenter({
    program: options.simulatedVcenter ?? SIMULATED_VCENTER,
    folder: join(config.data, 'simulated-vcenter'),
    isUsed: async (instanceUuid) => (await findAccountByInstance(db, instanceUuid)) !== null,
    warn: (line, about) => logger.warn(about, line),
  });
  // Sessions of it end before it does.
  undo.push(() => simulatedVcenter.stop());
  // An account of it would find nobody; whether it comes up is no condition for anything else.
  void simulatedVcenter.resume();

  const openClient = (account: AccountConnection): VsphereClient =>
    createVsphereClient({
      url: account.url,
      username: account.username,
      password: seal.open(account.sealedPassword, account.id),
      trust: trustOf(account),
      userAgent: `wirebook/${version}`,
    });
  const sessions = openSessions(openClient);
  undo.push(() => sessions.close());

  let stopping = false;
  const workers = startWorkers({
    db,
    pool,
    databaseUrl,
    log: (line, about) => logger.info(about ?? {}, line),
    logDetail: (line, about) => logger.debug(about ?? {}, line),
    logError,
    runSync: ({ controllerId, ...run }) =>
      runSync(
        {
          db,
          controllerId,
          logError,
          openClient,
        },
        run,
      ),
    startOperations: (life) =>
      startOperationWorker({
        db,
        seal,
        sessions,
        kinds: operationKinds,
        logError,
        patienceMs: config.vcenterPatience * 1000,
        perAccount: config.operationsPerAccount,
        atPoint: options.atOperationPoint,
        ...life,
      }),
  });
  undo.push(() => workers.stop());

  const app: App = await buildHttpServer({
    db,
    seal,
    gate: openGate((connection) =>
      createVsphereClient({
        url: connection.url,
        username: connection.username,
        password: connection.password,
        trust: trustOf(connection),
        userAgent: `wirebook/${version}`,
      }),
    ),
    wakeSync: (accountId) => workers.wakeSync(accountId),
    wakeOperations: () => workers.wakeOperations(),
    servers: openServerDesk({
      db,
      seal,
      sessions,
      wake: () => workers.wakeOperations(),
      stepsOf: (name) =>
        operationKinds.find(({ kind }) => kind === name)?.steps.map((step) => step.name) ?? [],
    }),
    allocator: openAllocator({ db, pipeline }),
    signInEngine,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    simulatedVcenter,
    health: { startedAt: new Date(), workersReady: () => workers.ready(), stopping: () => stopping },
    logger,
    version,
    pageFolder: options.pageFolder ?? builtPage,
    openMetrics: config.openMetrics,
    ...(options.checkAnswers === undefined ? {} : { checkAnswers: options.checkAnswers }),
  });
  undo.push(() => closeServer(app));
  // Ready means ready: whoever reads the line may ask for a sync at once.
  await workers.started;
  await app.listen({ host: config.listen.host, port: config.listen.port });
  const url = urlOf(app);
  await lock?.update({ url });
  await writeCliFile(config.data, { url, token });
  return {
    url,
    signInLink: await makeStartLink(db, { base: config.publicUrl ?? url, hashToken }),
    stop: () => {
      stopping = true;
      return unwind();
    },
  };
}

/** The administrator's token of this data folder: the one from before, or a new one where there is none or it was revoked. */
async function settleToken(database: OpenDatabase, dataDir: string): Promise<string> {
  const settle = (token: string): Promise<boolean> =>
    settleFolderToken(database.db, { name: 'administrator', role: 'administrator', hash: hashToken(token) });
  const kept = await readCliToken(dataDir);
  if (kept !== null && (await settle(kept))) return kept;
  const token = `wb_${randomBytes(32).toString('base64url')}`;
  await settle(token);
  return token;
}

/** How long requests under way may take to end when the controller stops, in milliseconds. */
const LAST_ANSWERS_MS = 3_000;

/** Answers what is under way and takes nothing new; a client that never finishes its request doesn't hold the controller up. */
async function closeServer(app: App): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(late);
  }
}

function urlOf(app: App): string {
  const [address] = app.addresses();
  if (address === undefined) throw new Error('the server listens to no address');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
