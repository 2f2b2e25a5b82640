import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openBook } from '../support/book.ts';
import { startTestController } from '../support/controller.ts';
import { linkIn, openVisitor } from './visitor.ts';

describe('the link of a first start', () => {
  test('signs the administrator in once; used again it says so', async () => {
    await using controller = await startTestController();
    expect(controller.signInLink).toMatch(new RegExp(`^${controller.url}/sign-in#link=`));
    const link = linkIn(controller.signInLink);
    const visitor = openVisitor(controller);
    const { status, body } = await visitor.signIn({ link });
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ username: 'admin', role: 'administrator', hasPassword: false });
    expect((await visitor.send('GET', '/api/v1/session')).status).toBe(200);
    const again = await openVisitor(controller).signIn({ link });
    expect([again.status, again.body.code]).toEqual([401, 'sign_in_link_used']);
    expect(again.body.remedy).toContain('wirebook user link');
  });

  test('comes anew with each start until somebody could come in without, and says where people reach it', async () => {
    await using controller = await startTestController();
    const secret = await readFile(`${controller.dataDir}/secret.key`, 'utf8');
    const start = () =>
      startTestController({
        databaseUrl: controller.databaseUrl,
        env: { WIREBOOK_SECRET_KEY: secret, WIREBOOK_PUBLIC_URL: 'https://wirebook.example' },
      });
    const visitor = openVisitor(controller);
    {
      await using second = await start();
      expect(second.signInLink).toMatch(/^https:\/\/wirebook\.example\/sign-in#link=/);
      expect(linkIn(second.signInLink)).not.toBe(linkIn(controller.signInLink));
      await visitor.signIn({ link: linkIn(second.signInLink) });
    }
    {
      // Somebody is signed in.
      await using third = await start();
      expect(third.signInLink).toBe(null);
    }
    await visitor.send('DELETE', '/api/v1/session');
    await using fourth = await start();
    expect(fourth.signInLink).not.toBe(null);
  }, 60_000);

  test('is not printed where a password is set', async () => {
    await using controller = await startTestController({
      env: { WIREBOOK_ADMIN_PASSWORD: 'Correct-Horse-1' },
    });
    expect(controller.signInLink).toBe(null);
  });
});

describe('a link', () => {
  test('that two use at once lets one in', async () => {
    await using controller = await startTestController();
    const link = linkIn(controller.signInLink);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => openVisitor(controller).signIn({ link })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 401),
    ]);
    expect(answers.filter(({ body }) => body.code === 'sign_in_link_used')).toHaveLength(7);
  });

  test('that is over says when it was, and is stored as its hash alone', async () => {
    await using controller = await startTestController();
    await using book = await openBook(controller.databaseUrl);
    const link = linkIn(controller.signInLink);
    const rows = await book.query<{ text: string; hashed: boolean }>(
      `SELECT l::text AS text, hash = sha256(convert_to($1, 'UTF8')) AS hashed FROM sign_in_links l`,
      [link],
    );
    expect(rows).toEqual([{ text: expect.not.stringContaining(link), hashed: true }]);
    await book.query(`UPDATE sign_in_links SET expires_at = '2020-01-02T03:04:05Z'`);
    const answer = await openVisitor(controller).signIn({ link });
    expect([answer.status, answer.body.code]).toEqual([401, 'sign_in_link_expired']);
    expect(answer.body.detail).toContain('2020-01-02 03:04 UTC');
  });

  test('is made by an administrator: for oneself, for a user named, beside the controller for the one administrator', async () => {
    await using controller = await startTestController();
    await using book = await openBook(controller.databaseUrl);
    const made = await controller.call('POST', '/api/v1/sign-in-links', {});
    expect(made.status).toBe(201);
    expect(made.body['user']?.['name']).toBe('admin');
    expect(made.body['url']).toMatch(new RegExp(`^${controller.url}/sign-in#link=`));
    const left = Date.parse(made.body['expiresAt'] ?? '') - Date.now();
    expect(left).toBeGreaterThan(50 * 60_000);
    expect(left).toBeLessThan(61 * 60_000);
    await book.query(
      `INSERT INTO users (username, name, email, role) VALUES ('second', 'Second', 's@users.invalid', 'administrator')`,
    );
    const unclear = await controller.call('POST', '/api/v1/sign-in-links', {});
    expect(unclear.status).toBe(400);
    const second = openVisitor(controller);
    const named = await controller.call('POST', '/api/v1/sign-in-links', { user: 'Second' });
    await second.signIn({ link: linkIn(named.body['url']) });
    const own = await second.send('POST', '/api/v1/sign-in-links', {});
    expect(own.body['user']?.['name']).toBe('second');
    const byId = await second.send('POST', '/api/v1/sign-in-links', { user: own.body['user']?.['id'] });
    expect(byId.status).toBe(201);
    expect((await second.send('POST', '/api/v1/sign-in-links', { user: 'nobody' })).status).toBe(404);
  });
});
