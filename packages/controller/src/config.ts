import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PASSWORD_AT_LEAST, PASSWORD_AT_MOST } from '@wirebook/contract';
import { parseAddress, parsePrefix } from './domain/addresses.ts';

/** What a start can be told, by environment or by flag; a flag wins. */
export interface Config {
  readonly listen: { readonly host: string; readonly port: number };
  /** Absolute path of the data folder. */
  readonly data: string;
  /** Null: the embedded database in the data folder. */
  readonly databaseUrl: string | null;
  /** Null: a key made once and kept in the data folder. */
  readonly secretKey: string | null;
  readonly log: LogLevel;
  /** Where people reach the controller, without a slash at its end; null: where it listens. */
  readonly publicUrl: string | null;
  /** Addresses and prefixes of the proxies whose word is taken for where a request comes from. */
  readonly trustedProxies: readonly string[];
  /** Null: the first administrator comes in by a link. */
  readonly adminPassword: string | null;
  readonly openMetrics: boolean;
  /** How many operations of one account are under way at a time, over all controllers. */
  readonly operationsPerAccount: number;
  /** Seconds for which a step of an operation is tried again while vCenter can't be reached. */
  readonly vcenterPatience: number;
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A setting that can't be taken: which, and what it should be. Its value is not repeated where it is a secret. */
export class ConfigError extends Error {
  constructor(setting: string, expected: string) {
    super(`${setting}: ${expected}`);
    this.name = 'ConfigError';
  }
}

const flags = {
  listen: { type: 'string' },
  data: { type: 'string' },
  'database-url': { type: 'string' },
  'secret-key': { type: 'string' },
  log: { type: 'string' },
  'public-url': { type: 'string' },
  'trusted-proxies': { type: 'string' },
  'admin-password': { type: 'string' },
  'open-metrics': { type: 'string' },
  'operations-per-account': { type: 'string' },
  'vcenter-patience': { type: 'string' },
} as const;

const names = {
  listen: 'WIREBOOK_LISTEN',
  data: 'WIREBOOK_DATA',
  'database-url': 'DATABASE_URL',
  'secret-key': 'WIREBOOK_SECRET_KEY',
  log: 'WIREBOOK_LOG',
  'public-url': 'WIREBOOK_PUBLIC_URL',
  'trusted-proxies': 'WIREBOOK_TRUSTED_PROXIES',
  'admin-password': 'WIREBOOK_ADMIN_PASSWORD',
  'open-metrics': 'WIREBOOK_METRICS_OPEN',
  'operations-per-account': 'WIREBOOK_OPERATIONS_PER_ACCOUNT',
  'vcenter-patience': 'WIREBOOK_VCENTER_PATIENCE',
} as const;

const SECRET_AT_LEAST = 16;

/** Reads the settings. Throws `ConfigError` naming the one that is wrong. */
export function readConfig(options: {
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
}): Config {
  const given = readFlags(options.args);
  const setting = (name: keyof typeof flags): { value: string | undefined; label: string } => {
    const flag = given[name];
    if (flag !== undefined) return { value: flag, label: `--${name}` };
    const value = options.env[names[name]];
    return { value: value === '' ? undefined : value, label: names[name] };
  };
  const data = setting('data').value ?? '.wirebook';
  return {
    listen: readListen(setting('listen')),
    data: isAbsolute(data) ? data : resolve(options.cwd, data),
    databaseUrl: readDatabaseUrl(setting('database-url')),
    secretKey: readSecret(setting('secret-key')),
    log: readLog(setting('log')),
    publicUrl: readPublicUrl(setting('public-url')),
    trustedProxies: readProxies(setting('trusted-proxies')),
    adminPassword: readPassword(setting('admin-password')),
    openMetrics: readBoolean(setting('open-metrics')),
    operationsPerAccount: readNumber(setting('operations-per-account'), { least: 1, most: 128, absent: 8 }),
    vcenterPatience: readNumber(setting('vcenter-patience'), { least: 1, most: 86_400, absent: 300 }),
  };
}

function readFlags(args: readonly string[]): Partial<Record<keyof typeof flags, string>> {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const known = Object.keys(flags)
      .map((name) => `--${name}`)
      .join(', ');
    throw new ConfigError(error instanceof Error ? error.message : 'flags', `flags are ${known}`);
  }
}

type Setting = { value: string | undefined; label: string };

function readListen({ value = '127.0.0.1:8787', label }: Setting): Config['listen'] {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(value);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port > 65535)
    throw new ConfigError(label, `"${value}" is not HOST:PORT, as in 127.0.0.1:8787 or [::1]:8787`);
  return { host, port };
}

function readDatabaseUrl({ value, label }: Setting): string | null {
  if (value === undefined) return null;
  if (!URL.canParse(value) || !/^postgres(?:ql)?:$/.test(new URL(value).protocol))
    throw new ConfigError(label, 'must be a URL such as postgresql://user:password@host:5432/wirebook');
  return value;
}

function readSecret({ value, label }: Setting): string | null {
  if (value === undefined) return null;
  if (value.length < SECRET_AT_LEAST)
    throw new ConfigError(label, `must have at least ${SECRET_AT_LEAST} characters`);
  return value;
}

function readPublicUrl({ value, label }: Setting): string | null {
  if (value === undefined) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  // The page lies at the root of its host.
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.href !== `${url.origin}/`)
    throw new ConfigError(label, 'must be a URL without a path, such as https://wirebook.example');
  return url.origin;
}

function readProxies({ value, label }: Setting): string[] {
  const proxies = (value ?? '').split(',').map((proxy) => proxy.trim());
  if (value === undefined) return [];
  for (const proxy of proxies)
    if (parseAddress(proxy) === null && parsePrefix(proxy) === null)
      throw new ConfigError(
        label,
        `"${proxy}" is neither an address nor a prefix, as in 10.1.2.3 or 10.1.2.0/24`,
      );
  return proxies;
}

function readPassword({ value, label }: Setting): string | null {
  if (value === undefined) return null;
  if (value.length < PASSWORD_AT_LEAST || value.length > PASSWORD_AT_MOST)
    throw new ConfigError(label, `must have ${PASSWORD_AT_LEAST} to ${PASSWORD_AT_MOST} characters`);
  return value;
}

function readLog({ value = 'info', label }: Setting): LogLevel {
  const level = logLevels.find((known) => known === value);
  if (level === undefined) throw new ConfigError(label, `"${value}" is none of ${logLevels.join(', ')}`);
  return level;
}

function readBoolean({ value = 'false', label }: Setting): boolean {
  if (value !== 'true' && value !== 'false')
    throw new ConfigError(label, `"${value}" is neither true nor false`);
  return value === 'true';
}

function readNumber(
  { value, label }: Setting,
  range: { least: number; most: number; absent: number },
): number {
  if (value === undefined) return range.absent;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < range.least || number > range.most)
    throw new ConfigError(label, `"${value}" is no whole number from ${range.least} to ${range.most}`);
  return number;
}
