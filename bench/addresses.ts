import { Client } from 'pg';
import { Pool } from 'undici';
import { type BenchController, startBenchController } from './support/controller.ts';
import { median, percentile } from './support/figures.ts';
import { layWire } from './support/wire.ts';

/**
 * The first page of a network's address list over HTTP: a /8 with 1,000,000 taken against a /24 with 200, one request each in turn, so
 * that both meet the same minute. The address grids of both likewise. Beside it what else is asked of the large one: its free
 * addresses, and its counts.
 */
const TAKEN = Number(process.env['WIREBOOK_BENCH_TAKEN'] ?? 1_000_000);
const REQUESTS = 200;
const FEW = 5;
const GRIDS = 20;

interface Network {
  readonly id: string;
  readonly name: string;
}

async function layNetwork(controller: BenchController, input: Record<string, string>): Promise<Network> {
  const { network } = await controller.call<{ network: Network }>('POST', '/api/v1/networks', input);
  return network;
}

/** Claims on the network's addresses, from the first on. */
async function take(book: Client, network: Network, count: number): Promise<void> {
  await book.query(
    `INSERT INTO claims (space_id, ip, network_id, network_name, source, started_at)
     SELECT n.space_id, lower(n.span) + i, n.id, n.name, 'allocated', now()
     FROM networks n, generate_series(0, $2::bigint - 1) i WHERE n.id = $1`,
    [network.id, count],
  );
}

const controller = await startBenchController();
const book = new Client({ connectionString: controller.databaseUrl });
await book.connect();
const pool = new Pool(controller.url, { connections: 1, pipelining: 1 });
try {
  const wire = await layWire(book);
  const small = await layNetwork(controller, { name: 'small', wire, cidr: '192.168.0.0/24' });
  const large = await layNetwork(controller, { name: 'large', wire, cidr: '10.0.0.0/8' });
  await take(book, small, 200);
  await take(book, large, TAKEN);
  await book.query('ANALYZE');

  /** Milliseconds until the whole answer is there. */
  const time = async (path: string): Promise<number> => {
    const began = performance.now();
    const { statusCode, body } = await pool.request({
      method: 'GET',
      path,
      headers: { authorization: `Bearer ${controller.token}` },
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${statusCode} ${text}`);
    return performance.now() - began;
  };
  const page = (network: Network, query = ''): string => `/api/v1/networks/${network.id}/addresses${query}`;
  for (let round = 0; round < 20; round += 1) for (const network of [small, large]) await time(page(network));

  const times = { small: [] as number[], large: [] as number[] };
  for (let nr = 0; nr < REQUESTS; nr += 1) {
    times.small.push(await time(page(small)));
    times.large.push(await time(page(large)));
  }
  const show = (name: string, all: readonly number[]): string =>
    `${name}: p50 ${percentile(all, 0.5).toFixed(2)} ms, p95 ${percentile(all, 0.95).toFixed(2)} ms`;
  console.log(show('first page of a /24 with 200 taken', times.small));
  console.log(show(`first page of a /8 with ${TAKEN} taken`, times.large));
  const ratio = (part: number): string =>
    (percentile(times.large, part) / percentile(times.small, part)).toFixed(2);
  console.log(`the /8 takes ${ratio(0.5)} times as long as the /24 at p50, ${ratio(0.95)} times at p95`);

  const grid = (network: Network): string => `/api/v1/networks/${network.id}/blocks`;
  const grids = { small: [] as number[], large: [] as number[] };
  for (let nr = -1; nr < GRIDS; nr += 1) {
    const [few, many] = [await time(grid(small)), await time(grid(large))];
    if (nr < 0) continue;
    grids.small.push(few);
    grids.large.push(many);
  }
  console.log(show('address grid of the /24', grids.small));
  console.log(show('address grid of the /8, all of it', grids.large));
  console.log(
    `the grid of the /8 takes ${(median(grids.large) / median(grids.small)).toFixed(1)} times as long as that of the /24`,
  );

  const others = {
    'a /16 of the grid of the /8': `${grid(large)}?from=10.5.0.0&to=10.5.255.255`,
    'a page in the middle of the /8': page(large, '?from=10.10.0.0'),
    'its free addresses': page(large, '?state=free'),
    'its counts': `/api/v1/networks/${large.id}`,
  };
  for (const [name, path] of Object.entries(others)) {
    const some: number[] = [];
    for (let nr = 0; nr < FEW; nr += 1) some.push(await time(path));
    console.log(`${name}: ${median(some).toFixed(1)} ms`);
  }
} finally {
  await pool.close();
  await book.end();
  await controller.stop();
}
