import type { AddressBlock, AddressBlocks, addressBlocksQuery } from '@wirebook/contract';
import type { z } from 'zod';
import { countCells, cutCells, layCells, type StateCounts } from '../domain/address-blocks.ts';
import { type AddressRange, formatAddress, sizeOf } from '../domain/addresses.ts';
import { countAddressesByPiece } from '../store/address-blocks.ts';
import type { Queries } from '../store/database.ts';
import { findReservedRanges, type ListedNetwork } from '../store/network-addresses.ts';
import type { Evidence } from './address-evidence.ts';
import { findRuns } from './address-runs.ts';
import {
  describeRuns,
  readAddressLike,
  resolveListedNetwork,
  type StoredNetworkAddress,
} from './network-addresses.ts';
import { refuseInput } from './problem.ts';

/** A cell; its evidence as the catalogue's keys, put into words by whoever answers. */
export type StoredAddressBlock = Omit<AddressBlock, 'evidence'> & { evidence: Evidence[] };
export type StoredAddressBlocks = Omit<AddressBlocks, 'items'> & { items: StoredAddressBlock[] };

/** However many there are: people keep them, so they are no millions. */
const ALL_RESERVATIONS = 2 ** 31 - 1;

/**
 * The grid of a network's range, or of a part of it. Problems: `invalid_input` for an address of the other family, a part that ends before
 * it begins, or one that lies outside the range.
 */
export async function findAddressBlocks(
  db: Queries,
  networkName: string,
  query: z.output<typeof addressBlocksQuery>,
): Promise<StoredAddressBlocks> {
  const network = await resolveListedNetwork(db, networkName);
  const range = readPart(network, query);
  const cells = layCells(range, query.cells);
  const now = new Date();
  const items =
    cells.size === 1n
      ? await findSingles(db, network, range, now)
      : await findCounted(db, network, cells.ranges, now);
  return {
    start: formatAddress(range.start),
    end: formatAddress(range.end),
    cellSize: String(cells.size),
    items,
  };
}

/** What of the range is asked for. */
function readPart(
  network: ListedNetwork,
  query: { from?: string | undefined; to?: string | undefined },
): AddressRange {
  const { start, end } = network.range;
  const from = query.from === undefined ? start : readAddressLike(start, 'from', query.from);
  const to = query.to === undefined ? end : readAddressLike(start, 'to', query.to);
  const params = { start: formatAddress(start), end: formatAddress(end) };
  if (from.value > end.value)
    throw refuseInput([{ field: 'from', value: query.from, code: 'beside_range', params }]);
  if (to.value < start.value)
    throw refuseInput([{ field: 'to', value: query.to, code: 'beside_range', params }]);
  if (to.value < from.value)
    throw refuseInput([{ field: 'from', value: query.from, code: 'range_reversed' }]);
  return {
    start: from.value < start.value ? start : from,
    end: to.value > end.value ? end : to,
  };
}

async function findCounted(
  db: Queries,
  network: ListedNetwork,
  cells: readonly AddressRange[],
  now: Date,
): Promise<StoredAddressBlock[]> {
  const [first, last] = [cells.at(0), cells.at(-1)];
  if (first === undefined || last === undefined) return [];
  const stretches = [{ start: first.start, end: last.end }];
  const reservations = await findReservedRanges(db, {
    network,
    stretches,
    kinds: ['reserved', 'dhcp'],
    take: ALL_RESERVATIONS,
    now,
  });
  const pieces = cutCells({ cells, reservations, giving: network.giving });
  const counts = await countAddressesByPiece(db, { network, pieces: pieces.map((one) => one.range), now });
  const states = countCells({ cells, pieces, counts });
  const items: StoredAddressBlock[] = [];
  for (const [nr, cell] of cells.entries()) {
    // Cut at an end of the range, or the last one left of a cell.
    if (sizeOf(cell) === 1n) items.push(...(await findSingles(db, network, cell, now)));
    else items.push(toBlock(cell, states[nr] ?? {}));
  }
  return items;
}

const nothingOfOne = {
  state: null,
  server: null,
  nic: null,
  holder: null,
  key: null,
  source: null,
  since: null,
  until: null,
  evidence: [],
};

function toBlock(cell: AddressRange, states: StateCounts): StoredAddressBlock {
  return {
    ...nothingOfOne,
    start: formatAddress(cell.start),
    end: formatAddress(cell.end),
    count: Number(sizeOf(cell)),
    states: Object.fromEntries(Object.entries(states).map(([state, count]) => [state, Number(count)])),
  };
}

/** One by one the addresses of a range that has as few as a grid has cells. */
async function findSingles(
  db: Queries,
  network: ListedNetwork,
  range: AddressRange,
  now: Date,
): Promise<StoredAddressBlock[]> {
  const limit = Number(sizeOf(range));
  const part = { ...network, range };
  const { runs, reservations } = await findRuns(db, {
    network: part,
    from: range.start,
    wanted: null,
    limit,
    now,
  });
  const items = await describeRuns(db, { network: part, runs, reservations });
  return runs.flatMap((run, nr) => {
    const item = items[nr];
    return item === undefined ? [] : singlesOf(item, run.range);
  });
}

/** Neighbours that are alike are one item of the list; here each is a cell. */
function singlesOf(item: StoredNetworkAddress, range: AddressRange): StoredAddressBlock[] {
  const { family } = range.start;
  return Array.from({ length: Number(sizeOf(range)) }, (_, nr) => {
    const ip = formatAddress({ family, value: range.start.value + BigInt(nr) });
    return { ...item, start: ip, end: ip, count: 1, states: { [item.state]: 1 } };
  });
}
