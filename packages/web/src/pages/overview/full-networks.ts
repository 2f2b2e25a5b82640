import { useQuery } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../api.ts';

type Network = Schemas['Network'];

/** Per cent: from here on a network is said to be nearly full. The controller's status counts from the same. */
export const NEARLY_FULL = 90;
/** As many full networks as are named one by one. */
const FULL_NAMED = 3;
/** As many as the overview shows beside each other. */
const SHOWN = 12;

/** The networks of whose addresses the most are taken. */
export function useFullest() {
  return useQuery({
    queryKey: ['networks', 'fullest'],
    queryFn: async ({ signal }): Promise<readonly Network[]> => {
      const { items } = await ask(
        api.GET('/api/v1/networks', { params: { query: { sort: '-utilisation', limit: SHOWN } }, signal }),
      );
      // Those that give nothing have no utilisation: of them the order is how much of their range is used.
      return items.toSorted((a, b) => fillOf(b) - fillOf(a));
    },
  });
}

function fillOf({ utilisation, counts }: Network): number {
  return utilisation ?? counts.used / Math.max(1, counts.total) - 1;
}

/** The first of the networks that are nearly full, and how many there are. */
export function useNearlyFull() {
  return useQuery({
    queryKey: ['networks', 'nearly full'],
    queryFn: async ({ signal }): Promise<{ first: readonly Network[]; total: number }> => {
      const { items, total } = await ask(
        api.GET('/api/v1/networks', {
          params: { query: { sort: '-utilisation', fullFrom: NEARLY_FULL, limit: FULL_NAMED } },
          signal,
        }),
      );
      return { first: items, total: total ?? items.length };
    },
  });
}
