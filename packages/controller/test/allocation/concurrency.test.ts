import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SyncRun } from '@wirebook/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestController, type TestController } from '../support/controller.ts';
import { type EstateController, startEstateController } from '../support/estate-controller.ts';
import { expectLedgerKept, followPlan, openLedger } from './crowd.ts';
import { crowdedNetworks, crowdEstate, FIRST_CHURNED, makeCrowdedNetworks, wander } from './crowd-estate.ts';
import { KEPT, plansOf } from './crowd-operations.ts';
import { type AddressBook, expectAddressesInOrder, expectNoneLost, openAddressBook } from './order.ts';

/** Many callers who give, take, fix, keep back and resize at once, beside syncs of guests that change their addresses. */

let lab: EstateController;
let second: TestController;
let book: AddressBook;
beforeAll(async () => {
  lab = await startEstateController(crowdEstate);
  second = await startTestController({
    databaseUrl: lab.controller.databaseUrl,
    env: { WIREBOOK_SECRET_KEY: await readFile(join(lab.controller.dataDir, 'secret.key'), 'utf8') },
  });
  book = openAddressBook(lab.controller.databaseUrl);
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

const CALLERS = 64;
/** Some seconds on a machine that has nothing else to do. */
const TAKES_LONG = 120_000;

/** What may be refused, by operation. Whatever else comes is a fault. */
const refusals: Record<string, readonly string[]> = {
  allocate: ['network_full'],
  wish: ['address_not_free', 'address_outside_network'],
  claim: ['network_full', 'claim_has_other_address', 'address_not_free', 'address_outside_network'],
  'delete claim': [],
  // A wanderer may have made its own record of it meanwhile.
  release: ['record_not_releasable'],
  fix: ['fixes_refused', 'request_in_progress'],
  reserve: ['reservation_overlap'],
  'change reservation': ['reservation_overlap', 'not_found'],
  'delete reservation': ['not_found'],
  give: [],
  resize: ['claims_outside_range', 'reservations_outside_range'],
  turn: [],
  rest: [],
};

async function syncWhile(working: () => boolean): Promise<SyncRun[]> {
  const runs: SyncRun[] = [];
  for (let round = 1; working() || runs.length < 3; round += 1) {
    await wander(lab.simulator, round);
    const { call, waitForRun } = round % 2 === 0 ? second : lab.controller;
    const { body } = await call<SyncRun>('POST', `/api/v1/cloud-accounts/${lab.account}/sync`, {});
    await waitForRun(body.id);
    runs.push((await call<SyncRun>('GET', `/api/v1/sync-runs/${body.id}`)).body);
  }
  return runs;
}

test.each([
  { over: 'one controller', seed: 11, each: 7, both: false },
  { over: 'two controllers of one database', seed: 12, each: 7, both: true },
])(
  'over $over, every answer is kept, no address has two holders, and none is lost',
  async ({ seed, each, both }) => {
    await book.look(`UPDATE claims SET ended_at = now(), end_reason = 'cleared' WHERE ended_at IS NULL`);
    await book.look(`DELETE FROM networks`);
    const calls = both ? [lab.controller.call, second.call] : [lab.controller.call];
    const mutes = await makeCrowdedNetworks(lab.controller.call);
    await book.look(`DELETE FROM events`);
    await book.look(`DELETE FROM claims WHERE ended_at IS NOT NULL`);
    const ledger = openLedger();
    const plans = plansOf({
      callers: CALLERS,
      each,
      networks: crowdedNetworks.length,
      firstChurned: FIRST_CHURNED,
      seed,
    });
    const work = { left: plans.length };
    const syncing = syncWhile(() => work.left > 0);
    await Promise.all(
      plans.map(async (plan, nr) => {
        const call = calls[nr % calls.length] ?? lab.controller.call;
        await followPlan(plan, { name: `caller ${nr}`, call, look: book.look, mutes, ledger });
        work.left -= 1;
      }),
    );
    const runs = await syncing;

    const faults = [...ledger.answers.keys()].filter((answer) => {
      const [, what = '', status, code = ''] = /^(.*) (\d+)(?: (\S+))?$/.exec(answer) ?? [];
      return Number(status) >= 300 && refusals[what]?.includes(code) !== true;
    });
    expect(faults).toEqual([]);
    expect(runs.filter((run) => run.state !== 'succeeded').map((run) => run.failure)).toEqual([]);
    // Everything came about: what never happened proves nothing.
    for (const what of Object.keys(refusals))
      expect(
        [...ledger.answers.keys()].some((answer) => answer.startsWith(`${what} 20`)),
        what,
      ).toBe(true);
    await expectLedgerKept(book.look, ledger);
    await expectAddressesInOrder(book.look);
    const kept = crowdedNetworks.flatMap(({ at }) => [
      ...KEPT.reserved.map(at),
      at(KEPT.reserved[0] + 1),
      at(KEPT.gateway),
      at(KEPT.stranger),
    ]);
    expect(
      await book.look(
        `SELECT host(ip) AS ip FROM claims WHERE source = 'allocated' AND ip = ANY($1::inet[])`,
        [kept],
      ),
      'given though it was never free',
    ).toEqual([]);
    await expectNoneLost(
      book.look,
      calls,
      crowdedNetworks.map((network) => network.name),
    );
  },
  TAKES_LONG,
);
