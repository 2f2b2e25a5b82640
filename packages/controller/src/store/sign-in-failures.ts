import { sql } from 'kysely';
import type { Queries, Tx } from './database.ts';

/** One thing that wrong attempts are counted for, and from how many on the next ones have to wait. */
export interface Counted {
  readonly key: Buffer;
  readonly limit: number;
}

/** After so long without another, wrong attempts are forgotten. */
const FORGOTTEN_AFTER = '1 hour';
/** The first wait, doubled with each further failure up to the longest. Seconds. */
const FIRST_WAIT = 30;
const LONGEST_WAIT = 900;

/**
 * Counts an attempt before it is made, so that many made at once count as many; one that turns out right is taken back. Answers null, or
 * until when (RFC 3339) and for how many seconds nothing is tried; then nothing was counted.
 */
export async function countAttempt(
  tx: Tx,
  counted: readonly Counted[],
): Promise<{ until: string; seconds: number } | null> {
  // Always in the same order: two attempts never wait for each other in turn.
  const ordered = counted.toSorted((a, b) => Buffer.compare(a.key, b.key));
  const keys = ordered.map(({ key }) => key);
  // Whoever has to wait leaves no row for each name that they go on trying.
  const waiting = await findBlock(tx, keys);
  if (waiting !== null) return waiting;
  for (const { key } of ordered)
    await sql`INSERT INTO sign_in_failures (key) VALUES (${key}) ON CONFLICT (key) DO NOTHING`.execute(tx);
  for (const { key } of ordered)
    await sql`SELECT 1 FROM sign_in_failures WHERE key = ${key} FOR UPDATE`.execute(tx);
  const blocked = await findBlock(tx, keys);
  if (blocked !== null) return blocked;
  for (const { key, limit } of ordered) {
    const failures = sql`CASE WHEN last_at < clock_timestamp() - ${FORGOTTEN_AFTER}::interval THEN 1 ELSE failures + 1 END`;
    await sql`
      UPDATE sign_in_failures SET failures = ${failures}, last_at = clock_timestamp(),
        blocked_until = CASE WHEN ${failures} >= ${limit} THEN clock_timestamp() + interval '1 second'
          * least(${LONGEST_WAIT}::integer, ${FIRST_WAIT}::integer * 2 ^ least(${failures} - ${limit}, 10)) END
      WHERE key = ${key}`.execute(tx);
  }
  return null;
}

async function findBlock(
  tx: Tx,
  keys: readonly Buffer[],
): Promise<{ until: string; seconds: number } | null> {
  const { rows } = await sql<{ until: string; seconds: number }>`
    SELECT rfc3339(max(blocked_until)) AS until,
      ceil(extract(epoch FROM max(blocked_until) - clock_timestamp()))::integer AS seconds
    FROM sign_in_failures WHERE key = ANY(${keys}::bytea[]) AND blocked_until > clock_timestamp()
    HAVING count(*) > 0`.execute(tx);
  const [blocked] = rows;
  return blocked === undefined ? null : { until: blocked.until, seconds: Math.max(1, blocked.seconds) };
}

/** Takes an attempt back that was none of guessing, and lets the next one through at once. */
export async function takeAttemptBack(tx: Tx, counted: readonly Counted[]): Promise<void> {
  for (const { key, limit } of counted.toSorted((a, b) => Buffer.compare(a.key, b.key)))
    await sql`
      UPDATE sign_in_failures SET failures = greatest(failures - 1, 0),
        blocked_until = CASE WHEN failures - 1 >= ${limit} THEN blocked_until END
      WHERE key = ${key}`.execute(tx);
}

export async function forgetAttempts(tx: Tx, key: Buffer): Promise<void> {
  await sql`DELETE FROM sign_in_failures WHERE key = ${key}`.execute(tx);
}

/** How long a used or expired link is remembered. */
const LINKS_KEPT = '7 days';

/** Drops what nobody asks for any more: old counts, ended sessions, links long used or expired. */
export async function dropOldSignIns(db: Queries): Promise<void> {
  await sql`DELETE FROM sign_in_failures WHERE last_at < now() - ${FORGOTTEN_AFTER}::interval`.execute(db);
  await sql`DELETE FROM sessions WHERE expires_at < now()`.execute(db);
  await sql`DELETE FROM sign_in_links WHERE expires_at < now() - ${LINKS_KEPT}::interval`.execute(db);
}
