import { type RawBuilder, sql } from 'kysely';
import type { Tx } from './database.ts';
import { lockSpaces } from './locks.ts';

/**
 * Ends the holds and deletes the reservations of these networks whose time is over. The transaction holds the networks' rows. A hold
 * ended when its time was over, however late somebody finds out: history and resting go by that.
 */
export async function endExpired(tx: Tx, networkIds: readonly string[], now: Date): Promise<void> {
  const of = sql`network_id = ANY(${[...networkIds]}::uuid[])`;
  await endHolds(tx, of, now);
  await deleteReservations(tx, of, now);
}

/**
 * The same for whatever network, the longest expired first, at most so many of each. Answers how many were found; another may have ended
 * some of them meanwhile.
 */
export async function endExpiredAnywhere(tx: Tx, work: { now: Date; atMost: number }): Promise<number> {
  const now = work.now.toISOString();
  const { rows } = await sql<{ id: string; spaceId: string; networkId: string; hold: boolean }>`
    (SELECT id, space_id AS "spaceId", network_id AS "networkId", true AS hold FROM claims
      WHERE ended_at IS NULL AND expires_at <= ${now} AND nic_id IS NULL ORDER BY expires_at LIMIT ${work.atMost})
    UNION ALL
    (SELECT id, space_id, network_id, false FROM reservations WHERE expires_at <= ${now} ORDER BY expires_at LIMIT ${work.atMost})`.execute(
    tx,
  );
  if (rows.length === 0) return 0;
  // No hold ends while a NIC is about to take it over.
  await lockSpaces(
    tx,
    rows.map((row) => row.spaceId),
  );
  await sql`
    SELECT 1 FROM networks WHERE id = ANY(${[...new Set(rows.map((row) => row.networkId))]}::uuid[])
    ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  const those = (hold: boolean): RawBuilder<unknown> =>
    sql`id = ANY(${rows.filter((row) => row.hold === hold).map((row) => row.id)}::uuid[])`;
  await endHolds(tx, those(true), work.now);
  await deleteReservations(tx, those(false), work.now);
  return rows.length;
}

async function endHolds(tx: Tx, which: RawBuilder<unknown>, now: Date): Promise<void> {
  const at = now.toISOString();
  await sql`
    UPDATE claims SET ended_at = greatest(expires_at, started_at), end_reason = 'expired', updated_at = ${at}
    WHERE ${which} AND ended_at IS NULL AND expires_at <= ${at} AND nic_id IS NULL`.execute(tx);
}

async function deleteReservations(tx: Tx, which: RawBuilder<unknown>, now: Date): Promise<void> {
  await sql`DELETE FROM reservations WHERE ${which} AND expires_at <= ${now.toISOString()}`.execute(tx);
}
