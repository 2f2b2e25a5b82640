import { cancelTask, encodeName, type MoRef, readRecentTasks, type VsphereClient } from '@wirebook/vsphere';
import { removeServerFromBook } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { faultTypeOf, naming, StepFailure } from '../failure.ts';
import { destroyMachine, findNamed, finishTask, machineRef, readMachine } from '../machines.ts';
import type { Step, StepRun } from '../step.ts';
import { cloneSpecOf } from './clone-spec.ts';
import type { CreateFacts } from './facts.ts';
import { inputOf, placeOf } from './placing.ts';

type Run = StepRun<CreateFacts>;
const taskRef = (value: string): MoRef => ({ type: 'Task', value });

/** Makes the virtual machine, powered off and plugged in where it is to be. Whatever it leaves is found by name and marker. */
export const cloneStep: Step<CreateFacts> = {
  name: 'clone',
  act: async (run) => {
    const client = await run.vcenter();
    const { name, source } = inputOf(run);
    if (run.facts.vm !== undefined && (await readMachine(client, run.facts.vm, run.signal)) !== null)
      return { code: 'adopted', params: { moref: run.facts.vm } };
    try {
      const vm = (await findAsked(run, client)) ?? (await clone(run, client));
      await run.remember({ vm });
      return { code: 'cloned', params: { name, source: source.name, moref: vm } };
    } catch (error) {
      if (run.operation.keepOnFailure && error instanceof StepFailure) await rememberLeft(run, client);
      throw error;
    }
  },

  undo: async (run) => {
    const client = await run.vcenter();
    const { name } = inputOf(run);
    const { cloneTask, place, serverId } = run.facts;
    if (cloneTask !== undefined) await breakOff(client, taskRef(cloneTask), run.signal);
    // One whose answer was lost has another task, and shows nothing before it has ended.
    if (run.facts.cloneAsked === true && run.facts.vm === undefined) await waitForClones(run, client);
    const morefs = new Set(run.facts.vm === undefined ? [] : [run.facts.vm]);
    if (place !== undefined) {
      const found = await findNamed(
        client,
        { folder: place.folder, name, operationId: run.operation.id },
        run.signal,
      );
      if (found?.ours === true) morefs.add(found.moref);
      // What has the name, came after we looked, and isn't marked may be ours, half made: nobody but a person can tell.
      else if (
        found !== null &&
        run.facts.cloneAsked === true &&
        run.facts.nameTaken !== true &&
        !morefs.has(found.moref)
      )
        throw new StepFailure('unmarked_left', { name, moref: found.moref });
    }
    for (const moref of morefs) await destroyMachine(client, moref, run.signal);
    if (serverId !== undefined) {
      await inTransaction(run.db, { dryRun: false }, (tx) =>
        removeServerFromBook(tx, {
          serverId,
          now: new Date(),
          actor: run.operation.requestedBy,
          operationId: run.operation.id,
        }),
      );
    }
    return morefs.size === 0 ? undefined : { code: 'destroyed', params: { name } };
  },

  remains: ({ facts, operation }) =>
    facts.vm === undefined && facts.cloneAsked !== true
      ? []
      : [{ code: 'server_left', params: { name: operation.serverName ?? '-', moref: facts.vm ?? '-' } }],
};

/** What an earlier try has made already: its answer, or the note of it, was lost. */
async function findAsked(run: Run, client: VsphereClient): Promise<string | null> {
  if (run.facts.cloneAsked !== true) return null;
  const { cloneTask } = run.facts;
  if (cloneTask !== undefined) {
    const made = await naming('clone_failed', () => finishTask(client, taskRef(cloneTask), run.signal));
    if (made !== null) return made.value;
  } else await waitForClones(run, client);
  const found = await findNamed(client, nameOf(run), run.signal);
  if (found === null) return null;
  if (found.ours) {
    await run.log({ code: 'adopted', params: { moref: found.moref } });
    return found.moref;
  }
  throw await refuseName(run);
}

/** What a clone that failed has left, where somebody wants to look at it. */
async function rememberLeft(run: Run, client: VsphereClient): Promise<void> {
  const left = await findNamed(client, nameOf(run), run.signal);
  if (left?.ours === true) await run.remember({ vm: left.moref });
}

function nameOf(run: Run): { folder: string; name: string; operationId: string } {
  return { folder: placeOf(run).folder, name: inputOf(run).name, operationId: run.operation.id };
}

async function refuseName(run: Run): Promise<StepFailure> {
  await run.remember({ nameTaken: true });
  return new StepFailure('name_taken_in_vcenter', { name: inputOf(run).name });
}

async function clone(run: Run, client: VsphereClient): Promise<string> {
  const { name, source, linked } = inputOf(run);
  const place = placeOf(run);
  const { signal } = run;
  if ((await findNamed(client, nameOf(run), signal)) !== null) throw await refuseName(run);
  const original = await readMachine(client, source.moref, signal);
  if (original === null) throw new StepFailure('source_gone', { source: source.name });
  const snapshot = linked ? await currentSnapshot(client, source.moref, signal) : null;
  if (linked && snapshot === null) throw new StepFailure('no_snapshot', { source: source.name });
  const spec = cloneSpecOf({
    place,
    devices: original.hardware?.device ?? [],
    snapshot,
    operationId: run.operation.id,
  });
  await run.remember({ cloneAsked: true });
  signal.throwIfAborted();
  try {
    const made = await naming('clone_failed', async () => {
      // Not broken off: whether vCenter has heard of it would not be known.
      const { returnval } = await client.call('CloneVM_Task', machineRef(source.moref), {
        folder: { type: 'Folder', value: place.folder },
        name: encodeName(name),
        spec,
      });
      await run.remember({ cloneTask: returnval.value });
      await run.log({ code: 'cloning', params: { source: source.name, host: place.hostName } });
      return finishTask(client, returnval, signal);
    });
    if (made !== null) return made.value;
  } catch (error) {
    if (!isNameTaken(error)) throw error;
  }
  // vCenter has forgotten the task, or says that the name is taken: perhaps by what we asked for ourselves.
  await waitForClones(run, client);
  const found = await findNamed(client, nameOf(run), signal);
  if (found?.ours === true) return found.moref;
  throw found === null ? new StepFailure('clone_lost', { name }) : await refuseName(run);
}

function isNameTaken(error: unknown): boolean {
  if (error instanceof StepFailure) return error.detail.params['fault'] === 'DuplicateName';
  return faultTypeOf(error) === 'DuplicateName';
}

async function currentSnapshot(
  client: VsphereClient,
  moref: string,
  signal: AbortSignal,
): Promise<MoRef | null> {
  for await (const page of client.readRefs({
    type: 'VirtualMachine',
    refs: [machineRef(moref)],
    properties: ['snapshot'],
    signal,
  }))
    for (const { props } of page.objects) return props.snapshot?.currentSnapshot ?? null;
  return null;
}

/** Ends a task that may still run, and waits until it has. How it ended is seen by what there is. */
async function breakOff(client: VsphereClient, task: MoRef, signal: AbortSignal): Promise<void> {
  await cancelTask(client, task, { signal });
  await settled(client, task, signal);
}

async function settled(client: VsphereClient, task: MoRef, signal: AbortSignal): Promise<void> {
  try {
    await finishTask(client, task, signal);
  } catch (error) {
    if (faultTypeOf(error) === null) throw error;
  }
}

/** Clones of the source that run now: one of them may be the one whose answer was lost. */
async function waitForClones(run: Run, client: VsphereClient): Promise<void> {
  const { signal } = run;
  const source = machineRef(inputOf(run).source.moref);
  for (const { task, descriptionId, state } of await readRecentTasks(client, source, { signal }))
    if (
      task !== undefined &&
      descriptionId?.startsWith('VirtualMachine.clone') === true &&
      (state === 'queued' || state === 'running')
    )
      await settled(client, task, signal);
}
