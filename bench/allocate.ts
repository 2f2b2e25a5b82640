import { Client } from 'pg';
import { Pool } from 'undici';
import { type BenchController, startBenchController } from './support/controller.ts';
import { median, percentile } from './support/figures.ts';
import { layWire } from './support/wire.ts';

/**
 * Addresses given out over HTTP, on the embedded database with fsync on, against the plainest there is: the same number of clients, each
 * inserting and committing one row at a time. Both in turn, in the same minutes. Afterwards SQL says whether any address went out twice
 * or was lost.
 */
const ROUNDS = Number(process.env['WIREBOOK_BENCH_ROUNDS'] ?? 3);
const ALLOCATIONS = Number(process.env['WIREBOOK_BENCH_ALLOCATIONS'] ?? 8_000);
const SAMPLES = 200;
const TAKEN_IN_A_LARGE_ONE = 1_000_000;

interface Figures {
  /** A second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

/** `callers` at a time until `count` calls are done. */
async function measure(
  options: { callers: number; count: number },
  call: (caller: number, nr: number) => Promise<void>,
): Promise<Figures> {
  const times: number[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: options.callers }, async (_, caller) => {
      for (let nr = next++; nr < options.count; nr = next++) {
        const start = performance.now();
        await call(caller, nr);
        times.push(performance.now() - start);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  return { rate: options.count / seconds, p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

function show(figures: Figures): string {
  return `${figures.rate.toFixed(0)}/s, p50 ${figures.p50.toFixed(2)} ms, p95 ${figures.p95.toFixed(2)} ms`;
}

interface Caller {
  allocate(networkId: string): Promise<void>;
  readonly given: string[];
  close(): Promise<void>;
}

function openCaller(controller: BenchController, connections: number): Caller {
  const pool = new Pool(controller.url, { connections, pipelining: 1 });
  const given: string[] = [];
  const headers = { authorization: `Bearer ${controller.token}`, 'content-type': 'application/json' };
  return {
    given,
    allocate: async (networkId) => {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: `/api/v1/networks/${networkId}/allocate`,
        headers,
        body: '{}',
      });
      const text = await body.text();
      if (statusCode !== 201) throw new Error(`${statusCode} ${text}`);
      const answer = JSON.parse(text) as { items: { ip: string }[] };
      given.push(`${networkId} ${answer.items[0]?.ip}`);
    },
    close: () => pool.close(),
  };
}

const controller = await startBenchController();
const book = new Client({ connectionString: controller.databaseUrl });
await book.connect();
try {
  const wire = await layWire(book);
  await book.query(
    'CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ip inet NOT NULL, note text NOT NULL)',
  );
  let laid = 0;
  const lay = async (cidr: string): Promise<string> => {
    laid += 1;
    const { network } = await controller.call<{ network: { id: string } }>('POST', '/api/v1/networks', {
      name: `bench ${laid}`,
      wire,
      cidr,
    });
    return network.id;
  };
  const given: string[] = [];

  const references = await Promise.all(
    Array.from({ length: 64 }, async () => {
      const client = new Client({ connectionString: controller.databaseUrl });
      await client.connect();
      return client;
    }),
  );
  let inserted = 0;
  const plain = async (client: Client | undefined): Promise<void> => {
    inserted += 1;
    await client?.query('INSERT INTO plain (ip, note) VALUES ($1, $2)', [
      `10.${(inserted >> 16) & 255}.${(inserted >> 8) & 255}.${inserted & 255}`,
      'bench',
    ]);
  };

  const scenarios = [
    { name: '1 caller, one /16', callers: 1, count: Math.round(ALLOCATIONS / 8), networks: 1, prefix: 16 },
    { name: '64 callers, one /16', callers: 64, count: ALLOCATIONS, networks: 1, prefix: 16 },
    { name: '64 callers, 64 fresh /24', callers: 64, count: ALLOCATIONS, networks: 64, prefix: 24 },
  ];
  let second = 0;
  for (const scenario of scenarios) {
    const { callers, count, networks, prefix } = scenario;
    const ratios: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const ids: string[] = [];
      for (let nr = 0; nr < networks; nr += 1) {
        second += 1;
        ids.push(
          await lay(
            prefix === 16
              ? `${11 + (second >> 8)}.${second & 255}.0.0/16`
              : `100.${second >> 8}.${second & 255}.0/24`,
          ),
        );
      }
      const reference = await measure({ callers, count }, (caller) => plain(references[caller]));
      const caller = openCaller(controller, callers);
      const ours = await measure({ callers, count }, (_, nr) => caller.allocate(ids[nr % ids.length] ?? ''));
      await caller.close();
      given.push(...caller.given);
      // The first round warms both up.
      if (round === 0) continue;
      ratios.push(ours.rate / reference.rate);
      console.log(
        `${scenario.name}: reference ${show(reference)}; Wirebook ${show(ours)}; ratio ${(ours.rate / reference.rate).toFixed(2)}`,
      );
    }
    console.log(`${scenario.name}: ${median(ratios).toFixed(2)} times the reference's throughput`);
  }
  for (const client of references) await client.end();

  const fill = (id: string | undefined, count: number, share: number): Promise<unknown> =>
    book.query(
      `INSERT INTO claims (space_id, ip, network_id, source, network_name, started_at)
       SELECT n.space_id, lower(n.span) + g, n.id, 'allocated', n.name, now()
       FROM networks n, generate_series(0, $2 - 1) g WHERE n.id = $1 AND abs(hashint4(g)) % 100 < $3`,
      [id, count, share],
    );
  const shapes = [
    { name: 'empty /24', id: await lay('172.16.0.0/24') },
    { name: '/16 at 90 %', id: await lay('172.20.0.0/16') },
    { name: '/8 with 1,000,000 taken', id: await lay('21.0.0.0/8') },
    { name: '/64', id: await lay('2001:db8::/64') },
  ];
  await fill(shapes[1]?.id, 65_534, 90);
  await fill(shapes[2]?.id, TAKEN_IN_A_LARGE_ONE, 100);
  await book.query('ANALYZE claims');
  const caller = openCaller(controller, 1);
  const times = shapes.map((): number[] => []);
  // The first of each finds its way to where the free ones begin.
  for (let sample = -1; sample < SAMPLES; sample += 1) {
    for (const [index, shape] of shapes.entries()) {
      const start = performance.now();
      await caller.allocate(shape.id);
      if (sample >= 0) times[index]?.push(performance.now() - start);
      else console.log(`${shape.name}: the first one ${(performance.now() - start).toFixed(1)} ms`);
    }
  }
  await caller.close();
  given.push(...caller.given);
  const base = percentile(times[0] ?? [], 0.5);
  for (const [index, shape] of shapes.entries()) {
    const p50 = percentile(times[index] ?? [], 0.5);
    console.log(
      `${shape.name}: p50 ${p50.toFixed(2)} ms, ${(p50 / base).toFixed(2)} times that of an empty /24`,
    );
  }

  const { rows } = await book.query<{ network_id: string; ip: string }>(
    `SELECT network_id, host(ip) AS ip FROM claims WHERE ended_at IS NULL`,
  );
  const stored = new Set(rows.map((row) => `${row.network_id} ${row.ip}`));
  const lost = given.filter((one) => !stored.has(one)).length;
  console.log(
    `${given.length} given out: ${given.length - new Set(given).size} twice, ${lost} lost, ${rows.length - stored.size} stored twice`,
  );
} finally {
  await book.end();
  await controller.stop();
}
