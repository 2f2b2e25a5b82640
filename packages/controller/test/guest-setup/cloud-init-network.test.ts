import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GuestSetup } from '../../src/domain/guest-setup/guest-setup.ts';
import { guestinfoOf } from '../../src/domain/guest-setup/guestinfo.ts';
import { type Boot, type Guests, type RendererName, rendererNames, startGuests } from './support/guest.ts';
import { interfacesOf } from './support/rendered-network.ts';
import {
  anyNics,
  expectedOf,
  namesOf,
  nic4,
  nic6,
  nicBoth,
  nicOf,
  salt,
  setupOf,
  toldBy,
} from './support/setups.ts';

let guests: Guests;
beforeAll(async () => {
  guests = await startGuests();
}, 600_000);
afterAll(() => guests[Symbol.asyncDispose]());

async function bootOf(setup: GuestSetup): Promise<Boot> {
  await using guest = await guests.newGuest();
  return await guest.boot({ guestinfo: toldBy(guestinfoOf(setup, { salt })), names: namesOf(setup) });
}

/** Which kinds of systems a guest of this id can be. */
const KINDS: readonly (readonly [string | null, readonly RendererName[]])[] = [
  [null, rendererNames],
  ['otherLinux64Guest', rendererNames],
  ['debian12_64Guest', ['netplan', 'eni', 'networkd']],
  ['ubuntu64Guest', ['netplan']],
  ['rhel9_64Guest', ['sysconfig', 'network-manager']],
  ['vmwarePhoton64Guest', ['networkd']],
];

async function expectNetwork(setup: GuestSetup, kinds: readonly RendererName[]): Promise<void> {
  const boot = await bootOf(setup);
  const names = namesOf(setup);
  for (const kind of kinds)
    expect([kind, interfacesOf(kind, boot, names)]).toEqual([kind, expectedOf(setup)]);
}

describe('a guest is given exactly the network that was asked for', () => {
  const second = nicOf(1, {
    addresses: [{ ip: '10.30.0.5', prefixLength: 20 }],
    gateway4: '10.30.0.1',
    dns: ['10.30.0.2'],
    searchDomains: ['storage.example.com'],
  });
  const third = nicOf(2, {
    addresses: [
      { ip: '192.168.7.9', prefixLength: 29 },
      { ip: '2001:db8:7::9', prefixLength: 64 },
    ],
    gateway4: '192.168.7.14',
    gateway6: '2001:db8:7::1',
    dns: ['2001:db8:7::2'],
  });
  const setups: readonly (readonly [string, GuestSetup['nics']])[] = [
    ['one NIC, IPv4', [nic4]],
    ['one NIC, IPv6', [nic6]],
    ['one NIC, both', [nicBoth]],
    ['one NIC, IPv6 with a link-local gateway', [{ ...nicBoth, gateway6: 'fe80::1' }]],
    ['one NIC without a gateway', [{ ...nicBoth, gateway4: null, gateway6: null }]],
    ['three NICs, IPv4, IPv4 and both', [nic4, second, third]],
    ['three NICs, the first left to itself', [nicOf(0, {}), second, third]],
    [
      'point-to-point, /31 and /127',
      [
        nicOf(0, {
          addresses: [
            { ip: '10.0.0.1', prefixLength: 31 },
            { ip: '2001:db8::1', prefixLength: 127 },
          ],
          gateway4: '10.0.0.0',
          gateway6: '2001:db8::',
        }),
      ],
    ],
    [
      'several addresses of a family',
      [
        nicOf(0, {
          addresses: [
            { ip: '10.0.0.5', prefixLength: 24 },
            { ip: '10.0.0.6', prefixLength: 24 },
            { ip: '2001:db8::5', prefixLength: 64 },
            { ip: '2001:db8::6', prefixLength: 64 },
          ],
          gateway4: '10.0.0.1',
          gateway6: '2001:db8::1',
        }),
      ],
    ],
  ];
  test.each(setups)('%s', async (_name, nics) => {
    for (const [guestId, kinds] of KINDS) await expectNetwork(setupOf({ nics, guestId }), kinds);
  });

  test('whatever NICs it has', async () => {
    await fc.assert(
      fc.asyncProperty(anyNics, fc.constantFrom(...KINDS), async (nics, [guestId, kinds]) => {
        await expectNetwork(setupOf({ nics, guestId }), kinds);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a gateway outside of the prefix', () => {
  const nics = [
    nicOf(0, {
      addresses: [
        { ip: '10.0.0.5', prefixLength: 32 },
        { ip: '2001:db8::5', prefixLength: 128 },
      ],
      gateway4: '10.9.9.1',
      gateway6: '2001:db8:9::1',
    }),
  ];

  test('is the default gateway', async () => {
    for (const [guestId, kinds] of KINDS) await expectNetwork(setupOf({ nics, guestId }), kinds);
  });

  test('is on the link for netplan, where that is what the guest has', async () => {
    const { netplan } = await bootOf(setupOf({ nics, guestId: 'ubuntu64Guest' }));
    expect(netplan?.ethernets['nic0']?.routes).toEqual([
      { to: '0.0.0.0/0', via: '10.9.9.1', 'on-link': true },
      { to: '::/0', via: '2001:db8:9::1', 'on-link': true },
    ]);
  });
});

describe('how the network is told', () => {
  test('interfaces keep the names that the guest gives them', async () => {
    const setup = setupOf({ nics: [nic4, { ...nic6, mac: nicOf(1, {}).mac }] });
    const boot = await bootOf(setup);
    expect(Object.keys(boot.rendered?.networkd ?? {}).toSorted()).toEqual([
      '/etc/systemd/network/10-cloud-init-ens192.network',
      '/etc/systemd/network/10-cloud-init-ens224.network',
    ]);
    expect(JSON.stringify(boot.netplan)).not.toContain('set-name');
  });

  test('router announcements are ignored where the router is known, and heard where it is not', async () => {
    const known = await bootOf(setupOf({ nics: [nic6] }));
    const unknown = await bootOf(setupOf({ nics: [{ ...nic6, gateway6: null }] }));
    expect(known.netplan?.ethernets['nic0']?.['accept-ra']).toBe(false);
    expect(unknown.netplan?.ethernets['nic0']).not.toHaveProperty('accept-ra');
  });

  test('cloud-init has nothing to say against it but that gateways by themselves are of the past', async () => {
    for (const guestId of ['ubuntu64Guest', 'rhel9_64Guest', null]) {
      const { complaints } = await bootOf(setupOf({ nics: [nic4, nicOf(1, {})], guestId }));
      const others = complaints.filter(
        (text) => guestId !== null || !text.includes('`gateway4` and `gateway6`'),
      );
      expect(others).toEqual([]);
    }
  });
});
