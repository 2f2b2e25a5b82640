import { syncServers } from '../../sync/server-sync.ts';
import { StepFailure } from '../failure.ts';
import { powerOn } from '../machines.ts';
import { isBoundTo } from '../network-devices.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { addressStep } from '../taken-addresses.ts';
import { recordStep } from './binding.ts';
import { attachCard, detachCard, readCards, shownCard } from './cards.ts';
import { type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';
import { restartStep, watchStep } from './retelling.ts';

/** A card that wasn't there before and is plugged in where ours was to be. */
async function findNew(run: ChangeRun) {
  const { bound } = inputOf(run);
  const before = run.facts.cardsBefore;
  if (bound === null || before === undefined) return undefined;
  return (await readCards(run)).find((card) => !before.includes(card.key) && isBoundTo(card, bound.binding));
}

const attachStep: Step<ChangeFacts> = {
  name: 'attach',
  act: async (run) => {
    const { bound } = inputOf(run);
    if (bound === null) throw new Error('a NIC that is to be attached is plugged in somewhere');
    let card = await findNew(run);
    if (card === undefined) {
      const cards = await readCards(run);
      await run.remember({ cardsBefore: cards.map(({ key }) => key) });
      await attachCard(run, { binding: bound.binding });
      card = await findNew(run);
    }
    if (card === undefined)
      throw new StepFailure('wrong_backing', { label: '-', wanted: bound.wireName, found: '-' });
    const shown = shownCard(card);
    await run.remember({ card: shown });
    return { code: 'bound', params: { label: shown.label, mac: shown.mac, wire: bound.wireName } };
  },
  undo: async (run) => {
    const card = await findNew(run);
    if (card !== undefined) await detachCard(run, card);
    const client = await run.vcenter();
    const { moref } = inputOf(run).server;
    if (run.facts.stopped === true) await powerOn(client, moref, run.signal);
    await syncServers({ db: run.db, client, account: run.account, morefs: [moref], signal: run.signal });
    return undefined;
  },
  remains: ({ facts }) =>
    facts.card === undefined
      ? []
      : [{ code: 'nic_left', params: { label: facts.card.label, mac: facts.card.mac } }],
};

export const attachNic: OperationKind = operationKind<ChangeFacts>('attach_nic', [
  addressStep,
  attachStep,
  recordStep,
  restartStep,
  watchStep,
]);
