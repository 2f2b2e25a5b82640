import {
  boolean,
  integer,
  list,
  moref,
  object,
  required,
  text,
  typedObject,
  variant,
  word,
  type Decoded,
} from '../shape.ts';
import { ethernetCardBackings, isEthernetCardType, type EthernetCardBacking } from './virtual-device.ts';

const fileBacking = { fileName: required(text), datastore: moref, diskMode: word, uuid: text } as const;

/** What a disk's contents lie in. `parent` is the disk that a linked clone or a snapshot builds on. */
const diskBackings = {
  VirtualDiskFlatVer2BackingInfo: {
    ...fileBacking,
    thinProvisioned: boolean,
    eagerlyScrub: boolean,
    parent: object({ fileName: required(text), datastore: moref }),
  },
  VirtualDiskSeSparseBackingInfo: {
    ...fileBacking,
    parent: object({ fileName: required(text), datastore: moref }),
  },
  VirtualDiskSparseVer2BackingInfo: {
    ...fileBacking,
    parent: object({ fileName: required(text), datastore: moref }),
  },
  VirtualDiskRawDiskMappingVer1BackingInfo: { ...fileBacking, compatibilityMode: word },
  VirtualDiskLocalPMemBackingInfo: fileBacking,
} as const;

const diskBacking = variant(diskBackings);
export type VirtualDiskBacking = Decoded<typeof diskBacking>;

/**
 * `VirtualDevice` of whatever type, named in `$type`, with the fields of those types that a new server's hardware is
 * changed by: virtual NICs, disks, controllers.
 */
const virtualDevice = typedObject({
  key: required(integer),
  deviceInfo: object({ label: word, summary: text }),
  backing: variant({ ...ethernetCardBackings, ...diskBackings }),
  connectable: object({
    startConnected: boolean,
    allowGuestControl: boolean,
    connected: boolean,
    status: word,
  }),
  controllerKey: integer,
  unitNumber: integer,
  /** Of a virtual NIC. */
  addressType: word,
  macAddress: text,
  externalId: text,
  /** Of a disk. */
  capacityInKB: integer,
  capacityInBytes: integer,
  /** Of a controller. */
  busNumber: integer,
});
export type VirtualDevice = Decoded<typeof virtualDevice>;

/**
 * `VirtualHardware`, all its devices included: for one VM whose hardware is to be changed. A sync reads
 * `config.hardware.device` instead, which passes over all but virtual NICs unread.
 */
export const virtualHardware = object({
  numCPU: required(integer),
  numCoresPerSocket: integer,
  memoryMB: required(integer),
  device: list(virtualDevice),
});
export type VirtualHardware = Decoded<typeof virtualHardware>;

/** A virtual NIC among all devices; it can stand wherever an `EthernetCard` is asked for. */
export type EthernetCardDevice = VirtualDevice & { backing?: EthernetCardBacking };
export type VirtualDiskDevice = VirtualDevice & { capacityInKB: number; backing?: VirtualDiskBacking };
export type VirtualControllerDevice = VirtualDevice & { busNumber: number };

export function isEthernetCard(device: VirtualDevice): device is EthernetCardDevice {
  return device.macAddress !== undefined || isEthernetCardType(device.$type);
}

export function isVirtualDisk(device: VirtualDevice): device is VirtualDiskDevice {
  return device.capacityInKB !== undefined && device.$type === 'VirtualDisk';
}

export function isVirtualController(device: VirtualDevice): device is VirtualControllerDevice {
  return device.busNumber !== undefined && device.$type.endsWith('Controller');
}

/** Bytes; old servers tell kilobytes alone. */
export function capacityOf(disk: VirtualDiskDevice): number {
  return disk.capacityInBytes ?? disk.capacityInKB * 1024;
}
