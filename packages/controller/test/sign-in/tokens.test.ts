import type { Event, List, Token } from '@wirebook/contract';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { env, linkIn, openAdministrator, openVisitor, type Visitor } from './visitor.ts';

let controller: TestController;
let book: Book;
let administrator: Visitor;
beforeAll(async () => {
  controller = await startTestController({ env });
  book = await openBook(controller.databaseUrl);
  administrator = await openAdministrator(controller);
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await controller.stop();
});

async function openUser(username: string, role: string): Promise<Visitor> {
  await book.query(
    `INSERT INTO users (username, name, email, role) VALUES ($1, $1, $1 || '@users.invalid', $2)`,
    [username, role],
  );
  const made = await controller.call('POST', '/api/v1/sign-in-links', { user: username });
  const visitor = openVisitor(controller);
  await visitor.signIn({ link: linkIn(made.body['url']) });
  return visitor;
}
const using = (token: unknown, method: string, path: string, body?: unknown) =>
  controller.call(method, path, body, { authorization: `Bearer ${String(token)}` });

describe('a token', () => {
  test('is shown once, works with the role it was made with, and is stored as its hash alone', async () => {
    const made = await administrator.send('POST', '/api/v1/tokens', { name: 'reader', role: 'viewer' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'reader',
      role: 'viewer',
      owner: { name: 'admin' },
      kind: 'api',
      current: false,
      expiresAt: null,
    });
    const secret = String(made.body['token']);
    expect((await using(secret, 'GET', '/api/v1/networks')).status).toBe(200);
    expect((await using(secret, 'POST', '/api/v1/address-spaces', { name: 'no' })).status).toBe(403);
    const list = await administrator.send<List<Token>>('GET', '/api/v1/tokens');
    expect(JSON.stringify(list.body)).not.toContain(secret);
    const [row] = await book.query<{ text: string }>(
      `SELECT t::text AS text FROM api_tokens t WHERE id = $1`,
      [made.body['id']],
    );
    expect(row?.text).toContain('reader');
    expect(row?.text).not.toContain(secret);
  });

  test('is not kept to be shown again', async () => {
    const key = { 'idempotency-key': 'tokens-once' };
    const made = await administrator.send('POST', '/api/v1/tokens', { name: 'keyed' }, key);
    expect(made.status).toBe(201);
    const kept = await book.query(`SELECT 1 FROM idempotency_keys WHERE key = 'tokens-once'`);
    expect(kept).toEqual([]);
  });

  test('is revoked at once by its owner', async () => {
    const made = await administrator.send('POST', '/api/v1/tokens', { name: 'short-lived' });
    const { id, token } = made.body;
    expect((await using(token, 'GET', '/api/v1/status')).status).toBe(200);
    expect((await administrator.send('DELETE', `/api/v1/tokens/${id}`)).status).toBe(204);
    expect((await using(token, 'GET', '/api/v1/status')).status).toBe(401);
    expect((await administrator.send('DELETE', `/api/v1/tokens/${id}`)).status).toBe(404);
    const { body } = await controller.call<List<Event>>(
      'GET',
      `/api/v1/events?objectKind=token&object=${id}&sort=at`,
    );
    expect(body.items.map(({ actor, action }) => [actor, action])).toEqual([
      ['admin', 'create'],
      ['admin', 'revoke'],
    ]);
    expect(JSON.stringify(body)).not.toContain(token);
  });

  test('ends when its time is over', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const made = await administrator.send('POST', '/api/v1/tokens', { name: 'timed', expiresAt });
    expect(made.body['expiresAt']).toBe(expiresAt);
    await book.query(`UPDATE api_tokens SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      made.body['id'],
    ]);
    expect((await using(made.body['token'], 'GET', '/api/v1/status')).status).toBe(401);
    const past = await administrator.send('POST', '/api/v1/tokens', {
      name: 'past',
      expiresAt: '2020-01-01T00:00:00Z',
    });
    expect([past.status, past.body['code']]).toEqual([422, 'expires_in_the_past']);
  });

  test('that ends makes none that outlive it', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const first = (await administrator.send('POST', '/api/v1/tokens', { name: 'first', expiresAt })).body[
      'token'
    ];
    const next = await using(first, 'POST', '/api/v1/tokens', { name: 'next' });
    expect(next.body['expiresAt']).toBe(expiresAt);
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect((await using(first, 'POST', '/api/v1/tokens', { name: 'later', expiresAt: later })).status).toBe(
      400,
    );
  });

  test('has no role above its maker’s, and loses what its owner loses', async () => {
    const operator = await openUser('dora', 'operator');
    const above = await operator.send('POST', '/api/v1/tokens', { name: 'above', role: 'administrator' });
    expect([above.status, above.body['code']]).toEqual([403, 'forbidden']);
    const { token } = (await operator.send('POST', '/api/v1/tokens', { name: 'own' })).body;
    const session = async (): Promise<unknown> => (await using(token, 'GET', '/api/v1/session')).body['role'];
    await book.query(`UPDATE users SET role = 'viewer' WHERE username = 'dora'`);
    expect(await session()).toBe('viewer');
  });

  test('of a user who may not come in any more is none', async () => {
    const user = await openUser('eve', 'operator');
    const [first, second] = [
      (await user.send('POST', '/api/v1/tokens', { name: 'a' })).body['token'],
      (await user.send('POST', '/api/v1/tokens', { name: 'b' })).body['token'],
    ];
    await book.query(`UPDATE users SET disabled_at = now() WHERE username = 'eve'`);
    expect((await using(first, 'GET', '/api/v1/status')).status).toBe(401);
    await book.query(`DELETE FROM users WHERE username = 'eve'`);
    expect((await using(second, 'GET', '/api/v1/status')).status).toBe(401);
  });
});

describe('the list of tokens', () => {
  test('has one’s own; an administrator sees all, and the one of the data folder as what it is', async () => {
    const viewer = await openUser('frank', 'viewer');
    const mine = await viewer.send('POST', '/api/v1/tokens', { name: 'franks' });
    expect(mine.status).toBe(201);
    const own = await viewer.send<List<Token>>('GET', '/api/v1/tokens');
    expect(own.body.items.map(({ name }) => name)).toEqual(['franks']);
    expect(own.body.total).toBe(1);
    expect((await viewer.send<List<Token>>('GET', '/api/v1/tokens?all=true')).status).toBe(403);
    const all = await administrator.send<List<Token>>('GET', '/api/v1/tokens?all=true&q=administrator');
    expect(all.body.items).toEqual([
      expect.objectContaining({ name: 'administrator', kind: 'data_folder', owner: null, current: false }),
    ]);
    const folder = await controller.call<List<Token>>('GET', '/api/v1/tokens');
    expect(folder.body.items).toEqual([expect.objectContaining({ kind: 'data_folder', current: true })]);
    const other = await openUser('grete', 'viewer');
    expect((await other.send('DELETE', `/api/v1/tokens/${mine.body['id']}`)).status).toBe(404);
    expect((await administrator.send('DELETE', `/api/v1/tokens/${mine.body['id']}`)).status).toBe(204);
  });

  test('is sorted, searched and paged like other lists', async () => {
    const user = await openUser('heidi', 'operator');
    for (const name of ['b', 'a', 'c']) await user.send('POST', '/api/v1/tokens', { name });
    const first = await user.send<List<Token>>('GET', '/api/v1/tokens?sort=name&limit=2');
    expect(first.body.items.map(({ name }) => name)).toEqual(['a', 'b']);
    const next = await user.send<List<Token>>(
      'GET',
      `/api/v1/tokens?sort=name&limit=2&cursor=${first.body.nextCursor}`,
    );
    expect(next.body.items.map(({ name }) => name)).toEqual(['c']);
    expect((await user.send<List<Token>>('GET', '/api/v1/tokens?q=b')).body.total).toBe(1);
  });
});

test('the token of a data folder that was revoked is replaced at the next start', async () => {
  const secret = await readFile(`${controller.dataDir}/secret.key`, 'utf8');
  await using other = await startTestController({
    databaseUrl: controller.databaseUrl,
    env: { ...env, WIREBOOK_SECRET_KEY: secret },
  });
  const own = await other.call<List<Token>>('GET', '/api/v1/tokens');
  await administrator.send('DELETE', `/api/v1/tokens/${own.body.items[0]?.id ?? ''}`);
  await using again = await startTestController({
    databaseUrl: controller.databaseUrl,
    env: { ...env, WIREBOOK_SECRET_KEY: secret },
    dataDir: other.dataDir,
  });
  const { token }: { token: string } = JSON.parse(await readFile(`${other.dataDir}/cli.json`, 'utf8'));
  expect(token).not.toBe(other.token);
  expect(
    (await fetch(new URL('/api/v1/status', again.url), { headers: { authorization: `Bearer ${token}` } }))
      .status,
  ).toBe(200);
}, 60_000);
