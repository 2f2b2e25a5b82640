import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readIfPresent } from './cluster.ts';
import { isAlive, isPostmasterOf } from './process-identity.ts';
import { EmbeddedDatabaseUnavailable } from './unavailable.ts';

const fastShutdownMilliseconds = 60_000;
const pollMilliseconds = 20;

/** What `postmaster.pid` says; its eighth line is the state that pg_ctl waits for ("ready", blank padded). */
export async function readPostmaster(
  clusterDir: string,
): Promise<{ pid: number; ready: boolean } | undefined> {
  const content = await readIfPresent(join(clusterDir, 'postmaster.pid'));
  if (content === undefined) return undefined;
  const lines = content.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Ends a postmaster that outlived the controller it belonged to. Only a process that works in this cluster's folder
 * is touched; a pid that by now is somebody else's only makes the file stale, and then the file goes.
 * The caller holds the data folder.
 */
export async function endLeftoverPostmaster(options: {
  clusterDir: string;
  log: (line: string) => void;
}): Promise<void> {
  const { clusterDir, log } = options;
  const postmaster = await readPostmaster(clusterDir);
  if (postmaster === undefined) return;
  if (!(await isPostmasterOf({ pid: postmaster.pid, clusterDir }))) {
    await rm(join(clusterDir, 'postmaster.pid'), { force: true });
    return;
  }
  log(
    `ending PostgreSQL process ${postmaster.pid}, which an earlier controller left behind in ${clusterDir}`,
  );
  await endPostmaster({
    pid: postmaster.pid,
    isGone: async () => !(await isPostmasterOf({ pid: postmaster.pid, clusterDir })),
  });
}

/**
 * Fast shutdown (SIGINT: sessions are cut, everything is flushed); after a minute an immediate one (SIGQUIT), which
 * costs a recovery at the next start and no data.
 */
export async function endPostmaster(options: {
  pid: number;
  isGone: () => boolean | Promise<boolean>;
}): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (await isAlive(options.pid)) process.kill(options.pid, signal);
    const deadline = performance.now() + fastShutdownMilliseconds;
    while (performance.now() < deadline) {
      if (await options.isGone()) return;
      await wait(pollMilliseconds);
    }
  }
  throw new EmbeddedDatabaseUnavailable(
    `PostgreSQL process ${options.pid} does not end: look why (a disk that hangs?), end it and start again`,
  );
}
