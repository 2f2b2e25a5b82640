import { sql } from 'kysely';
import type { MatchInput, MatchPlan, NewRecord, Reason } from '../domain/matching.ts';
import type { Tx } from './database.ts';

/** What of a plan was written. */
export interface WrittenRecords {
  readonly end: MatchPlan['end'];
  readonly adopt: MatchPlan['adopt'];
  readonly create: readonly { claimId: string; record: NewRecord }[];
  /** Nobody claimed or let go of anything since the plan was made. */
  readonly complete: boolean;
}

/**
 * Writes what a plan makes of claims, set by set. The transaction holds the spaces (see `lockSpaces`); but addresses are given out and
 * taken back beside it, so what another did meanwhile is left as it is: the answer says whether the plan must be made again.
 */
export async function writeRecords(tx: Tx, options: { plan: MatchPlan; now: Date }): Promise<WrittenRecords> {
  const { plan } = options;
  const at = options.now.toISOString();
  const end = await endClaims(tx, plan.end, at);
  await markClaims(tx, plan, at);
  const adopt = await adoptHolds(tx, plan.adopt, at);
  const create = await insertRecords(tx, plan.create, at);
  return {
    end,
    adopt,
    create,
    // Whatever else has ended a claim of the plan did what was to be done; what came in its place shows where it is in the way.
    complete: adopt.length === plan.adopt.length && create.length === plan.create.length,
  };
}

async function endClaims(tx: Tx, end: MatchPlan['end'], at: string): Promise<MatchPlan['end']> {
  if (end.length === 0) return [];
  const ends = end.map(({ claim, reason }) => ({ id: claim.id, reason }));
  // A hold whose time was over may have got more time meanwhile.
  const { rows } = await sql<{ id: string }>`
    UPDATE claims SET ended_at = greatest(started_at, CASE e.reason WHEN 'expired' THEN expires_at ELSE ${at} END),
      end_reason = e.reason, updated_at = ${at}, absent_since_run = NULL
    FROM json_to_recordset(${JSON.stringify(ends)}::json) AS e(id uuid, reason text)
    WHERE claims.id = e.id AND claims.ended_at IS NULL
      AND (e.reason <> 'expired' OR claims.nic_id IS NULL AND claims.expires_at <= ${at})
    RETURNING claims.id`.execute(tx);
  const ended = new Set(rows.map((row) => row.id));
  return end.filter(({ claim }) => ended.has(claim.id));
}

async function markClaims(tx: Tx, plan: MatchPlan, at: string): Promise<void> {
  if (plan.absent.length > 0) {
    const marks = plan.absent.map(({ claim, sinceRun }) => ({ id: claim.id, run: sinceRun }));
    await sql`
      UPDATE claims SET absent_since_run = m.run, updated_at = ${at}
      FROM json_to_recordset(${JSON.stringify(marks)}::json) AS m(id uuid, run uuid)
      WHERE claims.id = m.id AND claims.ended_at IS NULL`.execute(tx);
  }
  if (plan.contradicted.length > 0) {
    const marks = plan.contradicted.map(({ claim, by }) => ({ id: claim.id, by: `{${by.join(',')}}` }));
    await sql`
      UPDATE claims SET contradicted_by = m.by::inet[], updated_at = ${at}
      FROM json_to_recordset(${JSON.stringify(marks)}::json) AS m(id uuid, by text)
      WHERE claims.id = m.id AND claims.ended_at IS NULL`.execute(tx);
  }
}

/** A hold that a NIC has taken over doesn't end by itself any more. */
async function adoptHolds(tx: Tx, adopt: MatchPlan['adopt'], at: string): Promise<MatchPlan['adopt']> {
  if (adopt.length === 0) return [];
  const adoptions = adopt.map(({ claim, nic }) => ({
    id: claim.id,
    nic_id: nic.id,
    server_id: nic.server.id,
    account_id: nic.server.accountId,
    mac: nic.mac,
    server_name: nic.server.name,
  }));
  const { rows } = await sql<{ id: string }>`
    UPDATE claims SET nic_id = a.nic_id, server_id = a.server_id, account_id = a.account_id, mac = a.mac,
      server_name = a.server_name, expires_at = NULL, updated_at = ${at}
    FROM json_to_recordset(${JSON.stringify(adoptions)}::json)
      AS a(id uuid, nic_id uuid, server_id uuid, account_id uuid, mac macaddr, server_name text)
    WHERE claims.id = a.id AND claims.ended_at IS NULL AND claims.nic_id IS NULL
    RETURNING claims.id`.execute(tx);
  const adopted = new Set(rows.map((row) => row.id));
  return adopt.filter(({ claim }) => adopted.has(claim.id));
}

async function insertRecords(
  tx: Tx,
  create: readonly NewRecord[],
  at: string,
): Promise<{ claimId: string; record: NewRecord }[]> {
  const made: { claimId: string; record: NewRecord }[] = [];
  for (let start = 0; start < create.length; start += 5000) {
    const part = create.slice(start, start + 5000);
    const rows = part.map((record) => ({
      space_id: record.nic.spaceId,
      ip: record.ip,
      network_id: record.network.id,
      account_id: record.nic.server.accountId,
      server_id: record.nic.server.id,
      nic_id: record.nic.id,
      mac: record.nic.mac,
      shared: record.shared,
      network_name: record.network.name,
      server_name: record.nic.server.name,
    }));
    const inserted = await sql<{ id: string; nic_id: string; ip: string }>`
      INSERT INTO claims (space_id, ip, network_id, account_id, server_id, nic_id, mac, source, shared, network_name,
        server_name, started_at)
      SELECT space_id, ip, network_id, account_id, server_id, nic_id, mac, 'tools', shared, network_name, server_name, ${at}
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(space_id uuid, ip inet, network_id uuid, account_id uuid,
        server_id uuid, nic_id uuid, mac macaddr, shared boolean, network_name text, server_name text)
      ORDER BY network_id, ip ON CONFLICT DO NOTHING
      RETURNING id, nic_id, host(ip) AS ip`.execute(tx);
    const ids = new Map(inserted.rows.map((row) => [`${row.nic_id} ${row.ip}`, row.id]));
    for (const record of part) {
      const claimId = ids.get(`${record.nic.id} ${record.ip}`);
      if (claimId !== undefined) made.push({ claimId, record });
    }
  }
  return made;
}

/** Why NICs have no record: written where it differs from what stands there. */
export async function writeReasons(
  tx: Tx,
  reasons: ReadonlyMap<string, readonly Reason[]>,
  input: MatchInput,
): Promise<void> {
  const { rows } = await sql<{ nic_id: string; reasons: string }>`
    SELECT nic_id, string_agg(concat_ws(' ', code, coalesce(host(ip), '-'), coalesce(network_id::text, '-'),
      coalesce(wire_id::text, '-'), coalesce(server_id::text, '-'), space_id::text), ',' ORDER BY position) AS reasons
    FROM nic_reasons WHERE nic_id = ANY(${[...reasons.keys()]}::uuid[]) GROUP BY nic_id`.execute(tx);
  const stored = new Map(rows.map((row) => [row.nic_id, row.reasons]));
  const stale: string[] = [];
  const fresh: Record<string, unknown>[] = [];
  for (const nic of input.nics) {
    const wanted = reasons.get(nic.id) ?? [];
    const text = wanted
      .map((one) =>
        [
          one.code,
          one.ip ?? '-',
          one.networkId ?? '-',
          one.wireId ?? '-',
          one.serverId ?? '-',
          nic.spaceId,
        ].join(' '),
      )
      .join(',');
    const before = stored.get(nic.id) ?? '';
    if (before === text) continue;
    if (before !== '') stale.push(nic.id);
    for (const [position, one] of wanted.entries()) {
      fresh.push({
        nic_id: nic.id,
        account_id: nic.server.accountId,
        space_id: nic.spaceId,
        position,
        code: one.code,
        ip: one.ip,
        network_id: one.networkId,
        wire_id: one.wireId,
        server_id: one.serverId,
      });
    }
  }
  if (stale.length > 0) await sql`DELETE FROM nic_reasons WHERE nic_id = ANY(${stale}::uuid[])`.execute(tx);
  for (let start = 0; start < fresh.length; start += 5000) {
    await sql`
      INSERT INTO nic_reasons (nic_id, account_id, space_id, position, code, ip, network_id, wire_id, server_id)
      SELECT * FROM json_to_recordset(${JSON.stringify(fresh.slice(start, start + 5000))}::json) AS r(nic_id uuid,
        account_id uuid, space_id uuid, position integer, code text, ip inet, network_id uuid, wire_id uuid,
        server_id uuid)`.execute(tx);
  }
}

/** The tag of a server's addresses without a record. */
export async function writeSyncIps(
  tx: Tx,
  unmatched: ReadonlyMap<string, readonly string[]>,
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  const tags = [...unmatched].map(([id, ips]) => ({ id, ips: ips.length === 0 ? null : ips.join(',') }));
  await sql`
    UPDATE servers SET sync_ips = t.ips, updated_at = ${at}
    FROM json_to_recordset(${JSON.stringify(tags)}::json) AS t(id uuid, ips text)
    WHERE servers.id = t.id AND servers.sync_ips IS DISTINCT FROM t.ips`.execute(tx);
}
