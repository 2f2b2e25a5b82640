import { removeServerFromBook } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { naming, StepFailure } from '../failure.ts';
import { destroyMachine, type MachineState, powerOff } from '../machines.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';
import { hasMoved, readReference, readServer, startAgain } from './server.ts';

/** Null where it has gone already: all that is left is to say so in the book. */
async function readStoppable(run: ChangeRun): Promise<MachineState | null> {
  const machine = await readServer(run);
  if (machine === null || machine.powerState === 'poweredOff') return machine;
  if (!inputOf(run).powerOff) throw new StepFailure('server_running');
  // What a suspended one had in its memory doesn't come back.
  if (machine.powerState === 'poweredOn') await run.remember({ stopped: true });
  return machine;
}

const powerOffStep: Step<ChangeFacts> = {
  name: 'power_off',
  act: async (run) => {
    const machine = await readStoppable(run);
    if (machine === null || machine.powerState === 'poweredOff') return undefined;
    const client = await run.vcenter();
    await naming('power_off_failed', () => powerOff(client, machine.moref, run.signal));
    return { code: 'powered_off', params: {} };
  },
  undo: async (run) => {
    await startAgain(run);
    return undefined;
  },
  remains: ({ facts }) =>
    facts.stopped === true && facts.destroyed !== true ? [{ code: 'powered_off_left', params: {} }] : [],
};

/** All of its addresses, wherever they came from. */
function release(run: ChangeRun) {
  return inTransaction(run.db, { dryRun: false }, (tx) =>
    removeServerFromBook(tx, {
      serverId: inputOf(run).server.id,
      now: new Date(),
      actor: run.operation.requestedBy,
      operationId: run.operation.id,
    }),
  );
}

const destroyStep: Step<ChangeFacts> = {
  name: 'destroy',
  isFinal: true,
  act: async (run) => {
    const { server } = inputOf(run);
    await readStoppable(run);
    await run.remember({ destroying: true });
    const client = await run.vcenter();
    await naming('destroy_failed', () => destroyMachine(client, server.moref, run.signal));
    // Gone meanwhile, and not by us.
    if (await hasMoved(run)) {
      await run.remember({ destroying: false });
      throw new StepFailure('server_moved');
    }
    return { code: 'destroyed', params: { name: server.name } };
  },
  undo: async (run) => {
    if (run.facts.destroying !== true || (await readReference(run)) !== null || (await hasMoved(run)))
      return undefined;
    // There is no way back from that: then nobody keeps its addresses from others either.
    await release(run);
    await run.remember({ destroyed: true });
    throw new StepFailure('destroyed_for_good');
  },
  remains: ({ facts, operation }) => {
    const { name } = inputOf({ operation }).server;
    return facts.destroying === true && facts.destroyed !== true
      ? [{ code: 'server_perhaps_left', params: { name } }]
      : [];
  },
};

const releaseStep: Step<ChangeFacts> = {
  name: 'release',
  isFinal: true,
  act: async (run) => {
    const released = await release(run);
    if (released.length === 0) return undefined;
    return { code: 'released', params: { ips: released.map(({ ip }) => ip).join(', ') } };
  },
};

/** A server goes, and its addresses with it. From the moment that it is destroyed there is no way back. */
export const deleteServer: OperationKind = operationKind<ChangeFacts>('delete_server', [
  powerOffStep,
  destroyStep,
  releaseStep,
]);
