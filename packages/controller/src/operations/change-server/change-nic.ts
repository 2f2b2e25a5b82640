import {
  forgetUses,
  keepRecords,
  unbindAndRelease,
  unbindRecords,
  unkeepRecords,
} from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { StepFailure } from '../failure.ts';
import { isBoundTo } from '../network-devices.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { addressStep } from '../taken-addresses.ts';
import { recordStep } from './binding.ts';
import { bindingOf, cardAsItIs, cardsOfServer, findCard, isAsLeft, rebindCard, shownCard } from './cards.ts';
import { type ChangeFacts, type ChangeRun, inputOf } from './facts.ts';
import { requireWireOn } from './presence.ts';
import { restartStep, watchStep } from './retelling.ts';
import { findLiveClaims } from '../../store/server-records.ts';
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
    await requireWireOn(run, await requireServer(run));
    await keepFormer(run, bound.wireId);
    await rebindCard(run, card, bound);
    card = await requireCard(run);
    await run.remember({ landed: bindingOf(card) });
    await requireWireOn(run, await requireServer(run));
    if (!isBoundTo(card, bound.binding))
      throw new StepFailure('wrong_backing', { label, wanted: bound.wireName, found: '-' });
    return { code: 'rebound', params: { label, mac, wire: bound.wireName } };
  },
  undo: async (run) => {
    const { before, kept } = run.facts;
    const { bound, nic, addresses } = inputOf(run);
    if (before === undefined) return undefined;
    const machine = await readServer(run);
    // A card that somebody has taken out meanwhile, or plugged in elsewhere, needs nothing any more.
    const card = machine === null ? undefined : findCard(cardsOfServer(machine), before);
    const moves = card !== undefined && bound !== null && before.backing !== null;
    if (moves && !isBoundTo(card, before.backing)) {
      if (await isAsLeft(run, card, bound.binding))
        await rebindCard(run, card, { binding: before.backing, plugged: before.plugged });
      else if (isBoundTo(card, bound.binding))
        await run.warn({ code: 'nic_moved_left', params: movedOf(run) });
    }
    const claimIds = addresses.map(({ claimId }) => claimId);
    await inTransaction(run.db, { dryRun: false }, (tx) => unbindRecords(tx, { claimIds, now: new Date() }));
    await syncServer(run);
    if (kept === true && nic !== null)
      await inTransaction(run.db, { dryRun: false }, (tx) =>
        unkeepRecords(tx, { claims: lastingOf(run), nicId: nic.id, now: new Date() }),
      );
    await forgetStay(run, addresses);
    return undefined;
  },
  remains: ({ facts, operation }) => {
    const { bound, nic } = inputOf({ operation });
    return facts.before === undefined || bound === null || nic === null
      ? []
      : [{ code: 'nic_moved_left', params: movedOf({ operation }) }];
  },
};

function movedOf(run: Pick<ChangeRun, 'operation'>) {
  const { bound, nic } = inputOf(run);
  return { label: nic?.label ?? '-', mac: nic?.mac ?? '-', wire: bound?.wireName ?? '-' };
}

/** A lease is the DHCP server's. */
function lastingOf(run: ChangeRun) {
  return inputOf(run).former.flatMap(({ claimId, source, leased }) => (leased ? [] : [{ claimId, source }]));
}

/**
 * What Tools showed of a NIC would end with its leaving the network's wires; but the guest goes on using it until it has taken up the new
 * address, or when all this is taken back.
 */
async function keepFormer(run: ChangeRun, wireId: string): Promise<void> {
  const claimIds = lastingOf(run).map(({ claimId }) => claimId);
  await run.remember({ kept: true });
  await inTransaction(run.db, { dryRun: false }, (tx) =>
    keepRecords(tx, { claimIds, wireId, now: new Date() }),
  );
}

/** For a while the NIC had these addresses where their networks aren't. Nobody shall conclude from that that they are there. */
async function forgetStay(
  run: ChangeRun,
  addresses: readonly { ip: string; networkId: string }[],
): Promise<void> {
  const { nic } = inputOf(run);
  if (run.facts.kept !== true || nic === null || addresses.length === 0) return;
  await inTransaction(run.db, { dryRun: false }, (tx) =>
    forgetUses(tx, { nicId: nic.id, addresses, now: new Date() }),
  );
}

/** The former address goes back once the guest is known to have left it; as long as it may use it, nobody else gets it. */
const releaseStep: Step<ChangeFacts> = {
  name: 'release',
  isFinal: true,
  act: async (run) => {
    const { former } = inputOf(run);
    if (former.length === 0) return undefined;
    const leaves = run.facts.seen === true || (run.facts.told === true && run.facts.wasRunning === false);
    if (!leaves) {
      const ids = new Set(
        (await findLiveClaims(run.db, { ids: former.map(({ claimId }) => claimId) })).map(({ id }) => id),
      );
      const live = former.filter(({ claimId }) => ids.has(claimId)).map(({ ip }) => ip);
      if (live.length > 0) await run.warn({ code: 'former_address_kept', params: { ips: live.join(', ') } });
      return undefined;
    }
    const ips = former.map(({ ip }) => ip).join(', ');
    await inTransaction(run.db, { dryRun: false }, (tx) =>
      unbindAndRelease(tx, {
        claimIds: former.map(({ claimId }) => claimId),
        reason: 'address_changed',
        actor: run.operation.requestedBy,
        now: new Date(),
      }),
    );
    await forgetStay(run, former);
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
