import { sql } from 'kysely';
import type { Queries } from './database.ts';
import type { VlanValue } from './tables.ts';
import { refOf } from './views.ts';

interface Ref {
  readonly id: string;
  readonly name: string;
}

export interface WireFact extends Ref {
  readonly vlan: VlanValue;
  readonly virtualSwitch: Ref | null;
}

/** The wires of a network, the primary one first. */
export async function findNetworkWires(db: Queries, networkId: string): Promise<WireFact[]> {
  const { rows } = await sql<{ item: WireFact }>`
    SELECT json_build_object('id', w.id, 'name', w.name, 'vlan', w.vlan, 'virtualSwitch', ${refOf('v')}) AS item
    FROM network_wires nw JOIN wires w ON w.id = nw.wire_id LEFT JOIN virtual_switches v ON v.id = w.switch_id
    WHERE nw.network_id = ${networkId} AND nw.origin IN ('primary', 'declared', 'detected')
    ORDER BY nw.origin <> 'primary', w.name, w.id`.execute(db);
  return rows.map((row) => row.item);
}

/** Where a NIC is plugged in, as its host has it. */
export interface NicPlace {
  readonly nicId: string;
  readonly space: Ref;
  readonly host: Ref | null;
  readonly powerState: string;
  readonly wire: WireFact | null;
  /** Of a distributed switch. */
  readonly port: string | null;
  readonly neighbours: { device: string; switch: string; port: string }[];
}

export async function findNicPlaces(db: Queries, nicIds: readonly string[]): Promise<NicPlace[]> {
  const { rows } = await sql<{ item: NicPlace }>`
    SELECT json_build_object('nicId', n.id, 'space', ${refOf('sp')}, 'host', ${refOf('h')}, 'powerState', sv.power_state,
      'wire', CASE WHEN w.id IS NULL THEN NULL ELSE json_build_object('id', w.id, 'name', w.name,
        'vlan', coalesce(p.vlan, w.vlan), 'virtualSwitch', ${refOf('v')}) END,
      'port', nullif(n.backing #>> '{port,portKey}', ''),
      'neighbours', (SELECT coalesce(json_agg(json_build_object('device', pnic->>'device',
          'switch', pnic #>> '{neighbour,switch}', 'port', pnic #>> '{neighbour,port}') ORDER BY pnic->>'device'), '[]')
        FROM virtual_switch_hosts u, jsonb_array_elements(h.physical_nics) pnic
        WHERE u.account_id = n.account_id AND u.switch_id = v.id AND u.host_id = h.id
          AND pnic->>'device' = ANY(u.uplinks) AND jsonb_typeof(pnic->'neighbour') = 'object')) AS item
    FROM nics n JOIN servers sv ON sv.id = n.server_id JOIN cloud_accounts a ON a.id = n.account_id
    LEFT JOIN hosts h ON h.id = sv.host_id LEFT JOIN wires w ON w.id = n.wire_id
    LEFT JOIN address_spaces sp ON sp.id = coalesce(w.space_id, a.space_id)
    LEFT JOIN LATERAL (SELECT vlan, switch_id FROM wire_presence
      WHERE account_id = n.account_id AND wire_id = w.id AND host_id = h.id LIMIT 1) p ON true
    LEFT JOIN virtual_switches v ON v.id = coalesce(p.switch_id, w.switch_id)
    WHERE n.id = ANY(${[...nicIds]}::uuid[])`.execute(db);
  return rows.map((row) => row.item);
}

export interface MacOwners {
  /** NICs that have it now. */
  readonly nicIds: string[];
  /** NICs that had it before. */
  readonly former: { nicId: string; until: string }[];
  /** Holders outside vCenter. */
  readonly holders: { name: string; ip: string; space: Ref }[];
}

/** Whose MAC this is; at most twenty of each. `mac`: canonical. */
export async function findMacOwners(db: Queries, options: { mac: string; now: Date }): Promise<MacOwners> {
  const mac = sql`${options.mac}::macaddr`;
  const { rows } = await sql<MacOwners>`
    SELECT (SELECT coalesce(json_agg(id), '[]') FROM (SELECT n.id FROM nics n JOIN servers s ON s.id = n.server_id
        WHERE n.mac = ${mac} ORDER BY n.missing_since IS NOT NULL OR s.missing_since IS NOT NULL, n.id LIMIT 20) x) AS "nicIds",
      (SELECT coalesce(json_agg(json_build_object('nicId', nic_id, 'until', rfc3339(ended_at))), '[]')
        FROM (SELECT m.nic_id, max(m.ended_at) AS ended_at FROM nic_mac_history m JOIN nics n ON n.id = m.nic_id
          WHERE m.mac = ${mac} AND n.mac IS DISTINCT FROM ${mac} GROUP BY m.nic_id ORDER BY 2 DESC LIMIT 20) x) AS former,
      (SELECT coalesce(json_agg(json_build_object('name', name, 'ip', host(ip), 'space', json_build_object('id', id, 'name', space))), '[]')
        FROM (SELECT coalesce(nullif(c.holder->>'name', ''), c.key, '-') AS name, c.ip, sp.id, sp.name AS space
          FROM claims c JOIN address_spaces sp ON sp.id = c.space_id
          WHERE c.mac = ${mac} AND c.ended_at IS NULL AND c.nic_id IS NULL
            AND (c.expires_at IS NULL OR c.expires_at > ${options.now.toISOString()})
          ORDER BY c.ip, c.id LIMIT 20) x) AS holders`.execute(db);
  return rows[0] ?? { nicIds: [], former: [], holders: [] };
}

/** NICs that have the address or report it, those that have it first; at most twenty. */
export async function findNicsOfAddress(
  db: Queries,
  address: { spaceId: string; ip: string },
): Promise<string[]> {
  const { rows } = await sql<{ nic_id: string }>`
    SELECT nic_id FROM (
      SELECT nic_id, 0 AS weight FROM claims
      WHERE space_id = ${address.spaceId} AND ip = ${address.ip}::inet AND ended_at IS NULL AND nic_id IS NOT NULL
      UNION ALL
      SELECT nic_id, 1 FROM sightings
      WHERE space_id = ${address.spaceId} AND ip = ${address.ip}::inet AND ended_at IS NULL AND nic_id IS NOT NULL) n
    GROUP BY nic_id ORDER BY min(weight), nic_id LIMIT 20`.execute(db);
  return rows.map((row) => row.nic_id);
}

export interface OpenConflict {
  readonly id: string;
  readonly kind: 'duplicate' | 'moving';
  readonly holder: string | null;
  readonly claimant: string;
  readonly since: string;
}

/** The claims and the undecided conflicts of an address. */
export async function findDisputes(
  db: Queries,
  address: { spaceId: string; ip: string; now: Date },
): Promise<{ claimIds: string[]; conflicts: OpenConflict[] }> {
  const { rows } = await sql<{ claimIds: string[]; conflicts: OpenConflict[] }>`
    SELECT (SELECT coalesce(json_agg(id ORDER BY nic_id IS NULL, started_at, id), '[]') FROM claims
        WHERE space_id = ${address.spaceId} AND ip = ${address.ip}::inet AND ended_at IS NULL
          AND (nic_id IS NOT NULL OR expires_at IS NULL OR expires_at > ${address.now.toISOString()})) AS "claimIds",
      (SELECT coalesce(json_agg(json_build_object('id', x.id, 'kind', x.kind,
          'holder', coalesce(hs.name, nullif(c.holder->>'name', ''), c.key), 'claimant', s.name,
          'since', rfc3339(x.started_at)) ORDER BY x.started_at, x.id), '[]')
        FROM conflicts x JOIN nics k ON k.id = x.nic_id JOIN servers s ON s.id = k.server_id
        JOIN claims c ON c.id = x.claim_id LEFT JOIN servers hs ON hs.id = c.server_id
        WHERE x.space_id = ${address.spaceId} AND x.ip = ${address.ip}::inet AND x.ended_at IS NULL
          AND x.resolved_at IS NULL) AS conflicts`.execute(db);
  return rows[0] ?? { claimIds: [], conflicts: [] };
}
