import { type RawBuilder, sql } from 'kysely';

/** Pieces of SQL that build the API's objects: the database puts them together, so that a page of a list is one statement. */

/** `{id, name}` of an aliased table, or null where the join found nothing. */
export function refOf(alias: string): RawBuilder<unknown> {
  const id = sql.ref(`${alias}.id`);
  return sql`CASE WHEN ${id} IS NULL THEN NULL ELSE json_build_object('id', ${id}, 'name', ${sql.ref(`${alias}.name`)}) END`;
}

export function stampsOf(alias: string): RawBuilder<unknown> {
  return sql`'id', ${sql.ref(`${alias}.id`)}, 'createdAt', rfc3339(${sql.ref(`${alias}.created_at`)}),
    'updatedAt', rfc3339(${sql.ref(`${alias}.updated_at`)})`;
}

export function fromVcenterOf(alias: string): RawBuilder<unknown> {
  return sql`'account', ${refOf('a')}, 'moref', ${sql.ref(`${alias}.moref`)},
    'missingSince', rfc3339(${sql.ref(`${alias}.missing_since`)})`;
}

/** A pattern for ILIKE that finds the text anywhere; its wildcards stand for themselves. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

export interface Viewed<T> {
  item: T;
}
