import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  SimulatedVcenterFailed,
  type SimulatedPhase,
  type SimulatedState,
  type SimulatedVcenterHost,
  type SimulatedWhy,
} from '../app/simulated-vcenter.ts';

/** Building takes a minute or two on a small machine, with its libraries to be fetched. */
const START_AT_MOST_MS = 600_000;
/** After this a program that was told to end is ended. */
const END_AT_MOST_MS = 5_000;
/** For so long it isn't looked for again: pages ask every second or so. */
const CHECKED_MS = 15_000;
const COMPLAINT_AT_MOST = 4_000;

export interface RunningSimulatedVcenter extends SimulatedVcenterHost {
  /** Starts it if an account uses the one that was served from this data folder. Never fails. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

interface Served {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly sha256: string;
  readonly instanceUuid: string;
}
/** What makes it the same after a restart, beside the certificate: accounts know its address. */
interface Kept {
  readonly port: number;
  readonly instanceUuid: string;
}

/** Runs the program that serves the vCenter to try with, as a child that ends with this process, however that ends. */
export function openSimulatedVcenter(options: {
  /** Absolute path of the program; it need not be there. */
  program: string;
  /** Where certificate and port are kept. */
  folder: string;
  /** Whether an account is of this vCenter. */
  isUsed: (instanceUuid: string) => Promise<boolean>;
  warn: (line: string, about: Record<string, unknown>) => void;
}): RunningSimulatedVcenter {
  const { program, folder, isUsed, warn } = options;
  let run: { child: ChildProcessWithoutNullStreams; exited: Promise<void> } | null = null;
  let starting: Promise<Served> | null = null;
  let phase: SimulatedPhase = 'starting';
  let served: Served | null = null;
  let failed = false;
  let stopping = false;
  let resuming: Promise<void> = Promise.resolve();
  let checked: { found: Promise<SimulatedWhy | null>; at: number } | null = null;

  const findWhyNot = (): Promise<SimulatedWhy | null> => {
    if (checked === null || Date.now() - checked.at > CHECKED_MS)
      checked = { found: check(program), at: Date.now() };
    return checked.found;
  };

  const begin = async (): Promise<Served> => {
    const kept = await readKept(folder);
    // Nobody knows the address of one that no account uses: any free port will do, and none is in the way.
    const port = kept !== null && (await isUsed(kept.instanceUuid)) ? kept.port : 0;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (stopping) throw new SimulatedVcenterFailed('the controller is stopping');
    phase = 'starting';
    const child = spawnProgram(program, ['--folder', folder, '--port', String(port)]);
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    run = { child, exited };
    void exited.then(() => {
      // One that ends by itself is missed: its account will tell, and the next start begins anew.
      if (served !== null && !stopping) warn('the simulated vCenter has ended', { url: served.url });
      run = null;
      served = null;
    });
    const ready = await readUntilReady(child, exited, (next) => {
      phase = next;
    });
    await keep(folder, { port: Number(new URL(ready.url).port), instanceUuid: ready.instanceUuid });
    // It may have ended since it said so: then nobody would notice any more.
    if (child.exitCode !== null || child.signalCode !== null)
      throw new SimulatedVcenterFailed('it ended as soon as it was ready');
    return ready;
  };

  const start = (): Promise<Served> => {
    if (served !== null) return Promise.resolve(served);
    starting ??= begin()
      .then(
        (ready) => {
          failed = false;
          served = ready;
          return ready;
        },
        async (error: unknown) => {
          failed = true;
          const cause = error instanceof Error ? error.message : String(error);
          if (!stopping) warn('the simulated vCenter did not start', { cause });
          await end();
          throw error instanceof SimulatedVcenterFailed ? error : new SimulatedVcenterFailed(cause);
        },
      )
      .finally(() => {
        starting = null;
      });
    return starting;
  };

  const resume = async (): Promise<void> => {
    try {
      const kept = await readKept(folder);
      if (kept === null || !(await isUsed(kept.instanceUuid)) || (await findWhyNot()) !== null) return;
      await start();
    } catch (error) {
      // What failed in the start itself has been told.
      if (!(error instanceof SimulatedVcenterFailed) && !stopping)
        warn('the simulated vCenter did not start', { cause: String(error) });
    }
  };

  const end = async (): Promise<void> => {
    if (run === null) return;
    const { child, exited } = run;
    child.stdin.end();
    const late = setTimeout(() => child.kill('SIGKILL'), END_AT_MOST_MS);
    await exited;
    clearTimeout(late);
  };

  return {
    look: async (): Promise<SimulatedState> => {
      if (served !== null) return { state: 'running', served: withoutInstance(served) };
      if (starting !== null) return { state: 'starting', phase };
      const why = await findWhyNot();
      return why === null ? { state: 'stopped', failed } : { state: 'unavailable', why };
    },
    instanceUuid: async () => served?.instanceUuid ?? (await readKept(folder))?.instanceUuid ?? null,
    start: async () => withoutInstance(await start()),
    resume: () => {
      resuming = resume();
      return resuming;
    },
    stop: async () => {
      stopping = true;
      await end();
      await starting?.catch(() => undefined);
      await resuming;
    },
  };
}

function withoutInstance({ url, username, password, sha256 }: Served) {
  return { url, username, password, sha256 };
}

/** Our own secrets are none of its business. */
function spawnProgram(program: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:WIREBOOK_|DATABASE_URL$|PG)/.test(name)),
  );
  const child = spawn(process.execPath, [program, ...args], { stdio: 'pipe', env });
  // One that can't be started has no exit, and would end this process with it.
  child.on('error', () => undefined);
  // A child that ends while it is written to, or that never was: its exit tells.
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
  return child;
}

/** Why there can be none; null where it can be started. */
async function check(program: string): Promise<SimulatedWhy | null> {
  try {
    await access(program);
  } catch {
    return 'not_shipped';
  }
  const child = spawnProgram(program, ['--check']);
  child.stdin.end();
  child.stderr.resume();
  let why: SimulatedWhy | null = 'not_shipped';
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const found = member(line, 'check');
      if (found === 'built' || found === 'buildable') why = null;
      if (found === 'no_go' || found === 'old_go') why = found;
    }
  } catch {
    // It said nothing that can be read.
  }
  return why;
}

async function readUntilReady(
  child: ChildProcessWithoutNullStreams,
  exited: Promise<void>,
  onPhase: (phase: SimulatedPhase) => void,
): Promise<Served> {
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-COMPLAINT_AT_MOST);
  });
  const { promise, resolve, reject } = Promise.withResolvers<Served>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const phase = member(line, 'phase');
    if (phase === 'building' || phase === 'starting') onPhase(phase);
    const ready = readServed(member(line, 'ready'));
    if (ready !== null) resolve(ready);
  });
  void exited.then(() => reject(new SimulatedVcenterFailed(complaint.trim() || 'it ended without a word')));
  const late = setTimeout(
    () => reject(new SimulatedVcenterFailed('it took too long to start')),
    START_AT_MOST_MS,
  );
  try {
    return await promise;
  } finally {
    clearTimeout(late);
  }
}

function readServed(value: unknown): Served | null {
  if (typeof value !== 'object' || value === null) return null;
  const text = (name: string): string => {
    const found: unknown = Reflect.get(value, name);
    return typeof found === 'string' ? found : '';
  };
  const served = {
    url: text('url'),
    username: text('username'),
    password: text('password'),
    sha256: text('sha256'),
    instanceUuid: text('instanceUuid'),
  };
  return URL.canParse(served.url) && !Object.values(served).includes('') ? served : null;
}

function member(line: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  } catch {
    return undefined;
  }
}

const KEPT = 'kept.json';

async function readKept(folder: string): Promise<Kept | null> {
  try {
    const text = await readFile(join(folder, KEPT), 'utf8');
    const port = member(text, 'port');
    const instanceUuid = member(text, 'instanceUuid');
    return typeof port === 'number' && Number.isInteger(port) && typeof instanceUuid === 'string'
      ? { port, instanceUuid }
      : null;
  } catch {
    return null;
  }
}

async function keep(folder: string, kept: Kept): Promise<void> {
  const next = join(folder, `${KEPT}.${process.pid}`);
  await writeFile(next, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  await rename(next, join(folder, KEPT));
}
