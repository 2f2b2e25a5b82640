import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problem, startController } from './support/controller.ts';
import { statusBody } from './support/objects.ts';
import { emptyFolder, wirebook } from './support/terminal.ts';

const routes = { 'GET /api/v1/status': () => ({ body: statusBody() }) };

function keep(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
}

describe('the controller and its token come from', () => {
  test('what the controller wrote into ./.wirebook', async () => {
    const { url, seen } = await startController(routes);
    const folder = emptyFolder();
    keep(join(folder, '.wirebook/cli.json'), { url, token: 'local' });
    expect((await wirebook(['status'], { folder })).exitCode).toBe(0);
    expect(seen[0]?.headers.authorization).toBe('Bearer local');
  });

  test('WIREBOOK_DATA before the home folder', async () => {
    const { url, seen } = await startController(routes);
    const folder = emptyFolder();
    keep(join(folder, 'data/cli.json'), { url, token: 'data' });
    keep(join(folder, '.config/wirebook/cli.json'), { url, token: 'home' });
    await wirebook(['status'], { folder, environment: { WIREBOOK_DATA: 'data' } });
    expect(seen[0]?.headers.authorization).toBe('Bearer data');
  });

  test('the environment before files, and flags before the environment', async () => {
    const { url, seen } = await startController(routes);
    const folder = emptyFolder();
    keep(join(folder, '.wirebook/cli.json'), { url: 'http://127.0.0.1:1', token: 'local' });
    const environment = { WIREBOOK_URL: `${url}/`, WIREBOOK_TOKEN: 'environment' };
    await wirebook(['status'], { folder, environment });
    await wirebook(['status', '--token', 'flag'], { folder, environment });
    await wirebook(['status', '--url', url], { folder, environment: { WIREBOOK_URL: 'http://127.0.0.1:1' } });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer environment',
      'Bearer flag',
      undefined,
    ]);
  });

  test('a token that was kept for one URL is never shown to another', async () => {
    const { url, seen } = await startController(routes);
    const folder = emptyFolder();
    keep(join(folder, '.wirebook/cli.json'), { url: 'http://127.0.0.1:1', token: 'local' });
    keep(join(folder, '.config/wirebook/cli.json'), { url, token: 'home' });
    await wirebook(['status', '--url', url], { folder });
    expect(seen[0]?.headers.authorization).toBe('Bearer home');
  });

  test('a file that holds something else is named, not its content', async () => {
    const folder = emptyFolder();
    keep(join(folder, '.wirebook/cli.json'), '{"token": "half-written');
    const { exitCode, messages } = await wirebook(['status'], { folder });
    expect(exitCode).toBe(1);
    expect(messages).toContain(join(folder, '.wirebook/cli.json'));
    expect(messages).not.toContain('half-written');
  });
});

describe('login', () => {
  test('tries the token, then keeps it where only its owner can read it', async () => {
    const { url, seen } = await startController(routes);
    const folder = emptyFolder();
    const { exitCode, out, messages } = await wirebook(['login', '--url', `${url}/`, '--token-stdin'], {
      folder,
      input: 'tok-1\n',
    });
    expect(exitCode).toBe(0);
    expect(seen[0]?.headers.authorization).toBe('Bearer tok-1');
    const path = join(folder, '.config/wirebook/cli.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ url, token: 'tok-1' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(out + messages).not.toContain('tok-1');
    expect((await wirebook(['status'], { folder })).exitCode).toBe(0);
  });

  test('keeps nothing that the controller refuses, and what was kept before stays', async () => {
    const { url } = await startController({
      'GET /api/v1/status': () => ({ status: 401, body: problem('unauthorized') }),
    });
    const folder = emptyFolder();
    const path = join(folder, '.config/wirebook/cli.json');
    keep(path, { url: 'http://127.0.0.1:1', token: 'before' });
    const { exitCode } = await wirebook(['login', '--url', url, '--token-stdin'], { folder, input: 'bad' });
    expect(exitCode).toBe(1);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ url: 'http://127.0.0.1:1', token: 'before' });
  });
});
