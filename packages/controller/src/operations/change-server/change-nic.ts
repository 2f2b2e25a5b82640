import { unbindAndRelease } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { StepFailure } from '../failure.ts';
import { isBoundTo } from '../network-devices.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { addressStep } from '../taken-addresses.ts';
import { recordStep } from './binding.ts';
import { bindingOf, readCards, rebindCard, shownCard } from './cards.ts';
import { type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';
import { restartStep, watchStep } from './retelling.ts';

async function findCard(run: ChangeRun) {
  const { nic } = inputOf(run);
  const card = (await readCards(run)).find((one) => one.key === nic?.deviceKey);
  if (card === undefined) throw new StepFailure('nic_gone', { label: nic?.label ?? '-' });
  return card;
}

/** Plugs the card in elsewhere, where the new address takes that. */
const changeStep: Step<ChangeFacts> = {
  name: 'change',
  act: async (run) => {
    const { bound } = inputOf(run);
    let card = await findCard(run);
    await run.remember({
      card: shownCard(card),
      before: run.facts.before ?? {
        backing: bindingOf(card),
        model: card.$type,
        mac: card.macAddress?.toLowerCase() ?? null,
        addressType: card.addressType ?? null,
      },
    });
    if (bound === null || isBoundTo(card, bound.binding)) return undefined;
    await rebindCard(run, card, bound.binding);
    card = await findCard(run);
    const { label, mac } = shownCard(card);
    if (!isBoundTo(card, bound.binding))
      throw new StepFailure('wrong_backing', { label, wanted: bound.wireName, found: '-' });
    return { code: 'rebound', params: { label, mac, wire: bound.wireName } };
  },
  undo: async (run) => {
    const { before } = run.facts;
    if (before === undefined || before.backing === null || inputOf(run).bound === null) return undefined;
    await rebindCard(run, await findCard(run), before.backing);
    return undefined;
  },
};

/** The former address goes back once the guest is known to have left it; as long as it may use it, nobody else gets it. */
const releaseStep: Step<ChangeFacts> = {
  name: 'release',
  act: async (run) => {
    const { former, addresses } = inputOf(run);
    const kept = new Set(addresses.map(({ claimId }) => claimId));
    const going = former.filter(({ claimId }) => !kept.has(claimId));
    if (going.length === 0) return undefined;
    const ips = going.map(({ ip }) => ip).join(', ');
    const leaves = run.facts.seen === true || (run.facts.told === true && run.facts.wasRunning === false);
    if (!leaves) {
      await run.warn({ code: 'former_address_kept', params: { ips } });
      return undefined;
    }
    await inTransaction(run.db, { dryRun: false }, (tx) =>
      unbindAndRelease(tx, {
        claimIds: going.map(({ claimId }) => claimId),
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
