import type { Event } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries, Tx } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { containing, type Viewed } from './views.ts';

/** One line of the audit trail: what somebody asked for, in the transaction that did it. Values must carry no secret. */
export interface AuditLine {
  actor: string;
  action: string;
  kind: string;
  id: string | null;
  name: string | null;
  before?: unknown;
  after?: unknown;
}

export async function recordEvent(tx: Tx, line: AuditLine): Promise<void> {
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  await sql`
    INSERT INTO events (actor, action, object_kind, object_id, object_name, before, after)
    VALUES (${line.actor}, ${line.action}, ${line.kind}, ${line.id}, ${line.name}, ${json(line.before)}::jsonb,
      ${json(line.after)}::jsonb)`.execute(tx);
}

/** The same for many at once. */
export async function recordEvents(tx: Tx, lines: readonly AuditLine[]): Promise<void> {
  if (lines.length === 0) return;
  await sql`
    INSERT INTO events (actor, action, object_kind, object_id, object_name, before, after)
    SELECT actor, action, kind, id, name, before, after
    FROM json_to_recordset(${JSON.stringify(lines)}::json)
      AS e(actor text, action text, kind text, id uuid, name text, before jsonb, after jsonb)`.execute(tx);
}

const item = sql<
  Viewed<Event>
>`json_build_object('id', e.id, 'createdAt', rfc3339(e.at), 'updatedAt', rfc3339(e.at),
  'at', rfc3339(e.at), 'actor', e.actor, 'action', e.action,
  'object', json_build_object('kind', e.object_kind, 'id', e.object_id, 'name', e.object_name),
  'before', e.before, 'after', e.after) AS item`;

export interface EventFilter extends ListPosition {
  actor?: string | undefined;
  action?: string | undefined;
  objectKind?: string | undefined;
  objectId?: string | undefined;
  notBefore?: string | undefined;
  before?: string | undefined;
  q?: string | undefined;
}

export async function listEvents(db: Queries, filter: EventFilter): Promise<Page<Event>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.actor !== undefined) where.push(sql`e.actor = ${filter.actor}`);
  if (filter.action !== undefined) where.push(sql`e.action = ${filter.action}`);
  if (filter.objectKind !== undefined) where.push(sql`e.object_kind = ${filter.objectKind}`);
  if (filter.objectId !== undefined) where.push(sql`e.object_id = ${filter.objectId}`);
  if (filter.notBefore !== undefined) where.push(sql`e.at >= ${filter.notBefore}::timestamptz`);
  if (filter.before !== undefined) where.push(sql`e.at < ${filter.before}::timestamptz`);
  if (filter.q !== undefined) where.push(sql`e.object_name ILIKE ${containing(filter.q)}`);
  return unwrap(
    await listRows<Viewed<Event>>(db, {
      select: item,
      from: sql`events e`,
      id: sql`e.id`,
      where,
      sorts: { at: { by: sql`e.at`, type: 'timestamptz' } },
      defaultSort: '-at',
      ...filter,
    }),
  );
}
