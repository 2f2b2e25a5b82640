import { sql } from 'kysely';
import type { Queries } from './database.ts';
import type { WireOrigin } from './tables.ts';

/** The wires that a network has by this origin. */
export async function findWiresLinked(db: Queries, networkId: string, origin: WireOrigin): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT wire_id AS id FROM network_wires WHERE network_id = ${networkId} AND origin = ${origin}
    ORDER BY wire_id`.execute(db);
  return rows.map((row) => row.id);
}
