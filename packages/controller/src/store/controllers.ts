import { sql } from 'kysely';
import type { Client } from 'pg';
import type { Queries } from './database.ts';

const LIVENESS = 0x434f;

/**
 * Registers this process on a connection that must stay open while it lives: the connection holds an advisory lock, and whoever finds
 * the lock free knows that the process is gone. The lock is taken before the row is seen by others.
 */
export async function registerController(
  connection: Client,
  process: { host: string; pid: number },
): Promise<string> {
  const key = await connection.query<{ key: number }>(
    `SELECT nextval('controller_lock_keys')::integer AS key`,
  );
  const lockKey = key.rows[0]?.key;
  await connection.query('SELECT pg_advisory_lock($1, $2)', [LIVENESS, lockKey]);
  const inserted = await connection.query<{ id: string }>(
    'INSERT INTO controllers (lock_key, host, pid) VALUES ($1, $2, $3) RETURNING id',
    [lockKey, process.host, process.pid],
  );
  const id = inserted.rows[0]?.id;
  if (id === undefined) throw new Error('the controller could not be registered');
  return id;
}

export async function recordWorker(db: Queries, id: string, workerId: string): Promise<void> {
  await sql`
    UPDATE controllers SET worker_ids = array_append(worker_ids, ${workerId})
    WHERE id = ${id} AND NOT ${workerId} = ANY(worker_ids)`.execute(db);
}

/** Removes controllers whose lock nobody holds any more, and says which workers went with them. */
export async function removeDeadControllers(db: Queries, ownId: string): Promise<string[]> {
  const { rows } = await sql<{ worker_ids: string[] }>`
    DELETE FROM controllers WHERE id <> ${ownId} AND NOT EXISTS (
        SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ${LIVENESS}::oid
          AND l.objid = controllers.lock_key::oid AND l.objsubid = 2
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    RETURNING worker_ids`.execute(db);
  return rows.flatMap((row) => row.worker_ids);
}

export async function removeController(db: Queries, id: string): Promise<void> {
  await sql`DELETE FROM controllers WHERE id = ${id}`.execute(db);
}

/** Whether the controller is still in the list: one that lost its connection for long may have been taken for dead. */
export async function isRegistered(db: Queries, id: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM controllers WHERE id = ${id}`.execute(db);
  return rows.length === 1;
}
