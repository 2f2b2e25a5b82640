import { unbindAndRelease } from '../app/server-records.ts';
import { inTransaction } from '../app/transaction.ts';
import type { Step } from './step.ts';

/** The addresses were taken with the request. They go back when nothing is left that could use them. */
export const addressStep: Step<Record<string, unknown>> = {
  name: 'address',
  act: () => Promise.resolve(),
  undo: async (run) => {
    const { addresses, requestedBy } = run.operation;
    if (addresses.length === 0) return undefined;
    await inTransaction(run.db, { dryRun: false }, (tx) =>
      unbindAndRelease(tx, {
        claimIds: addresses.map(({ claimId }) => claimId),
        reason: 'operation_undone',
        actor: requestedBy,
        now: new Date(),
      }),
    );
    return { code: 'released', params: { ips: addresses.map(({ ip }) => ip).join(', ') } };
  },
  remains: ({ operation }) =>
    operation.addresses.length === 0
      ? []
      : [{ code: 'addresses_left', params: { ips: operation.addresses.map(({ ip }) => ip).join(', ') } }],
};
