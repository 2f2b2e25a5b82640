import { describe, expect, test } from 'vitest';
import type { NicWish, PlacementInput, PortGroupBinding } from '../../src/domain/placement/facts.ts';
import { placeServer } from '../../src/domain/placement/placing.ts';
import { facts, host, input, network, presence, trunk, vlan, wish } from './worlds.ts';

/** Which port group a NIC gets on the host: any wire of its network that the host has, and never a trunk. */

const one = facts({ hosts: [host('h1')] });
const nic = (...networks: NicWish['networks']): NicWish => ({ networks, wire: null });

/** The wires that the NICs of a server get on the only host there is, or why it gets none. */
function wiresOf(more: Partial<PlacementInput>, ...nics: NicWish[]): unknown {
  const [verdict] = placeServer(input({ facts: one, ...more, wish: wish({ nics }) })).verdicts;
  if (verdict?.ok === true) return verdict.nics.map(({ wireId, origin }) => `${wireId} ${origin}`);
  return verdict?.reasons;
}

const web = network('web-net', 'web primary', 'twin declared', 'far detected');
const on = (...wires: string[]) => ({ presence: wires.map((wire) => presence(wire, 'b-h1')) });

test('the primary wire is taken where the host has it, then a declared, then a detected one', () => {
  expect(wiresOf(on('far', 'twin', 'web'), nic(web))).toEqual(['web primary']);
  expect(wiresOf(on('far', 'twin'), nic(web))).toEqual(['twin declared']);
  expect(wiresOf(on('far'), nic(web))).toEqual(['far detected']);
});

test('a host that has none of the wires is told which it would need', () => {
  expect(wiresOf(on('other'), nic(web))).toEqual([
    { code: 'no_wire', params: { nic: 1, network: 'web-net', wires: 'web, twin, far' } },
  ]);
});

test('a trunk is never taken, whatever it is to the network', () => {
  const there = presence('web', 'b-h1', { trunk: true, hostVlan: trunk, wireVlan: trunk });
  expect(wiresOf({ presence: [there] }, nic(web))).toEqual([
    { code: 'only_trunk', params: { nic: 1, wire: 'web' } },
  ]);
  expect(wiresOf({ presence: [there, presence('far', 'b-h1')] }, nic(web))).toEqual(['far detected']);
});

test('a trunk that is asked for by itself is refused all the same', () => {
  const there = presence('all', 'b-h1', { trunk: true, hostVlan: trunk, wireVlan: trunk });
  const asked = { networks: [], wire: { id: 'all', name: 'all' } };
  expect(wiresOf({ presence: [there] }, asked)).toEqual([
    { code: 'only_trunk', params: { nic: 1, wire: 'all' } },
  ]);
});

test('a host whose group has another VLAN than the wire is not taken as having the wire', () => {
  const strays = presence('web', 'b-h1', { deviates: true, hostVlan: vlan(30), wireVlan: vlan(20) });
  expect(wiresOf({ presence: [strays] }, nic(web))).toEqual([
    { code: 'vlan_differs', params: { nic: 1, wire: 'web', hostVlan: '30', wireVlan: '20' } },
  ]);
  expect(wiresOf({ presence: [strays, presence('twin', 'b-h1')] }, nic(web))).toEqual(['twin declared']);
});

test('VLANs are written as administrators write them', () => {
  const hostVlans = [
    [{ kind: 'none', id: null, ranges: [], primaryId: null }, '0'],
    [{ kind: 'private', id: 101, ranges: [], primaryId: 100 }, '100/101'],
    [{ kind: 'private', id: 101, ranges: [], primaryId: null }, '101'],
    [{ ...trunk, ranges: [...trunk.ranges, { start: 7, end: 7 }] }, '0-4094,7'],
  ] as const;
  for (const [hostVlan, text] of hostVlans) {
    const there = presence('web', 'b-h1', { deviates: true, hostVlan });
    expect(wiresOf({ presence: [there] }, nic(web))).toMatchObject([{ params: { hostVlan: text } }]);
  }
});

test('a wire that vCenter no longer shows, or that is no longer for servers, is not used', () => {
  const gone = presence('web', 'b-h1', { missing: true });
  expect(wiresOf({ presence: [gone] }, nic(web))).toEqual([
    { code: 'wire_missing', params: { nic: 1, wire: 'web' } },
  ]);
  const kernel = presence('web', 'b-h1', { purpose: 'vmkernel' });
  expect(wiresOf({ presence: [kernel] }, nic(web))).toEqual([
    { code: 'wire_purpose', params: { nic: 1, wire: 'web', purpose: 'vmkernel' } },
  ]);
});

test('a name that two standard groups of the host have binds nothing, and neither does a group whose switch is unknown', () => {
  const twofold = presence('web', 'b-h1', { ambiguous: true });
  expect(wiresOf({ presence: [twofold] }, nic(web))).toEqual([
    { code: 'wire_ambiguous', params: { nic: 1, wire: 'web' } },
  ]);
  const loose = presence('web', 'b-h1', { binding: null });
  expect(wiresOf({ presence: [loose] }, nic(web))).toEqual([
    { code: 'wire_unbindable', params: { nic: 1, wire: 'web' } },
  ]);
});

test('of equal wires the one that most servers of the network are on wins: on the host, then on its cluster, then by name', () => {
  const equal = network('net', 'a declared', 'b declared', 'c declared');
  const two = facts({ hosts: [host('h1'), host('h2')] });
  const at = (wireId: string, hostId: string, servers: number) => ({
    networkId: 'net',
    wireId,
    hostId,
    servers,
  });
  const pick = (...uses: PlacementInput['uses']): unknown =>
    wiresOf({ facts: two, ...on('c', 'b', 'a'), uses }, nic(equal));
  expect(pick()).toEqual(['a declared']);
  expect(pick(at('b', 'b-h2', 1))).toEqual(['b declared']);
  expect(pick(at('b', 'b-h2', 9), at('c', 'b-h1', 1))).toEqual(['c declared']);
  // Of other networks, and elsewhere, doesn't count.
  expect(pick({ ...at('c', 'b-h1', 9), networkId: 'other' }, at('c', 'b-far', 9))).toEqual(['a declared']);
  // And no number of servers makes an additional wire the primary one.
  const web2 = network('net', 'a primary', 'b declared');
  expect(wiresOf({ ...on('a', 'b'), uses: [at('b', 'b-h1', 9)] }, nic(web2))).toEqual(['a primary']);
});

describe('a NIC on two networks', () => {
  const v4 = network('web-net', 'web primary', 'twin declared', 'far declared');
  const v6 = network('web-net6', 'twin primary', 'far detected', 'web detected');

  test('needs a wire that both have, and counts as what it is to the weaker of the two', () => {
    expect(wiresOf(on('web', 'twin', 'far'), nic(v4, v6))).toEqual(['twin declared']);
    expect(wiresOf(on('web', 'far'), nic(v4, v6))).toEqual(['far detected']);
    expect(wiresOf(on('other'), nic(v4, v6))).toEqual([
      { code: 'no_wire', params: { nic: 1, network: 'web-net, web-net6', wires: 'web, twin, far' } },
    ]);
  });

  test('has no place where no wire is common to both, and where one has no wire in this account', () => {
    expect(wiresOf(on('web'), nic(network('a', 'web primary'), network('b', 'db primary')))).toEqual([
      { code: 'no_common_wire', params: { nic: 1, networks: 'a, b' } },
    ]);
    expect(wiresOf(on('web'), nic(network('a', 'web primary'), network('abroad')))).toEqual([
      { code: 'no_wire_in_account', params: { nic: 1, network: 'abroad' } },
    ]);
  });
});

describe('a wire that is asked for by itself', () => {
  const asked = (id: string, ...networks: NicWish['networks']): NicWish => ({
    networks,
    wire: { id, name: id },
  });

  test('is taken without any network, and the host told where it lacks it', () => {
    expect(wiresOf(on('db'), asked('db'))).toEqual(['db asked']);
    expect(wiresOf(on('web'), asked('db'))).toEqual([
      { code: 'wire_absent', params: { nic: 1, wire: 'db' } },
    ]);
  });

  test('narrows the wires of a network, and must be one of them', () => {
    expect(wiresOf(on('web', 'twin'), asked('twin', web))).toEqual(['twin declared']);
    expect(wiresOf(on('web', 'db'), asked('db', web))).toEqual([
      { code: 'no_common_wire', params: { nic: 1, networks: 'web-net, db' } },
    ]);
  });
});

test('all NICs must be served by one host', () => {
  const db = network('db-net', 'db primary');
  const there = [
    presence('web', 'b-h1'),
    presence('db', 'b-h2'),
    presence('web', 'b-h3'),
    presence('db', 'b-h3'),
  ];
  const three = facts({ hosts: [host('h1'), host('h2'), host('h3')] });
  const placement = placeServer(
    input({ facts: three, presence: there, wish: wish({ nics: [nic(web), nic(db)] }) }),
  );
  expect(placement.choice?.host.moref).toBe('h3');
  expect(placement.choice?.nics.map(({ wireId }) => wireId)).toEqual(['web', 'db']);
  // What each of the others lacks, by NIC.
  expect(placement.verdicts.slice(1).map(({ host: { moref }, reasons }) => [moref, reasons])).toEqual([
    ['h1', [{ code: 'no_wire', params: { nic: 2, network: 'db-net', wires: 'db' } }]],
    ['h2', [{ code: 'no_wire', params: { nic: 1, network: 'web-net', wires: 'web, twin, far' } }]],
  ]);
});

test('a server without NICs needs no wire; one with more than a virtual machine takes has no place', () => {
  expect(wiresOf({ presence: [] })).toEqual([]);
  const many = Array.from({ length: 11 }, () => nic(web));
  expect(wiresOf(on('web'), ...many)).toEqual([{ code: 'too_many_nics', params: { asked: 11, atMost: 10 } }]);
});

test('the binding is that of the wire on the chosen host', () => {
  const bindings: PortGroupBinding[] = [
    { kind: 'standard', name: 'VM Network', network: 'network-7' },
    { kind: 'distributed', switchUuid: '50 0f 3c', portgroupKey: 'dvportgroup-9' },
    { kind: 'opaque', opaqueNetworkId: 'ls-1', opaqueNetworkType: 'nsx.LogicalSwitch' },
  ];
  for (const binding of bindings) {
    const there = presence('web', 'b-h1', { binding });
    const placement = placeServer(input({ facts: one, presence: [there] }));
    expect(placement.choice?.nics).toEqual([{ wireId: 'web', wireName: 'web', origin: 'primary', binding }]);
  }
});
