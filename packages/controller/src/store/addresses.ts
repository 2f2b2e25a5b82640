import type { Address } from '@wirebook/contract';
import { sql } from 'kysely';
import type { Queries } from './database.ts';

type Intervals = Address['history'];

/** Who had an address in a space, from when to when, newest first; the live ones have no end. */
export async function findAddressHistory(
  db: Queries,
  address: { spaceId: string; ip: string },
): Promise<Intervals> {
  const { rows } = await sql<{ item: Intervals[number] }>`
    SELECT json_build_object(
      'server', CASE WHEN c.server_name IS NULL THEN NULL ELSE
        json_build_object('id', c.server_id, 'name', coalesce(s.name, c.server_name)) END,
      'nic', CASE WHEN c.nic_id IS NULL THEN NULL ELSE json_build_object('id', c.nic_id, 'mac', c.mac::text) END,
      'network', json_build_object('id', c.network_id, 'name', coalesce(n.name, c.network_name, '')),
      'source', c.source, 'from', rfc3339(c.started_at), 'to', rfc3339(c.ended_at), 'ended', c.end_reason) AS item
    FROM claims c LEFT JOIN servers s ON s.id = c.server_id LEFT JOIN networks n ON n.id = c.network_id
    WHERE c.space_id = ${address.spaceId} AND c.ip = ${address.ip}::inet
    ORDER BY c.ended_at IS NULL DESC, c.started_at DESC LIMIT 500`.execute(db);
  return rows.map((row) => row.item);
}

/** Where the address is reported now. */
export async function findSightings(
  db: Queries,
  address: { spaceId: string; ip: string },
): Promise<Address['seenOn']> {
  const { rows } = await sql<{ item: Address['seenOn'][number] }>`
    SELECT json_build_object('server', json_build_object('id', s.id, 'name', s.name),
      'wire', CASE WHEN w.id IS NULL THEN NULL ELSE json_build_object('id', w.id, 'name', w.name) END,
      'interface', o.interface) AS item
    FROM sightings o JOIN servers s ON s.id = o.server_id LEFT JOIN nics k ON k.id = o.nic_id LEFT JOIN wires w ON w.id = k.wire_id
    WHERE o.space_id = ${address.spaceId} AND o.ip = ${address.ip}::inet AND o.ended_at IS NULL
    ORDER BY s.name LIMIT 100`.execute(db);
  return rows.map((row) => row.item);
}

export interface AddressPlace {
  network: { id: string; name: string } | null;
  isGateway: boolean;
  conflicting: boolean;
}

/** The network of the space whose range holds the address, if any; and whether it is any network's gateway. */
export async function findAddressPlace(
  db: Queries,
  address: { spaceId: string; ip: string },
): Promise<AddressPlace> {
  const { rows } = await sql<AddressPlace>`
    SELECT (SELECT json_build_object('id', id, 'name', name) FROM networks
        WHERE space_id = ${address.spaceId} AND span @> ${address.ip}::inet) AS network,
      EXISTS (SELECT FROM networks WHERE space_id = ${address.spaceId} AND gateway = ${address.ip}::inet) AS "isGateway",
      EXISTS (SELECT FROM conflicts WHERE space_id = ${address.spaceId} AND ip = ${address.ip}::inet
        AND ended_at IS NULL) AS conflicting`.execute(db);
  return rows[0] ?? { network: null, isGateway: false, conflicting: false };
}

/** The spaces that know the address: by a claim, live or ended, a sighting, or a network that holds it. */
export async function findSpacesOfAddress(db: Queries, ip: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT s.id, s.name FROM address_spaces s
    WHERE EXISTS (SELECT FROM claims c WHERE c.space_id = s.id AND c.ip = ${ip}::inet)
      OR EXISTS (SELECT FROM sightings o WHERE o.space_id = s.id AND o.ip = ${ip}::inet AND o.ended_at IS NULL)
      OR EXISTS (SELECT FROM networks n WHERE n.space_id = s.id AND n.span @> ${ip}::inet)
    ORDER BY s.name`.execute(db);
  return rows;
}
