import { sql } from 'kysely';
import type { Tx } from './database.ts';

const SPACE = 0x5350;
const ACCOUNT = 0x4143;
const MATCHING = 0x4d41;
const ADMINISTRATOR = 0x4144;

/**
 * Holds the address spaces until the transaction ends. Whoever changes which network an address belongs to takes this first, before
 * any row, so that two of them see each other's work. Order: spaces by id, then networks by id, then claims.
 */
export async function lockSpaces(tx: Tx, spaceIds: Iterable<string>): Promise<void> {
  for (const id of [...new Set(spaceIds)].toSorted()) {
    await sql`SELECT pg_advisory_xact_lock(${SPACE}, hashtext(${id}))`.execute(tx);
  }
  // A server may have NICs in several spaces, and is matched whole: matching comes one after another, whatever the space.
  await sql`SELECT pg_advisory_xact_lock(${MATCHING}, 0)`.execute(tx);
}

/** Holds the inventory of one account against other writers of it until the transaction ends. Taken before any space. */
export async function lockAccount(tx: Tx, accountId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${ACCOUNT}, hashtext(${accountId}))`.execute(tx);
}

/** Lets one controller at a time see to the first administrator. */
export async function lockAdministrator(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${ADMINISTRATOR}, 0)`.execute(tx);
}

/** How long statements of this transaction wait for what others hold; beyond that they fail (`isLockTimeout`). `100ms`, for example. */
export async function limitLockWait(tx: Tx, wait: string): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${wait}, true)`.execute(tx);
}
