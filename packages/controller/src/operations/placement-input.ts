import type { VsphereClient } from '@wirebook/vsphere';
import { GIB, type PlacementInput } from '../domain/placement/facts.ts';
import { type NamedPlace, type PlaceRefusal, resolvePlace } from '../domain/placement/resolving.ts';
import { diskNeed } from '../domain/placement/room.ts';
import type { Database } from '../store/database.ts';
import { findWireNames } from '../store/fixes.ts';
import { findPlacedLoads, loadPlacementBook } from '../store/placement.ts';
import { readPlacementFacts } from './placement-facts.ts';
import { placeOfSource, readSource, type SourceReading } from './source-reading.ts';

/** What is asked of placement, before vCenter is looked at. */
export interface PlacementAsk {
  readonly accountId: string;
  readonly source: string;
  readonly nics: readonly { readonly networkIds: readonly string[]; readonly wireId: string | null }[];
  readonly place: NamedPlace;
  readonly cpus: number | null;
  readonly memoryMib: number | null;
  readonly diskGib: number | null;
  readonly linked: boolean;
  /** The operation that is being placed: what it takes itself is not in its way. */
  readonly operationId?: string;
}

export type PlacementRead =
  | { readonly ok: true; readonly input: PlacementInput; readonly source: SourceReading }
  | { readonly ok: false; readonly why: 'source_gone' | 'source_unreadable' }
  | { readonly ok: false; readonly why: 'places'; readonly refusals: readonly PlaceRefusal[] };

/** Reads vCenter as it is now and what the book says of wires: all that a choice is made of. */
export async function readPlacementInput(
  parts: { db: Database; client: VsphereClient; signal: AbortSignal },
  ask: PlacementAsk,
): Promise<PlacementRead> {
  const { db, client, signal } = parts;
  const wireIds = ask.nics.flatMap(({ wireId }) => wireId ?? []);
  const [facts, found, book] = await Promise.all([
    readPlacementFacts(client, { signal }),
    readSource(client, ask.source, { signal }),
    loadPlacementBook(db, {
      accountId: ask.accountId,
      networkIds: [...new Set(ask.nics.flatMap(({ networkIds }) => networkIds))],
      wireIds,
    }),
  ]);
  if (!found.ok) return { ok: false, why: found.code === 'gone' ? 'source_gone' : 'source_unreadable' };
  const { source } = found;
  const resolved = resolvePlace(facts, ask.place);
  if (!resolved.ok) return { ok: false, why: 'places', refusals: resolved.refusals };
  const networks = new Map(book.networks.map((network) => [network.id, network]));
  const wireNames = await findWireNames(db, wireIds);
  const memoryMib = ask.memoryMib ?? source.memoryMib;
  return {
    ok: true,
    source,
    input: {
      facts,
      hostIds: book.hostIds,
      presence: book.presence,
      uses: book.uses,
      wish: {
        ...resolved.place,
        nics: ask.nics.map(({ networkIds, wireId }) => ({
          networks: networkIds.flatMap((id) => networks.get(id) ?? []),
          wire: wireId === null ? null : { id: wireId, name: wireNames.get(wireId) ?? wireId },
        })),
        cpus: ask.cpus ?? source.cpus,
        memoryMib,
        disk: diskNeed({
          disks: source.diskRoom,
          capacities: [ask.diskGib === null ? null : ask.diskGib * GIB],
          memoryMib,
          linked: ask.linked,
        }),
        linked: ask.linked,
      },
      source: placeOfSource(source, facts),
      placed: await findPlacedLoads(db, { accountId: ask.accountId, except: ask.operationId ?? null }),
    },
  };
}
