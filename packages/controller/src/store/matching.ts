import { sql } from 'kysely';
import { parseAddress, type AddressRange, type IpAddress } from '../domain/addresses.ts';
import {
  addressKey,
  type MatchAddress,
  type MatchClaim,
  type MatchInput,
  type MatchNetwork,
  type MatchNic,
  type MatchPlan,
  type MatchServer,
  type Reason,
} from '../domain/matching.ts';
import type { Queries, Tx } from './database.ts';
import { readSpan } from './spans.ts';
import type { ClaimSource, ToolsStatus } from './tables.ts';

/** Products that keep a stand-in for a server that runs elsewhere (Site Recovery, vSphere Replication). */
const PLACEHOLDER_EXTENSIONS = new Set(['com.vmware.vcDr', 'com.vmware.vcHms']);

interface NicRow {
  id: string;
  server_id: string;
  space_id: string;
  wire_id: string | null;
  mac: string | null;
  position: number;
  connected: boolean;
  missing: boolean;
  account_id: string;
  server_name: string;
  moref: string;
  power_state: string;
  template: boolean;
  readable: boolean;
  managed_by: string | null;
  tools_status: ToolsStatus;
  interface_count: number;
}

/** The servers to look at when anything about these networks' addresses changes: who reports, has, or was told of one of them. */
export async function findServersAround(
  db: Queries,
  options: {
    spaceId: string;
    ranges: readonly { start: string; end: string }[];
    networkIds: readonly string[];
  },
): Promise<string[]> {
  const found = new Set<string>();
  for (const range of options.ranges) {
    const { rows } = await sql<{ server_id: string }>`
      SELECT DISTINCT server_id FROM sightings
      WHERE space_id = ${options.spaceId} AND ended_at IS NULL AND candidate
        AND ip BETWEEN ${range.start}::inet AND ${range.end}::inet`.execute(db);
    for (const row of rows) found.add(row.server_id);
  }
  if (options.networkIds.length > 0) {
    const { rows } = await sql<{ server_id: string }>`
      SELECT server_id FROM claims
      WHERE network_id = ANY(${options.networkIds}::uuid[]) AND ended_at IS NULL AND server_id IS NOT NULL
      UNION SELECT n.server_id FROM nic_reasons r JOIN nics n ON n.id = r.nic_id
      WHERE r.network_id = ANY(${options.networkIds}::uuid[])`.execute(db);
    for (const row of rows) found.add(row.server_id);
  }
  return [...found];
}

/** The servers whose records wait for a second complete run that doesn't show them. */
export async function findServersWithAbsentRecords(db: Queries, accountId: string): Promise<string[]> {
  const { rows } = await sql<{ server_id: string }>`
    SELECT DISTINCT server_id FROM claims
    WHERE account_id = ${accountId} AND ended_at IS NULL AND absent_since_run IS NOT NULL AND server_id IS NOT NULL`.execute(
    db,
  );
  return rows.map((row) => row.server_id);
}

/** Adds the servers that report, have, or were refused an address that one of these servers reports or has. */
async function withRivals(db: Queries, serverIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ server_id: string }>`
    WITH own AS (
      SELECT space_id, ip FROM sightings
      WHERE server_id = ANY(${serverIds}::uuid[]) AND ended_at IS NULL AND candidate
      UNION SELECT space_id, ip FROM claims
      WHERE server_id = ANY(${serverIds}::uuid[]) AND ended_at IS NULL
      UNION SELECT r.space_id, r.ip FROM nic_reasons r JOIN nics n ON n.id = r.nic_id
      WHERE n.server_id = ANY(${serverIds}::uuid[]) AND r.ip IS NOT NULL)
    SELECT s.server_id FROM own JOIN sightings s USING (space_id, ip) WHERE s.ended_at IS NULL AND s.candidate
    UNION SELECT c.server_id FROM own JOIN claims c USING (space_id, ip)
    WHERE c.ended_at IS NULL AND c.server_id IS NOT NULL
    UNION SELECT n.server_id FROM own JOIN nic_reasons r USING (space_id, ip) JOIN nics n ON n.id = r.nic_id
    WHERE r.code = 'taken'`.execute(db);
  return [...new Set([...serverIds, ...rows.map((row) => row.server_id)])];
}

/** The complete run that brought the reports: whose servers it read, and which of them did not answer (managed object ids). */
export interface ReadRun {
  readonly id: string;
  readonly accountId: string;
  readonly unread: ReadonlySet<string>;
}

/** Everything that matching asks about these servers and their rivals, from the database alone. */
export async function loadMatchInput(
  db: Queries,
  options: { serverIds: readonly string[]; run: ReadRun | null },
): Promise<MatchInput> {
  const serverIds = await withRivals(db, options.serverIds);
  const nicRows = await sql<NicRow>`
    SELECT n.id, n.server_id, coalesce(w.space_id, a.space_id) AS space_id, n.wire_id, n.mac::text AS mac, n.position,
      n.connected, (n.missing_since IS NOT NULL OR s.missing_since IS NOT NULL) AS missing,
      s.account_id, s.name AS server_name, s.moref, s.power_state, s.template, s.readable, s.managed_by, s.tools_status,
      s.interface_count
    FROM nics n JOIN servers s ON s.id = n.server_id JOIN cloud_accounts a ON a.id = n.account_id
    LEFT JOIN wires w ON w.id = n.wire_id
    WHERE n.server_id = ANY(${serverIds}::uuid[])`.execute(db);
  const sightingRows = await sql<{ nic_id: string; ip: string; first_seen_at: Date }>`
    SELECT nic_id, host(ip) AS ip, first_seen_at FROM sightings
    WHERE server_id = ANY(${serverIds}::uuid[]) AND ended_at IS NULL AND candidate AND nic_id IS NOT NULL
    ORDER BY first_seen_at, id`.execute(db);
  const claims = await loadClaims(db, serverIds);
  // A claim may lie in a space that its NIC has left.
  const spaceIds = [
    ...new Set([...nicRows.rows.map((row) => row.space_id), ...claims.claims.map((claim) => claim.spaceId)]),
  ];
  const networks = await loadNetworks(db, spaceIds);

  const addresses = new Map<string, MatchAddress[]>();
  for (const row of sightingRows.rows) {
    const ip = readAddress(row.ip);
    const address = { ip, text: row.ip, firstSeenAt: row.first_seen_at.getTime() };
    const list = addresses.get(row.nic_id);
    if (list === undefined) addresses.set(row.nic_id, [address]);
    else if (!list.some((other) => other.text === row.ip)) list.push(address);
  }
  const servers = new Map<string, MatchServer>();
  const nics = nicRows.rows.map((row): MatchNic => {
    let server = servers.get(row.server_id);
    if (server === undefined) {
      server = toServer(row, options.run);
      servers.set(row.server_id, server);
    }
    return {
      id: row.id,
      server,
      spaceId: row.space_id,
      wireId: row.wire_id,
      mac: row.mac,
      position: row.position,
      connected: row.connected,
      missing: row.missing,
      addresses: addresses.get(row.id) ?? [],
    };
  });
  return { nics, networks, claims: claims.claims, shared: claims.shared, runId: options.run?.id ?? null };
}

function toServer(row: NicRow, run: ReadRun | null): MatchServer {
  return {
    unread: run !== null && (run.accountId !== row.account_id || run.unread.has(row.moref)),
    id: row.server_id,
    accountId: row.account_id,
    name: row.server_name,
    morefNumber: Number(/\d+$/.exec(row.moref)?.[0] ?? Number.MAX_SAFE_INTEGER),
    poweredOn: row.power_state === 'poweredOn',
    template: row.template,
    readable: row.readable,
    placeholder: row.managed_by !== null && PLACEHOLDER_EXTENSIONS.has(row.managed_by),
    tools: row.tools_status,
    interfaceCount: row.interface_count,
  };
}

function readAddress(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === null) throw new Error(`the database holds ${text}, which is no address`);
  return address;
}

async function loadClaims(
  db: Queries,
  serverIds: readonly string[],
): Promise<{ claims: MatchClaim[]; shared: Set<string> }> {
  const { rows } = await sql<{
    id: string;
    space_id: string;
    ip: string;
    network_id: string;
    nic_id: string | null;
    server_id: string | null;
    source: ClaimSource;
    shared: boolean;
    absent_since_run: string | null;
    contradicted_by: string[];
  }>`
    WITH reported AS (
      SELECT DISTINCT space_id, ip FROM sightings
      WHERE server_id = ANY(${serverIds}::uuid[]) AND ended_at IS NULL AND candidate)
    SELECT id, space_id, host(ip) AS ip, network_id, nic_id, server_id, source, shared, absent_since_run,
      contradicted_by::text[] AS contradicted_by
    FROM claims WHERE ended_at IS NULL AND (server_id = ANY(${serverIds}::uuid[]))
    UNION
    SELECT c.id, c.space_id, host(c.ip), c.network_id, c.nic_id, c.server_id, c.source, c.shared, c.absent_since_run,
      c.contradicted_by::text[]
    FROM reported r JOIN claims c ON c.space_id = r.space_id AND c.ip = r.ip AND c.ended_at IS NULL`.execute(
    db,
  );
  const shared = new Set<string>();
  const claims = rows.map((row): MatchClaim => {
    if (row.shared) shared.add(addressKey(row.space_id, row.ip));
    return {
      id: row.id,
      spaceId: row.space_id,
      ip: readAddress(row.ip),
      text: row.ip,
      networkId: row.network_id,
      nicId: row.nic_id,
      serverId: row.server_id,
      source: row.source,
      absentSinceRun: row.absent_since_run,
      contradictedBy: row.contradicted_by,
    };
  });
  return { claims, shared };
}

async function loadNetworks(db: Queries, spaceIds: readonly string[]): Promise<MatchNetwork[]> {
  const { rows } = await sql<{
    id: string;
    name: string;
    space_id: string;
    family: 4 | 6;
    span: string;
    cidr: string;
    primary_wire_id: string;
    wire_ids: string[];
  }>`
    SELECT n.id, n.name, n.space_id, n.family, n.span::text AS span, n.cidr::text AS cidr,
      min(w.wire_id::text) FILTER (WHERE w.origin = 'primary') AS primary_wire_id,
      array_agg(w.wire_id::text) FILTER (WHERE w.origin IN ('primary', 'declared', 'detected')) AS wire_ids
    FROM networks n JOIN network_wires w ON w.space_id = n.space_id AND w.network_id = n.id
    WHERE n.space_id = ANY(${spaceIds}::uuid[]) GROUP BY n.id ORDER BY n.id`.execute(db);
  return rows.map((row): MatchNetwork => {
    const range: AddressRange = readSpan(row.span);
    const [address = '', length = '0'] = row.cidr.split('/');
    return {
      id: row.id,
      name: row.name,
      spaceId: row.space_id,
      family: row.family,
      range,
      prefix: { network: readAddress(address), length: Number(length) },
      primaryWireId: row.primary_wire_id,
      wireIds: new Set(row.wire_ids),
      dhcpRanges: [],
    };
  });
}

export interface MatchEffect {
  created: number;
  ended: number;
  conflicts: number;
}

/** Writes what a plan says, set by set. The transaction holds the spaces (see `lockSpaces`). */
export async function applyMatching(
  tx: Tx,
  options: { plan: MatchPlan; input: MatchInput; now: Date },
): Promise<MatchEffect> {
  const { plan, input, now } = options;
  const at = now.toISOString();
  if (plan.end.length > 0) {
    const ends = plan.end.map(({ claim, reason }) => ({ id: claim.id, reason }));
    await sql`
      UPDATE claims SET ended_at = ${at}, end_reason = e.reason, updated_at = ${at}, absent_since_run = NULL
      FROM json_to_recordset(${JSON.stringify(ends)}::json) AS e(id uuid, reason text)
      WHERE claims.id = e.id AND claims.ended_at IS NULL`.execute(tx);
  }
  if (plan.absent.length > 0) {
    const marks = plan.absent.map(({ claim, sinceRun }) => ({ id: claim.id, run: sinceRun }));
    await sql`
      UPDATE claims SET absent_since_run = m.run, updated_at = ${at}
      FROM json_to_recordset(${JSON.stringify(marks)}::json) AS m(id uuid, run uuid) WHERE claims.id = m.id`.execute(
      tx,
    );
  }
  if (plan.contradicted.length > 0) {
    const marks = plan.contradicted.map(({ claim, by }) => ({ id: claim.id, by: `{${by.join(',')}}` }));
    await sql`
      UPDATE claims SET contradicted_by = m.by::inet[], updated_at = ${at}
      FROM json_to_recordset(${JSON.stringify(marks)}::json) AS m(id uuid, by text) WHERE claims.id = m.id`.execute(
      tx,
    );
  }
  if (plan.adopt.length > 0) {
    const adoptions = plan.adopt.map(({ claim, nic }) => ({
      id: claim.id,
      nic_id: nic.id,
      server_id: nic.server.id,
      account_id: nic.server.accountId,
      mac: nic.mac,
      server_name: nic.server.name,
    }));
    await sql`
      UPDATE claims SET nic_id = a.nic_id, server_id = a.server_id, account_id = a.account_id, mac = a.mac,
        server_name = a.server_name, updated_at = ${at}
      FROM json_to_recordset(${JSON.stringify(adoptions)}::json)
        AS a(id uuid, nic_id uuid, server_id uuid, account_id uuid, mac macaddr, server_name text)
      WHERE claims.id = a.id`.execute(tx);
  }
  for (let start = 0; start < plan.create.length; start += 5000) {
    const rows = plan.create.slice(start, start + 5000).map((record) => ({
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
      started_at: at,
    }));
    await sql`
      INSERT INTO claims (space_id, ip, network_id, account_id, server_id, nic_id, mac, source, shared, network_name,
        server_name, started_at)
      SELECT space_id, ip, network_id, account_id, server_id, nic_id, mac, 'tools', shared, network_name, server_name,
        started_at
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(space_id uuid, ip inet, network_id uuid, account_id uuid,
        server_id uuid, nic_id uuid, mac macaddr, shared boolean, network_name text, server_name text,
        started_at timestamptz)`.execute(tx);
  }
  await writeReasons(tx, plan.reasons, input);
  await writeSyncIps(tx, plan.unmatched, at);
  const conflicts = await writeConflicts(tx, { plan, input, at });
  return { created: plan.create.length + plan.adopt.length, ended: plan.end.length, conflicts };
}

async function writeReasons(
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

async function writeSyncIps(
  tx: Tx,
  unmatched: ReadonlyMap<string, readonly string[]>,
  at: string,
): Promise<void> {
  const tags = [...unmatched].map(([id, ips]) => ({ id, ips: ips.length === 0 ? null : ips.join(',') }));
  await sql`
    UPDATE servers SET sync_ips = t.ips, updated_at = ${at}
    FROM json_to_recordset(${JSON.stringify(tags)}::json) AS t(id uuid, ips text)
    WHERE servers.id = t.id AND servers.sync_ips IS DISTINCT FROM t.ips`.execute(tx);
}

async function writeConflicts(
  tx: Tx,
  options: { plan: MatchPlan; input: MatchInput; at: string },
): Promise<number> {
  const { plan, input, at } = options;
  const nicIds = input.nics.map((nic) => nic.id);
  const wanted = plan.conflicts.map((conflict) => ({
    space_id: conflict.spaceId,
    ip: conflict.ip,
    nic_id: conflict.nicId,
  }));
  // A conflict ends when its claimant no longer claims, or when it is now the holder.
  await sql`
    UPDATE conflicts SET ended_at = ${at}, updated_at = ${at}
    WHERE ended_at IS NULL AND nic_id = ANY(${nicIds}::uuid[]) AND NOT EXISTS (
      SELECT FROM json_to_recordset(${JSON.stringify(wanted)}::json) AS w(space_id uuid, ip inet, nic_id uuid)
      WHERE w.space_id = conflicts.space_id AND w.ip = conflicts.ip AND w.nic_id = conflicts.nic_id)`.execute(
    tx,
  );
  if (wanted.length === 0) return 0;
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
