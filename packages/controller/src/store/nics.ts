import { type RawBuilder, sql } from 'kysely';
import type { Nic, ReasonCode } from '@wirebook/contract';
import type { Queries } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { reasonsOfNic, type StoredReason } from './nic-reasons.ts';
import { containing, refOf, stampsOf, type Viewed } from './views.ts';

export type StoredNic = Omit<Nic, 'reasons'> & {
  reasons: StoredReason[];
  connectionState: string;
  backing: Record<string, unknown>;
};

/** When everything that lasts of the account was last seen. */
const lastComplete = sql`(SELECT r.started_at FROM sync_runs r WHERE r.account_id = n.account_id
  AND r.state = 'succeeded' AND NOT r.dry_run ORDER BY r.started_at DESC LIMIT 1)`;

/** The object of a NIC aliased `n`; its server is `sv`, its account `a`, its wire `w`. */
export const nicObject = sql`json_build_object(${stampsOf('n')}, 'account', ${refOf('a')},
  'missingSince', rfc3339(coalesce(n.missing_since, sv.missing_since)), 'server', ${refOf('sv')},
  'deviceKey', n.device_key, 'label', n.label, 'model', n.model, 'mac', n.mac::text, 'wire', ${refOf('w')},
  'connected', n.connected, 'connectionState', sv.connection_state, 'backing', n.backing,
  'formerMacs', coalesce((SELECT json_agg(json_build_object('mac', m.mac::text, 'until', rfc3339(m.ended_at))
      ORDER BY m.ended_at DESC) FROM nic_mac_history m WHERE m.nic_id = n.id), '[]'),
  'observed', coalesce((SELECT json_agg(json_build_object('ip', host(o.ip), 'prefixLength', o.prefix_length,
      'firstSeenAt', rfc3339(o.first_seen_at)) ORDER BY o.first_seen_at, o.id)
    FROM sightings o WHERE o.nic_id = n.id AND o.ended_at IS NULL AND o.candidate), '[]'),
  'records', coalesce((SELECT json_agg(json_build_object('id', c.id, 'ip', host(c.ip),
      'network', json_build_object('id', nw.id, 'name', nw.name), 'source', c.source,
      'firstSeenAt', rfc3339(seen.first_seen_at), 'lastSeenAt', rfc3339(seen.last_seen_at),
      'contradictedBy', (SELECT coalesce(json_agg(host(x)), '[]') FROM unnest(c.contradicted_by) x)) ORDER BY c.ip)
    FROM claims c JOIN networks nw ON nw.id = c.network_id
    LEFT JOIN LATERAL (SELECT min(o.first_seen_at) AS first_seen_at,
        max(CASE WHEN o.ended_at IS NULL THEN greatest(${lastComplete}, o.first_seen_at) ELSE o.last_seen_at END)
          AS last_seen_at
      FROM sightings o WHERE o.nic_id = n.id AND o.ip = c.ip) seen ON true
    WHERE c.nic_id = n.id AND c.ended_at IS NULL), '[]'),
  'reasons', ${reasonsOfNic})`;

const from = sql`nics n JOIN servers sv ON sv.id = n.server_id JOIN cloud_accounts a ON a.id = n.account_id
  LEFT JOIN wires w ON w.id = n.wire_id`;

export interface NicFilter extends ListPosition {
  ids?: string[] | undefined;
  accountId?: string | undefined;
  wireId?: string | undefined;
  serverId?: string | undefined;
  networkId?: string | undefined;
  /** Canonical. */
  ip?: string | undefined;
  /** Canonical. */
  mac?: string | undefined;
  unresolved?: boolean | undefined;
  reason?: ReasonCode | undefined;
  missing?: boolean | undefined;
  /** Text to search for, with what it means if it is an address. */
  q?: { text: string; ip: string | null; mac: string | null } | undefined;
}

const hasRecord = sql`EXISTS (SELECT FROM claims c WHERE c.nic_id = n.id AND c.ended_at IS NULL)`;
const isMissing = sql`(n.missing_since IS NOT NULL OR sv.missing_since IS NOT NULL)`;

export async function listNics(db: Queries, filter: NicFilter): Promise<Page<StoredNic>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`n.id = ANY(${filter.ids}::uuid[])`);
  if (filter.accountId !== undefined) where.push(sql`n.account_id = ${filter.accountId}`);
  if (filter.wireId !== undefined) where.push(sql`n.wire_id = ${filter.wireId}`);
  if (filter.serverId !== undefined) where.push(sql`n.server_id = ${filter.serverId}`);
  if (filter.networkId !== undefined) {
    // Whoever has no record is a network's by the reason that names it.
    where.push(
      filter.unresolved === true
        ? sql`n.id IN (SELECT r.nic_id FROM nic_reasons r WHERE r.network_id = ${filter.networkId})`
        : sql`n.id IN (SELECT c.nic_id FROM claims c
            WHERE c.network_id = ${filter.networkId} AND c.ended_at IS NULL)`,
    );
  }
  if (filter.ip !== undefined) where.push(withAddress(filter.ip));
  if (filter.mac !== undefined) where.push(sql`n.mac = ${filter.mac}::macaddr`);
  if (filter.unresolved !== undefined) {
    where.push(
      filter.unresolved ? sql`(NOT ${hasRecord} AND NOT ${isMissing})` : sql`(${hasRecord} OR ${isMissing})`,
    );
  }
  if (filter.reason !== undefined) {
    where.push(sql`EXISTS (SELECT FROM nic_reasons r WHERE r.code = ${filter.reason} AND r.nic_id = n.id)`);
  }
  if (filter.missing !== undefined) where.push(filter.missing ? isMissing : sql`NOT ${isMissing}`);
  if (filter.q !== undefined) {
    const { text, ip, mac } = filter.q;
    const meanings = [sql`sv.name ILIKE ${containing(text)}`, sql`n.label ILIKE ${containing(text)}`];
    if (ip !== null) meanings.push(withAddress(ip));
    if (mac !== null) meanings.push(sql`n.mac = ${mac}::macaddr`);
    meanings.push(sql`sv.instance_uuid = lower(${text})`, sql`sv.bios_uuid = lower(${text})`);
    where.push(sql`(${sql.join(meanings, sql` OR `)})`);
  }
  return unwrap(
    await listRows<Viewed<StoredNic>>(db, {
      select: sql`${nicObject} AS item`,
      from,
      id: sql`n.id`,
      where,
      sorts: {
        server: { by: sql`sv.name`, type: 'text' },
        mac: { by: sql`coalesce(n.mac::text, '')`, type: 'text' },
        wire: { by: sql`coalesce(w.name, '')`, type: 'text' },
        createdAt: { by: sql`n.created_at`, type: 'timestamptz' },
      },
      defaultSort: 'server',
      ...filter,
    }),
  );
}

/** A NIC that reports the address or has the record of it. */
function withAddress(ip: string): RawBuilder<unknown> {
  return sql`(n.id IN (SELECT o.nic_id FROM sightings o JOIN address_spaces sp ON sp.id = o.space_id
      WHERE o.ip = ${ip}::inet AND o.ended_at IS NULL AND o.nic_id IS NOT NULL)
    OR n.id IN (SELECT c.nic_id FROM address_spaces sp JOIN claims c ON c.space_id = sp.id
      WHERE c.ip = ${ip}::inet AND c.ended_at IS NULL AND c.nic_id IS NOT NULL))`;
}

export interface NicCounts {
  nics: number;
  settled: number;
  reasons: { code: ReasonCode; nics: number }[];
}

/** How many NICs there are, how many have a record, and why the others have none: each once, by its first reason. */
export async function countNics(db: Queries, filter: { accountId?: string | undefined }): Promise<NicCounts> {
  const { rows } = await sql<{ code: ReasonCode | null; settled: boolean; nics: number }>`
    SELECT CASE WHEN settled THEN NULL ELSE code END AS code, settled, count(*) AS nics FROM (
      SELECT ${hasRecord} AS settled,
        (SELECT r.code FROM nic_reasons r WHERE r.nic_id = n.id ORDER BY r.position LIMIT 1) AS code
      FROM nics n JOIN servers sv ON sv.id = n.server_id
      WHERE NOT ${isMissing} ${filter.accountId === undefined ? sql`` : sql`AND n.account_id = ${filter.accountId}`}) each
    GROUP BY 1, 2 ORDER BY 3 DESC`.execute(db);
  return {
    nics: rows.reduce((sum, row) => sum + row.nics, 0),
    settled: rows.filter((row) => row.settled).reduce((sum, row) => sum + row.nics, 0),
    reasons: rows.flatMap((row) =>
      row.settled || row.code === null ? [] : [{ code: row.code, nics: row.nics }],
    ),
  };
}
