import { bindAddresses } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { syncServers } from '../../sync/server-sync.ts';
import { StepFailure } from '../failure.ts';
import type { Step } from '../step.ts';
import { type ChangeFacts, inputOf } from './facts.ts';

/** The card as it is now enters the book, with the addresses that were taken for it. */
export const recordStep: Step<ChangeFacts> = {
  name: 'record',
  act: async (run) => {
    const { server, addresses } = inputOf(run);
    const { card } = run.facts;
    const client = await run.vcenter();
    const synced = await syncServers({
      db: run.db,
      client,
      account: run.account,
      morefs: [server.moref],
      signal: run.signal,
    });
    if (synced.get(server.moref) === 'gone') throw new StepFailure('server_gone');
    if (card === undefined || addresses.length === 0) return undefined;
    const outcome = await inTransaction(run.db, { dryRun: false }, (tx) =>
      bindAddresses(tx, {
        serverId: server.id,
        bindings: addresses.map(({ claimId }) => ({ claimId, deviceKey: card.deviceKey })),
        now: new Date(),
      }),
    );
    if (outcome.ok) return undefined;
    const lost = new Set(outcome.refusals.map(({ claimId }) => claimId));
    throw new StepFailure('addresses_lost', {
      ips: addresses
        .filter(({ claimId }) => lost.has(claimId))
        .map(({ ip }) => ip)
        .join(', '),
    });
  },
  // The card that it was recorded with has gone, or is elsewhere again: so the book has it.
  undo: async (run) => {
    const { server } = inputOf(run);
    const client = await run.vcenter();
    await syncServers({
      db: run.db,
      client,
      account: run.account,
      morefs: [server.moref],
      signal: run.signal,
    });
    return undefined;
  },
};
