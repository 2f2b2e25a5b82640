import type { VimObject } from '../vim-xml.ts';
import { reference } from '../vim-xml.ts';
import { portKeyOf } from './network.ts';
import { pathsOf, type MachinePlan, type NicBacking, type NicPlan } from './plan.ts';

const models = { vmxnet3: 'VirtualVmxnet3', e1000: 'VirtualE1000', e1000e: 'VirtualE1000e' };

function info(label: string, summary = label): VimObject {
  return { label, summary };
}

/** `config.hardware.device`: what every VM has, a disk and the virtual NICs. */
export function renderDevices(machine: MachinePlan): VimObject[] {
  const nics = machine.nics.map((nic, index) => renderNic(machine, nic, index));
  const files = pathsOf(machine);
  const { disk } = machine.description;
  return [
    { $type: 'VirtualIDEController', key: 200, deviceInfo: info('IDE 0'), busNumber: 0 },
    { $type: 'VirtualIDEController', key: 201, deviceInfo: info('IDE 1'), busNumber: 1 },
    {
      $type: 'VirtualPS2Controller',
      key: 300,
      deviceInfo: info('PS2 controller 0'),
      busNumber: 0,
      device: [600, 700],
    },
    {
      $type: 'VirtualPCIController',
      key: 100,
      deviceInfo: info('PCI controller 0'),
      busNumber: 0,
      device: [500, 12_000, 1000, ...machine.nics.map((nic) => nic.description.key)],
    },
    { $type: 'VirtualSIOController', key: 400, deviceInfo: info('SIO controller 0'), busNumber: 0 },
    {
      $type: 'VirtualKeyboard',
      key: 600,
      deviceInfo: info('Keyboard ', 'Keyboard'),
      controllerKey: 300,
      unitNumber: 0,
    },
    {
      $type: 'VirtualPointingDevice',
      key: 700,
      deviceInfo: info('Pointing device', 'Pointing device; Device'),
      backing: {
        $type: 'VirtualPointingDeviceDeviceBackingInfo',
        deviceName: '',
        useAutoDetect: false,
        hostPointingDevice: 'autodetect',
      },
      controllerKey: 300,
      unitNumber: 1,
    },
    {
      $type: 'VirtualMachineVideoCard',
      key: 500,
      deviceInfo: info('Video card ', 'Video card'),
      controllerKey: 100,
      unitNumber: 0,
      videoRamSizeInKB: 8192,
      numDisplays: 1,
      useAutoDetect: false,
      enable3DSupport: false,
      use3dRenderer: 'automatic',
      graphicsMemorySizeInKB: 262_144,
    },
    {
      $type: 'VirtualMachineVMCIDevice',
      key: 12_000,
      deviceInfo: info(
        'VMCI device',
        'Device on the virtual machine PCI bus that provides support for the virtual machine communication interface',
      ),
      controllerKey: 100,
      unitNumber: 17,
      id: -1,
      allowUnrestrictedCommunication: false,
      filterEnable: true,
    },
    {
      $type: 'ParaVirtualSCSIController',
      key: 1000,
      deviceInfo: info('SCSI controller 0', 'VMware paravirtual SCSI'),
      controllerKey: 100,
      unitNumber: 3,
      busNumber: 0,
      device: [2000],
      hotAddRemove: true,
      sharedBus: 'noSharing',
      scsiCtlrUnitNumber: 7,
    },
    {
      $type: 'VirtualDisk',
      key: 2000,
      deviceInfo: info('Hard disk 1', `${(disk * 1024 ** 2).toLocaleString('en-US')} KB`),
      backing: {
        $type: 'VirtualDiskFlatVer2BackingInfo',
        fileName: files.vmdk,
        datastore: reference(machine.datastore),
        diskMode: 'persistent',
        thinProvisioned: true,
        uuid: `6000C29${machine.ref.value.replace(/\D/g, '').padStart(9, '0')}-disk-2000`,
        contentId: 'fffffffefffffffefffffffefffffffe',
      },
      controllerKey: 1000,
      unitNumber: 0,
      capacityInKB: disk * 1024 ** 2,
      capacityInBytes: disk * 1024 ** 3,
      shares: { shares: 1000, level: 'normal' },
    },
    ...nics,
  ];
}

function renderNic(machine: MachinePlan, nic: NicPlan, index: number): VimObject {
  const { description, backing } = nic;
  return {
    $type: models[description.model],
    key: description.key,
    deviceInfo: info(
      description.label,
      backing.kind === 'distributed' ? `DVSwitch: ${backing.switchUuid}` : backing.name,
    ),
    backing: renderBacking(backing, portKeyOf(machine.ref, index)),
    connectable: {
      startConnected: true,
      allowGuestControl: true,
      connected: description.connected && machine.description.powerState === 'poweredOn',
      status: machine.description.powerState === 'poweredOn' ? 'ok' : 'untried',
    },
    slotInfo: { $type: 'VirtualDevicePciBusSlotInfo', pciSlotNumber: 192 + 32 * index },
    controllerKey: 100,
    unitNumber: 7 + index,
    addressType: 'assigned',
    macAddress: description.mac,
    wakeOnLanEnabled: true,
    uptCompatibilityEnabled: description.model === 'vmxnet3' ? true : undefined,
  };
}

/** The device's backing for standard, distributed and opaque networks. */
function renderBacking(backing: NicBacking, portKey?: string): VimObject {
  switch (backing.kind) {
    case 'standard':
      return {
        $type: 'VirtualEthernetCardNetworkBackingInfo',
        deviceName: backing.name,
        useAutoDetect: false,
        network: backing.network === undefined ? undefined : reference(backing.network),
      };
    case 'distributed':
      return {
        $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo',
        port: {
          switchUuid: backing.switchUuid,
          portgroupKey: backing.portgroupKey,
          portKey,
          connectionCookie: 1_234_567,
        },
      };
    case 'opaque':
      return {
        $type: 'VirtualEthernetCardOpaqueNetworkBackingInfo',
        opaqueNetworkId: backing.id,
        opaqueNetworkType: backing.type,
      };
    default:
      return backing satisfies never;
  }
}
