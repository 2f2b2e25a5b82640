import { readdir, readFile } from 'node:fs/promises';
import { Client } from 'pg';

const LOCK = 0x77697265; // 'wire': one controller migrates at a time
const OLDEST_SERVER = 150000;

/**
 * Brings the database to the newest shape: every file of `migrations/` that is not yet in `schema_migrations`, in the order of
 * their names, each in a transaction of its own. Safe when several controllers start at once.
 * Throws with the server's version if that is older than PostgreSQL 15.
 */
export async function migrate(options: { url: string; log?: (line: string) => void }): Promise<void> {
  const client = new Client({ connectionString: options.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    const version = Number(rows[0]?.server_version_num ?? 0);
    if (version < OLDEST_SERVER) {
      throw new Error(
        `DATABASE_URL names a PostgreSQL server of version ${version}; Wirebook needs 15 or later.`,
      );
    }
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const applied = new Set(
      (await client.query<{ name: string }>('SELECT name FROM schema_migrations')).rows.map(
        (row) => row.name,
      ),
    );
    const folder = new URL('./migrations/', import.meta.url);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
    for (const name of names) {
      if (applied.has(name)) continue;
      const text = await readFile(new URL(name, folder), 'utf8');
      await client.query('BEGIN');
      await client.query(text);
      await client.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
      await client.query('COMMIT');
      options.log?.(`migrated: ${name}`);
    }
  } finally {
    await client.end();
  }
}
