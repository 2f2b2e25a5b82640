import { Client } from 'pg';
import { startBenchController } from './support/controller.ts';
import { addBenchAccount, serversWanted, startBenchEstate, syncAndWait } from './support/estate.ts';
import { median, timed } from './support/figures.ts';

/**
 * Proposals over an estate without any network: everybody is unsettled, and every port group has its subnet. Beside each request the rows
 * that it rests on are read bare. Growth is what matters: ten times the servers, at most ten times the time.
 */
const ROUNDS = Number(process.env['WIREBOOK_BENCH_ROUNDS'] ?? 5);

interface Result {
  servers: number;
  proposals: number;
  ms: number;
  bareMs: number;
  acceptMs: number;
  settled: number;
}

async function measure(vms: number): Promise<Result> {
  const simulator = await startBenchEstate({ vms });
  const controller = await startBenchController();
  const book = new Client({ connectionString: controller.databaseUrl });
  try {
    await book.connect();
    await addBenchAccount(controller, simulator);
    const run = await syncAndWait(controller);
    const times: number[] = [];
    const bare: number[] = [];
    let proposals = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push((await timed(() => readBare(book))).ms);
      const list = await timed(() =>
        controller.call<{ total: number }>('GET', '/api/v1/proposals?limit=500'),
      );
      times.push(list.ms);
      proposals = list.answer.total;
    }
    const accepted = await timed(() =>
      controller.call<{ nics: { settled: number } }>('POST', '/api/v1/proposals/accept', { all: true }),
    );
    const { settled } = accepted.answer.nics;
    const servers = run.counts['servers'] ?? 0;
    return { servers, proposals, ms: median(times), bareMs: median(bare), acceptMs: accepted.ms, settled };
  } finally {
    await book.end();
    await controller.stop();
    await simulator.stop();
  }
}

/** The addresses without a record, with the servers that report them. */
async function readBare(book: Client): Promise<void> {
  await book.query(`SELECT r.nic_id, r.ip, n.wire_id, s.prefix_length, sv.name, sv.routing
    FROM nic_reasons r JOIN nics n ON n.id = r.nic_id JOIN sightings s ON s.nic_id = n.id AND s.ip = r.ip AND s.ended_at IS NULL
    JOIN servers sv ON sv.id = n.server_id WHERE r.code = 'no_network'`);
}

const wanted = serversWanted();
const results: Result[] = [];
for (const vms of [Math.round(wanted / 10), wanted]) {
  const result = await measure(vms);
  results.push(result);
  console.log(
    `${result.servers} servers: ${result.proposals} proposals in ${result.ms.toFixed(0)} ms, ${(result.ms / result.bareMs).toFixed(1)} times the bare reading of their rows; all accepted, ${result.settled} NICs settled: ${result.acceptMs.toFixed(0)} ms`,
  );
}
const [small, large] = results;
if (small !== undefined && large !== undefined) {
  console.log(
    `from ${small.servers} to ${large.servers} servers: ${(large.servers / small.servers).toFixed(1)} times the servers, ${(large.ms / small.ms).toFixed(1)} times the time to propose, ${(large.acceptMs / small.acceptMs).toFixed(1)} times the time to accept`,
  );
}
