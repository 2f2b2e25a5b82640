import { isDatabaseAway, isDeadlock } from '../store/constraints.ts';
import type { Database } from '../store/database.ts';
import { formatAddress } from '../domain/addresses.ts';
import { Problem } from './problem.ts';
import { type AddressRequest, type Answer, settle, type Settled } from './settling.ts';

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
      void carryOut(parts.db, batch).finally(() => {
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

async function carryOut(db: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    const answers = await settleTogether(
      db,
      batch.map(({ request }) => request),
    );
    for (const [index, { resolve, reject }] of batch.entries()) {
      const answer = answers[index];
      if (answer === undefined || answer instanceof Problem) reject(answer ?? new Error('no answer'));
      else resolve(answer === 'known' ? null : answer);
    }
  } catch (error) {
    if (batch.length === 1 || isDatabaseAway(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    // One that can't be settled must not take the others with it.
    for (const one of batch) await carryOut(db, [one]);
  }
}

/** Two transactions that waited for each other: one was undone, and is done again. */
async function settleTogether(db: Database, requests: readonly AddressRequest[]): Promise<Answer[]> {
  for (;;) {
    try {
      return await db.transaction().execute((tx) => settle(tx, requests, new Date()));
    } catch (error) {
      if (!isDeadlock(error)) throw error;
    }
  }
}
