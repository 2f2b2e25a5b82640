import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { page, problem, type Route, startController } from './support/controller.ts';
import { idOf } from './support/objects.ts';
import { emptyFolder, wirebook } from './support/terminal.ts';

const token = {
  id: idOf(7),
  createdAt: '2026-01-02T03:04:05.000Z',
  updatedAt: '2026-01-02T03:04:05.000Z',
  name: 'script',
  role: 'operator',
  owner: { id: idOf(8), name: 'admin' },
  kind: 'api',
  current: false,
  expiresAt: null,
};
const secret = 'wb_made-for-this-machine';
const cookie = 'wirebook_session=abc.def';
const user = { id: idOf(8), name: 'admin', username: 'admin', role: 'operator', hasPassword: true };

const signIn: Route = () => ({
  stream: (response) => {
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Set-Cookie': [`${cookie}; Path=/; HttpOnly; SameSite=Strict`],
    });
    response.end(JSON.stringify({ user, expiresAt: '2026-01-09T03:04:05.000Z' }));
  },
});
const routes: Readonly<Record<string, Route>> = {
  'POST /api/v1/session': signIn,
  'POST /api/v1/tokens': () => ({ status: 201, body: { ...token, token: secret } }),
  'DELETE /api/v1/session': () => ({ status: 204 }),
  [`DELETE /api/v1/tokens/${token.id}`]: () => ({ status: 204 }),
};
const fileIn = (folder: string): string => join(folder, '.config/wirebook/cli.json');
function keep(folder: string, value: object): void {
  mkdirSync(dirname(fileIn(folder)), { recursive: true });
  writeFileSync(fileIn(folder), JSON.stringify(value));
}

describe('login', () => {
  test('asks for name and password, makes a token by a session, ends that and keeps the token alone', async () => {
    const { url, seen } = await startController(routes);
    const folder = emptyFolder();
    const { exitCode, out, messages } = await wirebook(['login', '--url', url], {
      folder,
      answers: ['admin', 'Correct-Horse-1'],
    });
    expect(exitCode).toBe(0);
    expect(seen.map(({ line }) => line)).toEqual([
      'POST /api/v1/session',
      'POST /api/v1/tokens',
      'DELETE /api/v1/session',
    ]);
    expect(seen[0]?.body).toEqual({ username: 'admin', password: 'Correct-Horse-1' });
    expect(seen.map(({ headers }) => [headers.origin, headers.cookie, headers.authorization])).toEqual([
      [url, undefined, undefined],
      [url, cookie, undefined],
      [url, cookie, undefined],
    ]);
    expect(JSON.parse(readFileSync(fileIn(folder), 'utf8'))).toEqual({
      url,
      token: secret,
      tokenId: token.id,
    });
    expect(statSync(fileIn(folder)).mode & 0o777).toBe(0o600);
    for (const hidden of ['Correct-Horse-1', secret]) expect(out + messages).not.toContain(hidden);
  });

  test('takes the password from standard input, and revokes the token of the login before', async () => {
    const { url, seen } = await startController(routes);
    const folder = emptyFolder();
    keep(folder, { url, token: 'before', tokenId: token.id });
    const { exitCode } = await wirebook(['login', '--url', url, '--username', 'admin', '--password-stdin'], {
      folder,
      input: 'Correct-Horse-1\n',
    });
    expect(exitCode).toBe(0);
    expect(seen[0]?.body).toEqual({ username: 'admin', password: 'Correct-Horse-1' });
    expect(seen.at(-1)?.line).toBe(`DELETE /api/v1/tokens/${token.id}`);
    expect(seen.at(-1)?.headers.authorization).toBe('Bearer before');
  });

  test('that is refused says why and keeps nothing; the session is ended also when no token is made', async () => {
    const refused = await startController({
      'POST /api/v1/session': () => ({ status: 401, body: problem('sign_in_refused') }),
    });
    const folder = emptyFolder();
    const words = ['--username', 'admin', '--password-stdin'];
    const first = await wirebook(['login', '--url', refused.url, ...words], { folder, input: 'x' });
    expect(first.exitCode).toBe(1);
    expect(first.messages).toContain('Remedy of sign_in_refused.');
    const half = await startController({
      ...routes,
      'POST /api/v1/tokens': () => ({ status: 503, body: problem('database_unavailable') }),
    });
    const second = await wirebook(['login', '--url', half.url, ...words], { folder, input: 'x' });
    expect(second.exitCode).toBe(1);
    expect(second.messages).toContain('database_unavailable');
    expect(half.seen.at(-1)?.line).toBe('DELETE /api/v1/session');
    expect(existsSync(fileIn(folder))).toBe(false);
  });

  test('of nobody in particular, or with a token too, is wrong usage', async () => {
    const { url, seen } = await startController(routes);
    for (const words of [
      ['--password-stdin'],
      ['--username', 'admin'],
      ['--username', 'admin', '--token-stdin'],
      ['--token-stdin', '--password-stdin'],
    ])
      expect((await wirebook(['login', '--url', url, ...words], { input: '' })).exitCode).toBe(2);
    expect(seen).toEqual([]);
  });
});

describe('logout', () => {
  test('revokes what login made and forgets it', async () => {
    const { url, seen } = await startController(routes);
    const folder = emptyFolder();
    keep(folder, { url, token: secret, tokenId: token.id });
    expect((await wirebook(['logout'], { folder })).exitCode).toBe(0);
    expect(seen.map(({ line, headers }) => [line, headers.authorization])).toEqual([
      [`DELETE /api/v1/tokens/${token.id}`, `Bearer ${secret}`],
    ]);
    expect(existsSync(fileIn(folder))).toBe(false);
    expect((await wirebook(['logout'], { folder })).messages).toContain('is not there');
  });

  test('leaves a token alone that somebody brought, and forgets one that does not hold any more', async () => {
    const { url, seen } = await startController({
      [`DELETE /api/v1/tokens/${token.id}`]: () => ({ status: 401, body: problem('unauthorized') }),
    });
    const folder = emptyFolder();
    keep(folder, { url, token: 'brought' });
    expect((await wirebook(['logout'], { folder })).messages).toContain('still holds');
    expect(seen).toEqual([]);
    keep(folder, { url, token: secret, tokenId: token.id });
    expect((await wirebook(['logout'], { folder })).exitCode).toBe(0);
    expect(existsSync(fileIn(folder))).toBe(false);
  });

  test('that could not revoke keeps what it has', async () => {
    const { url } = await startController({
      [`DELETE /api/v1/tokens/${token.id}`]: () => ({ status: 503, body: problem('database_unavailable') }),
    });
    const folder = emptyFolder();
    keep(folder, { url, token: secret, tokenId: token.id });
    expect((await wirebook(['logout'], { folder })).exitCode).toBe(1);
    expect(existsSync(fileIn(folder))).toBe(true);
  });
});

describe('tokens', () => {
  test('are listed, made and revoked', async () => {
    const { url, seen } = await startController({
      'GET /api/v1/tokens': () => page([token]),
      'POST /api/v1/tokens': () => ({ status: 201, body: { ...token, token: secret } }),
      'DELETE /api/v1/tokens/script': () => ({ status: 204 }),
    });
    const list = await wirebook(['token', 'list', '--all', '--role', 'operator'], { url });
    expect(list.out).toContain('script');
    expect(Object.fromEntries(seen[0]?.query ?? [])).toMatchObject({ all: 'true', role: 'operator' });
    const made = await wirebook(['token', 'create', 'script', '--role', 'operator', '-o', 'json'], { url });
    expect(JSON.parse(made.out)).toEqual({ ...token, token: secret });
    expect(made.messages).not.toContain(secret);
    expect(seen[1]?.body).toEqual({ name: 'script', role: 'operator' });
    const revoked = await wirebook(['token', 'revoke', 'script'], { url });
    expect([revoked.exitCode, revoked.messages]).toEqual([0, 'Revoked: script\n']);
  });
});

test('a sign-in link is made for oneself or somebody named', async () => {
  const link = {
    url: 'https://wirebook.example/sign-in#link=abc',
    user: { id: idOf(8), name: 'admin' },
    expiresAt: '2026-01-02T03:04:05.000Z',
  };
  const { url, seen } = await startController({
    'POST /api/v1/sign-in-links': () => ({ status: 201, body: link }),
  });
  expect((await wirebook(['user', 'link'], { url })).out).toContain(link.url);
  await wirebook(['user', 'link', 'admin'], { url });
  expect(seen.map(({ body }) => body)).toEqual([{}, { user: 'admin' }]);
});
