import type { QueryClient } from '@tanstack/react-query';
import { api, ask } from './api.ts';
import { paths } from './paths.ts';
import { sessionOptions } from './session.ts';

/** Status of the book: the navigation and the overview show it. */
export const statusOptions = {
  queryKey: ['status'],
  queryFn: ({ signal }: { signal: AbortSignal }) => ask(api.GET('/api/v1/status', { signal })),
};

/** How many NICs have a record, and why the others have none. */
export const nicSummaryOptions = {
  queryKey: ['nics', 'summary', undefined],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ask(api.GET('/api/v1/nics/summary', { params: { query: {} }, signal })),
};

/** Asks for what the first page shows while its scripts and texts are still under way; of whoever isn't signed in, for nothing. */
export async function fetchFirstData(queries: QueryClient, path: string): Promise<void> {
  const session = await queries.fetchQuery(sessionOptions).catch(() => null);
  if (session === null) return;
  await Promise.all([
    queries.prefetchQuery(statusOptions),
    ...(path === paths.overview ? [queries.prefetchQuery(nicSummaryOptions)] : []),
  ]);
}
