import type { GuestNic } from '../../domain/guest-setup/guest-setup.ts';
import type { NetworkOfServer } from '../../store/server-networks.ts';

/** What the networks say of NICs that have these addresses. Pure. */
export function nicSetups(
  nics: readonly {
    readonly mac: string;
    readonly addresses: readonly { readonly ip: string; readonly networkId: string }[];
  }[],
  networks: ReadonlyMap<string, NetworkOfServer>,
): { nics: GuestNic[]; domain: string | null } {
  const setups = nics.map(({ mac, addresses }) => {
    const known = addresses.flatMap(({ ip, networkId }) => {
      const network = networks.get(networkId);
      return network === undefined ? [] : [{ ip, network }];
    });
    const gatewayOf = (family: 4 | 6): string | null =>
      known.find(({ network }) => network.family === family && network.gateway !== null)?.network.gateway ??
      null;
    const domains = known.flatMap(({ network }) => network.domain ?? []);
    return {
      domains,
      nic: {
        mac,
        addresses: known.map(({ ip, network }) => ({ ip, prefixLength: network.prefixLength })),
        gateway4: gatewayOf(4),
        gateway6: gatewayOf(6),
        dns: [...new Set(known.flatMap(({ network }) => network.dns))],
        searchDomains: [...new Set(domains)],
        ntp: [...new Set(known.flatMap(({ network }) => network.ntp))],
      },
    };
  });
  return {
    nics: setups.map(({ nic }) => nic),
    domain: setups.flatMap(({ domains }) => domains)[0] ?? null,
  };
}
