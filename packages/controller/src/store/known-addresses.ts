import { sql } from 'kysely';
import { formatAddress, isRoutableUnicast, parseAddress, unmapAddress } from '../domain/addresses.ts';
import type { Tx } from './database.ts';

/** A guest may say what it likes; nobody needs more of these than so many. */
const AT_MOST_PER_SERVER = 16;

/** An address as it was reported, and who uses it. */
interface ReportedAddress {
  spaceId: string;
  kind: 'vmkernel' | 'guest_gateway' | 'guest_dns';
  text: string;
  /** The one that is named so far if it still uses the address, or else the first. */
  objectId: string;
  objectName: string;
}

/**
 * Brings the addresses that an account's hosts have for themselves, and that its running guests use as default gateways and DNS servers, in
 * line with what was last read. Writes only what differs.
 */
export async function keepKnownAddresses(tx: Tx, accountId: string): Promise<void> {
  const known = readReported(await findReportedAddresses(tx, accountId));
  await sql`
    WITH known AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${JSON.stringify([...known.values()])}::json)
        AS k("spaceId" uuid, kind text, ip inet, "objectId" uuid, "objectName" text)),
    gone AS (
      DELETE FROM known_addresses o WHERE o.owner_id = ${accountId}
        AND NOT EXISTS (SELECT FROM known k WHERE k."spaceId" = o.space_id AND k.kind = o.kind AND k.ip = o.ip))
    INSERT INTO known_addresses AS o (owner_id, space_id, kind, ip, object_id, object_name)
    SELECT ${accountId}, "spaceId", kind, ip, "objectId", "objectName" FROM known
    ON CONFLICT (owner_id, space_id, kind, ip) DO UPDATE
      SET object_id = excluded.object_id, object_name = excluded.object_name
      WHERE (o.object_id, o.object_name) IS DISTINCT FROM (excluded.object_id, excluded.object_name)`.execute(
    tx,
  );
}

/**
 * The same after some servers alone were read, without asking all others: only where one of these was named for an address that it no longer
 * uses, or has another name, is everything gone through.
 */
export async function keepKnownAddressesOf(
  tx: Tx,
  about: { accountId: string; serverIds: readonly string[] },
): Promise<void> {
  const { accountId, serverIds } = about;
  const known = readReported(await findReportedAddresses(tx, accountId, serverIds));
  const named = await sql<{ key: string; current: boolean }>`
    SELECT k.space_id || ' ' || k.kind || ' ' || host(k.ip) AS key, k.object_name = s.name AS current
    FROM known_addresses k JOIN servers s ON s.id = k.object_id
    WHERE k.owner_id = ${accountId} AND k.object_id = ANY(${[...serverIds]}::uuid[])`.execute(tx);
  if (named.rows.some(({ key, current }) => !current || !known.has(key)))
    return keepKnownAddresses(tx, accountId);
  if (known.size === 0) return;
  await sql`
    INSERT INTO known_addresses (owner_id, space_id, kind, ip, object_id, object_name)
    SELECT ${accountId}, "spaceId", kind, ip, "objectId", "objectName"
    FROM json_to_recordset(${JSON.stringify([...known.values()])}::json)
      AS k("spaceId" uuid, kind text, ip inet, "objectId" uuid, "objectName" text)
    ON CONFLICT (owner_id, space_id, kind, ip) DO NOTHING`.execute(tx);
}

/** By space, kind and address. */
function readReported(
  reported: readonly ReportedAddress[],
): Map<string, Omit<ReportedAddress, 'text'> & { ip: string }> {
  const known = new Map<string, Omit<ReportedAddress, 'text'> & { ip: string }>();
  for (const { text, ...rest } of reported) {
    const address = parseAddress(text.trim().replace(/%.*$/, ''));
    if (address === null || !isRoutableUnicast(unmapAddress(address))) continue;
    const ip = formatAddress(unmapAddress(address));
    const key = `${rest.spaceId} ${rest.kind} ${ip}`;
    // One address may be written in several ways.
    if (!known.has(key)) known.set(key, { ...rest, ip });
  }
  return known;
}

/**
 * Whatever hosts and running servers report, by what they wrote. A route's gateway lies in the space of the card that it goes through; one
 * that names none, and a DNS server, in those of all cards. What is looked up for each server is looked up by index and not joined: right
 * after the first sync nobody knows how large the tables are. With `serverIds`: what these servers alone report.
 */
async function findReportedAddresses(
  tx: Tx,
  accountId: string,
  serverIds: readonly string[] | null = null,
): Promise<ReportedAddress[]> {
  const hosts = serverIds === null ? sql`true` : sql`false`;
  const servers = serverIds === null ? sql`true` : sql`s.id = ANY(${[...serverIds]}::uuid[])`;
  const { rows } = await sql<ReportedAddress>`
    WITH account AS (SELECT id, space_id FROM cloud_accounts WHERE id = ${accountId}),
    kernel AS (
      SELECT space_id FROM account
      UNION SELECT space_id FROM wires WHERE account_id = ${accountId} AND purpose = 'vmkernel' AND missing_since IS NULL),
    used AS (
      SELECT h.id, h.name, 'vmkernel' AS kind, v.text, k.space_id
      FROM hosts h CROSS JOIN kernel k CROSS JOIN LATERAL (
        SELECT host(h.management_ip) AS text
        UNION SELECT text #>> '{}' FROM jsonb_path_query(h.vmkernel_nics, 'lax $[*].ip') AS q(text)) v
      WHERE h.account_id = ${accountId} AND h.missing_since IS NULL AND ${hosts}
      UNION ALL
      SELECT s.id, s.name, said.kind, said.text, place.space_id::uuid
      FROM servers s
      CROSS JOIN LATERAL (SELECT report FROM server_reports r WHERE r.server_id = s.id OFFSET 0) r
      CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(n.device_key, coalesce(w.space_id, a.space_id)) AS spaces
        FROM account a, nics n LEFT JOIN wires w ON w.id = n.wire_id
        WHERE n.server_id = s.id AND n.missing_since IS NULL) card
      CROSS JOIN LATERAL (
        (SELECT 'guest_gateway' AS kind, route #>> '{gateway,ipAddress}' AS text,
          CASE WHEN route #>> '{gateway,device}' ~ '^[0-9]{1,4}$' THEN
            r.report -> 'interfaces' -> (route #>> '{gateway,device}')::integer ->> 'deviceConfigId' END AS device
        FROM jsonb_path_query(r.report, 'lax $.stacks[*].ipRouteConfig.ipRoute[*] ? (@.prefixLength == 0)') AS q(route)
        LIMIT ${AT_MOST_PER_SERVER})
        UNION ALL
        (SELECT 'guest_dns', text #>> '{}', NULL
        FROM jsonb_path_query(r.report, 'lax $.stacks[*].dnsConfig.ipAddress[*]') AS q(text)
        LIMIT ${AT_MOST_PER_SERVER})) said
      CROSS JOIN LATERAL (
        SELECT DISTINCT value AS space_id FROM jsonb_each_text(card.spaces)
        WHERE said.device IS NULL OR key = said.device OR NOT card.spaces ? said.device) place
      WHERE s.account_id = ${accountId} AND s.missing_since IS NULL AND s.power_state = 'poweredOn' AND ${servers}),
    reported AS MATERIALIZED (
      SELECT space_id, kind, text, array_agg(id ORDER BY name, id) AS ids FROM used
      WHERE text IS NOT NULL AND length(text) <= 64 GROUP BY space_id, kind, text),
    named AS MATERIALIZED (
      SELECT u.space_id, u.kind, u.text, CASE WHEN k.object_id = ANY(u.ids) THEN k.object_id ELSE u.ids[1] END AS id
      FROM reported u LEFT JOIN known_addresses k ON k.owner_id = ${accountId} AND k.space_id = u.space_id
        AND k.kind = u.kind AND host(k.ip) = u.text)
    SELECT n.space_id AS "spaceId", n.kind, n.text, n.id AS "objectId",
      coalesce((SELECT name FROM servers WHERE id = n.id), (SELECT name FROM hosts WHERE id = n.id)) AS "objectName"
    FROM named n ORDER BY n.space_id, n.kind, n.text`.execute(tx);
  return rows;
}
