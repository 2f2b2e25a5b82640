import { describe, expect, test } from 'vitest';
import {
  countSwitchPorts,
  drawHosts,
  type HostFacts,
  leavingBy,
  type PhysicalNic,
  type PictureVlan,
} from '../../src/domain/wire-picture.ts';

const vlan = (id: number): PictureVlan => ({ kind: 'id', id, ranges: [], primaryId: null });
const untagged: PictureVlan = { kind: 'none', id: null, ranges: [], primaryId: null };

function nic(device: string, set: Partial<PhysicalNic> & { untagged?: number } = {}): PhysicalNic {
  const { untagged: sent = 1, ...rest } = set;
  return {
    device,
    mac: null,
    speedMbps: 10_000,
    neighbour: { protocol: 'cdp', switch: 'tor', port: `1/${device}`, address: null, vlan: sent },
    ...rest,
  };
}
/** A host with a standard switch over the given NICs, all of them active unless told. */
function host(name: string, nics: readonly PhysicalNic[], set: Partial<HostFacts> = {}): HostFacts {
  return {
    id: name,
    name,
    managementIp: null,
    state: 'connected',
    maintenance: false,
    cluster: null,
    switch: { id: 'v', name: 'vSwitch0' },
    vlan: vlan(10),
    teaming: { active: nics.map(({ device }) => device), standby: [] },
    ports: nics.map(({ device }) => ({ name: device, lag: null, device })),
    physicalNics: nics,
    servers: 0,
    ...set,
  };
}
const problemsOf = (wire: PictureVlan, hosts: readonly HostFacts[]) =>
  drawHosts(wire, hosts).map(({ problems }) => problems.map(({ code }) => code));

describe('what disagrees on a host', () => {
  test('is nothing where two uplinks are up and carry the VLAN of the wire', () => {
    expect(problemsOf(vlan(10), [host('a', [nic('vmnic0'), nic('vmnic1')])])).toEqual([[]]);
  });

  test('counts only the uplinks that the port group uses', () => {
    const nics = [nic('vmnic0'), nic('vmnic1', { speedMbps: null })];
    const using = (active: string[], standby: string[]) =>
      problemsOf(vlan(10), [host('a', nics, { teaming: { active, standby } })])[0];
    expect(using(['vmnic0'], [])).toEqual(['single_uplink']);
    expect(using(['vmnic0'], ['vmnic1'])).toEqual(['uplink_down']);
    expect(using(['vmnic1'], [])).toEqual(['uplink_down', 'single_uplink']);
    expect(using([], [])).toEqual(['no_uplink']);
    expect(using(['vmnic7'], [])).toEqual(['no_uplink']);
  });

  test('says nothing of links and uplinks that are not known', () => {
    const silent = host('a', [nic('vmnic0'), nic('vmnic1', { speedMbps: null })], { state: 'notResponding' });
    expect(problemsOf(vlan(10), [silent])).toEqual([['host_disconnected']]);
    expect(problemsOf(vlan(10), [host('a', [], { ports: null })])).toEqual([[]]);
    const [drawn] = drawHosts(vlan(10), [host('a', [nic('vmnic0'), nic('vmnic1')], { teaming: null })]);
    expect(drawn?.uplinks.map(({ role }) => role)).toEqual([null, null]);
    expect(drawn?.problems).toEqual([]);
  });

  test('trunks of another reach deviate as ids do', () => {
    const trunk = (end: number): PictureVlan => ({
      kind: 'trunk',
      id: null,
      ranges: [{ start: 1, end }],
      primaryId: null,
    });
    const two = [nic('vmnic0'), nic('vmnic1')];
    const drawn = drawHosts(trunk(9), [
      host('a', two, { vlan: trunk(9) }),
      host('b', two, { vlan: trunk(8) }),
    ]);
    expect(drawn.map(({ deviates }) => deviates)).toEqual([false, true]);
  });

  test('the VLAN that a port sends untagged speaks of a wire that sends untagged, or that tags with it', () => {
    const two = (own: number) => [nic('vmnic0', { untagged: own }), nic('vmnic1', { untagged: own })];
    const hosts = (wire: PictureVlan) =>
      ['a', 'b', 'c'].map((name, at) => host(name, two([1, 1, 7][at] ?? 0), { vlan: wire }));
    expect(problemsOf(untagged, hosts(untagged))).toEqual([
      [],
      [],
      ['untagged_vlan_differs', 'untagged_vlan_differs'],
    ]);
    expect(problemsOf(vlan(7), hosts(vlan(7)))).toEqual([[], [], ['vlan_is_untagged', 'vlan_is_untagged']]);
    expect(problemsOf(vlan(10), hosts(vlan(10)))).toEqual([[], [], []]);
    // 0: the switch doesn't say.
    const unsaid = host('d', two(0), { vlan: untagged });
    expect(problemsOf(untagged, [...hosts(untagged), unsaid]).at(-1)).toEqual([]);
  });
});

test('traffic leaves by the active uplinks, by the standby ones while no active one is up', () => {
  const leave = (down: readonly string[], set: Partial<HostFacts> = {}) => {
    const nics = ['vmnic0', 'vmnic1', 'vmnic2'].map((device) =>
      nic(device, down.includes(device) ? { speedMbps: null } : {}),
    );
    const teaming = { active: ['vmnic0', 'vmnic1'], standby: ['vmnic2'] };
    const [drawn] = drawHosts(vlan(10), [host('a', nics, { teaming, ...set })]);
    return leavingBy(drawn?.uplinks ?? []).map(({ name }) => name);
  };
  expect(leave([])).toEqual(['vmnic0', 'vmnic1']);
  expect(leave(['vmnic0'])).toEqual(['vmnic1']);
  expect(leave(['vmnic0', 'vmnic1'])).toEqual(['vmnic2']);
  expect(leave(['vmnic0', 'vmnic1', 'vmnic2'])).toEqual([]);
  // What a silent host's links are is not known: they count as up.
  expect(leave(['vmnic0'], { state: 'notResponding' })).toEqual(['vmnic0', 'vmnic1']);
  expect(leave([], { teaming: null })).toEqual(['vmnic0', 'vmnic1', 'vmnic2']);
});

test('ports of physical switches are counted once, those of unused uplinks not at all', () => {
  const nics = [nic('vmnic0'), nic('vmnic1'), nic('vmnic2')];
  const drawn = drawHosts(vlan(10), [
    host('a', nics, { teaming: { active: ['vmnic0'], standby: ['vmnic1'] } }),
    host('b', nics, { teaming: { active: ['vmnic0'], standby: [] } }),
  ]);
  expect(countSwitchPorts(drawn)).toEqual([{ switch: 'tor', ports: 2 }]);
});
