import {
  cancelTask,
  encodeName,
  faultOfLocalized,
  type MoRef,
  readRecentTasks,
  type TaskInfo,
  type VsphereClient,
} from '@wirebook/vsphere';
import { removeServerFromBook } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { faultTypeOf, naming, StepFailure } from '../failure.ts';
import { loadServersAt } from '../../store/server-sync.ts';
import { destroyMachine, findNamed, finishTask, machineRef, MARKER, readMachine } from '../machines.ts';
import { cardsOf } from '../network-devices.ts';
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
    // vCenter was never asked for anything: it needn't answer now.
    if (run.facts.cloneAsked !== true) return undefined;
    const client = await run.vcenter();
    const { name } = inputOf(run);
    const { cloneTask } = run.facts;
    if (cloneTask != null) await breakOff(client, taskRef(cloneTask), run.signal);
    // One whose answer was lost has another task, and shows nothing before it has ended.
    if (run.facts.vm === undefined) await waitForClones(run, client);
    const morefs = await findOurs(run, client);
    for (const moref of morefs) await destroyMachine(client, moref, run.signal);
    // One that is gone already may still stand in the book.
    await forget(run, [...morefs, ...(run.facts.vm === undefined ? [] : [run.facts.vm])]);
    return morefs.length === 0 ? undefined : { code: 'destroyed', params: { name } };
  },

  remains: ({ facts, operation }) =>
    facts.vm === undefined && facts.cloneAsked !== true
      ? []
      : [{ code: 'server_left', params: { name: operation.serverName ?? '-', moref: facts.vm ?? '-' } }],
};

/**
 * The virtual machines that this operation has made: those that carry its mark. What has the name, came after we looked, and isn't marked may
 * be ours, half made, or somebody else's, who was given our number again: nobody but a person can tell.
 */
async function findOurs(run: Run, client: VsphereClient): Promise<string[]> {
  const { vm, nameTaken } = run.facts;
  const { name } = inputOf(run);
  const named = await findNamed(client, nameOf(run), run.signal);
  const machine = vm === undefined || vm === named?.moref ? null : await readMachine(client, vm, run.signal);
  if (machine !== null && machine.extraConfig.get(MARKER) !== run.operation.id)
    throw new StepFailure('unmarked_left', { name: machine.name, moref: machine.moref });
  if (named !== null && !named.ours && (nameTaken !== true || named.moref === vm))
    throw new StepFailure('unmarked_left', { name, moref: named.moref });
  return [...(machine === null ? [] : [machine.moref]), ...(named?.ours === true ? [named.moref] : [])];
}

/** A complete run may have found it before we could note that it is in the book. */
async function forget(run: Run, morefs: readonly string[]): Promise<void> {
  const known = await loadServersAt(run.db, { accountId: run.account.id, morefs });
  const ids = new Set(known.map(({ id }) => id));
  if (run.facts.serverId !== undefined) ids.add(run.facts.serverId);
  for (const serverId of ids)
    await inTransaction(run.db, { dryRun: false }, (tx) =>
      removeServerFromBook(tx, {
        serverId,
        now: new Date(),
        actor: run.operation.requestedBy,
        operationId: run.operation.id,
      }),
    );
}

/** What an earlier try has made already: its answer, or the note of it, was lost. */
async function findAsked(run: Run, client: VsphereClient): Promise<string | null> {
  if (run.facts.cloneAsked !== true) return null;
  const { cloneTask } = run.facts;
  if (cloneTask != null) {
    try {
      const made = await naming('clone_failed', () => finishTask(client, taskRef(cloneTask), run.signal));
      if (made !== null) return made.value;
    } catch (error) {
      // It failed with what passes: it won't be another answer the next time, so it is asked for anew.
      if (faultTypeOf(error) === null) throw error;
      await run.remember({ cloneTask: null });
    }
  } else await waitForClones(run, client);
  const found = await findNamed(client, nameOf(run), run.signal);
  if (found === null) return null;
  if (!found.ours) throw await refuseName(run);
  await requireWhole(run, client, found.moref);
  await run.log({ code: 'adopted', params: { moref: found.moref } });
  return found.moref;
}

/** What a clone that failed midway has left is found like one that is whole: only its task tells them apart. */
async function requireWhole(run: Run, client: VsphereClient, moref: string): Promise<void> {
  const clones = await readClones(run, client);
  if (clones.some(({ result }) => result?.value === moref)) return;
  const failed = clones.find(({ state }) => state === 'error');
  // Where vCenter has forgotten them all, nothing speaks against it.
  if (failed === undefined) return;
  const { faultType: fault, faultString: message } =
    failed.error === undefined ? { faultType: '-', faultString: '-' } : faultOfLocalized(failed.error);
  throw new StepFailure('clone_failed', { fault, message });
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
  const sourceMacs = cardsOf(original.hardware?.device ?? []).flatMap(
    (card) => card.macAddress?.toLowerCase() ?? [],
  );
  await run.remember({ cloneAsked: true, sourceMacs });
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
  if (found?.ours === true) {
    await requireWhole(run, client, found.moref);
    return found.moref;
  }
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
  for (const { task, state } of await readClones(run, client))
    if (task !== undefined && (state === 'queued' || state === 'running'))
      await settled(client, task, run.signal);
}

/** The clones of the source that vCenter still knows of, whoever asked for them. */
async function readClones(run: Run, client: VsphereClient): Promise<TaskInfo[]> {
  const tasks = await readRecentTasks(client, machineRef(inputOf(run).source.moref), { signal: run.signal });
  return tasks.filter(({ descriptionId }) => descriptionId?.startsWith('VirtualMachine.clone') === true);
}
