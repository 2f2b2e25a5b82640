import { execFile, type ExecFileOptions } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const cache = join(import.meta.dirname, '..', '..', '..', '..', '..', '.cache', 'cloud-init');

export interface CloudInitPackage {
  /** The distribution's own interpreter: some of the modules are compiled for it. */
  readonly python: string;
  /** The folder that Python imports cloud-init and what it needs from. */
  readonly modules: string;
}

/**
 * Debian's (or Ubuntu's) own cloud-init with the modules that it needs, unpacked from their packages and not installed. They are fetched once,
 * with apt, into a cache folder. Nothing on the machine changes, and no privileges are needed.
 *
 * @throws Error where that can't be done, saying what is missing.
 */
export async function unpackedCloudInit(): Promise<CloudInitPackage> {
  const python = await findPython();
  const key = createHash('sha256').update(`1 ${process.arch} ${python.version}`).digest('hex').slice(0, 16);
  const folder = join(cache, key);
  const modules = join(folder, 'usr', 'lib', 'python3', 'dist-packages');
  if (!(await exists(modules))) await prepare(folder);
  return { python: python.path, modules };
}

async function findPython(): Promise<{ path: string; version: string }> {
  for (const path of ['/usr/bin/python3', 'python3']) {
    try {
      const { stdout } = await run(path, ['--version']);
      return { path, version: stdout.trim() };
    } catch {
      // The next one, or the message below.
    }
  }
  throw new Error('These tests run cloud-init, and no python3 was found.');
}

/** Two processes may do so at once: each works in a folder of its own, and the first to rename it wins. */
async function prepare(folder: string): Promise<void> {
  const work = join(cache, `unfinished-${randomUUID()}`);
  const unpacked = join(work, 'unpacked');
  await mkdir(unpacked, { recursive: true });
  try {
    const packages = await fetchPackages(work);
    for (const file of packages) await tell('dpkg-deb', ['-x', file, unpacked]);
    await rename(unpacked, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** With what apt knows of its sources already, and where that is nothing, or too old, with lists of its own that are fetched first. */
async function fetchPackages(work: string): Promise<string[]> {
  const lists = join(work, 'lists');
  const own = [
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${join(work, 'cache')}`,
    'Acquire::Languages=none',
    'Acquire::Retries=3',
  ].flatMap((option) => ['-o', option]);
  try {
    return await download(join(work, 'known'), []);
  } catch (known) {
    try {
      await mkdir(join(lists, 'partial'), { recursive: true });
      await mkdir(join(work, 'cache', 'archives', 'partial'), { recursive: true });
      await tell('apt-get', [...own, 'update']);
      return await download(join(work, 'fresh'), own);
    } catch (fresh) {
      throw new Error(
        'These tests run cloud-init out of its Debian package, which could not be fetched. They need apt with a source that has cloud-init ' +
          `(Debian, Ubuntu), and the network the first time. With the lists that apt has: ${said(known)} With fresh ones: ${said(fresh)}`,
        { cause: fresh },
      );
    }
  }
}

async function download(folder: string, options: readonly string[]): Promise<string[]> {
  const no = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
    (relation) => `--no-${relation}`,
  );
  const tree = await tell('apt-cache', [...options, 'depends', '--recurse', ...no, 'cloud-init']);
  // Its modules. The interpreter itself, and what else cloud-init calls, isn't needed for reading.
  const modules = tree
    .split('\n')
    .filter((line) => /^python3-[a-z]/.test(line) && line !== 'python3-minimal');
  await mkdir(folder, { recursive: true });
  await tell('apt-get', [...options, '-o', 'APT::Sandbox::User=root', 'download', 'cloud-init', ...modules], {
    cwd: folder,
  });
  return (await readdir(folder)).filter((name) => name.endsWith('.deb')).map((name) => join(folder, name));
}

async function tell(
  command: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<string> {
  const { stdout } = await run(command, args, {
    ...options,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
  });
  return stdout;
}

function said(error: unknown): string {
  const { stderr } = error instanceof Error && 'stderr' in error ? error : { stderr: '' };
  const text = typeof stderr === 'string' && stderr.trim() !== '' ? stderr : String(error);
  return text.trim().split('\n').slice(-3).join(' ');
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
