import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from '@tanstack/react-router';
import { type PageName, paths } from './paths.ts';
import { Shell } from './shell/shell.tsx';
import { NothingHere } from './shell/nothing-here.tsx';
import { PageFailed } from './shell/page-failed.tsx';

/** A page is loaded when it is gone to. */
const pages: Record<PageName, RouteComponent> = {
  overview: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
  signIn: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
  start: lazyRouteComponent(() => import('./pages/start/start-page.tsx'), 'StartPage'),
  unresolved: lazyRouteComponent(() => import('./pages/unresolved/unresolved-page.tsx'), 'UnresolvedPage'),
  proposals: lazyRouteComponent(() => import('./pages/proposals/proposals-page.tsx'), 'ProposalsPage'),
  networks: lazyRouteComponent(() => import('./pages/networks/networks-page.tsx'), 'NetworksPage'),
  newNetwork: lazyRouteComponent(() => import('./pages/networks/network-create.tsx'), 'NetworkCreatePage'),
  network: lazyRouteComponent(() => import('./pages/networks/network-page.tsx'), 'NetworkPage'),
  servers: lazyRouteComponent(() => import('./pages/servers/servers-page.tsx'), 'ServersPage'),
  newServer: lazyRouteComponent(() => import('./pages/servers/server-create.tsx'), 'ServerCreatePage'),
  server: lazyRouteComponent(() => import('./pages/servers/server-page.tsx'), 'ServerPage'),
  nics: lazyRouteComponent(() => import('./pages/nics/nics-page.tsx'), 'NicsPage'),
  nic: lazyRouteComponent(() => import('./pages/nics/nic-page.tsx'), 'NicPage'),
  wires: lazyRouteComponent(() => import('./pages/wires/wires-page.tsx'), 'WiresPage'),
  wire: lazyRouteComponent(() => import('./pages/wires/wire-page.tsx'), 'WirePage'),
  hosts: lazyRouteComponent(() => import('./pages/hosts/hosts-page.tsx'), 'HostsPage'),
  host: lazyRouteComponent(() => import('./pages/hosts/host-page.tsx'), 'HostPage'),
  addresses: lazyRouteComponent(() => import('./pages/addresses/addresses-page.tsx'), 'AddressesPage'),
  address: lazyRouteComponent(() => import('./pages/addresses/address-page.tsx'), 'AddressPage'),
  conflicts: lazyRouteComponent(() => import('./pages/conflicts/conflicts-page.tsx'), 'ConflictsPage'),
  conflict: lazyRouteComponent(() => import('./pages/conflicts/conflict-page.tsx'), 'ConflictPage'),
  findings: lazyRouteComponent(() => import('./pages/findings/findings-page.tsx'), 'FindingsPage'),
  reservations: lazyRouteComponent(
    () => import('./pages/reservations/reservations-page.tsx'),
    'ReservationsPage',
  ),
  accounts: lazyRouteComponent(() => import('./pages/accounts/accounts-page.tsx'), 'AccountsPage'),
  account: lazyRouteComponent(() => import('./pages/accounts/account-page.tsx'), 'AccountPage'),
  syncRuns: lazyRouteComponent(() => import('./pages/sync-runs/sync-runs-page.tsx'), 'SyncRunsPage'),
  syncRun: lazyRouteComponent(() => import('./pages/sync-runs/sync-run-page.tsx'), 'SyncRunPage'),
  operations: lazyRouteComponent(() => import('./pages/operations/operations-page.tsx'), 'OperationsPage'),
  operation: lazyRouteComponent(() => import('./pages/operations/operation-page.tsx'), 'OperationPage'),
  audit: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
  spaces: lazyRouteComponent(() => import('./pages/spaces/spaces-page.tsx'), 'SpacesPage'),
  compare: lazyRouteComponent(() => import('./pages/compare/compare-page.tsx'), 'ComparePage'),
  search: lazyRouteComponent(() => import('./pages/search/search-page.tsx'), 'SearchPage'),
  settings: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
};

const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Shell,
  notFoundComponent: NothingHere,
  errorComponent: PageFailed,
});

const pageNames = Object.keys(pages).filter((name): name is PageName => name in paths);
const routeTree = rootRoute.addChildren(
  pageNames.map((name) =>
    createRoute({ getParentRoute: () => rootRoute, path: paths[name], component: pages[name] }),
  ),
);

/** The router of the page. Filters stand in the address as they are, without quotation marks or types. */
export function openRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    // Another object of the same kind is another page: no dialog, selection or half-filled form goes over to it.
    defaultRemountDeps: ({ params }) => params,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const query = new URLSearchParams(
        Object.entries(search).flatMap(([name, value]): [string, string][] =>
          value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
        ),
      ).toString();
      return query === '' ? '' : `?${query}`;
    },
  });
}
