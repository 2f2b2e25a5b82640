import type { Family } from '../addresses.ts';
import {
  addressesOf,
  defaultGateways,
  type GuestNic,
  type GuestSetup,
  isOnLink,
  readIp,
} from './guest-setup.ts';

/**
 * Networking config version 2 of cloud-init, which is also netplan's own. cloud-init hands it to netplan as it is, and translates it for every
 * other system (ifupdown, systemd-networkd, NetworkManager, sysconfig); that translation knows only a part of it.
 */
export interface NetworkConfig {
  readonly version: 2;
  readonly ethernets: Readonly<Record<string, Ethernet>>;
}

interface Ethernet {
  readonly match: { readonly macaddress: string };
  readonly dhcp4: false;
  readonly dhcp6: false;
  readonly 'accept-ra'?: false;
  readonly addresses?: readonly string[];
  readonly gateway4?: string;
  readonly gateway6?: string;
  readonly routes?: readonly Route[];
  readonly nameservers?: { readonly addresses?: readonly string[]; readonly search?: readonly string[] };
  readonly optional?: true;
}

interface Route {
  readonly to: string;
  readonly via: string;
  readonly 'on-link'?: true;
}

/**
 * NICs are matched by MAC and keep the names that the guest gives them: `set-name` would rename them, and what else the image says of them
 * (firewall zones, scripts) would miss its interface. Without it cloud-init looks the name up by the MAC (launchpad.net bug 1855945).
 */
export function networkConfigOf({ nics, guestId }: GuestSetup): NetworkConfig {
  const defaults4 = defaultGateways(nics, 4);
  const defaults6 = defaultGateways(nics, 6);
  const ethernets = nics.map((nic, index) => {
    const gateways = [defaults4[index] ?? null, defaults6[index] ?? null].filter((one) => one !== null);
    return [`nic${index}`, ethernetOf(nic, gateways, guestId)] as const;
  });
  return { version: 2, ethernets: Object.fromEntries(ethernets) };
}

function ethernetOf(nic: GuestNic, gateways: readonly string[], guestId: string | null): Ethernet {
  const base = { match: { macaddress: nic.mac }, dhcp4: false, dhcp6: false } as const;
  // Nothing comes up on it by itself: the guest shall not wait for that when it boots.
  if (nic.addresses.length === 0) return { ...base, optional: true };
  const nameservers = {
    ...(nic.dns.length > 0 && { addresses: nic.dns }),
    ...(nic.searchDomains.length > 0 && { search: nic.searchDomains }),
  };
  return {
    ...base,
    // With a router that is known, announcements would only add addresses and routes that nobody asked for. Without one they are how
    // the guest learns it.
    ...(nic.gateway6 !== null && addressesOf(nic, 6).length > 0 && { 'accept-ra': false as const }),
    addresses: nic.addresses.map(({ ip, prefixLength }) => `${ip}/${prefixLength}`),
    ...defaultRoutes(nic, gateways, guestId),
    ...(Object.keys(nameservers).length > 0 && { nameservers }),
  };
}

/**
 * A default route can be written in two ways, and neither is understood everywhere. All this was seen in what cloud-init 22.4 (Debian 12) and
 * 25.1 (Debian 13) render:
 * - `gateway4` and `gateway6` are read by every renderer of every version, though those from 23.1 to 27.3 note that they are deprecated, which
 *   `cloud-init status` then calls degraded. Netplan doesn't find a gateway outside of the prefix by them.
 * - `routes` is what netplan wants. But for ifupdown it becomes a call of `route`, which Debian no longer installs: no default route. And
 *   `::/0` was a route to `::/64` until 24.1 (github.com/canonical/cloud-init issue 4600), and `on-link` is dropped but by netplan.
 * So a route is written where it is known to be understood, and a gateway otherwise. Never both: sysconfig refuses that as a duplicate.
 */
function defaultRoutes(
  nic: GuestNic,
  gateways: readonly string[],
  guestId: string | null,
): Pick<Ethernet, 'gateway4' | 'gateway6' | 'routes'> {
  const written: { gateway4?: string; gateway6?: string } = {};
  const routes: Route[] = [];
  for (const via of gateways) {
    const { family } = readIp(via);
    const near = isOnLink(nic, via);
    if (understandsRoute(family, near, guestId)) {
      // Never `default`: cloud-init takes networks only.
      const to = family === 4 ? '0.0.0.0/0' : '::/0';
      routes.push({ to, via, ...(!near && { 'on-link': true as const }) });
    } else if (family === 4) written.gateway4 = via;
    else written.gateway6 = via;
  }
  return { ...written, ...(routes.length > 0 && { routes }) };
}

/** As `config.guestId` begins for systems that never had ifupdown. Ubuntu has netplan, and nothing else. */
const WITHOUT_IFUPDOWN =
  /^(?:ubuntu|rhel|redhat|centos|oracleLinux|rockylinux|almalinux|fedora|sles|suse|opensuse|vmwarePhoton|amazonlinux)/;

function understandsRoute(family: Family, near: boolean, guestId: string | null): boolean {
  if (guestId === null || !WITHOUT_IFUPDOWN.test(guestId)) return false;
  return guestId.startsWith('ubuntu') || (family === 4 && near);
}
