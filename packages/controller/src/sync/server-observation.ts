import { hash } from 'node:crypto';
import type { EthernetCard, GuestNicInfo } from '@wirebook/vsphere';
import {
  formatAddress,
  isRoutableUnicast,
  parseAddress,
  parseMac,
  unmapAddress,
} from '../domain/addresses.ts';
import type { ToolsStatus } from '../store/tables.ts';
import { int4, shownName } from './fabric.ts';
import { observeRouting } from './guest-routing.ts';
import type { InventoryTree } from './inventory-tree.ts';
import type { AddressObservation, Complaints, NicObservation, ServerObservation } from './observations.ts';
import type { ServerReading } from './reading.ts';

/** How virtual NICs find their port group: each answers with the wire's identity, or null where there is none. */
export interface WireFinder {
  byPortGroupKey(key: string): string | null;
  byNetwork(networkId: string): string | null;
  byOpaqueNetwork(opaqueNetworkId: string): string | null;
  byName(datacenterId: string | null, name: string): string | null;
}

export interface ServerContext {
  readonly tree: InventoryTree;
  readonly wires: WireFinder;
  /** The cluster of a host, by its id: templates and orphans have no resource pool to ask. Undefined for a host that isn't known. */
  readonly clusterOf: (hostId: string) => string | null | undefined;
  readonly complaints: Complaints;
}

/** One virtual machine as observed. Pure but for the complaints, which it adds to. */
export function observeServer(reading: ServerReading, context: ServerContext): ServerObservation {
  const { props, ref } = reading;
  const place = context.tree.placeOf(props.parent?.value);
  const name = shownName(props.name);
  const named = props['runtime.host']?.value;
  const cluster = named === undefined ? undefined : context.clusterOf(named);
  // A host that isn't in the book yet can't be pointed to; once it is, this is another observation.
  const host = cluster === undefined ? null : (named ?? null);
  const connectionState = props['runtime.connectionState'] ?? 'unknown';
  const devices = props['config.hardware.device'];
  const observation = {
    moref: ref.value,
    instanceUuid: props['config.instanceUuid']?.toLowerCase() || null,
    name,
    host,
    datacenter: place.datacenter,
    cluster: cluster ?? null,
    folder: place.folder,
    powerState: props['runtime.powerState'] ?? 'unknown',
    connectionState,
    config: devices === undefined ? null : observeConfig(reading, devices, place.datacenterId, context),
  };
  complain(reading, name, connectionState, context.complaints);
  return { ...observation, digest: hash('sha1', JSON.stringify(observation), 'base64') };
}

function complain(
  reading: ServerReading,
  name: string,
  connectionState: string,
  complaints: Complaints,
): void {
  const denied = reading.missing.find((missing) => missing.fault === 'NoPermission');
  if (denied !== undefined) {
    complaints.push({
      object: name,
      kind: 'server',
      code: 'no_privilege',
      params: { path: denied.path, privilege: denied.privilege ?? 'System.Read' },
    });
  } else if (reading.props['config.hardware.device'] === undefined) {
    complaints.push({
      object: name,
      kind: 'server',
      code: 'unreadable',
      params: { state: connectionState },
    });
  }
  if ((reading.props.name ?? '').length > name.length + 64) {
    complaints.push({ object: name, kind: 'server', code: 'truncated_name', params: {} });
  }
}

function observeConfig(
  reading: ServerReading,
  devices: readonly EthernetCard[],
  datacenterId: string | null,
  context: ServerContext,
): NonNullable<ServerObservation['config']> {
  const { props } = reading;
  const cards = devices.filter((card) => int4(card.key) !== null);
  const nics = cards.map((card, position) => observeNic(card, position, datacenterId, context.wires));
  const interfaces = props['guest.net'] ?? [];
  return {
    biosUuid: props['config.uuid']?.toLowerCase() ?? null,
    template: props['config.template'] ?? false,
    managedBy: props['config.managedBy']?.extensionKey ?? null,
    toolsStatus: toolsStatusOf(reading),
    guestHostName: shownName(props['guest.hostName']) || null,
    interfaceCount: interfaces.length,
    nics,
    addresses: observeAddresses(interfaces, nics, (value) =>
      context.complaints.push({
        object: shownName(props.name),
        kind: 'server',
        code: 'odd_address',
        params: { value: value.slice(0, 64).toWellFormed() },
      }),
    ),
    routing: observeRouting(props['guest.ipStack'] ?? [], (number) => {
      const entry = interfaces[number];
      return entry === undefined || entry.deviceConfigId === -1
        ? (entry?.deviceConfigId ?? null)
        : deviceOf(entry, new Set(nics.map((nic) => nic.deviceKey)), nics);
    }),
    report: JSON.stringify({
      guestFullName: props['config.guestFullName'],
      annotation: props['config.annotation'],
      changeVersion: props['config.changeVersion'],
      toolsRunningStatus: props['guest.toolsRunningStatus'],
      toolsVersionStatus: props['guest.toolsVersionStatus2'],
      resourcePool: props.resourcePool?.value,
      customValues: props.customValue,
      interfaces: interfaces.map(withoutLifetimes),
      stacks: props['guest.ipStack'],
    }).toWellFormed(),
  };
}

/** A lease's end moves with every renewal: it would make every reading another one. */
function withoutLifetimes(nic: GuestNicInfo): GuestNicInfo {
  if (!nic.ipConfig?.ipAddress?.some((entry) => entry.lifetime !== undefined)) return nic;
  return {
    ...nic,
    ipConfig: {
      ...nic.ipConfig,
      ipAddress: nic.ipConfig.ipAddress.map((entry) => {
        const { lifetime: _, ...lasting } = entry;
        return lasting;
      }),
    },
  };
}

function toolsStatusOf(reading: ServerReading): ToolsStatus {
  const running = reading.props['guest.toolsRunningStatus'];
  const version = reading.props['guest.toolsVersionStatus2'];
  if (running === 'guestToolsRunning' || running === 'guestToolsExecutingScripts') return 'running';
  if (version === 'guestToolsNotInstalled') return 'not_installed';
  if (running === 'guestToolsNotRunning') return 'not_running';
  return 'unknown';
}

function observeNic(
  card: EthernetCard,
  position: number,
  datacenterId: string | null,
  wires: WireFinder,
): NicObservation {
  return {
    deviceKey: card.key,
    position,
    label: shownName(card.deviceInfo?.label),
    mac: parseMac(card.macAddress ?? ''),
    model: card.$type,
    wire: wireOf(card.backing, datacenterId, wires),
    backing: { ...card.backing },
    connected: card.connectable?.connected ?? false,
  };
}

function wireOf(
  backing: EthernetCard['backing'],
  datacenterId: string | null,
  wires: WireFinder,
): string | null {
  switch (backing?.$type) {
    case 'VirtualEthernetCardDistributedVirtualPortBackingInfo':
      return wires.byPortGroupKey(backing.port.portgroupKey ?? '');
    case 'VirtualEthernetCardOpaqueNetworkBackingInfo':
      return wires.byOpaqueNetwork(backing.opaqueNetworkId ?? '');
    case 'VirtualEthernetCardNetworkBackingInfo':
      return (
        (backing.network === undefined ? null : wires.byNetwork(backing.network.value)) ??
        wires.byName(datacenterId, shownName(backing.deviceName))
      );
    case 'VirtualEthernetCardLegacyNetworkBackingInfo':
      return wires.byName(datacenterId, shownName(backing.deviceName));
    default:
      return null;
  }
}

/**
 * The addresses of a guest's interfaces, each with the NIC it belongs to: by device key; by MAC where the interface names no device
 * of this server and exactly one NIC has that MAC. An interface that says it has no device (-1) is the guest's own.
 */
function observeAddresses(
  interfaces: readonly GuestNicInfo[],
  nics: readonly NicObservation[],
  onOddAddress: (value: string) => void,
): AddressObservation[] {
  const keys = new Set(nics.map((nic) => nic.deviceKey));
  const found = new Map<string, AddressObservation>();
  for (const [index, entry] of interfaces.entries()) {
    const deviceKey = deviceOf(entry, keys, nics);
    // Interfaces have no names in the report; what tells them apart for a reader is their MAC, or the network they name.
    const label = parseMac(entry.macAddress ?? '') ?? (shownName(entry.network) || `#${index}`);
    const details = new Map((entry.ipConfig?.ipAddress ?? []).map((item) => [item.ipAddress, item]));
    for (const text of new Set([...details.keys(), ...(entry.ipAddress ?? [])])) {
      const parsed = parseAddress(text.trim().replace(/%.*$/, ''));
      if (parsed === null) {
        if (text.trim() !== '') onOddAddress(text);
        continue;
      }
      const address = unmapAddress(parsed);
      const ip = formatAddress(address);
      const detail = details.get(text);
      const key = `${deviceKey ?? label} ${ip}`;
      if (found.has(key)) continue;
      found.set(key, {
        deviceKey,
        ip,
        prefixLength: prefixLengthOf(detail?.prefixLength, address.family),
        interface: label,
        origin: detail?.origin ?? null,
        state: detail?.state ?? null,
        candidate:
          deviceKey !== null &&
          isRoutableUnicast(address) &&
          !(address.family === 6 && (detail?.origin === 'random' || detail?.state === 'deprecated')),
      });
    }
  }
  return [...found.values()];
}

function deviceOf(
  entry: GuestNicInfo,
  keys: ReadonlySet<number>,
  nics: readonly NicObservation[],
): number | null {
  const named = entry.deviceConfigId;
  if (named === -1) return null;
  if (named !== undefined && keys.has(named)) return named;
  const mac = parseMac(entry.macAddress ?? '');
  if (mac === null) return null;
  const withMac = nics.filter((nic) => nic.mac === mac);
  return withMac.length === 1 ? (withMac[0]?.deviceKey ?? null) : null;
}

/** 0 is what a guest reports whose mask is unknown. */
function prefixLengthOf(length: number | undefined, family: 4 | 6): number | null {
  return length === undefined || length <= 0 || length > (family === 4 ? 32 : 128) ? null : length;
}
