import type { MoRef } from './moref.ts';
import {
  boolean,
  integer,
  list,
  moref,
  object,
  required,
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
import {
  clusterDrsConfig,
  computeResourceConfig,
  computeResourceSummary,
  hostHardwareSummary,
  hostQuickStats,
} from './shapes/compute.ts';
import { datastoreHostMount, datastoreSummary } from './shapes/datastore.ts';
import { customizationInfo, guestNicInfo, guestStackInfo } from './shapes/guest.ts';
import {
  hostDnsConfig,
  hostPortGroup,
  hostProxySwitch,
  hostVirtualNic,
  hostVirtualSwitch,
  physicalNic,
  virtualNicManagerNetConfig,
} from './shapes/host-network.ts';
import { taskInfo } from './shapes/task.ts';
import { ethernetCards } from './shapes/virtual-device.ts';
import { virtualHardware } from './shapes/virtual-hardware.ts';

const managedEntity = { name: text, parent: moref, recentTask: list(moref) };

const virtualMachine = {
  ...managedEntity,
  'config.instanceUuid': text,
  'config.uuid': text,
  'config.template': boolean,
  'config.changeVersion': text,
  /** The virtual NICs alone; `config.hardware` has every device. */
  'config.hardware.device': ethernetCards,
  'config.hardware': virtualHardware,
  'config.hardware.numCPU': integer,
  'config.hardware.memoryMB': integer,
  /** Values as text, whatever type they were sent with. */
  'config.extraConfig': list(object({ key: required(text), value: text })),
  'config.files.vmPathName': text,
  'config.guestId': word,
  'config.guestFullName': word,
  'config.version': word,
  'config.annotation': text,
  'config.managedBy': object({ extensionKey: word, type: word }),
  'guest.net': list(guestNicInfo),
  'guest.ipStack': list(guestStackInfo),
  'guest.hostName': text,
  'guest.toolsRunningStatus': word,
  'guest.toolsVersionStatus2': word,
  'guest.toolsInstallType': word,
  'guest.ipAddress': text,
  'guest.customizationInfo': customizationInfo,
  'runtime.host': moref,
  'runtime.powerState': word,
  'runtime.connectionState': word,
  network: list(moref),
  datastore: list(moref),
  resourcePool: moref,
  parentVApp: moref,
  snapshot: object({ currentSnapshot: moref }),
  /** Bytes. */
  'summary.storage': object({ committed: required(integer), uncommitted: required(integer) }),
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
  'runtime.inQuarantineMode': boolean,
  'runtime.standbyMode': word,
  'configManager.networkSystem': moref,
  'summary.managementServerIp': word,
  'summary.hardware': hostHardwareSummary,
  'summary.quickStats': hostQuickStats,
  datastore: list(moref),
  vm: list(moref),
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

const datastore = {
  ...managedEntity,
  summary: datastoreSummary,
  host: list(datastoreHostMount),
  vm: list(moref),
};

const datacenter = { ...managedEntity, vmFolder: moref, hostFolder: moref, datastore: list(moref) };

const computeResource = {
  ...managedEntity,
  /** Its root pool. */
  resourcePool: moref,
  host: list(moref),
  datastore: list(moref),
  summary: computeResourceSummary,
  configurationEx: computeResourceConfig,
};

const clusterComputeResource = { ...computeResource, 'configuration.drsConfig': clusterDrsConfig };

const folder = { ...managedEntity, childType: list(word) };

const resourcePool = { ...managedEntity, owner: moref, resourcePool: list(moref) };

/**
 * The managed types below the root folder and their property paths that this client can read, with the shape of each
 * value. `config.maxMtu` and `config.pvlanConfig` exist on `VmwareDistributedVirtualSwitch` alone.
 */
export const entityTypes = {
  VirtualMachine: virtualMachine,
  HostSystem: hostSystem,
  Network: network,
  OpaqueNetwork: opaqueNetwork,
  DistributedVirtualPortgroup: distributedVirtualPortgroup,
  DistributedVirtualSwitch: distributedVirtualSwitch,
  VmwareDistributedVirtualSwitch: distributedVirtualSwitch,
  Datacenter: datacenter,
  ClusterComputeResource: clusterComputeResource,
  ComputeResource: computeResource,
  Datastore: datastore,
  Folder: folder,
  ResourcePool: resourcePool,
} as const satisfies Readonly<Record<string, Readonly<Record<string, Shape<unknown>>>>>;

/** Everything that can be read by reference: those, and what is no part of the inventory. */
export const managedTypes = {
  ...entityTypes,
  /** What every type below the root folder has. */
  ManagedEntity: managedEntity,
  Task: { info: taskInfo },
  TaskManager: { recentTask: list(moref) },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Shape<unknown>>>>>;

/** Types that stand below the root folder, and so are found without a reference. */
export type EntityType = keyof typeof entityTypes;
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
