import type { CloudAccount, Ref } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries, Tx } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import type { StatusDetail } from './tables.ts';
import { containing, refOf, stampsOf, type Viewed } from './views.ts';

/** What is wrong stands as stored: the words are put to it in the reader's language. */
export type StoredAccount = Omit<CloudAccount, 'statusText' | 'statusRemedy'> & {
  statusDetail: StatusDetail | null;
};

const item = sql<
  Viewed<StoredAccount>
>`json_build_object(${stampsOf('a')}, 'name', a.name, 'kind', a.kind, 'url', a.url,
  'username', a.username, 'instanceUuid', a.instance_uuid, 'version', a.version,
  'trust', CASE WHEN a.trust_sha256 IS NULL THEN NULL ELSE json_build_object('sha256', a.trust_sha256) END,
  'insecure', a.insecure, 'enabled', a.enabled, 'status', a.status, 'statusDetail', a.status_detail, 'space', ${refOf('s')},
  'syncEvery', a.sync_every,
  'lastSync', (SELECT json_build_object('id', r.id, 'state', r.state, 'startedAt', rfc3339(r.started_at),
      'endedAt', rfc3339(r.ended_at)) FROM sync_runs r WHERE r.account_id = a.id AND NOT r.dry_run
    ORDER BY r.id DESC LIMIT 1),
  'lastCompleteSyncAt', (SELECT rfc3339(r.started_at) FROM sync_runs r WHERE r.account_id = a.id
    AND r.state = 'succeeded' AND NOT r.dry_run ORDER BY r.started_at DESC LIMIT 1)) AS item`;

export interface AccountFilter extends ListPosition {
  ids?: string[] | undefined;
  kind?: 'vcenter' | 'esxi' | undefined;
  status?: CloudAccount['status'] | undefined;
  q?: string | undefined;
}

export async function listAccounts(db: Queries, filter: AccountFilter): Promise<Page<StoredAccount>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`a.id = ANY(${filter.ids}::uuid[])`);
  if (filter.kind !== undefined) where.push(sql`a.kind = ${filter.kind}`);
  if (filter.status !== undefined) where.push(sql`a.status = ${filter.status}`);
  if (filter.q !== undefined) {
    where.push(sql`(a.name ILIKE ${containing(filter.q)} OR a.url ILIKE ${containing(filter.q)}
      OR a.instance_uuid = lower(${filter.q}))`);
  }
  return unwrap(
    await listRows<Viewed<StoredAccount>>(db, {
      select: item,
      from: sql`cloud_accounts a JOIN address_spaces s ON s.id = a.space_id`,
      id: sql`a.id`,
      where,
      sorts: {
        name: { by: sql`a.name`, type: 'text' },
        status: { by: sql`a.status`, type: 'text' },
        createdAt: { by: sql`a.created_at`, type: 'timestamptz' },
      },
      defaultSort: 'name',
      ...filter,
    }),
  );
}

export interface AccountColumns {
  name: string;
  url: string;
  username: string;
  sealedPassword: Buffer;
  trustSha256: string | null;
  insecure: boolean;
  version: string;
  spaceId: string;
  enabled: boolean;
  syncEvery: number;
}

export async function insertAccount(
  tx: Tx,
  account: AccountColumns & { id: string; kind: 'vcenter' | 'esxi'; instanceUuid: string },
): Promise<void> {
  await sql`
    INSERT INTO cloud_accounts (id, name, kind, url, username, sealed_password, trust_sha256, insecure, instance_uuid, version,
      space_id, enabled, sync_every)
    VALUES (${account.id}, ${account.name}, ${account.kind}, ${account.url}, ${account.username},
      ${account.sealedPassword}, ${account.trustSha256}, ${account.insecure}, ${account.instanceUuid},
      ${account.version}, ${account.spaceId}, ${account.enabled}, ${account.syncEvery})`.execute(tx);
}

/** Holds the account's row until the transaction ends. */
export async function holdAccount(tx: Tx, id: string): Promise<void> {
  await sql`SELECT 1 FROM cloud_accounts WHERE id = ${id} FOR UPDATE`.execute(tx);
}

export async function updateAccount(tx: Tx, id: string, account: AccountColumns): Promise<void> {
  await sql`
    UPDATE cloud_accounts SET name = ${account.name}, url = ${account.url}, username = ${account.username},
      sealed_password = ${account.sealedPassword}, trust_sha256 = ${account.trustSha256}, insecure = ${account.insecure},
      version = ${account.version}, space_id = ${account.spaceId}, enabled = ${account.enabled},
      sync_every = ${account.syncEvery}, updated_at = now() WHERE id = ${id}`.execute(tx);
}

/** Servers of other accounts that were told that one of this account's has their address. */
export async function findServersRefusedFor(db: Queries, accountId: string): Promise<string[]> {
  const { rows } = await sql<{ server_id: string }>`
    SELECT DISTINCT n.server_id FROM servers s JOIN nic_reasons r ON r.server_id = s.id JOIN nics n ON n.id = r.nic_id
    WHERE s.account_id = ${accountId} AND n.account_id <> ${accountId}`.execute(db);
  return rows.map((row) => row.server_id);
}

/** Networks that lie on the account's wires, or list one of them: declared by people, they keep the account from being removed. */
export async function findNetworksOfAccount(
  db: Queries,
  accountId: string,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT DISTINCT n.id, n.name FROM wires w JOIN network_wires nw ON nw.wire_id = w.id AND nw.origin IN ('primary', 'declared')
    JOIN networks n ON n.id = nw.network_id WHERE w.account_id = ${accountId} ORDER BY n.name LIMIT 20`.execute(
    db,
  );
  return rows;
}

/** Operations on the account's servers that haven't ended, the oldest first, each by the name of its server. */
export async function findOperationsUnderWay(
  db: Queries,
  accountId: string,
): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, coalesce(server_name, kind) AS name FROM operations
    WHERE account_id = ${accountId} AND state IN ('queued', 'running') AND kind <> 'create_servers' ORDER BY id`.execute(
    db,
  );
  return rows;
}

/** Removes an account with all that was mirrored from it. History of addresses stays. */
export async function deleteAccount(tx: Tx, id: string): Promise<void> {
  await sql`
    UPDATE claims SET ended_at = now(), end_reason = 'account_removed', updated_at = now()
    WHERE account_id = ${id} AND ended_at IS NULL`.execute(tx);
  await sql`
    DELETE FROM network_wires WHERE wire_id IN (SELECT id FROM wires WHERE account_id = ${id})`.execute(tx);
  await sql`DELETE FROM cloud_accounts WHERE id = ${id}`.execute(tx);
}

/** The account of a vCenter or ESXi, by what makes it the same wherever it answers. */
export async function findAccountByInstance(db: Queries, instanceUuid: string): Promise<Ref | null> {
  const { rows } = await sql<Ref>`
    SELECT id, name FROM cloud_accounts WHERE instance_uuid = ${instanceUuid}`.execute(db);
  return rows[0] ?? null;
}
