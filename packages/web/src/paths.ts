/** Where everything of the page is. Links are made from these, and the router reads the same. */
export const paths = {
  overview: '/',
  signIn: '/sign-in',
  start: '/start',
  unresolved: '/unresolved',
  proposals: '/proposals',
  networks: '/networks',
  newNetwork: '/networks/new',
  network: '/networks/$id',
  servers: '/servers',
  newServer: '/servers/new',
  server: '/servers/$id',
  nics: '/nics',
  nic: '/nics/$id',
  wires: '/wires',
  wire: '/wires/$id',
  hosts: '/hosts',
  host: '/hosts/$id',
  addresses: '/addresses',
  address: '/addresses/$ip',
  conflicts: '/conflicts',
  conflict: '/conflicts/$id',
  findings: '/findings',
  reservations: '/reservations',
  accounts: '/accounts',
  account: '/accounts/$id',
  syncRuns: '/sync-runs',
  syncRun: '/sync-runs/$id',
  operations: '/operations',
  operation: '/operations/$id',
  audit: '/audit',
  spaces: '/spaces',
  compare: '/compare',
  search: '/search',
  settings: '/settings',
} as const;

export type PageName = keyof typeof paths;

/** Where a link or a step goes, as the router takes it. */
export interface Destination {
  readonly to: string;
  readonly params: Record<string, string>;
  readonly search: Record<string, string>;
}

/** A page, for `<Link {...linkTo('server', id)}>` and `navigate(linkTo('servers', undefined, { q }))`. */
export function linkTo(page: PageName, id?: string, query?: Record<string, string | undefined>): Destination {
  const path = paths[page];
  const parameter = /\$(\w+)/.exec(path)?.[1];
  return {
    to: path,
    params: parameter === undefined || id === undefined ? {} : { [parameter]: id },
    search: Object.fromEntries(
      Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}
