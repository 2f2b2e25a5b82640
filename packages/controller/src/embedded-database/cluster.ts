import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { errorCode } from './process-identity.ts';
import { canPass, type SystemAccount } from './system-account.ts';
import { EmbeddedDatabaseUnavailable, ownServerRemedy } from './unavailable.ts';

const run = promisify(execFile);
const clusterName = 'postgres';
const partialPrefix = `${clusterName}.initialising-`;

/** The database role that owns everything. */
export const roleName = 'wirebook';

/**
 * The folder of the cluster: `<dataDir>/postgres`, or, where the account can't get through to the data folder, one
 * below `fallbackDir` that `<dataDir>/postgres.location` then names for good.
 */
export async function locateCluster(options: {
  dataDir: string;
  account: SystemAccount | undefined;
  fallbackDir: string;
}): Promise<string> {
  const { dataDir, account, fallbackDir } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const recordPath = join(dataDir, 'postgres.location');
  const recorded = await readIfPresent(recordPath);
  if (recorded !== undefined) return requireFolderOf(recorded.trim(), recordPath);
  const usual = join(await realpath(dataDir), clusterName);
  if (account === undefined) return usual;
  await letPass(dataDir, account);
  if (await canPass({ account, folder: dataDir })) return usual;
  try {
    await mkdir(fallbackDir, { recursive: true, mode: 0o755 });
    const hash = createHash('sha256')
      .update(await realpath(dataDir))
      .digest('hex')
      .slice(0, 12);
    // A name never used before: a data folder that was deleted and made anew must not find the old one's cluster.
    const folder = await mkdtemp(join(fallbackDir, `${hash}-`));
    await letPass(folder, account);
    if (await canPass({ account, folder })) {
      const elsewhere = join(folder, clusterName);
      await writeDurably(recordPath, `${elsewhere}\n`);
      return elsewhere;
    }
    await rm(folder, { recursive: true });
  } catch (cause) {
    throw unreachable(dataDir, fallbackDir, { cause });
  }
  throw unreachable(dataDir, fallbackDir, {});
}

/** A recorded place that is gone means lost data: starting empty would hide that. */
async function requireFolderOf(clusterDir: string, recordPath: string): Promise<string> {
  if (await isFolder(dirname(clusterDir))) return clusterDir;
  throw new EmbeddedDatabaseUnavailable(
    `${recordPath} says that the database lies in ${clusterDir}, which is gone: restore it, ${ownServerRemedy}`,
  );
}

function unreachable(
  dataDir: string,
  fallbackDir: string,
  options: ErrorOptions,
): EmbeddedDatabaseUnavailable {
  return new EmbeddedDatabaseUnavailable(
    `PostgreSQL runs as the account "postgres", which can't get to the data folder ${dataDir}, and ${fallbackDir} can't take its place: ` +
      `choose a data folder that others may pass through (such as /var/lib/wirebook), ${ownServerRemedy}`,
    options,
  );
}

/** Lets the account's group, and nobody else, pass through a folder of ours without listing it. */
async function letPass(folder: string, account: SystemAccount): Promise<void> {
  const entry = await stat(folder);
  if ((entry.mode & 0o001) !== 0 || entry.uid !== process.getuid?.()) return;
  await chown(folder, entry.uid, account.gid);
  await chmod(folder, (entry.mode & 0o7700) | 0o010);
}

/** The role's password: random, made with the data folder, readable by its owner alone. */
export async function keepPassword(options: { dataDir: string; clusterDir: string }): Promise<string> {
  const path = join(options.dataDir, 'postgres.password');
  const kept = await readIfPresent(path);
  if (kept !== undefined) return kept.trim();
  if (await isInitialised(options.clusterDir)) {
    throw new EmbeddedDatabaseUnavailable(
      `The database in ${options.clusterDir} is there but its password file ${path} is not: restore that file from a backup, ${ownServerRemedy}`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  await writeDurably(path, `${password}\n`);
  return password;
}

/**
 * Makes the cluster unless it is there. It grows under another name and is renamed when complete, so whatever bears
 * the name is whole; what a killed attempt left behind is removed.
 */
export async function initialiseCluster(options: {
  binaries: Binaries;
  account: SystemAccount | undefined;
  clusterDir: string;
  password: string;
  log: (line: string) => void;
}): Promise<void> {
  const { binaries, account, clusterDir, password, log } = options;
  const parent = dirname(clusterDir);
  for (const name of await readdir(parent)) {
    if (name.startsWith(partialPrefix)) {
      await rm(join(parent, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }
  if (await isInitialised(clusterDir)) {
    await refuseOtherMajor(binaries, clusterDir);
    return;
  }
  log(`making a PostgreSQL cluster in ${clusterDir}`);
  const partial = await mkdtemp(join(parent, partialPrefix));
  const passwordFile = join(partial, 'password');
  const target = join(partial, 'cluster');
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await mkdir(target, { mode: 0o700 });
    if (account !== undefined) {
      for (const path of [partial, passwordFile, target]) await chown(path, account.uid, account.gid);
    }
    await run(
      join(binaries.folder, 'bin', 'initdb'),
      [
        `--pgdata=${target}`,
        `--username=${roleName}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        // Without these the cluster takes what LANG says, and without LANG it is SQL_ASCII.
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--locale=C.UTF-8',
        '--lc-messages=C',
        '--data-checksums',
      ],
      { ...account, cwd: target, env: serverEnvironment() },
    );
    await rename(target, clusterDir);
    await flushFolder(parent);
  } catch (cause) {
    throw new EmbeddedDatabaseUnavailable(
      `initdb could not make a cluster in ${clusterDir}: ${readStderr(cause)}; see to it, ${ownServerRemedy}`,
      { cause },
    );
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** What initdb and postgres see of our environment: nothing that could change what they do (PGDATA, LANG, TZ). */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

async function isInitialised(clusterDir: string): Promise<boolean> {
  return (await readIfPresent(join(clusterDir, 'PG_VERSION'))) !== undefined;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function refuseOtherMajor(binaries: Binaries, clusterDir: string): Promise<void> {
  const clusterMajor = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
  const major = binaries.release.split('.')[0];
  if (clusterMajor === major) return;
  throw new EmbeddedDatabaseUnavailable(
    `The database in ${clusterDir} was made by PostgreSQL ${clusterMajor} and this is ${major}: run the Wirebook release that made it ` +
      `and move the data with pg_dump, ${ownServerRemedy}`,
  );
}

function readStderr(cause: unknown): string {
  if (
    cause instanceof Error &&
    'stderr' in cause &&
    typeof cause.stderr === 'string' &&
    cause.stderr !== ''
  ) {
    return cause.stderr.trim().replaceAll(/\s*\n\s*/g, ' | ');
  }
  return cause instanceof Error ? cause.message : String(cause);
}

export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a private file whole or not at all, also if the power fails. */
async function writeDurably(path: string, content: string): Promise<void> {
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(partial, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(partial, path);
  await flushFolder(dirname(path));
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
