/** The pages that `npm run screenshots` takes pictures of. A new page gets its line here. */
export interface Shot {
  /** Of the file, and what `--only` names. */
  readonly name: string;
  /**
   * Where the page is. `{servers}` becomes the id of the first object that `/api/v1/servers` lists, and so for every
   * list; `{servers?q=web}` the first of those. Where there is none, no picture is taken.
   */
  readonly path: string;
  /** Who nobody is signed in for. */
  readonly signedOut?: boolean;
  /** What is there once the page is worth a picture, as a CSS selector, beside its heading. */
  readonly waitFor?: string;
}

export const pages: readonly Shot[] = [
  { name: 'sign-in', path: '/sign-in', signedOut: true },
  { name: 'start', path: '/start' },
  { name: 'overview', path: '/' },
  { name: 'unresolved', path: '/unresolved' },
  { name: 'proposals', path: '/proposals' },
  { name: 'networks', path: '/networks' },
  { name: 'network-new', path: '/networks/new' },
  { name: 'network', path: '/networks/{networks}' },
  { name: 'servers', path: '/servers' },
  { name: 'server-new', path: '/servers/new' },
  { name: 'server', path: '/servers/{servers}' },
  { name: 'nics', path: '/nics' },
  { name: 'nic', path: '/nics/{nics}' },
  { name: 'nic-unresolved', path: '/nics/{nics?unresolved=true}' },
  { name: 'wires', path: '/wires' },
  { name: 'wire', path: '/wires/{wires}' },
  { name: 'wire-path', path: '/wires/{wires?q=prod}?server={servers?q=web}', waitFor: '.wb-lane' },
  { name: 'wire-table', path: '/wires/{wires?q=prod}?view=table' },
  { name: 'hosts', path: '/hosts' },
  { name: 'host', path: '/hosts/{hosts}' },
  { name: 'addresses', path: '/addresses' },
  { name: 'address', path: '/addresses/10.20.20.11' },
  { name: 'conflicts', path: '/conflicts' },
  { name: 'conflict', path: '/conflicts/{conflicts}' },
  { name: 'findings', path: '/findings' },
  { name: 'reservations', path: '/reservations' },
  { name: 'accounts', path: '/accounts' },
  { name: 'account', path: '/accounts/{cloud-accounts}' },
  { name: 'sync-runs', path: '/sync-runs' },
  { name: 'sync-run', path: '/sync-runs/{sync-runs}' },
  { name: 'operations', path: '/operations' },
  { name: 'operation', path: '/operations/{operations}' },
  { name: 'audit', path: '/audit' },
  { name: 'spaces', path: '/spaces' },
  { name: 'compare', path: '/compare' },
  { name: 'compare-addresses', path: '/compare?part=addresses' },
  { name: 'compare-declarations', path: '/compare?part=declarations' },
  { name: 'search', path: '/search?q=10.' },
  { name: 'search-pasted', path: '/search?q=10.20.20.11+10.20.10.11+192.0.2.5' },
  { name: 'settings', path: '/settings' },
  { name: 'nothing-here', path: '/nowhere' },
];
