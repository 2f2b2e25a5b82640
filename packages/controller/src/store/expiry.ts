import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** Ends the holds and deletes the reservations of these networks whose time is over. The transaction holds the networks' rows. */
export async function endExpired(tx: Tx, networkIds: readonly string[], now: Date): Promise<void> {
  const at = now.toISOString();
  await sql`
    UPDATE claims SET ended_at = ${at}, end_reason = 'expired', updated_at = ${at}
    WHERE network_id = ANY(${[...networkIds]}::uuid[]) AND ended_at IS NULL AND expires_at <= ${at} AND nic_id IS NULL`.execute(
    tx,
  );
  await sql`
    DELETE FROM reservations WHERE network_id = ANY(${[...networkIds]}::uuid[]) AND expires_at <= ${at}`.execute(
    tx,
  );
}
