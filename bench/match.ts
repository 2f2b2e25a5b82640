import { generatedAddress, generatedPortGroup } from '@wirebook/simulator';
import { type BenchController, startBenchController } from './support/controller.ts';
import { addBenchAccount, startBenchEstate, syncAndWait } from './support/estate.ts';
import { median } from './support/figures.ts';

/**
 * From the request for a network to its NIC records committed, with 10,000 servers stored: a range over ever more port groups is made on
 * the first one's wire, and the wires of the others are declared. Growth is what matters: twice the NICs, at most twice the time.
 */
const ROUNDS = Number(process.env['WIREBOOK_BENCH_ROUNDS'] ?? 3);
const WANTED = [200, 2_000, 10_000];
const GROUPS = Math.max(5, Math.round(Number(process.env['WIREBOOK_BENCH_VMS'] ?? 10_000) / 20));

interface Effect {
  settles: number;
}

async function settle(
  controller: BenchController,
  wires: readonly string[],
): Promise<{ ms: number; nics: number }> {
  const last = generatedAddress(wires.length - 1, 0).replace(/\.\d+$/, '.254');
  const began = performance.now();
  const made = await controller.call<Effect>('POST', '/api/v1/networks', {
    name: 'bench',
    wire: wires[0],
    start: generatedAddress(0, 0),
    end: last,
    prefixLength: 11,
  });
  const widened = await controller.call<Effect>('PUT', '/api/v1/networks/bench/additional-wires', {
    wires: wires.slice(1),
  });
  const ms = performance.now() - began;
  await controller.call('DELETE', '/api/v1/networks/bench');
  return { ms, nics: made.settles + widened.settles };
}

const simulator = await startBenchEstate();
const controller = await startBenchController();
try {
  await addBenchAccount(controller, simulator);
  const run = await syncAndWait(controller);
  console.log(`stored: ${JSON.stringify(run.counts)}`);
  const perGroup = (run.counts['addresses'] ?? 0) / GROUPS;
  const results: { nics: number; ms: number }[] = [];
  for (const wanted of WANTED) {
    const groups = Math.min(GROUPS, Math.max(1, Math.round(wanted / perGroup)));
    const wires = Array.from({ length: groups }, (_, index) => generatedPortGroup(index));
    const rounds: { ms: number; nics: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await settle(controller, wires));
    const ms = median(rounds.map((one) => one.ms));
    const nics = rounds[0]?.nics ?? 0;
    results.push({ nics, ms });
    console.log(
      `${nics} NICs on ${groups} wires: ${ms.toFixed(0)} ms from request to committed (${((ms / nics) * 1000).toFixed(0)} µs a NIC)`,
    );
  }
  for (const [index, result] of results.entries()) {
    const before = results[index - 1];
    if (before !== undefined)
      console.log(
        `from ${before.nics} to ${result.nics} NICs: ${(result.nics / before.nics).toFixed(1)} times the NICs, ${(result.ms / before.ms).toFixed(1)} times the time`,
      );
  }
} finally {
  await controller.stop();
  await simulator.stop();
}
