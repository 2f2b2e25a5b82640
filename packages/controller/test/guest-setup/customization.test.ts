import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { customizationOf, windowsDetails } from '../../src/domain/guest-setup/customization.ts';
import type { CustomizationSpec } from '../../src/domain/guest-setup/customization-spec.ts';
import type { GuestSetup } from '../../src/domain/guest-setup/guest-setup.ts';
import { guestinfoOf } from '../../src/domain/guest-setup/guestinfo.ts';
import { sorted, type Interfaces } from './support/rendered-network.ts';
import {
  anyNics,
  expectedOf,
  macOf,
  nic4,
  nic6,
  nicBoth,
  nicOf,
  salt,
  setupOf,
  sshKey,
  toldBy,
} from './support/setups.ts';

function refusalsOf(of: Partial<GuestSetup>): readonly object[] {
  const told = customizationOf(setupOf(of));
  return told.kind === 'refused' ? told.refusals : [];
}

/** What the specification says of each NIC, read back. */
function interfacesOf(
  { nicSettingMap, globalIPSettings }: CustomizationSpec,
  os: GuestSetup['os'],
): Interfaces {
  const entries = nicSettingMap.map(({ macAddress, adapter }) => {
    const { ip, subnetMask = '', ipV6Spec } = adapter;
    const bits = subnetMask.split('.').map((octet) => Number(octet).toString(2));
    const length = bits.join('').replaceAll('0', '').length;
    const v4 = ip.$type === 'CustomizationFixedIp' ? [`${ip.ipAddress}/${length}`] : [];
    const v6 = (ipV6Spec?.ip ?? []).map((one) => `${one.ipAddress}/${one.subnetMask}`);
    return [
      macAddress,
      sorted({
        addresses: [...v4, ...v6],
        gateways: [...(adapter.gateway ?? []), ...(ipV6Spec?.gateway ?? [])],
        dns: (os === 'windows' ? adapter.dnsServerList : globalIPSettings.dnsServerList) ?? [],
        search: globalIPSettings.dnsSuffixList ?? [],
      }),
    ] as const;
  });
  return Object.fromEntries(entries);
}

describe('customization of Linux', () => {
  test('says all of one NIC with both families', () => {
    expect(toldBy(customizationOf(setupOf({ nics: [nicBoth] })))).toEqual({
      spec: {
        options: { $type: 'CustomizationLinuxOptions' },
        identity: {
          $type: 'CustomizationLinuxPrep',
          hostName: { $type: 'CustomizationFixedName', name: 'web1' },
          domain: 'example.com',
          hwClockUTC: true,
        },
        globalIPSettings: {
          dnsSuffixList: ['example.com', 'corp.example.com'],
          dnsServerList: ['10.20.0.2', '10.20.0.3', '2001:db8:20::2'],
        },
        nicSettingMap: [
          {
            macAddress: macOf(0),
            adapter: {
              ip: { $type: 'CustomizationFixedIp', ipAddress: '10.20.0.5' },
              subnetMask: '255.255.255.0',
              gateway: ['10.20.0.1'],
              ipV6Spec: {
                ip: [{ $type: 'CustomizationFixedIpV6', ipAddress: '2001:db8:20::5', subnetMask: 64 }],
                gateway: ['2001:db8:20::1'],
              },
            },
          },
        ],
      },
      untold: [],
    });
  });

  test('has an empty domain where there is none, and no settings that nobody made', () => {
    const nics = [nicOf(0, { addresses: nic4.addresses })];
    const { spec } = toldBy(customizationOf(setupOf({ domain: null, nics })));
    expect(spec.identity).toMatchObject({ domain: '' });
    expect(spec.globalIPSettings).toEqual({});
    expect(spec.nicSettingMap[0]?.adapter).toEqual({
      ip: { $type: 'CustomizationFixedIp', ipAddress: '10.20.0.5' },
      subnetMask: '255.255.255.0',
    });
  });

  test('asks by DHCP on a NIC without an IPv4 address, and says so', () => {
    const nics = [nic4, { ...nic6, mac: macOf(1), ntp: ['10.0.0.1'] }, nicOf(2, {})];
    const { spec, untold } = toldBy(customizationOf(setupOf({ nics })));
    expect(spec.nicSettingMap.map(({ adapter }) => adapter.ip.$type)).toEqual([
      'CustomizationFixedIp',
      'CustomizationDhcpIpGenerator',
      'CustomizationDhcpIpGenerator',
    ]);
    expect(untold).toEqual([
      { code: 'customization_ntp', params: {} },
      { code: 'customization_asks_dhcp', params: { nic: 2 } },
      { code: 'customization_asks_dhcp', params: { nic: 3 } },
    ]);
  });
});

describe('customization of Windows', () => {
  const setup = setupOf({
    nics: [nic4],
    os: 'windows',
    password: 'Geheim-1',
    hostName: 'frontend-production-1',
  });

  test('is a sysprep, with DNS on the adapter', () => {
    const { spec } = toldBy(customizationOf(setup));
    expect(spec.options).toEqual({
      $type: 'CustomizationWinOptions',
      changeSID: true,
      deleteAccounts: false,
      reboot: 'reboot',
    });
    expect(spec.identity).toEqual({
      $type: 'CustomizationSysprep',
      guiUnattended: {
        password: { value: 'Geheim-1', plainText: true },
        timeZone: 90,
        autoLogon: false,
        autoLogonCount: 0,
      },
      userData: {
        fullName: 'Administrator',
        orgName: 'Wirebook',
        computerName: {
          $type: 'CustomizationFixedName',
          name: expect.stringMatching(/^frontend-p-[0-9a-f]{4}$/),
        },
        productId: '',
      },
      identification: { joinWorkgroup: 'WORKGROUP' },
    });
    expect(spec.globalIPSettings).toEqual({ dnsSuffixList: ['example.com', 'corp.example.com'] });
    expect(spec.nicSettingMap[0]?.adapter).toMatchObject({
      dnsServerList: ['10.20.0.2', '10.20.0.3'],
      dnsDomain: 'example.com',
    });
  });

  test('takes an owner, a workgroup and a time zone, and needs no password', () => {
    const told = customizationOf(
      { ...setup, password: null },
      { ...windowsDetails, workgroup: 'LAB', timeZone: 110 },
    );
    const { identity } = toldBy(told).spec;
    expect(identity).toMatchObject({ identification: { joinWorkgroup: 'LAB' } });
    expect(identity).toMatchObject({ guiUnattended: { timeZone: 110 } });
    expect(identity).not.toHaveProperty('guiUnattended.password');
  });

  test('is the only way: cloud-init is not for it', () => {
    expect(guestinfoOf(setup, { salt })).toEqual({
      kind: 'refused',
      refusals: [{ code: 'cloud_init_on_windows', params: {} }],
    });
  });
});

describe('what customization says of the network', () => {
  test('is what was asked for, whatever NICs there are', () => {
    fc.assert(
      fc.property(anyNics, fc.constantFrom('linux' as const, 'windows' as const), (nics, os) => {
        const { spec } = toldBy(customizationOf(setupOf({ nics, os })));
        const said = interfacesOf(spec, os);
        const asked = expectedOf(setupOf({ nics }));
        const all = <K extends 'dns' | 'searchDomains'>(key: K): string[] => nics.flatMap((nic) => nic[key]);
        for (const nic of nics) {
          const dns = os === 'linux' ? all('dns') : nic.dns;
          const { addresses = [], gateways = [] } = asked[nic.mac] ?? {};
          expect(said[nic.mac]).toEqual(sorted({ addresses, gateways, dns, search: all('searchDomains') }));
        }
      }),
    );
  });
});

describe('customization refuses', () => {
  test('keys, user data and a password on Linux', () => {
    expect(refusalsOf({ sshKeys: [sshKey], userData: '#!/bin/sh\n', password: 'x' })).toEqual([
      { code: 'customization_ssh_keys', params: {} },
      { code: 'customization_user_data', params: {} },
      { code: 'customization_linux_password', params: {} },
    ]);
    expect(refusalsOf({ os: 'windows', password: 'x' })).toEqual([]);
  });

  test('several IPv4 addresses on one NIC, though not several of IPv6', () => {
    const two = nicOf(1, { addresses: [...nic4.addresses, { ip: '10.20.0.6', prefixLength: 24 }] });
    expect(refusalsOf({ nics: [nic4, two] })).toEqual([
      { code: 'customization_several_ipv4', params: { nic: 2, count: 2 } },
    ]);
    const six = { ...nic6, addresses: [...nic6.addresses, { ip: '2001:db8:20::6', prefixLength: 64 }] };
    expect(refusalsOf({ nics: [six] })).toEqual([]);
  });

  test('a default gateway outside of the prefix, and no other', () => {
    const far = nicOf(0, { addresses: [{ ip: '10.0.0.5', prefixLength: 32 }], gateway4: '10.9.9.1' });
    expect(refusalsOf({ nics: [far] })).toEqual([
      {
        code: 'customization_gateway_off_link',
        params: { nic: 1, gateway: '10.9.9.1', address: '10.0.0.5/32' },
      },
    ]);
    expect(refusalsOf({ nics: [nic4, { ...far, mac: macOf(1) }] })).toEqual([]);
  });
});

describe('guestinfo', () => {
  test('refuses what is more than a guest can read', () => {
    // Nothing that packing could shorten.
    const noise = (count: number, seed: string): string =>
      Array.from({ length: count }, (_, index) =>
        createHash('sha512').update(`${seed} ${index}`).digest('base64'),
      ).join('');
    const sshKeys = Array.from({ length: 20 }, (_, index) => `${sshKey} ${noise(20, `key ${index}`)}`);
    const told = guestinfoOf(setupOf({ userData: `#!/bin/sh\n${noise(450, 'script')}`, sshKeys }), { salt });
    expect(told).toMatchObject({ kind: 'refused', refusals: [{ code: 'guestinfo_too_large' }] });
  });

  test('refuses user data of no kind', () => {
    expect(guestinfoOf(setupOf({ userData: 'echo hi' }), { salt })).toEqual({
      kind: 'refused',
      refusals: [{ code: 'user_data_kind', params: {} }],
    });
  });

  test('is the same text each time', () => {
    const setup = setupOf({ password: 'x', sshKeys: [sshKey], userData: '#!/bin/sh\n' });
    expect(guestinfoOf(setup, { salt })).toEqual(guestinfoOf(structuredClone(setup), { salt }));
  });
});
