import { startBenchController } from './support/controller.ts';
import {
  addBenchAccount,
  readReference,
  seconds,
  startBenchEstate,
  syncAndWait,
  totalOf,
} from './support/estate.ts';
import { median } from './support/figures.ts';

/**
 * A cold sync (read, planned, written, committed) beside a bare reader of the same properties from the same simulator. Each round runs
 * one of each, the sync into an empty database; the ratio is that of the medians.
 */
const ROUNDS = Number(process.env['WIREBOOK_BENCH_ROUNDS'] ?? 3);

const simulator = await startBenchEstate();
try {
  await readReference(simulator);
  const reference: number[] = [];
  const referenceCpu: number[] = [];
  const ours: number[] = [];
  const ourCpu: number[] = [];
  const memory: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const bare = await readReference(simulator);
    reference.push(bare.wallMs);
    referenceCpu.push(bare.cpuMs);
    const controller = await startBenchController();
    try {
      const before = await controller.cpuTime();
      await addBenchAccount(controller, simulator);
      const run = await syncAndWait(controller);
      ours.push(totalOf(run));
      ourCpu.push((await controller.cpuTime()) - before);
      memory.push((await controller.peakMemory()) / 1024 / 1024);
      console.log(
        `round ${round}: reference ${seconds(bare.wallMs)} (cpu ${seconds(bare.cpuMs)}, ${(bare.bytes / 1e6).toFixed(0)} MB)` +
          `, cold sync ${seconds(totalOf(run))} (cpu ${seconds(ourCpu.at(-1) ?? 0)}, peak ${memory.at(-1)?.toFixed(0)} MB)`,
      );
      console.log(`  phases ${JSON.stringify(run.durations)} counts ${JSON.stringify(run.counts)}`);
    } finally {
      await controller.stop();
    }
  }
  console.log(
    `cold sync / reference: wall ${(median(ours) / median(reference)).toFixed(2)} (at most 1.25), ` +
      `cpu ${(median(ourCpu) / median(referenceCpu)).toFixed(2)}, peak memory ${Math.max(...memory).toFixed(0)} MB (at most 350)`,
  );
} finally {
  await simulator.stop();
}
