import { randomBytes } from 'node:crypto';
import type { SetupMethod } from '@wirebook/contract';
import type { VsphereClient } from '@wirebook/vsphere';
import { customizationOf } from '../../domain/guest-setup/customization.ts';
import type { GuestSetup, Told } from '../../domain/guest-setup/guest-setup.ts';
import { guestinfoOf, lastingGuestinfoOf } from '../../domain/guest-setup/guestinfo.ts';
import { saltOf } from '../../domain/guest-setup/sha512-crypt.ts';
import { faultTypeOf, naming, StepFailure } from '../failure.ts';
import { finishTask, machineRef } from '../machines.ts';

/** Lays what a guest shall be where it finds it when it starts next. The virtual machine is powered off. */
export async function tellGuest(
  client: VsphereClient,
  work: {
    vm: string;
    method: Exclude<SetupMethod, 'none'>;
    setup: GuestSetup;
    signal: AbortSignal;
  } & (
    | { /** It starts for the first time. */ isNew: true }
    | { isNew: false; /** Its `extraConfig` as it is now. */ present: ReadonlyMap<string, string> }
  ),
): Promise<void> {
  const { vm, method, setup, signal } = work;
  if (method === 'cloud_init') {
    const entries = work.isNew
      ? whatIsTold(guestinfoOf(setup, { salt: saltOf(randomBytes(16)) }))
      : whatIsTold(lastingGuestinfoOf(setup)).filter(({ key }) => keysRetold(work.present).includes(key));
    await writeExtraConfig(client, { vm, entries, signal });
    return;
  }
  const { spec } = whatIsTold(customizationOf(setup));
  await naming('customization_refused', async () => {
    try {
      signal.throwIfAborted();
      // Not broken off: whether vCenter has heard of it would not be known.
      const { returnval } = await client.call('CustomizeVM_Task', machineRef(vm), { spec });
      await finishTask(client, returnval, signal);
    } catch (error) {
      // It has been told already; the answer, or the note of it, was lost.
      if (faultTypeOf(error) !== 'CustomizationPending') throw error;
    }
  });
}

const METADATA = ['guestinfo.metadata', 'guestinfo.metadata.encoding'];
const USER_DATA = ['guestinfo.userdata', 'guestinfo.userdata.encoding'];

/**
 * What is written of a guest that is told something again: its metadata. User data that is there stays, whatever it is: a guest that hasn't
 * started yet still needs its keys and its script, and one that has finds the same there as ever. Only where there is none, it is laid.
 */
export function keysRetold(present: ReadonlyMap<string, string>): readonly string[] {
  return (present.get('guestinfo.userdata') ?? '') === '' ? [...METADATA, ...USER_DATA] : METADATA;
}

/** Takes away what was for the first start alone: it may hold what nobody should read who only looks at the VM. */
export async function leaveLastingGuestinfo(
  client: VsphereClient,
  work: { vm: string; setup: GuestSetup; signal: AbortSignal },
): Promise<void> {
  const { vm, setup, signal } = work;
  await writeExtraConfig(client, { vm, entries: whatIsTold(lastingGuestinfoOf(setup)), signal });
}

function whatIsTold<T>(told: Told<T>): T {
  if (told.kind === 'told') return told.value;
  const [first] = told.refusals;
  throw new StepFailure('setup_impossible', { why: first?.code ?? '-', ...first?.params });
}

export async function writeExtraConfig(
  client: VsphereClient,
  work: { vm: string; entries: readonly { key: string; value: string }[]; signal: AbortSignal },
): Promise<void> {
  const { vm, entries, signal } = work;
  await naming('configure_failed', async () => {
    signal.throwIfAborted();
    const spec = { extraConfig: entries };
    const { returnval } = await client.call('ReconfigVM_Task', machineRef(vm), { spec });
    await finishTask(client, returnval, signal);
  });
}

/** vCenter's own clock, RFC 3339: events are asked for by it. */
export async function vcenterTime(client: VsphereClient, signal: AbortSignal): Promise<string> {
  const { returnval } = await client.call(
    'CurrentTime',
    { type: 'ServiceInstance', value: 'ServiceInstance' },
    {},
    { signal },
  );
  return returnval ?? new Date().toISOString();
}
