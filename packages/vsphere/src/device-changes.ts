import { decodeName } from './inventory-name.ts';
import { derivedTypes } from './request-types.ts';
import type { DataValue } from './request-values.ts';
import type { EthernetCard } from './shapes/virtual-device.ts';
import type { VirtualDiskDevice } from './shapes/virtual-hardware.ts';

export type DeviceChange = DataValue<'VirtualDeviceConfigSpec'>;

type SentDevice = DataValue<'VirtualDevice'>;
type SentType = SentDevice['$type'];
type SentBacking = DataValue<'VirtualDeviceBackingInfo'>;

/** Models of virtual NICs that this client can write. */
export type EthernetCardModel = Exclude<SentType, 'VirtualDisk'>;

/** What a virtual NIC is to be plugged into: a standard port group by name, a distributed one, an NSX network. */
export type NicBacking = Extract<SentBacking, { $type: `VirtualEthernetCard${string}` }>;

function sentType(name: string): SentType | null {
  return derivedTypes.VirtualDevice.find((known) => known === name) ?? null;
}

/** A model of NIC by its name; null for one that is unknown here. */
export function cardModel(name: string): EthernetCardModel | null {
  const type = sentType(name);
  return type === 'VirtualDisk' ? null : type;
}

/** Whether a NIC has its plug in, and has it in whenever the VM is powered on. */
export interface Plugged {
  startConnected: boolean;
  connected: boolean;
}
const pluggedIn: Plugged = { startConnected: true, connected: true };

/**
 * Plugs an existing NIC in elsewhere, connected unless it is said otherwise. While cloning, `card` is the template's and `mac` should be `assign`:
 * a MAC set by hand in the template would be used twice otherwise. Null when the card's model is unknown here.
 */
export function rewireCard(
  card: EthernetCard & { connectable?: { allowGuestControl?: boolean } },
  backing: NicBacking,
  mac: 'keep' | 'assign',
  plugged: Plugged = pluggedIn,
): DeviceChange | null {
  const $type = cardModel(card.$type);
  if ($type === null) {
    return null;
  }
  const { key, controllerKey, unitNumber, addressType, macAddress, connectable } = card;
  const address =
    mac === 'assign'
      ? { addressType: 'assigned' }
      : {
          ...(addressType === undefined ? {} : { addressType }),
          ...(macAddress === undefined ? {} : { macAddress }),
        };
  return {
    operation: 'edit',
    device: {
      $type,
      key,
      backing,
      connectable: { ...plugged, allowGuestControl: connectable?.allowGuestControl ?? true },
      ...(controllerKey === undefined ? {} : { controllerKey }),
      ...(unitNumber === undefined ? {} : { unitNumber }),
      ...address,
    },
  };
}

/**
 * A further NIC, connected unless it is said otherwise; vCenter chooses its controller, its slot and, without `macAddress`, its MAC.
 * @param options.key negative, and different for each device that one request adds
 * @param options.addressType of a MAC that is given: `assigned` for one that vCenter gave out itself, which it refuses as one set by hand
 */
export function addCard(options: {
  key: number;
  model: EthernetCardModel;
  backing: NicBacking;
  macAddress?: string;
  addressType?: string;
  place?: { controllerKey: number; unitNumber: number };
  plugged?: Plugged;
}): DeviceChange {
  const { key, model, backing, macAddress, addressType = 'manual', place, plugged = pluggedIn } = options;
  return {
    operation: 'add',
    device: {
      $type: model,
      key,
      backing,
      connectable: { ...plugged, allowGuestControl: true },
      ...place,
      ...(macAddress === undefined ? { addressType: 'assigned' } : { addressType, macAddress }),
    },
  };
}

/** Takes a NIC out. Null when its model is unknown here. */
export function removeCard({ $type, key }: Pick<EthernetCard, '$type' | 'key'>): DeviceChange | null {
  const model = cardModel($type);
  return model === null ? null : { operation: 'remove', device: { $type: model, key } };
}

/**
 * Makes a disk larger, to this many bytes. Null when it is none that has its contents in a file of its own (a raw
 * device). vSphere refuses to grow one that builds on another (`backing.parent`).
 */
export function growDisk(disk: VirtualDiskDevice, bytes: number): DeviceChange | null {
  const backing = sentDiskBacking(disk.backing);
  if (backing === null) {
    return null;
  }
  const { key, controllerKey, unitNumber } = disk;
  const capacityInKB = Math.ceil(bytes / 1024);
  return {
    operation: 'edit',
    device: {
      $type: 'VirtualDisk',
      key,
      backing,
      ...(controllerKey === undefined ? {} : { controllerKey }),
      ...(unitNumber === undefined ? {} : { unitNumber }),
      capacityInKB,
      capacityInBytes: capacityInKB * 1024,
    },
  };
}

function sentDiskBacking(backing: VirtualDiskDevice['backing']): SentBacking | null {
  switch (backing?.$type) {
    case 'VirtualDiskFlatVer2BackingInfo':
    case 'VirtualDiskSeSparseBackingInfo':
    case 'VirtualDiskSparseVer2BackingInfo': {
      const { $type, fileName, datastore, uuid } = backing;
      return {
        $type,
        fileName,
        ...(datastore === undefined ? {} : { datastore }),
        diskMode: backing.diskMode ?? 'persistent',
        ...(uuid === undefined ? {} : { uuid }),
      };
    }
    default:
      return null;
  }
}

/** Whether a NIC that was read is plugged in as was asked for. */
export function isPluggedInto(card: Pick<EthernetCard, 'backing'>, wanted: NicBacking): boolean {
  const { backing } = card;
  switch (wanted.$type) {
    case 'VirtualEthernetCardNetworkBackingInfo':
      return (
        backing?.$type === wanted.$type &&
        decodeName(backing.deviceName ?? '') === decodeName(wanted.deviceName) &&
        // The same name may stand for groups of two datacenters.
        (wanted.network === undefined ||
          backing.network === undefined ||
          backing.network.value === wanted.network.value)
      );
    case 'VirtualEthernetCardDistributedVirtualPortBackingInfo':
      return (
        backing?.$type === wanted.$type &&
        backing.port.switchUuid === wanted.port.switchUuid &&
        backing.port.portgroupKey === wanted.port.portgroupKey
      );
    case 'VirtualEthernetCardOpaqueNetworkBackingInfo':
      return (
        backing?.$type === wanted.$type &&
        backing.opaqueNetworkId === wanted.opaqueNetworkId &&
        backing.opaqueNetworkType === wanted.opaqueNetworkType
      );
    default:
      return false;
  }
}
