import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSimulator } from './build.ts';
import { createControl, type Control } from './control.ts';
import type { Estate } from './estate.ts';
import { createGuestControl, type GuestControl } from './guest-control.ts';
import { parseJsonObject, stringMember } from './json.ts';
import type { Morefs } from './inventory/morefs.ts';
import { writeInventory } from './inventory/write.ts';

export interface Certificate {
  pem: string;
  /** Lower-case hexadecimal of the DER form's SHA-256. */
  sha256: string;
  /** The throw-away private key, for a proxy that must show the same certificate. */
  keyPem: string;
}

export interface StartOptions {
  estate: Estate;
  username?: string;
  password?: string;
  /** Of the SDK endpoint, on 127.0.0.1. Default: any that is free. */
  port?: number;
  /** PEM files of the certificate that it shows and of its key, made where they are missing. Default: thrown away at the end. */
  identity?: { certFile: string; keyFile: string };
  /** Ends the start, and the simulator if it runs already. */
  signal?: AbortSignal;
}

/** A running test vCenter (or ESXi). All changes are visible to a reader at once. */
export interface Simulator extends Control, GuestControl, AsyncDisposable {
  /** `https://127.0.0.1:PORT/sdk` */
  url: string;
  username: string;
  password: string;
  certificate: Certificate;
  morefs: Morefs;
  pid: number;
  /** Resolves when the process has ended, by whatever hand. */
  ended: Promise<void>;
  /** Ends the process, waits for its exit and removes its folders. May be called twice. */
  stop: () => Promise<void>;
}

interface ReadyLine {
  url: string;
  control: string;
  sha256: string;
  certificatePem: string;
}

/**
 * Builds the simulator if need be, writes the estate as its inventory and starts it
 * on a port of its own unless told which. It never outlives this process.
 *
 * @throws Error when Go is missing, the estate is inconsistent, or the simulator doesn't come up (with its own words).
 */
export async function startSimulator(options: StartOptions): Promise<Simulator> {
  const { estate, username = 'administrator@vsphere.local', password = 'wirebook-Test-1', signal } = options;
  const program = await buildSimulator(signal === undefined ? {} : { signal });
  const folder = await mkdtemp(join(tmpdir(), 'wirebook-vcenter-'));
  try {
    const load = join(folder, 'load');
    await mkdir(load);
    const { morefs } = await writeInventory(estate, load);
    signal?.throwIfAborted();
    const { certFile, keyFile } = options.identity ?? {
      certFile: join(folder, 'cert.pem'),
      keyFile: join(folder, 'key.pem'),
    };
    const child = spawn(
      program,
      [
        'serve',
        '--load',
        load,
        '--username',
        username,
        '--password',
        password,
        '--listen',
        `127.0.0.1:${options.port ?? 0}`,
        '--cert',
        certFile,
        '--key',
        keyFile,
        '--remove',
        folder,
      ],
      { stdio: ['pipe', 'pipe', 'pipe'], cwd: folder, env: { ...process.env, TMPDIR: folder } },
    );
    const exited = exitOf(child);
    const stop = async () => {
      child.ref();
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    };
    const onAbort = () => void stop();
    signal?.addEventListener('abort', onAbort, { once: true });
    let ready: ReadyLine;
    try {
      ready = await readyLineOf(child, exited);
    } catch (error) {
      await stop();
      throw error;
    }
    // The process alone must not keep Node from ending; its stdin closing ends it.
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) unrefStream(stream);
    const control = createControl(ready.control);
    return {
      ...control,
      ...createGuestControl(control, morefs),
      url: ready.url,
      username,
      password,
      certificate: {
        pem: ready.certificatePem,
        sha256: ready.sha256,
        keyPem: await readFile(keyFile, 'utf8'),
      },
      morefs,
      pid: child.pid ?? 0,
      ended: exited,
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function exitOf(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => {
    resolve();
  });
  child.once('error', () => {
    resolve();
  });
  return promise;
}

async function readyLineOf(child: ChildProcess, exited: Promise<void>): Promise<ReadyLine> {
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    // Its end says what went wrong; a long-running simulator logs more than is worth keeping.
    complaint = (complaint + text).slice(-4000);
  });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', resolve);
  void exited.then(() => {
    resolve(undefined);
  });
  const line = await promise;
  if (line === undefined) throw new Error(`The simulator did not start: ${complaint.trim()}`);
  const ready = parseJsonObject(line);
  return {
    url: stringMember(ready, 'url'),
    control: stringMember(ready, 'control'),
    sha256: stringMember(ready, 'sha256'),
    certificatePem: stringMember(ready, 'certificatePem'),
  };
}

/** A child's pipe is a socket underneath, and as such can be unref'd. */
function unrefStream(stream: object | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}
