import { sql } from 'kysely';
import { formatAddress, type AddressRange, type IpAddress } from '../domain/addresses.ts';
import type { Tx } from './database.ts';
import { readSpan, writeSpan } from './spans.ts';

/** Rows that a change takes from one network to another. */
export interface Passage {
  readonly from: string;
  readonly to: string;
  /** Only what lies from here on; null for all. */
  readonly since: IpAddress | null;
}

const sinceOf = (passage: Passage): string | null =>
  passage.since === null ? null : formatAddress(passage.since);

/** Holds these networks and their companions, in the order in which everyone holds them. */
export async function holdNetworksWithCompanions(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    SELECT 1 FROM networks WHERE id = ANY(${[...ids]}::uuid[])
      OR id IN (SELECT companion_id FROM networks WHERE id = ANY(${[...ids]}::uuid[]))
    ORDER BY id FOR UPDATE`.execute(tx);
}

/**
 * Holds the live claims that are to go along. Who gives a hold back holds its claim alone, and then notes for the network that the address
 * was let go of: that is waited for, so that the note is there when the range comes to another network.
 */
export async function holdClaims(tx: Tx, passage: Omit<Passage, 'to'>): Promise<void> {
  const since = passage.since === null ? null : formatAddress(passage.since);
  await sql`
    SELECT 1 FROM claims WHERE network_id = ${passage.from} AND ended_at IS NULL
      AND (${since}::inet IS NULL OR ip >= ${since}::inet) ORDER BY id FOR NO KEY UPDATE`.execute(tx);
}

/**
 * Live claims belong to the other network from now on; answers how many, and the keys among them. Those that have ended were in the network
 * that they were in, and what that was called when a claim began stays beside it.
 */
export async function passClaims(tx: Tx, passage: Passage): Promise<{ claims: number; keys: string[] }> {
  const since = sinceOf(passage);
  const { rows } = await sql<{ claims: number; keys: string[] }>`
    WITH passed AS (
      UPDATE claims SET network_id = ${passage.to}, updated_at = now()
      WHERE network_id = ${passage.from} AND ended_at IS NULL AND (${since}::inet IS NULL OR ip >= ${since}::inet)
      RETURNING key)
    SELECT count(*)::integer AS claims,
      coalesce((SELECT json_agg(key ORDER BY key) FROM (SELECT key FROM passed WHERE key IS NOT NULL ORDER BY key LIMIT 500) k), '[]') AS keys
    FROM passed`.execute(tx);
  return rows[0] ?? { claims: 0, keys: [] };
}

/** Reservations that lie there whole belong to the other network from now on; answers how many. */
export async function passReservations(tx: Tx, passage: Passage): Promise<number> {
  const since = sinceOf(passage);
  const { numAffectedRows } = await sql`
    UPDATE reservations SET network_id = ${passage.to}, updated_at = now()
    WHERE network_id = ${passage.from} AND (${since}::inet IS NULL OR lower(span) >= ${since}::inet)`.execute(
    tx,
  );
  return Number(numAffectedRows ?? 0n);
}

/** Makes two of the reservation that spans the cut, alike in all but their range. Answers it as it was; there is one at most. */
export async function cutReservation(
  tx: Tx,
  cut: { networkId: string; before: IpAddress; at: IpAddress },
): Promise<AddressRange | null> {
  const at = formatAddress(cut.at);
  const { rows } = await sql<{ id: string; span: string }>`
    SELECT id, span::text AS span FROM reservations
    WHERE network_id = ${cut.networkId} AND lower(span) < ${at}::inet AND upper(span) >= ${at}::inet`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) return null;
  const range = readSpan(row.span);
  await sql`
    UPDATE reservations SET span = ${writeSpan({ start: range.start, end: cut.before })}::inetrange, updated_at = now()
    WHERE id = ${row.id}`.execute(tx);
  await sql`
    INSERT INTO reservations (space_id, network_id, kind, span, note, expires_at, created_at)
    SELECT space_id, network_id, kind, ${writeSpan({ start: cut.at, end: range.end })}::inetrange, note, expires_at, created_at
    FROM reservations WHERE id = ${row.id}`.execute(tx);
  return range;
}

/**
 * The wires besides the primary one are the upper half's too, whatever put them there. Evidence goes with its address; who finds wires looks
 * at both halves afterwards.
 */
export async function shareWires(
  tx: Tx,
  share: { lower: string; upper: string; at: IpAddress },
): Promise<void> {
  const at = formatAddress(share.at);
  await sql`
    INSERT INTO network_wires (space_id, network_id, wire_id, origin, evidence, evidence_count, note, contradiction)
    SELECT w.space_id, ${share.upper}, w.wire_id, w.origin, e.own, jsonb_array_length(e.own), w.note, w.contradiction
    FROM network_wires w, LATERAL (SELECT coalesce(jsonb_agg(one), '[]') AS own
      FROM jsonb_array_elements(w.evidence) one WHERE (one->>'ip')::inet >= ${at}::inet) e
    WHERE w.network_id = ${share.lower} AND w.origin <> 'primary'`.execute(tx);
  await sql`
    UPDATE network_wires w SET evidence = e.own, evidence_count = jsonb_array_length(e.own)
    FROM network_wires o, LATERAL (SELECT coalesce(jsonb_agg(one), '[]') AS own
      FROM jsonb_array_elements(o.evidence) one WHERE (one->>'ip')::inet < ${at}::inet) e
    WHERE w.network_id = ${share.lower} AND o.network_id = w.network_id AND o.wire_id = w.wire_id
      AND e.own <> w.evidence`.execute(tx);
}

/** What of its wires one network says against the other: excluded for the one, used by the other. */
export async function findWireContradiction(
  tx: Tx,
  networks: { one: string; other: string },
): Promise<{ wire: { id: string; name: string }; excludedFor: string } | null> {
  const { rows } = await sql<{ wire: { id: string; name: string }; excludedFor: string }>`
    SELECT json_build_object('id', w.id, 'name', w.name) AS wire, x.network_id AS "excludedFor"
    FROM network_wires x JOIN network_wires u ON u.wire_id = x.wire_id AND u.network_id <> x.network_id
    JOIN wires w ON w.id = x.wire_id
    WHERE x.network_id IN (${networks.one}, ${networks.other}) AND u.network_id IN (${networks.one}, ${networks.other})
      AND x.origin = 'excluded' AND u.origin IN ('primary', 'declared', 'detected') ORDER BY w.name LIMIT 1`.execute(
    tx,
  );
  return rows[0] ?? null;
}

/** The other's wires besides its own: what says more of a wire stands, and the other's primary wire is a declared one. */
export async function joinWires(tx: Tx, join: { from: string; into: string }): Promise<void> {
  await sql`
    INSERT INTO network_wires AS w (space_id, network_id, wire_id, origin, evidence, evidence_count, note, contradiction)
    SELECT space_id, ${join.into}, wire_id, CASE origin WHEN 'primary' THEN 'declared' ELSE origin END, evidence,
      evidence_count, note, contradiction
    FROM network_wires WHERE network_id = ${join.from}
    ON CONFLICT (space_id, network_id, wire_id) DO UPDATE
      SET origin = excluded.origin, evidence = excluded.evidence, evidence_count = excluded.evidence_count,
        note = excluded.note, contradiction = excluded.contradiction
      WHERE array_position(ARRAY['suggested', 'detected', 'excluded', 'declared', 'primary'], excluded.origin)
        > array_position(ARRAY['suggested', 'detected', 'excluded', 'declared', 'primary'], w.origin)`.execute(
    tx,
  );
}

/** Keys of which both networks have a live claim, the first few. */
export async function findKeysInBoth(tx: Tx, networks: { one: string; other: string }): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    SELECT a.key FROM claims a JOIN claims b ON b.network_id = ${networks.other} AND b.key = a.key AND b.ended_at IS NULL
    WHERE a.network_id = ${networks.one} AND a.ended_at IS NULL AND a.key IS NOT NULL ORDER BY a.key LIMIT 20`.execute(
    tx,
  );
  return rows.map((row) => row.key);
}

/** Networks of the space that lie in the range, besides these; the first few. */
export async function findNetworksWithin(
  tx: Tx,
  place: { spaceId: string; range: AddressRange; exceptIds: readonly string[] },
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM networks
    WHERE space_id = ${place.spaceId} AND span && ${writeSpan(place.range)}::inetrange
      AND NOT id = ANY(${[...place.exceptIds]}::uuid[]) ORDER BY lower(span) LIMIT 20`.execute(tx);
  return rows;
}

/** Whether a network of the space has each name that begins so. */
export async function findNamesFrom(
  tx: Tx,
  names: { spaceId: string; beginning: string },
): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM networks WHERE space_id = ${names.spaceId} AND starts_with(name, ${names.beginning})`.execute(
    tx,
  );
  return new Set(rows.map((row) => row.name));
}

/** How many NICs on the wire have a record in the network. */
export async function countRecordsOnWire(
  tx: Tx,
  place: { networkId: string; wireId: string },
): Promise<number> {
  const { rows } = await sql<{ nics: number }>`
    SELECT count(DISTINCT c.nic_id)::integer AS nics FROM claims c JOIN nics k ON k.id = c.nic_id
    WHERE c.network_id = ${place.networkId} AND c.ended_at IS NULL AND k.wire_id = ${place.wireId}`.execute(
    tx,
  );
  return rows[0]?.nics ?? 0;
}

/** Makes a wire the primary one, whatever it was before; the former one is declared from now on, or none of the network's any more. */
export async function changePrimaryWire(
  tx: Tx,
  change: {
    networkId: string;
    spaceId: string;
    wireId: string;
    formerWireId: string;
    keepFormer: 'declared' | 'not at all';
  },
): Promise<void> {
  const { networkId, spaceId, wireId, formerWireId } = change;
  await sql`DELETE FROM network_wires WHERE network_id = ${networkId} AND wire_id = ${wireId}`.execute(tx);
  if (change.keepFormer === 'declared')
    await sql`
      UPDATE network_wires SET origin = 'declared' WHERE network_id = ${networkId} AND wire_id = ${formerWireId}`.execute(
      tx,
    );
  else
    await sql`DELETE FROM network_wires WHERE network_id = ${networkId} AND wire_id = ${formerWireId}`.execute(
      tx,
    );
  await sql`
    INSERT INTO network_wires (space_id, network_id, wire_id, origin)
    VALUES (${spaceId}, ${networkId}, ${wireId}, 'primary')`.execute(tx);
  await sql`UPDATE networks SET updated_at = now() WHERE id = ${networkId}`.execute(tx);
}
