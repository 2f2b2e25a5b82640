import type { Conflict } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { refOf, stampsOf, type Viewed } from './views.ts';

const firstSeen = (nic: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(SELECT rfc3339(min(o.first_seen_at)) FROM sightings o WHERE o.nic_id = ${nic} AND o.ip = x.ip)`;

const item = sql<
  Viewed<Conflict>
>`json_build_object(${stampsOf('x')}, 'kind', x.kind, 'ip', host(x.ip), 'space', ${refOf('s')},
  'network', ${refOf('nw')},
  'holders', json_build_array(json_build_object('server', ${refOf('hs')},
    'nic', CASE WHEN hn.id IS NULL THEN NULL ELSE json_build_object('id', hn.id, 'mac', hn.mac::text) END,
    'wire', ${refOf('hw')}, 'source', c.source, 'firstSeenAt', ${firstSeen(sql`hn.id`)})),
  'claimants', json_build_array(json_build_object('server', ${refOf('ks')},
    'nic', json_build_object('id', kn.id, 'mac', kn.mac::text), 'wire', ${refOf('kw')}, 'source', 'tools',
    'firstSeenAt', ${firstSeen(sql`kn.id`)})),
  'since', rfc3339(x.started_at)) AS item`;

export async function listConflicts(
  db: Queries,
  filter: ListPosition & { ids?: string[] | undefined; ip?: string | undefined },
): Promise<Page<Conflict>> {
  const where: RawBuilder<unknown>[] = [sql`x.ended_at IS NULL`];
  if (filter.ids !== undefined) where.push(sql`x.id = ANY(${filter.ids}::uuid[])`);
  if (filter.ip !== undefined) where.push(sql`x.ip = ${filter.ip}::inet`);
  return unwrap(
    await listRows<Viewed<Conflict>>(db, {
      select: item,
      from: sql`conflicts x JOIN address_spaces s ON s.id = x.space_id JOIN claims c ON c.id = x.claim_id
        LEFT JOIN networks nw ON nw.id = c.network_id LEFT JOIN nics hn ON hn.id = c.nic_id
        LEFT JOIN servers hs ON hs.id = c.server_id LEFT JOIN wires hw ON hw.id = hn.wire_id
        JOIN nics kn ON kn.id = x.nic_id JOIN servers ks ON ks.id = kn.server_id LEFT JOIN wires kw ON kw.id = kn.wire_id`,
      id: sql`x.id`,
      where,
      sorts: {
        ip: { by: sql`x.ip`, type: 'inet' },
        since: { by: sql`x.started_at`, type: 'timestamptz' },
      },
      defaultSort: 'ip',
      ...filter,
    }),
  );
}
