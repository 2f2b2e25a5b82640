import type { Address, GivenAddress } from '@wirebook/contract';
import { type Estate, makeMachine, type Moref } from '@wirebook/simulator';
import { createVsphereClient, type VsphereClient } from '@wirebook/vsphere';
import { Client } from 'pg';
import { expect } from 'vitest';
import { inTransaction } from '../../src/app/transaction.ts';
import { type Database, openDatabase, type Tx } from '../../src/store/database.ts';
import { registerController, removeController } from '../../src/store/controllers.ts';
import { findAccountConnection } from '../../src/store/cloud-accounts.ts';
import { beginSyncRun } from '../../src/store/sync-runs.ts';
import { runSync } from '../../src/sync/run.ts';
import { type SyncedServer, syncServers } from '../../src/sync/server-sync.ts';
import { type Book, openBook } from '../support/book.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import type { MachineSketch } from '../support/lab-estate.ts';

/** A controller with a simulated vCenter, and what operations do beside it: read servers alone, and write what became of them. */
export interface RecordingLab extends AsyncDisposable {
  readonly lab: EstateController;
  readonly db: Database;
  readonly book: Book;
  readonly accountId: string;
  readonly client: VsphereClient;
  /** Another client of the same vCenter, by way of a proxy if one is named. */
  openClient(url?: string): VsphereClient;
  /** Syncs these alone, by another client than the lab's if one is given. */
  syncAlone(morefs: readonly string[], client?: VsphereClient): Promise<ReadonlyMap<string, SyncedServer>>;
  /** The id of a server that is synced alone and must be there. */
  serverOf(moref: Moref): Promise<string>;
  /** Puts a server into vCenter, on the distributed groups named, each with what Tools report. */
  add(
    name: string,
    nics: readonly [group: string, ...addresses: string[]][],
    more?: Partial<MachineSketch>,
  ): Promise<Moref>;
  inTx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Takes addresses for servers to be; answers the claims in the order of the addresses. */
  take(network: string, count: number): Promise<GivenAddress[]>;
  address(ip: string): Promise<Address>;
  /** `server end` of all who had the address, newest first; one that has it lives. */
  history(ip: string): Promise<string[]>;
  /** Live claims of an address, as `source server mac`. */
  holders(ip: string): Promise<string[]>;
  /** A complete run that stops where the test says, until it is let go on. */
  startRun(stop: 'before servers' | 'after servers'): Promise<HeldRun>;
  /** Servers, NICs, sightings and claims that stand there twice. */
  doubles(): Promise<string[]>;
  /** Live claims of NICs, and sightings, of who is gone. */
  orphans(): Promise<string[]>;
}

export interface HeldRun {
  /** Lets the run go on and waits for its end: it must succeed. Answers what it changed. */
  finish(): Promise<Record<string, unknown>>;
}

export async function startRecordingLab(estate: Estate): Promise<RecordingLab> {
  const lab = await startEstateController(estate);
  const { db, close } = openDatabase({ url: lab.controller.databaseUrl, onError: () => undefined });
  const book = await openBook(lab.controller.databaseUrl);
  const [account] = await lab.sql<{ id: string }>('SELECT id FROM cloud_accounts');
  const accountId = account?.id ?? '';
  const openClient = (url = lab.simulator.url): VsphereClient =>
    createVsphereClient({
      url,
      username: lab.simulator.username,
      password: lab.simulator.password,
      trust: { kind: 'fingerprint', sha256: lab.simulator.certificate.sha256 },
    });
  const client = openClient();
  await client.connect();
  // A controller of the test's own carries the held runs out: the lab's must not take them for left behind.
  const connection = new Client({ connectionString: lab.controller.databaseUrl });
  connection.on('error', () => undefined);
  await connection.connect();
  const controllerId = await registerController(connection, { host: 'test', pid: process.pid });
  const connectionOf = async () => {
    const found = await findAccountConnection(db, accountId);
    if (found === null) throw new Error('the account is gone');
    return found;
  };
  let number = 500;

  const it: RecordingLab = {
    lab,
    db,
    book,
    accountId,
    client,
    openClient,
    syncAlone: async (morefs, by = client) =>
      syncServers({
        db,
        client: by,
        account: await connectionOf(),
        morefs,
        signal: AbortSignal.timeout(60_000),
      }),
    serverOf: async ({ value }) => {
      const synced = (await it.syncAlone([value])).get(value);
      if (synced === undefined || synced === 'gone') throw new Error(`${value} was not found`);
      return synced.serverId;
    },
    add: (name, nics, more = {}) => {
      number += 1;
      return lab.simulator.addVm(
        'Lab',
        makeMachine({
          name,
          number,
          host: 'esx-01.lab.example',
          nics: nics.map(([group, ...addresses]) => ({
            network: group === 'VM Network' ? { standard: group } : { distributed: group },
            addresses,
          })),
          ...more,
        }),
      );
    },
    inTx: (work) => inTransaction(db, { dryRun: false }, work),
    take: async (network, count) => {
      const answer = await lab.controller.call<{ items: GivenAddress[] }>(
        'POST',
        `/api/v1/networks/${network}/allocate`,
        { count },
      );
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return answer.body.items;
    },
    address: async (ip) => (await lab.controller.call<Address>('GET', `/api/v1/addresses/${ip}`)).body,
    history: async (ip) =>
      (await it.address(ip)).history.map((one) => `${one.server?.name ?? '-'} ${one.ended ?? 'lives'}`),
    holders: async (ip) =>
      (
        await lab.sql<{ line: string }>(
          `SELECT concat_ws(' ', source, coalesce(server_name, '-'), coalesce(mac::text, '-')) AS line FROM claims
           WHERE ip = $1 AND ended_at IS NULL`,
          [ip],
        )
      ).map(({ line }) => line),
    startRun: async (stop) => {
      const run = await beginSyncRun(db, { accountId, trigger: 'request', dryRun: false, requestedBy: null });
      const reached = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      const ended = runSync(
        {
          db,
          controllerId,
          logError: (error) => reached.reject(error),
          openClient: () => stopping(openClient(), { stop, reached: reached.resolve, go: go.promise }),
        },
        { runId: run.id, accountId, dryRun: false, signal: AbortSignal.timeout(60_000) },
      );
      await Promise.race([reached.promise, ended]);
      return {
        finish: async () => {
          go.resolve();
          await ended;
          const [row] = await lab.sql<{ state: string; failure: unknown; changes: Record<string, unknown> }>(
            'SELECT state, failure, changes FROM sync_runs WHERE id = $1',
            [run.id],
          );
          expect({ state: row?.state, failure: row?.failure }).toEqual({ state: 'succeeded', failure: null });
          return row?.changes ?? {};
        },
      };
    },
    orphans: async () =>
      (
        await lab.sql<{ line: string }>(`
          SELECT 'claim ' || host(c.ip) AS line FROM claims c LEFT JOIN nics n ON n.id = c.nic_id
          LEFT JOIN servers s ON s.id = coalesce(n.server_id, c.server_id)
          WHERE c.ended_at IS NULL AND (n.missing_since IS NOT NULL OR s.missing_since IS NOT NULL)
          UNION ALL SELECT 'sighting ' || host(o.ip) FROM sightings o JOIN servers s ON s.id = o.server_id
          LEFT JOIN nics n ON n.id = o.nic_id
          WHERE o.ended_at IS NULL AND (n.missing_since IS NOT NULL OR s.missing_since IS NOT NULL) ORDER BY 1`)
      ).map(({ line }) => line),
    doubles: async () =>
      (
        await lab.sql<{ line: string }>(`
          SELECT 'claim ' || host(ip) AS line FROM claims WHERE ended_at IS NULL GROUP BY space_id, ip HAVING count(*) > 1
          UNION ALL SELECT 'sighting ' || host(ip) FROM sightings WHERE ended_at IS NULL
          GROUP BY ip, server_id, nic_id HAVING count(*) > 1
          UNION ALL SELECT 'server ' || moref FROM servers WHERE missing_since IS NULL GROUP BY moref HAVING count(*) > 1
          UNION ALL SELECT 'NIC ' || mac FROM nics WHERE missing_since IS NULL GROUP BY server_id, mac HAVING count(*) > 1`)
      ).map(({ line }) => line),
    [Symbol.asyncDispose]: async () => {
      await removeController(db, controllerId);
      await connection.end();
      await client.close();
      await book[Symbol.asyncDispose]();
      await close();
      await lab[Symbol.asyncDispose]();
    },
  };
  return it;
}

/** A client whose reading of all virtual machines stops before it begins, or after all were read, until it is let go on. */
function stopping(
  client: VsphereClient,
  hold: { stop: 'before servers' | 'after servers'; reached: () => void; go: Promise<void> },
): VsphereClient {
  const readObjects: VsphereClient['readObjects'] = async function* (options) {
    const held = options.type === 'VirtualMachine';
    const wait = async (): Promise<void> => {
      hold.reached();
      await hold.go;
    };
    if (held && hold.stop === 'before servers') await wait();
    yield* client.readObjects(options);
    if (held && hold.stop === 'after servers') await wait();
  };
  return withReading(client, { readObjects });
}

/** A client that stops after reading some virtual machines by name, the first time, until it is let go on. */
export function stoppingOnce(
  client: VsphereClient,
  hold: { reached: () => void; go: Promise<void> },
): VsphereClient {
  let held = false;
  const readRefs: VsphereClient['readRefs'] = async function* (options) {
    yield* client.readRefs(options);
    if (held || options.type !== 'VirtualMachine') return;
    held = true;
    hold.reached();
    await hold.go;
  };
  return withReading(client, { readRefs });
}

function withReading(
  client: VsphereClient,
  reading: Partial<Pick<VsphereClient, 'readObjects' | 'readRefs'>>,
): VsphereClient {
  return new Proxy(client, {
    get: (target, name): unknown => Reflect.get(name in reading ? reading : target, name),
  });
}
