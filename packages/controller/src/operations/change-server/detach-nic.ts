import { releaseNic } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { StepFailure } from '../failure.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { cardAsItIs, cardsOfServer, findCard, plugIn, unplug } from './cards.ts';
import { type ChangeFacts, inputOf } from './facts.ts';
import { retellStep } from './retelling.ts';
import { readServer, requireServer, syncServer } from './server.ts';

const detachStep: Step<ChangeFacts> = {
  name: 'detach',
  act: async (run) => {
    const { nic } = inputOf(run);
    if (nic === null) throw new Error('a NIC that is to be detached is named');
    const machine = await readServer(run);
    const card = machine === null ? undefined : findCard(cardsOfServer(machine), nic);
    const detail = { code: 'detached', params: { label: nic.label, mac: nic.mac ?? '-' } };
    // Gone already: all that is left is to say so in the book.
    if (card === undefined) return detail;
    await run.remember({ before: cardAsItIs(card) });
    await unplug(run, card);
    return detail;
  },
  undo: async (run) => {
    const { before } = run.facts;
    if (before === undefined) return undefined;
    const machine = await readServer(run);
    const cards = machine === null ? [] : cardsOfServer(machine);
    if (machine !== null && findCard(cards, before) === undefined) {
      // Another may have its place by now.
      const isFree = !cards.some(
        ({ controllerKey, unitNumber }) =>
          controllerKey === before.place?.controllerKey && unitNumber === before.place?.unitNumber,
      );
      const { backing, ...was } = before;
      const as = { ...was, place: isFree ? was.place : null };
      if (backing === null) throw new StepFailure('card_unknown', { model: before.model });
      const card = await plugIn(run, { binding: backing, ...as }, () => requireServer(run));
      const mac = card.macAddress?.toLowerCase() ?? '-';
      if (mac !== before.mac)
        await run.warn({
          code: 'mac_changed',
          params: { label: inputOf(run).nic?.label ?? '-', mac, former: before.mac ?? '-' },
        });
    }
    await syncServer(run);
    return undefined;
  },
  remains: ({ facts, operation }) => {
    const { nic } = inputOf({ operation });
    return facts.before === undefined || nic === null
      ? []
      : [{ code: 'nic_detached_left', params: { label: nic.label, mac: nic.mac ?? '-' } }];
  },
};

const recordStep: Step<ChangeFacts> = {
  name: 'record',
  act: async (run) => {
    await syncServer(run);
    return undefined;
  },
};

const releaseStep: Step<ChangeFacts> = {
  name: 'release',
  isFinal: true,
  act: async (run) => {
    const { nic } = inputOf(run);
    if (nic === null) return undefined;
    const released = await inTransaction(run.db, { dryRun: false }, (tx) =>
      releaseNic(tx, {
        nicId: nic.id,
        reason: 'nic_detached',
        actor: run.operation.requestedBy,
        now: new Date(),
      }),
    );
    if (released.length === 0) return undefined;
    return { code: 'released', params: { ips: released.map(({ ip }) => ip).join(', ') } };
  },
};

export const detachNic: OperationKind = operationKind<ChangeFacts>('detach_nic', [
  detachStep,
  retellStep,
  recordStep,
  releaseStep,
]);
