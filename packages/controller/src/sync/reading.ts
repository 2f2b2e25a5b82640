import type { ManagedObject, PathOf } from '@wirebook/vsphere';

/** The properties that a sync asks for, by managed type. The benchmark's reference reader asks for the same. */
export const readProperties = {
  Datacenter: ['name', 'parent'],
  Folder: ['name', 'parent'],
  ComputeResource: ['name', 'parent'],
  VmwareDistributedVirtualSwitch: [
    'name',
    'parent',
    'uuid',
    'config.maxMtu',
    'config.uplinkPortgroup',
    'config.pvlanConfig',
    'summary.hostMember',
  ],
  DistributedVirtualPortgroup: [
    'name',
    'parent',
    'key',
    'config.distributedVirtualSwitch',
    'config.defaultPortConfig',
    'config.uplink',
    'config.backingType',
    'config.logicalSwitchUuid',
    'config.segmentId',
    'host',
    'tag',
  ],
  OpaqueNetwork: ['name', 'parent', 'summary', 'host'],
  Network: ['name', 'parent', 'host'],
  HostSystem: [
    'name',
    'parent',
    'hardware.systemInfo.uuid',
    'config.product',
    'config.network.vswitch',
    'config.network.portgroup',
    'config.network.proxySwitch',
    'config.network.pnic',
    'config.network.vnic',
    'config.network.dnsConfig',
    'config.virtualNicManagerInfo.netConfig',
    'runtime.connectionState',
    'runtime.inMaintenanceMode',
    'configManager.networkSystem',
  ],
  VirtualMachine: [
    'name',
    'parent',
    'config.instanceUuid',
    'config.uuid',
    'config.template',
    'config.changeVersion',
    'config.hardware.device',
    'config.guestFullName',
    'config.annotation',
    'config.managedBy',
    'guest.net',
    'guest.ipStack',
    'guest.hostName',
    'guest.toolsRunningStatus',
    'guest.toolsVersionStatus2',
    'runtime.host',
    'runtime.powerState',
    'runtime.connectionState',
    'resourcePool',
    'customValue',
  ],
} as const;

export type ReadType = keyof typeof readProperties;
export type ReadPath<T extends ReadType> = Extract<(typeof readProperties)[T][number], PathOf<T>>;
export type Read<T extends ReadType> = ManagedObject<T, ReadPath<T>>;

export type HostReading = Read<'HostSystem'> & { neighbours?: ReadonlyMap<string, NeighbourReading> };
export type NeighbourReading = {
  protocol: 'cdp' | 'lldp';
  switch: string;
  port: string;
  address: string | null;
  vlan: number | null;
};
export type SwitchReading = Read<'VmwareDistributedVirtualSwitch'>;
export type PortGroupReading = Read<'DistributedVirtualPortgroup'>;
export type NetworkReading = Read<'Network'>;
export type OpaqueNetworkReading = Read<'OpaqueNetwork'>;
export type ServerReading = Read<'VirtualMachine'>;
export type FolderReading = Read<'Datacenter' | 'Folder' | 'ComputeResource'>;

/** Everything but the virtual machines, as read. */
export interface FabricReading {
  kind: 'vcenter' | 'esxi';
  folders: FolderReading[];
  hosts: HostReading[];
  switches: SwitchReading[];
  portGroups: PortGroupReading[];
  networks: NetworkReading[];
  opaqueNetworks: OpaqueNetworkReading[];
}
