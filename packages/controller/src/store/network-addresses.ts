import { type RawBuilder, sql } from 'kysely';
import { type AddressRange, formatAddress, type IpAddress, parseAddress } from '../domain/addresses.ts';
import type { ReservedRange } from '../domain/free-runs.ts';
import type { Queries } from './database.ts';
import { readSpan, readSpans } from './spans.ts';

/** A network as the list of its addresses needs it. */
export interface ListedNetwork {
  readonly id: string;
  readonly spaceId: string;
  readonly name: string;
  readonly range: AddressRange;
  readonly giving: readonly AddressRange[];
  readonly restingSeconds: number;
}

export async function findListedNetwork(db: Queries, id: string): Promise<ListedNetwork | null> {
  const { rows } = await sql<{
    id: string;
    space_id: string;
    name: string;
    span: string;
    giving: string;
    resting_seconds: number;
  }>`SELECT id, space_id, name, span::text AS span, giving::text AS giving, resting_seconds FROM networks WHERE id = ${id}`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    id: row.id,
    spaceId: row.space_id,
    name: row.name,
    range: readSpan(row.span),
    giving: readSpans(row.giving),
    restingSeconds: row.resting_seconds,
  };
}

/**
 * What can be known of an address: that it is `claimed` or `shared`; `expired` is a hold whose time is over though nobody has ended it
 * yet; `part` a part to play other than the `gateway`'s and that of the network's own first and last address; `declared` that several may
 * have it; `seen` that it is reported.
 */
export const factKinds = [
  'claimed',
  'shared',
  'expired',
  'conflict',
  'gateway',
  'part',
  'declared',
  'seen',
  'freed',
] as const;
export type FactKind = (typeof factKinds)[number];
/** Some facts, for who looks for them alone: claims of a NIC, claims without one, reports of what nobody has claimed. */
export type LeadKind = FactKind | 'used' | 'held' | 'unclaimed';

export interface AddressFact {
  readonly kind: LeadKind;
  readonly ip: IpAddress;
  /** For claims: a NIC has it. */
  readonly onNic: boolean;
  /** The claims, the first sighting, the first conflict. */
  readonly ids: readonly string[];
  /** How many reports there are of it, or holders that share it. */
  readonly count: number;
  /** RFC 3339: until when what was let go of rests; of a hold that has expired it may be over. */
  readonly until: string | null;
}

export interface FactsRequest {
  readonly network: ListedNetwork;
  /** Where to look: ascending, apart from one another. */
  readonly stretches: readonly AddressRange[];
  readonly kinds: readonly LeadKind[];
  /** At most so many of each kind in each stretch, the first by address. */
  readonly take: number;
  readonly now: Date;
}

/**
 * What is known of the addresses in these stretches, one list for each, ascending by address; each kind has an address once. Every kind is
 * read by its index and only as far as it is taken, whatever the planner believes: that is what the limit inside each LATERAL is for.
 */
export async function findAddressFacts(db: Queries, request: FactsRequest): Promise<AddressFact[][]> {
  const { network } = request;
  const now = sql`${request.now.toISOString()}::timestamptz`;
  const streams = request.kinds.map(
    (kind) => sql`SELECT w.nr, ${kind}::text AS kind, f.ip, f.on_nic, f.ids, f.count, f.until
      FROM stretches w CROSS JOIN LATERAL (${streamOf(kind, request)} ORDER BY ip LIMIT ${request.take}) f`,
  );
  const { rows } = await sql<{
    nr: number;
    kind: LeadKind;
    ip: string;
    on_nic: boolean;
    ids: string[];
    count: number;
    until: string | null;
  }>`
    WITH stretches AS (SELECT nr::integer, first, last FROM unnest(
      ${request.stretches.map((one) => formatAddress(one.start))}::inet[],
      ${request.stretches.map((one) => formatAddress(one.end))}::inet[]) WITH ORDINALITY AS w(first, last, nr)),
    -- Few, and found by their time, never by going through all claims.
    expired_claims AS MATERIALIZED (SELECT ip, id, space_id, expires_at FROM claims
      WHERE ended_at IS NULL AND expires_at <= ${now} AND nic_id IS NULL AND NOT shared AND space_id = ${network.spaceId})
    SELECT nr, kind, host(ip) AS ip, on_nic, ids::text[] AS ids, count, rfc3339(until) AS until
    FROM (${sql.join(streams, sql` UNION ALL `)}) facts ORDER BY nr, facts.ip`.execute(db);
  const found: AddressFact[][] = request.stretches.map(() => []);
  for (const { nr, on_nic: onNic, ip, ...fact } of rows)
    found[nr - 1]?.push({ ...fact, onNic, ip: readAddress(ip) });
  return found;
}

const nothing = sql`NULL::timestamptz AS until`;

function streamOf(kind: LeadKind, request: FactsRequest): RawBuilder<unknown> {
  const { network } = request;
  const now = sql`${request.now.toISOString()}::timestamptz`;
  const rest = sql`make_interval(secs => ${network.restingSeconds})`;
  const inside = sql`space_id = ${network.spaceId}::uuid AND ip >= w.first AND ip <= w.last`;
  switch (kind) {
    case 'claimed':
    case 'used':
    case 'held':
      return sql`SELECT ip, nic_id IS NOT NULL AS on_nic, ARRAY[id] AS ids, 1 AS count, ${nothing} FROM claims
        WHERE ${inside} AND ended_at IS NULL AND NOT shared
          AND ${kind === 'used' ? sql`nic_id IS NOT NULL` : kind === 'held' ? sql`nic_id IS NULL` : sql`true`}
          AND (nic_id IS NOT NULL OR expires_at IS NULL OR expires_at > ${now})`;
    case 'shared':
      return sql`SELECT ip, bool_or(nic_id IS NOT NULL) AS on_nic,
          (array_agg(id ORDER BY nic_id IS NULL, started_at, id))[1:${SHARERS_SHOWN}] AS ids, count(*) AS count, ${nothing}
        FROM claims WHERE ${inside} AND ended_at IS NULL AND shared
          AND (nic_id IS NOT NULL OR expires_at IS NULL OR expires_at > ${now}) GROUP BY ip`;
    case 'expired':
      return sql`SELECT ip, false AS on_nic, ARRAY[id] AS ids, 1 AS count, expires_at + ${rest} AS until
        FROM expired_claims WHERE ${inside}`;
    case 'conflict':
      return sql`SELECT ip, false AS on_nic, (array_agg(id ORDER BY started_at, id))[1:1] AS ids, count(*) AS count, ${nothing}
        FROM conflicts WHERE ${inside} AND ended_at IS NULL AND resolved_at IS NULL GROUP BY ip`;
    case 'gateway':
      return sql`SELECT ip, false AS on_nic, '{}'::uuid[] AS ids, count(*) AS count, ${nothing} FROM known_addresses
        WHERE ${inside} AND kind IN ('gateway', 'network', 'broadcast') GROUP BY ip`;
    case 'part':
      return sql`SELECT ip, false AS on_nic, '{}'::uuid[] AS ids, count(*) AS count, ${nothing} FROM known_addresses
        WHERE ${inside} AND kind NOT IN ('gateway', 'network', 'broadcast') GROUP BY ip`;
    case 'declared':
      return sql`SELECT ip, false AS on_nic, '{}'::uuid[] AS ids, 1 AS count, ${nothing} FROM shared_addresses WHERE ${inside}`;
    case 'seen':
      return sql`SELECT ip, false AS on_nic, (array_agg(id ORDER BY first_seen_at, id))[1:1] AS ids, count(*) AS count, ${nothing}
        FROM sightings WHERE ${inside} AND ended_at IS NULL GROUP BY ip`;
    case 'unclaimed':
      return sql`SELECT ip, false AS on_nic, '{}'::uuid[] AS ids, 1 AS count, ${nothing} FROM (
        SELECT ip FROM sightings WHERE ${inside} AND ended_at IS NULL
        EXCEPT SELECT ip FROM claims WHERE ${inside} AND ended_at IS NULL AND NOT shared) reported`;
    case 'freed':
      return sql`SELECT ip, false AS on_nic, '{}'::uuid[] AS ids, 1 AS count, freed_at + ${rest} AS until FROM freed_addresses
        WHERE ${inside} AND freed_at > ${now} - ${rest}`;
  }
}

/** Of an address that very many share the list names only the first. */
const SHARERS_SHOWN = 20;

export interface ListedReservation extends ReservedRange {
  readonly note: string;
  readonly expiresAt: string | null;
}

/** Reservations that touch these stretches and have not expired, ascending, at most `take`. */
export async function findReservedRanges(
  db: Queries,
  request: {
    network: ListedNetwork;
    stretches: readonly AddressRange[];
    kinds: readonly ReservedRange['kind'][];
    take: number;
    now: Date;
  },
): Promise<ListedReservation[]> {
  const { rows } = await sql<{
    id: string;
    kind: ReservedRange['kind'];
    span: string;
    note: string;
    expires_at: string | null;
  }>`
    SELECT id, kind, span::text AS span, note, rfc3339(expires_at) AS expires_at FROM (
      SELECT DISTINCT ON (lower(r.span)) r.id, r.kind, r.span, r.note, r.expires_at
      FROM unnest(${request.stretches.map((one) => formatAddress(one.start))}::inet[],
        ${request.stretches.map((one) => formatAddress(one.end))}::inet[]) AS w(first, last)
      JOIN reservations r ON r.space_id = ${request.network.spaceId} AND r.span && inetrange(w.first, w.last, '[]')
      WHERE r.kind = ANY(${[...request.kinds]}::text[]) AND (r.expires_at IS NULL OR r.expires_at > ${request.now.toISOString()})
      ORDER BY lower(r.span) LIMIT ${request.take}) r ORDER BY lower(span)`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    range: readSpan(row.span),
    note: row.note,
    expiresAt: row.expires_at,
  }));
}

/**
 * The first address from `from` on, inside the network, that no claim is on; null where there is none. However many claims lie side by
 * side before it, they are passed in the index.
 */
export async function findUnclaimed(
  db: Queries,
  request: { network: ListedNetwork; from: IpAddress; now: Date },
): Promise<IpAddress | null> {
  const { network } = request;
  const from = formatAddress(request.from);
  const inside = sql`space_id = ${network.spaceId}::uuid AND ip >= ${from}::inet AND ip <= ${formatAddress(network.range.end)}::inet
    AND ended_at IS NULL AND NOT shared`;
  const end = formatAddress(network.range.end);
  const { rows } = await sql<{ ip: string | null }>`
    WITH expired AS MATERIALIZED (SELECT ip FROM claims
      WHERE ended_at IS NULL AND expires_at <= ${request.now.toISOString()} AND nic_id IS NULL AND NOT shared
        AND space_id = ${network.spaceId})
    SELECT host(least(
      (SELECT min(ip) FROM expired WHERE ip >= ${from}::inet AND ip <= ${end}::inet),
      CASE WHEN EXISTS (SELECT FROM claims WHERE ${inside} AND ip = ${from}::inet)
        THEN (SELECT CASE WHEN ip < ${end}::inet THEN ip + 1 END
          FROM (SELECT ip, lead(ip) OVER (ORDER BY ip) AS next FROM claims WHERE ${inside}) claimed
          WHERE next IS NULL OR next - 1 <> ip ORDER BY ip LIMIT 1)
        ELSE ${from}::inet END)) AS ip`.execute(db);
  const ip = rows[0]?.ip ?? null;
  return ip === null ? null : readAddress(ip);
}

function readAddress(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === null) throw new Error(`the database holds ${text}, which is no address`);
  return address;
}
