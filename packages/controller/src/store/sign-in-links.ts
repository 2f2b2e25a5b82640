import { sql } from 'kysely';
import type { Queries, Tx } from './database.ts';

export interface StoredLink {
  userId: string;
  usedAt: string | null;
  expiresAt: string;
  expired: boolean;
}

export async function insertLink(
  db: Queries,
  link: { userId: string; hash: Buffer; seconds: number },
): Promise<{ id: string; expiresAt: string }> {
  const { rows } = await sql<{ id: string; expiresAt: string }>`
    INSERT INTO sign_in_links (user_id, hash, expires_at)
    VALUES (${link.userId}, ${link.hash}, now() + ${link.seconds} * interval '1 second')
    RETURNING id, rfc3339(expires_at) AS "expiresAt"`.execute(db);
  const [made] = rows;
  if (made === undefined) throw new Error('the link was not stored');
  return made;
}

/** Uses a link up and answers whose it is; null for one that can't be used (any more). Of several at once, one gets the user. */
export async function useLink(tx: Tx, hash: Buffer): Promise<string | null> {
  const { rows } = await sql<{ userId: string }>`
    UPDATE sign_in_links l SET used_at = now() FROM users u
    WHERE l.hash = ${hash} AND l.used_at IS NULL AND l.expires_at > now() AND u.id = l.user_id AND u.disabled_at IS NULL
    RETURNING l.user_id AS "userId"`.execute(tx);
  return rows[0]?.userId ?? null;
}

/** Ends the links of a user that nobody has used yet. */
export async function endLinks(tx: Tx, userId: string): Promise<void> {
  await sql`
    UPDATE sign_in_links SET expires_at = now()
    WHERE user_id = ${userId} AND used_at IS NULL AND expires_at > now()`.execute(tx);
}

export async function findLink(db: Queries, hash: Buffer): Promise<StoredLink | null> {
  const { rows } = await sql<StoredLink>`
    SELECT user_id AS "userId", rfc3339(used_at) AS "usedAt", rfc3339(expires_at) AS "expiresAt", expires_at <= now() AS expired
    FROM sign_in_links WHERE hash = ${hash}`.execute(db);
  return rows[0] ?? null;
}
