import {
  addCard,
  cardModel,
  type DeviceChange,
  type EthernetCardDevice,
  type Plugged,
  removeCard,
  rewireCard,
} from '@wirebook/vsphere';
import type { PortGroupBinding } from '../../domain/placement/facts.ts';
import { findHeldNics } from '../../store/server-changes.ts';
import { backingOf } from '../ask-drs.ts';
import { naming, StepFailure } from '../failure.ts';
import { finishTask, machineRef, type MachineState } from '../machines.ts';
import { cardsOf, isBoundTo } from '../network-devices.ts';
import { type CardBefore, type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';

/** The cards of a server, in device order. */
export function cardsOfServer(machine: MachineState): EthernetCardDevice[] {
  // Its configuration can't be read: whatever it has, it isn't nothing.
  if (machine.hardware === null) throw new StepFailure('server_unreadable');
  return cardsOf(machine.hardware.device);
}

/** A card is known by its MAC: keys are given again to others. */
const nameOf = (card: EthernetCardDevice): string => card.macAddress?.toLowerCase() ?? String(card.key);

/** The card of a NIC: the one that has its MAC, and where the book knows none, its device key. */
export function findCard(
  cards: readonly EthernetCardDevice[],
  nic: { readonly deviceKey: number; readonly mac: string | null },
): EthernetCardDevice | undefined {
  const same = cards.filter((card) =>
    nic.mac === null ? card.key === nic.deviceKey : card.macAddress?.toLowerCase() === nic.mac,
  );
  return same.find((card) => card.key === nic.deviceKey) ?? same[0];
}

async function reconfigure(run: ChangeRun, change: DeviceChange | null, model: string): Promise<void> {
  if (change === null) throw new StepFailure('card_unknown', { model });
  const client = await run.vcenter();
  run.signal.throwIfAborted();
  await naming('configure_failed', async () => {
    // Not broken off: whether vCenter has heard of it would not be known.
    const { returnval } = await client.call('ReconfigVM_Task', machineRef(inputOf(run).server.moref), {
      spec: { deviceChange: [change] },
    });
    await finishTask(client, returnval, run.signal);
  });
}

/** What a card that is added shall be: of the usual model, or as one was before. */
type NewCard = { readonly binding: PortGroupBinding } & Partial<Omit<CardBefore, 'backing' | 'deviceKey'>>;

/**
 * Adds a card, once: one that is there, and wasn't before, is taken for ours. Answers it as vCenter has made it, wherever it is plugged in.
 */
export async function plugIn(
  run: ChangeRun,
  card: NewCard,
  read: () => Promise<MachineState>,
): Promise<EthernetCardDevice> {
  const known = findAdded(run, cardsOfServer(await read()), card.binding);
  if (known !== undefined) return known;
  const cards = cardsOfServer(await read());
  const cardsBefore = cards.map(nameOf);
  await run.remember({ cardsBefore });
  const { binding, model = NEW_CARD, mac = null, addressType = null, place = null, plugged = null } = card;
  const made = cardModel(model);
  const change =
    made === null
      ? null
      : addCard({
          key: -1,
          model: made,
          backing: backingOf(binding),
          ...(mac !== null && { macAddress: mac }),
          ...(addressType !== null && { addressType }),
          ...(place !== null && { place }),
          ...(plugged !== null && { plugged }),
        });
  await reconfigure(run, change, model);
  const added = cardsOfServer(await read()).filter((one) => !cardsBefore.includes(nameOf(one)));
  const found = added.find((one) => isBoundTo(one, binding)) ?? added[0];
  if (found === undefined) throw new StepFailure('nic_gone', { label: '-' });
  return found;
}

/** Every guest of the last fifteen years has a driver for it. */
const NEW_CARD = 'VirtualVmxnet3';

/** The card that we added, if it is there, whether that could be noted or not. */
export function findAdded(
  run: ChangeRun,
  cards: readonly EthernetCardDevice[],
  binding: PortGroupBinding,
): EthernetCardDevice | undefined {
  const { card, cardsBefore } = run.facts;
  if (card !== undefined) return findCard(cards, card);
  if (cardsBefore === undefined) return undefined;
  return cards.find((one) => !cardsBefore.includes(nameOf(one)) && isBoundTo(one, binding));
}

export async function unplug(run: ChangeRun, card: EthernetCardDevice): Promise<void> {
  await reconfigure(run, removeCard(card), card.$type);
}

export async function rebindCard(
  run: ChangeRun,
  card: EthernetCardDevice,
  to: { binding: PortGroupBinding; plugged?: Plugged | null },
): Promise<void> {
  const backing = backingOf(to.binding);
  await reconfigure(run, rewireCard(card, backing, 'keep', to.plugged ?? undefined), card.$type);
}

/**
 * Whether a card is still as this operation has left it: where it was plugged in, and with no address that somebody gave it afterwards. What
 * others have done with it since isn't taken back.
 */
export async function isAsLeft(
  run: ChangeRun,
  card: EthernetCardDevice,
  binding: PortGroupBinding,
): Promise<boolean> {
  const landed = run.facts.landed ?? null;
  if (!isBoundTo(card, binding) && (landed === null || !isBoundTo(card, landed))) return false;
  return !(await isOfOthers(run, card));
}

/** Whether a card has an address that neither was taken by this operation nor was the card's before. */
async function isOfOthers(run: ChangeRun, card: EthernetCardDevice): Promise<boolean> {
  const { server, addresses, former } = inputOf(run);
  const nic = (await findHeldNics(run.db, server.id)).find((one) => findCard([card], one) !== undefined);
  const own = new Set([...addresses, ...former].map(({ claimId }) => claimId));
  return nic?.claims.some(({ claimId, source }) => source !== 'tools' && !own.has(claimId)) ?? false;
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

/** A card as it is, so that it can be made so again. */
export function cardAsItIs(card: EthernetCardDevice): CardBefore {
  const { $type: model, key, macAddress, addressType, controllerKey, unitNumber, connectable } = card;
  return {
    backing: bindingOf(card),
    model,
    deviceKey: key,
    mac: macAddress?.toLowerCase() ?? null,
    addressType: addressType ?? null,
    place: controllerKey === undefined || unitNumber === undefined ? null : { controllerKey, unitNumber },
    plugged:
      connectable === undefined
        ? null
        : {
            startConnected: connectable.startConnected ?? true,
            connected: connectable.connected ?? true,
          },
  };
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
