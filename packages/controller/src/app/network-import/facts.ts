import { type BookWires, indexBookWires } from '../../domain/book-wires.ts';
import {
  type BookRow,
  findOverlapping,
  planNetworkImport,
  type RowPlan,
} from '../../domain/network-import.ts';
import { indexOverlaps } from '../../domain/range-index.ts';
import type { Tx } from '../../store/database.ts';
import {
  findBookWires,
  findNetworkRanges,
  findRangeUses,
  findStandingNetworks,
  type ImportScope,
  type StoredUse,
} from '../../store/network-import.ts';

/** What each row comes to by what is known now, and by whom the range of each is used. The transaction holds the spaces. */
export async function planRows(
  tx: Tx,
  scope: ImportScope,
  rows: readonly BookRow[],
): Promise<{ plans: Map<number, RowPlan>; usesOf: (index: number) => readonly StoredUse[] }> {
  const vlans = [...new Set(rows.map((row) => row.vlan))];
  const wires = indexBookWires(await findBookWires(tx, { ...scope, vlans }));
  const repeated = findRepeated(rows, wires, scope);
  const uses = await findUses(
    tx,
    scope,
    rows.filter((row) => !repeated.has(row.index)),
  );
  const overlapping = await findOverlaps(tx, scope, rows);
  const networks = await findStandingNetworks(tx, {
    ids: [...new Set([...overlapping.values()].flat())],
    spaceIds: scope.spaceIds,
    names: rows.map((row) => row.name),
  });
  const byId = new Map(networks.map((network) => [network.id, network]));
  const byName = Map.groupBy(networks, (network) => network.name);
  const plans = planNetworkImport(rows, {
    wires,
    ofRow: (row) => ({
      uses: uses.get(row.index) ?? [],
      overlapping: (overlapping.get(row.index) ?? []).flatMap((id) => byId.get(id) ?? []),
      namesakes: byName.get(row.name) ?? [],
    }),
  });
  return { plans, usesOf: (index) => uses.get(index) ?? [] };
}

/**
 * Rows whose use is not looked at: where all lie in one space, those that overlap are refused whoever uses them, and of those that fit no
 * wire the first says enough. A file that repeats one large range would have everything read again and again.
 */
function findRepeated(
  rows: readonly BookRow[],
  wires: BookWires,
  scope: ImportScope,
): ReadonlyMap<number, BookRow> {
  if (scope.spaceIds.length > 1) return new Map();
  const isFitting = (row: BookRow): boolean => wires.fitting(row.vlan, row.switch).length > 0;
  return new Map([
    ...findOverlapping(rows.filter(isFitting)),
    ...findOverlapping(rows.filter((row) => !isFitting(row))),
  ]);
}

async function findUses(
  tx: Tx,
  scope: ImportScope,
  rows: readonly BookRow[],
): Promise<ReadonlyMap<number, readonly StoredUse[]>> {
  const found = await findRangeUses(tx, { ...scope, ranges: rows.map((row) => row.range) });
  return Map.groupBy(found, ({ nr }) => rows[nr - 1]?.index ?? -1);
}

/** The networks that overlap each row, at most one of each space. */
async function findOverlaps(
  tx: Tx,
  scope: ImportScope,
  rows: readonly BookRow[],
): Promise<ReadonlyMap<number, string[]>> {
  const ranges = await findNetworkRanges(tx, scope.spaceIds);
  const bySpace = [...Map.groupBy(ranges, ({ spaceId }) => spaceId).values()].map((own) =>
    indexOverlaps(own),
  );
  return new Map(rows.map((row) => [row.index, bySpace.flatMap((overlap) => overlap(row.range)?.id ?? [])]));
}
