import type { GuestStackInfo } from '@wirebook/vsphere';
import {
  formatAddress,
  isLinkLocal,
  isRoutableUnicast,
  parseAddress,
  unmapAddress,
} from '../domain/addresses.ts';
import type { GuestRouting } from './observations.ts';

/** A guest may say what it likes; nobody needs more of these than so many. */
const AT_MOST = 16;

/**
 * Where a guest sends what is not for its own links, and whom it asks for names. `deviceOf` tells the virtual device of the interface with
 * this number in the report: its key, -1 for one that exists only inside the guest, null where that isn't known.
 */
export function observeRouting(
  stacks: readonly GuestStackInfo[],
  deviceOf: (interfaceNumber: number) => number | null,
): GuestRouting {
  const gateways = new Map<string, GuestRouting['gateways'][number]>();
  const dns = new Set<string>();
  let domain: string | null = null;
  for (const stack of stacks) {
    for (const route of stack.ipRouteConfig?.ipRoute ?? []) {
      if (route.prefixLength !== 0 || gateways.size >= AT_MOST) continue;
      const ip = readGateway(route.gateway?.ipAddress);
      if (ip === null) continue;
      const named = route.gateway?.device;
      const device = named !== undefined && /^\d{1,4}$/.test(named) ? deviceOf(Number(named)) : null;
      gateways.set(`${ip} ${device}`, { ip, device });
    }
    for (const text of stack.dnsConfig?.ipAddress ?? []) {
      const ip = readDns(text);
      if (ip !== null && dns.size < AT_MOST) dns.add(ip);
    }
    domain ??= readDomain(stack.dnsConfig?.domainName) ?? readDomain(stack.dnsConfig?.searchDomain?.[0]);
  }
  return { gateways: [...gateways.values()], dns: [...dns], domain };
}

function readGateway(text: string | undefined): string | null {
  const parsed = parseAddress((text ?? '').trim().replace(/%.*$/, ''));
  if (parsed === null) return null;
  const address = unmapAddress(parsed);
  // A router is known by its link-local address in IPv6 (RFC 4861), never in IPv4.
  const usable = isRoutableUnicast(address) || (address.family === 6 && isLinkLocal(address));
  return usable ? formatAddress(address) : null;
}

function readDns(text: string): string | null {
  const parsed = parseAddress(text.trim().replace(/%.*$/, ''));
  if (parsed === null) return null;
  const address = unmapAddress(parsed);
  return isRoutableUnicast(address) ? formatAddress(address) : null;
}

function readDomain(text: string | undefined): string | null {
  const name = (text ?? '').trim().replace(/\.$/, '').toLowerCase();
  const isName = name.length <= 253 && /^(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/.test(name);
  return isName && name !== 'localdomain' ? name : null;
}
