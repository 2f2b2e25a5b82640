import { sql } from 'kysely';
import type { Queries } from './database.ts';

export interface StoredAnswer {
  requestHash: Buffer;
  /** Null while the request is under way. */
  status: number | null;
  response: unknown;
  /** What the request has begun, known also where its answer was lost. */
  operationId: string | null;
}

const KEPT = '24 hours';
/** A request that began this long ago and has no answer was lost with its controller. */
const LOST = '10 minutes';

/** Takes the key for a new request, or answers what is stored under it. */
export async function takeIdempotencyKey(
  db: Queries,
  request: { actor: string; key: string; hash: Buffer },
): Promise<StoredAnswer | null> {
  await sql`
    DELETE FROM idempotency_keys WHERE actor = ${request.actor} AND key = ${request.key}
      AND (created_at < now() - ${KEPT}::interval OR (status IS NULL AND operation_id IS NULL AND created_at < now() - ${LOST}::interval))`.execute(
    db,
  );
  const inserted = await sql`
    INSERT INTO idempotency_keys (actor, key, request_hash) VALUES (${request.actor}, ${request.key}, ${request.hash})
    ON CONFLICT DO NOTHING RETURNING 1`.execute(db);
  if (inserted.rows.length === 1) return null;
  const { rows } = await sql<StoredAnswer>`
    SELECT request_hash AS "requestHash", status, response, operation_id AS "operationId" FROM idempotency_keys
    WHERE actor = ${request.actor} AND key = ${request.key}`.execute(db);
  return rows[0] ?? null;
}

export async function keepAnswer(
  db: Queries,
  request: { actor: string; key: string },
  answer: { status: number; response: unknown },
): Promise<void> {
  await sql`
    UPDATE idempotency_keys SET status = ${answer.status}, response = ${JSON.stringify(answer.response)}::jsonb
    WHERE actor = ${request.actor} AND key = ${request.key}`.execute(db);
}

/** Gives the key back: a request that failed may be sent again, unless it has begun something all the same. */
export async function dropIdempotencyKey(
  db: Queries,
  request: { actor: string; key: string },
): Promise<void> {
  await sql`
    DELETE FROM idempotency_keys
    WHERE actor = ${request.actor} AND key = ${request.key} AND operation_id IS NULL`.execute(db);
}

export async function dropOldIdempotencyKeys(db: Queries): Promise<void> {
  await sql`DELETE FROM idempotency_keys WHERE created_at < now() - ${KEPT}::interval`.execute(db);
}
