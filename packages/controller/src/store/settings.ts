import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** The stored value of a setting; the given one is stored first if there is none yet. Two that come at once get the same answer. */
export async function settleSetting<T>(db: Queries, key: string, value: T): Promise<T> {
  await sql`
    INSERT INTO settings (key, value) VALUES (${key}, ${JSON.stringify({ value })}::jsonb) ON CONFLICT (key) DO NOTHING`.execute(
    db,
  );
  const { rows } = await sql<{ value: { value: T } }>`SELECT value FROM settings WHERE key = ${key}`.execute(
    db,
  );
  return rows[0]?.value.value ?? value;
}

export async function readSetting<T>(db: Queries, key: string): Promise<T | null> {
  const { rows } = await sql<{ value: { value: T } }>`SELECT value FROM settings WHERE key = ${key}`.execute(
    db,
  );
  return rows[0]?.value.value ?? null;
}

export async function writeSetting(db: Queries, key: string, value: unknown): Promise<void> {
  await sql`
    INSERT INTO settings (key, value) VALUES (${key}, ${JSON.stringify({ value })}::jsonb)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`.execute(db);
}
