import {
  awaitTask,
  findVirtualMachine,
  isTransient,
  type MoRef,
  readOne,
  readRecentTasks,
  type VirtualHardware,
  type VsphereClient,
  VsphereError,
} from '@wirebook/vsphere';
import { faultTypeOf, StepFailure } from './failure.ts';

/** Virtual machines as operations see them: what they are now, which of them is ours, and how they go. */

/** In a VM's extraConfig: the operation that made it. By it a VM is known to be ours whatever else was lost. */
export const MARKER = 'wirebook.operation';

export interface MachineState {
  readonly moref: string;
  readonly name: string;
  /** Lower case; vCenter's own identity of a VM. */
  readonly instanceUuid: string | null;
  readonly powerState: string;
  /** Managed object id. */
  readonly host: string | null;
  readonly hardware: VirtualHardware | null;
  readonly extraConfig: ReadonlyMap<string, string>;
  readonly guestId: string | null;
  readonly toolsRunning: boolean;
}

export const machineRef = (moref: string): MoRef => ({ type: 'VirtualMachine', value: moref });

/** A VM as it stands; null where there is none. One that is there and doesn't answer is an error: it has not gone. */
export async function readMachine(
  client: VsphereClient,
  moref: string,
  signal: AbortSignal,
): Promise<MachineState | null> {
  const props = await readOne(client, {
    ref: machineRef(moref),
    type: 'VirtualMachine',
    properties: [
      'name',
      'config.instanceUuid',
      'runtime.powerState',
      'runtime.host',
      'config.hardware',
      'config.extraConfig',
      'config.guestId',
      'guest.toolsRunningStatus',
    ],
    signal,
  });
  if (props === null) return null;
  return {
    moref,
    name: props.name ?? '',
    instanceUuid: props['config.instanceUuid']?.toLowerCase() ?? null,
    powerState: props['runtime.powerState'] ?? '',
    host: props['runtime.host']?.value ?? null,
    hardware: props['config.hardware'] ?? null,
    extraConfig: new Map(
      (props['config.extraConfig'] ?? []).map(({ key, value }) => [key, value ?? ''] as const),
    ),
    guestId: props['config.guestId'] ?? null,
    toolsRunning: props['guest.toolsRunningStatus'] === 'guestToolsRunning',
  };
}

/** The reference of the VM that has this identity in vCenter, whichever reference it had before; null where there is none. */
export async function findByIdentity(
  client: VsphereClient,
  instanceUuid: string,
  signal: AbortSignal,
): Promise<string | null> {
  const { searchIndex } = client.serviceContent;
  if (searchIndex === undefined) return null;
  const { returnval } = await client.call(
    'FindByUuid',
    searchIndex,
    { uuid: instanceUuid, vmSearch: true, instanceUuid: true },
    { signal },
  );
  return returnval?.type === 'VirtualMachine' ? returnval.value : null;
}

/** The VM of this name in a folder, and whether this operation made it. */
export async function findNamed(
  client: VsphereClient,
  place: { folder: string; name: string; operationId: string },
  signal: AbortSignal,
): Promise<{ moref: string; ours: boolean } | null> {
  const found = await findVirtualMachine(client, {
    folder: { type: 'Folder', value: place.folder },
    name: place.name,
    signal,
  });
  if (found === null) return null;
  const machine = await readMachine(client, found.value, signal);
  return machine === null
    ? null
    : { moref: found.value, ours: machine.extraConfig.get(MARKER) === place.operationId };
}

/** How long vCenter may be away while a task is waited for, in milliseconds: beyond that the step is tried anew. */
const PATIENCE_MS = 30_000;

/** What a task made; null where it makes nothing, or vCenter doesn't know it any more. Fails as the task did. */
export async function finishTask(
  client: VsphereClient,
  task: MoRef,
  signal: AbortSignal,
): Promise<MoRef | null> {
  const answer = await awaitTask(client, task, { signal, patienceMs: PATIENCE_MS });
  return answer.state === 'forgotten' ? null : answer.result;
}

/**
 * Waits until nothing is being done to a VM any more that operations do: what was asked for before a cancel, or by a process that has died,
 * is carried out all the same, and whoever looks meanwhile sees what was.
 */
export async function letTasksEnd(client: VsphereClient, moref: string, signal: AbortSignal): Promise<void> {
  for (const { name, state, task } of await readRecentTasks(client, machineRef(moref), { signal })) {
    const open = state === 'queued' || state === 'running';
    if (!open || task === undefined || !ownTasks.has(name ?? '')) continue;
    try {
      await finishTask(client, task, signal);
    } catch (error) {
      // How it ended shows in the VM; that of a task that was somebody else's too.
      if (signal.aborted || isTransient(error) || !(error instanceof VsphereError)) throw error;
    }
  }
}

const ownTasks: ReadonlySet<string> = new Set([
  'CustomizeVM_Task',
  'Destroy_Task',
  'PowerOffVM_Task',
  'PowerOnVM_Task',
  'ReconfigVM_Task',
]);

/** On the host given, where one is: a cluster that chooses by itself could take one that hasn't got the same port groups. */
export async function powerOn(
  client: VsphereClient,
  moref: string,
  signal: AbortSignal,
  host?: MoRef,
): Promise<void> {
  await changePower(client, moref, 'poweredOn', signal, host);
}

/** At once, as pulling the plug would. */
export async function powerOff(client: VsphereClient, moref: string, signal: AbortSignal): Promise<void> {
  await changePower(client, moref, 'poweredOff', signal);
}

async function changePower(
  client: VsphereClient,
  moref: string,
  wanted: 'poweredOn' | 'poweredOff',
  signal: AbortSignal,
  host?: MoRef,
): Promise<void> {
  await letTasksEnd(client, moref, signal);
  const machine = await readMachine(client, moref, signal);
  if (machine === null) throw new StepFailure('server_gone');
  if (machine.powerState === wanted) return;
  signal.throwIfAborted();
  const ref = machineRef(moref);
  try {
    // Not broken off: whether vCenter has heard of it would not be known.
    const { returnval } =
      wanted === 'poweredOn'
        ? await client.call('PowerOnVM_Task', ref, host === undefined ? {} : { host })
        : await client.call('PowerOffVM_Task', ref, {});
    await finishTask(client, returnval, signal);
  } catch (error) {
    // Somebody else was quicker, or the answer to our own call was lost.
    if (faultTypeOf(error) !== 'InvalidPowerState') throw error;
    const now = await readMachine(client, moref, signal);
    if (now?.powerState !== wanted) throw error;
  }
}

/** Shuts down the guest where its Tools run, and pulls the plug when that takes too long or isn't possible. */
export async function shutDown(
  client: VsphereClient,
  moref: string,
  options: {
    waitMs: number;
    /** It was asked already, and is only waited for. */
    isAsked: boolean;
    /** Called before the guest is asked, which can't be called back; and with `false` where that was refused. */
    note: (asked: boolean) => Promise<void>;
    signal: AbortSignal;
  },
): Promise<void> {
  const { waitMs, signal } = options;
  const machine = await readMachine(client, moref, signal);
  if (machine === null) throw new StepFailure('server_gone');
  if (machine.powerState !== 'poweredOn') return;
  if (options.isAsked || machine.toolsRunning) {
    const asked = options.isAsked || (await askToShutDown(client, moref, options));
    const until = performance.now() + (asked ? waitMs : 0);
    while (performance.now() < until) {
      const now = await readMachine(client, moref, signal);
      if (now?.powerState !== 'poweredOn') return;
      await pause(Math.min(1000, waitMs / 20), signal);
      signal.throwIfAborted();
    }
  }
  await powerOff(client, moref, signal);
}

/** False where it can't be asked. */
async function askToShutDown(
  client: VsphereClient,
  moref: string,
  { note, signal }: { note: (asked: boolean) => Promise<void>; signal: AbortSignal },
): Promise<boolean> {
  signal.throwIfAborted();
  await note(true);
  try {
    // Not broken off: whether the guest has heard of it would not be known.
    await client.call('ShutdownGuest', machineRef(moref), {});
    return true;
  } catch (error) {
    if (!(error instanceof VsphereError) || error.kind !== 'fault') throw error;
    await note(false);
    return false;
  }
}

/** Powers off and destroys a VM with its disks. One that is gone is fine. */
export async function destroyMachine(
  client: VsphereClient,
  moref: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await letTasksEnd(client, moref, signal);
    const machine = await readMachine(client, moref, signal);
    if (machine === null) return;
    if (machine.powerState !== 'poweredOff') await powerOff(client, moref, signal);
    signal.throwIfAborted();
    const { returnval } = await client.call('Destroy_Task', machineRef(moref), {});
    await finishTask(client, returnval, signal);
  } catch (error) {
    if (isGone(error) || (await readMachine(client, moref, signal)) === null) return;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  if (error instanceof StepFailure) return error.detail.code === 'server_gone';
  return faultTypeOf(error) === 'ManagedObjectNotFound';
}

/** Waits, or ends at once when the signal does; the caller looks at that. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
