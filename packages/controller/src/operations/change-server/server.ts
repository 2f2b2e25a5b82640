import { syncServers } from '../../sync/server-sync.ts';
import { StepFailure } from '../failure.ts';
import { findByIdentity, letTasksEnd, type MachineState, pause, powerOn, readMachine } from '../machines.ts';
import { type ChangeRun, inputOf } from './facts.ts';

/**
 * The server under change as it is once nothing is under way there any more; null where it has gone. A server of another identity that has
 * its reference in vCenter by now is none of ours; one that has another reference there, having been unregistered and registered again, has
 * not gone at all.
 */
export async function readServer(run: ChangeRun): Promise<MachineState | null> {
  const machine = await readReference(run);
  if (machine === null && (await hasMoved(run))) throw new StepFailure('server_moved');
  return machine;
}

/** Whether the server is in vCenter under another reference than the book knows. */
export async function hasMoved(run: ChangeRun): Promise<boolean> {
  const { moref, instanceUuid } = inputOf(run).server;
  if (instanceUuid === null) return false;
  const found = await findByIdentity(await run.vcenter(), instanceUuid, run.signal);
  return found !== null && found !== moref;
}

/** What is under its reference. */
export async function readReference(run: ChangeRun): Promise<MachineState | null> {
  const { moref, instanceUuid } = inputOf(run).server;
  const client = await run.vcenter();
  await letTasksEnd(client, moref, run.signal);
  const machine = await readMachine(client, moref, run.signal);
  const other = machine?.instanceUuid ?? null;
  if (other !== null && instanceUuid !== null && other !== instanceUuid)
    throw new StepFailure('server_changed');
  return machine;
}

/** The same, where it has to be there. */
export async function requireServer(run: ChangeRun): Promise<MachineState> {
  const machine = await readServer(run);
  if (machine === null) throw new StepFailure('server_gone');
  return machine;
}

/** Brings the book in line with the server as it is now. */
export async function syncServer(run: ChangeRun): Promise<'there' | 'gone'> {
  const { moref } = inputOf(run).server;
  const synced = await syncServers({
    db: run.db,
    client: await run.vcenter(),
    account: run.account,
    morefs: [moref],
    signal: run.signal,
  });
  return synced.get(moref) === 'gone' ? 'gone' : 'there';
}

/** How long a guest is given to shut down before it is switched off, in milliseconds. */
export const SHUT_DOWN_MS = 120_000;
const LOOK_MS = 500;

/** Lets the server run again if it was we who stopped it. */
export async function startAgain(run: ChangeRun): Promise<void> {
  if (run.facts.stopped !== true) return;
  const { moref } = inputOf(run).server;
  const client = await run.vcenter();
  // It goes on by itself: a guest that was asked to shut down does so in its own time, and nobody can call it back. Its Tools stop long
  // before its power does.
  const until = performance.now() + (run.facts.shuttingDown === true ? SHUT_DOWN_MS : 0);
  for (;;) {
    const machine = await readServer(run);
    if (machine === null) return;
    if (machine.powerState !== 'poweredOn') break;
    if (performance.now() >= until) return;
    await pause(LOOK_MS, run.signal);
    run.signal.throwIfAborted();
  }
  await powerOn(client, moref, run.signal);
}
