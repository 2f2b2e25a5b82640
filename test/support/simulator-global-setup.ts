import { buildSimulator } from '@wirebook/simulator';

/** Built once before any test: a first build takes minutes, which no single test should have to wait for. */
export async function setup(): Promise<void> {
  await buildSimulator();
}
