import { createHash, randomUUID } from 'node:crypto';
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
  // No two locks have the same content, so a content names one lock for good.
  const serialise = (holder: Holder): string => JSON.stringify({ ...holder, id: randomUUID() });
  let content = serialise(ours);
  const spare = await writeSpare(path, content);
  try {
    // Linking fails if the name exists, and never shows a half-written file.
    while (!(await linkIfAbsent(spare, path))) {
      if (await takeOverStale({ dataDir, path, spare })) break;
    }
  } finally {
    await rm(spare, { force: true });
  }

  return {
    async update(info) {
      const next = serialise({ ...ours, url: info.url });
      await rename(await writeSpare(path, next), path);
      content = next;
    },
    async release() {
      if ((await readIfPresent(path)) === content) await rm(path, { force: true });
    },
  };
}

/**
 * Puts our lock in the place of one whose holder is gone; false means: look again. Throws if the holder lives.
 *
 * The name is never absent in between, and of several that see the same stale lock only one may replace it: the one
 * that makes the file named after that lock's content. If that one dies before it has replaced the lock, its own
 * claim is the stale thing to be claimed in turn.
 */
async function takeOverStale(options: { dataDir: string; path: string; spare: string }): Promise<boolean> {
  const { dataDir, path, spare } = options;
  const lock = await readIfPresent(path);
  if (lock === undefined) return false;
  const claims: string[] = [];
  for (let stale = lock; ;) {
    const holder = parseHolder(stale);
    if (holder !== undefined && (await isHeldBy(holder))) throw new DataFolderHeld(dataDir, holder);
    const claim = `${path}.after-${createHash('sha256').update(stale).digest('hex').slice(0, 16)}`;
    claims.push(claim);
    if (await linkIfAbsent(spare, claim)) break;
    const claimed = await readIfPresent(claim);
    if (claimed === undefined) return false;
    stale = claimed;
  }
  // Whoever was faster has replaced the lock before it removed its claim, so this look can't miss it.
  const unchanged = (await readIfPresent(path)) === lock;
  if (unchanged) await rename(spare, path);
  const ourClaim = claims.at(-1);
  for (const claim of unchanged ? claims : [ourClaim])
    if (claim !== undefined) await rm(claim, { force: true });
  return unchanged;
}

async function isHeldBy(holder: Holder): Promise<boolean> {
  if (!(await isAlive(holder.pid))) return false;
  const startMark = await readStartMark(holder.pid);
  // Where one of the two is unknown, the process id alone must do.
  return startMark === undefined || holder.startMark === undefined || startMark === holder.startMark;
}

async function writeSpare(path: string, content: string): Promise<string> {
  const spare = `${path}.${randomUUID()}`;
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
