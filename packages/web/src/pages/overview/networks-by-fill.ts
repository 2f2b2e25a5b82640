import { useQuery } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../api.ts';

type Network = Schemas['Network'];
/** From here on a network is said to be nearly full. */
const NEARLY_FULL = 0.9;
const AT_MOST = 500;

export interface Filled {
  readonly network: Network;
  /** The part that can't be given out: 0 to 1. */
  readonly fill: number;
}

/** Networks, the fullest first. */
export function useNetworksByFill() {
  return useQuery({
    queryKey: ['networks', 'by fill'],
    queryFn: async ({ signal }): Promise<readonly Filled[]> => {
      const { items } = await ask(
        api.GET('/api/v1/networks', { params: { query: { limit: AT_MOST } }, signal }),
      );
      return items
        .map((network) => ({ network, fill: fillOf(network) }))
        .toSorted((one, other) => other.fill - one.fill);
    },
  });
}

function fillOf({ counts }: Network): number {
  return counts.total === 0 ? 0 : 1 - counts.free / counts.total;
}

export function isNearlyFull({ fill }: Filled): boolean {
  return fill >= NEARLY_FULL;
}
