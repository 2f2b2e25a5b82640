import { sql } from 'kysely';
import type { Queries, Tx } from '../database.ts';
import type { NetworkColumns, NetworkFacts } from '../networks.ts';

/** A network with all that a person sets of it. */
export type NetworkPlace = NetworkFacts & { readonly columns: NetworkColumns };

export async function findNetworkPlaces(db: Queries, spaceIds: readonly string[]): Promise<NetworkPlace[]> {
  const { rows } = await sql<Omit<NetworkFacts, 'name' | 'family' | 'span' | 'cidr'> & NetworkColumns>`
    SELECT n.id, n.name, n.space_id AS "spaceId", s.name AS "spaceName", w.wire_id AS "wireId",
      n.companion_id AS "companionId", n.family, n.span::text AS span, n.cidr::text AS cidr, n.giving::text AS giving,
      host(n.gateway) AS gateway, ARRAY(SELECT host(d.ip) FROM unnest(n.dns) WITH ORDINALITY d(ip, nr) ORDER BY d.nr) AS dns,
      n.domain, n.ntp, n.allocation_policy AS "allocationPolicy", n.resting_seconds AS "restingSeconds", n.description, n.tags
    FROM networks n JOIN address_spaces s ON s.id = n.space_id
    JOIN network_wires w ON w.network_id = n.id AND w.origin = 'primary'
    WHERE n.space_id = ANY(${[...spaceIds]}::uuid[]) ORDER BY n.id`.execute(db);
  return rows.map(({ id, spaceId, spaceName, wireId, companionId, ...columns }) => {
    const { name, family, span, cidr } = columns;
    return { id, spaceId, spaceName, wireId, companionId, name, family, span, cidr, columns };
  });
}

export interface NetworkWire {
  readonly networkId: string;
  readonly wireId: string;
  readonly wireName: string;
  readonly origin: 'primary' | 'declared' | 'detected' | 'suggested' | 'excluded';
}

export async function findNetworkWires(db: Queries, networkIds: readonly string[]): Promise<NetworkWire[]> {
  const { rows } = await sql<NetworkWire>`
    SELECT nw.network_id AS "networkId", nw.wire_id AS "wireId", w.name AS "wireName", nw.origin
    FROM network_wires nw JOIN wires w ON w.id = nw.wire_id
    WHERE nw.network_id = ANY(${[...networkIds]}::uuid[])`.execute(db);
  return rows;
}

/** Declares or excludes wires, whatever was found out about them. */
export async function sayWires(
  tx: Tx,
  wires: readonly {
    spaceId: string;
    networkId: string;
    wireId: string;
    origin: 'declared' | 'excluded';
  }[],
): Promise<void> {
  if (wires.length === 0) return;
  await sql`
    INSERT INTO network_wires (space_id, network_id, wire_id, origin)
    SELECT "spaceId", "networkId", "wireId", origin FROM json_to_recordset(${JSON.stringify(wires)}::json)
      AS w("spaceId" uuid, "networkId" uuid, "wireId" uuid, origin text)
    ON CONFLICT (space_id, network_id, wire_id) DO UPDATE SET origin = excluded.origin, contradiction = NULL,
        evidence = CASE WHEN excluded.origin = 'excluded' THEN '[]' ELSE network_wires.evidence END,
        evidence_count = CASE WHEN excluded.origin = 'excluded' THEN 0 ELSE network_wires.evidence_count END,
        note = CASE WHEN excluded.origin = 'excluded' THEN NULL ELSE network_wires.note END
      WHERE network_wires.origin <> 'primary'`.execute(tx);
}
