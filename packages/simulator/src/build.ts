import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goToolchain } from './go-toolchain.ts';

const run = promisify(execFile);

const sources = join(import.meta.dirname, '..', 'go');
const cache = join(import.meta.dirname, '..', '..', '..', '.cache', 'simulator');

/**
 * Builds the simulator unless this version of its sources was built before.
 * Two processes may do so at once: each builds under a name of its own and renames.
 *
 * @returns the path of the program.
 * @throws GoUnusable, or an Error when the build fails.
 */
export async function buildSimulator(options: { signal?: AbortSignal } = {}): Promise<string> {
  const program = await programPath();
  if (await exists(program)) return program;

  const toolchain = await goToolchain();
  await mkdir(cache, { recursive: true });
  const unfinished = join(cache, `unfinished-${randomUUID()}`);
  try {
    await run(toolchain.command, ['build', '-trimpath', '-ldflags=-s -w', '-o', unfinished, '.'], {
      cwd: sources,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    await rename(unfinished, program);
  } finally {
    await rm(unfinished, { force: true });
  }
  return program;
}

/** Whether this version of its sources was built before. */
export async function isSimulatorBuilt(): Promise<boolean> {
  return exists(await programPath());
}

async function programPath(): Promise<string> {
  return join(cache, `wirebook-simulator-${await sourceHash()}`);
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const name of (await readdir(sources)).toSorted()) {
    if (!/\.go$|^go\.(mod|sum)$/.test(name)) continue;
    hash.update(`${name}\n`).update(await readFile(join(sources, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
