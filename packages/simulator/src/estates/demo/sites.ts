import type { GuestNic, PhysicalNicNeighbour } from '../../estate.ts';
import { address, type MachineSketch, type NicSketch } from '../parts.ts';

/** A subnet of the demo: where its VMs are plugged in and what they report. */
export interface Subnet {
  portGroup: string;
  kind?: 'standard' | 'distributed' | 'opaque';
  /** The first three octets. */
  net: string;
  prefixLength: number;
  gateway: string;
}

/** A NIC in that subnet with the host number as its last octet. */
export function nicIn(subnet: Subnet, last?: number, more: Partial<NicSketch> = {}): NicSketch {
  const { portGroup, kind = 'distributed', net, prefixLength } = subnet;
  const network =
    kind === 'standard'
      ? { standard: portGroup }
      : kind === 'opaque'
        ? { opaque: portGroup }
        : { distributed: portGroup };
  return {
    network,
    ...(last === undefined ? {} : { addresses: [`${net}.${last}/${prefixLength}`] }),
    ...more,
  };
}

/** Plain VMs `prefix-01`, `prefix-02`, ... one NIC each, spread over the hosts. */
export function row(options: {
  prefix: string;
  count: number;
  firstNumber: number;
  subnet: Subnet;
  firstAddress: number;
  hosts: readonly string[];
  folder: string;
  more?: Partial<MachineSketch>;
}): MachineSketch[] {
  const { prefix, count, firstNumber, subnet, firstAddress, hosts, folder, more = {} } = options;
  return Array.from({ length: count }, (_, index) => ({
    name: `${prefix}-${String(index + 1).padStart(2, '0')}`,
    number: firstNumber + index,
    host: hosts[index % hosts.length] ?? '',
    folder,
    gateway: subnet.gateway,
    nics: [nicIn(subnet, firstAddress + index)],
    ...more,
  }));
}

/** An interface inside the guest that is no virtual NIC: bridge, container, tunnel. */
export function insideGuest(mac: string, ...addresses: string[]): GuestNic {
  return { deviceConfigId: -1, mac, connected: true, addresses: addresses.map((text) => address(text)) };
}

/** Top-of-rack switches: CDP on the first two ports, LLDP on the others. `untagged`: the VLAN that a port sends untagged. */
export function rackNeighbour(
  site: string,
  host: number,
  untagged: (pnic: number) => number = () => 1,
): (pnic: number) => PhysicalNicNeighbour | undefined {
  return (pnic) => {
    return {
      protocol: pnic < 2 ? 'cdp' : 'lldp',
      systemName: `${site}-tor-${pnic === 0 ? 'a' : 'b'}.net.example`,
      portId: pnic < 2 ? `Ethernet1/${host}` : `Eth1/${host + pnic * 10}`,
      managementAddress: pnic === 0 ? '10.0.250.11' : '10.0.250.12',
      vlan: untagged(pnic),
    };
  };
}
