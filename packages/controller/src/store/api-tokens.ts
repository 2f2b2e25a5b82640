import type { Token, tokenQuery } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { isUuid } from '../domain/ids.ts';
import type { Queries, Tx } from './database.ts';
import { listRows, type Page, unwrap } from './listing.ts';
import type { Role } from './users.ts';
import { containing, stampsOf, type Viewed } from './views.ts';

export interface TokenOwner {
  id: string;
  name: string;
  /** The token's own role, or its owner's where that is less by now. */
  role: Role;
  /** RFC 3339; null where it never ends by itself. */
  expiresAt: string | null;
  userId: string | null;
  username: string | null;
}

const rankOf = (role: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`array_position(ARRAY['viewer', 'operator', 'administrator'], ${role})`;

/** Whose token has this SHA-256. A token of a user who may not come in any more is none. */
export async function findToken(db: Queries, hash: Buffer): Promise<TokenOwner | null> {
  const { rows } = await sql<TokenOwner>`
    SELECT t.id, t.name, rfc3339(t.expires_at) AS "expiresAt", u.id AS "userId", u.username,
      CASE WHEN ${rankOf(sql`u.role`)} < ${rankOf(sql`t.role`)} THEN u.role ELSE t.role END AS role
    FROM api_tokens t LEFT JOIN users u ON u.id = t.user_id
    WHERE t.hash = ${hash} AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
      AND u.disabled_at IS NULL`.execute(db);
  return rows[0] ?? null;
}

/** Stores the token of a controller's data folder; answers whether it holds, which one that was revoked doesn't. */
export async function settleFolderToken(
  db: Queries,
  token: { name: string; role: Role; hash: Buffer },
): Promise<boolean> {
  await sql`
    INSERT INTO api_tokens (name, role, hash, kind) VALUES (${token.name}, ${token.role}, ${token.hash}, 'data_folder')
    ON CONFLICT ON CONSTRAINT api_tokens_hash_unique DO NOTHING`.execute(db);
  return (await findToken(db, token.hash)) !== null;
}

export async function insertToken(
  tx: Tx,
  token: { name: string; role: Role; hash: Buffer; userId: string | null; expiresAt: string | null },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    INSERT INTO api_tokens (name, role, hash, user_id, expires_at)
    VALUES (${token.name}, ${token.role}, ${token.hash}, ${token.userId}, ${token.expiresAt}) RETURNING id`.execute(
    tx,
  );
  const [made] = rows;
  if (made === undefined) throw new Error('the token was not stored');
  return made.id;
}

/** Whose tokens: a user's, one token alone, or everybody's. */
export interface TokenScope {
  readonly userId: string | null;
  readonly tokenId: string | null;
  readonly all: boolean;
}

const inScope = (scope: TokenScope): RawBuilder<unknown> =>
  scope.all ? sql`true` : sql`(t.user_id = ${scope.userId} OR t.id = ${scope.tokenId})`;

type ListedToken = Omit<Token, 'current'>;
const item = sql<Viewed<ListedToken>>`json_build_object(${stampsOf('t')}, 'name', t.name, 'role', t.role,
  'owner', CASE WHEN u.id IS NULL THEN NULL ELSE json_build_object('id', u.id, 'name', u.username) END,
  'kind', t.kind, 'expiresAt', rfc3339(t.expires_at)) AS item`;

export async function listTokens(
  db: Queries,
  filter: Omit<z.output<typeof tokenQuery>, 'all'> & { scope: TokenScope; nameOrId?: string },
): Promise<Page<ListedToken>> {
  const { nameOrId, ...position } = filter;
  const where = [
    sql`t.revoked_at IS NULL`,
    sql`(t.expires_at IS NULL OR t.expires_at > now())`,
    inScope(filter.scope),
  ];
  if (nameOrId !== undefined)
    where.push(isUuid(nameOrId) ? sql`t.id = ${nameOrId}` : sql`t.name = ${nameOrId}`);
  if (filter.role !== undefined) where.push(sql`t.role = ${filter.role}`);
  if (filter.q !== undefined)
    where.push(
      sql`(t.name ILIKE ${containing(filter.q)} OR u.username ILIKE ${containing(filter.q)} OR t.id::text = lower(${filter.q}))`,
    );
  return unwrap(
    await listRows<Viewed<ListedToken>>(db, {
      select: item,
      from: sql`api_tokens t LEFT JOIN users u ON u.id = t.user_id`,
      id: sql`t.id`,
      where,
      sorts: {
        name: { by: sql`t.name`, type: 'text' },
        createdAt: { by: sql`t.created_at`, type: 'timestamptz' },
        expiresAt: { by: sql`coalesce(t.expires_at, 'infinity'::timestamptz)`, type: 'timestamptz' },
      },
      defaultSort: 'createdAt',
      ...position,
    }),
  );
}

/** Ends a token for good; answers whether it was still good. */
export async function revokeToken(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`
    UPDATE api_tokens SET revoked_at = now(), updated_at = now() WHERE id = ${id} AND revoked_at IS NULL RETURNING id`.execute(
    tx,
  );
  return rows.length > 0;
}
