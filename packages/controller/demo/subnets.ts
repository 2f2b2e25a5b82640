/** A network that the administrator of the demo's vCenter knows of, by the wire that it lies on. */
export interface Subnet {
  readonly name: string;
  readonly wire: string;
  /** Where two wires have one name, the datacenter tells which is meant. */
  readonly datacenter: string;
  readonly cidr: string;
  readonly gateway: string | null;
  readonly companion?: string;
}

const at = (datacenter: string, [name, wire, cidr, gateway]: readonly [string, string, string, string]) => ({
  name,
  wire,
  datacenter,
  cidr,
  gateway,
});

/** The first network, made in slow motion. */
export const web: Subnet = at('Shanghai', ['sh-web', 'sh-web-prod', '10.20.10.0/24', '10.20.10.1']);

/** On a wire whose name both datacenters have. */
export const production: Subnet = at('Shanghai', [
  'sh-production',
  'Production',
  '10.20.40.0/24',
  '10.20.40.1',
]);

/** Its administrator typed too narrow a range at first. */
export const office = {
  name: 'fr-office',
  wire: 'fr-office',
  start: '10.30.60.21',
  end: '10.30.60.23',
  prefixLength: 23,
  gateway: '10.30.60.1',
} as const;

export const others: readonly Subnet[] = [
  at('Shanghai', ['sh-blue', 'sh-web/blue', '10.20.11.0/24', '10.20.11.1']),
  at('Shanghai', ['sh-app', 'sh-app-prod', '10.20.20.0/24', '10.20.20.1']),
  at('Shanghai', ['sh-db', 'sh-db-prod', '10.20.30.0/24', '10.20.30.1']),
  at('Shanghai', ['sh-k8s', 'sh-k8s', '10.20.50.0/24', '10.20.50.1']),
  at('Shanghai', ['sh-segment', 'seg-web', '10.20.80.0/24', '10.20.80.1']),
  at('Shanghai', ['sh-opaque', 'seg-opaque', '10.20.81.0/24', '10.20.81.1']),
  at('Shanghai', ['sh-kiosk', 'sh-pvlan-isolated', '10.20.90.0/24', '10.20.90.1']),
  at('Shanghai', ['sh-admin', 'VM Network', '10.20.1.0/24', '10.20.1.1']),
  at('Shanghai', ['sh-backup', 'Backup', '10.20.70.0/24', '10.20.70.1']),
  at('Shanghai', ['sh-legacy', 'DMZ/Legacy', '172.16.30.0/24', '172.16.30.1']),
  at('Frankfurt', ['fr-web', 'fr-web', '10.30.10.0/24', '10.30.10.1']),
  at('Frankfurt', ['fr-db', 'fr-db', '10.30.20.0/24', '10.30.20.1']),
  at('Frankfurt', ['fr-voice', 'fr-voice', '10.30.30.0/26', '10.30.30.1']),
  at('Frankfurt', ['fr-production', 'Production', '10.30.40.0/24', '10.30.40.1']),
  {
    name: 'sh-web-v6',
    wire: 'sh-web-prod',
    datacenter: 'Shanghai',
    cidr: '2001:db8:20:10::/64',
    gateway: null,
    companion: web.name,
  },
];
