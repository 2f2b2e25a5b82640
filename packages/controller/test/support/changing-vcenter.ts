import {
  type CuttingProxy,
  type Moref,
  type Simulator,
  smallEstate,
  startCuttingProxy,
  startSimulator,
} from '@wirebook/simulator';
import type { Host, Server, Wire } from '@wirebook/contract';
import { expect } from 'vitest';
import { addAccount, syncAccount } from './accounts.ts';
import { type Book, openBook } from './book.ts';
import { startTestController, type TestController } from './controller.ts';
import { withoutObject } from './reply-edits.ts';

/** A small vCenter behind a proxy that edits its replies, and a controller to see what becomes of changes. */
export interface ChangingVcenter extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly proxy: CuttingProxy;
  readonly controller: TestController;
  readonly book: Book;
  /** Adds the vCenter as account `lab`, with its first sync. */
  add(): ReturnType<typeof addAccount>;
  /** Syncs, expects success, and tells what changed and what was complained of, as `kind object`. */
  sync(): Promise<Record<string, unknown>>;
  /** Lays 10.10.20.0/24 on the wire `web`. */
  makeNetwork(): Promise<void>;
  show<T>(path: string): Promise<T>;
  server(name: string): Promise<Server>;
  wire(name: string): Promise<Wire>;
  host(name: string): Promise<Host>;
  /** From now on every reply with properties is edited, until `proxy.pass()`. */
  edit(body: (reply: string) => string): void;
  /** The object is in no reply any more, until `proxy.pass()`. */
  hide(object: Moref): void;
}

export async function startChangingVcenter(): Promise<ChangingVcenter> {
  const simulator = await startSimulator({ estate: smallEstate() });
  const proxy = await startCuttingProxy({ target: simulator });
  const controller = await startTestController();
  const book = await openBook(controller.databaseUrl);
  const show = async <T>(path: string): Promise<T> => {
    const answer = await controller.call<T>('GET', `/api/v1/${path}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const edit = (body: (reply: string) => string): void =>
    proxy.use({ kind: 'rewrite', body }, { whenBody: /RetrievePropertiesEx/ });
  return {
    simulator,
    proxy,
    controller,
    book,
    add: () => addAccount(controller, proxy),
    sync: async () => {
      const run = await syncAccount(controller, 'lab');
      expect(run, JSON.stringify(run)).toMatchObject({ state: 'succeeded', failure: null });
      return { ...run.changes, errors: run.errors.map(({ object, kind }) => `${kind} ${object}`) };
    },
    makeNetwork: async () => {
      const made = await controller.call('POST', '/api/v1/networks', {
        name: 'web-net',
        wire: 'web',
        cidr: '10.10.20.0/24',
      });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
    },
    show,
    server: (name) => show<Server>(`servers/${encodeURIComponent(name)}`),
    wire: (name) => show<Wire>(`wires/${encodeURIComponent(name)}`),
    host: (name) => show<Host>(`hosts/${encodeURIComponent(name)}`),
    edit,
    hide: (object) => edit((reply) => withoutObject(reply, object)),
    [Symbol.asyncDispose]: async () => {
      await book[Symbol.asyncDispose]();
      await controller.stop();
      await proxy.stop();
      await simulator.stop();
    },
  };
}

/** Counts of a run that changed one object of a kind. */
export function one(change: 'created' | 'updated' | 'missing' | 'returned'): Record<string, number> {
  return { created: 0, updated: 0, missing: 0, returned: 0, [change]: 1 };
}
