import type { Host } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { containing, fromVcenterOf, stampsOf, type Viewed } from './views.ts';

const item = sql<Viewed<Host>>`json_build_object(${stampsOf('h')}, ${fromVcenterOf('h')}, 'name', h.name,
  'managementIp', host(h.management_ip), 'hardwareUuid', h.hardware_uuid, 'version', h.version, 'state', h.state,
  'maintenance', h.maintenance, 'datacenter', h.datacenter, 'cluster', h.cluster, 'physicalNics', h.physical_nics,
  'vmkernelNics', h.vmkernel_nics) AS item`;
const from = sql`hosts h JOIN cloud_accounts a ON a.id = h.account_id`;

export interface HostFilter extends ListPosition {
  ids?: string[] | undefined;
  accountId?: string | undefined;
  name?: string | undefined;
  managementIp?: string | undefined;
  cluster?: string | undefined;
  q?: string | undefined;
}

export async function listHosts(db: Queries, filter: HostFilter): Promise<Page<Host>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`h.id = ANY(${filter.ids}::uuid[])`);
  if (filter.accountId !== undefined) where.push(sql`h.account_id = ${filter.accountId}`);
  if (filter.name !== undefined) where.push(sql`h.name = ${filter.name}`);
  if (filter.managementIp !== undefined) where.push(sql`h.management_ip = ${filter.managementIp}::inet`);
  if (filter.cluster !== undefined) where.push(sql`h.cluster = ${filter.cluster}`);
  if (filter.q !== undefined) {
    where.push(sql`(h.name ILIKE ${containing(filter.q)} OR host(h.management_ip) LIKE ${`${filter.q}%`}
      OR h.hardware_uuid = lower(${filter.q}))`);
  }
  return unwrap(
    await listRows<Viewed<Host>>(db, {
      select: item,
      from,
      id: sql`h.id`,
      where,
      sorts: {
        name: { by: sql`h.name`, type: 'text' },
        managementIp: { by: sql`coalesce(h.management_ip, inet '0.0.0.0')`, type: 'inet' },
        cluster: { by: sql`coalesce(h.cluster, '')`, type: 'text' },
        createdAt: { by: sql`h.created_at`, type: 'timestamptz' },
      },
      defaultSort: 'name',
      ...filter,
    }),
  );
}
