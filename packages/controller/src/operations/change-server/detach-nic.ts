import { releaseNic } from '../../app/server-records.ts';
import { inTransaction } from '../../app/transaction.ts';
import { syncServers } from '../../sync/server-sync.ts';
import { operationKind, type OperationKind, type Step } from '../step.ts';
import { attachCard, bindingOf, detachCard, readCards } from './cards.ts';
import { type ChangeFacts, inputOf } from './facts.ts';

const detachStep: Step<ChangeFacts> = {
  name: 'detach',
  act: async (run) => {
    const { nic } = inputOf(run);
    const mac = nic?.mac ?? null;
    const card = (await readCards(run)).find((one) => one.macAddress?.toLowerCase() === mac);
    const detail = { code: 'detached', params: { label: nic?.label ?? '-', mac: mac ?? '-' } };
    // Gone already: all that is left is to say so in the book.
    if (card === undefined) return detail;
    await run.remember({
      before: {
        backing: bindingOf(card),
        model: card.$type,
        mac,
        addressType: card.addressType ?? null,
      },
    });
    await detachCard(run, card);
    return detail;
  },
  undo: async (run) => {
    const { before } = run.facts;
    if (before === undefined || before.backing === null) return undefined;
    const there = (await readCards(run)).some((one) => one.macAddress?.toLowerCase() === before.mac);
    if (!there) await attachCard(run, { binding: before.backing, mac: before.mac });
    return undefined;
  },
};

const releaseStep: Step<ChangeFacts> = {
  name: 'release',
  act: async (run) => {
    const { server, nic } = inputOf(run);
    const client = await run.vcenter();
    await syncServers({
      db: run.db,
      client,
      account: run.account,
      morefs: [server.moref],
      signal: run.signal,
    });
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

export const detachNic: OperationKind = operationKind<ChangeFacts>('detach_nic', [detachStep, releaseStep]);
