import { sql } from 'kysely';
import type { MatchInput, MatchPlan } from '../domain/matching.ts';
import { findRival, MOVING_WITHIN_HOURS } from '../domain/moving.ts';
import type { Tx } from './database.ts';

/** Which conflicts there are follows from matching. The transaction holds the spaces (see `lockSpaces`). */

/** Opens and ends the conflicts of those who report an address that another has. Answers how many were opened or changed hands. */
export async function writeDuplicates(
  tx: Tx,
  options: { plan: MatchPlan; input: MatchInput; now: Date },
): Promise<number> {
  const { plan, input } = options;
  const at = options.now.toISOString();
  const nicIds = input.nics.map((nic) => nic.id);
  const wanted = plan.conflicts.map((conflict) => ({
    space_id: conflict.spaceId,
    ip: conflict.ip,
    nic_id: conflict.nicId,
  }));
  // A conflict ends when its claimant no longer claims, or when it is now the holder.
  await sql`
    UPDATE conflicts SET ended_at = greatest(${at}, started_at), updated_at = ${at}
    WHERE ended_at IS NULL AND kind = 'duplicate' AND nic_id = ANY(${nicIds}::uuid[]) AND NOT EXISTS (
      SELECT FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS w(space_id uuid, ip inet, nic_id uuid)
      WHERE w.space_id = conflicts.space_id AND w.ip = conflicts.ip AND w.nic_id = conflicts.nic_id)`.execute(
    tx,
  );
  if (wanted.length === 0) return 0;
  // One that goes to and fro between the two already says as much.
  const { numAffectedRows } = await sql`
    INSERT INTO conflicts (space_id, ip, kind, claim_id, nic_id, started_at)
    SELECT w.space_id, w.ip, 'duplicate', c.id, w.nic_id, ${at}
    FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS w(space_id uuid, ip inet, nic_id uuid)
    JOIN claims c ON c.space_id = w.space_id AND c.ip = w.ip AND c.ended_at IS NULL AND NOT c.shared
    ON CONFLICT (space_id, ip, nic_id) WHERE ended_at IS NULL
    DO UPDATE SET claim_id = excluded.claim_id, updated_at = excluded.started_at
    WHERE conflicts.claim_id <> excluded.claim_id`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** Turns round the conflicts of addresses that went to the other one of the two, and ends those that have come to rest. */
export async function followMoving(tx: Tx, options: { input: MatchInput; now: Date }): Promise<void> {
  const at = options.now.toISOString();
  const calmSince = calmBefore(options.now).toISOString();
  const nicIds = options.input.nics.map((nic) => nic.id);
  // The roles change, and with them who would get the address: what was decided, and since when, stays.
  await sql`
    UPDATE conflicts x SET claim_id = live.id, nic_id = CASE live.nic_id WHEN x.nic_id THEN c.nic_id ELSE x.nic_id END,
      updated_at = ${at}
    FROM claims c, claims live
    WHERE x.ended_at IS NULL AND x.kind = 'moving' AND c.id = x.claim_id AND live.id <> c.id AND c.nic_id IS NOT NULL
      AND (x.nic_id = ANY(${nicIds}::uuid[]) OR c.nic_id = ANY(${nicIds}::uuid[]))
      AND live.space_id = x.space_id AND live.ip = x.ip AND live.ended_at IS NULL AND NOT live.shared
      AND live.nic_id IN (x.nic_id, c.nic_id)
      AND NOT EXISTS (SELECT FROM conflicts o WHERE o.id <> x.id AND o.space_id = x.space_id AND o.ip = x.ip
        AND o.nic_id = c.nic_id AND o.ended_at IS NULL)`.execute(tx);
  // Nothing has moved for long, a third one has the address, it is shared or leased by now, or one of the two is no longer there.
  await sql`
    UPDATE conflicts x SET ended_at = greatest(${at}, x.started_at), updated_at = ${at}
    FROM claims c, nics n, servers s
    WHERE x.ended_at IS NULL AND x.kind = 'moving' AND c.id = x.claim_id AND n.id = x.nic_id AND s.id = n.server_id
      AND (x.nic_id = ANY(${nicIds}::uuid[]) OR c.nic_id = ANY(${nicIds}::uuid[]))
      AND (c.started_at <= ${calmSince} OR n.missing_since IS NOT NULL OR s.missing_since IS NOT NULL
        OR EXISTS (SELECT FROM claims o WHERE o.space_id = x.space_id AND o.ip = x.ip AND o.ended_at IS NULL
          AND (o.shared OR o.id <> c.id))
        OR EXISTS (SELECT FROM shared_addresses o WHERE o.space_id = x.space_id AND o.ip = x.ip)
        OR EXISTS (SELECT FROM reservations r WHERE r.space_id = x.space_id AND r.span @> x.ip AND r.kind = 'dhcp'
          AND (r.expires_at IS NULL OR r.expires_at > ${at}))
        OR NOT EXISTS (SELECT FROM networks w JOIN network_wires l ON l.network_id = w.id AND l.wire_id = n.wire_id
          WHERE w.space_id = x.space_id AND w.span @> x.ip AND l.origin IN ('primary', 'declared', 'detected')))`.execute(
    tx,
  );
}

/** Opens a conflict for each of these claims whose address goes to and fro between its NIC and one that had it before. */
export async function openMoving(tx: Tx, options: { claimIds: readonly string[]; now: Date }): Promise<void> {
  if (options.claimIds.length === 0) return;
  const at = options.now.toISOString();
  const { rows } = await sql<{ id: string; nic_id: string; before: string[] }>`
    SELECT n.id, n.nic_id, array_agg(c.nic_id::text ORDER BY c.started_at, c.ended_at) AS before
    FROM claims n JOIN claims c ON c.space_id = n.space_id AND c.ip = n.ip AND c.ended_at IS NOT NULL
    WHERE n.id = ANY(${[...options.claimIds]}::uuid[]) AND c.nic_id IS NOT NULL
      AND c.ended_at > ${calmBefore(options.now).toISOString()}
    GROUP BY n.id, n.nic_id HAVING count(*) > 2`.execute(tx);
  const moving = rows.flatMap((row) => {
    const rival = findRival(row.nic_id, row.before);
    return rival === null ? [] : [{ claim_id: row.id, nic_id: rival }];
  });
  if (moving.length === 0) return;
  await sql`
    INSERT INTO conflicts (space_id, ip, kind, claim_id, nic_id, started_at)
    SELECT c.space_id, c.ip, 'moving', c.id, m.nic_id, ${at}
    FROM json_to_recordset(${JSON.stringify(moving)}::json) AS m(claim_id uuid, nic_id uuid)
    JOIN claims c ON c.id = m.claim_id
    ON CONFLICT (space_id, ip, nic_id) WHERE ended_at IS NULL DO NOTHING`.execute(tx);
}

/** Addresses that were shared until the last of their records ended are like others again. */
export async function forgetShared(tx: Tx, input: MatchInput): Promise<void> {
  if (input.shared.size === 0) return;
  const spaceIds = [...new Set(input.nics.map((nic) => nic.spaceId))];
  await sql`
    DELETE FROM shared_addresses s WHERE s.space_id = ANY(${spaceIds}::uuid[])
      AND NOT EXISTS (SELECT FROM claims c WHERE c.space_id = s.space_id AND c.ip = s.ip AND c.ended_at IS NULL)
      AND EXISTS (SELECT FROM claims c WHERE c.space_id = s.space_id AND c.ip = s.ip AND c.shared)`.execute(
    tx,
  );
}

function calmBefore(now: Date): Date {
  return new Date(now.getTime() - MOVING_WITHIN_HOURS * 3_600_000);
}
