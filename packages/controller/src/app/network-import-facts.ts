import {
  type BookRow,
  findOverlapping,
  planNetworkImport,
  type RowFacts,
  type RowPlan,
} from '../domain/network-import.ts';
import type { Tx } from '../store/database.ts';
import {
  findBookWires,
  findNamesakes,
  findOverlappingNetworks,
  findRangeUses,
  type ImportScope,
  type StandingAt,
  type StoredUse,
} from '../store/network-import.ts';

/** What each row comes to by what is known now, and by whom the range of each is used. The transaction holds the spaces. */
export async function planRows(
  tx: Tx,
  scope: ImportScope,
  rows: readonly BookRow[],
): Promise<{ plans: Map<number, RowPlan>; usesOf: (index: number) => readonly StoredUse[] }> {
  const wires = await findBookWires(tx, { ...scope, vlans: [...new Set(rows.map((row) => row.vlan))] });
  // Where all rows lie in one space, those that overlap are refused whatever else is known; a file that repeats one large range would have
  // everything read again and again.
  const overlapping = scope.spaceIds.length === 1 ? findOverlapping(rows) : new Map<number, BookRow>();
  const asked = rows.filter((row) => !overlapping.has(row.index));
  const ranges = asked.map((row) => row.range);
  const { spaceIds } = scope;
  const uses = byRow(asked, await findRangeUses(tx, { ...scope, ranges }));
  const standing = byRow(asked, await findOverlappingNetworks(tx, { spaceIds, ranges }));
  const namesakes = byRow(asked, await findNamesakes(tx, { spaceIds, names: asked.map((row) => row.name) }));
  const ofRow = (row: BookRow): RowFacts => ({
    uses: uses.get(row.index) ?? [],
    overlapping: standing.get(row.index) ?? [],
    namesakes: namesakes.get(row.index) ?? [],
  });
  return { plans: planNetworkImport(rows, { wires, ofRow }), usesOf: (index) => uses.get(index) ?? [] };
}

function byRow<T extends StoredUse | StandingAt>(
  rows: readonly BookRow[],
  found: readonly T[],
): ReadonlyMap<number, readonly T[]> {
  return Map.groupBy(found, ({ nr }) => rows[nr - 1]?.index ?? -1);
}
