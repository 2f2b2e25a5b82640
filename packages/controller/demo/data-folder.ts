import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder, startEmbeddedDatabase } from '../src/embedded-database/index.ts';

/** Its presence says that the folder is the demo's to empty. */
const MARKER = 'demo-folder';
const LOCK = 'controller.lock';

/** The folder holds things that no demo has put there. */
export class ForeignFolder extends Error {
  override readonly name = 'ForeignFolder';
}

/** A folder for one run. A database server that root starts runs under another account, which has to get through. */
export async function makeTemporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'wirebook-demo-'));
  await chmod(path, 0o711);
  return path;
}

/**
 * An empty data folder at this path: what an earlier demo left there is removed. Answers whether there was anything.
 * Throws `ForeignFolder`, and `DataFolderHeld` while another demo runs in it.
 */
export async function emptyDataFolder(path: string): Promise<boolean> {
  await mkdir(path, { recursive: true });
  const found = await readdir(path);
  if (found.length > 0 && !found.includes(MARKER))
    throw new ForeignFolder(`${path} is not empty and no demo has made it: --data takes another folder.`);
  const lock = await lockDataFolder(path, { describe: () => 'the demo' });
  try {
    await writeFile(join(path, MARKER), 'The demo empties this folder at each start.\n');
    await endLeftDatabase(path, found);
    const kept = new Set([MARKER, LOCK]);
    for (const name of found)
      if (!kept.has(name)) await rm(join(path, name), { recursive: true, force: true });
  } finally {
    await lock.release();
  }
  return found.length > 0;
}

/** A demo that was killed leaves its database server running, which would not take the removal of its files well. */
async function endLeftDatabase(path: string, found: readonly string[]): Promise<void> {
  if (!found.some((name) => name.startsWith('postgres'))) return;
  const database = await startEmbeddedDatabase({ dataDir: path, log: () => undefined });
  await database.stop();
}
