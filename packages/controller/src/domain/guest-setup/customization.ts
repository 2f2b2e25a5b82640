import { formatAddress } from '../addresses.ts';
import type {
  AdapterMapping,
  CustomizationSpec,
  IpSettings,
  LinuxPrep,
  Sysprep,
} from './customization-spec.ts';
import {
  addressesOf,
  defaultGateways,
  type GuestNic,
  type GuestRefusal,
  type GuestSetup,
  isOnLink,
  type Told,
  unionOf,
} from './guest-setup.ts';
import { hostNameOf } from './host-name.ts';

/** What Windows asks for beyond what the guest shall be. */
export interface WindowsDetails {
  readonly fullName: string;
  readonly orgName: string;
  readonly workgroup: string;
  /** An index of Microsoft's (support.microsoft.com/help/973627). */
  readonly timeZone: number;
}

/** Sysprep wants an answer to each of these. 90 is Greenwich without summer time, which is UTC. */
export const windowsDetails: WindowsDetails = {
  fullName: 'Administrator',
  orgName: 'Wirebook',
  workgroup: 'WORKGROUP',
  timeZone: 90,
};

/** What was asked for, and customization doesn't tell the guest, though it comes up all the same. */
export type Untold =
  | { readonly code: 'customization_ntp'; readonly params: Readonly<Record<string, never>> }
  /** A NIC without an IPv4 address asks a DHCP server for one. NICs count from 1. */
  | { readonly code: 'customization_asks_dhcp'; readonly params: { readonly nic: number } };

export interface Customization {
  readonly spec: CustomizationSpec;
  readonly untold: readonly Untold[];
}

/** The specification for CustomizeVM_Task, or why the guest can't be set up so; all of it can be asked before there is a VM, with any MACs. */
export function customizationOf(
  setup: GuestSetup,
  windows: WindowsDetails = windowsDetails,
): Told<Customization> {
  const refusals = refusalsOf(setup);
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const isWindows = setup.os === 'windows';
  const spec: CustomizationSpec = {
    options: isWindows
      ? // A false changeSID is an error since Windows Vista, and a true deleteAccounts is ignored.
        { $type: 'CustomizationWinOptions', changeSID: true, deleteAccounts: false, reboot: 'reboot' }
      : { $type: 'CustomizationLinuxOptions' },
    identity: isWindows ? sysprep(setup, windows) : linuxPrep(setup),
    globalIPSettings: globalSettings(setup),
    nicSettingMap: mappings(setup),
  };
  return { kind: 'told', value: { spec, untold: untoldOf(setup) } };
}

function refusalsOf(setup: GuestSetup): GuestRefusal[] {
  const refusals: GuestRefusal[] = [];
  if (setup.sshKeys.length > 0) refusals.push({ code: 'customization_ssh_keys', params: {} });
  // `scriptText` is 1,500 bytes at most, and VMware Tools refuse to run it unless the image was told to let them.
  if (setup.userData !== null) refusals.push({ code: 'customization_user_data', params: {} });
  // CustomizationLinuxPrep has had a password since vSphere 9.1 only, which is newer than the client speaks.
  if (setup.os === 'linux' && setup.password !== null)
    refusals.push({ code: 'customization_linux_password', params: {} });
  const gateways = defaultGateways(setup.nics, 4);
  for (const [index, nic] of setup.nics.entries()) {
    const own = addressesOf(nic, 4);
    const [first] = own;
    const gateway = gateways[index] ?? null;
    if (own.length > 1)
      refusals.push({ code: 'customization_several_ipv4', params: { nic: index + 1, count: own.length } });
    // There is no way to say that such a gateway is on the link, and neither guest takes it without.
    else if (first !== undefined && gateway !== null && !isOnLink(nic, gateway))
      refusals.push({
        code: 'customization_gateway_off_link',
        params: { nic: index + 1, gateway, address: `${first.ip}/${first.prefixLength}` },
      });
  }
  return refusals;
}

function untoldOf({ nics }: GuestSetup): Untold[] {
  const asking = nics.flatMap((nic, index) => (addressesOf(nic, 4).length === 0 ? [index + 1] : []));
  return [
    ...(nics.some((nic) => nic.ntp.length > 0) ? [{ code: 'customization_ntp' as const, params: {} }] : []),
    ...asking.map((nic) => ({ code: 'customization_asks_dhcp' as const, params: { nic } })),
  ];
}

function linuxPrep({ hostName, domain }: GuestSetup): LinuxPrep {
  return {
    $type: 'CustomizationLinuxPrep',
    hostName: { $type: 'CustomizationFixedName', name: hostName },
    // It has to be there, and may be empty.
    domain: domain ?? '',
    hwClockUTC: true,
  };
}

function sysprep({ hostName, password }: GuestSetup, details: WindowsDetails): Sysprep {
  return {
    $type: 'CustomizationSysprep',
    guiUnattended: {
      ...(password !== null && { password: { value: password, plainText: true as const } }),
      timeZone: details.timeZone,
      autoLogon: false,
      autoLogonCount: 0,
    },
    userData: {
      fullName: details.fullName,
      orgName: details.orgName,
      computerName: { $type: 'CustomizationFixedName', name: hostNameOf(hostName, 'windows') },
      productId: '',
    },
    identification: { joinWorkgroup: details.workgroup },
  };
}

/** Linux takes DNS servers from here only, Windows only from its adapters; suffixes both take from here. */
function globalSettings({ nics, os }: GuestSetup): CustomizationSpec['globalIPSettings'] {
  const suffixes = unionOf(nics, (nic) => nic.searchDomains);
  const servers = os === 'linux' ? unionOf(nics, (nic) => nic.dns) : [];
  return {
    ...(suffixes.length > 0 && { dnsSuffixList: suffixes }),
    ...(servers.length > 0 && { dnsServerList: servers }),
  };
}

/** One entry for each NIC of the VM: another number of them fails with NicSettingMismatch. vSphere 7.0 wants them in PCI order besides. */
function mappings({ nics, os, domain }: GuestSetup): AdapterMapping[] {
  const defaults4 = defaultGateways(nics, 4);
  const defaults6 = defaultGateways(nics, 6);
  return nics.map((nic, index) => {
    const gateways = { v4: defaults4[index] ?? null, v6: defaults6[index] ?? null };
    const suffix = nic.searchDomains[0] ?? domain;
    const names: Pick<IpSettings, 'dnsServerList' | 'dnsDomain'> = {
      ...(nic.dns.length > 0 && { dnsServerList: nic.dns }),
      ...(suffix !== null && { dnsDomain: suffix }),
    };
    return {
      macAddress: nic.mac,
      adapter: { ...addressing(nic, gateways), ...(os === 'windows' && names) },
    };
  });
}

/**
 * vCenter wants a generator of an IPv4 address for every adapter. One that has none asks by DHCP, which also is what a NIC does that is left to
 * itself: CustomizationUnknownIpGenerator is for specifications that a person completes and isn't accepted here, and CustomizationDisableIpV4
 * has come with vSphere 9.1. Without a DHCP server such a guest waits at its first boot until it gives up asking.
 */
function addressing(nic: GuestNic, gateways: { v4: string | null; v6: string | null }): IpSettings {
  const [fixed] = addressesOf(nic, 4);
  const v6 = addressesOf(nic, 6);
  return {
    ...(fixed === undefined
      ? { ip: { $type: 'CustomizationDhcpIpGenerator' } }
      : {
          ip: { $type: 'CustomizationFixedIp', ipAddress: fixed.ip },
          subnetMask: maskOf(fixed.prefixLength),
          ...(gateways.v4 !== null && { gateway: [gateways.v4] }),
        }),
    ...(v6.length > 0 && {
      ipV6Spec: {
        ip: v6.map(({ ip, prefixLength }) => ({
          $type: 'CustomizationFixedIpV6' as const,
          ipAddress: ip,
          subnetMask: prefixLength,
        })),
        ...(gateways.v6 !== null && { gateway: [gateways.v6] }),
      },
    }),
  };
}

function maskOf(prefixLength: number): string {
  return formatAddress({ family: 4, value: ((1n << 32n) - 1n) ^ ((1n << BigInt(32 - prefixLength)) - 1n) });
}
