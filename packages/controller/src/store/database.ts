import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Pool, types } from 'pg';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
/** A database or a transaction in it: what a query can be put to. */
export type Queries = Kysely<Tables> | Transaction<Tables>;
export type Tx = Transaction<Tables>;

export interface OpenDatabase {
  readonly db: Database;
  readonly pool: Pool;
  readonly close: () => Promise<void>;
}

const INT8 = 20;
const NUMERIC = 1700;

/** Opens a pool of connections. Counts come as numbers (those beyond 2^53 rounded). Opens no connection until one is needed. */
export function openDatabase(options: {
  url: string;
  onError: (error: Error) => void;
  connections?: number;
}): OpenDatabase {
  const pool = new Pool({
    connectionString: options.url,
    max: options.connections ?? 20,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    application_name: 'wirebook',
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
        if (oid === INT8 || oid === NUMERIC) return Number;
        return format === 'binary' ? types.getTypeParser(oid, 'binary') : types.getTypeParser(oid, 'text');
      }) as typeof types.getTypeParser,
    },
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', options.onError);
  // One that breaks while it is lent out tells its borrower through the query; this keeps it from ending the process as well.
  pool.on('connect', (client) => {
    client.on('error', options.onError);
  });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}
