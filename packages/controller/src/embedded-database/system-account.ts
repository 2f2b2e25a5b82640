import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedDatabaseUnavailable, ownServerRemedy } from './unavailable.ts';

const run = promisify(execFile);
const accountName = 'postgres';

/** Numeric ids of the operating system account that the database server runs as. */
export type SystemAccount = { readonly uid: number; readonly gid: number };

/**
 * The account to run PostgreSQL as, or undefined for "the one we run as": PostgreSQL refuses to run as root, so
 * root hands it to the account `postgres`, which is made if it is missing.
 */
export async function chooseSystemAccount(): Promise<SystemAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await findAccount();
  if (existing !== undefined) return existing;
  const made = await makeAccount();
  if (made !== undefined) return made;
  throw new EmbeddedDatabaseUnavailable(
    `PostgreSQL can't run as root and the account "${accountName}" could not be made: make it (useradd --system ${accountName}), ` +
      `start Wirebook as another user, ${ownServerRemedy}`,
  );
}

async function findAccount(): Promise<SystemAccount | undefined> {
  try {
    const uid = Number((await run('id', ['-u', accountName])).stdout);
    const gid = Number((await run('id', ['-g', accountName])).stdout);
    return Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0 ? { uid, gid } : undefined;
  } catch {
    return undefined;
  }
}

async function makeAccount(): Promise<SystemAccount | undefined> {
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/bin/false',
      accountName,
    ]);
  } catch {
    // Two controllers may make it at once: whoever comes second finds it.
  }
  return findAccount();
}

/** Whether the permission bits of the path and of every folder above it let the account read and enter it. */
export async function canReach(options: { account: SystemAccount; path: string }): Promise<boolean> {
  const { account } = options;
  let path = await realpath(options.path);
  let wanted = 0o5;
  for (;;) {
    const entry = await stat(path);
    const needed = entry.isDirectory() ? wanted : 0o4;
    const granted =
      entry.uid === account.uid ? entry.mode >> 6 : entry.gid === account.gid ? entry.mode >> 3 : entry.mode;
    if ((granted & needed) !== needed) return false;
    const parent = dirname(path);
    if (parent === path) return true;
    path = parent;
    // Folders on the way need only be passed through.
    wanted = 0o1;
  }
}

/** Whether the account can pass through the folder to something below it that is its own. */
export async function canPass(options: { account: SystemAccount; folder: string }): Promise<boolean> {
  const folder = await realpath(options.folder);
  const { mode, uid, gid } = await stat(folder);
  const { account } = options;
  const granted = uid === account.uid ? mode >> 6 : gid === account.gid ? mode >> 3 : mode;
  if ((granted & 0o1) === 0) return false;
  return folder === dirname(folder) || canPass({ account, folder: dirname(folder) });
}
