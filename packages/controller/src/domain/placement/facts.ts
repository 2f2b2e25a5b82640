/**
 * What placement looks at: vCenter as it is at the moment of choosing, what the book says of wires on hosts, and what is wished for.
 * Objects of vCenter are named by their managed object ids, sizes are bytes, speeds MHz.
 */

/** `null` is what vCenter didn't tell: nothing is refused for it, and nothing is won by it. */
export interface LiveHost {
  readonly moref: string;
  readonly name: string;
  /** HostSystemConnectionState: `connected`, `disconnected`, `notResponding`. */
  readonly connectionState: string;
  /** HostSystemPowerState: `poweredOn`, `poweredOff`, `standBy`, `unknown`. */
  readonly powerState: string;
  readonly maintenance: boolean;
  readonly datacenter: string | null;
  readonly compute: string | null;
  readonly cpuCores: number | null;
  readonly cpuThreads: number | null;
  readonly cpuTotal: number | null;
  readonly cpuUsed: number | null;
  readonly memoryTotal: number | null;
  readonly memoryUsed: number | null;
}

/** A cluster, or the compute resource that a host outside any cluster has to itself. */
export interface LiveCompute {
  readonly moref: string;
  readonly name: string;
  readonly kind: 'cluster' | 'host';
  /** Whether the cluster chooses hosts by itself (ClusterDrsConfigInfo.enabled). */
  readonly drs: boolean;
  readonly datacenter: string | null;
  readonly rootPool: string | null;
}

export interface DatastoreMount {
  readonly writable: boolean;
  /** Mounted, and the host reaches it. */
  readonly accessible: boolean;
}

export interface LiveDatastore {
  readonly moref: string;
  readonly name: string;
  readonly datacenter: string | null;
  readonly capacity: number;
  readonly free: number;
  readonly accessible: boolean;
  /** In maintenance mode, or entering it. */
  readonly maintenance: boolean;
  /** By the managed object id of the host. */
  readonly mounts: ReadonlyMap<string, DatastoreMount>;
}

export interface LivePool {
  readonly moref: string;
  readonly name: string;
  readonly compute: string | null;
  /** Names from below the compute resource's own pool, joined by `/`; empty for that pool itself. */
  readonly path: string;
}

export interface LiveFolder {
  readonly moref: string;
  readonly name: string;
  readonly datacenter: string;
  /** Names from below the datacenter's VM folder, joined by `/`; empty for that folder itself. */
  readonly path: string;
}

export interface LiveDatacenter {
  readonly moref: string;
  readonly name: string;
  /** Its own name after those of the folders that it lies in, joined by `/`. */
  readonly path: string;
  readonly vmFolder: string | null;
}

export interface LiveFacts {
  readonly hosts: readonly LiveHost[];
  readonly computes: readonly LiveCompute[];
  readonly datastores: readonly LiveDatastore[];
  readonly pools: readonly LivePool[];
  readonly folders: readonly LiveFolder[];
  readonly datacenters: readonly LiveDatacenter[];
}

/** How a virtual NIC is bound to a port group. */
export type PortGroupBinding =
  /** VirtualEthernetCardNetworkBackingInfo: by the name that the host has for it; `network` is what reading it back shows. */
  | { readonly kind: 'standard'; readonly name: string; readonly network: string | null }
  /** VirtualEthernetCardDistributedVirtualPortBackingInfo; NSX groups of a distributed switch too. */
  | { readonly kind: 'distributed'; readonly switchUuid: string; readonly portgroupKey: string }
  /** VirtualEthernetCardOpaqueNetworkBackingInfo. */
  | { readonly kind: 'opaque'; readonly opaqueNetworkId: string; readonly opaqueNetworkType: string };

/** A VLAN as the book has it. */
export interface WireVlan {
  readonly kind: 'none' | 'id' | 'trunk' | 'private';
  readonly id: number | null;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  readonly primaryId: number | null;
}

/** A wire on a host, as the last sync has seen it. */
export interface WirePresence {
  readonly wireId: string;
  readonly hostId: string;
  /** `null` where the book lacks what it takes. */
  readonly binding: PortGroupBinding | null;
  readonly purpose: 'vm' | 'vmkernel' | 'uplink';
  /** This host's, and that of most hosts, which is the wire's. */
  readonly hostVlan: WireVlan;
  readonly wireVlan: WireVlan;
  /** The host's VLAN isn't the wire's: what is plugged in here would be elsewhere. */
  readonly deviates: boolean;
  readonly trunk: boolean;
  /** vCenter doesn't show the wire any more. */
  readonly missing: boolean;
  /** Another standard port group of the host has this name: binding by name could be either. */
  readonly ambiguous: boolean;
}

export type UsableOrigin = 'primary' | 'declared' | 'detected';

/** A wire that servers of a network may be on. */
export interface UsableWire {
  readonly wireId: string;
  readonly name: string;
  readonly origin: UsableOrigin;
}

/** A network and its wires, those of this cloud account. */
export interface PlacedNetwork {
  readonly id: string;
  readonly name: string;
  readonly wires: readonly UsableWire[];
}

/** How many servers of a network are on a wire and a host. */
export interface WireUse {
  readonly networkId: string;
  readonly wireId: string;
  readonly hostId: string;
  readonly servers: number;
}

export interface NicWish {
  /** Those that the NIC is to have addresses of: one, or a network and its companion, or none where only a wire is asked for. */
  readonly networks: readonly PlacedNetwork[];
  /** Asked for by itself: then it is this one, and one of each network's too. */
  readonly wire: { readonly id: string; readonly name: string } | null;
}

/** The objects of vCenter that are asked for, by their managed object ids. */
export interface WishedPlace {
  readonly host: string | null;
  /** A cluster or another compute resource. */
  readonly compute: string | null;
  readonly datacenter: string | null;
  readonly datastore: string | null;
  readonly pool: string | null;
  readonly folder: string | null;
}

export interface PlacementWish extends WishedPlace {
  readonly nics: readonly NicWish[];
  readonly cpus: number;
  readonly memoryMib: number;
  /** What the server takes on its datastore: see `diskNeed`. */
  readonly disk: number;
  readonly linked: boolean;
}

/** The template or server that is cloned, and where it is. */
export interface PlacementSource {
  readonly host: string | null;
  readonly datacenter: string | null;
  readonly folder: string | null;
  /** Those that its disks are on. */
  readonly datastores: readonly string[];
}

/** A server that has been placed already and that vCenter's figures don't show yet. */
export interface PlacedLoad {
  readonly host: string;
  readonly datastore: string;
  readonly cpus: number;
  readonly memoryMib: number;
  readonly disk: number;
  /** Of the request that is being placed: its servers are spread over hosts. */
  readonly sameRequest: boolean;
}

export interface PlacementInput {
  readonly facts: LiveFacts;
  /** The book's hosts, managed object id to id. */
  readonly hostIds: ReadonlyMap<string, string>;
  readonly presence: readonly WirePresence[];
  readonly uses: readonly WireUse[];
  readonly wish: PlacementWish;
  readonly source: PlacementSource;
  readonly placed: readonly PlacedLoad[];
}

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
