import { sql } from 'kysely';
import type { PieceCount } from '../domain/address-blocks.ts';
import { type AddressRange, formatAddress } from '../domain/addresses.ts';
import type { Mark } from '../domain/free-runs.ts';
import type { Queries } from './database.ts';
import type { ListedNetwork } from './network-addresses.ts';

/** What holds of an address as bits of one number: gathering these from a million rows costs nothing but the sum. */
const bits = { conflict: 1, used: 2, held: 4, gateway: 8, resting: 16, seen: 32 } as const;
const bit = {
  conflict: sql.lit(bits.conflict),
  used: sql.lit(bits.used),
  held: sql.lit(bits.held),
  gateway: sql.lit(bits.gateway),
  resting: sql.lit(bits.resting),
  seen: sql.lit(bits.seen),
};
/** Counted among the claims already, as this. */
const WAS_USED = 64;
const WAS_HELD = 128;

/**
 * How many addresses of each piece are alike in what is known of them. Claims are counted in the index, piece by piece; of whatever else is
 * known of an address one row each is made, and these are gathered. EXCEPT goes through two indexes side by side, whatever the planner
 * believes, and not at all where there is nothing to take from. The pieces ascend and touch. One statement: one moment.
 */
export async function countAddressesByPiece(
  db: Queries,
  request: { network: ListedNetwork; pieces: readonly AddressRange[]; now: Date },
): Promise<PieceCount[]> {
  const { network, pieces } = request;
  const [start, end] = [pieces.at(0)?.start, pieces.at(-1)?.end];
  if (start === undefined || end === undefined) return [];
  const firsts = sql`${pieces.map((one) => formatAddress(one.start))}::inet[]`;
  const now = sql`${request.now.toISOString()}::timestamptz`;
  const rest = sql`make_interval(secs => ${network.restingSeconds})`;
  const inside = sql`t.space_id = ${network.spaceId}::uuid AND t.ip >= ${formatAddress(start)}::inet AND t.ip <= ${formatAddress(end)}::inet`;
  const claimed = sql`t.ended_at IS NULL AND NOT t.shared`;
  const { rows } = await sql<{ nr: number; bits: number; count: number }>`
    WITH
    -- Few, and found by their time, never by going through all claims.
    all_expired AS MATERIALIZED (SELECT t.ip, t.space_id, t.expires_at FROM claims t
      WHERE ${claimed} AND t.expires_at <= ${now} AND t.nic_id IS NULL AND t.space_id = ${network.spaceId}::uuid),
    expired AS (SELECT t.ip, t.expires_at FROM all_expired t WHERE ${inside}),
    -- What may also be claimed.
    few AS MATERIALIZED (
      SELECT t.ip, ${bit.conflict} AS bits FROM conflicts t WHERE ${inside} AND t.ended_at IS NULL AND t.resolved_at IS NULL
      UNION ALL
      SELECT t.ip, CASE WHEN t.nic_id IS NULL THEN ${bit.held} ELSE ${bit.used} END FROM claims t
      WHERE ${inside} AND t.ended_at IS NULL AND t.shared
        AND (t.nic_id IS NOT NULL OR t.expires_at IS NULL OR t.expires_at > ${now})
      UNION ALL
      SELECT ip, CASE WHEN expires_at + ${rest} > ${now} THEN ${bit.resting} ELSE 0 END FROM expired
      UNION ALL
      SELECT t.ip, CASE WHEN t.kind IN ('gateway', 'network', 'broadcast') THEN ${bit.gateway} ELSE ${bit.seen} END
      FROM known_addresses t WHERE ${inside}
      UNION ALL
      SELECT t.ip, ${bit.seen} FROM shared_addresses t WHERE ${inside}),
    known AS (
      SELECT ip, bits FROM few
      UNION ALL
      SELECT t.ip, CASE WHEN t.nic_id IS NOT NULL THEN ${sql.lit(WAS_USED + bits.used)}
          WHEN t.expires_at <= ${now} THEN ${sql.lit(WAS_HELD)} ELSE ${sql.lit(WAS_HELD + bits.held)} END
      FROM (SELECT DISTINCT ip FROM few) f JOIN claims t ON t.space_id = ${network.spaceId}::uuid AND t.ip = f.ip AND ${claimed}
      UNION ALL
      SELECT t.ip, ${bit.seen} FROM expired e JOIN sightings t ON t.space_id = ${network.spaceId}::uuid AND t.ip = e.ip
      WHERE t.ended_at IS NULL
      UNION ALL
      SELECT t.ip, ${bit.resting} FROM expired e JOIN freed_addresses t ON t.space_id = ${network.spaceId}::uuid AND t.ip = e.ip
      WHERE t.freed_at > ${now} - ${rest}
      UNION ALL
      SELECT ip, ${bit.seen} FROM (SELECT t.ip FROM sightings t WHERE ${inside} AND t.ended_at IS NULL
        EXCEPT SELECT t.ip FROM claims t WHERE ${inside} AND ${claimed}
          AND (SELECT EXISTS (SELECT FROM sightings t WHERE ${inside} AND t.ended_at IS NULL))) unclaimed
      UNION ALL
      SELECT ip, ${bit.resting} FROM (SELECT t.ip FROM freed_addresses t WHERE ${inside} AND t.freed_at > ${now} - ${rest}
        EXCEPT SELECT t.ip FROM claims t WHERE ${inside} AND ${claimed}
          AND (SELECT EXISTS (SELECT FROM freed_addresses t WHERE ${inside} AND t.freed_at > ${now} - ${rest}))) unclaimed)
    SELECT w.nr::integer, b.bits, b.count
    FROM unnest(${firsts}, ${pieces.map((one) => formatAddress(one.end))}::inet[]) WITH ORDINALITY AS w(first, last, nr)
    CROSS JOIN LATERAL (SELECT count(*) AS every, count(t.nic_id) AS used FROM claims t
      WHERE t.space_id = ${network.spaceId}::uuid AND t.ip >= w.first AND t.ip <= w.last AND ${claimed}) c
    CROSS JOIN LATERAL (VALUES (${bit.used}, c.used), (${bit.held}, c.every - c.used)) b(bits, count)
    WHERE b.count > 0
    UNION ALL
    SELECT width_bucket(ip, ${firsts}), bits, count(*)
    FROM (SELECT ip, bit_or(bits) AS bits FROM known GROUP BY ip) one GROUP BY 1, 2`.execute(db);
  return rows.map((row) => ({
    piece: row.nr - 1,
    marks: readMarks(row.bits),
    instead: (row.bits & WAS_USED) !== 0 ? 'used' : (row.bits & WAS_HELD) !== 0 ? 'held' : null,
    count: row.count,
  }));
}

function readMarks(value: number): ReadonlySet<Mark> {
  const marks = new Set<Mark>();
  for (const mark of ['conflict', 'used', 'held', 'gateway', 'resting', 'seen'] as const)
    if ((value & bits[mark]) !== 0) marks.add(mark);
  return marks;
}
