import { execFile } from 'node:child_process';
import { readFile, readlink, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether a process with this id runs, whoever owns it. One that ended and waits to be reaped does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false;
  }
  const state = (await readStatus(pid))?.state;
  return state !== 'Z' && state !== 'X';
}

/**
 * A mark that tells two processes with the same id apart: the boot's id and the start time in clock ticks since
 * that boot. Undefined where the process or /proc does not exist.
 */
export async function readStartMark(pid: number): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const ticks = (await readStatus(pid))?.startTicks;
    return ticks === undefined ? undefined : `${boot.trim()}:${ticks}`;
  } catch {
    return undefined;
  }
}

/** Fields 3 and 22 of /proc/<pid>/stat, see proc(5). */
async function readStatus(
  pid: number,
): Promise<{ state: string | undefined; startTicks: string | undefined } | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may itself hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields.at(0), startTicks: fields.at(19) };
  } catch {
    return undefined;
  }
}

/** Whether the process is a postmaster of exactly this cluster: a program named postgres that works in that folder. */
export async function isPostmasterOf(options: { pid: number; clusterDir: string }): Promise<boolean> {
  const { pid, clusterDir } = options;
  if (process.platform === 'linux') {
    try {
      // A postmaster changes into its data folder when it starts and stays there.
      const workingFolder = await readlink(`/proc/${pid}/cwd`);
      const program = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')[0] ?? '';
      return workingFolder === (await realpath(clusterDir)) && basename(program) === 'postgres';
    } catch {
      return false;
    }
  }
  try {
    const { stdout } = await run('ps', ['-p', String(pid), '-o', 'command=']);
    return stdout.includes('postgres -D ') && stdout.includes(clusterDir);
  } catch {
    return false;
  }
}

export function errorCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}
