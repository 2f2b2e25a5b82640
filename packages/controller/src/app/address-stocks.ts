import { claimFound, type FoundGroup, type NewClaim } from '../store/allocation.ts';
import { isDatabaseAway } from '../store/constraints.ts';
import type { Database } from '../store/database.ts';
import { type AddressRequest, claimOf, type Settled, type Stock, trailOf } from './settling.ts';

/** A wish, and whom to tell what came of it. */
export interface Asker {
  readonly request: AddressRequest;
  readonly resolve: (settled: Settled | null) => void;
  readonly reject: (error: unknown) => void;
}

/** What searches found beyond what was asked: hints, held against the database when they are used. */
export interface Stocks {
  /** Takes a network's stock out. */
  take(networkId: string): Stock | undefined;
  put(stock: Stock): void;
}

/** Networks whose stock is kept. */
const STOCKS_AT_MOST = 500;

export function openStocks(): Stocks {
  const stocks = new Map<string, Stock>();
  return {
    take: (networkId) => {
      const stock = stocks.get(networkId);
      stocks.delete(networkId);
      return stock;
    },
    put: (stock) => {
      if (stock.found.length === 0) return;
      stocks.set(stock.network.id, stock);
      const [oldest] = stocks.size > STOCKS_AT_MOST ? stocks.keys() : [];
      if (oldest !== undefined) stocks.delete(oldest);
    },
  };
}

/** Askers of one network that its stock suffices for. */
export interface Group {
  readonly found: FoundGroup;
  readonly askers: readonly { asker: Asker; claim: NewClaim }[];
  /** What is left of the stock. */
  readonly after: Stock;
}

/** Serves wishes for the next address from the stocks, network by network; whoever asks for more than that, or finds too little, is left. */
export function takeFromStocks(
  stocks: Stocks,
  batch: readonly Asker[],
): { groups: Group[]; others: Asker[] } {
  const groups: Group[] = [];
  const others: Asker[] = [];
  for (const [networkId, askers] of Map.groupBy(batch, ({ request }) => request.networkId)) {
    const stock = stocks.take(networkId);
    const simple = askers.every(
      ({ request: { count, ip, key } }) => count === 1 && ip === null && key === null,
    );
    if (stock === undefined || !simple || stock.found.length < askers.length) others.push(...askers);
    else groups.push(groupOf(stock, askers));
  }
  return { groups, others };
}

function groupOf(stock: Stock, askers: readonly Asker[]): Group {
  const { network, reached } = stock;
  const taken = askers.flatMap((asker, index) => {
    const found = stock.found[index];
    return found === undefined
      ? []
      : [{ asker, found, claim: claimOf({ request: asker.request, network }, found.ip) }];
  });
  const last = taken.findLast(({ found }) => !found.behind);
  const reachedAfter = network.policy === 'random' ? reached : (last?.found.ip ?? reached);
  return {
    found: {
      network,
      reached,
      reachedAfter,
      restedSince: new Date(Date.now() - network.restingSeconds * 1000),
      wishes: taken.map(({ asker: { request }, found, claim }) => ({
        claim,
        behind: found.behind,
        actor: request.actor,
        after: trailOf(request, [claim]),
      })),
    },
    askers: taken,
    after: { network, reached: reachedAfter, found: stock.found.slice(taken.length) },
  };
}

/** Claims what the stocks promised; `met` tells those who got it. The others' networks have changed, and have no stock any more. */
export async function giveFromStocks(
  db: Database,
  stocks: Stocks,
  groups: readonly Group[],
): Promise<{ met: () => void; unmet: Asker[] }> {
  const at = new Date();
  let made: ReadonlySet<string>;
  try {
    made = await claimFound(db, { groups: groups.map(({ found }) => found), now: at });
  } catch (error) {
    if (isDatabaseAway(error)) {
      return {
        met: () => {
          for (const { askers } of groups) for (const { asker } of askers) asker.reject(error);
        },
        unmet: [],
      };
    }
    // Nothing was claimed. Should the reason last, the slower way meets it too, and says so.
    made = new Set();
  }
  for (const { askers, after } of groups)
    if (askers.every(({ claim }) => made.has(claim.id))) stocks.put(after);
  return {
    met: () => {
      for (const { found, askers } of groups) {
        for (const { asker, claim } of askers)
          if (made.has(claim.id)) asker.resolve({ network: found.network, claims: [claim], at });
      }
    },
    unmet: groups.flatMap(({ askers }) =>
      askers.flatMap(({ asker, claim }) => (made.has(claim.id) ? [] : [asker])),
    ),
  };
}
