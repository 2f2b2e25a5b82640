import type { DistributedSwitch, Estate, Host, VirtualMachine } from '../estate.ts';
import {
  group,
  macOf,
  makeHost,
  makeMachine,
  managementSwitch,
  switchUuidOf,
  type NicSketch,
} from './parts.ts';
import { createRandom } from './random.ts';

export interface GenerateOptions {
  vms: number;
  hosts: number;
  /** Port groups that VMs use; uplink and management groups come on top. */
  portGroups: number;
  seed: number;
  /** So many of the first port groups carry one subnet: 10.32.0.0/16, left through the first one's gateway. 0 unless said, at most 256. */
  spread?: number;
}

/** Half of an addressable /24: .0 is the network, .1 the gateway, .255 the broadcast address. */
const addressesPerGroup = 253;

/**
 * The address that the `place`-th NIC plugged into the `group`-th port group
 * has (both from 0): group g is 10.(32 + g / 256).(g % 256).0/24, gateway .1,
 * the first NIC .2. A group is full after 253 NICs.
 *
 * @throws RangeError beyond that.
 */
export function generatedAddress(groupIndex: number, place: number): string {
  if (place < 0 || place >= addressesPerGroup) throw new RangeError(`A /24 has no room for NIC ${place}.`);
  return `${generatedNetwork(groupIndex)}.${place + 2}`;
}

/** The default gateway of the `group`-th port group. */
export function generatedGateway(groupIndex: number): string {
  return `${generatedNetwork(groupIndex)}.1`;
}

/** The name of the `group`-th port group. */
export function generatedPortGroup(groupIndex: number): string {
  return `pg-${String(groupIndex).padStart(4, '0')}`;
}

function generatedNetwork(groupIndex: number): string {
  const high = 32 + Math.floor(groupIndex / 256);
  if (high > 255) throw new RangeError(`There is no range for port group ${groupIndex}.`);
  return `10.${high}.${groupIndex % 256}`;
}

/**
 * A vCenter of any size, the same for the same options: one datacenter,
 * clusters of 20 hosts, one distributed switch over all of them, every port
 * group its own /24. 1.4 NICs a VM; about 90 in 100 VMs run and report.
 *
 * @throws RangeError when the NICs don't fit into the port groups.
 */
export function generateEstate(options: GenerateOptions): Estate {
  const random = createRandom(options.seed);
  const hosts = Array.from({ length: options.hosts }, (_, index) => generateHost(index));
  const clusters = [];
  for (let first = 0; first < hosts.length; first += 20)
    clusters.push({
      name: `cluster-${String(first / 20).padStart(2, '0')}`,
      hosts: hosts.slice(first, first + 20),
    });
  const oneSwitch: DistributedSwitch = {
    name: 'dvs-main',
    uuid: switchUuidOf(options.seed % 256),
    mtu: 9000,
    hosts: hosts.map((host) => host.name),
    uplinkPortGroup: { name: 'dvs-main-DVUplinks', markedBy: 'config' },
    privateVlans: [],
    portGroups: Array.from({ length: options.portGroups }, (_, index) =>
      group(generatedPortGroup(index), 1 + (index % 4000)),
    ),
  };
  return {
    kind: 'vcenter',
    name: `Generated vCenter, seed ${options.seed}`,
    instanceUuid: `9e0e7a7e-d5ee-4d00-8000-${options.seed.toString(16).padStart(12, '0')}`,
    version: '8.0.3',
    build: '24022515',
    seed: options.seed,
    datacenters: [
      {
        name: 'Generated',
        clusters,
        standaloneHosts: [],
        distributedSwitches: [oneSwitch],
        opaqueNetworks: [],
        datastores: [{ name: 'generated-ds', capacity: 1_000_000, free: 500_000 }],
        folders: Array.from({ length: 20 }, (_, index) => `team-${index}`),
        virtualMachines: generateMachines(options, hosts, random),
      },
    ],
  };
}

function generateHost(index: number): Host {
  return makeHost({
    name: `esx-${String(index + 1).padStart(4, '0')}.gen.example`,
    number: index + 1,
    managementIp: `10.0.${Math.floor(index / 250)}.${(index % 250) + 2}`,
    standardSwitches: [managementSwitch()],
    speeds: generatedSpeeds(index),
    neighbour: (pnic) =>
      pnic > 2
        ? undefined
        : {
            protocol: pnic === 2 ? 'lldp' : 'cdp',
            // One pair of switches for the 20 hosts of a cluster.
            systemName: `tor-${String(Math.floor(index / 20)).padStart(2, '0')}-${pnic % 2 === 0 ? 'a' : 'b'}.gen.example`,
            portId: `Ethernet${pnic + 1}/${(index % 20) + 1}`,
            managementAddress: `10.255.${Math.floor(index / 20) % 250}.${pnic % 2 === 0 ? 11 : 12}`,
            // No port group has it.
            vlan: 4094,
          },
  });
}

/** A few hosts have a dead link, a few a single NIC for the distributed switch. */
function generatedSpeeds(index: number): number[] {
  if (index % 40 === 7) return [25_000, 25_000, 0, 0];
  return index % 60 === 11 ? [25_000, 25_000] : [25_000, 25_000, 25_000, 0];
}

function generateMachines(options: GenerateOptions, hosts: Host[], random: () => number): VirtualMachine[] {
  const places = Array.from({ length: options.portGroups }, () => 0);
  const machines: VirtualMachine[] = [];
  for (let index = 0; index < options.vms; index += 1) {
    const host = hosts[Math.floor(random() * hosts.length)];
    if (host === undefined) throw new RangeError('VMs need at least one host.');
    // 7 of 10 VMs have one NIC, 2 have two, 1 has three: 1.4 on average.
    const draw = index % 10;
    const count = draw < 7 ? 1 : draw < 9 ? 2 : 3;
    const fate = random();
    const reports = fate < 0.9;
    const nics: NicSketch[] = [];
    let gateway: string | undefined;
    for (let nic = 0; nic < count; nic += 1) {
      const groupIndex = pickGroup(places, random);
      const place = places[groupIndex] ?? 0;
      places[groupIndex] = place + 1;
      const isSpread = groupIndex < (options.spread ?? 0);
      if (nic === 0) gateway = generatedGateway(isSpread ? 0 : groupIndex);
      nics.push({
        network: { distributed: generatedPortGroup(groupIndex) },
        mac: macOf(index * 4 + nic),
        ...(reports
          ? { addresses: [`${generatedAddress(groupIndex, place)}/${isSpread ? 16 : 24}`] }
          : { silent: true }),
      });
    }
    machines.push(
      makeMachine({
        name: `vm-${String(index).padStart(5, '0')}`,
        number: index + 1,
        host: host.name,
        folder: `team-${index % 20}`,
        nics,
        dnsServers: ['10.0.0.53', '10.0.0.54'],
        dnsDomain: 'gen.example',
        windows: index % 4 === 3,
        ...(gateway !== undefined && reports ? { gateway } : {}),
        ...(reports ? {} : silence(fate)),
      }),
    );
  }
  return machines;
}

/** Why the other ten in a hundred don't report: off, Tools stopped, Tools missing. */
function silence(fate: number): { powerState?: 'poweredOff'; tools: 'notRunning' | 'notInstalled' } {
  if (fate < 0.96) return { powerState: 'poweredOff', tools: 'notRunning' };
  return { tools: fate < 0.98 ? 'notRunning' : 'notInstalled' };
}

/** A random port group with room left. */
function pickGroup(places: number[], random: () => number): number {
  const start = Math.floor(random() * places.length);
  for (let step = 0; step < places.length; step += 1) {
    const index = (start + step) % places.length;
    if ((places[index] ?? 0) < addressesPerGroup) return index;
  }
  throw new RangeError(`${places.length} port groups have no room for more NICs.`);
}
