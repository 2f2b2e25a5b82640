import { Client } from 'pg';
import { type BenchController, startBenchController } from './support/controller.ts';
import {
  addBenchAccount,
  readReference,
  seconds,
  startBenchEstate,
  syncAndWait,
  totalOf,
} from './support/estate.ts';
import { median } from './support/figures.ts';

/** The same inventory again: rows written (none but the run's own) and time beside the bare reader; then 100 servers changed. */
const ROUNDS = Number(process.env['WIREBOOK_BENCH_ROUNDS'] ?? 3);
const CHANGED = 100;
/** A session that goes idle hands its counts in after ten seconds at the latest (PGSTAT_IDLE_INTERVAL). */
const COUNTS_ARRIVE_MS = 12_000;

/** Rows inserted, updated and deleted so far, by table; without the run's own record and the queue's tables. */
async function writtenRows(client: Client): Promise<Map<string, number>> {
  await client.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await client.query<{ relname: string; written: string }>(
    `SELECT relname, n_tup_ins + n_tup_upd + n_tup_del AS written FROM pg_stat_user_tables
     WHERE schemaname = 'public' AND relname NOT IN ('sync_runs', 'controllers', 'events', 'idempotency_keys')`,
  );
  return new Map(rows.map((row) => [row.relname, Number(row.written)]));
}

function difference(before: Map<string, number>, after: Map<string, number>): Record<string, number> {
  return Object.fromEntries(
    [...after]
      .map(([table, count]) => [table, count - (before.get(table) ?? 0)])
      .filter(([, count]) => count !== 0),
  ) as Record<string, number>;
}

async function someServers(from: BenchController, count: number): Promise<string[]> {
  const list = await from.call<{ items: { name: string }[] }>('GET', `/api/v1/servers?limit=${count}`);
  return list.items.map((server) => server.name);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const simulator = await startBenchEstate();
const controller = await startBenchController();
const client = new Client({ connectionString: controller.databaseUrl });
await client.connect();
try {
  await addBenchAccount(controller, simulator);
  const cold = await syncAndWait(controller);
  console.log(`cold sync ${seconds(totalOf(cold))}`);
  const reference: number[] = [];
  const ours: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const bare = await readReference(simulator);
    reference.push(bare.wallMs);
    await pause(COUNTS_ARRIVE_MS);
    const before = await writtenRows(client);
    const run = await syncAndWait(controller);
    ours.push(totalOf(run));
    await pause(COUNTS_ARRIVE_MS);
    const written = difference(before, await writtenRows(client));
    console.log(
      `round ${round}: reference ${seconds(bare.wallMs)}, unchanged sync ${seconds(totalOf(run))}, rows written ${JSON.stringify(written)}`,
    );
  }
  console.log(
    `unchanged sync / reference: wall ${(median(ours) / median(reference)).toFixed(2)} (at most 1.10), ` +
      `peak memory ${((await controller.peakMemory()) / 1024 / 1024).toFixed(0)} MB`,
  );
  const names = await someServers(controller, CHANGED);
  for (const [index, name] of names.entries()) await simulator.renameVm(name, `${name}-renamed-${index}`);
  await pause(COUNTS_ARRIVE_MS);
  const before = await writtenRows(client);
  const run = await syncAndWait(controller);
  await pause(COUNTS_ARRIVE_MS);
  const written = difference(before, await writtenRows(client));
  const total = Object.values(written).reduce((sum, count) => sum + count, 0);
  console.log(
    `${names.length} servers changed: sync ${seconds(totalOf(run))}, ${total} rows written ${JSON.stringify(written)}`,
  );
} finally {
  await client.end();
  await controller.stop();
  await simulator.stop();
}
