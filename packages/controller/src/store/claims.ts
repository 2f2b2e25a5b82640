import type { GivenAddress, Holder } from '@wirebook/contract';
import { sql } from 'kysely';
import type { Queries, Tx } from './database.ts';
import type { ClaimSource } from './tables.ts';

/** A claim with all that a machine needs besides the address. */
export type StoredClaim = GivenAddress & { spaceId: string };

/** The live claim of a key; a hold that has expired is none. */
export async function findClaimByKey(
  db: Queries,
  claim: { networkId: string; key: string; now: Date },
): Promise<StoredClaim | null> {
  const { rows } = await sql<{ item: StoredClaim }>`
    SELECT json_build_object('id', c.id, 'ip', host(c.ip), 'network', json_build_object('id', n.id, 'name', n.name),
      'key', c.key, 'source', c.source, 'spaceId', c.space_id,
      'server', CASE WHEN s.id IS NULL THEN NULL ELSE json_build_object('id', s.id, 'name', s.name) END,
      'nic', CASE WHEN c.nic_id IS NULL THEN NULL ELSE json_build_object('id', c.nic_id, 'mac', c.mac::text) END,
      'holder', c.holder, 'since', rfc3339(c.started_at), 'expiresAt', rfc3339(c.expires_at),
      'prefixLength', masklen(n.cidr), 'gateway', host(n.gateway),
      'dns', (SELECT coalesce(json_agg(host(d.ip) ORDER BY d.nr), '[]') FROM unnest(n.dns) WITH ORDINALITY d(ip, nr)),
      'domain', n.domain, 'ntp', to_jsonb(n.ntp)) AS item
    FROM claims c JOIN networks n ON n.id = c.network_id LEFT JOIN servers s ON s.id = c.server_id
    WHERE c.network_id = ${claim.networkId} AND c.key = ${claim.key} AND c.ended_at IS NULL
      AND (c.nic_id IS NOT NULL OR c.expires_at IS NULL OR c.expires_at > ${claim.now.toISOString()})`.execute(
    db,
  );
  return rows[0]?.item ?? null;
}

/** Who has a claim, and until when (RFC 3339). */
export interface Holding {
  readonly holder: Holder | null;
  readonly expiresAt: string | null;
}

/** Writes who has a claim and until when; false where it has ended meanwhile, or says something else by now than `before`. */
export async function updateKeyedClaim(
  tx: Tx,
  claim: { id: string; before: Holding; after: Holding },
): Promise<boolean> {
  const { id, before, after } = claim;
  const { numAffectedRows } = await sql`
    UPDATE claims SET holder = ${jsonOf(after.holder)}::jsonb,
      mac = CASE WHEN nic_id IS NULL THEN ${after.holder?.mac ?? null}::macaddr ELSE mac END,
      expires_at = CASE WHEN nic_id IS NULL THEN ${after.expiresAt}::timestamptz END, updated_at = now()
    WHERE id = ${id} AND ended_at IS NULL AND holder IS NOT DISTINCT FROM ${jsonOf(before.holder)}::jsonb
      AND rfc3339(expires_at) IS NOT DISTINCT FROM ${before.expiresAt}`.execute(tx);
  return numAffectedRows === 1n;
}

function jsonOf(holder: Holder | null): string | null {
  return holder === null ? null : JSON.stringify(holder);
}

export interface ClaimAt {
  id: string;
  ip: string;
  key: string | null;
  source: ClaimSource;
  nicId: string | null;
  serverId: string | null;
}

/** The live claims of a network on these addresses; a hold that has expired is none. */
export async function findClaimsAt(
  tx: Tx,
  claims: { networkId: string; ips: readonly string[]; now: Date },
): Promise<ClaimAt[]> {
  const { rows } = await sql<ClaimAt>`
    SELECT id, host(ip) AS ip, key, source, nic_id AS "nicId", server_id AS "serverId" FROM claims
    WHERE network_id = ${claims.networkId} AND ip = ANY(${[...claims.ips]}::inet[]) AND ended_at IS NULL
      AND (nic_id IS NOT NULL OR expires_at IS NULL OR expires_at > ${claims.now.toISOString()})
    ORDER BY claims.ip`.execute(tx);
  return rows;
}

export interface EndedClaim {
  id: string;
  ip: string;
  spaceId: string;
  networkId: string | null;
  serverId: string | null;
  nicId: string | null;
}

/** Ends live claims; answers those that were live until now. */
export async function endClaims(
  tx: Tx,
  work: { ids: readonly string[]; reason: string; now: Date },
): Promise<EndedClaim[]> {
  if (work.ids.length === 0) return [];
  const at = work.now.toISOString();
  const { rows } = await sql<EndedClaim>`
    UPDATE claims SET ended_at = greatest(${at}, started_at), end_reason = ${work.reason}, updated_at = ${at}, absent_since_run = NULL
    WHERE id = ANY(${[...work.ids]}::uuid[]) AND ended_at IS NULL
    RETURNING id, host(ip) AS ip, space_id AS "spaceId", network_id AS "networkId", server_id AS "serverId", nic_id AS "nicId"`.execute(
    tx,
  );
  return rows;
}
