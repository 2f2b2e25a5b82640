import type { ImportDeclarationsInput, ImportedDeclarations } from '@wirebook/contract';
import type { Database } from '../../store/database.ts';
import { recordEvent } from '../../store/events.ts';
import type { Actor } from '../actor.ts';
import { settleClaimDeclarations } from './claims.ts';
import { settleNetworkDeclarations } from './networks.ts';
import { settlePlaces } from './places.ts';
import { type DeclarationReport, openReport } from './report.ts';
import { settleReservationDeclarations } from './reservations.ts';
import { settleKeptConflicts, settleSharedAddresses } from './shares.ts';
import { settle as settleServers } from '../settlement.ts';
import { findTouchedNetworks } from '../../store/wire-detection.ts';
import { settleNetworks } from '../network-effect.ts';
import type { FieldError } from '../problem.ts';
import type { DeclarationImport } from './work.ts';
import { inTransaction } from '../transaction.ts';

/** What came of an import; the notes are put into words by whoever answers. */
export type StoredImportedDeclarations = Omit<ImportedDeclarations, 'notes'> & {
  notes: readonly FieldError[];
};

/**
 * Takes over what people declared elsewhere, all of it or nothing. What stands already as it is said stays untouched, and so does what the
 * document doesn't name; what says something else refuses the whole, unless the document is to have its way (`overwrite`). What it takes of
 * the inventory and isn't here refuses it too, unless that is to be left out (`skipMissing`). Problem: `declarations_refused` with every
 * complaint by its place in the document.
 */
export async function importDeclarations(
  db: Database,
  document: ImportDeclarationsInput,
  options: { actor: Actor; dryRun: boolean; overwrite: boolean; skipMissing: boolean },
): Promise<StoredImportedDeclarations> {
  return inTransaction(db, options, async (tx) => {
    const report = openReport(options);
    const work: DeclarationImport = {
      tx,
      document,
      actor: options.actor,
      now: new Date(),
      report,
      serverIds: new Set(),
    };
    const places = await settlePlaces(work);
    const networks = await settleNetworkDeclarations(work, places);
    await settleReservationDeclarations(work, networks);
    const shared = await settleSharedAddresses(work, places);
    // Before anything is matched: who was told to have an address has it, whoever else reports it.
    await settleClaimDeclarations(work, places, networks, shared);
    const effect = report.refused ? nothing : await settle(work, networks.changed);
    await settleKeptConflicts(work, places);
    report.settle();
    if (report.changed) {
      await recordEvent(tx, {
        actor: options.actor.name,
        action: 'import',
        kind: 'declarations',
        id: null,
        name: null,
        after: changesOf(report),
      });
    }
    const { counts, items, notes } = report;
    return { dryRun: options.dryRun, counts, ...effect, items, notes };
  });
}

const nothing = { settles: 0, ends: 0, conflicts: 0 };

/** Brings records in line with all that changed. */
async function settle(
  work: DeclarationImport,
  changed: readonly { id: string; spaceId: string; cidr: string }[],
): Promise<typeof nothing> {
  const { tx, now } = work;
  const serverIds = [...work.serverIds];
  // Wires may have come to where networks are that their servers use.
  const networkIds = await findTouchedNetworks(tx, { serverIds, accountId: null, now });
  const { created, ended, conflicts } = await settleServers(tx, { networkIds, serverIds, run: null, now });
  const sum = { settles: created, ends: ended, conflicts };
  for (const [spaceId, own] of Map.groupBy(changed, (network) => network.spaceId)) {
    const effect = await settleNetworks(tx, {
      spaceId,
      cidrs: own.map((network) => network.cidr),
      networkIds: [...new Set(own.map((network) => network.id))],
      serverIds: [],
    });
    sum.settles += effect.settles;
    sum.ends += effect.ends;
    sum.conflicts += effect.conflicts;
  }
  return sum;
}

/** What was made and changed of each kind, for the audit trail. */
function changesOf({ counts }: DeclarationReport): Record<string, { created: number; updated: number }> {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([kind, { created, updated }]) =>
      created + updated === 0 ? [] : [[kind, { created, updated }]],
    ),
  );
}
