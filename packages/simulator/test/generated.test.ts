import { describe, expect, test } from 'vitest';
import { generatedAddress, generatedGateway, generateEstate } from '../src/index.ts';

describe('a generated estate', () => {
  const options = { vms: 10_000, hosts: 200, portGroups: 500, seed: 1 };
  const estate = generateEstate(options);
  const [datacenter] = estate.datacenters;
  const machines = datacenter?.virtualMachines ?? [];
  const nics = machines.flatMap((one) => one.nics);

  test('is the same for the same seed and another for another', () => {
    expect(generateEstate({ ...options, vms: 200 })).toEqual(generateEstate({ ...options, vms: 200 }));
    expect(generateEstate({ ...options, vms: 200 })).not.toEqual(
      generateEstate({ ...options, vms: 200, seed: 2 }),
    );
  });

  test('has the counts asked for and 1.4 NICs a VM', () => {
    expect(machines).toHaveLength(10_000);
    expect(datacenter?.clusters.flatMap((one) => one.hosts)).toHaveLength(200);
    expect(datacenter?.distributedSwitches[0]?.portGroups).toHaveLength(500);
    expect(nics).toHaveLength(14_000);
  });

  test('has about nine in ten VMs running and reporting', () => {
    const reporting = machines.filter((one) => one.powerState === 'poweredOn' && one.tools === 'running');
    expect(reporting.length).toBeGreaterThan(8800);
    expect(reporting.length).toBeLessThan(9200);
    expect(reporting.every((one) => one.guestNics.length === one.nics.length)).toBe(true);
  });

  test('repeats no MAC, no uuid and no address', () => {
    expect(new Set(nics.map((nic) => nic.mac)).size).toBe(14_000);
    expect(new Set(machines.map((one) => one.instanceUuid)).size).toBe(10_000);
    const addresses = machines.flatMap((one) =>
      one.guestNics.flatMap((nic) => nic.addresses.map((each) => each.ip)),
    );
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test('gives no VM a network, gateway or broadcast address', () => {
    const last = machines
      .flatMap((one) => one.guestNics.flatMap((nic) => nic.addresses))
      .map(({ ip }) => Number(ip.split('.')[3]));
    expect(Math.min(...last)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...last)).toBeLessThanOrEqual(254);
  });

  test('says beforehand which address a place in a group has', () => {
    expect(generatedAddress(0, 0)).toBe('10.32.0.2');
    expect(generatedAddress(300, 252)).toBe('10.33.44.254');
    expect(generatedGateway(300)).toBe('10.33.44.1');
    expect(() => generatedAddress(0, 253)).toThrow(RangeError);
  });
});
