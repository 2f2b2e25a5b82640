import { readProperties } from '@wirebook/controller/reading';
import {
  type GenerateOptions,
  generateEstate,
  type ReadReport,
  runReferenceReader,
  type Simulator,
  startSimulator,
} from '@wirebook/simulator';
import type { BenchController } from './controller.ts';

/** The estate that the figures are for: 10,000 servers unless `WIREBOOK_BENCH_VMS` says otherwise. */
export function startBenchEstate(more: Partial<GenerateOptions> = {}): Promise<Simulator> {
  const vms = more.vms ?? serversWanted();
  return startSimulator({
    estate: generateEstate({
      vms,
      hosts: Math.max(2, Math.round(vms / 50)),
      portGroups: Math.max(5, Math.round(vms / 20)),
      seed: 1,
      ...more,
    }),
  });
}

export function serversWanted(): number {
  return Number(process.env['WIREBOOK_BENCH_VMS'] ?? 10_000);
}

/** A bare reader that asks the same simulator for the same properties and keeps nothing. */
export function readReference(simulator: Simulator): Promise<ReadReport> {
  return runReferenceReader({
    target: simulator,
    passes: Object.entries(readProperties).map(([type, paths]) => ({ type, paths: [...paths] })),
  });
}

export interface Run {
  id: string;
  state: string;
  counts: Record<string, number>;
  durations: Record<string, number>;
  errors: { object: string; text: string }[];
  failure: { text: string } | null;
}

export async function addBenchAccount(controller: BenchController, simulator: Simulator): Promise<void> {
  await controller.call('POST', '/api/v1/cloud-accounts', {
    name: 'bench',
    url: simulator.url,
    username: simulator.username,
    password: simulator.password,
    trust: { sha256: simulator.certificate.sha256 },
    syncEvery: 604_800,
  });
}

/** Begins a sync, or joins the first one, and waits for its end. */
export async function syncAndWait(controller: BenchController): Promise<Run> {
  const { id } = await controller.call<Run>('POST', '/api/v1/cloud-accounts/bench/sync', {});
  for (;;) {
    const run = await controller.call<Run>('GET', `/api/v1/sync-runs/${id}`);
    if (run.state !== 'running') {
      if (run.state !== 'succeeded')
        throw new Error(`the sync ended ${run.state}: ${run.failure?.text ?? ''}`);
      return run;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function totalOf(run: Run): number {
  return Object.values(run.durations).reduce((sum, ms) => sum + ms, 0);
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
