import { sql } from 'kysely';
import type { Queries } from './database.ts';

export interface TokenOwner {
  name: string;
  role: 'viewer' | 'operator' | 'administrator';
}

/** Whose token has this SHA-256. */
export async function findToken(db: Queries, hash: Buffer): Promise<TokenOwner | null> {
  const { rows } = await sql<TokenOwner>`
    SELECT name, role FROM api_tokens WHERE hash = ${hash} AND revoked_at IS NULL`.execute(db);
  return rows[0] ?? null;
}

export async function insertToken(db: Queries, token: TokenOwner & { hash: Buffer }): Promise<void> {
  await sql`
    INSERT INTO api_tokens (name, role, hash) VALUES (${token.name}, ${token.role}, ${token.hash})
    ON CONFLICT ON CONSTRAINT api_tokens_hash_unique DO NOTHING`.execute(db);
}
