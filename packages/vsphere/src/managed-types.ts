import type { MoRef } from './moref.ts';
import {
  boolean,
  integer,
  list,
  moref,
  object,
  text,
  typedObject,
  word,
  type Decoded,
  type Shape,
} from './shape.ts';
import {
  hostMember,
  portSetting,
  pvlanMapEntry,
  tag,
  uplinkPortPolicy,
} from './shapes/distributed-switch.ts';
import { guestNicInfo, guestStackInfo } from './shapes/guest.ts';
import {
  hostDnsConfig,
  hostPortGroup,
  hostProxySwitch,
  hostVirtualNic,
  hostVirtualSwitch,
  physicalNic,
  virtualNicManagerNetConfig,
} from './shapes/host-network.ts';
import { ethernetCards } from './shapes/virtual-device.ts';

const managedEntity = { name: text, parent: moref };

const virtualMachine = {
  ...managedEntity,
  'config.instanceUuid': text,
  'config.uuid': text,
  'config.template': boolean,
  'config.changeVersion': text,
  'config.hardware.device': ethernetCards,
  'config.guestFullName': word,
  'config.annotation': text,
  'config.managedBy': object({ extensionKey: word, type: word }),
  'guest.net': list(guestNicInfo),
  'guest.ipStack': list(guestStackInfo),
  'guest.hostName': text,
  'guest.toolsRunningStatus': word,
  'guest.toolsVersionStatus2': word,
  'guest.toolsInstallType': word,
  'runtime.host': moref,
  'runtime.powerState': word,
  'runtime.connectionState': word,
  network: list(moref),
  resourcePool: moref,
  customValue: list(object({ key: integer, value: text })),
};

const hostSystem = {
  ...managedEntity,
  'hardware.systemInfo.uuid': text,
  'config.product': object({
    name: word,
    fullName: word,
    vendor: word,
    version: word,
    build: word,
    productLineId: word,
    apiVersion: word,
  }),
  'config.network.vswitch': list(hostVirtualSwitch),
  'config.network.portgroup': list(hostPortGroup),
  'config.network.proxySwitch': list(hostProxySwitch),
  'config.network.pnic': list(physicalNic),
  'config.network.vnic': list(hostVirtualNic),
  'config.network.dnsConfig': hostDnsConfig,
  'config.virtualNicManagerInfo.netConfig': list(virtualNicManagerNetConfig),
  'runtime.connectionState': word,
  'runtime.powerState': word,
  'runtime.inMaintenanceMode': boolean,
  'configManager.networkSystem': moref,
  'summary.managementServerIp': word,
};

const network = { ...managedEntity, host: list(moref) };

const opaqueNetwork = {
  ...network,
  summary: typedObject({ opaqueNetworkId: text, opaqueNetworkType: word, name: text, accessible: boolean }),
};

const distributedVirtualPortgroup = {
  ...network,
  key: text,
  'config.distributedVirtualSwitch': moref,
  'config.defaultPortConfig': portSetting,
  'config.uplink': boolean,
  'config.backingType': word,
  'config.logicalSwitchUuid': text,
  'config.segmentId': text,
  'config.description': text,
  tag: list(tag),
};

const distributedVirtualSwitch = {
  ...managedEntity,
  uuid: text,
  'config.maxMtu': integer,
  'config.uplinkPortgroup': list(moref),
  'config.pvlanConfig': list(pvlanMapEntry),
  'config.uplinkPortPolicy': uplinkPortPolicy,
  'config.host': list(hostMember),
  'summary.hostMember': list(moref),
};

/**
 * The managed types and property paths that this client can read, with the shape of each value.
 * `config.maxMtu` and `config.pvlanConfig` exist on `VmwareDistributedVirtualSwitch` alone.
 */
export const managedTypes = {
  VirtualMachine: virtualMachine,
  HostSystem: hostSystem,
  Network: network,
  OpaqueNetwork: opaqueNetwork,
  DistributedVirtualPortgroup: distributedVirtualPortgroup,
  DistributedVirtualSwitch: distributedVirtualSwitch,
  VmwareDistributedVirtualSwitch: distributedVirtualSwitch,
  Datacenter: managedEntity,
  ClusterComputeResource: managedEntity,
  ComputeResource: managedEntity,
  Folder: managedEntity,
  ResourcePool: managedEntity,
} as const satisfies Readonly<Record<string, Readonly<Record<string, Shape<unknown>>>>>;

export type ManagedType = keyof typeof managedTypes;
export type PathOf<T extends ManagedType> = keyof (typeof managedTypes)[T] & string;
export type PropertyType<T extends ManagedType, K extends PathOf<T>> = Decoded<(typeof managedTypes)[T][K]>;

/** A property that the server named but did not give. */
export interface MissingProperty {
  path: string;
  /** Name of the fault's type, e.g. `NoPermission`, `HostCommunication`. */
  fault: string;
  /** `NoPermission.privilegeId`. */
  privilege?: string;
}

/** One object read. A property that is unset has no key in `props`; a list that is set but empty is `[]`. */
export interface ManagedObject<T extends ManagedType, P extends PathOf<T>> {
  ref: MoRef;
  props: { [K in P]?: PropertyType<T, K> };
  missing: MissingProperty[];
}
