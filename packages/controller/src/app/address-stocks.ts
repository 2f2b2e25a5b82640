import { claimFound, type FoundGroup, type NewClaim } from '../store/allocation.ts';
import { isDatabaseAway } from '../store/constraints.ts';
import type { Pipeline } from '../store/pipeline.ts';
import { type AddressRequest, claimOf, type Settled, type Stock, trailOf } from './settling.ts';

/** A wish, and whom to tell what came of it. */
export interface Asker {
  readonly request: AddressRequest;
  readonly resolve: (settled: Settled | null) => void;
  readonly reject: (error: unknown) => void;
}

/** What searches found beyond what was asked: hints, held against the database when they are used. */
export interface Stocks {
  of(networkId: string): Stock | undefined;
  put(stock: Stock): void;
  /** Drops what comes from the same look at the network; what a later look found stays. */
  drop(network: Stock['network']): void;
}

/** Networks whose stock is kept. */
const STOCKS_AT_MOST = 500;

export function openStocks(): Stocks {
  const stocks = new Map<string, Stock>();
  return {
    of: (networkId) => stocks.get(networkId),
    put: (stock) => {
      // The newest come last.
      stocks.delete(stock.network.id);
      if (stock.found.length === 0) return;
      stocks.set(stock.network.id, stock);
      const [oldest] = stocks.size > STOCKS_AT_MOST ? stocks.keys() : [];
      if (oldest !== undefined) stocks.delete(oldest);
    },
    drop: (network) => {
      if (stocks.get(network.id)?.network === network) stocks.delete(network.id);
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

/** What the stocks can serve of these wishes, network by network: wishes for the next address, where there is enough. Takes nothing. */
export function matchStocks(stocks: Stocks, askers: readonly Asker[]): { groups: Group[]; others: Asker[] } {
  const groups: Group[] = [];
  const others: Asker[] = [];
  for (const [networkId, own] of Map.groupBy(askers, ({ request }) => request.networkId)) {
    const stock = stocks.of(networkId);
    const simple = own.every(({ request: { count, ip, key } }) => count === 1 && ip === null && key === null);
    if (stock === undefined || !simple || stock.found.length < own.length) others.push(...own);
    else groups.push(groupOf(stock, own));
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

/**
 * Claims what the stocks promised. What is left is in stock at once: the database takes the next claims after these, and they only
 * count if these did. `met` tells those who got theirs; the others' networks have changed, and what was found there is dropped.
 */
export async function giveFromStocks(
  pipeline: Pipeline,
  stocks: Stocks,
  groups: readonly Group[],
): Promise<{ met: () => void; unmet: Asker[] }> {
  const at = new Date();
  for (const { after } of groups) stocks.put(after);
  let made: ReadonlySet<string>;
  try {
    made = await claimFound(pipeline, { groups: groups.map(({ found }) => found), now: at });
  } catch (error) {
    for (const { found } of groups) stocks.drop(found.network);
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
  const unmet: Asker[] = [];
  for (const { found, askers } of groups) {
    const missed = askers.filter(({ claim }) => !made.has(claim.id));
    if (missed.length === 0) continue;
    stocks.drop(found.network);
    unmet.push(...missed.map(({ asker }) => asker));
  }
  return {
    met: () => {
      for (const { found, askers } of groups) {
        for (const { asker, claim } of askers)
          if (made.has(claim.id)) asker.resolve({ network: found.network, claims: [claim], at });
      }
    },
    unmet,
  };
}
