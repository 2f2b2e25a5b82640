import { StepFailure } from '../failure.ts';
import { isBoundTo } from '../network-devices.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { addressStep } from '../taken-addresses.ts';
import { recordStep } from './binding.ts';
import { cardsOfServer, findAdded, plugIn, shownCard, unplug } from './cards.ts';
import { type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';
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
    const card = await plugIn(run, { binding }, () => requireServer(run));
    const shown = shownCard(card);
    // Before it is judged: wherever it is, it is ours to take out again.
    await run.remember({ card: shown });
    if (!isBoundTo(card, binding))
      throw new StepFailure('wrong_backing', { label: shown.label, wanted: wireName, found: '-' });
    return { code: 'bound', params: { label: shown.label, mac: shown.mac, wire: wireName } };
  },
  undo: async (run) => {
    const machine = await readServer(run);
    if (machine !== null) {
      const card = findAdded(run, cardsOfServer(machine), boundOf(run).binding);
      if (card !== undefined) await unplug(run, card);
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
