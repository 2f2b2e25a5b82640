import { formatAddress } from '../domain/addresses.ts';
import { isDatabaseAway, isDeadlock } from '../store/constraints.ts';
import type { Database } from '../store/database.ts';
import {
  type Asker,
  type Group,
  giveFromStocks,
  openStocks,
  type Stocks,
  takeFromStocks,
} from './address-stocks.ts';
import { Problem } from './problem.ts';
import { type AddressRequest, type Answer, settle, type Settled, type Stock } from './settling.ts';

export interface SettlingQueue {
  /** Null where the key has a claim already. Rejects with the problem that says why not. */
  ask(request: AddressRequest): Promise<Settled | null>;
}

/** Transactions under way at a time: while one waits for the disk, the next is put together. */
const AT_ONCE = 3;
/** Wishes in one transaction. */
const TOGETHER_AT_MOST = 256;

/**
 * Commits are what limits giving addresses out, and the requests of a network wait for one another anyway: so whatever waits is settled
 * in one transaction and answered after its commit. A network is in one transaction of this process at a time; what several processes
 * do at once the database keeps apart.
 */
export function openSettlingQueue(parts: { db: Database }): SettlingQueue {
  const { db } = parts;
  const stocks = openStocks();
  let waiting: Asker[] = [];
  const busy = new Set<string>();
  let underWay = 0;

  /** Has work done on the networks of some wishes. What it returns is called once they are free for the next: before anybody is answered. */
  const occupy = (askers: readonly Asker[], work: (landed: () => void) => Promise<void>): void => {
    const networks = new Set(askers.map(({ request }) => request.networkId));
    for (const id of networks) busy.add(id);
    underWay += 1;
    let isUnderWay = true;
    const landed = (): void => {
      if (!isUnderWay) return;
      isUnderWay = false;
      underWay -= 1;
      for (const id of networks) busy.delete(id);
      pump();
    };
    void work(landed).finally(landed);
  };
  const give = (groups: readonly Group[]): void =>
    occupy(
      groups.flatMap((group) => group.askers.map(({ asker }) => asker)),
      async (landed) => {
        const { met, unmet } = await giveFromStocks(db, stocks, groups);
        // Their networks have no stock now: they are looked at anew.
        waiting = [...unmet, ...waiting];
        landed();
        met();
      },
    );
  const look = (askers: readonly Asker[]): void =>
    occupy(askers, async (landed) => {
      const answer = await settleAskers(db, stocks, askers);
      landed();
      answer();
    });
  const pump = (): void => {
    if (underWay >= AT_ONCE || waiting.length === 0) return;
    const { batch, rest } = takeBatch(waiting, busy);
    if (batch.length === 0) return;
    waiting = rest;
    const { groups, others } = takeFromStocks(stocks, batch);
    if (groups.length > 0) give(groups);
    if (others.length > 0) look(others);
    pump();
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
function takeBatch(waiting: readonly Asker[], busy: ReadonlySet<string>): { batch: Asker[]; rest: Asker[] } {
  const batch: Asker[] = [];
  const rest: Asker[] = [];
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

/** Settles wishes in one transaction; what it returns tells each asker. */
async function settleAskers(db: Database, stocks: Stocks, askers: readonly Asker[]): Promise<() => void> {
  try {
    const { answers, stock } = await settleTogether(
      db,
      askers.map(({ request }) => request),
    );
    for (const one of stock) stocks.put(one);
    return () => {
      for (const [index, { resolve, reject }] of askers.entries()) {
        const answer = answers[index];
        if (answer === undefined || answer instanceof Problem) reject(answer ?? new Error('no answer'));
        else resolve(answer === 'known' ? null : answer);
      }
    };
  } catch (error) {
    if (askers.length === 1 || isDatabaseAway(error)) {
      return () => {
        for (const { reject } of askers) reject(error);
      };
    }
    // One that can't be settled must not take the others with it.
    const alone: (() => void)[] = [];
    for (const one of askers) alone.push(await settleAskers(db, stocks, [one]));
    return () => {
      for (const answer of alone) answer();
    };
  }
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
