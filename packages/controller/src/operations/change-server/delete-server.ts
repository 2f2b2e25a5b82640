import { removeServerFromBook } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { naming, StepFailure } from '../failure.ts';
import { destroyMachine, isGone, powerOff, powerOn, readMachine } from '../machines.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { type ChangeFacts, inputOf } from './facts.ts';

const powerOffStep: Step<ChangeFacts> = {
  name: 'power_off',
  act: async (run) => {
    const { server, powerOff: allowed } = inputOf(run);
    const client = await run.vcenter();
    const machine = await readMachine(client, server.moref, run.signal);
    // Gone already: all that is left is to say so in the book.
    if (machine === null || machine.powerState === 'poweredOff') return undefined;
    if (!allowed) throw new StepFailure('server_running', { quoted: server.name });
    await run.remember({ stopped: true });
    await naming('power_off_failed', () => powerOff(client, server.moref, run.signal));
    return { code: 'powered_off', params: {} };
  },
  undo: async (run) => {
    if (run.facts.stopped !== true) return undefined;
    try {
      await powerOn(await run.vcenter(), inputOf(run).server.moref, run.signal);
    } catch (error) {
      // What is gone can't be switched on again; that is what was asked for.
      if (!isGone(error)) throw error;
    }
    return undefined;
  },
};

const destroyStep: Step<ChangeFacts> = {
  name: 'destroy',
  act: async (run) => {
    const { server } = inputOf(run);
    const client = await run.vcenter();
    await naming('destroy_failed', () => destroyMachine(client, server.moref, run.signal));
    await run.remember({ destroyed: true });
    return { code: 'destroyed', params: { name: server.name } };
  },
};

const releaseStep: Step<ChangeFacts> = {
  name: 'release',
  act: async (run) => {
    const { server } = inputOf(run);
    const released = await inTransaction(run.db, { dryRun: false }, (tx) =>
      removeServerFromBook(tx, {
        serverId: server.id,
        now: new Date(),
        actor: run.operation.requestedBy,
        operationId: run.operation.id,
      }),
    );
    if (released.length === 0) return undefined;
    return { code: 'released', params: { ips: released.map(({ ip }) => ip).join(', ') } };
  },
};

/** A server goes, and its addresses with it. From the moment it is destroyed there is no way back. */
export const deleteServer: OperationKind = operationKind<ChangeFacts>('delete_server', [
  powerOffStep,
  destroyStep,
  releaseStep,
]);
