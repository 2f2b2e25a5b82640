import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../support/controller.ts';
import { env, openAdministrator, password } from './visitor.ts';

let controller: TestController;
let cookie: string;
beforeAll(async () => {
  controller = await startTestController({
    env: { ...env, WIREBOOK_PUBLIC_URL: 'http://wirebook.example' },
  });
  cookie = (await openAdministrator(controller)).cookie();
});
afterAll(() => controller.stop());

/** As a browser would send it from somewhere; without `authorization` unless given. */
async function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<{ status: number; code: unknown }> {
  const response = await fetch(new URL(path, controller.url), {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answered: { code?: unknown } = JSON.parse(text === '' ? '{}' : text);
  return { status: response.status, code: answered.code ?? null };
}

const own = (): string => controller.url;
const foreign: [string, () => Record<string, string>][] = [
  ['another site', () => ({ 'sec-fetch-site': 'cross-site' })],
  ['another port of this host', () => ({ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' })],
  ['no page at all', () => ({ 'sec-fetch-site': 'none' })],
  ['another site that names us as origin', () => ({ 'sec-fetch-site': 'cross-site', origin: own() })],
  ['an old browser on another site', () => ({ origin: 'https://evil.example' })],
  ['an old browser on another port', () => ({ origin: 'http://127.0.0.1:1' })],
  ['an old browser on a page of no origin', () => ({ origin: 'null' })],
  ['somebody who says nothing', () => ({})],
];
const ours: [string, () => Record<string, string>][] = [
  ['the page', () => ({ 'sec-fetch-site': 'same-origin' })],
  ['the page in an old browser', () => ({ origin: own() })],
  ['the page at its public address', () => ({ origin: 'http://wirebook.example' })],
];

describe('a request that changes something, with a cookie', () => {
  test.each(foreign)('is refused from %s', async (_, headers) => {
    for (const [method, path, body] of [
      ['POST', '/api/v1/address-spaces', { name: 'stolen' }],
      ['PATCH', '/api/v1/address-spaces/default', { name: 'stolen' }],
      ['PUT', '/api/v1/session/password', { current: password, password: 'Stolen-Horse-1' }],
      ['DELETE', '/api/v1/session', undefined],
    ] as const)
      expect(await send(method, path, { cookie, ...headers() }, body)).toEqual({
        status: 403,
        code: 'cross_site',
      });
  });

  test.each(ours)('is let through from %s', async (_, headers) => {
    const name = `space-${Math.random()}`;
    expect(await send('POST', '/api/v1/address-spaces', { cookie, ...headers() }, { name })).toEqual({
      status: 201,
      code: null,
    });
  });
});

describe('signing in', () => {
  test.each(foreign)(
    'is refused from %s, so that nobody is signed in as somebody else',
    async (_, headers) => {
      const body = { username: 'admin', password };
      expect(await send('POST', '/api/v1/session', headers(), body)).toEqual({
        status: 403,
        code: 'cross_site',
      });
    },
  );
  test.each(ours)('is let through from %s', async (_, headers) => {
    expect(await send('POST', '/api/v1/session', headers(), { username: 'admin', password })).toEqual({
      status: 200,
      code: null,
    });
  });
});

test('a request that only reads, or that carries a token, may come from anywhere', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  expect((await send('GET', '/api/v1/status', { cookie, ...headers })).status).toBe(200);
  const authorization = `Bearer ${controller.token}`;
  const made = await send(
    'POST',
    '/api/v1/address-spaces',
    { authorization, ...headers },
    { name: 'by-token' },
  );
  expect(made.status).toBe(201);
  // No other site may read the answer: nothing allows it.
  const answer = await fetch(new URL('/api/v1/status', controller.url), { headers: { cookie, ...headers } });
  expect(answer.headers.get('access-control-allow-origin')).toBe(null);
});

test('a wrong token is not made good by a cookie', async () => {
  const answer = await send('GET', '/api/v1/status', { cookie, authorization: 'Bearer wb_wrong' });
  expect(answer).toEqual({ status: 401, code: 'unauthorized' });
});
