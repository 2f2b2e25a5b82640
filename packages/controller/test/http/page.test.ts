import { mkdir, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestController, type TestController } from '../support/controller.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const html =
  '<!doctype html><title>Wirebook</title><script type="module" src="/assets/index-1a.js"></script>';
const script = `${'// long enough to be worth it\n'.repeat(100)}performance.mark('wirebook-usable');\n`;
const secret = 'nobody may read this';

/** As a browser asks when somebody opens a link. */
const looking = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends the path as it is written: `fetch` would tidy it first. */
function ask(
  controller: TestController,
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answered> {
  const { hostname, port } = new URL(controller.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('a controller with a built page', () => {
  let controller: TestController;
  let folder: Awaited<ReturnType<typeof createTemporaryFolder>>;

  beforeAll(async () => {
    folder = await createTemporaryFolder();
    const dist = join(folder.path, 'dist');
    await mkdir(join(dist, 'assets'), { recursive: true });
    await mkdir(join(dist, '.vite'));
    await writeFile(join(folder.path, 'secret.txt'), secret);
    await writeFile(join(dist, '.vite/manifest.json'), '{}');
    await writeFile(join(dist, '.wirebook-built'), secret);
    await writeFile(join(dist, 'index.html'), html);
    await writeFile(join(dist, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const asset = join(dist, 'assets/index-1a.js');
    await writeFile(asset, script);
    await writeFile(`${asset}.gz`, gzipSync(script));
    await writeFile(`${asset}.br`, brotliCompressSync(script));
    controller = await startTestController({ pageFolder: dist });
  });
  afterAll(async () => {
    await controller?.stop();
    await folder?.remove();
  });

  test('serves the document at the root, which a browser asks for anew each time and keeps while it is the same', async () => {
    const first = await ask(controller, '/');
    expect(first.status).toBe(200);
    expect(first.body.toString()).toBe(html);
    expect(first.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    const again = await ask(controller, '/', { headers: { 'if-none-match': first.headers.etag ?? '' } });
    expect(again.status).toBe(304);
    expect(again.headers['cache-control']).toBe('no-cache');
    expect(again.body.length).toBe(0);
  });

  test('lets the document load and reach nothing but this controller, and nobody put it in a frame', async () => {
    for (const path of ['/', '/servers']) {
      const { headers } = await ask(controller, path, { headers: looking });
      expect(headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
      });
      expect(String(headers['content-security-policy']).split('; ')).toEqual(
        expect.arrayContaining([
          "default-src 'self'",
          "script-src 'self'",
          "connect-src 'self'",
          "frame-ancestors 'none'",
          "base-uri 'none'",
          "form-action 'self'",
        ]),
      );
    }
  });

  test('sends an asset in the form that the browser takes, to be kept for good', async () => {
    const path = '/assets/index-1a.js';
    const plain = await ask(controller, path);
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'application/javascript; charset=utf-8',
      vary: 'accept-encoding',
    });
    expect(plain.body.toString()).toBe(script);
    const small = await ask(controller, path, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
    expect(small.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'application/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(brotliDecompressSync(small.body).toString()).toBe(script);
    const older = await ask(controller, path, { headers: { 'accept-encoding': 'gzip' } });
    expect(older.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(older.body).toString()).toBe(script);
    // What has no such form goes as it is.
    const icon = await ask(controller, '/icon.svg', { headers: { 'accept-encoding': 'br' } });
    expect(icon.headers['content-encoding']).toBeUndefined();
    expect(icon.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'cache-control': 'no-cache' });
  });

  test.each([
    '/servers',
    '/networks/0198c0de-1111?state=free&from=10.0.0.1',
    '/addresses/10.0.0.1',
    '/apiary',
  ])('answers the document where somebody opens %s', async (path) => {
    const opened = await ask(controller, path, { headers: looking });
    expect(opened).toMatchObject({ status: 200, headers: { 'cache-control': 'no-cache' } });
    expect(opened.body.toString()).toBe(html);
    const head = await ask(controller, path, { method: 'HEAD', headers: looking });
    expect(head).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-length': String(html.length) },
    });
    expect(head.body.length).toBe(0);
  });

  test.each([
    '/api',
    '/api/v1/novelties',
    '/docs/problems/novel',
    '/healthz/more',
    '/openapi.json/more',
    '/assets/index-2b.js',
    '/assets/',
  ])('has nothing at %s, whoever asks', async (path) => {
    const { status, headers } = await ask(controller, path, { headers: looking });
    expect(status).toBe(404);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    });
  });

  test('answers a program that asks for an unknown path, or sends something to one, by a problem', async () => {
    for (const accept of ['application/json', '*/*'])
      expect((await ask(controller, '/servers', { headers: { accept } })).status).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await ask(controller, '/servers', { method, headers: looking })).status).toBe(404);
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/..%252f..%252fsecret.txt',
    '//secret.txt',
    '/.wirebook-built',
    '/%2ewirebook-built',
    '/.vite/manifest.json',
    '/assets/%00',
    '/assets/%ff',
  ])('shows no file by the path %s', async (path) => {
    for (const headers of [{ accept: '*/*' }, looking]) {
      const { status, body } = await ask(controller, path, { headers });
      expect(body.toString()).not.toContain(secret);
      // The document, where somebody looks; never a file, and never a fault of ours.
      if (status === 200) expect(body.toString()).toBe(html);
      else expect([400, 404]).toContain(status);
    }
  });

  test('refuses odd conditions without a fault of its own', async () => {
    const path = '/assets/index-1a.js';
    const range = await ask(controller, path, { headers: { range: 'bytes=9000000-' } });
    expect(range.status).toBe(200);
    const matching = await ask(controller, path, { headers: { 'if-match': '"another"' } });
    expect(matching.status).toBe(400);
  });

  test('keeps nothing of the API in any cache', async () => {
    const wires = await controller.call('GET', '/api/v1/wires');
    expect(wires.headers.get('cache-control')).toBe('no-store');
    expect((await ask(controller, '/healthz')).headers['cache-control']).toBe('no-store');
  });
});

test('a controller whose page is not built says in both languages how to build it, and serves the API', async () => {
  const folder = await createTemporaryFolder();
  await using controller = await startTestController({ pageFolder: join(folder.path, 'dist') });
  for (const path of ['/', '/servers']) {
    const { status, headers, body } = await ask(controller, path, { headers: looking });
    expect(status).toBe(503);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body.toString()).toMatch(/lang="en">.*npm run page.*lang="zh">.*npm run page/s);
  }
  expect((await controller.call('GET', '/api/v1/wires')).status).toBe(200);
  expect((await ask(controller, '/assets/index-1a.js', { headers: looking })).status).toBe(404);
  await folder.remove();
});
