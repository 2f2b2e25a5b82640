export { readCertificate, type CertificateInfo } from './certificate.ts';
export { createVsphereClient } from './client.ts';
export type {
  CallOptions,
  ClientOptions,
  ObjectPage,
  ReadObjectsOptions,
  ReadRefsOptions,
  Trust,
  VsphereClient,
} from './client-types.ts';
export {
  addCard,
  cardModel,
  growDisk,
  isPluggedInto,
  removeCard,
  rewireCard,
  type DeviceChange,
  type EthernetCardModel,
  type NicBacking,
  type Plugged,
} from './device-changes.ts';
export { VsphereError, type VsphereFault, type VsphereProblem, type VsphereProblemKind } from './errors.ts';
export { faultOf, isTransient } from './failures.ts';
export { findByExtraConfig, findVirtualMachine } from './find.ts';
export { decodeName, encodeName } from './inventory-name.ts';
export { defaultLimits, defaultTimeouts, type Limits, type Timeouts } from './limits.ts';
export type {
  EntityType,
  ManagedObject,
  ManagedType,
  MissingProperty,
  PathOf,
  PropertyType,
} from './managed-types.ts';
export type { MethodArguments, MethodName, MethodResult } from './methods.ts';
export type { MoRef } from './moref.ts';
export {
  privileges,
  type Privilege,
  type PrivilegeId,
  type PrivilegeObject,
  type PrivilegePurpose,
} from './privileges.ts';
export { readOne } from './read-one.ts';
export type { DataValue } from './request-values.ts';
export type { OtherType } from './shape.ts';
export type {
  ClusterDrsConfig,
  ComputeResourceConfig,
  ComputeResourceSummary,
  HostHardwareSummary,
  HostQuickStats,
} from './shapes/compute.ts';
export type { DatastoreHostMount, DatastoreSummary } from './shapes/datastore.ts';
export type {
  HostMember,
  PortSetting,
  PvlanMapEntry,
  UplinkPortPolicy,
  VlanSpec,
} from './shapes/distributed-switch.ts';
export type { VsphereEvent } from './shapes/event.ts';
export { faultOfLocalized, type LocalizedFault } from './shapes/fault.ts';
export type { CustomizationInfo, GuestNicInfo, GuestStackInfo } from './shapes/guest.ts';
export type {
  HostDnsConfig,
  HostIpConfig,
  HostNetworkPolicy,
  HostPortGroup,
  HostProxySwitch,
  HostVirtualNic,
  HostVirtualSwitch,
  PhysicalNic,
  PhysicalNicHintInfo,
  VirtualNicManagerNetConfig,
} from './shapes/host-network.ts';
export type { ClusterAction, PlacementResult } from './shapes/placement.ts';
export type { About, ServiceContent } from './shapes/service.ts';
export type { TaskInfo } from './shapes/task.ts';
export type { EthernetCard, EthernetCardBacking, PortConnection } from './shapes/virtual-device.ts';
export {
  capacityOf,
  isEthernetCard,
  isVirtualController,
  isVirtualDisk,
  type EthernetCardDevice,
  type VirtualControllerDevice,
  type VirtualDevice,
  type VirtualDiskBacking,
  type VirtualDiskDevice,
  type VirtualHardware,
} from './shapes/virtual-hardware.ts';
export {
  awaitTask,
  cancelTask,
  readRecentTasks,
  type AwaitTaskOptions,
  type TaskAnswer,
  type TaskProgress,
} from './tasks.ts';
