import type { Network, Server, TakenAddress } from '@wirebook/contract';

/** The columns that NetBox's import of IP addresses takes. */
export const netboxColumns = ['address', 'status', 'dns_name', 'description', 'vrf'] as const;
export type NetboxRow = Readonly<Record<(typeof netboxColumns)[number], string>>;

/** What NetBox lets a DNS name be, and how long a description. */
const DNS_NAME = /^[0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*\.?$/;
const DESCRIPTION_AT_MOST = 200;

/** A row for each address that somebody has; an address space other than `default` is a VRF of that name. */
export function netboxRows(book: {
  addresses: readonly TakenAddress[];
  networks: readonly Network[];
  servers: readonly Server[];
}): NetboxRow[] {
  const prefixes = new Map(book.networks.map((network) => [network.id, network.prefixLength]));
  const hostNames = new Map(book.servers.map((server) => [server.id, server.guestHostName]));
  return book.addresses.map((address) => {
    const { ip, network, space, server, holder, state } = address;
    const single = ip.includes(':') ? 128 : 32;
    const name = server?.name ?? holder?.name ?? '';
    const dns = (server === null ? null : hostNames.get(server.id)) ?? name;
    const said = [name, holder?.owner, holder?.note, address.key].filter(Boolean).join(', ');
    return {
      address: `${ip}/${prefixes.get(network.id) ?? single}`,
      status: state === 'held' && holder === null ? 'reserved' : 'active',
      dns_name: DNS_NAME.test(dns) && dns.length <= 255 ? dns.toLowerCase() : '',
      description: said.replaceAll(/\s+/g, ' ').slice(0, DESCRIPTION_AT_MOST),
      vrf: space.name === 'default' ? '' : space.name,
    };
  });
}
