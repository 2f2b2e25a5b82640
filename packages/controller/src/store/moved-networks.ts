import { sql } from 'kysely';
import { type NicPlace, type NicsMoved, whereNicsWent } from '../domain/moved-networks.ts';
import type { Queries } from './database.ts';

/** A network whose NICs nearly all hang on one other wire by now. */
export interface MovedNetwork extends NicsMoved {
  readonly network: { readonly id: string; readonly name: string };
  /** Its primary wire. */
  readonly from: { readonly id: string; readonly name: string };
}

/** A network, its primary wire, and where the NICs are that have or report one of its addresses, the most first. */
export interface NetworkPlaces {
  readonly network: { readonly id: string; readonly name: string };
  readonly wire: { readonly id: string; readonly name: string };
  readonly places: readonly NicPlace[];
}

/** The networks that their NICs have left for one other wire: of these, or of all. */
export async function findMovedNetworks(
  db: Queries,
  options: { networkIds?: readonly string[] } = {},
): Promise<MovedNetwork[]> {
  const found = await findNicPlaces(db, options);
  return found.flatMap(({ network, wire, places }) => {
    const moved = whereNicsWent(wire.id, places);
    return moved === null ? [] : [{ network, from: wire, ...moved }];
  });
}

/** NICs count by what they have and by what they report; those of templates, and what vCenter no longer shows, don't. */
export async function findNicPlaces(
  db: Queries,
  options: { networkIds?: readonly string[] } = {},
): Promise<NetworkPlaces[]> {
  const those = options.networkIds === undefined ? null : [...options.networkIds];
  const { rows } = await sql<NetworkPlaces>`
    WITH asked AS (
      SELECT n.id, n.name, n.space_id, lower(n.span) AS first, upper(n.span) AS last, w.id AS wire_id, w.name AS wire_name
      FROM networks n JOIN network_wires nw ON nw.network_id = n.id AND nw.origin = 'primary' JOIN wires w ON w.id = nw.wire_id
      WHERE ${those}::uuid[] IS NULL OR n.id = ANY(${those}::uuid[])),
    used AS (
      SELECT a.id, o.nic_id FROM asked a JOIN sightings o ON o.space_id = a.space_id AND o.ip >= a.first AND o.ip <= a.last
      WHERE o.ended_at IS NULL AND o.candidate AND o.nic_id IS NOT NULL
      UNION SELECT a.id, c.nic_id FROM asked a JOIN claims c ON c.network_id = a.id
      WHERE c.ended_at IS NULL AND c.nic_id IS NOT NULL),
    counted AS (
      SELECT u.id, k.wire_id, count(*)::integer AS nics
      FROM used u JOIN nics k ON k.id = u.nic_id JOIN servers s ON s.id = k.server_id
      WHERE k.wire_id IS NOT NULL AND k.missing_since IS NULL AND s.missing_since IS NULL AND NOT s.template
      GROUP BY u.id, k.wire_id)
    SELECT json_build_object('id', a.id, 'name', a.name) AS network,
      json_build_object('id', a.wire_id, 'name', a.wire_name) AS wire,
      coalesce((SELECT json_agg(json_build_object('wire', json_build_object('id', w.id, 'name', w.name), 'nics', c.nics,
          'open', w.purpose = 'vm' AND w.missing_since IS NULL AND w.space_id = a.space_id AND nw.origin IS DISTINCT FROM 'excluded')
          ORDER BY c.nics DESC, w.name, w.id)
        FROM counted c JOIN wires w ON w.id = c.wire_id
        LEFT JOIN network_wires nw ON nw.network_id = c.id AND nw.wire_id = c.wire_id
        WHERE c.id = a.id), '[]') AS places
    FROM asked a ORDER BY a.name, a.id`.execute(db);
  return rows;
}
