import type { Holder } from '@wirebook/contract';
import { sql } from 'kysely';
import type { Tx } from './database.ts';

export interface NetworkAt {
  readonly ip: string;
  readonly id: string;
  readonly name: string;
}

/** Which network of the space holds each address; addresses that none holds are left out. */
export async function findNetworksAt(
  tx: Tx,
  place: { spaceId: string; ips: readonly string[] },
): Promise<NetworkAt[]> {
  const { rows } = await sql<NetworkAt>`
    SELECT a.text AS ip, n.id, n.name FROM unnest(${[...place.ips]}::text[]) AS a(text)
    JOIN networks n ON n.space_id = ${place.spaceId} AND n.span @> a.text::inet`.execute(tx);
  return rows;
}

/** Holds networks against whoever gives their addresses out, in the order in which everyone holds them. */
export async function holdNetworks(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    SELECT 1 FROM networks WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`.execute(tx);
}

/** A claim that stands for a holder outside vCenter alone: no NIC has taken it over, and no program knows it by a key. */
export interface StoredHolder {
  readonly claimId: string;
  readonly holder: Holder;
}

/** Those of the claims that are plain holders outside vCenter. */
export async function findHolders(tx: Tx, claimIds: readonly string[]): Promise<StoredHolder[]> {
  const { rows } = await sql<StoredHolder>`
    SELECT id AS "claimId", holder FROM claims
    WHERE id = ANY(${[...claimIds]}::uuid[]) AND ended_at IS NULL AND nic_id IS NULL AND key IS NULL
      AND source = 'manual' AND holder IS NOT NULL`.execute(tx);
  return rows;
}

/** Writes anew who has these claims. */
export async function updateHolders(tx: Tx, holders: readonly StoredHolder[], now: Date): Promise<void> {
  await sql`
    UPDATE claims SET holder = h.holder, mac = (h.holder->>'mac')::macaddr, updated_at = ${now.toISOString()}
    FROM json_to_recordset(${JSON.stringify(holders)}::json) AS h("claimId" uuid, holder jsonb)
    WHERE claims.id = h."claimId"`.execute(tx);
}
