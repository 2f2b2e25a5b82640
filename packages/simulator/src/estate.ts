/**
 * An estate is what a test vCenter (or a standalone ESXi) holds, as plain data.
 * Objects name each other by name; `writeInventory` resolves the names and
 * says which one is wrong.
 */
export interface Estate {
  kind: 'vcenter' | 'esxi';
  /** Shown as `about.name`'s neighbour: only a label for people. */
  name: string;
  /** `about.instanceUuid`. A standalone ESXi has none: it is known by its host's `hardwareUuid`. */
  instanceUuid: string;
  /** Product version, e.g. `8.0.3`. */
  version: string;
  build: string;
  /** The seed that generated it, if it was generated. */
  seed?: number;
  datacenters: Datacenter[];
}

export interface Datacenter {
  name: string;
  clusters: Cluster[];
  /** Hosts outside any cluster, each its own ComputeResource. */
  standaloneHosts: Host[];
  distributedSwitches: DistributedSwitch[];
  opaqueNetworks: OpaqueNetwork[];
  datastores: Datastore[];
  /** VM folders by path (`Production/Web`); those that VMs name exist anyway. */
  folders: string[];
  virtualMachines: VirtualMachine[];
}

export interface Cluster {
  name: string;
  hosts: Host[];
  /** Whether DRS places VMs. Default: true. */
  drs?: boolean;
  /** Resource pools by path below the cluster's own (`Production/Web`); each parent stands there too. */
  resourcePools?: string[];
}

export interface Datastore {
  name: string;
  /** Gibibytes. */
  capacity: number;
  free: number;
  /** Names of the hosts that see it. Default: all of the datacenter. */
  hosts?: string[];
  /** Default: true. */
  accessible?: boolean;
  /** Default: false. */
  inMaintenance?: boolean;
}

export interface Host {
  name: string;
  /** The address of the vmkernel NIC that carries management. */
  managementIp: string;
  hardwareUuid: string;
  version: string;
  build: string;
  connectionState: 'connected' | 'disconnected' | 'notResponding';
  inMaintenanceMode: boolean;
  physicalNics: PhysicalNic[];
  vmkernelNics: VmkernelNic[];
  standardSwitches: StandardSwitch[];
  /** Each of 2400 MHz. */
  cpuCores: number;
  /** Gibibytes. */
  memory: number;
  /** What is in use now. Default: 4000 MHz and a quarter of the memory. */
  usage?: HostUsage;
}

export interface HostUsage {
  /** Megahertz. */
  cpu: number;
  /** Mebibytes. */
  memory: number;
}

export interface PhysicalNic {
  device: string;
  mac: string;
  /** Megabits per second; 0 is link down. */
  speed: number;
  neighbour?: PhysicalNicNeighbour;
}

/** What the physical switch announces on that port. */
export interface PhysicalNicNeighbour {
  protocol: 'cdp' | 'lldp';
  systemName: string;
  portId: string;
  managementAddress: string;
  /** The VLAN that the port sends untagged. */
  vlan?: number;
}

export interface VmkernelNic {
  device: string;
  mac: string;
  ip: string;
  prefixLength: number;
  network: { standard: string } | { distributed: string };
  services: ('management' | 'vmotion' | 'vsan' | 'vSphereReplication' | 'faultToleranceLogging')[];
}

export interface StandardSwitch {
  name: string;
  mtu: number;
  /** Devices of physical NICs; none makes an isolated switch. */
  uplinks: string[];
  portGroups: StandardPortGroup[];
}

export interface StandardPortGroup {
  name: string;
  /** 0 untagged, 1-4094, 4095 trunk. */
  vlanId: number;
  /** Carries vmkernel NICs only: vCenter shows no Network object for it. */
  vmkernelOnly?: boolean;
  security?: SecurityPolicy;
  /** Names of active and standby uplinks when the group overrides its switch. */
  teaming?: Teaming;
}

export interface SecurityPolicy {
  promiscuous: boolean;
  macChanges: boolean;
  forgedTransmits: boolean;
}

export interface Teaming {
  active: string[];
  standby: string[];
}

export interface DistributedSwitch {
  name: string;
  /** As vSphere writes it: `50 0f 3c ... `. */
  uuid: string;
  mtu: number;
  /** Names of member hosts. */
  hosts: string[];
  /** Default: `Uplink 1` to `Uplink 4`. */
  uplinks?: string[];
  /** By LAG, the names of its uplinks. */
  lags?: Record<string, string[]>;
  /**
   * By host, the physical NIC behind each uplink. Default: those that no other switch of the host takes, in the order of the uplinks.
   */
  cabling?: Record<string, Record<string, string>>;
  uplinkPortGroup: {
    name: string;
    /** `config.uplink` (6.5 and later) or only the tag SYSTEM/DVS.UPLINKPG (older). */
    markedBy: 'config' | 'tag';
  };
  privateVlans: { primary: number; secondary: number; type: 'promiscuous' | 'isolated' | 'community' }[];
  portGroups: DistributedPortGroup[];
}

export type DistributedVlan =
  | { kind: 'none' }
  | { kind: 'id'; id: number }
  | { kind: 'trunk'; ranges: { start: number; end: number }[] }
  | { kind: 'private'; secondary: number };

export interface DistributedPortGroup {
  /** As people write it; stored %-escaped, as vCenter does for distributed objects. */
  name: string;
  vlan: DistributedVlan;
  security?: SecurityPolicy;
  teaming?: Teaming;
  /** Set for a group that NSX made (config.backingType `nsx`). */
  nsx?: { logicalSwitchUuid: string; segmentId: string };
}

export interface OpaqueNetwork {
  name: string;
  opaqueNetworkId: string;
  opaqueNetworkType: 'nsx.LogicalSwitch' | 'nsx.network';
  hosts: string[];
}

export interface VirtualMachine {
  name: string;
  /** `config.instanceUuid`; very old VMs lack it. */
  instanceUuid?: string;
  biosUuid: string;
  host: string;
  /** Path below the datacenter's VM folder; empty for the folder itself. */
  folder: string;
  template?: boolean;
  powerState: 'poweredOn' | 'poweredOff' | 'suspended';
  connectionState: 'connected' | 'disconnected' | 'inaccessible' | 'orphaned' | 'invalid';
  guestId: string;
  guestFullName: string;
  annotation?: string;
  managedBy?: { extensionKey: string; type: string };
  cpus: number;
  /** Mebibytes. */
  memory: number;
  /** Gibibytes. */
  disk: number;
  /** Name of the datastore that has its files. Default: the datacenter's first. */
  datastore?: string;
  /** Path of its resource pool below the cluster's own. Default: that one. */
  resourcePool?: string;
  /** Name of its one snapshot, which linked clones build on. Default: none. */
  snapshot?: string;
  nics: VirtualNic[];
  tools: ToolsState;
  /** `guest.hostName`. */
  hostName?: string;
  guestNics: GuestNic[];
  guestStacks: GuestStack[];
}

/** notInstalled, installed but not running, running, running in an older version. */
export type ToolsState = 'notInstalled' | 'notRunning' | 'running' | 'runningOld';

export type NicNetwork =
  | { standard: string }
  | { distributed: string; switch?: string }
  | { opaque: string }
  /** A group that no longer exists: what the device still says about it. */
  | { goneStandard: string }
  | { goneDistributed: { switchUuid: string; portgroupKey: string } };

export interface VirtualNic {
  /** Device key; 4000 is the first card's. */
  key: number;
  label: string;
  mac: string;
  model: 'vmxnet3' | 'e1000' | 'e1000e';
  network: NicNetwork;
  connected: boolean;
}

export interface GuestAddress {
  ip: string;
  prefixLength: number;
  /** NetIpConfigInfoIpAddressStatus. */
  state?: 'preferred' | 'deprecated' | 'tentative' | 'duplicate' | 'invalid' | 'unknown';
  /** NetIpConfigInfoIpAddressOrigin; Linux reports none. */
  origin?: 'manual' | 'dhcp' | 'linklayer' | 'random' | 'other';
}

/** One entry of `guest.net`. */
export interface GuestNic {
  /** Device key, or -1 for an interface that is no virtual NIC. */
  deviceConfigId: number;
  mac?: string;
  /** What `guest.net.network` claims, right or wrong. */
  network?: string;
  connected: boolean;
  addresses: GuestAddress[];
  /** Leaves `ipConfig` out: only the plain list `ipAddress` is reported. */
  withoutIpConfig?: boolean;
  /** Leaves the plain list out: only `ipConfig` is reported. */
  withoutIpAddress?: boolean;
  dns?: GuestDns;
}

export interface GuestDns {
  hostName: string;
  domainName: string;
  servers: string[];
  searchDomains: string[];
}

/** One entry of `guest.ipStack`: routes and DNS. */
export interface GuestStack {
  dns?: GuestDns;
  routes: GuestRoute[];
}

export interface GuestRoute {
  network: string;
  prefixLength: number;
  /** Next hop; none for a connected network. */
  gateway?: string;
  /** Index into guest.net, as Tools gives it. */
  device: string;
}
