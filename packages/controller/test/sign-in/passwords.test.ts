import { readFile } from 'node:fs/promises';
import type { Event, List, ProblemBody } from '@wirebook/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleAdministrator } from '../../src/app/first-administrator.ts';
import { openSignInEngine } from '../../src/sign-in/engine.ts';
import { openDatabase } from '../../src/store/database.ts';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { env, linkIn, openAdministrator, openVisitor, password } from './visitor.ts';

let controller: TestController;
let book: Book;
beforeEach(async () => {
  controller = await startTestController({ env });
  book = await openBook(controller.databaseUrl);
});
afterEach(async () => {
  await book[Symbol.asyncDispose]();
  await controller.stop();
});

const next = 'Next-Horse-7732!';
const path = '/api/v1/session/password';

describe('a change of password', () => {
  test('ends the other sessions at once, keeps this one, and the old password is none any more', async () => {
    const [here, there] = [await openAdministrator(controller), await openAdministrator(controller)];
    expect((await there.send('GET', '/api/v1/status')).status).toBe(200);
    expect((await here.send('PUT', path, { current: password, password: next })).status).toBe(204);
    expect((await there.send('GET', '/api/v1/status')).status).toBe(401);
    expect((await here.send('GET', '/api/v1/status')).status).toBe(200);
    const visitor = openVisitor(controller);
    expect((await visitor.signIn({ username: 'admin', password })).status).toBe(401);
    expect((await visitor.signIn({ username: 'admin', password: next })).status).toBe(200);
  });

  test('ends the links that nobody has used yet', async () => {
    const made = await controller.call('POST', '/api/v1/sign-in-links', { user: 'admin' });
    const visitor = await openAdministrator(controller);
    expect((await visitor.send('PUT', path, { current: password, password: next })).status).toBe(204);
    const answer = await openVisitor(controller).signIn({ link: linkIn(String(made.body['url'])) });
    expect([answer.status, answer.body.code]).toEqual([401, 'sign_in_link_expired']);
  });

  test('takes the current one, and is refused and throttled without', async () => {
    const visitor = await openAdministrator(controller);
    for (const body of [{ password: next }, { current: null, password: next }]) {
      const answer = await visitor.send<ProblemBody>('PUT', path, body);
      expect(answer.status).toBe(400);
      expect(answer.body.errors?.map(({ field }) => field)).toEqual(['current']);
    }
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const answer = await visitor.send('PUT', path, { current: `wrong ${attempt}`, password: next });
      expect([answer.status, answer.body['code']]).toEqual([422, 'password_wrong']);
    }
    const throttled = await visitor.send('PUT', path, { current: password, password: next });
    expect([throttled.status, throttled.body['code']]).toEqual([429, 'sign_in_throttled']);
  });

  test.each([
    ['eleven char', 'short'],
    ['x'.repeat(129), 'long'],
  ])('to %j is refused: too %s', async (given) => {
    const visitor = await openAdministrator(controller);
    const answer = await visitor.send<ProblemBody>('PUT', path, { current: password, password: given });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'password', value: null })]);
  });

  test('of a user who came by a link and has none needs no current one, once', async () => {
    await book.query(
      `INSERT INTO users (username, name, email, role) VALUES ('ops', 'Ops', 'ops@users.invalid', 'operator')`,
    );
    const made = await controller.call('POST', '/api/v1/sign-in-links', { user: 'ops' });
    const visitor = openVisitor(controller);
    await visitor.signIn({ link: linkIn(made.body['url']) });
    expect((await visitor.send('PUT', path, { current: null, password: next })).status).toBe(204);
    expect((await visitor.send('GET', '/api/v1/session')).body['user']?.['hasPassword']).toBe(true);
    expect((await visitor.send('PUT', path, { password: 'Third-Horse-7733' })).status).toBe(400);
    expect((await openVisitor(controller).signIn({ username: 'ops', password: next })).status).toBe(200);
  });

  test('stands in the audit trail with sign-in, sign-out and refusals, and nothing secret does', async () => {
    const visitor = await openAdministrator(controller);
    await openVisitor(controller).signIn({ username: 'admin', password: 'Wrong-Horse-1' });
    await openVisitor(controller).signIn({ username: 'Typed-Password-1', password: 'x' });
    await visitor.send('PUT', path, { current: password, password: next });
    await visitor.send('DELETE', '/api/v1/session');
    const { body } = await controller.call<List<Event>>('GET', '/api/v1/events?sort=at');
    const lines = body.items.map(({ actor, action, object }) => [actor, action, object.name]);
    expect(lines).toEqual([
      ['controller', 'change_password', 'admin'],
      ['admin', 'sign_in', 'admin'],
      ['admin', 'refuse_sign_in', 'admin'],
      ['unknown', 'refuse_sign_in', null],
      ['admin', 'change_password', 'admin'],
      ['admin', 'sign_out', 'admin'],
    ]);
    const text = JSON.stringify(body);
    for (const secret of [password, next, 'Wrong-Horse-1', 'Typed-Password-1'])
      expect(text).not.toContain(secret);
  });
});

describe('WIREBOOK_ADMIN_PASSWORD', () => {
  const start = (given: string, secret: string): Promise<TestController> =>
    startTestController({
      databaseUrl: controller.databaseUrl,
      env: { ...env, WIREBOOK_ADMIN_PASSWORD: given, WIREBOOK_SECRET_KEY: secret },
    });

  test('is put into force once by controllers that start at once', async () => {
    await book.query('DELETE FROM user_identities');
    await book.query(`DELETE FROM settings WHERE key = 'admin_password_digest'`);
    const database = openDatabase({ url: controller.databaseUrl, onError: () => undefined });
    try {
      const engine = openSignInEngine({
        db: database.db,
        secret: 'of a test, as long as one has to be',
        publicUrl: null,
        passwordLength: { least: 12, most: 128 },
        logError: () => undefined,
      });
      let times = 0;
      const counting: typeof engine = {
        ...engine,
        setPassword: (userId, given) => {
          times += 1;
          return engine.setPassword(userId, given);
        },
      };
      const settle = () =>
        settleAdministrator(database.db, {
          password,
          engine: counting,
          digest: (text) => Buffer.from(text),
        });
      await Promise.all([settle(), settle(), settle()]);
      expect(times).toBe(1);
    } finally {
      await database.close();
    }
    expect((await openVisitor(controller).signIn({ username: 'admin', password })).status).toBe(200);
  });

  test('holds when it changes, and leaves a password be that was changed on the page since', async () => {
    const secret = await readFile(`${controller.dataDir}/secret.key`, 'utf8');
    const visitor = await openAdministrator(controller);
    await visitor.send('PUT', path, { current: password, password: next });
    {
      await using again = await start(password, secret);
      expect((await openVisitor(again).signIn({ username: 'admin', password: next })).status).toBe(200);
      expect((await openVisitor(again).signIn({ username: 'admin', password })).status).toBe(401);
    }
    await using changed = await start('Setting-Horse-9', secret);
    expect(changed.signInLink).toBe(null);
    expect((await openVisitor(changed).signIn({ username: 'admin', password: next })).status).toBe(401);
    expect(
      (await openVisitor(changed).signIn({ username: 'admin', password: 'Setting-Horse-9' })).status,
    ).toBe(200);
  }, 60_000);
});
