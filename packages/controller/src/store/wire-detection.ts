import { sql } from 'kysely';
import {
  type AddressUse,
  type Contradiction,
  type Evidence,
  standingKey,
  type WireFacts,
  type WireLink,
} from '../domain/additional-wires.ts';
import { type AddressRange, parseAddress, parsePrefix, type Prefix } from '../domain/addresses.ts';
import type { Queries, Tx } from './database.ts';
import { PLACEHOLDER_EXTENSIONS } from './matching.ts';
import { readSpan } from './spans.ts';

/** What detection of additional wires asks of the database, and what it writes. */

export interface DetectedNetwork {
  readonly id: string;
  readonly spaceId: string;
  readonly prefix: Prefix;
  readonly range: AddressRange;
  readonly gateway: string | null;
  readonly primaryWireId: string;
}

/** The networks that one of these servers has, had until `now`, or reports an address of; and those whose wires' facts may have changed. */
export async function findTouchedNetworks(
  db: Queries,
  options: { serverIds: readonly string[]; accountId: string | null; now: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT n.id FROM (
      SELECT DISTINCT space_id, ip FROM sightings
      WHERE server_id = ANY(${[...options.serverIds]}::uuid[]) AND candidate
        AND (ended_at IS NULL OR ended_at >= ${options.now.toISOString()})) s
    JOIN networks n ON n.space_id = s.space_id AND n.span @> s.ip
    UNION SELECT network_id FROM claims
    WHERE server_id = ANY(${[...options.serverIds]}::uuid[]) AND ended_at IS NULL AND network_id IS NOT NULL
    UNION SELECT l.network_id FROM wires w JOIN network_wires l ON l.wire_id = w.id
    WHERE w.account_id = ${options.accountId} AND EXISTS (SELECT FROM network_wires o
      WHERE o.network_id = l.network_id AND o.origin IN ('declared', 'detected', 'suggested'))`.execute(db);
  return rows.map((row) => row.id);
}

export async function loadDetectedNetworks(db: Queries, ids: readonly string[]): Promise<DetectedNetwork[]> {
  const { rows } = await sql<{
    id: string;
    spaceId: string;
    cidr: string;
    span: string;
    gateway: string | null;
    primaryWireId: string;
  }>`
    SELECT n.id, n.space_id AS "spaceId", n.cidr::text AS cidr, n.span::text AS span, host(n.gateway) AS gateway,
      l.wire_id AS "primaryWireId"
    FROM networks n JOIN network_wires l ON l.network_id = n.id AND l.origin = 'primary'
    WHERE n.id = ANY(${[...ids]}::uuid[]) ORDER BY n.id`.execute(db);
  return rows.map(({ cidr, span, ...row }) => {
    const parsed = parsePrefix(cidr);
    if (parsed === null) throw new Error(`the database holds ${cidr}, which is no prefix`);
    return { ...row, prefix: parsed.prefix, range: readSpan(span) };
  });
}

/** The stored links of networks, without the primary ones. By network. */
export async function loadLinks(
  db: Queries,
  networkIds: readonly string[],
): Promise<Map<string, WireLink[]>> {
  const { rows } = await sql<{
    networkId: string;
    wireId: string;
    origin: WireLink['origin'];
    evidence: Evidence[];
    servers: number;
    contradictions: Contradiction[];
    note: WireLink['note'];
  }>`
    SELECT network_id AS "networkId", wire_id AS "wireId", origin, evidence, evidence_count AS servers,
      coalesce(contradiction, '[]') AS contradictions, note
    FROM network_wires WHERE network_id = ANY(${[...networkIds]}::uuid[]) AND origin <> 'primary'
    ORDER BY network_id, wire_id`.execute(db);
  return Map.groupBy(rows, (row) => row.networkId);
}

/** The server `sv` runs, and is no stand-in and no template: its report counts. */
export const reportsLive = sql`sv.power_state = 'poweredOn' AND sv.tools_status = 'running' AND NOT sv.template
  AND sv.missing_since IS NULL AND NOT coalesce(sv.managed_by = ANY(${[...PLACEHOLDER_EXTENSIONS]}), false)`;

interface UseRow {
  networkId: string;
  wireId: string;
  nicId: string;
  serverId: string;
  serverName: string;
  ip: string;
  live: boolean;
  gateways: string[];
}

/** The default gateways that the guest of `sv` has through its NIC `n`. */
export const gatewaysOfNic = sql`ARRAY(SELECT g.ip FROM jsonb_to_recordset(sv.routing -> 'gateways') AS g(ip text, device integer)
  WHERE g.device IS NULL OR g.device = n.device_key)`;

/**
 * Who uses addresses of the networks on other wires than their primary ones, by what guests report and by records; and who on the primary
 * wires reports one of these addresses at the same time. By network.
 */
export async function loadUses(
  db: Queries,
  networkIds: readonly string[],
): Promise<Map<string, (AddressUse & { networkId: string })[]>> {
  const { rows } = await sql<UseRow>`
    WITH asked AS MATERIALIZED (
      SELECT n.id, n.space_id, n.span, l.wire_id AS primary_wire_id
      FROM networks n JOIN network_wires l ON l.network_id = n.id AND l.origin = 'primary'
      WHERE n.id = ANY(${[...networkIds]}::uuid[])),
    seen AS MATERIALIZED (
      SELECT a.id AS network_id, a.primary_wire_id, n.wire_id, n.id AS nic_id, s.server_id, sv.name, s.space_id, s.ip,
        ${gatewaysOfNic} AS gateways
      FROM asked a
      CROSS JOIN LATERAL (SELECT * FROM sightings o WHERE o.space_id = a.space_id AND o.ip >= lower(a.span)
        AND o.ip <= upper(a.span) AND o.ended_at IS NULL AND o.candidate OFFSET 0) s
      JOIN nics n ON n.id = s.nic_id AND n.missing_since IS NULL AND n.wire_id <> a.primary_wire_id
      JOIN servers sv ON sv.id = s.server_id
      -- What is kept for a server beside its NICs was left with another wire: its guest hasn't heard of that yet, and is no witness.
      WHERE ${reportsLive} AND NOT EXISTS (SELECT FROM claims k WHERE k.space_id = s.space_id AND k.ip = s.ip
        AND k.ended_at IS NULL AND k.nic_id IS NULL AND k.server_id = s.server_id))
    SELECT network_id AS "networkId", wire_id AS "wireId", nic_id AS "nicId", server_id AS "serverId", name AS "serverName",
      host(ip) AS ip, true AS live, gateways FROM seen
    UNION ALL
    SELECT DISTINCT e.network_id, n.wire_id, n.id, s.server_id, sv.name, host(s.ip), true, '{}'::text[]
    FROM seen e JOIN sightings s ON s.space_id = e.space_id AND s.ip = e.ip AND s.ended_at IS NULL AND s.candidate
    JOIN nics n ON n.id = s.nic_id AND n.missing_since IS NULL AND n.wire_id = e.primary_wire_id
    JOIN servers sv ON sv.id = s.server_id WHERE ${reportsLive}
    UNION ALL
    SELECT c.network_id, n.wire_id, n.id, c.server_id, coalesce(sv.name, ''), host(c.ip), false, '{}'::text[]
    FROM asked a JOIN claims c ON c.network_id = a.id AND c.ended_at IS NULL AND c.nic_id IS NOT NULL
    JOIN nics n ON n.id = c.nic_id AND n.wire_id <> a.primary_wire_id
    LEFT JOIN servers sv ON sv.id = c.server_id WHERE c.server_id IS NOT NULL
    ORDER BY ip, live DESC, "nicId"`.execute(db);
  const uses = new Map<string, AddressUse & { networkId: string }>();
  for (const { ip: text, ...row } of rows) {
    const ip = parseAddress(text);
    if (ip === null) throw new Error(`the database holds ${text}, which is no address`);
    const key = `${row.networkId} ${row.nicId} ${text}`;
    // What a guest reports comes before the record of it.
    if (!uses.has(key)) uses.set(key, { ...row, ip, text });
  }
  return Map.groupBy(uses.values(), (use) => use.networkId);
}

/** The default gateway inside the prefix that most guests on each network's primary wire use. By network. */
export async function loadUsualGateways(
  db: Queries,
  networkIds: readonly string[],
): Promise<Map<string, string>> {
  if (networkIds.length === 0) return new Map();
  const { rows } = await sql<{ networkId: string; gateway: string }>`
    SELECT DISTINCT ON (a.id) a.id AS "networkId", g.ip AS gateway
    FROM networks a JOIN network_wires l ON l.network_id = a.id AND l.origin = 'primary'
    CROSS JOIN LATERAL (SELECT * FROM sightings o WHERE o.space_id = a.space_id AND o.ip >= lower(a.span)
      AND o.ip <= upper(a.span) AND o.ended_at IS NULL AND o.candidate OFFSET 0) s
    JOIN nics n ON n.id = s.nic_id AND n.missing_since IS NULL AND n.wire_id = l.wire_id
    JOIN servers sv ON sv.id = s.server_id
    CROSS JOIN LATERAL jsonb_to_recordset(sv.routing -> 'gateways') AS g(ip text, device integer)
    WHERE a.id = ANY(${[...networkIds]}::uuid[]) AND ${reportsLive}
      AND (g.device IS NULL OR g.device = n.device_key) AND (g.ip::inet <<= a.cidr OR a.family = 6 AND g.ip::inet <<= inet 'fe80::/10')
    GROUP BY a.id, g.ip ORDER BY a.id, count(DISTINCT sv.id) DESC, g.ip::inet`.execute(db);
  return new Map(rows.map((row) => [row.networkId, row.gateway]));
}

/** Where the wire `w` is, with the uplinks that its switch has there. */
const onHosts = sql`FROM wire_presence p
  JOIN virtual_switch_hosts h ON h.account_id = p.account_id AND h.switch_id = p.switch_id AND h.host_id = p.host_id
  WHERE p.account_id = w.account_id AND p.wire_id = w.id`;

/** Wires as detection looks at them. A wire has an uplink if any switch that it is on has one on any host. */
export async function loadWireFacts(db: Queries, ids: Iterable<string>): Promise<Map<string, WireFacts>> {
  const { rows } = await sql<WireFacts>`
    SELECT w.id, w.name, w.account_id AS "accountId", a.name AS "accountName", w.datacenter, w.vlan ->> 'kind' = 'trunk' AS trunk,
      CASE WHEN w.vlan_disagreement OR w.vlan ->> 'kind' NOT IN ('none', 'id') THEN NULL ELSE coalesce(w.vlan_id, 0) END AS vlan,
      CASE WHEN w.kind = 'nsx' THEN NULL
        WHEN EXISTS (SELECT ${onHosts} AND h.uplinks <> '{}') THEN true
        WHEN EXISTS (SELECT ${onHosts}) THEN false END AS uplinked
    FROM wires w JOIN cloud_accounts a ON a.id = w.account_id
    WHERE w.id = ANY(${[...new Set(ids)]}::uuid[]) AND w.purpose = 'vm'`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Of NICs on these wires that evidence names: who still uses the address, and who is silent. Others have left, or say something else. */
export async function loadStanding(
  db: Queries,
  asked: readonly { nicId: string; ip: string; wireId: string | null }[],
): Promise<Map<string, 'uses' | 'silent'>> {
  if (asked.length === 0) return new Map();
  const { rows } = await sql<{ nicId: string; ip: string; wireId: string | null; uses: boolean }>`
    SELECT DISTINCT q."nicId", q.ip, q."wireId", o.id IS NOT NULL AS uses
    FROM json_to_recordset(${JSON.stringify(asked)}::json) AS q("nicId" uuid, ip text, "wireId" uuid)
    JOIN nics n ON n.id = q."nicId" AND n.missing_since IS NULL AND (q."wireId" IS NULL OR n.wire_id = q."wireId")
    JOIN servers sv ON sv.id = n.server_id AND sv.missing_since IS NULL
    LEFT JOIN sightings o ON o.nic_id = n.id AND o.ip = q.ip::inet AND o.ended_at IS NULL AND o.candidate
    WHERE o.id IS NOT NULL OR NOT (${reportsLive}) OR NOT EXISTS (SELECT FROM sightings x
      WHERE x.nic_id = n.id AND x.ended_at IS NULL AND x.candidate AND family(x.ip) = family(q.ip::inet))`.execute(
    db,
  );
  return new Map(rows.map(({ uses, ...said }) => [standingKey(said), uses ? 'uses' : 'silent']));
}

export async function loadServerNames(db: Queries, ids: Iterable<string>): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM servers WHERE id = ANY(${[...new Set(ids)]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Makes the stored links of a network those given; the primary one stays. */
export async function writeLinks(
  tx: Tx,
  network: { id: string; spaceId: string },
  changes: { readonly put: readonly WireLink[]; readonly remove: readonly string[] },
): Promise<void> {
  if (changes.remove.length > 0) {
    await sql`
      DELETE FROM network_wires WHERE network_id = ${network.id} AND origin IN ('detected', 'suggested')
        AND wire_id = ANY(${[...changes.remove]}::uuid[])`.execute(tx);
  }
  if (changes.put.length === 0) return;
  const rows = changes.put.map(({ contradictions, servers, ...link }) => ({
    ...link,
    evidence_count: servers,
    contradiction: contradictions.length === 0 ? null : contradictions,
  }));
  await sql`
    INSERT INTO network_wires AS l (space_id, network_id, wire_id, origin, evidence, evidence_count, contradiction, note)
    SELECT ${network.spaceId}, ${network.id}, "wireId", origin, evidence, evidence_count, contradiction, note
    FROM json_to_recordset(${JSON.stringify(rows)}::json)
      AS r("wireId" uuid, origin text, evidence jsonb, evidence_count integer, contradiction jsonb, note jsonb)
    ON CONFLICT (space_id, network_id, wire_id) DO UPDATE SET origin = excluded.origin, evidence = excluded.evidence,
      evidence_count = excluded.evidence_count, contradiction = excluded.contradiction, note = excluded.note
    WHERE l.origin NOT IN ('primary', 'excluded')`.execute(tx);
}

/** The servers on wires that a network has lost: who reports, has or was told of one of its addresses there. */
export async function findServersOnWires(
  db: Queries,
  links: readonly { networkId: string; wireId: string }[],
): Promise<string[]> {
  if (links.length === 0) return [];
  const { rows } = await sql<{ server_id: string }>`
    WITH changed AS (SELECT * FROM json_to_recordset(${JSON.stringify(links)}::json) AS c("networkId" uuid, "wireId" uuid)),
    spanned AS MATERIALIZED (SELECT w.space_id, w.span, c."wireId" FROM changed c JOIN networks w ON w.id = c."networkId")
    SELECT DISTINCT n.server_id FROM spanned w JOIN nics n ON n.wire_id = w."wireId"
    JOIN sightings s ON s.nic_id = n.id AND s.ended_at IS NULL AND s.candidate AND s.space_id = w.space_id
      AND s.ip >= lower(w.span) AND s.ip <= upper(w.span)
    UNION SELECT k.server_id FROM changed c JOIN claims k ON k.network_id = c."networkId" AND k.ended_at IS NULL
    JOIN nics n ON n.id = k.nic_id AND n.wire_id = c."wireId" WHERE k.server_id IS NOT NULL
    UNION SELECT n.server_id FROM changed c JOIN nic_reasons r ON r.network_id = c."networkId"
    JOIN nics n ON n.id = r.nic_id AND n.wire_id = c."wireId"`.execute(db);
  return rows.map((row) => row.server_id);
}
