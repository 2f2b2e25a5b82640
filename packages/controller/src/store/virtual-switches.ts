import type { VirtualSwitch } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { containing, fromVcenterOf, stampsOf, type Viewed } from './views.ts';

const item = sql<
  Viewed<VirtualSwitch>
>`json_build_object(${stampsOf('v')}, ${fromVcenterOf('v')}, 'name', v.name,
  'kind', v.kind, 'uuid', v.uuid, 'mtu', v.mtu,
  'hosts', coalesce((SELECT json_agg(json_build_object('id', h.id, 'name', h.name) ORDER BY h.name)
    FROM virtual_switch_hosts vh JOIN hosts h ON h.id = vh.host_id
    WHERE vh.account_id = v.account_id AND vh.switch_id = v.id), '[]')) AS item`;

export interface VirtualSwitchFilter extends ListPosition {
  ids?: string[] | undefined;
  accountId?: string | undefined;
  name?: string | undefined;
  kind?: 'standard' | 'distributed' | undefined;
  hostId?: string | undefined;
  q?: string | undefined;
}

export async function listVirtualSwitches(
  db: Queries,
  filter: VirtualSwitchFilter,
): Promise<Page<VirtualSwitch>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`v.id = ANY(${filter.ids}::uuid[])`);
  if (filter.accountId !== undefined) where.push(sql`v.account_id = ${filter.accountId}`);
  if (filter.name !== undefined) where.push(sql`v.name = ${filter.name}`);
  if (filter.kind !== undefined) where.push(sql`v.kind = ${filter.kind}`);
  if (filter.hostId !== undefined) {
    where.push(sql`EXISTS (SELECT FROM virtual_switch_hosts vh
      WHERE vh.account_id = v.account_id AND vh.switch_id = v.id AND vh.host_id = ${filter.hostId})`);
  }
  if (filter.q !== undefined)
    where.push(sql`(v.name ILIKE ${containing(filter.q)} OR v.uuid = lower(${filter.q}))`);
  return unwrap(
    await listRows<Viewed<VirtualSwitch>>(db, {
      select: item,
      from: sql`virtual_switches v JOIN cloud_accounts a ON a.id = v.account_id`,
      id: sql`v.id`,
      where,
      sorts: {
        name: { by: sql`v.name`, type: 'text' },
        kind: { by: sql`v.kind`, type: 'text' },
        createdAt: { by: sql`v.created_at`, type: 'timestamptz' },
      },
      defaultSort: 'name',
      ...filter,
    }),
  );
}
