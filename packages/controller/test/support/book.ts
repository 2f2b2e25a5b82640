import { Client } from 'pg';

/** A look into a controller's database from beside it. */
export interface Book extends AsyncDisposable {
  query<T extends object>(statement: string, values?: readonly unknown[]): Promise<T[]>;
  /** A digest of every row by table: of what a sync writes, without the runs themselves and the accounts' state. */
  digests(): Promise<Record<string, string>>;
  /** Rows inserted, updated and deleted by table so far, without the runs and the queue. */
  writes(): Promise<Record<string, number>>;
}

/** Not the mirror of vCenter: who asked for what, runs, who is alive. */
const BESIDE = [
  'sync_runs',
  'controllers',
  'idempotency_keys',
  'events',
  'api_tokens',
  'settings',
  'users',
  'sessions',
  'user_identities',
  'verifications',
  'sign_in_links',
  'sign_in_failures',
];

export async function openBook(databaseUrl: string): Promise<Book> {
  const client = new Client({ connectionString: databaseUrl });
  // The database is dropped under it when the test ends.
  client.on('error', () => undefined);
  await client.connect();
  const query = async <T extends object>(statement: string, values: readonly unknown[] = []): Promise<T[]> =>
    (await client.query<T>(statement, [...values])).rows;
  return {
    query,
    digests: async () => {
      const tables = await query<{ name: string }>(
        `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
      );
      const digests: Record<string, string> = {};
      for (const { name } of tables) {
        if (BESIDE.includes(name)) continue;
        // An account's state says how the last run went.
        const row = name === 'cloud_accounts' ? `(id, name, url, kind, sealed_password, instance_uuid)` : 't';
        const [digest] = await query<{ digest: string }>(
          `SELECT count(*) || ' rows, ' || md5(coalesce(string_agg(md5(${row}::text), ',' ORDER BY md5(${row}::text)), '')) AS digest FROM ${name} t`,
        );
        digests[name] = digest?.digest ?? '';
      }
      return digests;
    },
    writes: async () => {
      const rows = await query<{ name: string; writes: string }>(
        `SELECT relname AS name, n_tup_ins + n_tup_upd + n_tup_del AS writes FROM pg_stat_user_tables
         WHERE schemaname = 'public' AND relname <> 'sync_runs' ORDER BY 1`,
      );
      return Object.fromEntries(rows.map((row) => [row.name, Number(row.writes)]));
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
