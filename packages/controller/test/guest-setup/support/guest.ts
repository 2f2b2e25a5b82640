import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { GuestinfoEntry } from '../../../src/domain/guest-setup/guestinfo.ts';
import { unpackedCloudInit } from './cloud-init-package.ts';

/** What cloud-init made of one boot; see boot.py. */
export interface Boot {
  readonly version: string;
  readonly instance: string;
  readonly hostName: string;
  readonly fqdn: string;
  /** The network as it was applied; null where this boot left it alone. */
  readonly network: object | null;
  readonly rendered: Readonly<Record<RendererName, Readonly<Record<string, string>>>> | null;
  readonly netplan: NetplanFile | null;
  /** The cloud-config of all parts of the user data, merged. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Text by path. */
  readonly scripts: Readonly<Record<string, string>>;
  /** What chpasswd is told: user, text, and whether it is a hash. `accepted`: libcrypt says that it is the password. */
  readonly passwords: {
    readonly told: readonly (readonly [string, string, boolean])[];
    readonly accepted: boolean | null;
  };
  readonly schemaErrors: string | null;
  /** What cloud-init logs from warning upwards. */
  readonly complaints: readonly string[];
}

export const rendererNames = ['netplan', 'networkd', 'eni', 'sysconfig', 'network-manager'] as const;
export type RendererName = (typeof rendererNames)[number];

export interface NetplanFile {
  readonly ethernets: Readonly<
    Record<
      string,
      {
        readonly match: { readonly macaddress: string };
        readonly addresses?: readonly string[];
        readonly gateway4?: string;
        readonly gateway6?: string;
        readonly routes?: readonly {
          readonly to: string;
          readonly via: string;
          readonly 'on-link'?: boolean;
        }[];
        readonly nameservers?: {
          readonly addresses?: readonly string[];
          readonly search?: readonly string[];
        };
        readonly 'accept-ra'?: boolean;
      }
    >
  >;
}

export interface Guest {
  /** Boots with this guestinfo, and with interfaces that its kernel calls so, by MAC. */
  boot: (options: {
    readonly guestinfo: readonly GuestinfoEntry[];
    readonly names: Readonly<Record<string, string>>;
    readonly password?: string;
  }) => Promise<Boot>;
  [Symbol.asyncDispose]: () => Promise<void>;
}

export interface Guests {
  /** A guest that has nothing but cloud-init, and keeps what that writes from boot to boot. */
  newGuest: () => Promise<Guest>;
  [Symbol.asyncDispose]: () => Promise<void>;
}

/** Starts boot.py, with cloud-init fetched if need be. Its boots follow one another. */
export async function startGuests(): Promise<Guests> {
  const { python, modules } = await unpackedCloudInit();
  const child = spawn(python, ['-s', '-u', join(import.meta.dirname, 'boot.py'), modules], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONWARNINGS: 'ignore', LC_ALL: 'C.UTF-8' },
  });
  const ended = once(child, 'close');
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-4000)));
  // Its end closes the pipe, and the next answer says so.
  child.stdin.on('error', () => {});
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();

  async function ask(request: object): Promise<Boot> {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`boot.py has ended: ${complaint}`);
    // boot.py is part of this test: a line says what `Boot` says, or what went wrong.
    const answer: Boot | { readonly error: string } = JSON.parse(value);
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  }

  return {
    newGuest: async () => {
      const state = await mkdtemp(join(tmpdir(), 'wirebook-guest-'));
      return {
        boot: ({ guestinfo, ...given }) => {
          const mine = turn.then(() => ask({ state, environment: environmentOf(guestinfo), ...given }));
          turn = mine.catch(() => {});
          return mine;
        },
        [Symbol.asyncDispose]: () => rm(state, { recursive: true, force: true }),
      };
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** The datasource's own way to be tried without a hypervisor (DataSourceVMware.py, transport "envvar"). */
function environmentOf(guestinfo: readonly GuestinfoEntry[]): Record<string, string> {
  const named = guestinfo.map(
    ({ key, value }) => [`VMX_${key.toUpperCase().replaceAll('.', '_')}`, value] as const,
  );
  return { VMX_GUESTINFO: '1', ...Object.fromEntries(named) };
}
