import { sql } from 'kysely';
import type { ListDifference } from '@wirebook/contract';
import { type AddressRange, formatAddress, parsePrefix } from '../domain/addresses.ts';
import type { ComparedNetwork, Presence } from '../domain/list-comparison.ts';
import type { Database, Queries, Tx } from './database.ts';
import { readSpan } from './spans.ts';

/** What is looked at: addresses (canonical text) of one space, as things stand at a time. */
export interface ComparedAddresses {
  readonly spaceId: string;
  readonly ips: readonly string[];
  readonly now: Date;
}

/** Who has or shows an address, with where that was seen. */
export type StoredPresence = Presence &
  Omit<ListDifference['evidence'][number], 'name' | 'mac'> & { readonly ip: string };

/** Every machine with containers shows the same inner addresses. */
const SHOWN_BY_AT_MOST = 200;

/** Does the work on one state of the book, whatever is written meanwhile; writing nothing is the database's word. */
export function inSnapshot<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => work(tx));
}

/** The spaces of these names, whatever their case. */
export async function findSpacesByNames(
  db: Queries,
  names: readonly string[],
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM address_spaces WHERE lower(name) = ANY(${names.map((name) => name.toLowerCase())}::text[])
    ORDER BY name`.execute(db);
  return rows;
}

/** The networks of a space. */
export async function findComparedNetworks(db: Queries, spaceId: string): Promise<ComparedNetwork[]> {
  const { rows } = await sql<{ id: string; name: string; span: string; cidr: string }>`
    SELECT id, name, span::text AS span, cidr::text AS cidr FROM networks WHERE space_id = ${spaceId}
    ORDER BY lower(span)`.execute(db);
  return rows.map(({ span, cidr, ...network }) => {
    const parsed = parsePrefix(cidr);
    if (parsed === null) throw new Error(`the database holds ${cidr}, which is no prefix`);
    return { ...network, range: readSpan(span), prefix: parsed.prefix };
  });
}

/** Who has these addresses, who shows them, and the hosts that have them for themselves; of each address the weightiest first. */
export async function findPresences(db: Queries, about: ComparedAddresses): Promise<StoredPresence[]> {
  const now = about.now.toISOString();
  const { rows } = await sql<StoredPresence>`
    WITH asked AS MATERIALIZED (SELECT a.ip FROM unnest(${[...about.ips]}::inet[]) AS a(ip))
    SELECT host(p.ip) AS ip, source, array_remove(names, NULL) AS names, server, mac::text AS mac, wire, rfc3339(since) AS since
    FROM (
      SELECT a.ip, 0 AS weight, CASE WHEN c.nic_id IS NOT NULL THEN 'record'
          WHEN c.source = 'manual' AND c.holder IS NOT NULL THEN 'holder' ELSE 'held' END AS source,
        ARRAY[coalesce(s.name, c.server_name), nullif(s.guest_host_name, ''), nullif(c.holder->>'name', ''), c.key] AS names,
        CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('id', s.id, 'name', s.name) END AS server,
        coalesce(k.mac, c.mac) AS mac, k.wire_id, c.started_at AS since, c.id
      FROM asked a CROSS JOIN LATERAL (
        SELECT * FROM claims c WHERE c.space_id = ${about.spaceId} AND c.ip = a.ip AND c.ended_at IS NULL
          AND (c.nic_id IS NOT NULL OR c.expires_at IS NULL OR c.expires_at > ${now}) OFFSET 0) c
      LEFT JOIN servers s ON s.id = c.server_id LEFT JOIN nics k ON k.id = c.nic_id
      UNION ALL
      SELECT a.ip, 1, 'seen', ARRAY[s.name, nullif(s.guest_host_name, '')],
        json_build_object('id', s.id, 'name', s.name), k.mac, k.wire_id, o.first_seen_at, o.id
      FROM asked a CROSS JOIN LATERAL (
        SELECT * FROM sightings o WHERE o.space_id = ${about.spaceId} AND o.ip = a.ip AND o.ended_at IS NULL
        ORDER BY o.candidate DESC, o.first_seen_at, o.id LIMIT ${SHOWN_BY_AT_MOST}) o
      JOIN servers s ON s.id = o.server_id LEFT JOIN nics k ON k.id = o.nic_id
      WHERE NOT EXISTS (SELECT FROM claims c WHERE c.space_id = ${about.spaceId} AND c.ip = a.ip AND c.ended_at IS NULL
        AND c.nic_id = o.nic_id)
      UNION ALL
      SELECT a.ip, 2, 'vmkernel', ARRAY[nullif(v.object_name, '')], NULL, NULL, NULL, NULL, v.object_id
      FROM asked a JOIN known_addresses v ON v.space_id = ${about.spaceId} AND v.ip = a.ip AND v.kind = 'vmkernel') p
    LEFT JOIN LATERAL (SELECT json_build_object('id', w.id, 'name', w.name) AS wire FROM wires w WHERE w.id = p.wire_id) w ON true
    ORDER BY p.ip, p.weight, p.since, p.id`.execute(db);
  return rows;
}

/** Those of the addresses that are kept back, a DHCP server's own, or have a part to play. */
export async function findKept(db: Queries, about: ComparedAddresses): Promise<string[]> {
  const { rows } = await sql<{ ip: string }>`
    SELECT host(a.ip) AS ip FROM unnest(${[...about.ips]}::inet[]) AS a(ip)
    WHERE EXISTS (SELECT FROM known_addresses k WHERE k.space_id = ${about.spaceId} AND k.ip = a.ip)
      OR EXISTS (SELECT FROM shared_addresses h WHERE h.space_id = ${about.spaceId} AND h.ip = a.ip)
      OR EXISTS (SELECT FROM reservations r WHERE r.space_id = ${about.spaceId} AND r.span @> a.ip
        AND (r.expires_at IS NULL OR r.expires_at > ${about.now.toISOString()}))`.execute(db);
  return rows.map((row) => row.ip);
}

/** Who had the addresses last, until when (RFC 3339). */
export async function findFormerHolders(
  db: Queries,
  about: ComparedAddresses,
): Promise<{ ip: string; name: string; until: string }[]> {
  const { rows } = await sql<{ ip: string; name: string; until: string }>`
    SELECT host(a.ip) AS ip, coalesce(s.name, c.server_name, nullif(c.holder->>'name', ''), c.key, '-') AS name,
      rfc3339(coalesce(c.ended_at, c.expires_at)) AS until
    FROM unnest(${[...about.ips]}::inet[]) AS a(ip)
    CROSS JOIN LATERAL (SELECT * FROM claims c WHERE c.space_id = ${about.spaceId} AND c.ip = a.ip
      ORDER BY c.started_at DESC LIMIT 1) c
    LEFT JOIN servers s ON s.id = c.server_id`.execute(db);
  return rows;
}

/**
 * Addresses in these ranges (apart from one another) that somebody has or shows on a NIC, or a host for itself, and that are not among
 * those listed: the first `take` by address, and how many there are.
 */
export async function findStrangers(
  db: Queries,
  about: ComparedAddresses & { ranges: readonly AddressRange[]; take: number },
): Promise<{ ips: string[]; count: number }> {
  const { spaceId } = about;
  const { rows } = await sql<{ ip: string; count: number }>`
    WITH listed AS MATERIALIZED (SELECT DISTINCT a.ip FROM unnest(${[...about.ips]}::inet[]) AS a(ip)),
    ranges AS MATERIALIZED (SELECT * FROM unnest(${about.ranges.map((range) => formatAddress(range.start))}::inet[],
      ${about.ranges.map((range) => formatAddress(range.end))}::inet[]) AS r(first, last))
    SELECT host(p.ip) AS ip, count(*) OVER () AS count FROM (
      -- The order inside each makes it plain which index is meant, also to a plan that is made while the tables are empty.
      SELECT c.ip FROM ranges r CROSS JOIN LATERAL (SELECT ip FROM claims c
        WHERE c.space_id = ${spaceId} AND c.ip >= r.first AND c.ip <= r.last AND c.ended_at IS NULL
          AND (c.nic_id IS NOT NULL OR c.expires_at IS NULL OR c.expires_at > ${about.now.toISOString()})
        ORDER BY c.space_id, c.ip) c
      UNION SELECT o.ip FROM ranges r CROSS JOIN LATERAL (SELECT ip FROM sightings o
        WHERE o.space_id = ${spaceId} AND o.ip >= r.first AND o.ip <= r.last AND o.ended_at IS NULL AND o.candidate
        ORDER BY o.space_id, o.ip) o
      UNION SELECT k.ip FROM ranges r CROSS JOIN LATERAL (SELECT ip FROM known_addresses k
        WHERE k.space_id = ${spaceId} AND k.ip >= r.first AND k.ip <= r.last AND k.kind = 'vmkernel'
        ORDER BY k.space_id, k.ip) k) p
    WHERE NOT EXISTS (SELECT FROM listed l WHERE l.ip = p.ip)
    ORDER BY p.ip LIMIT ${about.take}`.execute(db);
  return { ips: rows.map((row) => row.ip), count: rows[0]?.count ?? 0 };
}
