import { formatAddress } from '../domain/addresses.ts';
import { isDatabaseAway, isDeadlock, isLockTimeout } from '../store/constraints.ts';
import type { Database } from '../store/database.ts';
import { limitLockWait } from '../store/locks.ts';
import type { Pipeline } from '../store/pipeline.ts';
import {
  type Asker,
  type Group,
  giveFromStocks,
  openStocks,
  matchStocks,
  type Stocks,
} from './address-stocks.ts';
import { Problem } from './problem.ts';
import { type AddressRequest, type Answer, settle, type Settled, type Stock } from './settling.ts';

export interface SettlingQueue {
  /** Null where the key has a claim already. Rejects with the problem that says why not. */
  ask(request: AddressRequest): Promise<Settled | null>;
}

/** Looks at networks under way at a time. */
const LOOKS_AT_ONCE = 8;
/** Of these, networks that somebody holds: each takes a connection for as long as it waits. */
const ALONE_AT_ONCE = 4;
/** Claims from stock sent ahead: the database always finds the next when it has done with one. */
const SENT_AHEAD = 3;
/** Sent ahead only if it is worth a statement of its own. */
const AHEAD_AT_LEAST = 12;
/** Wishes in one transaction, and how many addresses they may ask for together; one wish alone may ask for more. */
const TOGETHER_AT_MOST = 256;
const ADDRESSES_AT_MOST = 4096;

/**
 * Commits are what limits giving addresses out, and the requests of a network wait for one another anyway: so whatever waits is settled
 * in one transaction and answered after its commit. What several processes do at once the database keeps apart.
 */
export function openSettlingQueue(parts: { db: Database; pipeline: Pipeline }): SettlingQueue {
  const { db, pipeline } = parts;
  const stocks = openStocks();
  let waiting: Asker[] = [];
  /** Networks being looked at, and how many claims from stock are under way in each. */
  const looking = new Set<string>();
  const giving = new Map<string, number>();
  /** Callers of networks that wait each on their own, one list for a network. */
  const alone: (readonly Asker[])[] = [];
  let looks = 0;
  let looksAlone = 0;
  let sent = 0;

  const give = async (groups: readonly Group[]): Promise<void> => {
    const ids = groups.map(({ found }) => found.network.id);
    for (const id of ids) giving.set(id, (giving.get(id) ?? 0) + 1);
    sent += 1;
    const { met, unmet } = await giveFromStocks(pipeline, stocks, groups);
    sent -= 1;
    for (const id of ids) {
      const left = (giving.get(id) ?? 1) - 1;
      if (left === 0) giving.delete(id);
      else giving.set(id, left);
    }
    waiting = [...unmet, ...waiting];
    // The database gets its next work before anybody is answered.
    pump();
    met();
  };
  const look = async (askers: readonly Asker[]): Promise<void> => {
    const ids = new Set(askers.map(({ request }) => request.networkId));
    for (const id of ids) looking.add(id);
    looks += 1;
    const answer = await settleAskers(db, stocks, askers);
    looks -= 1;
    if (answer === 'held') {
      // Somebody holds one of the networks for long: only its own callers wait for that.
      alone.push(...Map.groupBy(askers, ({ request }) => request.networkId).values());
      lookAlone();
      return;
    }
    for (const id of ids) looking.delete(id);
    pump();
    answer();
  };
  const lookAlone = (): void => {
    while (looksAlone < ALONE_AT_ONCE) {
      const own = alone.shift();
      if (own === undefined) return;
      looksAlone += 1;
      void look(own).finally(() => {
        looksAlone -= 1;
        lookAlone();
      });
    }
  };
  const pump = (): void => {
    if (waiting.length === 0) return;
    const { batch, rest } = takeBatch(waiting, looking);
    const { groups, others } = matchStocks(stocks, batch);
    const promised = groups.reduce((sum, group) => sum + group.askers.length, 0);
    const gives = promised > 0 && (sent === 0 || (sent < SENT_AHEAD && promised >= AHEAD_AT_LEAST));
    // A network is looked at when nothing of it is under way.
    const idle = looks < LOOKS_AT_ONCE ? others.filter(({ request }) => !giving.has(request.networkId)) : [];
    const left = new Set(others);
    for (const one of idle) left.delete(one);
    waiting = [
      ...(gives ? [] : groups.flatMap((group) => group.askers.map(({ asker }) => asker))),
      ...left,
      ...rest,
    ];
    if (gives) void give(groups);
    if (idle.length > 0) void look(idle);
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

/** The first that can go together: no network that is being looked at, and no key or address of a network twice. */
function takeBatch(
  waiting: readonly Asker[],
  looking: ReadonlySet<string>,
): { batch: Asker[]; rest: Asker[] } {
  const batch: Asker[] = [];
  const rest: Asker[] = [];
  const named = new Set<string>();
  let addresses = 0;
  for (const one of waiting) {
    const { networkId, count, key, ip } = one.request;
    const names = [
      ...(key === null ? [] : [`${networkId} key ${key}`]),
      ...(ip === null ? [] : [`${networkId} ip ${formatAddress(ip)}`]),
    ];
    const isFull =
      batch.length >= TOGETHER_AT_MOST || (batch.length > 0 && addresses + count > ADDRESSES_AT_MOST);
    if (isFull || looking.has(networkId) || names.some((name) => named.has(name))) {
      rest.push(one);
      continue;
    }
    for (const name of names) named.add(name);
    addresses += count;
    batch.push(one);
  }
  return { batch, rest };
}

/** Settles wishes in one transaction; what it returns tells each asker. */
async function settleAskers(
  db: Database,
  stocks: Stocks,
  askers: readonly Asker[],
): Promise<(() => void) | 'held'> {
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
    const several = new Set(askers.map(({ request }) => request.networkId)).size > 1;
    if (several && isLockTimeout(error)) return 'held';
    if (askers.length === 1 || isDatabaseAway(error)) {
      return () => {
        for (const { reject } of askers) reject(error);
      };
    }
    // One that can't be settled must not take the others with it.
    const alone: (() => void)[] = [];
    for (const one of askers) {
      const answer = await settleAskers(db, stocks, [one]);
      if (answer !== 'held') alone.push(answer);
    }
    return () => {
      for (const answer of alone) answer();
    };
  }
}

/** How long the callers of several networks wait together for one that somebody holds. */
const TOGETHER_WAIT = '100ms';

/** Two transactions that waited for each other: one was undone, and is done again. */
async function settleTogether(
  db: Database,
  requests: readonly AddressRequest[],
): Promise<{ answers: Answer[]; stock: Stock[] }> {
  const several = new Set(requests.map((request) => request.networkId)).size > 1;
  for (;;) {
    try {
      return await db.transaction().execute(async (tx) => {
        if (several) await limitLockWait(tx, TOGETHER_WAIT);
        return settle(tx, requests, new Date());
      });
    } catch (error) {
      if (!isDeadlock(error)) throw error;
    }
  }
}
