import { sql } from 'kysely';
import type { Queries } from './database.ts';
import type { AccountStatus, StatusDetail } from './tables.ts';

/** What it takes to reach an account's vCenter. The password is sealed. */
export interface AccountConnection {
  id: string;
  name: string;
  kind: 'vcenter' | 'esxi';
  url: string;
  username: string;
  sealedPassword: Buffer;
  trustSha256: string | null;
  insecure: boolean;
  instanceUuid: string;
  version: string;
  spaceId: string;
  enabled: boolean;
  status: AccountStatus;
  statusDetail: StatusDetail | null;
}

export async function findAccountConnection(db: Queries, id: string): Promise<AccountConnection | null> {
  const { rows } = await sql<AccountConnection>`
    SELECT id, name, kind, url, username, sealed_password AS "sealedPassword", trust_sha256 AS "trustSha256", insecure,
      instance_uuid AS "instanceUuid", version, space_id AS "spaceId", enabled, status,
      status_detail AS "statusDetail"
    FROM cloud_accounts WHERE id = ${id}`.execute(db);
  return rows[0] ?? null;
}

/** Writes an account's state, if it is another one. */
export async function setAccountStatus(
  db: Queries,
  id: string,
  state: { status: AccountStatus; detail: StatusDetail | null; version?: string },
): Promise<void> {
  const detail = state.detail === null ? null : JSON.stringify(state.detail);
  await sql`
    UPDATE cloud_accounts SET status = ${state.status}, status_detail = ${detail}::jsonb,
      version = coalesce(${state.version ?? null}, version), updated_at = now()
    WHERE id = ${id} AND (status, status_detail, version) IS DISTINCT FROM
      (${state.status}, ${detail}::jsonb, coalesce(${state.version ?? null}, version))`.execute(db);
}

/** The start of the account's last complete run: when everything that lasts was last seen. */
export async function findLastCompleteRun(db: Queries, accountId: string): Promise<Date | null> {
  const { rows } = await sql<{ started_at: Date }>`
    SELECT started_at FROM sync_runs WHERE account_id = ${accountId} AND state = 'succeeded' AND NOT dry_run
    ORDER BY started_at DESC LIMIT 1`.execute(db);
  return rows[0]?.started_at ?? null;
}

/** Spaces that the account's wires lie in, and the one that its new wires are put into. */
export async function findSpacesOfAccount(db: Queries, accountId: string): Promise<string[]> {
  const { rows } = await sql<{ space_id: string }>`
    SELECT space_id FROM cloud_accounts WHERE id = ${accountId}
    UNION SELECT space_id FROM wires WHERE account_id = ${accountId}`.execute(db);
  return rows.map((row) => row.space_id);
}

/** Enabled accounts whose last run began longer ago than their interval, or that never had one. */
export async function findDueAccounts(db: Queries): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT a.id FROM cloud_accounts a
    WHERE a.enabled AND NOT EXISTS (
      SELECT FROM sync_runs r WHERE r.account_id = a.id AND NOT r.dry_run
        AND (r.state = 'running' OR r.started_at > now() - make_interval(secs => a.sync_every)))`.execute(db);
  return rows.map((row) => row.id);
}
