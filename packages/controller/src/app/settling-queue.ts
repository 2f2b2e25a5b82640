import { isDatabaseAway, isDeadlock } from '../store/constraints.ts';
import { claimFound, type FoundGroup, type NewClaim } from '../store/allocation.ts';
import type { Database } from '../store/database.ts';
import { formatAddress } from '../domain/addresses.ts';
import { Problem } from './problem.ts';
import {
  type AddressRequest,
  type Answer,
  claimOf,
  settle,
  type Settled,
  type Stock,
  trailOf,
} from './settling.ts';

export interface SettlingQueue {
  /** Null where the key has a claim already. Rejects with the problem that says why not. */
  ask(request: AddressRequest): Promise<Settled | null>;
}

interface Waiting {
  readonly request: AddressRequest;
  readonly resolve: (settled: Settled | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Transactions under way at a time: while one waits for the disk, the next is put together. */
const AT_ONCE = 2;
/** Wishes in one transaction. */
const TOGETHER_AT_MOST = 256;

/**
 * Commits are what limits giving addresses out, and the requests of a network wait for one another anyway: so whatever waits is settled
 * in one transaction and answered after its commit. A network is in one transaction of this process at a time; what several processes
 * do at once the database keeps apart.
 */
export function openSettlingQueue(parts: { db: Database }): SettlingQueue {
  const stocks = openStocks();
  let waiting: Waiting[] = [];
  const busy = new Set<string>();
  let underWay = 0;

  const pump = (): void => {
    while (underWay < AT_ONCE && waiting.length > 0) {
      const { batch, rest } = takeBatch(waiting, busy);
      if (batch.length === 0) return;
      waiting = rest;
      const networks = new Set(batch.map(({ request }) => request.networkId));
      for (const id of networks) busy.add(id);
      underWay += 1;
      void carryOut(parts.db, stocks, batch).finally(() => {
        underWay -= 1;
        for (const id of networks) busy.delete(id);
        pump();
      });
    }
  };
  let woken = false;
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        if (woken) return;
        woken = true;
        // Whatever else has arrived by now comes along.
        setImmediate(() => {
          woken = false;
          pump();
        });
      }),
  };
}

/** The first that can go together: no network that is under way, and no key or address of a network twice. */
function takeBatch(
  waiting: readonly Waiting[],
  busy: ReadonlySet<string>,
): { batch: Waiting[]; rest: Waiting[] } {
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  const named = new Set<string>();
  for (const one of waiting) {
    const { networkId, key, ip } = one.request;
    const names = [
      ...(key === null ? [] : [`${networkId} key ${key}`]),
      ...(ip === null ? [] : [`${networkId} ip ${formatAddress(ip)}`]),
    ];
    if (batch.length >= TOGETHER_AT_MOST || busy.has(networkId) || names.some((name) => named.has(name))) {
      rest.push(one);
      continue;
    }
    for (const name of names) named.add(name);
    batch.push(one);
  }
  return { batch, rest };
}

async function carryOut(db: Database, stocks: Stocks, batch: readonly Waiting[]): Promise<void> {
  const { groups, rest } = takeFromStocks(stocks, batch);
  const unmet = groups.length === 0 ? [] : await giveFromStocks(db, stocks, groups);
  const slow = [...unmet, ...rest];
  if (slow.length === 0) return;
  try {
    const { answers, stock } = await settleTogether(
      db,
      slow.map(({ request }) => request),
    );
    for (const one of stock) stocks.put(one);
    for (const [index, { resolve, reject }] of slow.entries()) {
      const answer = answers[index];
      if (answer === undefined || answer instanceof Problem) reject(answer ?? new Error('no answer'));
      else resolve(answer === 'known' ? null : answer);
    }
  } catch (error) {
    if (slow.length === 1 || isDatabaseAway(error)) {
      for (const { reject } of slow) reject(error);
      return;
    }
    // One that can't be settled must not take the others with it.
    for (const one of slow) await carryOut(db, stocks, [one]);
  }
}

/** One network's share of a batch that its stock suffices for. */
interface Group {
  readonly found: FoundGroup;
  readonly askers: readonly { waiting: Waiting; claim: NewClaim }[];
  readonly after: Stock;
}

function takeFromStocks(stocks: Stocks, batch: readonly Waiting[]): { groups: Group[]; rest: Waiting[] } {
  const groups: Group[] = [];
  const rest: Waiting[] = [];
  const now = Date.now();
  for (const [networkId, askers] of Map.groupBy(batch, ({ request }) => request.networkId)) {
    const stock = stocks.take(networkId);
    const simple = askers.every(
      ({ request: { count, ip, key } }) => count === 1 && ip === null && key === null,
    );
    if (stock === undefined || !simple || stock.found.length < askers.length) {
      rest.push(...askers);
      continue;
    }
    const { network, reached } = stock;
    const taken = askers.flatMap((waiting, index) => {
      const found = stock.found[index];
      return found === undefined
        ? []
        : [{ waiting, found, claim: claimOf({ request: waiting.request, network }, found.ip) }];
    });
    const last = taken.findLast(({ found }) => !found.behind);
    const reachedAfter = network.policy === 'random' ? reached : (last?.found.ip ?? reached);
    groups.push({
      found: {
        network,
        reached,
        reachedAfter,
        restedSince: new Date(now - network.restingSeconds * 1000),
        wishes: taken.map(({ waiting: { request }, found, claim }) => ({
          claim,
          behind: found.behind,
          actor: request.actor,
          after: trailOf(request, [claim]),
        })),
      },
      askers: taken,
      after: { network, reached: reachedAfter, found: stock.found.slice(taken.length) },
    });
  }
  return { groups, rest };
}

/** Answers those who got what the stocks promised, and returns the others: for them the network is looked at anew. */
async function giveFromStocks(db: Database, stocks: Stocks, groups: readonly Group[]): Promise<Waiting[]> {
  const at = new Date();
  let made: ReadonlySet<string>;
  try {
    made = await claimFound(db, { groups: groups.map(({ found }) => found), now: at });
  } catch (error) {
    // Nothing was claimed. Should the reason last, the slower way meets it too, and says so.
    if (isDatabaseAway(error)) {
      for (const { askers } of groups) for (const { waiting } of askers) waiting.reject(error);
      return [];
    }
    made = new Set();
  }
  const unmet: Waiting[] = [];
  for (const { found, askers, after } of groups) {
    for (const { waiting, claim } of askers) {
      if (made.has(claim.id)) waiting.resolve({ network: found.network, claims: [claim], at });
      else unmet.push(waiting);
    }
    if (askers.every(({ claim }) => made.has(claim.id))) stocks.put(after);
  }
  return unmet;
}

/** Networks whose stock is kept. */
const STOCKS_AT_MOST = 500;

/** What searches found beyond what was asked: hints, held against the database when they are used. */
interface Stocks {
  /** Takes a network's stock out. */
  take(networkId: string): Stock | undefined;
  put(stock: Stock): void;
}

function openStocks(): Stocks {
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

/** Two transactions that waited for each other: one was undone, and is done again. */
async function settleTogether(
  db: Database,
  requests: readonly AddressRequest[],
): Promise<{ answers: Answer[]; stock: Stock[] }> {
  for (;;) {
    try {
      return await db.transaction().execute((tx) => settle(tx, requests, new Date()));
    } catch (error) {
      if (!isDeadlock(error)) throw error;
    }
  }
}
