import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../packages/controller/src/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Everything that it wrote to standard output and standard error. */
  readonly output: string;
}

/** A controller in a process of its own, to be killed. */
export interface ControllerProcess extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly output: () => string;
  readonly call: <T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; body: T }>;
  /** kill -9: nothing of it gets a chance to tidy up. */
  kill(): Promise<void>;
  /** SIGTERM, and the end it makes of itself. */
  stop(): Promise<Ended>;
}

/** Environment of a controller process: of ours only what finds programs. */
function environment(env: Record<string, string>): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    WIREBOOK_LISTEN: '127.0.0.1:0',
    WIREBOOK_LOG: 'info',
    ...env,
  };
}

function launch(cwd: string, env: Record<string, string>, args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let onLine: (line: string) => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      onLine(line);
    });
  }
  const ended = once(child, 'close').then((): Ended => ({
    code: child.exitCode,
    signal: child.signalCode,
    output: lines.join('\n'),
  }));
  return {
    child,
    ended,
    output: () => lines.join('\n'),
    listen: (listener: (line: string) => void) => {
      onLine = listener;
    },
  };
}

/** Starts a controller and waits until it says that it is ready. Rejects with its own words when it ends before. */
export async function startControllerProcess(options: {
  /** Folder to run in; data go into `data` below it. */
  cwd: string;
  env: Record<string, string>;
}): Promise<ControllerProcess> {
  const dataDir = join(options.cwd, 'data');
  const running = launch(options.cwd, { WIREBOOK_DATA: dataDir, ...options.env }, []);
  const { child, ended } = running;
  const url = await new Promise<string>((resolve, reject) => {
    running.listen((line) => {
      const ready = /^Wirebook is ready at (http:\S+)$/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    void ended.then(({ code, output }) => reject(new Error(`the controller ended with ${code}: ${output}`)));
  });
  const { token }: { token: string } = JSON.parse(await readFile(join(dataDir, 'cli.json'), 'utf8'));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url,
    pid: child.pid ?? 0,
    output: running.output,
    call: async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const response = await fetch(new URL(path, url), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed: T = JSON.parse(text === '' ? 'null' : text);
      return { status: response.status, body: parsed };
    },
    kill,
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
    [Symbol.asyncDispose]: kill,
  };
}

/** Starts a controller that is expected to end by itself. */
export async function runController(options: {
  cwd: string;
  env: Record<string, string>;
  args?: readonly string[];
}): Promise<Ended> {
  const running = launch(
    options.cwd,
    { WIREBOOK_DATA: join(options.cwd, 'data'), ...options.env },
    options.args ?? [],
  );
  running.listen((line) => {
    // It came up after all: let the test say so, and not hang.
    if (line.startsWith('Wirebook is ready')) running.child.kill('SIGTERM');
  });
  return running.ended;
}
