import { type RawBuilder, sql } from 'kysely';
import type { Address, TakenAddress } from '@wirebook/contract';
import type { Queries } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { containing, refOf, type Viewed } from './views.ts';

type Intervals = Address['history'];

/** Who had an address in a space, from when to when, newest first; the live ones have no end. A hold ends when its time is over. */
export async function findAddressHistory(
  db: Queries,
  address: { spaceId: string; ip: string; now: Date },
): Promise<Intervals> {
  const { rows } = await sql<{ item: Intervals[number] }>`
    SELECT json_build_object(
      'server', CASE WHEN c.server_name IS NULL THEN NULL ELSE
        json_build_object('id', c.server_id, 'name', coalesce(s.name, c.server_name)) END,
      'nic', CASE WHEN c.nic_id IS NULL THEN NULL ELSE json_build_object('id', c.nic_id, 'mac', c.mac::text) END,
      'network', json_build_object('id', c.network_id, 'name', coalesce(n.name, c.network_name, '')),
      'holder', c.holder, 'key', c.key, 'source', c.source, 'from', rfc3339(c.started_at),
      'to', rfc3339(CASE WHEN c.over THEN c.expires_at ELSE c.ended_at END),
      'ended', CASE WHEN c.over THEN 'expired' ELSE c.end_reason END) AS item
    FROM (SELECT *, ended_at IS NULL AND nic_id IS NULL AND coalesce(expires_at <= ${address.now.toISOString()}, false) AS over
      FROM claims WHERE space_id = ${address.spaceId} AND ip = ${address.ip}::inet) c
    LEFT JOIN servers s ON s.id = c.server_id LEFT JOIN networks n ON n.id = c.network_id
    ORDER BY (c.ended_at IS NULL AND NOT c.over) DESC, c.started_at DESC, c.id DESC LIMIT 500`.execute(db);
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
      'interface', o.interface, 'since', rfc3339(o.first_seen_at)) AS item
    FROM sightings o JOIN servers s ON s.id = o.server_id LEFT JOIN nics k ON k.id = o.nic_id LEFT JOIN wires w ON w.id = k.wire_id
    WHERE o.space_id = ${address.spaceId} AND o.ip = ${address.ip}::inet AND o.ended_at IS NULL
    ORDER BY s.name LIMIT 100`.execute(db);
  return rows.map((row) => row.item);
}

export interface AddressPlace {
  /** The network of the space whose range holds the address. */
  network: { id: string; name: string } | null;
  /** Two claim it, and nobody has decided between them yet. */
  conflicting: boolean;
  /** Declared as one that several NICs have. */
  declaredShared: boolean;
  /** The live claims, those of NICs first. A hold whose time is over is none. */
  claims: { id: string; nicId: string | null; expiresAt: string | null; shared: boolean }[];
}

/** Where in the space the address stands. */
export async function findAddressPlace(
  db: Queries,
  address: { spaceId: string; ip: string; now: Date },
): Promise<AddressPlace> {
  const here = sql`space_id = ${address.spaceId} AND ip = ${address.ip}::inet`;
  const now = sql`${address.now.toISOString()}::timestamptz`;
  const { rows } = await sql<AddressPlace>`
    SELECT (SELECT json_build_object('id', id, 'name', name) FROM networks
        WHERE space_id = ${address.spaceId} AND span @> ${address.ip}::inet) AS network,
      EXISTS (SELECT FROM conflicts WHERE ${here} AND ended_at IS NULL AND resolved_at IS NULL) AS conflicting,
      EXISTS (SELECT FROM shared_addresses WHERE ${here}) AS "declaredShared",
      (SELECT coalesce(json_agg(json_build_object('id', id, 'nicId', nic_id, 'shared', shared,
          'expiresAt', CASE WHEN nic_id IS NULL THEN rfc3339(expires_at) END)
          ORDER BY nic_id IS NULL, started_at, id), '[]')
        FROM claims WHERE ${here} AND ended_at IS NULL AND (nic_id IS NOT NULL OR expires_at IS NULL OR expires_at > ${now}))
        AS claims`.execute(db);
  return rows[0] ?? { network: null, conflicting: false, declaredShared: false, claims: [] };
}

/** The spaces that know the address: by a claim, live or ended, a sighting, or a network that holds it. `used`: somebody has or shows it. */
export async function findSpacesOfAddress(
  db: Queries,
  ip: string,
): Promise<{ id: string; name: string; used: boolean }[]> {
  const { rows } = await sql<{ id: string; name: string; used: boolean }>`
    SELECT s.id, s.name,
      EXISTS (SELECT FROM claims c WHERE c.space_id = s.id AND c.ip = ${ip}::inet AND c.ended_at IS NULL)
        OR EXISTS (SELECT FROM sightings o WHERE o.space_id = s.id AND o.ip = ${ip}::inet AND o.ended_at IS NULL) AS used
    FROM address_spaces s
    WHERE EXISTS (SELECT FROM claims c WHERE c.space_id = s.id AND c.ip = ${ip}::inet)
      OR EXISTS (SELECT FROM sightings o WHERE o.space_id = s.id AND o.ip = ${ip}::inet AND o.ended_at IS NULL)
      OR EXISTS (SELECT FROM networks n WHERE n.space_id = s.id AND n.span @> ${ip}::inet)
    ORDER BY s.name`.execute(db);
  return rows;
}

export interface TakenFilter extends ListPosition {
  spaceId?: string | undefined;
  networkId?: string | undefined;
  serverId?: string | undefined;
  /** Canonical. */
  ip?: string | undefined;
  /** Canonical. */
  mac?: string | undefined;
  key?: string | undefined;
  source?: 'tools' | 'manual' | 'allocated' | undefined;
  state?: TakenAddress['state'] | undefined;
  /** Text to search for, with what it means if it is an address. */
  q?: { text: string; ip: string | null; mac: string | null } | undefined;
  now: Date;
}

const conflicting = sql`EXISTS (SELECT FROM conflicts x WHERE x.space_id = c.space_id AND x.ip = c.ip
  AND x.ended_at IS NULL AND x.resolved_at IS NULL)`;

const taken = sql<
  Viewed<TakenAddress>
>`json_build_object('ip', host(c.ip), 'space', ${refOf('sp')}, 'network', ${refOf('n')},
  'state', CASE WHEN ${conflicting} THEN 'conflict' WHEN c.nic_id IS NULL THEN 'held' ELSE 'used' END, 'server', ${refOf('s')},
  'nic', CASE WHEN c.nic_id IS NULL THEN NULL ELSE json_build_object('id', c.nic_id, 'mac', c.mac::text) END,
  'holder', c.holder, 'key', c.key, 'source', c.source, 'since', rfc3339(c.started_at),
  'expiresAt', CASE WHEN c.nic_id IS NULL THEN rfc3339(c.expires_at) END) AS item`;

/** Claims of those who have a MAC: by their NIC, or as holders outside vCenter. */
function withMac(mac: string): RawBuilder<unknown> {
  return sql`(c.id IN (SELECT m.id FROM nics k JOIN claims m ON m.nic_id = k.id WHERE k.mac = ${mac}::macaddr AND m.ended_at IS NULL
    UNION ALL SELECT m.id FROM claims m WHERE m.ended_at IS NULL AND m.nic_id IS NULL AND m.mac = ${mac}::macaddr))`;
}

/** Live claims. */
export async function listTakenAddresses(db: Queries, filter: TakenFilter): Promise<Page<TakenAddress>> {
  const where: RawBuilder<unknown>[] = [
    sql`c.ended_at IS NULL`,
    sql`(c.nic_id IS NOT NULL OR c.expires_at IS NULL OR c.expires_at > ${filter.now.toISOString()})`,
  ];
  if (filter.spaceId !== undefined) where.push(sql`c.space_id = ${filter.spaceId}`);
  if (filter.networkId !== undefined) where.push(sql`c.network_id = ${filter.networkId}`);
  if (filter.serverId !== undefined) where.push(sql`c.server_id = ${filter.serverId}`);
  if (filter.ip !== undefined) where.push(sql`c.ip = ${filter.ip}::inet`);
  if (filter.mac !== undefined) where.push(withMac(filter.mac));
  if (filter.key !== undefined) where.push(sql`c.key = ${filter.key}`);
  if (filter.source !== undefined) where.push(sql`c.source = ${filter.source}`);
  if (filter.state === 'conflict') where.push(conflicting);
  if (filter.state === 'used') where.push(sql`c.nic_id IS NOT NULL`, sql`NOT ${conflicting}`);
  if (filter.state === 'held') where.push(sql`c.nic_id IS NULL`, sql`NOT ${conflicting}`);
  if (filter.q !== undefined) where.push(searched(filter.q));
  return unwrap(
    await listRows<Viewed<TakenAddress>>(db, {
      select: taken,
      from: sql`claims c LEFT JOIN address_spaces sp ON sp.id = c.space_id LEFT JOIN networks n ON n.id = c.network_id
        LEFT JOIN servers s ON s.id = c.server_id`,
      id: sql`c.id`,
      where,
      sorts: {
        ip: { by: sql`c.ip`, type: 'inet' },
        since: { by: sql`c.started_at`, type: 'timestamptz' },
      },
      defaultSort: 'ip',
      ...filter,
    }),
  );
}

function searched(q: { text: string; ip: string | null; mac: string | null }): RawBuilder<unknown> {
  const like = containing(q.text);
  const meanings = [
    sql`c.server_id IN (SELECT id FROM servers WHERE name ILIKE ${like} OR instance_uuid = lower(${q.text}) OR bios_uuid = lower(${q.text}))`,
    sql`c.key = ${q.text}`,
    sql`c.holder->>'name' ILIKE ${like}`,
    sql`c.holder->>'owner' ILIKE ${like}`,
  ];
  if (q.ip !== null) meanings.push(sql`c.ip = ${q.ip}::inet`);
  if (q.mac !== null) meanings.push(withMac(q.mac));
  return sql`(${sql.join(meanings, sql` OR `)})`;
}
