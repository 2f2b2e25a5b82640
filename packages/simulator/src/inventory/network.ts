import type { DistributedSwitch, DistributedVlan, SecurityPolicy, Teaming } from '../estate.ts';
import type { Moref, ObjectContent, VimObject } from '../vim-xml.ts';
import { reference, referenceList, referenceProperty, stringProperty } from '../vim-xml.ts';
import type { DatacenterPlan, GroupPlan, NetworkPlan, OpaquePlan, SwitchPlan } from './plan.ts';

/** Who is plugged into a network. */
export interface Occupants {
  machines: Moref[];
  portKeys: string[];
}

/** Occupants by the network's moref value, in one walk over all NICs. */
export function occupantsByNetwork(plan: DatacenterPlan): Map<string, Occupants> {
  const occupants = new Map<string, Occupants>();
  for (const machine of plan.virtualMachines) {
    for (const [index, nic] of machine.nics.entries()) {
      const value = nic.backing.network?.value;
      if (value === undefined) continue;
      const entry = occupants.get(value) ?? { machines: [], portKeys: [] };
      if (!entry.machines.includes(machine.ref)) entry.machines.push(machine.ref);
      if (nic.backing.kind === 'distributed') entry.portKeys.push(portKeyOf(machine.ref, index));
      occupants.set(value, entry);
    }
  }
  return occupants;
}

/** Port keys are opaque strings, unique within a switch. */
export function portKeyOf(machine: Moref, nicIndex: number): string {
  return String(Number(machine.value.replace(/\D/g, '')) * 10 + nicIndex);
}

function summaryOf(ref: Moref, name: string): VimObject {
  return { network: reference(ref), name, accessible: true, ipPoolName: '' };
}

export function renderStandardNetwork(
  plan: DatacenterPlan,
  network: NetworkPlan,
  machines: Moref[],
): ObjectContent {
  return {
    object: network.ref,
    properties: [
      stringProperty('name', network.name),
      referenceProperty('parent', plan.networkFolder),
      { path: 'summary', type: 'NetworkSummary', value: summaryOf(network.ref, network.name) },
      referenceList('host', network.hosts),
      referenceList('vm', machines),
    ],
  };
}

export function renderOpaqueNetwork(
  plan: DatacenterPlan,
  network: OpaquePlan,
  machines: Moref[],
): ObjectContent {
  const { description, ref } = network;
  return {
    object: ref,
    properties: [
      stringProperty('name', description.name),
      referenceProperty('parent', plan.networkFolder),
      {
        path: 'summary',
        type: 'OpaqueNetworkSummary',
        value: {
          ...summaryOf(ref, description.name),
          opaqueNetworkId: description.opaqueNetworkId,
          opaqueNetworkType: description.opaqueNetworkType,
        },
      },
      referenceList('host', network.hosts),
      referenceList('vm', machines),
    ],
  };
}

/** The names of the uplinks that belong to no LAG. */
export function uplinksOf(one: DistributedSwitch): string[] {
  return one.uplinks ?? ['Uplink 1', 'Uplink 2', 'Uplink 3', 'Uplink 4'];
}

/** The switch, its uplink group and its port groups. */
export function renderSwitch(
  plan: DatacenterPlan,
  one: SwitchPlan,
  occupants: Map<string, Occupants>,
): ObjectContent[] {
  const { description, ref } = one;
  const groups = [one.uplinkGroup, ...one.groups];
  const product: VimObject = { name: 'DVS', vendor: 'VMware, Inc.', version: '8.0.0', build: '21457384' };
  const hosts = one.hosts.map((host) => host.ref);
  const all = groups.flatMap((group) => occupants.get(group.ref.value)?.machines ?? []);
  const unique = [...new Map(all.map((machine) => [machine.value, machine])).values()];
  const config: VimObject = {
    $type: 'VMwareDVSConfigInfo',
    uuid: description.uuid,
    name: description.name,
    numStandalonePorts: 0,
    numPorts: 8 * groups.length,
    maxPorts: 2_147_483_647,
    uplinkPortPolicy: { $type: 'DVSNameArrayUplinkPortPolicy', uplinkPortName: uplinksOf(description) },
    uplinkPortgroup: [reference(one.uplinkGroup.ref)],
    defaultPortConfig: renderPortConfig({ kind: 'none' }, undefined, undefined),
    host: hosts.map((host) => ({
      config: {
        host: reference(host),
        maxProxySwitchPorts: 512,
        backing: { $type: 'DistributedVirtualSwitchHostMemberPnicBacking' },
      },
      status: 'up',
    })),
    productInfo: product,
    createTime: '2026-01-05T08:00:00Z',
    networkResourceManagementEnabled: true,
    configVersion: '12',
    pvlanConfig: description.privateVlans.map((entry) => ({
      primaryVlanId: entry.primary,
      secondaryVlanId: entry.secondary,
      pvlanType: entry.type,
    })),
    maxMtu: description.mtu,
    linkDiscoveryProtocolConfig: { protocol: 'lldp', operation: 'listen' },
  };
  const content: ObjectContent = {
    object: ref,
    properties: [
      stringProperty('name', description.name),
      referenceProperty('parent', plan.networkFolder),
      stringProperty('uuid', description.uuid),
      { path: 'config', value: config },
      {
        path: 'summary',
        type: 'DVSSummary',
        value: {
          name: description.name,
          uuid: description.uuid,
          numPorts: 8 * groups.length,
          productInfo: product,
          hostMember: hosts.map(reference),
          vm: unique.map(reference),
          host: hosts.map(reference),
          portgroupName: groups.map((group) => group.name),
          numHosts: hosts.length,
        },
      },
      referenceList(
        'portgroup',
        groups.map((group) => group.ref),
      ),
    ],
  };
  return [content, ...groups.map((group) => renderGroup(plan, one, group, occupants.get(group.ref.value)))];
}

function renderGroup(
  plan: DatacenterPlan,
  one: SwitchPlan,
  group: GroupPlan,
  occupants: Occupants | undefined,
): ObjectContent {
  const isUplink = group.description === undefined;
  const { markedBy } = one.description.uplinkPortGroup;
  const vlan: DistributedVlan = group.description?.vlan ?? {
    kind: 'trunk',
    ranges: [{ start: 0, end: 4094 }],
  };
  const nsx = group.description?.nsx;
  const config: VimObject = {
    key: group.key,
    name: group.name,
    numPorts: 8,
    distributedVirtualSwitch: reference(one.ref),
    defaultPortConfig: renderPortConfig(vlan, group.description?.security, group.description?.teaming),
    type: 'earlyBinding',
    backingType: nsx === undefined ? 'standard' : 'nsx',
    policy: {
      $type: 'VMwareDVSPortgroupPolicy',
      blockOverrideAllowed: true,
      shapingOverrideAllowed: false,
      vendorConfigOverrideAllowed: false,
      livePortMovingAllowed: false,
      portConfigResetAtDisconnect: true,
      vlanOverrideAllowed: false,
      uplinkTeamingOverrideAllowed: false,
      securityPolicyOverrideAllowed: false,
    },
    configVersion: '1',
    autoExpand: true,
    // Versions before 6.5 don't have the property: the tag alone tells.
    uplink: isUplink && markedBy === 'tag' ? undefined : isUplink,
    logicalSwitchUuid: nsx?.logicalSwitchUuid,
    segmentId: nsx?.segmentId,
  };
  const content: ObjectContent = {
    object: group.ref,
    properties: [
      stringProperty('name', group.name),
      referenceProperty('parent', plan.networkFolder),
      stringProperty('key', group.key),
      { path: 'config', type: 'DVPortgroupConfigInfo', value: config },
      { path: 'summary', type: 'NetworkSummary', value: summaryOf(group.ref, group.name) },
      referenceList(
        'host',
        one.hosts.map((host) => host.ref),
      ),
      referenceList('vm', occupants?.machines ?? []),
      { path: 'portKeys', type: 'ArrayOfString', value: { string: occupants?.portKeys ?? [] } },
    ],
  };
  if (isUplink) {
    const tag: VimObject = { key: 'SYSTEM/DVS.UPLINKPG' };
    content.properties.push({ path: 'tag', type: 'ArrayOfTag', value: { Tag: [tag] } });
  }
  return content;
}

function renderPortConfig(
  vlan: DistributedVlan,
  security: SecurityPolicy | undefined,
  teaming: Teaming | undefined,
): VimObject {
  const value = (flag: boolean): VimObject => ({ inherited: false, value: flag });
  const policy = security ?? { promiscuous: false, macChanges: false, forgedTransmits: false };
  return {
    $type: 'VMwareDVSPortSetting',
    blocked: value(false),
    vlan: renderVlan(vlan),
    uplinkTeamingPolicy: {
      inherited: teaming === undefined,
      policy: { inherited: teaming === undefined, value: 'loadbalance_srcid' },
      uplinkPortOrder: {
        inherited: teaming === undefined,
        activeUplinkPort: teaming?.active ?? ['Uplink 1', 'Uplink 2'],
        standbyUplinkPort: teaming?.standby ?? [],
      },
    },
    securityPolicy: {
      inherited: security === undefined,
      allowPromiscuous: value(policy.promiscuous),
      macChanges: value(policy.macChanges),
      forgedTransmits: value(policy.forgedTransmits),
    },
  };
}

function renderVlan(vlan: DistributedVlan): VimObject {
  switch (vlan.kind) {
    case 'none':
      return { $type: 'VmwareDistributedVirtualSwitchVlanIdSpec', inherited: false, vlanId: 0 };
    case 'id':
      return { $type: 'VmwareDistributedVirtualSwitchVlanIdSpec', inherited: false, vlanId: vlan.id };
    case 'trunk': {
      const ranges = vlan.ranges.map(({ start, end }): VimObject => ({ start, end }));
      return { $type: 'VmwareDistributedVirtualSwitchTrunkVlanSpec', inherited: false, vlanId: ranges };
    }
    case 'private':
      return { $type: 'VmwareDistributedVirtualSwitchPvlanSpec', inherited: false, pvlanId: vlan.secondary };
    default:
      return vlan satisfies never;
  }
}
