import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { env, openAdministrator, openVisitor, password } from './visitor.ts';

let controller: TestController;
let book: Book;
beforeAll(async () => {
  controller = await startTestController({ env });
  book = await openBook(controller.databaseUrl);
});
afterAll(async () => {
  await book[Symbol.asyncDispose]();
  await controller.stop();
});

const DAY = 24 * 3600 * 1000;

describe('signing in', () => {
  test('with the right password sets a cookie that no script reads and no other site sends', async () => {
    const visitor = openVisitor(controller);
    const answer = await visitor.signIn({ username: ' Admin ', password });
    expect(answer.status).toBe(200);
    expect(answer.body.user).toEqual({
      id: expect.any(String),
      name: 'admin',
      username: 'admin',
      role: 'administrator',
      hasPassword: true,
    });
    expect(Date.parse(answer.body.expiresAt)).toBeGreaterThan(Date.now() + 6 * DAY);
    const [cookie = '', ...others] = answer.headers.getSetCookie();
    expect(others).toEqual([]);
    const attributes = cookie
      .split('; ')
      .slice(1)
      .map((one) => one.toLowerCase());
    expect(cookie).toMatch(/^wirebook_session=[^;]{40,};/);
    expect(attributes).toEqual(expect.arrayContaining(['httponly', 'samesite=strict', 'path=/']));
    expect(attributes).not.toContain('secure');
    expect(attributes.some((one) => one.startsWith('domain'))).toBe(false);
    expect(JSON.stringify(answer.body)).not.toContain(cookie.slice(17, 40));
  });

  test('sets a Secure cookie where people come by https', async () => {
    await using secure = await startTestController({
      env: { ...env, WIREBOOK_PUBLIC_URL: 'https://wirebook.example' },
    });
    const visitor = await openAdministrator(secure);
    expect(visitor.cookie()).toMatch(/^__Secure-wirebook_session=/);
    const again = await visitor.signIn({ username: 'admin', password });
    expect(again.headers.getSetCookie()[0]).toMatch(/; Secure/);
    expect((await visitor.send('GET', '/api/v1/session')).status).toBe(200);
    const out = await visitor.send('DELETE', '/api/v1/session', undefined, {});
    expect(out.status).toBe(204);
    expect(visitor.cookie()).toBe('');
  });

  test('answers a wrong password, an unknown name and a disabled user alike', async () => {
    await book.query(
      `INSERT INTO users (username, name, email, disabled_at) VALUES ('gone', 'Gone', 'gone@users.invalid', now()), ('linked', 'Linked', 'linked@users.invalid', NULL)`,
    );
    const bodies = [];
    for (const given of [
      { username: 'admin', password: 'Wrong-Horse-7731' },
      { username: 'nobody', password },
      { username: 'gone', password },
      { username: 'linked', password },
      { link: 'x'.repeat(43) },
    ]) {
      const answer = await openVisitor(controller).signIn(given);
      expect(answer.status).toBe(401);
      expect(answer.headers.getSetCookie()).toEqual([]);
      bodies.push(JSON.stringify(answer.body));
    }
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).toContain('"code":"sign_in_refused"');
  });

  test.each([
    [{}, 'username'],
    [{ username: 'admin' }, 'password'],
    [{ username: 'admin', password, link: 'x' }, 'username'],
    [{ link: 'x', password }, 'password'],
    [{ username: 'admin', password: 'x'.repeat(129) }, 'password'],
  ])('with %j names the field that is wrong', async (body, field) => {
    const answer = await openVisitor(controller).signIn(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => [error.field, error.value])).toEqual([[field, null]]);
  });

  test('says so in the reader’s language', async () => {
    const answer = await openVisitor(controller).send(
      'POST',
      '/api/v1/session',
      { username: 'admin', password: 'x' },
      { 'accept-language': 'zh-CN' },
    );
    expect(answer.body['title']).toBe('登录被拒绝');
  });
});

describe('a session', () => {
  test('lets reading and writing requests through, as its user, and shows who that is', async () => {
    const visitor = await openAdministrator(controller);
    const { status, body } = await visitor.send('GET', '/api/v1/session');
    expect(status).toBe(200);
    expect(body).toMatchObject({ by: 'session', actor: 'admin', role: 'administrator', token: null });
    expect(body['user']?.['username']).toBe('admin');
    expect((await visitor.send('POST', '/api/v1/address-spaces', { name: 'by-cookie' })).status).toBe(201);
    const events = await visitor.send('GET', '/api/v1/events?actor=admin&objectKind=address_space');
    expect(events.body['items']).toHaveLength(1);
  });

  test('of a token shows the token, and its owner where it has one', async () => {
    const { body } = await controller.call('GET', '/api/v1/session');
    expect(body).toMatchObject({ by: 'token', user: null, token: { name: 'administrator' } });
    const visitor = await openAdministrator(controller);
    const made = await visitor.send('POST', '/api/v1/tokens', { name: 'script', role: 'viewer' });
    const own = await controller.call('GET', '/api/v1/session', undefined, {
      authorization: `Bearer ${made.body['token']}`,
    });
    expect(own.body).toMatchObject({ by: 'token', actor: 'admin/script', role: 'viewer' });
    expect(own.body['user']).toMatchObject({ username: 'admin', role: 'administrator' });
  });

  test('is needed where a token is none', async () => {
    for (const [method, path, body] of [
      ['DELETE', '/api/v1/session', undefined],
      ['PUT', '/api/v1/session/password', { password: 'Another-Horse-9' }],
    ] as const) {
      const answer = await controller.call(method, path, body);
      expect([answer.status, answer.body['code']]).toEqual([403, 'session_needed']);
    }
  });

  test('ends when its user signs out, at once', async () => {
    const visitor = await openAdministrator(controller);
    const cookie = visitor.cookie();
    expect((await visitor.send('GET', '/api/v1/session')).status).toBe(200);
    const out = await visitor.send('DELETE', '/api/v1/session');
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie().join()).toMatch(/^wirebook_session=; Max-Age=0/);
    const after = await openVisitor(controller).send('GET', '/api/v1/session', undefined, { cookie });
    expect([after.status, after.body['code']]).toEqual([401, 'unauthorized']);
  });

  test('that ended on another controller ends here soon', async () => {
    await using other = await startTestController({
      databaseUrl: controller.databaseUrl,
      env: { ...env, WIREBOOK_SECRET_KEY: await secretOf(controller) },
    });
    const visitor = await openAdministrator(controller);
    const cookie = visitor.cookie();
    const there = openVisitor(other);
    expect((await there.send('GET', '/api/v1/session', undefined, { cookie })).status).toBe(200);
    expect((await visitor.send('DELETE', '/api/v1/session')).status).toBe(204);
    await expect
      .poll(async () => (await there.send('GET', '/api/v1/session', undefined, { cookie })).status, {
        timeout: 30_000,
      })
      .toBe(401);
  }, 60_000);

  test('is not one when it is made up, signed with another key, over, or of a disabled user', async () => {
    const visitor = await openAdministrator(controller);
    const cookie = visitor.cookie();
    const [token, signature = ''] = decodeURIComponent(cookie.split('=')[1] ?? '').split('.');
    const forged = [
      `wirebook_session=${token}`,
      `wirebook_session=${encodeURIComponent(`${token}.${signature.slice(0, -4)}AAA=`)}`,
      'wirebook_session=%',
      'wirebook_session=',
    ];
    for (const one of forged) {
      const answer = await openVisitor(controller).send('GET', '/api/v1/status', undefined, { cookie: one });
      expect([one, answer.status]).toEqual([one, 401]);
    }
    // Not asked for until now, so nothing is remembered of it.
    await book.query(`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE token = $1`, [
      token,
    ]);
    expect((await visitor.send('GET', '/api/v1/status')).status).toBe(401);
    const second = await openAdministrator(controller);
    await book.query(`UPDATE users SET disabled_at = now() WHERE username = 'admin'`);
    try {
      expect((await second.send('GET', '/api/v1/status')).status).toBe(401);
    } finally {
      await book.query(`UPDATE users SET disabled_at = NULL WHERE username = 'admin'`);
    }
    expect((await second.send('GET', '/api/v1/status')).status).toBe(200);
  });

  test('that is used after a day lasts a week again', async () => {
    const visitor = await openAdministrator(controller);
    const before = visitor.cookie();
    const token = decodeURIComponent(before.split('=')[1] ?? '').split('.')[0];
    await book.query(`UPDATE sessions SET expires_at = now() + interval '5 days' WHERE token = $1`, [token]);
    const answer = await visitor.send('GET', '/api/v1/session');
    expect(Date.parse(answer.body['expiresAt'] ?? '')).toBeGreaterThan(Date.now() + 6 * DAY);
    expect(answer.headers.getSetCookie().join()).toMatch(/Max-Age=604800/);
    expect(visitor.cookie()).toBe(before);
  });

  test('of a viewer may look and nothing else', async () => {
    const visitor = await openAdministrator(controller);
    await book.query(
      `INSERT INTO users (username, name, email, role) VALUES ('looker', 'Looker', 'looker@users.invalid', 'viewer')`,
    );
    const made = await visitor.send('POST', '/api/v1/sign-in-links', { user: 'looker' });
    const looker = openVisitor(controller);
    const link = String(made.body['url']).split('#link=')[1];
    expect((await looker.signIn({ link })).body.user).toMatchObject({ role: 'viewer', hasPassword: false });
    expect((await looker.send('GET', '/api/v1/networks')).status).toBe(200);
    const refused = await looker.send('POST', '/api/v1/address-spaces', { name: 'no' });
    expect([refused.status, refused.body['code']]).toEqual([403, 'forbidden']);
    expect((await looker.send('POST', '/api/v1/sign-in-links', {})).status).toBe(403);
    expect((await looker.send('DELETE', '/api/v1/session')).status).toBe(204);
  });

  test('follows events as a browser does', async () => {
    const [operation] = await book.query<{ id: string }>(
      `INSERT INTO operations (kind, state, input, ended_at) VALUES ('create_server', 'succeeded', '{}', now()) RETURNING id`,
    );
    const visitor = await openAdministrator(controller);
    const response = await fetch(new URL(`/api/v1/operations/${operation?.id}/events`, controller.url), {
      headers: { cookie: visitor.cookie(), accept: 'text/event-stream' },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(await response.text()).toContain('event: end');
  });
});

async function secretOf(one: TestController): Promise<string> {
  return (await readFile(`${one.dataDir}/secret.key`, 'utf8')).trim();
}
