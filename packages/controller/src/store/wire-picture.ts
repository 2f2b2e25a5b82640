import type { Ref, WirePicture } from '@wirebook/contract';
import { sql } from 'kysely';
import type { HostFacts } from '../domain/wire-picture.ts';
import type { Queries } from './database.ts';
import { refOf } from './views.ts';

export interface WirePictureFacts {
  readonly wire: WirePicture['wire'];
  readonly networks: WirePicture['networks'];
  readonly hosts: readonly HostFacts[];
  /** Also those whose host is not known. */
  readonly servers: number;
}

/** NICs that are on the wire now. */
const onWire = sql`FROM nics n JOIN servers sv ON sv.id = n.server_id
  WHERE n.wire_id = w.id AND n.missing_since IS NULL AND sv.missing_since IS NULL`;

/** Everything that the book has between the networks of a wire and the physical switches. One statement, however many hosts. */
export async function findWirePicture(db: Queries, wireId: string): Promise<WirePictureFacts | undefined> {
  const { rows } = await sql<WirePictureFacts>`
    SELECT json_build_object('id', w.id, 'name', w.name, 'kind', w.kind, 'vlan', w.vlan, 'teaming', w.teaming,
        'virtualSwitch', ${refOf('v')}, 'missingSince', rfc3339(w.missing_since)) AS wire,
      coalesce(networks.items, '[]') AS networks, coalesce(hosts.items, '[]') AS hosts,
      (SELECT count(DISTINCT n.server_id)::int ${onWire}) AS servers
    FROM wires w LEFT JOIN virtual_switches v ON v.id = w.switch_id
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object('id', nw.id, 'name', nw.name, 'cidr', nw.cidr::text, 'gateway', host(nw.gateway),
        'origin', l.origin, 'servers', (SELECT count(DISTINCT n.server_id)::int ${onWire}
          AND EXISTS (SELECT FROM claims c WHERE c.nic_id = n.id AND c.network_id = nw.id AND c.ended_at IS NULL)))
        ORDER BY nw.family, nw.cidr, nw.name) AS items
      FROM network_wires l JOIN networks nw ON nw.space_id = l.space_id AND nw.id = l.network_id
      WHERE l.wire_id = w.id AND l.origin IN ('primary', 'detected', 'declared')) networks ON true
    LEFT JOIN LATERAL (
      WITH present AS (SELECT p.host_id, p.switch_id, p.vlan, p.teaming FROM wire_presence p
        WHERE p.account_id = w.account_id AND p.wire_id = w.id),
      used AS (SELECT sv.host_id, count(DISTINCT sv.id)::int AS servers ${onWire} GROUP BY sv.host_id)
      SELECT json_agg(json_build_object('id', h.id, 'name', h.name, 'managementIp', host(h.management_ip),
        'state', h.state, 'maintenance', h.maintenance, 'cluster', h.cluster, 'switch', ${refOf('hv')}, 'vlan', p.vlan,
        'teaming', CASE WHEN w.kind = 'standard' THEN p.teaming ELSE w.teaming END, 'ports', u.uplink_ports,
        'physicalNics', h.physical_nics, 'servers', coalesce(used.servers, 0)) ORDER BY h.cluster, h.name, h.id) AS items
      FROM (SELECT host_id FROM present UNION SELECT host_id FROM used) x
      JOIN hosts h ON h.id = x.host_id AND h.missing_since IS NULL
      LEFT JOIN present p ON p.host_id = h.id LEFT JOIN used ON used.host_id = h.id
      LEFT JOIN virtual_switches hv ON hv.id = p.switch_id
      LEFT JOIN virtual_switch_hosts u ON u.account_id = w.account_id AND u.switch_id = p.switch_id AND u.host_id = h.id
    ) hosts ON true
    WHERE w.id = ${wireId}`.execute(db);
  return rows[0];
}

/** A NIC on a wire, with its addresses. */
export interface NicOnWire {
  readonly nic: { id: string; mac: string | null; label: string };
  /** Records first, then what it reports beside them. */
  readonly ips: { ip: string; network: Ref | null }[];
  readonly host: Ref | null;
}

/** The NICs that a server has on a wire, in device order. */
export async function findNicsOnWire(
  db: Queries,
  on: { serverId: string; wireId: string },
): Promise<NicOnWire[]> {
  const { rows } = await sql<NicOnWire>`
    SELECT json_build_object('id', n.id, 'mac', n.mac::text, 'label', n.label) AS nic, ${refOf('h')} AS host,
      coalesce((SELECT json_agg(json_build_object('ip', host(i.ip), 'network', i.network) ORDER BY i.network IS NULL, i.ip)
        FROM (SELECT c.ip, ${refOf('nw')} AS network FROM claims c LEFT JOIN networks nw ON nw.id = c.network_id
            WHERE c.nic_id = n.id AND c.ended_at IS NULL
          UNION ALL SELECT DISTINCT ON (o.ip) o.ip, NULL::json FROM sightings o
            WHERE o.nic_id = n.id AND o.ended_at IS NULL AND o.candidate AND NOT EXISTS (SELECT FROM claims c
              WHERE c.nic_id = n.id AND c.ip = o.ip AND c.ended_at IS NULL)) i), '[]') AS ips
    FROM nics n JOIN servers sv ON sv.id = n.server_id LEFT JOIN hosts h ON h.id = sv.host_id
    WHERE n.server_id = ${on.serverId} AND n.wire_id = ${on.wireId} AND n.missing_since IS NULL
      AND sv.missing_since IS NULL
    ORDER BY n.position`.execute(db);
  return rows;
}
