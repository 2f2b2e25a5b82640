import type { HostNetworkPolicy, HostPortGroup, HostProxySwitch, HostVirtualSwitch } from '@wirebook/vsphere';
import type { SwitchOnHost, Teaming, UplinkPort } from './observations.ts';
import type { HostReading } from './reading.ts';

/** What leads from a host's switches to its physical NICs, and which of these a standard port group uses. Pure. */

const NAME_AT_MOST = 255;

/** As it is sent, but no longer than anybody can read: names of uplinks are compared, so both sides go through this. */
export function uplinkName(name: string): string {
  return name.slice(0, NAME_AT_MOST).toWellFormed();
}

/** Which device has which key (`PhysicalNic.key`): switches name their physical NICs by key. */
function devicesByKey(host: HostReading): ReadonlyMap<string, string> {
  return new Map((host.props['config.network.pnic'] ?? []).map((nic) => [nic.key ?? '', nic.device]));
}

export function standardSwitchOn(host: HostReading, vswitch: HostVirtualSwitch): SwitchOnHost {
  const devices = devicesByKey(host);
  const uplinks = (vswitch.pnic ?? []).map((key) => devices.get(key) ?? key);
  return {
    host: host.ref.value,
    uplinks,
    ports: uplinks.map((device) => ({ name: uplinkName(device), lag: null, device })).toSorted(byName),
  };
}

/** The physical NIC behind an uplink is told by `HostProxySwitch.spec.backing.pnicSpec[].uplinkPortKey`. */
export function distributedSwitchOn(host: HostReading, proxy: HostProxySwitch): SwitchOnHost {
  const devices = devicesByKey(host);
  const uplinks = (proxy.pnic ?? []).map((key) => devices.get(key) ?? key);
  const backing = proxy.spec?.backing?.pnicSpec ?? [];
  const named = [
    ...(proxy.uplinkPort ?? []).map((port) => ({ port, lag: null })),
    // What was kept of a host before LAGs were read has no list of them.
    ...(proxy.hostLag ?? []).flatMap((one) =>
      (one.uplinkPort ?? []).map((port) => ({ port, lag: uplinkName(one.lagName ?? one.lagKey ?? '') })),
    ),
  ];
  const ports = named.map(({ port, lag }): UplinkPort => {
    const spec = backing.find((one) => one.uplinkPortKey !== undefined && one.uplinkPortKey === port.key);
    const name = port.value ?? port.key;
    return {
      name: name === undefined ? null : uplinkName(name),
      lag,
      device: spec?.pnicDevice ?? null,
    };
  });
  const placed = new Set(ports.map((port) => port.device));
  const unplaced = [...uplinks, ...backing.map((spec) => spec.pnicDevice)].filter(
    (device) => !placed.has(device),
  );
  return {
    host: host.ref.value,
    uplinks,
    ports: [
      ...ports,
      ...[...new Set(unplaced)].map((device): UplinkPort => ({ name: null, lag: null, device })),
    ].toSorted(byName),
  };
}

/** vCenter sends them in any order; an order of our own keeps an unchanged reading unchanged. */
function byName(a: UplinkPort, b: UplinkPort): number {
  const [left, right] = [a, b].map((port) => `${port.name ?? ''}/${port.lag ?? ''}/${port.device ?? ''}`);
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

/** The order of uplinks that a standard port group uses on a host: its own, or else its switch's (`HostNicTeamingPolicy`). */
export function standardTeamingOn(host: HostReading, group: HostPortGroup): Teaming | null {
  const vswitch = (host.props['config.network.vswitch'] ?? []).find(
    (one) => one.name === group.spec.vswitchName,
  );
  const policies: (HostNetworkPolicy | undefined)[] = [
    group.computedPolicy,
    group.spec.policy,
    vswitch?.spec?.policy,
  ];
  const teaming = policies.map((policy) => policy?.nicTeaming);
  const order = teaming.find((one) => one?.nicOrder !== undefined)?.nicOrder;
  if (order === undefined) return null;
  return {
    policy: teaming.find((one) => one?.policy !== undefined)?.policy ?? null,
    active: (order.activeNic ?? []).map(uplinkName),
    standby: (order.standbyNic ?? []).map(uplinkName),
  };
}
