import { decodeName } from '@wirebook/vsphere';
import { formatAddress, isRoutableUnicast, parseAddress, parseMac } from '../domain/addresses.ts';
import type { VlanValue } from '../store/tables.ts';
import type { InventoryTree } from './inventory-tree.ts';
import { keepHost } from './kept-host.ts';
import type {
  FabricObservation,
  HostObservation,
  SwitchObservation,
  SwitchOnHost,
  VmkernelNic,
  WireObservation,
} from './observations.ts';
import type { FabricReading, HostReading, PortGroupReading } from './reading.ts';
import { distributedSwitchOn, standardSwitchOn, standardTeamingOn, uplinkName } from './uplinks.ts';

const UPLINK_TAG = 'SYSTEM/DVS.UPLINKPG';
const EVERY_VLAN = 4095;
const NO_VLAN: VlanValue = { kind: 'none', id: null, ranges: [], primaryId: null };
const NAME_AT_MOST = 255;

/** Cuts what nobody can read and no index takes. */
export function shownName(name: string | undefined): string {
  return decodeName(name ?? '')
    .slice(0, NAME_AT_MOST)
    .toWellFormed();
}

/** Hosts, switches and wires out of what was read. Pure. `usedByServers` holds the ids of port groups that virtual NICs are on. */
export function observeFabric(
  reading: FabricReading,
  tree: InventoryTree,
  usedByServers: ReadonlySet<string>,
): FabricObservation {
  const hosts = reading.hosts.map((host) => observeHost(host, tree));
  const distributedSwitches = observeDistributedSwitches(reading);
  return {
    hosts,
    switches: [...observeStandardSwitches(reading), ...distributedSwitches],
    wires: [
      ...observeDistributedWires(reading, tree, usedByServers, distributedSwitches),
      ...observeStandardWires(reading, tree),
      ...observeOpaqueWires(reading, tree),
    ],
  };
}

/** A number that the database's integer holds; null for any other. */
export function int4(value: number | undefined): number | null {
  return value !== undefined && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : null;
}

function observeHost(host: HostReading, tree: InventoryTree): HostObservation {
  const { props } = host;
  const place = tree.placeOf(props.parent?.value);
  return {
    identity: host.ref.value,
    moref: host.ref.value,
    name: shownName(props.name),
    managementIp: managementIpOf(host),
    hardwareUuid: props['hardware.systemInfo.uuid'] ?? null,
    version: props['config.product']?.version ?? null,
    state: props['runtime.connectionState'] ?? 'unknown',
    maintenance: props['runtime.inMaintenanceMode'] ?? false,
    datacenter: place.datacenter,
    cluster: place.cluster,
    physicalNics: (props['config.network.pnic'] ?? []).map((nic) => ({
      device: nic.device,
      mac: parseMac(nic.mac ?? ''),
      speedMbps: nic.linkSpeed?.speedMb ?? null,
      neighbour: host.neighbours?.get(nic.device) ?? null,
    })),
    vmkernelNics: (props['config.network.vnic'] ?? []).map((nic): VmkernelNic => ({
      device: nic.device,
      ip: canonicalIp(nic.spec?.ip?.ipAddress),
      portGroup: nic.spec?.distributedVirtualPort?.portgroupKey ?? (nic.portgroup || null),
    })),
    observed: keepHost(host),
  };
}

/** The address of the first vmkernel NIC that is chosen for management; the lowest vmkernel NIC's where none is named. */
function managementIpOf(host: HostReading): string | null {
  const management = (host.props['config.virtualNicManagerInfo.netConfig'] ?? []).find(
    (config) => config.nicType === 'management',
  );
  const selected = new Set(management?.selectedVnic ?? []);
  for (const candidate of management?.candidateVnic ?? []) {
    const ip = canonicalIp(candidate.spec?.ip?.ipAddress);
    if (ip !== null && candidate.key !== undefined && selected.has(candidate.key)) return ip;
  }
  const vmkernel = (host.props['config.network.vnic'] ?? []).toSorted((a, b) =>
    a.device < b.device ? -1 : 1,
  );
  for (const nic of vmkernel) {
    const ip = canonicalIp(nic.spec?.ip?.ipAddress);
    if (ip !== null) return ip;
  }
  return canonicalIp(host.props.name);
}

function canonicalIp(text: string | undefined): string | null {
  const address = parseAddress(text ?? '');
  return address === null || !isRoutableUnicast(address) ? null : formatAddress(address);
}

function standardSwitchIdentity(hostId: string, name: string): string {
  return `std:${hostId}/${name}`;
}

function observeStandardSwitches(reading: FabricReading): SwitchObservation[] {
  return reading.hosts.flatMap((host) =>
    (host.props['config.network.vswitch'] ?? []).map((vswitch) => ({
      identity: standardSwitchIdentity(host.ref.value, vswitch.name),
      kind: 'standard' as const,
      moref: null,
      uuid: null,
      name: shownName(vswitch.name),
      mtu: int4(vswitch.mtu),
      observed: { policy: vswitch.spec?.policy ?? null },
      hosts: [standardSwitchOn(host, vswitch)],
    })),
  );
}

function observeDistributedSwitches(reading: FabricReading): SwitchObservation[] {
  const bySwitch = new Map<string, SwitchOnHost[]>();
  for (const host of reading.hosts) {
    for (const proxy of host.props['config.network.proxySwitch'] ?? []) {
      const list = bySwitch.get(proxy.dvsUuid) ?? [];
      list.push(distributedSwitchOn(host, proxy));
      bySwitch.set(proxy.dvsUuid, list);
    }
  }
  return reading.switches.map((dvs) => {
    const uuid = dvs.props.uuid ?? null;
    const onHosts = uuid === null ? [] : (bySwitch.get(uuid) ?? []);
    const seen = new Set(onHosts.map((entry) => entry.host));
    const members = (dvs.props['summary.hostMember'] ?? []).filter((ref) => !seen.has(ref.value));
    return {
      identity: distributedSwitchIdentity(uuid, dvs.ref.value),
      kind: 'distributed' as const,
      moref: dvs.ref.value,
      uuid,
      name: shownName(dvs.props.name),
      mtu: int4(dvs.props['config.maxMtu']),
      observed: { privateVlans: dvs.props['config.pvlanConfig'] ?? [] },
      hosts: [...onHosts, ...members.map((ref) => ({ host: ref.value, uplinks: [], ports: null }))],
    };
  });
}

function distributedSwitchIdentity(uuid: string | null, moref: string): string {
  return `dvs:${uuid ?? moref}`;
}

function observeDistributedWires(
  reading: FabricReading,
  tree: InventoryTree,
  usedByServers: ReadonlySet<string>,
  distributedSwitches: readonly SwitchObservation[],
): WireObservation[] {
  const knownHosts = new Set(reading.hosts.map((host) => host.ref.value));
  const hostsOfSwitch = new Map(
    distributedSwitches.map((item) => [
      item.identity,
      new Set(item.hosts.map((entry) => entry.host).filter((host) => knownHosts.has(host))),
    ]),
  );
  const switches = new Map(reading.switches.map((dvs) => [dvs.ref.value, dvs]));
  const uplinkGroups = new Set(
    reading.switches.flatMap((dvs) =>
      (dvs.props['config.uplinkPortgroup'] ?? []).map((group) => group.value),
    ),
  );
  const usedByKernel = new Set(
    reading.hosts.flatMap((host) =>
      (host.props['config.network.vnic'] ?? []).map(
        (nic) => nic.spec?.distributedVirtualPort?.portgroupKey ?? '',
      ),
    ),
  );
  return reading.portGroups.map((group): WireObservation => {
    const { props } = group;
    const identity = props.key ?? group.ref.value;
    const dvs = switches.get(props['config.distributedVirtualSwitch']?.value ?? '');
    const vlan = distributedVlan(group, dvs?.props['config.pvlanConfig'] ?? []);
    const setting = props['config.defaultPortConfig'];
    const isUplink =
      props['config.uplink'] === true ||
      uplinkGroups.has(group.ref.value) ||
      (props.tag ?? []).some((tag) => tag.key === UPLINK_TAG);
    const onlyKernel = usedByKernel.has(identity) && !usedByServers.has(identity);
    const switchIdentity =
      dvs === undefined ? null : distributedSwitchIdentity(dvs.props.uuid ?? null, dvs.ref.value);
    const mac = setting?.macManagementPolicy;
    const security = setting?.securityPolicy;
    const hosts = (props.host ?? []).map((ref) => ref.value).filter((host) => knownHosts.has(host));
    const members = hostsOfSwitch.get(switchIdentity ?? '');
    const spansSwitch =
      members !== undefined && members.size === hosts.length && hosts.every((host) => members.has(host));
    return {
      identity,
      moref: group.ref.value,
      name: shownName(props.name),
      kind: props['config.backingType'] === 'nsx' ? 'nsx' : 'distributed',
      purpose: isUplink ? 'uplink' : onlyKernel ? 'vmkernel' : 'vm',
      datacenter: tree.placeOf(props.parent?.value).datacenter,
      switch: switchIdentity,
      vlan,
      vlanDisagreement: false,
      security:
        setting === undefined
          ? null
          : {
              promiscuous: mac?.allowPromiscuous ?? security?.allowPromiscuous?.value ?? null,
              macChanges: mac?.macChanges ?? security?.macChanges?.value ?? null,
              forgedTransmits: mac?.forgedTransmits ?? security?.forgedTransmits?.value ?? null,
            },
      teaming:
        setting?.uplinkTeamingPolicy === undefined
          ? null
          : {
              policy: setting.uplinkTeamingPolicy.policy?.value ?? null,
              active: (setting.uplinkTeamingPolicy.uplinkPortOrder?.activeUplinkPort ?? []).map(uplinkName),
              standby: (setting.uplinkTeamingPolicy.uplinkPortOrder?.standbyUplinkPort ?? []).map(uplinkName),
            },
      observed: {
        backingType: props['config.backingType'] ?? null,
        logicalSwitchUuid: props['config.logicalSwitchUuid'] ?? null,
        segmentId: props['config.segmentId'] ?? null,
      },
      spansSwitch,
      hosts: spansSwitch ? [] : hosts.map((host) => ({ host, switch: switchIdentity, vlan, teaming: null })),
    };
  });
}

function distributedVlan(
  group: PortGroupReading,
  privateVlans: readonly { primaryVlanId: number; secondaryVlanId: number }[],
): VlanValue {
  const spec = group.props['config.defaultPortConfig']?.vlan;
  switch (spec?.$type) {
    case 'VmwareDistributedVirtualSwitchVlanIdSpec':
      return plainVlan(spec.vlanId);
    case 'VmwareDistributedVirtualSwitchTrunkVlanSpec':
      return {
        kind: 'trunk',
        id: null,
        ranges: (spec.vlanId ?? []).map(({ start, end }) => ({ start, end })),
        primaryId: null,
      };
    case 'VmwareDistributedVirtualSwitchPvlanSpec': {
      const entry = privateVlans.find((one) => one.secondaryVlanId === spec.pvlanId);
      return {
        kind: 'private',
        id: int4(spec.pvlanId),
        ranges: [],
        primaryId: entry?.primaryVlanId ?? null,
      };
    }
    default:
      return NO_VLAN;
  }
}

function plainVlan(id: number | undefined): VlanValue {
  if (id === undefined || id === 0) return NO_VLAN;
  if (id === EVERY_VLAN)
    return { kind: 'trunk', id: null, ranges: [{ start: 0, end: 4094 }], primaryId: null };
  return { kind: 'id', id: int4(id), ranges: [], primaryId: null };
}

/** A standard port group is one for a datacenter and a name; each host has its own VLAN, switch and policy for it. */
function observeStandardWires(reading: FabricReading, tree: InventoryTree): WireObservation[] {
  const distributed = new Set(reading.portGroups.map((group) => group.ref.value));
  const opaque = new Set(reading.opaqueNetworks.map((network) => network.ref.value));
  const standard = reading.networks.filter(
    (network) =>
      network.ref.type === 'Network' && !distributed.has(network.ref.value) && !opaque.has(network.ref.value),
  );
  const groups = new Map<string, StandardGroup>();
  for (const network of standard) {
    const place = tree.placeOf(network.props.parent?.value);
    const name = shownName(network.props.name);
    groups.set(groupKey(place.datacenterId, name), {
      identity: reading.kind === 'esxi' ? name : network.ref.value,
      moref: network.ref.value,
      name,
      datacenter: place.datacenter,
      members: [],
    });
  }
  for (const host of reading.hosts) {
    const place = tree.placeOf(host.props.parent?.value);
    for (const member of host.props['config.network.portgroup'] ?? []) {
      const name = shownName(member.spec.name);
      const key = groupKey(place.datacenterId, name);
      let group = groups.get(key);
      if (group === undefined) {
        // Groups that carry only vmkernel NICs have no Network object.
        group = {
          identity: reading.kind === 'esxi' ? name : `${place.datacenterId ?? ''}/${name}`,
          moref: null,
          name,
          datacenter: place.datacenter,
          members: [],
        };
        groups.set(key, group);
      }
      group.members.push({ host, group: member });
    }
  }
  return [...groups.values()].map((group) => standardWire(group));
}

interface StandardGroup {
  identity: string;
  moref: string | null;
  name: string;
  datacenter: string | null;
  members: {
    host: HostReading;
    group: NonNullable<HostReading['props']['config.network.portgroup']>[number];
  }[];
}

function groupKey(datacenterId: string | null, name: string): string {
  return `${datacenterId ?? ''}/${name}`;
}

function standardWire(group: StandardGroup): WireObservation {
  const hosts = group.members.map(({ host, group: member }) => ({
    host: host.ref.value,
    switch:
      member.spec.vswitchName === undefined
        ? null
        : standardSwitchIdentity(host.ref.value, member.spec.vswitchName),
    vlan: plainVlan(member.spec.vlanId),
    teaming: standardTeamingOn(host, member),
  }));
  const vlan = mostCommon(hosts.map((entry) => entry.vlan)) ?? NO_VLAN;
  const switches = new Set(hosts.map((entry) => entry.switch));
  const first = group.members[0]?.group;
  const security = first?.computedPolicy?.security ?? first?.spec.policy?.security;
  const teaming = first?.computedPolicy?.nicTeaming ?? first?.spec.policy?.nicTeaming;
  return {
    identity: group.identity,
    moref: group.moref,
    name: group.name,
    kind: 'standard',
    purpose: group.moref === null && usedByKernelOnly(group) ? 'vmkernel' : 'vm',
    datacenter: group.datacenter,
    switch: switches.size === 1 ? ([...switches][0] ?? null) : null,
    vlan,
    vlanDisagreement: hosts.some((entry) => vlanText(entry.vlan) !== vlanText(vlan)),
    security:
      security === undefined
        ? null
        : {
            promiscuous: security.allowPromiscuous ?? null,
            macChanges: security.macChanges ?? null,
            forgedTransmits: security.forgedTransmits ?? null,
          },
    teaming:
      teaming === undefined
        ? null
        : {
            policy: teaming.policy ?? null,
            active: (teaming.nicOrder?.activeNic ?? []).map(uplinkName),
            standby: (teaming.nicOrder?.standbyNic ?? []).map(uplinkName),
          },
    observed: {
      policies: Object.fromEntries(
        group.members.map(({ host, group: member }) => [host.ref.value, member.spec.policy ?? null]),
      ),
    },
    spansSwitch: false,
    hosts,
  };
}

function usedByKernelOnly(group: StandardGroup): boolean {
  return group.members.some(({ host }) =>
    (host.props['config.network.vnic'] ?? []).some((nic) => shownName(nic.portgroup) === group.name),
  );
}

function mostCommon(vlans: readonly VlanValue[]): VlanValue | undefined {
  const counts = new Map<string, { vlan: VlanValue; count: number }>();
  for (const vlan of vlans) {
    const entry = counts.get(vlanText(vlan));
    if (entry === undefined) counts.set(vlanText(vlan), { vlan, count: 1 });
    else entry.count += 1;
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count || (a.vlan.id ?? 0) - (b.vlan.id ?? 0))[0]
    ?.vlan;
}

function vlanText(vlan: VlanValue): string {
  return JSON.stringify([vlan.kind, vlan.id, vlan.ranges, vlan.primaryId]);
}

function observeOpaqueWires(reading: FabricReading, tree: InventoryTree): WireObservation[] {
  const knownHosts = new Set(reading.hosts.map((host) => host.ref.value));
  return reading.opaqueNetworks.map((network): WireObservation => {
    const summary = network.props.summary;
    return {
      identity: network.ref.value,
      moref: network.ref.value,
      name: shownName(network.props.name),
      kind: 'nsx',
      purpose: 'vm',
      datacenter: tree.placeOf(network.props.parent?.value).datacenter,
      switch: null,
      vlan: NO_VLAN,
      vlanDisagreement: false,
      security: null,
      teaming: null,
      observed: {
        opaqueNetworkId: summary?.opaqueNetworkId ?? null,
        opaqueNetworkType: summary?.opaqueNetworkType ?? null,
      },
      spansSwitch: false,
      hosts: (network.props.host ?? [])
        .filter((ref) => knownHosts.has(ref.value))
        .map((ref) => ({ host: ref.value, switch: null, vlan: NO_VLAN, teaming: null })),
    };
  });
}
