import {
  boolean,
  integer,
  list,
  moref,
  object,
  required,
  typedObject,
  variant,
  word,
  type Decoded,
} from '../shape.ts';

const boolPolicy = object({ inherited: boolean, value: boolean });

/** VLAN of a distributed port group. */
const vlanSpec = variant({
  VmwareDistributedVirtualSwitchVlanIdSpec: { inherited: boolean, vlanId: integer },
  VmwareDistributedVirtualSwitchTrunkVlanSpec: {
    inherited: boolean,
    vlanId: list(object({ start: required(integer), end: required(integer) })),
  },
  /** `pvlanId` is the secondary id; its primary is in the switch's `config.pvlanConfig`. */
  VmwareDistributedVirtualSwitchPvlanSpec: { inherited: boolean, pvlanId: integer },
});
export type VlanSpec = Decoded<typeof vlanSpec>;

/** `VMwareDVSPortSetting`; a switch of another make sends `DVPortSetting`, which has none of these fields. */
export const portSetting = typedObject({
  blocked: boolPolicy,
  vlan: vlanSpec,
  securityPolicy: object({
    inherited: boolean,
    allowPromiscuous: boolPolicy,
    macChanges: boolPolicy,
    forgedTransmits: boolPolicy,
  }),
  /** `DVSMacManagementPolicy`, since 6.7: it takes the place of securityPolicy where set. Its values are plain. */
  macManagementPolicy: object({
    inherited: boolean,
    allowPromiscuous: boolean,
    macChanges: boolean,
    forgedTransmits: boolean,
  }),
  uplinkTeamingPolicy: object({
    inherited: boolean,
    policy: object({ inherited: boolean, value: word }),
    uplinkPortOrder: object({
      inherited: boolean,
      activeUplinkPort: list(word),
      standbyUplinkPort: list(word),
    }),
  }),
});
export type PortSetting = Decoded<typeof portSetting>;

/** `VMwareDVSPvlanMapEntry`; `pvlanType` is promiscuous, isolated or community. */
export const pvlanMapEntry = object({
  primaryVlanId: required(integer),
  secondaryVlanId: required(integer),
  pvlanType: word,
});
export type PvlanMapEntry = Decoded<typeof pvlanMapEntry>;

/** `DVSUplinkPortPolicy`: the names of a switch's uplinks. */
export const uplinkPortPolicy = typedObject({ uplinkPortName: list(word) });
export type UplinkPortPolicy = Decoded<typeof uplinkPortPolicy>;

/** `DistributedVirtualSwitchHostMember`: a host of the switch and its physical NICs there. */
export const hostMember = object({
  config: object({
    host: moref,
    backing: typedObject({
      pnicSpec: list(object({ pnicDevice: required(word), uplinkPortKey: word, uplinkPortgroupKey: word })),
    }),
  }),
  uplinkPortKey: list(word),
});
export type HostMember = Decoded<typeof hostMember>;

/** `Tag`: `SYSTEM/DVS.UPLINKPG` marks an uplink group. */
export const tag = object({ key: required(word) });
