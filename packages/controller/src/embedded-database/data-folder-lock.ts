import { randomBytes } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfPresent } from './cluster.ts';
import { errorCode, isAlive, readStartMark } from './process-identity.ts';

/** Another controller works in this data folder. */
export class DataFolderHeld extends Error {
  override readonly name = 'DataFolderHeld';
  readonly dataDir: string;
  readonly pid: number;
  /** Where the holder answers, once it does. */
  readonly url: string | undefined;
  /** When it took the folder. */
  readonly since: Date;

  constructor(dataDir: string, holder: Holder) {
    const where = holder.url === undefined ? '' : ` at ${holder.url}`;
    super(
      `The data folder ${dataDir} is in use by ${holder.description} (process ${holder.pid}${where}, since ${holder.since}): ` +
        'stop that one, or choose another data folder',
    );
    this.dataDir = dataDir;
    this.pid = holder.pid;
    this.url = holder.url;
    this.since = new Date(holder.since);
  }
}

/** The data folder is ours until `release`; `update` tells others where we answer. */
export type DataFolderLock = {
  update(info: { url: string }): Promise<void>;
  release(): Promise<void>;
};

type Holder = {
  readonly pid: number;
  /** See `readStartMark`; absent where the operating system doesn't tell. */
  readonly startMark: string | undefined;
  readonly since: string;
  readonly description: string;
  readonly url: string | undefined;
};

/**
 * Takes the data folder (made if missing) for this process by `<dataDir>/controller.lock`. A lock whose process is
 * gone is taken over. `describe` says who we are, for the message others get.
 * Throws `DataFolderHeld` while its holder lives.
 */
export async function lockDataFolder(
  dataDir: string,
  options: { describe: () => string },
): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'controller.lock');
  const ours: Holder = {
    pid: process.pid,
    startMark: await readStartMark(process.pid),
    since: new Date().toISOString(),
    description: options.describe(),
    url: undefined,
  };
  let content = JSON.stringify(ours);
  const spare = await writeSpare(path, content);
  try {
    // Linking fails if the name exists, and never shows a half-written file.
    while (!(await linkIfAbsent(spare, path))) await clearStale(dataDir, path);
  } finally {
    await rm(spare, { force: true });
  }

  return {
    async update(info) {
      const next = JSON.stringify({ ...ours, url: info.url });
      await rename(await writeSpare(path, next), path);
      content = next;
    },
    async release() {
      if ((await readIfPresent(path)) === content) await rm(path, { force: true });
    },
  };
}

/** Removes a lock whose holder is gone; throws `DataFolderHeld` if it lives. */
async function clearStale(dataDir: string, path: string): Promise<void> {
  const seen = await readIfPresent(path);
  if (seen === undefined) return;
  const holder = parseHolder(seen);
  if (holder !== undefined && (await isHeldBy(holder))) throw new DataFolderHeld(dataDir, holder);
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  // Between reading and renaming another process may have taken the folder: then what we moved is its lock.
  if ((await readIfPresent(aside)) !== seen) await linkIfAbsent(aside, path);
  await rm(aside, { force: true });
}

async function isHeldBy(holder: Holder): Promise<boolean> {
  if (!isAlive(holder.pid)) return false;
  const startMark = await readStartMark(holder.pid);
  // Where one of the two is unknown, the process id alone must do.
  return startMark === undefined || holder.startMark === undefined || startMark === holder.startMark;
}

async function writeSpare(path: string, content: string): Promise<string> {
  const spare = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(spare, content, { mode: 0o600, flag: 'wx' });
  return spare;
}

async function linkIfAbsent(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function parseHolder(content: string): Holder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
    return undefined;
  const text = (name: string): string | undefined => {
    const field: unknown = Reflect.get(value, name);
    return typeof field === 'string' ? field : undefined;
  };
  return {
    pid: value.pid,
    startMark: text('startMark'),
    since: text('since') ?? new Date(0).toISOString(),
    description: text('description') ?? 'another controller',
    url: text('url'),
  };
}
