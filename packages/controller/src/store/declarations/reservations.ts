import { sql } from 'kysely';
import type { Queries } from '../database.ts';

export interface ReservationSeen {
  readonly id: string;
  readonly networkId: string;
  readonly kind: 'reserved' | 'dhcp';
  readonly start: string;
  readonly end: string;
  readonly note: string;
  /** RFC 3339. */
  readonly expiresAt: string | null;
}

export async function findReservationsOf(
  db: Queries,
  networkIds: readonly string[],
): Promise<ReservationSeen[]> {
  const { rows } = await sql<ReservationSeen>`
    SELECT id, network_id AS "networkId", kind, host(lower(span)) AS start, host(upper(span)) AS end, note,
      rfc3339(expires_at) AS "expiresAt"
    FROM reservations WHERE network_id = ANY(${[...networkIds]}::uuid[])`.execute(db);
  return rows;
}
