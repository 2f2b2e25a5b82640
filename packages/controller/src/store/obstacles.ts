import type { ObstacleCode } from '@wirebook/contract';
import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** One thing that keeps an address from being given out, with what its words in the catalogue (`obstacles`) ask for. */
export interface StoredObstacle {
  readonly ip: string;
  readonly code: ObstacleCode;
  readonly params: Record<string, string | number>;
  /** The server that has, reports or uses the address, if one does. */
  readonly serverId: string | null;
  readonly nicId: string | null;
  /** For `used` and `held`. */
  readonly claimId: string | null;
}

/**
 * All that keeps these addresses of a space from being given out, the weightiest first: who has it, who reports it, what part it has to
 * play, what is kept back, and the rest. An address without any is free. Texts of times are RFC 3339.
 */
export async function findObstacles(
  db: Queries,
  options: { spaceId: string; ips: readonly string[]; now: Date },
): Promise<Map<string, StoredObstacle[]>> {
  const now = options.now.toISOString();
  const { rows } = await sql<StoredObstacle & { weight: number }>`
    WITH asked AS (
      SELECT a.ip, n.id AS network_id, n.name AS network_name, n.giving, n.resting_seconds
      FROM unnest(${[...options.ips]}::inet[]) AS a(ip)
      LEFT JOIN networks n ON n.space_id = ${options.spaceId} AND n.span @> a.ip)
    SELECT host(o.ip) AS ip, code, server_id AS "serverId", nic_id AS "nicId", claim_id AS "claimId", weight,
      params || jsonb_build_object('ip', host(o.ip)) AS params
    FROM (
      SELECT a.ip, CASE WHEN c.nic_id IS NULL THEN 'held' ELSE 'used' END AS code, c.server_id, c.nic_id, c.id AS claim_id,
        0 AS weight, jsonb_build_object('object', coalesce(s.name, c.server_name, nullif(c.holder->>'name', ''), c.key,
          nullif(c.holder->>'note', ''), '-'), 'since', rfc3339(c.started_at), 'networkQuoted', coalesce(a.network_id::text, '-'),
          'context', CASE WHEN coalesce(s.name, c.server_name, nullif(c.holder->>'name', ''), c.key,
            nullif(c.holder->>'note', '')) IS NULL THEN 'unnamed' ELSE '' END) AS params
      FROM asked a JOIN claims c ON c.space_id = ${options.spaceId} AND c.ip = a.ip AND c.ended_at IS NULL
        AND (c.expires_at IS NULL OR c.expires_at > ${now} OR c.nic_id IS NOT NULL)
      LEFT JOIN servers s ON s.id = c.server_id
      UNION ALL
      SELECT a.ip, 'seen', o.server_id, o.nic_id, NULL, 1,
        jsonb_build_object('object', s.name, 'interface', o.interface)
      FROM asked a JOIN sightings o ON o.space_id = ${options.spaceId} AND o.ip = a.ip AND o.ended_at IS NULL
      JOIN servers s ON s.id = o.server_id
      WHERE NOT EXISTS (SELECT FROM claims c WHERE c.space_id = ${options.spaceId} AND c.ip = a.ip AND c.ended_at IS NULL
        AND c.nic_id = o.nic_id)
      UNION ALL
      SELECT a.ip, CASE k.kind WHEN 'network' THEN 'network_address' ELSE k.kind END,
        CASE WHEN k.kind LIKE 'guest%' THEN k.object_id END, NULL, NULL, 2,
        jsonb_build_object('object', coalesce(n.name, k.object_name), 'networkQuoted', coalesce(a.network_id::text, '-'))
      FROM asked a JOIN known_addresses k ON k.space_id = ${options.spaceId} AND k.ip = a.ip
      LEFT JOIN networks n ON n.id = k.object_id
      UNION ALL
      SELECT a.ip, 'shared', NULL, NULL, NULL, 2, '{}'
      FROM asked a JOIN shared_addresses h ON h.space_id = ${options.spaceId} AND h.ip = a.ip
      UNION ALL
      SELECT a.ip, r.kind, NULL, NULL, NULL, 3, jsonb_build_object('id', r.id, 'start', host(lower(r.span)),
        'end', host(upper(r.span)), 'object', r.note,
        'context', CASE r.note WHEN '' THEN 'unnamed' ELSE '' END)
      FROM asked a JOIN reservations r ON r.space_id = ${options.spaceId} AND r.span @> a.ip
      WHERE r.expires_at IS NULL OR r.expires_at > ${now}
      UNION ALL
      SELECT a.ip, 'resting', NULL, NULL, NULL, 4, jsonb_build_object('since', rfc3339(f.freed_at),
        'until', rfc3339(f.freed_at + make_interval(secs => a.resting_seconds)), 'networkQuoted', a.network_id)
      FROM asked a JOIN freed_addresses f ON f.space_id = ${options.spaceId} AND f.ip = a.ip
      WHERE f.freed_at > ${now}::timestamptz - make_interval(secs => a.resting_seconds)
        AND NOT EXISTS (SELECT FROM claims c WHERE c.space_id = ${options.spaceId} AND c.ip = a.ip AND c.ended_at IS NULL)
      UNION ALL
      -- A hold whose time is over, though nobody has ended it yet.
      SELECT a.ip, 'resting', NULL, NULL, NULL, 4, jsonb_build_object('since', rfc3339(c.expires_at),
        'until', rfc3339(c.expires_at + make_interval(secs => a.resting_seconds)), 'networkQuoted', a.network_id)
      FROM asked a JOIN claims c ON c.space_id = ${options.spaceId} AND c.ip = a.ip AND c.ended_at IS NULL AND c.nic_id IS NULL
      WHERE c.expires_at <= ${now} AND c.expires_at > ${now}::timestamptz - make_interval(secs => a.resting_seconds)
      UNION ALL
      SELECT a.ip, 'not_given', NULL, NULL, NULL, 5,
        jsonb_build_object('object', a.network_name, 'networkQuoted', a.network_id)
      FROM asked a WHERE a.network_id IS NOT NULL AND NOT a.giving @> a.ip
      UNION ALL
      SELECT a.ip, 'no_network', NULL, NULL, NULL, 6, jsonb_build_object(
        'object', (SELECT name FROM address_spaces WHERE id = ${options.spaceId}),
        'cidr', network(set_masklen(a.ip, CASE family(a.ip) WHEN 4 THEN 24 ELSE 64 END))::text)
      FROM asked a WHERE a.network_id IS NULL) o
    ORDER BY o.ip, weight, code, params::text`.execute(db);
  const found = new Map<string, StoredObstacle[]>();
  for (const { weight: _, ...obstacle } of rows) {
    const list = found.get(obstacle.ip);
    if (list === undefined) found.set(obstacle.ip, [obstacle]);
    else list.push(obstacle);
  }
  return found;
}
