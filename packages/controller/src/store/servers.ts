import type { Server } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { nicObject, type StoredNic } from './nics.ts';
import { containing, fromVcenterOf, refOf, stampsOf, type Viewed } from './views.ts';

export type StoredServer = Omit<Server, 'nics'> & { nics: StoredNic[] };

const item = sql<
  Viewed<StoredServer>
>`json_build_object(${stampsOf('sv')}, ${fromVcenterOf('sv')}, 'name', sv.name,
  'instanceUuid', sv.instance_uuid, 'biosUuid', sv.bios_uuid, 'host', ${refOf('h')}, 'datacenter', sv.datacenter,
  'cluster', sv.cluster, 'folder', sv.folder, 'powerState', sv.power_state, 'connectionState', sv.connection_state,
  'readable', sv.readable, 'toolsStatus', sv.tools_status, 'guestHostName', sv.guest_host_name,
  'template', sv.template, 'managedBy', sv.managed_by,
  'tags', CASE WHEN sv.sync_ips IS NULL THEN '{}'::json ELSE json_build_object('sync_ips', sv.sync_ips) END,
  'guestInternal', coalesce((SELECT json_agg(json_build_object('ip', host(o.ip), 'interface', o.interface)
      ORDER BY o.interface, o.ip)
    FROM sightings o WHERE o.server_id = sv.id AND o.nic_id IS NULL AND o.ended_at IS NULL), '[]'),
  'nics', coalesce((SELECT json_agg(${nicObject} ORDER BY n.position)
    FROM nics n LEFT JOIN wires w ON w.id = n.wire_id WHERE n.server_id = sv.id AND n.missing_since IS NULL), '[]')) AS item`;

export interface ServerFilter extends ListPosition {
  ids?: string[] | undefined;
  accountId?: string | undefined;
  name?: string | undefined;
  hostId?: string | undefined;
  wireId?: string | undefined;
  networkId?: string | undefined;
  powerState?: string | undefined;
  template?: boolean | undefined;
  instanceUuid?: string | undefined;
  biosUuid?: string | undefined;
  /** A tag that must be there, `sync_ips`, or a tag with its value, `sync_ips=10.1.2.3`. */
  tag?: string | undefined;
  missing?: boolean | undefined;
  q?: { text: string; ip: string | null; mac: string | null } | undefined;
}

export async function listServers(db: Queries, filter: ServerFilter): Promise<Page<StoredServer>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`sv.id = ANY(${filter.ids}::uuid[])`);
  if (filter.accountId !== undefined) where.push(sql`sv.account_id = ${filter.accountId}`);
  if (filter.name !== undefined) where.push(sql`sv.name = ${filter.name}`);
  if (filter.hostId !== undefined) where.push(sql`sv.host_id = ${filter.hostId}`);
  if (filter.wireId !== undefined)
    where.push(sql`sv.id IN (SELECT n.server_id FROM nics n WHERE n.wire_id = ${filter.wireId})`);
  if (filter.networkId !== undefined) {
    where.push(sql`sv.id IN (SELECT c.server_id FROM claims c
      WHERE c.network_id = ${filter.networkId} AND c.ended_at IS NULL)`);
  }
  if (filter.powerState !== undefined) where.push(sql`sv.power_state = ${filter.powerState}`);
  if (filter.template !== undefined) where.push(sql`sv.template = ${filter.template}`);
  if (filter.instanceUuid !== undefined) where.push(sql`sv.instance_uuid = lower(${filter.instanceUuid})`);
  if (filter.biosUuid !== undefined) where.push(sql`sv.bios_uuid = lower(${filter.biosUuid})`);
  if (filter.tag !== undefined) where.push(withTag(filter.tag));
  if (filter.missing !== undefined)
    where.push(filter.missing ? sql`sv.missing_since IS NOT NULL` : sql`sv.missing_since IS NULL`);
  if (filter.q !== undefined) where.push(search(filter.q));
  return unwrap(
    await listRows<Viewed<StoredServer>>(db, {
      select: item,
      from: sql`servers sv JOIN cloud_accounts a ON a.id = sv.account_id LEFT JOIN hosts h ON h.id = sv.host_id`,
      id: sql`sv.id`,
      where,
      sorts: {
        name: { by: sql`sv.name`, type: 'text' },
        powerState: { by: sql`sv.power_state`, type: 'text' },
        createdAt: { by: sql`sv.created_at`, type: 'timestamptz' },
      },
      defaultSort: 'name',
      ...filter,
    }),
  );
}

function withTag(tag: string): RawBuilder<unknown> {
  const [key = '', ...value] = tag.split('=');
  if (key !== 'sync_ips') return sql`false`;
  if (value.length === 0) return sql`sv.sync_ips IS NOT NULL`;
  return sql`${value.join('=')} = ANY(string_to_array(sv.sync_ips, ','))`;
}

function search(q: { text: string; ip: string | null; mac: string | null }): RawBuilder<unknown> {
  const meanings = [
    sql`sv.name ILIKE ${containing(q.text)}`,
    sql`sv.instance_uuid = lower(${q.text})`,
    sql`sv.bios_uuid = lower(${q.text})`,
  ];
  if (q.mac !== null)
    meanings.push(sql`sv.id IN (SELECT n.server_id FROM nics n WHERE n.mac = ${q.mac}::macaddr)`);
  if (q.ip !== null) {
    meanings.push(sql`sv.id IN (SELECT o.server_id FROM address_spaces sp JOIN sightings o ON o.space_id = sp.id
        WHERE o.ip = ${q.ip}::inet AND o.ended_at IS NULL
      UNION SELECT c.server_id FROM address_spaces sp JOIN claims c ON c.space_id = sp.id
        WHERE c.ip = ${q.ip}::inet AND c.ended_at IS NULL)`);
  }
  return sql`(${sql.join(meanings, sql` OR `)})`;
}
