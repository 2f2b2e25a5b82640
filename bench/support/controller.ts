import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverFlags } from '../../scripts/house.mjs';
import { startEmbeddedDatabase } from '@wirebook/controller/embedded-database';

const main = fileURLToPath(new URL('../../packages/controller/src/main.ts', import.meta.url));

export interface BenchController {
  readonly url: string;
  readonly pid: number;
  readonly databaseUrl: string;
  /** An administrator's. */
  readonly token: string;
  /** Answers the parsed body; throws on any status from 400 on. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Highest resident memory so far, bytes. */
  peakMemory(): Promise<number>;
  /** Processor time of the controller itself so far, milliseconds. */
  cpuTime(): Promise<number>;
  stop(): Promise<void>;
}

/** A controller as a user starts it: a process of its own, the embedded database with fsync on. */
export async function startBenchController(): Promise<BenchController> {
  const data = await mkdtemp(join(tmpdir(), 'wirebook-bench-'));
  await chmod(data, 0o711);
  const database = await startEmbeddedDatabase({
    dataDir: data,
    log:
      process.env['WIREBOOK_BENCH_SQL'] === undefined
        ? () => undefined
        : (line) => console.log(line.slice(0, 120).replaceAll('\n', ' ')),
    ...(process.env['WIREBOOK_BENCH_SQL'] === undefined
      ? {}
      : { settings: { log_min_duration_statement: process.env['WIREBOOK_BENCH_SQL'] } }),
  });
  const child = spawn(
    process.execPath,
    [...serverFlags, main, '--listen', '127.0.0.1:0', '--data', data, '--log', 'warn'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, DATABASE_URL: database.url },
    },
  );
  const url = await waitForAddress(child);
  const { token } = JSON.parse(await readFile(join(data, 'cli.json'), 'utf8')) as { token: string };
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    databaseUrl: database.url,
    token,
    call: async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const response = await fetch(new URL(path, url), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return (text === '' ? null : JSON.parse(text)) as T;
    },
    peakMemory: async () => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    },
    cpuTime: async () => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // utime and stime, in clock ticks of 10 ms.
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      await database.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

function waitForAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const url = /ready at (\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error('the controller ended before it was ready')));
  });
}
