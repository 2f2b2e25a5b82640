import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const read = (env: Record<string, string | undefined> = {}, args: readonly string[] = []) =>
  readConfig({ args, env, cwd: '/somewhere' });
const refuse = (env: Record<string, string>, args: readonly string[] = []): string => {
  try {
    read(env, args);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the settings were taken');
};

describe('settings', () => {
  test('that are not given are those of a first start', () => {
    expect(read()).toEqual({
      listen: { host: '127.0.0.1', port: 8787 },
      data: '/somewhere/.wirebook',
      databaseUrl: null,
      secretKey: null,
      log: 'info',
      publicUrl: null,
      trustedProxies: [],
      adminPassword: null,
      openMetrics: false,
      operationsPerAccount: 8,
      vcenterPatience: 300,
    });
    expect(read({ WIREBOOK_LISTEN: '', DATABASE_URL: '', WIREBOOK_LOG: '' })).toEqual(read());
  });

  test('are taken from the environment, and a flag wins over it', () => {
    const env = {
      WIREBOOK_LISTEN: '[::1]:0',
      WIREBOOK_DATA: '/data',
      DATABASE_URL: 'postgresql://wirebook:x@db.example/wirebook',
      WIREBOOK_SECRET_KEY: '0123456789abcdef',
      WIREBOOK_LOG: 'debug',
      WIREBOOK_PUBLIC_URL: 'https://wirebook.example/',
      WIREBOOK_TRUSTED_PROXIES: '10.0.0.7, fd00::/64',
      WIREBOOK_ADMIN_PASSWORD: 'twelve signs',
      WIREBOOK_METRICS_OPEN: 'true',
      WIREBOOK_OPERATIONS_PER_ACCOUNT: '16',
      WIREBOOK_VCENTER_PATIENCE: '60',
    };
    expect(read(env)).toEqual({
      listen: { host: '::1', port: 0 },
      data: '/data',
      databaseUrl: env.DATABASE_URL,
      secretKey: env.WIREBOOK_SECRET_KEY,
      log: 'debug',
      publicUrl: 'https://wirebook.example',
      trustedProxies: ['10.0.0.7', 'fd00::/64'],
      adminPassword: 'twelve signs',
      openMetrics: true,
      operationsPerAccount: 16,
      vcenterPatience: 60,
    });
    expect(
      read(env, ['--listen', '0.0.0.0:80', '--data', 'here', '--log=warn', '--open-metrics=false']),
    ).toMatchObject({
      listen: { host: '0.0.0.0', port: 80 },
      data: '/somewhere/here',
      log: 'warn',
      openMetrics: false,
    });
  });

  test.each([
    ['WIREBOOK_LISTEN', 'localhost'],
    ['WIREBOOK_OPERATIONS_PER_ACCOUNT', '0'],
    ['WIREBOOK_OPERATIONS_PER_ACCOUNT', '129'],
    ['WIREBOOK_VCENTER_PATIENCE', '1.5'],
    ['WIREBOOK_VCENTER_PATIENCE', 'long'],
    ['WIREBOOK_LISTEN', ':80'],
    ['WIREBOOK_LISTEN', '127.0.0.1:65536'],
    ['WIREBOOK_LISTEN', '::1:80'],
    ['WIREBOOK_LISTEN', '127.0.0.1:http'],
    ['WIREBOOK_LOG', 'loud'],
    ['WIREBOOK_METRICS_OPEN', 'yes'],
    ['WIREBOOK_TRUSTED_PROXIES', 'proxy.example'],
  ])('that are wrong are errors that name them: %s=%s', (name, value) => {
    const message = refuse({ [name]: value });
    expect(message.startsWith(`${name}: `)).toBe(true);
    expect(message).toContain(`"${value}"`);
  });

  test.each([
    ['DATABASE_URL', 'mysql://root:hidden-1@db/wirebook'],
    ['DATABASE_URL', 'hidden-1@db/wirebook'],
    ['WIREBOOK_SECRET_KEY', 'hidden-1'],
    ['WIREBOOK_ADMIN_PASSWORD', 'hidden-1'],
    ['WIREBOOK_PUBLIC_URL', 'ftp://me:hidden-1@wirebook.example'],
    ['WIREBOOK_PUBLIC_URL', 'https://wirebook.example/hidden-1'],
  ])('that are wrong and may be secret are named and not repeated: %s', (name, value) => {
    const message = refuse({ [name]: value });
    expect(message.startsWith(`${name}: `)).toBe(true);
    expect(message).not.toContain('hidden-1');
  });

  test('that are wrong as flags are named as flags', () => {
    expect(refuse({}, ['--log', 'loud'])).toMatch(/^--log: /);
    expect(refuse({}, ['--listen', 'x'])).toMatch(/^--listen: /);
    expect(refuse({}, ['--secret-key', 'hidden-1'])).toMatch(/^--secret-key: (?!.*hidden-1)/);
    expect(refuse({}, ['--lsiten', 'x'])).toContain('--listen');
    expect(refuse({}, ['start'])).toContain('--listen');
  });
});
