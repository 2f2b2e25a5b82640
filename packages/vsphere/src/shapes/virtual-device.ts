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

const portConnection = object({
  switchUuid: required(word),
  portgroupKey: word,
  portKey: word,
});
export type PortConnection = Decoded<typeof portConnection>;
export { portConnection };

/** What a virtual NIC is plugged into. */
export const ethernetCardBackings = {
  VirtualEthernetCardNetworkBackingInfo: { deviceName: word, network: moref },
  VirtualEthernetCardLegacyNetworkBackingInfo: { deviceName: word },
  VirtualEthernetCardDistributedVirtualPortBackingInfo: { port: required(portConnection) },
  VirtualEthernetCardOpaqueNetworkBackingInfo: { opaqueNetworkId: word, opaqueNetworkType: word },
} as const;

const ethernetCardBacking = variant(ethernetCardBackings);
export type EthernetCardBacking = Decoded<typeof ethernetCardBacking>;

/** Every published device type that is no `VirtualEthernetCard`: skipped unread, they are most of the bytes. */
const otherDeviceTypes = [
  'ParaVirtualSCSIController',
  'VirtualAHCIController',
  'VirtualBusLogicController',
  'VirtualCdrom',
  'VirtualController',
  'VirtualDisk',
  'VirtualEnsoniq1371',
  'VirtualFloppy',
  'VirtualHdAudioCard',
  'VirtualIDEController',
  'VirtualKeyboard',
  'VirtualLsiLogicController',
  'VirtualLsiLogicSASController',
  'VirtualMachineVMCIDevice',
  'VirtualMachineVideoCard',
  'VirtualNVDIMM',
  'VirtualNVDIMMController',
  'VirtualNVMEController',
  'VirtualPCIController',
  'VirtualPCIPassthrough',
  'VirtualPS2Controller',
  'VirtualParallelPort',
  'VirtualPointingDevice',
  'VirtualPrecisionClock',
  'VirtualSATAController',
  'VirtualSCSIController',
  'VirtualSCSIPassthrough',
  'VirtualSIOController',
  'VirtualSerialPort',
  'VirtualSoundBlaster16',
  'VirtualSoundCard',
  'VirtualTPM',
  'VirtualUSB',
  'VirtualUSBController',
  'VirtualUSBXHCIController',
  'VirtualWDT',
] as const;

/**
 * A virtual NIC. `$type` is the card's model (`VirtualVmxnet3`, `VirtualE1000`, ...). A device of a type never heard of
 * counts as one when it has a MAC address.
 */
export const ethernetCard = typedObject(
  {
    key: required(integer),
    deviceInfo: object({ label: word }),
    backing: ethernetCardBacking,
    connectable: object({ startConnected: boolean, connected: boolean, status: word }),
    controllerKey: integer,
    unitNumber: integer,
    addressType: word,
    macAddress: text,
    externalId: text,
  },
  {
    dropped: otherDeviceTypes,
    keep: (device) => device['macAddress'] !== undefined || isEthernetCardType(String(device['$type'])),
  },
);
export type EthernetCard = Decoded<typeof ethernetCard>;

const ethernetCardTypes: ReadonlySet<string> = new Set([
  'VirtualE1000',
  'VirtualE1000e',
  'VirtualEthernetCard',
  'VirtualPCNet32',
  'VirtualSriovEthernetCard',
  'VirtualVmxnet',
  'VirtualVmxnet2',
  'VirtualVmxnet3',
  'VirtualVmxnet3Vrdma',
]);

/** Whether a device type of this name is a published `VirtualEthernetCard`. */
export function isEthernetCardType(name: string): boolean {
  return ethernetCardTypes.has(name);
}

/** `VirtualHardware.device`, its virtual NICs alone. */
export const ethernetCards = list(ethernetCard);
