import type { Wire } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries, Tx } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { containing, fromVcenterOf, refOf, stampsOf, type Viewed } from './views.ts';

const item = sql<Viewed<Wire>>`json_build_object(${stampsOf('w')}, ${fromVcenterOf('w')}, 'name', w.name,
  'portGroupId', w.port_group_id, 'kind', w.kind, 'purpose', w.purpose, 'space', ${refOf('s')},
  'datacenter', w.datacenter, 'vlan', w.vlan, 'virtualSwitch', ${refOf('v')},
  'hostVlans', coalesce((SELECT json_agg(json_build_object('host', json_build_object('id', h.id, 'name', h.name),
      'vlan', wh.vlan, 'switch', CASE WHEN hv.id IS NULL THEN NULL ELSE json_build_object('id', hv.id, 'name', hv.name) END)
      ORDER BY h.name)
    FROM wire_presence wh JOIN hosts h ON h.id = wh.host_id LEFT JOIN virtual_switches hv ON hv.id = wh.switch_id
    WHERE wh.account_id = w.account_id AND wh.wire_id = w.id), '[]'),
  'vlanDisagreement', w.vlan_disagreement, 'security', w.security, 'teaming', w.teaming,
  'counts', (SELECT json_build_object('servers', count(DISTINCT n.server_id), 'nics', count(*), 'networks',
      (SELECT count(*) FROM network_wires nw WHERE nw.wire_id = w.id AND nw.origin IN ('primary', 'declared', 'detected')))
    FROM nics n JOIN servers sv ON sv.id = n.server_id
    WHERE n.wire_id = w.id AND n.missing_since IS NULL AND sv.missing_since IS NULL)) AS item`;

export interface WireFilter extends ListPosition {
  ids?: string[] | undefined;
  accountId?: string | undefined;
  name?: string | undefined;
  kind?: 'standard' | 'distributed' | 'nsx' | undefined;
  purpose?: 'vm' | 'vmkernel' | 'uplink' | 'any' | undefined;
  spaceId?: string | undefined;
  switchId?: string | undefined;
  hostId?: string | undefined;
  vlan?: number | undefined;
  portGroupId?: string | undefined;
  q?: string | undefined;
}

export async function listWires(db: Queries, filter: WireFilter): Promise<Page<Wire>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`w.id = ANY(${filter.ids}::uuid[])`);
  if (filter.accountId !== undefined) where.push(sql`w.account_id = ${filter.accountId}`);
  if (filter.name !== undefined) where.push(sql`w.name = ${filter.name}`);
  if (filter.kind !== undefined) where.push(sql`w.kind = ${filter.kind}`);
  if (filter.purpose !== undefined && filter.purpose !== 'any')
    where.push(sql`w.purpose = ${filter.purpose}`);
  if (filter.spaceId !== undefined) where.push(sql`w.space_id = ${filter.spaceId}`);
  if (filter.switchId !== undefined) {
    where.push(sql`(w.switch_id = ${filter.switchId} OR EXISTS (SELECT FROM wire_presence wh
      WHERE wh.account_id = w.account_id AND wh.wire_id = w.id AND wh.switch_id = ${filter.switchId}))`);
  }
  if (filter.hostId !== undefined) {
    where.push(sql`EXISTS (SELECT FROM wire_presence wh
      WHERE wh.account_id = w.account_id AND wh.wire_id = w.id AND wh.host_id = ${filter.hostId})`);
  }
  if (filter.vlan !== undefined) where.push(sql`coalesce(w.vlan_id, 0) = ${filter.vlan}`);
  if (filter.portGroupId !== undefined) where.push(sql`w.port_group_id = ${filter.portGroupId}`);
  if (filter.q !== undefined)
    where.push(sql`(w.name ILIKE ${containing(filter.q)} OR w.port_group_id = ${filter.q})`);
  return unwrap(
    await listRows<Viewed<Wire>>(db, {
      select: item,
      from: sql`wires w JOIN cloud_accounts a ON a.id = w.account_id JOIN address_spaces s ON s.id = w.space_id
        LEFT JOIN virtual_switches v ON v.id = w.switch_id`,
      id: sql`w.id`,
      where,
      sorts: {
        name: { by: sql`w.name`, type: 'text' },
        kind: { by: sql`w.kind`, type: 'text' },
        vlan: { by: sql`coalesce(w.vlan_id, 0)`, type: 'integer' },
        createdAt: { by: sql`w.created_at`, type: 'timestamptz' },
      },
      defaultSort: 'name',
      ...filter,
    }),
  );
}

export interface WireFacts {
  id: string;
  name: string;
  accountId: string;
  spaceId: string;
  spaceName: string;
  purpose: 'vm' | 'vmkernel' | 'uplink';
  missingSince: Date | null;
}

/** What a network asks of its wires. */
export async function findWireFacts(db: Queries, ids: readonly string[]): Promise<WireFacts[]> {
  const { rows } = await sql<WireFacts>`
    SELECT w.id, w.name, w.account_id AS "accountId", w.space_id AS "spaceId", s.name AS "spaceName", w.purpose,
      w.missing_since AS "missingSince"
    FROM wires w JOIN address_spaces s ON s.id = w.space_id WHERE w.id = ANY(${ids}::uuid[])`.execute(db);
  return rows;
}

export interface NetworkOnWire {
  id: string;
  name: string;
  origin: string;
  cidr: string;
}

export async function findNetworksOnWire(db: Queries, wireId: string): Promise<NetworkOnWire[]> {
  const { rows } = await sql<NetworkOnWire>`
    SELECT n.id, n.name, w.origin, n.cidr::text AS cidr FROM network_wires w JOIN networks n ON n.space_id = w.space_id AND n.id = w.network_id
    WHERE w.wire_id = ${wireId} ORDER BY n.name`.execute(db);
  return rows;
}

/**
 * Puts wires into another space, with the networks whose primary wires they are, their claims and reservations, and what was seen on
 * their NICs. The constraints of the new space decide whether that fits. Answers the servers on the wires.
 */
export async function moveWiresToSpace(
  tx: Tx,
  move: { wireIds: readonly string[]; spaceId: string; networkIds: readonly string[] },
): Promise<string[]> {
  const { spaceId } = move;
  const networkIds = [...move.networkIds];
  const wireIds = [...move.wireIds];
  const onWires = sql`(SELECT id FROM nics WHERE wire_id = ANY(${wireIds}::uuid[]))`;
  // What is only suggested, or excluded, says nothing across spaces.
  await sql`
    DELETE FROM network_wires l WHERE l.origin IN ('suggested', 'excluded')
      AND (l.wire_id = ANY(${wireIds}::uuid[])) <> (l.network_id = ANY(${networkIds}::uuid[]))`.execute(tx);
  await sql`
    UPDATE wires SET space_id = ${spaceId}, updated_at = now() WHERE id = ANY(${wireIds}::uuid[])`.execute(
    tx,
  );
  await sql`UPDATE networks SET space_id = ${spaceId}, updated_at = now() WHERE id = ANY(${networkIds}::uuid[])`.execute(
    tx,
  );
  await sql`UPDATE network_wires SET space_id = ${spaceId} WHERE network_id = ANY(${networkIds}::uuid[])`.execute(
    tx,
  );
  await sql`UPDATE reservations SET space_id = ${spaceId} WHERE network_id = ANY(${networkIds}::uuid[])`.execute(
    tx,
  );
  await sql`
    UPDATE claims SET space_id = ${spaceId}, updated_at = now()
    WHERE network_id = ANY(${networkIds}::uuid[]) AND ended_at IS NULL`.execute(tx);
  await sql`
    UPDATE sightings SET space_id = ${spaceId} WHERE ended_at IS NULL AND nic_id IN ${onWires}`.execute(tx);
  // A conflict is between two of one space.
  await sql`
    UPDATE conflicts SET ended_at = now(), updated_at = now()
    WHERE ended_at IS NULL AND nic_id IN ${onWires}`.execute(tx);
  const { rows } = await sql<{ server_id: string }>`
    SELECT DISTINCT server_id FROM nics WHERE wire_id = ANY(${wireIds}::uuid[])`.execute(tx);
  return rows.map((row) => row.server_id);
}
