import { sql } from 'kysely';
import type { Queries } from './database.ts';

export type Role = 'viewer' | 'operator' | 'administrator';

export interface StoredUser {
  id: string;
  name: string;
  username: string;
  role: Role;
  hasPassword: boolean;
  disabled: boolean;
}

const fields = sql`u.id, u.name, u.username, u.role, u.disabled_at IS NOT NULL AS disabled,
  EXISTS (SELECT 1 FROM user_identities i WHERE i.user_id = u.id AND i.provider_id = 'credential' AND i.password IS NOT NULL) AS "hasPassword"`;

export async function findUserById(db: Queries, id: string): Promise<StoredUser | null> {
  const { rows } = await sql<StoredUser>`SELECT ${fields} FROM users u WHERE u.id = ${id}`.execute(db);
  return rows[0] ?? null;
}

/** By the name they sign in with, however its letters are written. */
export async function findUserByName(db: Queries, username: string): Promise<StoredUser | null> {
  const { rows } =
    await sql<StoredUser>`SELECT ${fields} FROM users u WHERE u.username = lower(${username})`.execute(db);
  return rows[0] ?? null;
}

/** The administrator, where there is one and no other. */
export async function findOnlyAdministrator(db: Queries): Promise<StoredUser | null> {
  const { rows } = await sql<StoredUser>`
    SELECT ${fields} FROM users u WHERE u.role = 'administrator' AND u.disabled_at IS NULL LIMIT 2`.execute(
    db,
  );
  return rows.length === 1 ? (rows[0] ?? null) : null;
}

/** Makes the first administrator, who has no password yet, unless there is a user already. Safe when several controllers start at once. */
export async function makeFirstAdministrator(db: Queries, username: string): Promise<void> {
  await sql`
    INSERT INTO users (username, name, email, role)
    SELECT ${username}, ${username}, ${`${username}@users.invalid`}, 'administrator' WHERE NOT EXISTS (SELECT 1 FROM users)
    ON CONFLICT ON CONSTRAINT users_username_unique DO NOTHING`.execute(db);
}

/** Whether anybody could sign in, or is signed in: with a password, or by a session that still holds. */
export async function hasWayIn(db: Queries): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT 1 FROM user_identities i JOIN users u ON u.id = i.user_id
        WHERE i.password IS NOT NULL AND u.disabled_at IS NULL)
      OR EXISTS (SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.expires_at > now() AND u.disabled_at IS NULL) AS found`.execute(db);
  return rows[0]?.found ?? false;
}
