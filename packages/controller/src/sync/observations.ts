import type { SyncError, ToolsStatus, VlanValue } from '../store/tables.ts';
import type { KeptHost } from './kept-host.ts';

/**
 * What was seen in vCenter, in plain values: no vSphere types, no ids of ours. Objects point to one another by `identity`, which is
 * what makes the same object the same from one reading to the next.
 */

export interface HostObservation {
  /** The managed object id. */
  readonly identity: string;
  readonly moref: string;
  readonly name: string;
  readonly managementIp: string | null;
  readonly hardwareUuid: string | null;
  readonly version: string | null;
  readonly state: string;
  readonly maintenance: boolean;
  readonly datacenter: string | null;
  readonly cluster: string | null;
  readonly physicalNics: readonly PhysicalNic[];
  readonly vmkernelNics: readonly VmkernelNic[];
  readonly observed: KeptHost;
}

export interface PhysicalNic {
  device: string;
  mac: string | null;
  speedMbps: number | null;
  neighbour: Neighbour | null;
}

export interface Neighbour {
  protocol: 'cdp' | 'lldp';
  switch: string;
  port: string;
  address: string | null;
  vlan: number | null;
}

export interface VmkernelNic {
  device: string;
  ip: string | null;
  portGroup: string | null;
}

export interface SwitchObservation {
  /** `dvs:UUID`, or `std:HOST/NAME`. */
  readonly identity: string;
  readonly kind: 'standard' | 'distributed';
  readonly moref: string | null;
  readonly uuid: string | null;
  readonly name: string;
  readonly mtu: number | null;
  readonly observed: Record<string, unknown>;
  readonly hosts: readonly SwitchOnHost[];
}

export interface SwitchOnHost {
  /** Its identity. */
  readonly host: string;
  /** The devices of its physical NICs there. */
  readonly uplinks: readonly string[];
  /** Null where the host hasn't said. */
  readonly ports: readonly UplinkPort[] | null;
}

export interface UplinkPort {
  /** As port groups name it: `Uplink 1`, on a standard switch the device. Null where vCenter doesn't tell which uplink a device is. */
  readonly name: string | null;
  /** The name of the LAG that it belongs to: port groups name that. */
  readonly lag: string | null;
  /** The physical NIC behind it; null where there is none. */
  readonly device: string | null;
}

export interface Teaming {
  readonly policy: string | null;
  readonly active: readonly string[];
  readonly standby: readonly string[];
}

export type WirePurpose = 'vm' | 'vmkernel' | 'uplink';

export interface WireObservation {
  /** The port group id. */
  readonly identity: string;
  readonly moref: string | null;
  readonly name: string;
  readonly kind: 'standard' | 'distributed' | 'nsx';
  readonly purpose: WirePurpose;
  readonly datacenter: string | null;
  readonly switch: string | null;
  readonly vlan: VlanValue;
  readonly vlanDisagreement: boolean;
  readonly security: Record<'promiscuous' | 'macChanges' | 'forgedTransmits', boolean | null> | null;
  readonly teaming: Teaming | null;
  readonly observed: Record<string, unknown>;
  /** It is on every host of its switch, with one VLAN: `hosts` is then empty. */
  readonly spansSwitch: boolean;
  readonly hosts: readonly WireOnHost[];
}

export interface WireOnHost {
  readonly host: string;
  readonly switch: string | null;
  readonly vlan: VlanValue;
  /** Of a standard port group, which has one on each host; null where it is the wire's, or not known. */
  readonly teaming: Teaming | null;
}

export interface FabricObservation {
  readonly hosts: readonly HostObservation[];
  readonly switches: readonly SwitchObservation[];
  readonly wires: readonly WireObservation[];
}

export interface ServerObservation {
  readonly moref: string;
  /** Null where it couldn't be read or is missing. */
  readonly instanceUuid: string | null;
  readonly name: string;
  readonly host: string | null;
  readonly datacenter: string | null;
  readonly cluster: string | null;
  readonly folder: string | null;
  readonly powerState: string;
  readonly connectionState: string;
  /** What the configuration says; null where it couldn't be read. */
  readonly config: ServerConfig | null;
  /** A digest of everything above and below: equal digests, nothing to do. */
  readonly digest: string;
}

export interface ServerConfig {
  readonly biosUuid: string | null;
  readonly template: boolean;
  readonly managedBy: string | null;
  readonly toolsStatus: ToolsStatus;
  readonly guestHostName: string | null;
  readonly interfaceCount: number;
  readonly nics: readonly NicObservation[];
  readonly addresses: readonly AddressObservation[];
  readonly routing: GuestRouting;
  /** Whole, as observed. JSON text. */
  readonly report: string;
}

export interface NicObservation {
  readonly deviceKey: number;
  readonly position: number;
  readonly label: string;
  readonly mac: string | null;
  readonly model: string;
  /** The port group id; null where its port group can't be found. */
  readonly wire: string | null;
  readonly backing: Record<string, unknown>;
  readonly connected: boolean;
}

export interface AddressObservation {
  /** Null: an interface inside the guest. */
  readonly deviceKey: number | null;
  readonly ip: string;
  readonly prefixLength: number | null;
  readonly interface: string;
  readonly origin: string | null;
  readonly state: string | null;
  /** May be matched by itself. */
  readonly candidate: boolean;
}

/** Default routes and name resolution as a guest reports them; addresses in canonical text. */
export interface GuestRouting {
  /** `device`: the key of the virtual device that the route goes through, -1 for an interface of the guest's own, null if not said. */
  readonly gateways: readonly { readonly ip: string; readonly device: number | null }[];
  readonly dns: readonly string[];
  readonly domain: string | null;
}

/** What a reading met with, object by object. */
export type Complaints = SyncError[];
