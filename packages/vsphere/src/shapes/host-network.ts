import { boolean, integer, list, object, required, text, typedObject, word, type Decoded } from '../shape.ts';
import { portConnection } from './virtual-device.ts';

const nicOrder = object({ activeNic: list(word), standbyNic: list(word) });

const networkPolicy = object({
  security: object({ allowPromiscuous: boolean, macChanges: boolean, forgedTransmits: boolean }),
  nicTeaming: object({ policy: word, nicOrder }),
});
/** `HostNetworkPolicy`: what is unset is inherited from the switch. */
export type HostNetworkPolicy = Decoded<typeof networkPolicy>;

/** `HostVirtualSwitch`. */
export const hostVirtualSwitch = object({
  name: required(word),
  key: word,
  mtu: integer,
  /** Keys of its port groups. */
  portgroup: list(word),
  /** Keys of its physical NICs. */
  pnic: list(word),
  spec: object({ policy: networkPolicy, mtu: integer }),
});
export type HostVirtualSwitch = Decoded<typeof hostVirtualSwitch>;

/** `HostPortGroup`: a standard port group as one host has it. */
export const hostPortGroup = object({
  key: word,
  /** Key of its switch. */
  vswitch: word,
  spec: required(
    object({
      name: required(word),
      /** 0 untagged, 1 to 4094, 4095 means every VLAN (a trunk). */
      vlanId: integer,
      vswitchName: word,
      policy: networkPolicy,
    }),
  ),
  computedPolicy: networkPolicy,
});
export type HostPortGroup = Decoded<typeof hostPortGroup>;

/** `HostProxySwitch`: a distributed switch as one host has it. */
export const hostProxySwitch = object({
  dvsUuid: required(word),
  dvsName: word,
  key: word,
  mtu: integer,
  /** Keys of its physical NICs. */
  pnic: list(word),
  /** The uplinks that belong to no LAG: `key` is what `pnicSpec` names, `value` what people call it. */
  uplinkPort: list(object({ key: word, value: word })),
  /** Port groups name a LAG, not its uplinks. */
  hostLag: list(
    object({ lagKey: word, lagName: word, uplinkPort: list(object({ key: word, value: word })) }),
  ),
  spec: object({
    /** `DistributedVirtualSwitchHostMemberPnicBacking`, the only one that has `pnicSpec`. */
    backing: typedObject({
      pnicSpec: list(object({ pnicDevice: required(word), uplinkPortKey: word, uplinkPortgroupKey: word })),
    }),
  }),
});
export type HostProxySwitch = Decoded<typeof hostProxySwitch>;

/** `PhysicalNic`; `linkSpeed` is unset when the link is down. */
export const physicalNic = object({
  key: word,
  device: required(word),
  mac: text,
  driver: word,
  linkSpeed: object({ speedMb: integer, duplex: boolean }),
});
export type PhysicalNic = Decoded<typeof physicalNic>;

const hostIpConfig = object({
  dhcp: boolean,
  ipAddress: text,
  subnetMask: word,
  ipV6Config: object({
    ipV6Address: list(
      object({ ipAddress: required(text), prefixLength: integer, origin: word, dadState: word }),
    ),
    autoConfigurationEnabled: boolean,
    dhcpV6Enabled: boolean,
  }),
});
export type HostIpConfig = Decoded<typeof hostIpConfig>;

/** `HostVirtualNic`: a vmkernel NIC. */
export const hostVirtualNic = object({
  device: required(word),
  key: word,
  /** Name of its standard port group, `''` on a distributed one. */
  portgroup: word,
  spec: object({
    ip: hostIpConfig,
    mac: text,
    mtu: integer,
    portgroup: word,
    distributedVirtualPort: portConnection,
    netStackInstanceKey: word,
  }),
});
export type HostVirtualNic = Decoded<typeof hostVirtualNic>;

/** `HostDnsConfig`. */
export const hostDnsConfig = object({
  dhcp: boolean,
  hostName: text,
  domainName: word,
  address: list(word),
  searchDomain: list(word),
});
export type HostDnsConfig = Decoded<typeof hostDnsConfig>;

/** `VirtualNicManagerNetConfig`: which vmkernel NICs serve a purpose (`management`, `vmotion`, ...). */
export const virtualNicManagerNetConfig = object({
  nicType: required(word),
  /** Keys of the candidates chosen, e.g. `management.key-vim.host.VirtualNic-vmk0`. */
  selectedVnic: list(word),
  candidateVnic: list(
    object({ device: required(word), key: word, portgroup: word, spec: object({ ip: hostIpConfig }) }),
  ),
});
export type VirtualNicManagerNetConfig = Decoded<typeof virtualNicManagerNetConfig>;

/** `PhysicalNicHintInfo`: what a physical NIC hears of its neighbours (CDP, LLDP, observed networks). */
export const physicalNicHintInfo = object({
  device: required(word),
  subnet: list(object({ vlanId: integer, ipSubnet: text })),
  network: list(object({ vlanId: integer, network: text })),
  connectedSwitchPort: object({
    devId: word,
    address: word,
    portId: word,
    softwareVersion: word,
    hardwarePlatform: word,
    ipPrefix: word,
    ipPrefixLen: integer,
    vlan: integer,
    fullDuplex: boolean,
    mtu: integer,
    systemName: word,
    mgmtAddr: word,
    location: word,
  }),
  lldpInfo: object({
    chassisId: word,
    portId: word,
    timeToLive: integer,
    /** Values as text, whatever type they were sent with. */
    parameter: list(object({ key: required(word), value: word })),
  }),
});
export type PhysicalNicHintInfo = Decoded<typeof physicalNicHintInfo>;
