import type { Tx } from '../store/database.ts';
import {
  alignSightings,
  endSightings,
  findLastingSightings,
  insertRows,
  markMissing,
  updateRows,
  writeFormerMacs,
  writeReports,
} from '../store/inventory.ts';
import type { ObjectChange } from './plan-fabric.ts';
import type { ServerChange } from './plan-servers.ts';

/**
 * Writes what is planned of servers, their NICs and what their guests report, set by set; what follows from that for records is not done
 * here. The transaction holds the account and its spaces.
 */
export async function applyServers(
  tx: Tx,
  work: {
    servers: readonly ServerChange[];
    /** Ids of servers that are no longer found. */
    missing: readonly string[];
    accountId: string;
    now: Date;
    /** The start of the last complete run: when what ends now was last seen. */
    lastSeenAt: Date | null;
  },
): Promise<void> {
  const { servers, missing, accountId, now } = work;
  await writeChanges(tx, 'servers', servers, now);
  await writeReports(
    tx,
    accountId,
    servers.flatMap(({ id, report }) => (report === null ? [] : [{ serverId: id, report }])),
  );
  const nics = servers.flatMap((server) => server.nics);
  await writeFormerMacs(
    tx,
    servers.flatMap((server) => server.formerMacs),
    now,
  );
  await insertRows(
    tx,
    'nics',
    nics.filter((nic) => nic.change === 'created').map((nic) => nic.row),
  );
  await updateRows(
    tx,
    'nics',
    nics.filter((nic) => nic.change !== 'created').map((nic) => nic.row),
    now,
  );
  await markMissing(
    tx,
    'nics',
    servers.flatMap((server) => server.missingNics),
    now,
  );
  await markMissing(tx, 'servers', missing, now);
  const ended = [
    ...servers.flatMap((server) => server.endedSightings),
    ...(await findLastingSightings(tx, missing)),
  ];
  await endSightings(tx, ended, { now, lastSeenAt: work.lastSeenAt });
  await insertRows(
    tx,
    'sightings',
    servers.flatMap((server) => server.startedSightings),
  );
  await alignSightings(
    tx,
    servers.map((server) => server.id),
  );
}

export async function writeChanges(
  tx: Tx,
  table: 'hosts' | 'virtual_switches' | 'wires' | 'servers',
  changes: readonly ObjectChange[],
  now: Date,
): Promise<void> {
  await insertRows(
    tx,
    table,
    changes.filter(({ change }) => change === 'created').map(({ row }) => row),
  );
  await updateRows(
    tx,
    table,
    changes.filter(({ change }) => change !== 'created').map(({ row }) => row),
    now,
  );
}
