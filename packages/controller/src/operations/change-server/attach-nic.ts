import { StepFailure } from '../failure.ts';
import { isBoundTo } from '../network-devices.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { addressStep } from '../taken-addresses.ts';
import { recordStep } from './binding.ts';
import { bindingOf, cardsOfServer, findAdded, isAsLeft, plugIn, shownCard, unplug } from './cards.ts';
import { type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';
import { requireWireOn } from './presence.ts';
import { restartStep, watchStep } from './retelling.ts';
import { readServer, requireServer, startAgain, syncServer } from './server.ts';

function boundOf(run: Pick<ChangeRun, 'operation'>) {
  const { bound } = inputOf(run);
  if (bound === null) throw new Error('a NIC that is to be attached is plugged in somewhere');
  return bound;
}

const attachStep: Step<ChangeFacts> = {
  name: 'attach',
  act: async (run) => {
    const { binding, wireName } = boundOf(run);
    await requireWireOn(run, await requireServer(run));
    const card = await plugIn(run, { binding }, () => requireServer(run));
    const shown = shownCard(card);
    // Before it is judged: wherever it is, it is ours to take out again.
    await run.remember({ card: shown, landed: bindingOf(card) });
    await requireWireOn(run, await requireServer(run));
    if (!isBoundTo(card, binding))
      throw new StepFailure('wrong_backing', { label: shown.label, wanted: wireName, found: '-' });
    return { code: 'bound', params: { label: shown.label, mac: shown.mac, wire: wireName } };
  },
  undo: async (run) => {
    if (run.facts.cardsBefore === undefined) return undefined;
    const machine = await readServer(run);
    if (machine !== null) {
      const { binding } = boundOf(run);
      const card = findAdded(run, cardsOfServer(machine), binding);
      if (card !== undefined && (await isAsLeft(run, card, binding))) await unplug(run, card);
      else if (card !== undefined && run.facts.card !== undefined)
        await run.warn({ code: 'nic_left', params: { ...run.facts.card } });
      await startAgain(run);
    }
    await syncServer(run);
    return undefined;
  },
  remains: ({ facts, operation }) => [
    facts.card === undefined
      ? { code: 'nic_perhaps_left', params: { wire: boundOf({ operation }).wireName } }
      : { code: 'nic_left', params: { label: facts.card.label, mac: facts.card.mac } },
  ],
};

export const attachNic: OperationKind = operationKind<ChangeFacts>('attach_nic', [
  addressStep,
  attachStep,
  recordStep,
  restartStep,
  watchStep,
]);
