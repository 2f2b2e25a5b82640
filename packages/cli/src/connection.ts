import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Translate } from '@wirebook/contract';
import { Failed, WrongUsage } from './failures.ts';
import { isObject } from './output/fields.ts';
import type { Terminal } from './terminal.ts';

export interface Connection {
  /** Origin and base path of the controller, without a slash at its end. */
  readonly url: string;
  readonly token: string | null;
  /** Where the URL was found, for `doctor`. */
  readonly source: string;
}

interface Remembered {
  readonly url: string;
  readonly token: string | null;
  readonly path: string;
}

/**
 * Where the controller is and what to show it: flags, then WIREBOOK_URL and WIREBOOK_TOKEN, then what a controller on this
 * machine wrote into its data folder, then what `login` kept. A kept token is only ever sent to the URL it was kept with.
 */
export async function findConnection(
  terminal: Terminal,
  flags: { url?: string | undefined; token?: string | undefined },
  t: Translate,
): Promise<Connection> {
  const { environment } = terminal;
  const remembered = await readRemembered(terminal, t);
  const named = flags.url ?? (environment['WIREBOOK_URL'] || undefined);
  const url = named === undefined ? remembered[0]?.url : checkUrl(named, t);
  if (url === undefined) throw new Failed(t('cli.connection.unknown'), t('cli.connection.unknownRemedy'));
  const kept = remembered.find((entry) => entry.url === url);
  return {
    url,
    token: flags.token ?? (environment['WIREBOOK_TOKEN'] || undefined) ?? kept?.token ?? null,
    source: flags.url !== undefined ? '--url' : named !== undefined ? 'WIREBOOK_URL' : (kept?.path ?? ''),
  };
}

/** An http or https URL without credentials, as text without a slash at its end. */
export function checkUrl(text: string, t: Translate): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username !== '' ||
    url.password !== ''
  )
    throw new WrongUsage(t('cli.connection.badUrl', { url: text }));
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** The file that `login` writes: under XDG_CONFIG_HOME, or ~/.config. */
export function loginFile(terminal: Terminal): string {
  const folder = terminal.environment['XDG_CONFIG_HOME'] || join(terminal.homeFolder, '.config');
  return join(folder, 'wirebook', 'cli.json');
}

async function readRemembered(terminal: Terminal, t: Translate): Promise<Remembered[]> {
  const data = resolve(terminal.workingFolder, terminal.environment['WIREBOOK_DATA'] || '.wirebook');
  const entries: Remembered[] = [];
  for (const path of [join(data, 'cli.json'), loginFile(terminal)]) {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw new Failed(t('cli.connection.unreadable', { path, cause: error.code }));
    });
    if (text !== null) entries.push({ ...parseRemembered(text, path, t), path });
  }
  return entries;
}

function parseRemembered(text: string, path: string, t: Translate): { url: string; token: string | null } {
  const unusable = new Failed(t('cli.connection.unusable', { path }), t('cli.connection.unusableRemedy'));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unusable;
  }
  if (!isObject(value) || typeof value['url'] !== 'string') throw unusable;
  return {
    url: checkUrl(value['url'], t),
    token: typeof value['token'] === 'string' ? value['token'] : null,
  };
}
