import type { DeviceChange } from '@wirebook/vsphere';
import { GIB } from '../../domain/placement/facts.ts';
import { naming, StepFailure } from '../failure.ts';
import { finishTask, machineRef, readMachine } from '../machines.ts';
import { alignCards, cardsOf, growFirstDisk, isBoundTo } from '../network-devices.ts';
import type { Step, StepRun } from '../step.ts';
import type { CreateFacts } from './facts.ts';
import { inputOf, placeOf, vmOf } from './placing.ts';

/**
 * Gives the virtual machine the processors, memory, disk and NICs that were asked for, then reads back what it has: a NIC that isn't where
 * it should be is found here, before anything is powered on.
 */
export const configureStep: Step<CreateFacts> = {
  name: 'configure',
  act: async (run) => {
    const client = await run.vcenter();
    const { signal } = run;
    const vm = vmOf(run);
    const { cpus, memoryMib } = inputOf(run);
    const hardware = await hardwareOf(run, vm);
    const deviceChange = deviceChanges(run, hardware.device);
    const changesCpus = cpus !== null && hardware.numCPU !== cpus;
    const changesMemory = memoryMib !== null && hardware.memoryMB !== memoryMib;
    if (changesCpus || changesMemory || deviceChange.length > 0) {
      await naming('configure_failed', async () => {
        const { returnval } = await client.call(
          'ReconfigVM_Task',
          machineRef(vm),
          {
            spec: {
              ...(changesCpus && { numCPUs: cpus, ...coresFor(cpus, hardware.numCoresPerSocket) }),
              ...(changesMemory && { memoryMB: memoryMib }),
              deviceChange,
            },
          },
          { signal },
        );
        await finishTask(client, returnval, signal);
      });
    }
    const nics = verify(run, (await hardwareOf(run, vm)).device);
    await run.remember({ nics });
    return {
      code: 'configured',
      params: {
        cpus: cpus ?? hardware.numCPU,
        memory: memoryMib ?? hardware.memoryMB,
        macs: nics.map(({ mac }) => mac).join(', '),
      },
    };
  },
};

/** vSphere wants whole sockets: where the cores of one don't fit any more, each CPU is a socket. */
function coresFor(cpus: number, cores: number | undefined): { numCoresPerSocket?: number } {
  return cores === undefined || cpus % cores === 0 ? {} : { numCoresPerSocket: 1 };
}

async function hardwareOf(run: StepRun<CreateFacts>, vm: string) {
  const machine = await readMachine(await run.vcenter(), vm, run.signal);
  if (machine?.hardware == null) throw new StepFailure('server_gone');
  return machine.hardware;
}

function deviceChanges(run: StepRun<CreateFacts>, devices: Parameters<typeof cardsOf>[0]): DeviceChange[] {
  const changes = alignCards(
    devices,
    placeOf(run).nics.map(({ binding }) => binding),
    new Set(run.facts.sourceMacs),
  );
  const { diskGib } = inputOf(run);
  if (diskGib === null) return changes;
  const growth = growFirstDisk(devices, diskGib * GIB);
  if (growth === null) return changes;
  if ('tooLarge' in growth)
    throw new StepFailure('disk_too_small', { asked: diskGib, has: Math.ceil(growth.tooLarge / GIB) });
  return [...changes, growth];
}

/** The MACs by which the guest is told what is whose; only if each card is where it was to be. */
function verify(run: StepRun<CreateFacts>, devices: Parameters<typeof cardsOf>[0]): CreateFacts['nics'] {
  const cards = cardsOf(devices);
  const wanted = placeOf(run).nics;
  if (cards.length !== wanted.length)
    throw new StepFailure('nic_missing', { wanted: wanted.length, found: cards.length });
  return cards.map((card, index) => {
    const nic = wanted[index];
    const label = card.deviceInfo?.label ?? String(card.key);
    if (nic === undefined || !isBoundTo(card, nic.binding))
      throw new StepFailure('wrong_backing', { label, wanted: nic?.wireName ?? '-', found: describe(card) });
    const mac = card.macAddress?.toLowerCase();
    if (mac === undefined || run.facts.sourceMacs?.includes(mac) === true)
      throw new StepFailure('no_mac', { label });
    return { deviceKey: card.key, mac, label };
  });
}

/** Where a card is, as vCenter names it. */
function describe({ backing }: ReturnType<typeof cardsOf>[number]): string {
  switch (backing?.$type) {
    case 'VirtualEthernetCardNetworkBackingInfo':
    case 'VirtualEthernetCardLegacyNetworkBackingInfo':
      return backing.deviceName ?? '-';
    case 'VirtualEthernetCardDistributedVirtualPortBackingInfo':
      return backing.port.portgroupKey ?? backing.port.switchUuid;
    case 'VirtualEthernetCardOpaqueNetworkBackingInfo':
      return backing.opaqueNetworkId ?? '-';
    default:
      return '-';
  }
}
