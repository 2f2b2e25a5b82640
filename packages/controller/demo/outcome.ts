import { type ReasonCode, reasonCodes, serverList } from '@wirebook/contract';
import { expect } from './stage.ts';
import { readNics, readSummary, type Scene } from './step.ts';

/** How the book stands: what is settled, and of each NIC that is not, its first reason. */
export interface Outcome {
  readonly nics: number;
  readonly settled: number;
  readonly reasons: readonly { readonly code: ReasonCode; readonly nics: number }[];
}

/** Counts the NICs. Throws `StepFailed` unless each of them is settled or says why not, and none was lost. */
export async function readOutcome(scene: Scene): Promise<Outcome> {
  const { nics, settled } = await readSummary(scene);
  const { total } = await scene.stage.read(serverList, 'servers?limit=1&missing=false');
  expect(total === scene.machines, `${total} / ${scene.machines} VMs`);
  const first = (await readNics(scene, { unresolved: 'true' })).map(({ reasons }) => reasons[0]?.code);
  const reasons = reasonCodes
    .map((code) => ({ code, nics: first.filter((reason) => reason === code).length }))
    .filter((reason) => reason.nics > 0);
  const explained = reasons.reduce((sum, reason) => sum + reason.nics, 0);
  expect(settled > 0 && settled + explained === nics, `${settled} + ${explained} / ${nics} NICs`);
  return { nics, settled, reasons };
}
