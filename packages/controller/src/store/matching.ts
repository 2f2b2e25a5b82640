import { sql } from 'kysely';
import { parseAddress, type AddressRange, type IpAddress } from '../domain/addresses.ts';
import {
  addressKey,
  type MatchAddress,
  type MatchClaim,
  type MatchInput,
  type MatchNetwork,
  type MatchNic,
  type MatchServer,
} from '../domain/matching.ts';
import { MOVING_WITHIN_HOURS } from '../domain/moving.ts';
import type { Queries } from './database.ts';
import { readSpan } from './spans.ts';
import type { ClaimSource, ToolsStatus } from './tables.ts';

/** Products that keep a stand-in for a server that runs elsewhere (Site Recovery, vSphere Replication). */
export const PLACEHOLDER_EXTENSIONS: ReadonlySet<string> = new Set(['com.vmware.vcDr', 'com.vmware.vcHms']);

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

/**
 * The servers that time alone concerns: their records wait for a second complete run that doesn't show them, an address has stopped
 * going to and fro between them, or was held for somebody else until its time was over.
 */
export async function findWaitingServers(
  db: Queries,
  options: { accountId: string; now: Date },
): Promise<string[]> {
  const calmSince = new Date(options.now.getTime() - MOVING_WITHIN_HOURS * 3_600_000).toISOString();
  const { rows } = await sql<{ server_id: string }>`
    SELECT server_id FROM claims
    WHERE account_id = ${options.accountId} AND ended_at IS NULL AND absent_since_run IS NOT NULL AND server_id IS NOT NULL
    UNION SELECT c.server_id FROM conflicts x JOIN claims c ON c.id = x.claim_id
    WHERE x.ended_at IS NULL AND x.kind = 'moving' AND c.account_id = ${options.accountId} AND c.server_id IS NOT NULL
      AND c.started_at <= ${calmSince}
    UNION SELECT n.server_id FROM nic_reasons r JOIN nics n ON n.id = r.nic_id
    WHERE r.account_id = ${options.accountId} AND r.code = 'taken' AND NOT EXISTS (SELECT FROM claims c
      WHERE c.space_id = r.space_id AND c.ip = r.ip AND c.ended_at IS NULL
        AND (c.nic_id IS NOT NULL OR c.expires_at IS NULL OR c.expires_at > ${options.now.toISOString()}))`.execute(
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
  /** `singleReading` where only some servers were read. */
  readonly id: string;
  readonly accountId: string;
  readonly unread: ReadonlySet<string>;
  /** Only these servers were read (managed object ids). */
  readonly only?: ReadonlySet<string>;
}

/** Everything that matching asks about these servers and their rivals, from the database alone. */
export async function loadMatchInput(
  db: Queries,
  options: { serverIds: readonly string[]; run: ReadRun | null; now: Date },
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
  const claims = await loadClaims(db, { serverIds, now: options.now });
  // A claim may lie in a space that its NIC has left.
  const spaceIds = [
    ...new Set([...nicRows.rows.map((row) => row.space_id), ...claims.claims.map((claim) => claim.spaceId)]),
  ];
  const networks = await loadNetworks(db, { spaceIds, now: options.now });
  const shared = await loadShared(db, spaceIds);
  for (const claim of claims.shared) shared.add(addressKey(claim.spaceId, claim.text));

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
  return { nics, networks, claims: claims.claims, shared, runId: options.run?.id ?? null };
}

function toServer(row: NicRow, run: ReadRun | null): MatchServer {
  return {
    unread: run !== null && !wasRead(row, run),
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

function wasRead(row: NicRow, run: ReadRun): boolean {
  const { accountId, unread, only } = run;
  return (
    accountId === row.account_id && !unread.has(row.moref) && (only === undefined || only.has(row.moref))
  );
}

function readAddress(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === null) throw new Error(`the database holds ${text}, which is no address`);
  return address;
}

async function loadClaims(
  db: Queries,
  options: { serverIds: readonly string[]; now: Date },
): Promise<{ claims: MatchClaim[]; shared: MatchClaim[] }> {
  const { rows } = await sql<{
    id: string;
    space_id: string;
    ip: string;
    network_id: string;
    nic_id: string | null;
    server_id: string | null;
    mac: string | null;
    expired: boolean;
    source: ClaimSource;
    shared: boolean;
    absent_since_run: string | null;
    contradicted_by: string[];
  }>`
    WITH reported AS (
      SELECT DISTINCT space_id, ip FROM sightings
      WHERE server_id = ANY(${options.serverIds}::uuid[]) AND ended_at IS NULL AND candidate),
    concerned AS (
      SELECT id FROM claims WHERE ended_at IS NULL AND server_id = ANY(${options.serverIds}::uuid[])
      UNION
      SELECT c.id FROM reported r JOIN claims c ON c.space_id = r.space_id AND c.ip = r.ip AND c.ended_at IS NULL)
    SELECT id, space_id, host(ip) AS ip, network_id, nic_id, server_id, mac::text AS mac,
      nic_id IS NULL AND coalesce(expires_at <= ${options.now.toISOString()}, false) AS expired, source, shared,
      absent_since_run, contradicted_by::text[] AS contradicted_by
    FROM concerned JOIN claims USING (id)`.execute(db);
  const shared: MatchClaim[] = [];
  const claims = rows.map((row): MatchClaim => {
    const claim = {
      id: row.id,
      spaceId: row.space_id,
      ip: readAddress(row.ip),
      text: row.ip,
      networkId: row.network_id,
      nicId: row.nic_id,
      serverId: row.server_id,
      mac: row.nic_id === null ? row.mac : null,
      expired: row.expired,
      source: row.source,
      absentSinceRun: row.absent_since_run,
      contradictedBy: row.contradicted_by,
    };
    if (row.shared) shared.push(claim);
    return claim;
  });
  return { claims, shared };
}

/** The addresses of these spaces that were declared shared: few, and asked for whole. */
export async function loadShared(db: Queries, spaceIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ space_id: string; ip: string }>`
    SELECT space_id, host(ip) AS ip FROM shared_addresses WHERE space_id = ANY(${[...spaceIds]}::uuid[])`.execute(
    db,
  );
  return new Set(rows.map((row) => addressKey(row.space_id, row.ip)));
}

async function loadNetworks(
  db: Queries,
  options: { spaceIds: readonly string[]; now: Date },
): Promise<MatchNetwork[]> {
  const { rows } = await sql<{
    id: string;
    name: string;
    space_id: string;
    family: 4 | 6;
    span: string;
    cidr: string;
    primary_wire_id: string;
    wire_ids: string[];
    leased: string[] | null;
  }>`
    SELECT n.id, n.name, n.space_id, n.family, n.span::text AS span, n.cidr::text AS cidr,
      min(w.wire_id::text) FILTER (WHERE w.origin = 'primary') AS primary_wire_id,
      array_agg(w.wire_id::text) FILTER (WHERE w.origin IN ('primary', 'declared', 'detected')) AS wire_ids,
      (SELECT array_agg(r.span::text) FROM reservations r WHERE r.network_id = n.id AND r.kind = 'dhcp'
        AND (r.expires_at IS NULL OR r.expires_at > ${options.now.toISOString()})) AS leased
    FROM networks n JOIN network_wires w ON w.space_id = n.space_id AND w.network_id = n.id
    WHERE n.space_id = ANY(${[...options.spaceIds]}::uuid[]) GROUP BY n.id ORDER BY n.id`.execute(db);
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
      dhcpRanges: (row.leased ?? []).map(readSpan),
    };
  });
}

/** What matching did, in numbers. */
export interface MatchEffect {
  created: number;
  ended: number;
  conflicts: number;
}
