import type { AddressSpace } from '@wirebook/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Queries, Tx } from './database.ts';
import { listRows, type ListPosition, type Page, unwrap } from './listing.ts';
import { containing, stampsOf, type Viewed } from './views.ts';

const item = sql<
  Viewed<AddressSpace>
>`json_build_object(${stampsOf('s')}, 'name', s.name, 'counts', json_build_object(
  'wires', (SELECT count(*) FROM wires w WHERE w.space_id = s.id),
  'networks', (SELECT count(*) FROM networks n WHERE n.space_id = s.id))) AS item`;

export async function listAddressSpaces(
  db: Queries,
  filter: ListPosition & { ids?: string[] | undefined; q?: string | undefined },
): Promise<Page<AddressSpace>> {
  const where: RawBuilder<unknown>[] = [];
  if (filter.ids !== undefined) where.push(sql`s.id = ANY(${filter.ids}::uuid[])`);
  if (filter.q !== undefined) where.push(sql`s.name ILIKE ${containing(filter.q)}`);
  return unwrap(
    await listRows<Viewed<AddressSpace>>(db, {
      select: item,
      from: sql`address_spaces s`,
      id: sql`s.id`,
      where,
      sorts: {
        name: { by: sql`s.name`, type: 'text' },
        createdAt: { by: sql`s.created_at`, type: 'timestamptz' },
      },
      defaultSort: 'name',
      ...filter,
    }),
  );
}

/** What lies in a space and keeps it from being removed: accounts, wires, networks. */
export async function findUsersOfSpace(
  db: Queries,
  id: string,
): Promise<{ kind: string; id: string; name: string }[]> {
  const { rows } = await sql<{ kind: string; id: string; name: string }>`
    SELECT * FROM (
      SELECT 'cloud_account' AS kind, id, name FROM cloud_accounts WHERE space_id = ${id}
      UNION ALL SELECT 'network', id, name FROM networks WHERE space_id = ${id}
      UNION ALL SELECT 'wire', id, name FROM wires WHERE space_id = ${id}) users LIMIT 20`.execute(db);
  return rows;
}

/** The id of the space of this name, which is made if there is none. */
export async function ensureAddressSpace(tx: Tx, name: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    INSERT INTO address_spaces (name) VALUES (${name})
    ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('an address space was neither made nor found');
  return row.id;
}

/** The space that objects come into by themselves, or, where that has another name by now, the oldest. */
export async function findFirstSpace(db: Queries): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    SELECT id, name FROM address_spaces ORDER BY name <> 'default', created_at, id LIMIT 1`.execute(db);
  return rows;
}
