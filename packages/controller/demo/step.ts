import {
  type Network,
  network,
  type Nic,
  type NicSummary,
  nicList,
  nicSummary,
  type SyncRun,
  syncRunList,
  type Wire,
  wireList,
} from '@wirebook/contract';
import type { Simulator } from '@wirebook/simulator';
import type { RunOptions, Stage } from './stage.ts';
import { expect } from './stage.ts';

export const account = 'vc-corp';

/** What the steps work with. */
export interface Scene {
  readonly stage: Stage;
  readonly simulator: Simulator;
  /** How many VMs the simulated vCenter was given. */
  readonly machines: number;
  /** A file with the password of the simulated vCenter. */
  readonly passwordFile: string;
  /** Where files of the demo's own may lie. */
  readonly folder: string;
}

export interface Step {
  /** Its heading in the catalogue, below `demo.step`. */
  readonly key: string;
  /** Throws `StepFailed` when it did not do what its heading says. */
  readonly run: (scene: Scene) => Promise<void>;
}

/** Runs `wirebook` with these words. */
export function wirebook({ stage }: Scene, words: string, options?: RunOptions): Promise<void> {
  return stage.run(words.split(' '), options);
}

export function readSummary({ stage }: Scene): Promise<NicSummary> {
  return stage.read(nicSummary, 'nics/summary');
}

/** The demo has fewer NICs than a page holds. */
export async function readNics({ stage }: Scene, filters: Record<string, string>): Promise<Nic[]> {
  const query = new URLSearchParams({ ...filters, limit: '500' });
  return (await stage.read(nicList, `nics?${query.toString()}`)).items;
}

export function readNetwork({ stage }: Scene, name: string): Promise<Network> {
  return stage.read(network, `networks/${encodeURIComponent(name)}`);
}

/** The wires of this name, one per datacenter. */
export async function readWires({ stage }: Scene, name: string): Promise<Wire[]> {
  const query = new URLSearchParams({ name });
  const { items } = await stage.read(wireList, `wires?${query.toString()}`);
  return items.filter((wire) => wire.name === name);
}

/** The run that began when the account was added. */
export function readFirstRun(scene: Scene): Promise<SyncRun> {
  return readRun(scene, 'startedAt');
}

/** The last run that has ended. */
export function readLastRun(scene: Scene): Promise<SyncRun> {
  return readRun(scene, '-startedAt');
}

async function readRun({ stage }: Scene, sort: string): Promise<SyncRun> {
  const { items } = await stage.read(syncRunList, `sync-runs?sort=${sort}&limit=1`);
  const [run] = items;
  expect(run !== undefined && run.endedAt !== null, 'GET sync-runs');
  return run;
}
