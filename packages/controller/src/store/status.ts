import { sql } from 'kysely';
import type { Queries } from './database.ts';
import { networkFigures } from './network-counts.ts';
import type { AccountStatus, StatusDetail } from './tables.ts';

export interface BookCounts {
  accounts: number;
  hosts: number;
  wires: number;
  networks: number;
  servers: number;
  nics: number;
  records: number;
  unresolved: number;
  conflicts: number;
  /** Waiting or under way. */
  operations: number;
}

export async function countBook(db: Queries): Promise<BookCounts> {
  const { rows } = await sql<BookCounts>`
    SELECT (SELECT count(*) FROM cloud_accounts) AS accounts,
      (SELECT count(*) FROM hosts WHERE missing_since IS NULL) AS hosts,
      (SELECT count(*) FROM wires WHERE missing_since IS NULL AND purpose = 'vm') AS wires,
      (SELECT count(*) FROM networks) AS networks,
      (SELECT count(*) FROM servers WHERE missing_since IS NULL) AS servers,
      (SELECT count(*) FROM nics n JOIN servers s ON s.id = n.server_id
        WHERE n.missing_since IS NULL AND s.missing_since IS NULL) AS nics,
      (SELECT count(*) FROM claims WHERE ended_at IS NULL AND nic_id IS NOT NULL) AS records,
      (SELECT count(*) FROM nics n JOIN servers s ON s.id = n.server_id
        WHERE n.missing_since IS NULL AND s.missing_since IS NULL
          AND NOT EXISTS (SELECT FROM claims c WHERE c.nic_id = n.id AND c.ended_at IS NULL)) AS unresolved,
      (SELECT count(*) FROM conflicts WHERE ended_at IS NULL AND resolved_at IS NULL) AS conflicts,
      (SELECT count(*) FROM operations WHERE state IN ('queued', 'running') AND parent_id IS NULL) AS operations`.execute(
    db,
  );
  const [counts] = rows;
  if (counts === undefined) throw new Error('counting gave no row');
  return counts;
}

/** Operations that failed and left something behind, the newest first. */
export async function findOperationsLeft(db: Queries): Promise<{ id: string; server: string | null }[]> {
  const { rows } = await sql<{ id: string; server: string | null }>`
    SELECT id, server_name AS server FROM operations WHERE state = 'failed' AND remains <> '[]'
    ORDER BY id DESC LIMIT 20`.execute(db);
  return rows;
}

export async function findAccountsInTrouble(
  db: Queries,
): Promise<{ id: string; name: string; status: AccountStatus; detail: StatusDetail | null }[]> {
  const { rows } = await sql<{
    id: string;
    name: string;
    status: AccountStatus;
    detail: StatusDetail | null;
  }>`
    SELECT id, name, status, status_detail AS detail FROM cloud_accounts
    WHERE enabled AND status NOT IN ('ok', 'new') ORDER BY name LIMIT 20`.execute(db);
  return rows;
}

/** Networks whose utilisation is at least so many per cent. */
export async function countFullNetworks(db: Queries, percentage: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM networks n
    WHERE (${networkFigures}->>'utilisation')::numeric >= ${percentage}`.execute(db);
  return rows[0]?.count ?? 0;
}
