import { sql } from 'kysely';
import type { Queries, Tx } from './database.ts';

/** A NIC of a server with the addresses that it holds. */
export interface HeldNic {
  readonly id: string;
  readonly deviceKey: number;
  readonly label: string;
  readonly mac: string | null;
  readonly wire: { readonly id: string; readonly name: string } | null;
  readonly claims: readonly HeldClaim[];
}

export interface HeldClaim {
  readonly claimId: string;
  readonly ip: string;
  readonly networkId: string;
  readonly networkName: string;
  readonly source: 'tools' | 'manual' | 'allocated';
  /** Others have it too, by turns. */
  readonly shared: boolean;
  /** Tools show it, and it lies where a DHCP server gives addresses: whoever asks that again may get another. */
  readonly leased: boolean;
}

/** The NICs that a server has now, in device order. */
export async function findHeldNics(db: Queries, serverId: string): Promise<HeldNic[]> {
  const { rows } = await sql<HeldNic>`
    SELECT n.id, n.device_key AS "deviceKey", n.label, n.mac::text AS mac,
      CASE WHEN w.id IS NULL THEN NULL ELSE json_build_object('id', w.id, 'name', w.name) END AS wire,
      (SELECT coalesce(json_agg(json_build_object('claimId', c.id, 'ip', host(c.ip), 'networkId', c.network_id,
          'networkName', c.network_name, 'source', c.source, 'shared', c.shared,
          'leased', c.source = 'tools' AND EXISTS (SELECT FROM reservations r WHERE r.network_id = c.network_id
            AND r.kind = 'dhcp' AND r.span @> c.ip AND (r.expires_at IS NULL OR r.expires_at > now()))) ORDER BY family(c.ip), c.ip), '[]')
        FROM claims c WHERE c.nic_id = n.id AND c.ended_at IS NULL) AS claims
    FROM nics n LEFT JOIN wires w ON w.id = n.wire_id
    WHERE n.server_id = ${serverId} AND n.missing_since IS NULL ORDER BY n.position`.execute(db);
  return rows;
}

/**
 * An operation that changes a server at this moment, or makes it and hasn't noted yet which one it is, if there is one. A sync may have put
 * a server into the book before.
 */
export async function findOpenOperation(
  db: Queries,
  server: { id: string; accountId: string; moref: string },
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM operations WHERE server_id = ${server.id} AND state IN ('queued', 'running')
    UNION ALL SELECT id FROM operations WHERE account_id = ${server.accountId} AND state IN ('queued', 'running')
      AND kind = 'create_server' AND facts ->> 'vm' = ${server.moref} LIMIT 1`.execute(db);
  return rows[0]?.id ?? null;
}

/** Keeps an account from being removed until the transaction ends. False where it has gone. */
export async function keepAccount(tx: Tx, accountId: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM cloud_accounts WHERE id = ${accountId} FOR KEY SHARE`.execute(tx);
  return rows.length === 1;
}

/** What the guest calls itself, as Tools report it. */
export async function findGuestHostName(db: Queries, serverId: string): Promise<string | null> {
  const { rows } = await sql<{ name: string | null }>`
    SELECT guest_host_name AS name FROM servers WHERE id = ${serverId}`.execute(db);
  return rows[0]?.name ?? null;
}
