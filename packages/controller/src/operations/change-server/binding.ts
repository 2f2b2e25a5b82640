import { bindAddresses } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { StepFailure } from '../failure.ts';
import type { Step } from '../step.ts';
import { type ChangeFacts, inputOf } from './facts.ts';
import { syncServer } from './server.ts';

/**
 * The card as it is now enters the book, with the addresses that were taken for it. Taking back is left to the steps before: once the card is
 * as it was, they read it again, and the addresses go back with the claims themselves.
 */
export const recordStep: Step<ChangeFacts> = {
  name: 'record',
  act: async (run) => {
    const { server, addresses } = inputOf(run);
    const { card } = run.facts;
    if ((await syncServer(run)) === 'gone') throw new StepFailure('server_gone');
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
};
