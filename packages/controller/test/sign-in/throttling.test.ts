import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropOldSignIns } from '../../src/store/sign-in-failures.ts';
import { openDatabase } from '../../src/store/database.ts';
import { type Book, openBook } from '../support/book.ts';
import { startTestController, type TestController } from '../support/controller.ts';
import { env, openVisitor, password, type Visitor } from './visitor.ts';

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

const wrong = { username: 'admin', password: 'Wrong-Horse-7731' };
const right = { username: 'admin', password };
const guess = async (visitor: Visitor, times: number, given: object = wrong): Promise<number[]> => {
  const statuses = [];
  for (let time = 0; time < times; time += 1) statuses.push((await visitor.signIn(given)).status);
  return statuses;
};
/** As if so much time had passed. */
const pass = (time: string): Promise<object[]> =>
  book.query(
    `UPDATE sign_in_failures SET last_at = last_at - $1::interval, blocked_until = blocked_until - $1::interval`,
    [time],
  );

describe('guessing', () => {
  test('has to wait after five wrong passwords, and longer after each further one; what comes meanwhile is not tried', async () => {
    const visitor = openVisitor(controller);
    expect(await guess(visitor, 5)).toEqual([401, 401, 401, 401, 401]);
    const refused = await visitor.signIn(right);
    expect([refused.status, refused.body.code]).toEqual([429, 'sign_in_throttled']);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(15);
    expect(seconds).toBeLessThanOrEqual(30);
    expect(refused.body.detail).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    await pass('31 seconds');
    expect(await guess(visitor, 2)).toEqual([401, 429]);
    const longer = Number((await visitor.signIn(right)).headers.get('retry-after'));
    expect(longer).toBeGreaterThan(30);
    await pass('61 seconds');
    expect((await visitor.signIn(right)).status).toBe(200);
  });

  test('is forgotten after a success, and after an hour', async () => {
    const visitor = openVisitor(controller);
    await guess(visitor, 4);
    expect((await visitor.signIn(right)).status).toBe(200);
    expect(await guess(visitor, 5)).toEqual([401, 401, 401, 401, 401]);
    await pass('61 minutes');
    expect(await guess(visitor, 5)).toEqual([401, 401, 401, 401, 401]);
    expect((await visitor.signIn(right)).status).toBe(429);
  });

  test('elsewhere holds nobody up here', async () => {
    await guess(openVisitor(controller, '198.51.100.1'), 6);
    expect((await openVisitor(controller, '198.51.100.2').signIn(right)).status).toBe(200);
  });

  test('of many names is counted by the address, and of IPv6 by the whole /64', async () => {
    for (let name = 0; name < 50; name += 1) {
      const visitor = openVisitor(controller, `2001:db8:0:7::${(name + 1).toString(16)}`);
      const given = { username: `name-${name}`, password: 'x' };
      expect((await visitor.signIn(given)).status).toBe(401);
    }
    expect((await openVisitor(controller, '2001:db8:0:7:ffff::1').signIn(right)).status).toBe(429);
    // Nor is a row kept for each further name.
    const count = (): Promise<object[]> => book.query('SELECT count(*)::int AS n FROM sign_in_failures');
    const before = await count();
    const further = openVisitor(controller, '2001:db8:0:7::ffff');
    expect((await further.signIn({ username: 'one-more', password: 'x' })).status).toBe(429);
    expect(await count()).toEqual(before);
    expect((await openVisitor(controller, '2001:db8:0:8::1').signIn(right)).status).toBe(200);
  }, 60_000);

  test('many at once is tried no more often than one after another', async () => {
    const visitor = openVisitor(controller);
    const answers = await Promise.all(Array.from({ length: 20 }, () => visitor.signIn(wrong)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  test('of links counts as well, but not a link that was one', async () => {
    const made = await controller.call('POST', '/api/v1/sign-in-links', {});
    const link = String(made.body['url']).split('#link=')[1];
    const visitor = openVisitor(controller);
    expect(await guess(visitor, 60, { link })).toEqual([200, ...Array.from({ length: 59 }, () => 401)]);
    const answers = await guess(visitor, 51, { link: 'no-such-link' });
    expect(answers.indexOf(429)).toBe(50);
  }, 60_000);

  test('on one controller is known to the others', async () => {
    const secret = await readFile(`${controller.dataDir}/secret.key`, 'utf8');
    await using other = await startTestController({
      databaseUrl: controller.databaseUrl,
      env: { ...env, WIREBOOK_SECRET_KEY: secret },
    });
    await guess(openVisitor(controller, '203.0.113.9'), 5);
    expect((await openVisitor(other, '203.0.113.9').signIn(right)).status).toBe(429);
  }, 30_000);

  test('leaves nothing readable of what was typed, and old counts are swept', async () => {
    await openVisitor(controller).signIn({ username: 'Typed-Password-1', password: 'x' });
    const typed = await book.query(
      `SELECT 1 FROM sign_in_failures f WHERE f::text ILIKE '%' || encode('typed-password-1', 'hex') || '%'`,
    );
    expect(typed).toEqual([]);
    const count = async (): Promise<unknown> => book.query('SELECT count(*)::int AS n FROM sign_in_failures');
    expect(await count()).not.toEqual([{ n: 0 }]);
    await pass('2 hours');
    const database = openDatabase({ url: controller.databaseUrl, onError: () => undefined });
    try {
      await dropOldSignIns(database.db);
    } finally {
      await database.close();
    }
    expect(await count()).toEqual([{ n: 0 }]);
  });
});
