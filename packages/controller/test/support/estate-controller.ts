import type {
  CloudAccount,
  List,
  Network,
  NetworkEffect,
  Nic,
  ProblemBody,
  Server,
} from '@wirebook/contract';
import { type Estate, type Simulator, startSimulator } from '@wirebook/simulator';
import { Client } from 'pg';
import { expect } from 'vitest';
import { startTestController, type TestController, type TestControllerOptions } from './controller.ts';

/** A controller that has one simulated vCenter as its account, and the things that tests of networks ask of the two. */
export interface EstateController extends AsyncDisposable {
  readonly controller: TestController;
  readonly simulator: Simulator;
  readonly account: string;
  /** Syncs the account and expects the run to succeed. */
  sync(): Promise<void>;
  /** Rows of a statement run beside the controller. */
  sql<T extends object>(statement: string, values?: readonly unknown[]): Promise<T[]>;
  /** Makes a network; the account's wires are named by their names. Expects it to be made. */
  createNetwork(input: Record<string, unknown>): Promise<NetworkEffect>;
  /** A request that must be refused with this code. */
  refuse(code: string, method: string, path: string, body?: unknown): Promise<ProblemBody>;
  network(nameOrId: string): Promise<Network>;
  server(name: string): Promise<Server>;
  /** The NICs of a server, in device order. */
  nics(server: string): Promise<Server['nics']>;
  /** The addresses of a NIC's records, in order. */
  records(server: string, position?: number): Promise<string[]>;
  /** The reasons of a NIC as `code ip`. */
  reasons(server: string, position?: number): Promise<string[]>;
  /** Every NIC there is. */
  allNics(): Promise<Nic[]>;
}

export async function startEstateController(
  estate: Estate,
  options: TestControllerOptions = {},
): Promise<EstateController> {
  const simulator = await startSimulator({ estate });
  const controller = await startTestController(options).catch(async (error: unknown) => {
    await simulator.stop();
    throw error;
  });
  const client = new Client({ connectionString: controller.databaseUrl });
  // The database goes away under it when the test ends.
  client.on('error', () => undefined);
  await client.connect();
  const account = 'lab';
  const { call } = controller;

  const book: EstateController = {
    controller,
    simulator,
    account,
    sync: async () => {
      const run = await controller.sync(account);
      expect(run.body).toMatchObject({ state: 'succeeded', failure: null });
    },
    sql: async <T extends object>(statement: string, values: readonly unknown[] = []) =>
      (await client.query<T>(statement, [...values])).rows,
    createNetwork: async (input) => {
      const answer = await call<NetworkEffect>('POST', '/api/v1/networks', input);
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return answer.body;
    },
    refuse: async (code, method, path, body) => {
      const answer = await call<ProblemBody>(method, path, body);
      expect(answer.body.code, JSON.stringify(answer.body)).toBe(code);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      return answer.body;
    },
    network: async (nameOrId) => {
      const answer = await call<Network>('GET', `/api/v1/networks/${encodeURIComponent(nameOrId)}`);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body;
    },
    server: async (name) => {
      const answer = await call<Server>('GET', `/api/v1/servers/${encodeURIComponent(name)}`);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body;
    },
    nics: async (server) => (await book.server(server)).nics,
    records: async (server, position = 0) =>
      ((await book.nics(server))[position]?.records ?? []).map((record) => record.ip),
    reasons: async (server, position = 0) =>
      ((await book.nics(server))[position]?.reasons ?? []).map((reason) =>
        reason.ip === null ? reason.code : `${reason.code} ${reason.ip}`,
      ),
    allNics: async () => (await call<List<Nic>>('GET', '/api/v1/nics?limit=500')).body.items,
    [Symbol.asyncDispose]: async () => {
      await client.end();
      await controller.stop();
      await simulator.stop();
    },
  };
  try {
    const added = await call<CloudAccount>('POST', '/api/v1/cloud-accounts', {
      name: account,
      url: simulator.url,
      username: simulator.username,
      password: simulator.password,
      trust: { sha256: simulator.certificate.sha256 },
    });
    expect(added.status, JSON.stringify(added.body)).toBe(201);
    // The first sync began by itself; this joins it, or is another that finds nothing new.
    await book.sync();
  } catch (error) {
    await book[Symbol.asyncDispose]();
    throw error;
  }
  return book;
}
