import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../src/store/database.ts';
import { sweepExpired } from '../../src/workers/expiry-sweep.ts';
import { type Book, openBook } from '../support/book.ts';
import { startTestController } from '../support/controller.ts';
import { createTestDatabase } from '../support/test-database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let book: Book;
let opened: OpenDatabase[];
beforeEach(async () => {
  database = await createTestDatabase();
  book = await openBook(database.url);
  opened = [];
});
afterEach(async () => {
  for (const one of opened) await one.close();
  await book[Symbol.asyncDispose]();
  await database.drop();
});
function connect(): OpenDatabase {
  const one = openDatabase({ url: database.url, onError: () => undefined, connections: 2 });
  opened.push(one);
  return one;
}
const signal = new AbortController().signal;

/** Two networks, each with 40 holds and 20 reservations of one address: half of them expired an hour ago, a quarter have no end. */
async function fill(): Promise<void> {
  await book.query(`
    INSERT INTO networks (space_id, name, family, span, cidr, giving, allocation_policy)
    SELECT s.id, 'n' || nr, 4, inetrange(c.start, c.start + 255, '[]'), network(set_masklen(c.start, 24)), '{}', 'stepup'
    FROM address_spaces s, generate_series(1, 2) nr, LATERAL (SELECT ('10.8.' || nr || '.0')::inet AS start) c`);
  const expiry = `CASE nr % 4 WHEN 0 THEN NULL WHEN 1 THEN now() + interval '1 hour' ELSE now() - interval '1 hour' END`;
  await book.query(`
    INSERT INTO claims (space_id, ip, network_id, source, started_at, expires_at)
    SELECT space_id, lower(span) + nr, id, 'allocated', now() - interval '2 hours', ${expiry}
    FROM networks, generate_series(1, 40) nr`);
  await book.query(`
    INSERT INTO reservations (space_id, network_id, kind, span, expires_at)
    SELECT space_id, id, 'reserved', inetrange(lower(span) + 100 + nr, lower(span) + 100 + nr, '[]'), ${expiry}
    FROM networks, generate_series(1, 20) nr`);
}

async function expectOnlyWhatLasts(): Promise<void> {
  const holds = await book.query(`
    SELECT ended_at IS NULL AS lasts, end_reason, count(*)::int, bool_and(ended_at = expires_at) AS in_time FROM claims
    GROUP BY 1, 2 ORDER BY 1`);
  expect(holds).toEqual([
    { lasts: false, end_reason: 'expired', count: 40, in_time: true },
    { lasts: true, end_reason: null, count: 40, in_time: null },
  ]);
  expect(
    await book.query(`SELECT count(*)::int, bool_or(expires_at < now()) AS over FROM reservations`),
  ).toEqual([{ count: 20, over: false }]);
}

describe('holds and reservations whose time is over', () => {
  test('are ended as of that time, in small steps, and what lasts stays', async () => {
    await fill();
    const { db } = connect();
    await sweepExpired(db, { signal, atOnce: 7 });
    await expectOnlyWhatLasts();
    expect(await book.query('SELECT 1 FROM freed_addresses')).toHaveLength(40);
    expect(await book.query('SELECT 1 FROM events')).toEqual([]);
    const before = await book.digests();
    await sweepExpired(db, { signal, atOnce: 7 });
    expect(await book.digests()).toEqual(before);
  });

  test('a hold that a NIC has taken over lasts', async () => {
    await fill();
    await book.query(`
      INSERT INTO cloud_accounts (name, kind, url, username, sealed_password, instance_uuid, version, space_id)
      SELECT 'lab', 'vcenter', 'https://vc.example/sdk', 'u', '', 'x', '8', id FROM address_spaces`);
    await book.query(`
      INSERT INTO servers (account_id, identity, moref, name, power_state, connection_state, readable, template, tools_status, digest)
      SELECT id, 's', 'vm-1', 's', 'poweredOn', 'connected', true, false, 'running', '' FROM cloud_accounts`);
    await book.query(`
      INSERT INTO nics (account_id, server_id, device_key, position, label, model, backing, connected)
      SELECT account_id, id, 4000, 0, 'nic', 'vmxnet3', '{}', true FROM servers`);
    await book.query(`UPDATE claims SET nic_id = (SELECT id FROM nics) WHERE host(ip) = '10.8.1.2'`);
    await sweepExpired(connect().db, { signal });
    expect(
      await book.query(`SELECT ended_at FROM claims WHERE host(ip) IN ('10.8.1.2', '10.8.1.3') ORDER BY ip`),
    ).toEqual([{ ended_at: null }, { ended_at: expect.any(Date) }]);
  });

  test('are ended once though several controllers look at the same time', async () => {
    await fill();
    await Promise.all(Array.from({ length: 4 }, () => sweepExpired(connect().db, { signal, atOnce: 3 })));
    await expectOnlyWhatLasts();
  });

  test('are left to the next look when the controller stops', async () => {
    await fill();
    await sweepExpired(connect().db, { signal: AbortSignal.abort() });
    expect(await book.query('SELECT 1 FROM claims WHERE ended_at IS NULL')).toHaveLength(80);
  });

  test('end by themselves where a controller runs', async () => {
    await fill();
    await using _ = await startTestController({ databaseUrl: database.url });
    const over = (): Promise<object[]> =>
      book.query(`
        SELECT id FROM claims WHERE ended_at IS NULL AND expires_at < now()
        UNION ALL SELECT id FROM reservations WHERE expires_at < now()`);
    await expect.poll(over, { timeout: 30_000 }).toEqual([]);
    await expectOnlyWhatLasts();
  });
});
