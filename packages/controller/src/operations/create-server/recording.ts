import { bindAddresses } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { syncServers } from '../../sync/server-sync.ts';
import { StepFailure } from '../failure.ts';
import type { Step } from '../step.ts';
import type { CreateFacts } from './facts.ts';
import { inputOf, vmOf } from './placing.ts';

/** The server enters the book with its NICs, and each NIC has the addresses that were taken for it. */
export const recordStep: Step<CreateFacts> = {
  name: 'record',
  act: async (run) => {
    const client = await run.vcenter();
    const vm = vmOf(run);
    const synced = await syncServers({
      db: run.db,
      client,
      account: run.account,
      morefs: [vm],
      signal: run.signal,
    });
    const found = synced.get(vm);
    if (found === undefined || found === 'gone') throw new StepFailure('server_gone');
    const { serverId } = found;
    await run.remember({ serverId }, { serverId });
    const bindings = inputOf(run).nics.flatMap(({ addresses }, index) => {
      const nic = run.facts.nics?.[index];
      return nic === undefined ? [] : addresses.map(({ claimId }) => ({ claimId, deviceKey: nic.deviceKey }));
    });
    const outcome = await inTransaction(run.db, { dryRun: false }, (tx) =>
      bindAddresses(tx, { serverId, bindings, now: new Date() }),
    );
    if (!outcome.ok) {
      const lost = new Set(outcome.refusals.map(({ claimId }) => claimId));
      const ips = run.operation.addresses.filter(({ claimId }) => lost.has(claimId)).map(({ ip }) => ip);
      throw new StepFailure('addresses_lost', { ips: ips.join(', ') });
    }
    return { code: 'recorded', params: {} };
  },
};
