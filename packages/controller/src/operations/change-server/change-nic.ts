import { unbindAndRelease } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { StepFailure } from '../failure.ts';
import { isBoundTo } from '../network-devices.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { addressStep } from '../taken-addresses.ts';
import { recordStep } from './binding.ts';
import { cardAsItIs, cardsOfServer, findCard, rebindCard, shownCard } from './cards.ts';
import { type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';
import { restartStep, watchStep } from './retelling.ts';
import { readServer, requireServer, syncServer } from './server.ts';

async function requireCard(run: ChangeRun) {
  const { nic } = inputOf(run);
  const cards = cardsOfServer(await requireServer(run));
  const card = nic === null ? undefined : findCard(cards, nic);
  if (card === undefined) throw new StepFailure('nic_gone', { label: nic?.label ?? '-' });
  return card;
}

/** Plugs the card in elsewhere, where the new address takes that. */
const changeStep: Step<ChangeFacts> = {
  name: 'change',
  act: async (run) => {
    const { bound } = inputOf(run);
    let card = await requireCard(run);
    const before = run.facts.before ?? cardAsItIs(card);
    const { label, mac } = shownCard(card);
    const stays = bound === null || isBoundTo(card, bound.binding);
    // What nobody could plug in again as it was stays as it is.
    if (!stays && before.backing === null) throw new StepFailure('card_unknown', { model: card.$type });
    await run.remember({ card: shownCard(card), before });
    if (stays) return undefined;
    await rebindCard(run, card, bound);
    card = await requireCard(run);
    if (!isBoundTo(card, bound.binding))
      throw new StepFailure('wrong_backing', { label, wanted: bound.wireName, found: '-' });
    return { code: 'rebound', params: { label, mac, wire: bound.wireName } };
  },
  undo: async (run) => {
    const { before } = run.facts;
    const machine = await readServer(run);
    // A card that somebody has taken out meanwhile needs nothing any more.
    const card =
      machine === null || before === undefined ? undefined : findCard(cardsOfServer(machine), before);
    if (card !== undefined && before != null && before.backing !== null && !isBoundTo(card, before.backing))
      await rebindCard(run, card, { binding: before.backing, plugged: before.plugged });
    await syncServer(run);
    return undefined;
  },
  remains: ({ facts, operation }) => {
    const { bound, nic } = inputOf({ operation });
    return facts.before === undefined || bound === null || nic === null
      ? []
      : [{ code: 'nic_moved_left', params: { label: nic.label, mac: nic.mac ?? '-', wire: bound.wireName } }];
  },
};

/** The former address goes back once the guest is known to have left it; as long as it may use it, nobody else gets it. */
const releaseStep: Step<ChangeFacts> = {
  name: 'release',
  isFinal: true,
  act: async (run) => {
    const { former } = inputOf(run);
    if (former.length === 0) return undefined;
    const ips = former.map(({ ip }) => ip).join(', ');
    const leaves = run.facts.seen === true || (run.facts.told === true && run.facts.wasRunning === false);
    if (!leaves) {
      await run.warn({ code: 'former_address_kept', params: { ips } });
      return undefined;
    }
    await inTransaction(run.db, { dryRun: false }, (tx) =>
      unbindAndRelease(tx, {
        claimIds: former.map(({ claimId }) => claimId),
        reason: 'address_changed',
        actor: run.operation.requestedBy,
        now: new Date(),
      }),
    );
    return { code: 'released', params: { ips } };
  },
};

export const changeNic: OperationKind = operationKind<ChangeFacts>('change_nic', [
  addressStep,
  changeStep,
  recordStep,
  restartStep,
  watchStep,
  releaseStep,
]);
