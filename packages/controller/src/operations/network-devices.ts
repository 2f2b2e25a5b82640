import {
  addCard,
  capacityOf,
  type DeviceChange,
  type EthernetCardDevice,
  growDisk,
  isEthernetCard,
  isPluggedInto,
  isVirtualDisk,
  removeCard,
  rewireCard,
  type VirtualDevice,
} from '@wirebook/vsphere';
import type { PortGroupBinding } from '../domain/placement/facts.ts';
import { backingOf } from './ask-drs.ts';

/** The virtual NICs and the first disk of a VM as changes of its devices. Pure. */

/** The model of NICs that the source doesn't have: every guest of the last fifteen years has a driver for it. */
const NEW_CARD = 'VirtualVmxnet3';

/** In the order in which the guest finds them. */
export function cardsOf(devices: readonly VirtualDevice[]): EthernetCardDevice[] {
  return devices.filter(isEthernetCard).toSorted(byPlace);
}

function byPlace(a: VirtualDevice, b: VirtualDevice): number {
  return (
    (a.controllerKey ?? 0) - (b.controllerKey ?? 0) ||
    (a.unitNumber ?? 0) - (b.unitNumber ?? 0) ||
    a.key - b.key
  );
}

export function isBoundTo(card: EthernetCardDevice, binding: PortGroupBinding): boolean {
  return isPluggedInto(card, backingOf(binding));
}

/** A card of a model that can't be written is left for whoever reads it back to refuse. */
function some(change: DeviceChange | null): DeviceChange[] {
  return change === null ? [] : [change];
}

/**
 * What makes a VM's cards those that are asked for: the n-th card is plugged into the n-th port group, missing ones are added, further
 * ones removed. Only what differs.
 */
export function alignCards(
  devices: readonly VirtualDevice[],
  bindings: readonly PortGroupBinding[],
  /** MACs, in lower case, that no card may have: a clone is given them where they were set by hand. */
  foreign: ReadonlySet<string> = new Set(),
): DeviceChange[] {
  const cards = cardsOf(devices);
  const kept = cards.flatMap((card, index) => {
    const binding = bindings[index];
    if (binding === undefined) return some(removeCard(card));
    if (foreign.has(card.macAddress?.toLowerCase() ?? ''))
      return some(rewireCard(card, backingOf(binding), 'assign'));
    const connects = card.connectable?.startConnected !== false;
    return isBoundTo(card, binding) && connects ? [] : some(rewireCard(card, backingOf(binding), 'keep'));
  });
  const added = bindings
    .slice(cards.length)
    .map((binding, index) => addCard({ key: -1 - index, model: NEW_CARD, backing: backingOf(binding) }));
  return [...kept, ...added];
}

/** Cards of a source plugged in elsewhere while it is cloned: those that there are. Each gets a MAC of its own. */
export function rebindCards(
  devices: readonly VirtualDevice[],
  bindings: readonly PortGroupBinding[],
): DeviceChange[] {
  return cardsOf(devices).flatMap((card, index) => {
    const binding = bindings[index];
    return binding === undefined ? [] : some(rewireCard(card, backingOf(binding), 'assign'));
  });
}

/** The first disk made larger, null where that isn't needed or it has none; or how large it is already. Bytes. */
export function growFirstDisk(
  devices: readonly VirtualDevice[],
  size: number,
): DeviceChange | { tooLarge: number } | null {
  const [disk] = devices.filter(isVirtualDisk).toSorted(byPlace);
  if (disk === undefined) return null;
  const has = capacityOf(disk);
  if (has === size) return null;
  return has > size ? { tooLarge: has } : growDisk(disk, size);
}
