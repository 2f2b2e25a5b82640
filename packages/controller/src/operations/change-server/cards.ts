import { addCard, type EthernetCardDevice, removeCard, rewireCard } from '@wirebook/vsphere';
import type { PortGroupBinding } from '../../domain/placement/facts.ts';
import { naming, StepFailure } from '../failure.ts';
import { finishTask, machineRef, readMachine } from '../machines.ts';
import { backingOf } from '../ask-drs.ts';
import { cardsOf, isBoundTo } from '../network-devices.ts';
import type { ChangeFacts, ChangeRun } from './facts.ts';
import { inputOf } from './facts.ts';

/** The cards of a server under change, as vCenter has them now. */
export async function readCards(run: ChangeRun): Promise<EthernetCardDevice[]> {
  const machine = await readMachine(await run.vcenter(), inputOf(run).server.moref, run.signal);
  if (machine?.hardware == null) throw new StepFailure('server_gone');
  return cardsOf(machine.hardware.device);
}

type Change = ReturnType<typeof addCard>;

async function reconfigure(run: ChangeRun, change: Change | null, card: string): Promise<void> {
  if (change === null) throw new StepFailure('card_unknown', { model: card });
  const client = await run.vcenter();
  await naming('configure_failed', async () => {
    const { returnval } = await client.call(
      'ReconfigVM_Task',
      machineRef(inputOf(run).server.moref),
      { spec: { deviceChange: [change] } },
      { signal: run.signal },
    );
    await finishTask(client, returnval, run.signal);
  });
}

export async function attachCard(
  run: ChangeRun,
  card: { binding: PortGroupBinding; mac?: string | null },
): Promise<void> {
  const { binding, mac = null } = card;
  const change = addCard({
    key: -1,
    model: 'VirtualVmxnet3',
    backing: backingOf(binding),
    ...(mac !== null && { macAddress: mac }),
  });
  await reconfigure(run, change, 'VirtualVmxnet3');
}

export async function detachCard(run: ChangeRun, card: EthernetCardDevice): Promise<void> {
  await reconfigure(run, removeCard(card), card.$type);
}

export async function rebindCard(
  run: ChangeRun,
  card: EthernetCardDevice,
  binding: PortGroupBinding,
): Promise<void> {
  if (isBoundTo(card, binding)) return;
  await reconfigure(run, rewireCard(card, backingOf(binding), 'keep'), card.$type);
}

/** How a card is plugged in now; null where it isn't in any port group that could be named again. */
export function bindingOf({ backing }: EthernetCardDevice): PortGroupBinding | null {
  switch (backing?.$type) {
    case 'VirtualEthernetCardNetworkBackingInfo':
      return backing.deviceName === undefined
        ? null
        : { kind: 'standard', name: backing.deviceName, network: backing.network?.value ?? null };
    case 'VirtualEthernetCardDistributedVirtualPortBackingInfo': {
      const { switchUuid, portgroupKey } = backing.port;
      return portgroupKey === undefined ? null : { kind: 'distributed', switchUuid, portgroupKey };
    }
    case 'VirtualEthernetCardOpaqueNetworkBackingInfo': {
      const { opaqueNetworkId, opaqueNetworkType } = backing;
      return opaqueNetworkId === undefined || opaqueNetworkType === undefined
        ? null
        : { kind: 'opaque', opaqueNetworkId, opaqueNetworkType };
    }
    default:
      return null;
  }
}

export function shownCard(card: EthernetCardDevice): ChangeFacts['card'] {
  if (card.macAddress === undefined)
    throw new StepFailure('no_mac', { label: card.deviceInfo?.label ?? String(card.key) });
  return {
    deviceKey: card.key,
    mac: card.macAddress.toLowerCase(),
    label: card.deviceInfo?.label ?? String(card.key),
  };
}
