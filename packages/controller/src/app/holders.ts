import type { Holder, ImportAddressesInput, ImportedAddresses } from '@wirebook/contract';
import { newId } from '../domain/ids.ts';
import { insertClaims } from '../store/allocation.ts';
import type { Database, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { endExpired } from '../store/expiry.ts';
import {
  findHolders,
  findNetworksAt,
  holdNetworks,
  type NetworkAt,
  type StoredHolder,
  updateHolders,
} from '../store/holders.ts';
import { lockSpaces } from '../store/locks.ts';
import { findObstacles, type StoredObstacle } from '../store/obstacles.ts';
import type { Actor } from './actor.ts';
import { type HolderRow, readHolderRows } from './holder-input.ts';
import { resolveName } from './names.ts';
import { type FieldError, Problem } from './problem.ts';
import { inTransaction } from './transaction.ts';

const COMPLAINTS_SHOWN = 1000;
const CHANGES_SHOWN = 500;

/**
 * Records who outside vCenter has which address: all rows or none. A row that stands there already changes nothing; what a row doesn't
 * name stays as it was. Problem: `import_refused` with every complaint by line.
 */
export async function importAddresses(
  db: Database,
  input: ImportAddressesInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<ImportedAddresses> {
  const space = await resolveName(db, 'address_space', input.space ?? 'default');
  const errors: FieldError[] = [];
  const rows = readHolderRows(input.rows, errors);
  return inTransaction(db, options, async (tx) => {
    const now = new Date();
    const known = await look(tx, { spaceId: space.id, rows, now });
    const changes = rows.flatMap((row) => planRow(row, known, errors) ?? []);
    if (errors.length > 0) throw refuseRows(errors);
    await write(tx, { spaceId: space.id, changes, now });
    const of = (change: Change['change']): Change[] => changes.filter((one) => one.change === change);
    const [created, updated, unchanged] = [
      of('created').length,
      of('updated').length,
      of('unchanged').length,
    ];
    if (created + updated > 0) {
      await recordEvent(tx, {
        actor: options.actor.name,
        action: 'import',
        kind: 'addresses',
        id: space.id,
        name: space.name,
        after: { created, updated },
      });
    }
    return {
      dryRun: options.dryRun,
      created,
      updated,
      unchanged,
      items: changes
        .filter((one) => one.change !== 'unchanged')
        .slice(0, CHANGES_SHOWN)
        .map(({ row, network, holder, change }) => ({
          ...(row.line !== undefined && { line: row.line }),
          ip: row.ip,
          network: { id: network.id, name: network.name },
          name: holder.name,
          change,
        })),
    };
  });
}

/** What is known of the addresses of an import. By address. */
interface Known {
  readonly networks: ReadonlyMap<string, NetworkAt>;
  readonly obstacles: ReadonlyMap<string, readonly StoredObstacle[]>;
  /** By claim. */
  readonly holders: ReadonlyMap<string, Holder>;
}

/** The space and the networks are held first: nobody takes one of the addresses until the transaction ends. */
async function look(
  tx: Tx,
  about: { spaceId: string; rows: readonly HolderRow[]; now: Date },
): Promise<Known> {
  const { spaceId, now } = about;
  const ips = about.rows.map((row) => row.ip);
  await lockSpaces(tx, [spaceId]);
  const networks = await findNetworksAt(tx, { spaceId, ips });
  const networkIds = [...new Set(networks.map((network) => network.id))];
  await holdNetworks(tx, networkIds);
  await endExpired(tx, networkIds, now);
  const obstacles = await findObstacles(tx, { spaceId, ips, now });
  const claimIds = [...obstacles.values()].flatMap((list) => list.flatMap((one) => one.claimId ?? []));
  const holders = await findHolders(tx, claimIds);
  return {
    networks: new Map(networks.map((network) => [network.ip, network])),
    obstacles,
    holders: new Map(holders.map((one) => [one.claimId, one.holder])),
  };
}

interface Change {
  readonly row: HolderRow;
  readonly network: NetworkAt;
  readonly claimId: string;
  readonly holder: Holder;
  readonly change: 'created' | 'updated' | 'unchanged';
}

const nobody: Holder = { name: '', owner: null, mac: null, note: '' };

/** What a row comes to; null with the complaint added where it can't be. */
function planRow(row: HolderRow, known: Known, errors: FieldError[]): Change | null {
  const obstacles = known.obstacles.get(row.ip) ?? [];
  const network = known.networks.get(row.ip);
  const claimId = obstacles.find((one) => one.claimId !== null)?.claimId ?? null;
  const before = claimId === null ? undefined : known.holders.get(claimId);
  if (claimId !== null && before !== undefined && network !== undefined) {
    const holder: Holder = { ...before, ...row.says };
    return { row, network, claimId, holder, change: isSame(before, holder) ? 'unchanged' : 'updated' };
  }
  for (const obstacle of obstacles) {
    const complaint = complaintOf(obstacle);
    if (complaint === null) continue;
    errors.push({ field: `rows[${row.index}].ip`, value: row.written, line: row.line, ...complaint });
    return null;
  }
  if (network === undefined) throw new Error(`no network and no obstacle for ${row.ip}`);
  return { row, network, claimId: newId(), holder: { ...nobody, ...row.says }, change: 'created' };
}

function isSame(a: Holder, b: Holder): boolean {
  return a.name === b.name && a.owner === b.owner && a.mac === b.mac && a.note === b.note;
}

/** What keeps a person from saying who has an address; what only keeps it from being given out is no matter here. */
function complaintOf(obstacle: StoredObstacle): Pick<FieldError, 'code' | 'params'> | null {
  const { params } = obstacle;
  const object = String(params['object']);
  switch (obstacle.code) {
    case 'used':
    case 'held':
      return { code: 'import_taken', params: { holder: object } };
    case 'seen':
      return { code: 'import_seen', params: { holder: object } };
    case 'network_address':
      return { code: 'import_network_address', params: { network: object } };
    case 'broadcast':
      return { code: 'import_broadcast', params: { network: object } };
    case 'no_network':
      return { code: 'import_no_network', params: { space: object, cidr: String(params['cidr']) } };
    default:
      return null;
  }
}

/** Counts the rows complained of, not the complaints; shows the first of these in the order of the rows. `params`: beside the count. */
export function refuseRows(errors: readonly FieldError[], params: Record<string, string> = {}): Problem {
  const byRow = Map.groupBy(errors, (error) => Number(/\d+/.exec(error.field)?.[0]));
  const sorted = [...byRow].toSorted(([a], [b]) => a - b).flatMap(([, list]) => list);
  return new Problem(
    'import_refused',
    { ...params, count: byRow.size },
    { errors: sorted.slice(0, COMPLAINTS_SHOWN) },
  );
}

async function write(
  tx: Tx,
  work: { spaceId: string; changes: readonly Change[]; now: Date },
): Promise<void> {
  const { spaceId, changes, now } = work;
  const updates = changes.flatMap(({ change, claimId, holder }): StoredHolder[] =>
    change === 'updated' ? [{ claimId, holder }] : [],
  );
  if (updates.length > 0) await updateHolders(tx, updates, now);
  const claims = changes
    .filter((one) => one.change === 'created')
    .map(({ claimId, row, network, holder }) => ({
      id: claimId,
      spaceId,
      ip: row.ip,
      networkId: network.id,
      networkName: network.name,
      source: 'manual' as const,
      key: null,
      holder,
      expiresAt: null,
    }));
  if (claims.length === 0) return;
  const made = await insertClaims(tx, claims, now);
  // Somebody took one who waits neither for the space nor for the network: whoever asks again is told who.
  if (made.size < claims.length) throw new Problem('request_in_progress');
}
