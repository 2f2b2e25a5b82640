import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../src/store/database.ts';
import { ListRequestError, listRows, type ListPosition, type Page } from '../../src/store/listing.ts';
import { createTestDatabase } from '../support/test-database.ts';

/** The keyset against a plain sort, over a table with many ties and odd texts. */

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let open: OpenDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  open = openDatabase({ url: database.url, onError: () => undefined });
  await sql`CREATE TABLE things (id uuid PRIMARY KEY DEFAULT new_id(), name text, size integer, ip inet, at timestamptz)`.execute(
    open.db,
  );
  await sql`
    INSERT INTO things (name, size, ip, at)
    SELECT (ARRAY['a', 'b', 'A', 'ä', '', 'a,b', '"', '中', 'b '])[1 + i % 9], i % 4,
      (ARRAY['10.0.0.9', '10.0.0.10', '2001:db8::1']::inet[])[1 + i % 3], now() + (i % 5) * interval '1 microsecond'
    FROM generate_series(1, 60) i`.execute(open.db);
});
afterAll(async () => {
  await open.close();
  await database.drop();
});

interface Thing {
  id: string;
}
const list = (position: ListPosition): Promise<Page<Thing>> =>
  listRows<Thing>(open.db, {
    select: sql<Thing>`t.id`,
    from: sql`things t`,
    id: sql`t.id`,
    where: [],
    sorts: {
      name: { by: sql`t.name`, type: 'text' },
      size: { by: sql`t.size`, type: 'integer' },
      ip: { by: sql`t.ip`, type: 'inet' },
      at: { by: sql`t.at`, type: 'timestamptz' },
    },
    defaultSort: 'name',
    ...position,
  });

test('pages of any size, in any order of any fields, put together are the whole list in that order', async () => {
  const field = fc.constantFrom('name', 'size', 'ip', 'at');
  const order = fc
    .uniqueArray(fc.tuple(field, fc.boolean()), { minLength: 1, maxLength: 4, selector: ([name]) => name })
    .map((fields) => fields.map(([name, descending]) => (descending ? `-${name}` : name)).join(','));
  await fc.assert(
    fc.asyncProperty(order, fc.integer({ min: 1, max: 70 }), async (sort, limit) => {
      const whole = await list({ limit: 500, sort });
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<Thing> = await list({ limit, sort, cursor });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items.map((item) => item.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && seen.length <= 60);
      expect(seen).toEqual(whole.items.map((item) => item.id));
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('the order is that of the database, and the last field settles how equals stand', async () => {
  const { rows } = await sql<Thing>`SELECT id FROM things ORDER BY size DESC, ip ASC, id ASC`.execute(
    open.db,
  );
  expect((await list({ limit: 500, sort: '-size,ip' })).items.map((item) => item.id)).toEqual(
    rows.map((row) => row.id),
  );
});

test('rows that come meanwhile shift nothing', async () => {
  const first = await list({ limit: 10, sort: 'size' });
  await sql`INSERT INTO things (name, size, ip, at) VALUES ('early', -5, '10.0.0.1', now())`.execute(open.db);
  const second = await list({ limit: 10, sort: 'size', cursor: first.nextCursor ?? '' });
  await sql`DELETE FROM things WHERE name = 'early'`.execute(open.db);
  const whole = await list({ limit: 20, sort: 'size' });
  expect([...first.items, ...second.items].map((item) => item.id)).toEqual(
    whole.items.map((item) => item.id),
  );
});

test('the first page says how many there are, the following ones leave it', async () => {
  const first = await list({ limit: 10 });
  expect(first.total).toBe(60);
  expect((await list({ limit: 10, cursor: first.nextCursor ?? '' })).total).toBeNull();
  expect((await list({ limit: 60 })).nextCursor).toBeNull();
});

test.each(['nonsense', '', '-', 'name;', 'constructor', '__proto__', 'name,,size', '--name'])(
  'a list is not sorted by "%s"',
  async (sort) => {
    await expect(list({ limit: 5, sort })).rejects.toBeInstanceOf(ListRequestError);
  },
);

test('a cursor of another order, or made up, is refused whatever it holds', async () => {
  const { nextCursor } = await list({ limit: 5, sort: 'name' });
  await expect(list({ limit: 5, sort: '-name', cursor: nextCursor ?? '' })).rejects.toBeInstanceOf(
    ListRequestError,
  );
  const anything = fc.oneof(
    fc.string(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    fc
      .tuple(fc.string({ unit: 'binary' }), fc.string())
      .map((parts) => Buffer.from(JSON.stringify(['at', ...parts])).toString('base64url')),
  );
  await fc.assert(
    fc.asyncProperty(anything, async (cursor) => {
      await expect(list({ limit: 5, sort: 'at', cursor })).rejects.toBeInstanceOf(ListRequestError);
    }),
    { numRuns: 60 },
  );
});
