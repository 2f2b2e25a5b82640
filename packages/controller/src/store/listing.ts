import { type RawBuilder, sql } from 'kysely';
import { isUnreadableValue } from './constraints.ts';
import type { Queries } from './database.ts';

/** A field that a list can be sorted by. The expression must never be null; `type` is the SQL type that a cursor's text is read as. */
export interface SortField {
  readonly by: RawBuilder<unknown>;
  readonly type: 'text' | 'timestamptz' | 'inet' | 'integer' | 'numeric' | 'uuid';
}

export interface ListOptions<Row> extends ListPosition {
  readonly select: RawBuilder<Row>;
  readonly from: RawBuilder<unknown>;
  /** The unique column that settles equals. */
  readonly id: RawBuilder<unknown>;
  readonly where: readonly RawBuilder<unknown>[];
  readonly sorts: Readonly<Record<string, SortField>>;
  readonly defaultSort: string;
}

/** Where in a list, in which order, and how much of it. */
export interface ListPosition {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
}

/** A page of the objects that the database put together. */
export function unwrap<T>(page: Page<{ item: T }>): Page<T> {
  return { ...page, items: page.items.map((row) => row.item) };
}

export interface Page<Row> {
  items: Row[];
  nextCursor: string | null;
  total: number | null;
}

/** The request for a list names a field it can't be sorted by, or a cursor that isn't one of this list. */
export class ListRequestError extends Error {
  readonly field: 'sort' | 'cursor';
  readonly value: string;
  readonly sortable: string[];
  constructor(field: 'sort' | 'cursor', value: string, sortable: string[]) {
    super(`the list can't be asked with this ${field}`);
    this.field = field;
    this.value = value;
    this.sortable = sortable;
  }
}

/** Counting more than this many rows would cost more than the page itself. */
const COUNT_AT_MOST = 100_000;

/** One page of a list by keyset: it costs the same anywhere in the list, and rows added meanwhile shift nothing. */
export async function listRows<Row>(db: Queries, options: ListOptions<Row>): Promise<Page<Row>> {
  const sortable = Object.keys(options.sorts);
  const sortText = options.sort ?? options.defaultSort;
  const order = sortText.split(',').map((part) => {
    const descending = part.startsWith('-');
    const name = descending ? part.slice(1) : part;
    const field = Object.hasOwn(options.sorts, name) ? options.sorts[name] : undefined;
    if (field === undefined) throw new ListRequestError('sort', sortText, sortable);
    return { ...field, descending };
  });
  const last = order.at(-1);
  order.push({ by: options.id, type: 'uuid', descending: last?.descending ?? false });

  const filters = [...options.where];
  if (options.cursor !== undefined) {
    const values = readCursor(options.cursor, sortText, order.length);
    if (values === null) throw new ListRequestError('cursor', options.cursor, sortable);
    filters.push(after(order, values));
  }
  const keys = sql.join(order.map((field, index) => sql`(${field.by})::text AS ${sql.ref(`_key${index}`)}`));
  const orderBy = sql.join(
    order.map((field) => (field.descending ? sql`${field.by} DESC` : sql`${field.by} ASC`)),
  );
  const rows = await sql<Row & Record<string, string>>`
    SELECT ${options.select}, ${keys} FROM ${options.from} ${where(filters)}
    ORDER BY ${orderBy} LIMIT ${options.limit + 1}`
    .execute(db)
    .then((result) => result.rows)
    .catch((error: unknown) => {
      // A cursor whose text can't be read as the field's type was not written by us.
      if (options.cursor !== undefined && isUnreadableValue(error))
        throw new ListRequestError('cursor', options.cursor, sortable);
      throw error;
    });

  const more = rows.length > options.limit;
  const page = more ? rows.slice(0, options.limit) : rows;
  const lastRow = page.at(-1);
  const nextCursor =
    more && lastRow !== undefined
      ? writeCursor(
          sortText,
          order.map((_, index) => lastRow[`_key${index}`] ?? ''),
        )
      : null;
  let total: number | null = null;
  if (options.cursor === undefined) {
    if (!more) total = page.length;
    else {
      const counted = await sql<{ count: number }>`
        SELECT count(*) FROM (SELECT 1 FROM ${options.from} ${where(options.where)} LIMIT ${COUNT_AT_MOST + 1}) AS counted`.execute(
        db,
      );
      const count = counted.rows[0]?.count ?? 0;
      total = count > COUNT_AT_MOST ? null : count;
    }
  }
  return { items: page, nextCursor, total };
}

function where(filters: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return filters.length === 0 ? sql`` : sql`WHERE ${sql.join(filters, sql` AND `)}`;
}

type Ordered = SortField & { descending: boolean };

function after(order: readonly Ordered[], values: readonly string[]): RawBuilder<unknown> {
  const typed = order.map((field, index) => sql`${values[index] ?? ''}::${sql.raw(field.type)}`);
  // One direction throughout: a row comparison, which an index serves.
  if (order.every((field) => field.descending === order[0]?.descending)) {
    const left = sql.join(order.map((field) => field.by));
    const right = sql.join(typed);
    return order[0]?.descending === true ? sql`(${left}) < (${right})` : sql`(${left}) > (${right})`;
  }
  const alternatives = order.map((field, index) => {
    const equal = order.slice(0, index).map((earlier, at) => sql`${earlier.by} = ${typed[at]}`);
    const beyond = field.descending ? sql`${field.by} < ${typed[index]}` : sql`${field.by} > ${typed[index]}`;
    return sql`(${sql.join([...equal, beyond], sql` AND `)})`;
  });
  return sql`(${sql.join(alternatives, sql` OR `)})`;
}

function writeCursor(sort: string, values: readonly string[]): string {
  return Buffer.from(JSON.stringify([sort, ...values])).toString('base64url');
}

function readCursor(cursor: string, sort: string, length: number): string[] | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed) || parsed.length !== length + 1 || parsed[0] !== sort) return null;
    return parsed.every((item) => typeof item === 'string') ? parsed.slice(1) : null;
  } catch {
    return null;
  }
}
