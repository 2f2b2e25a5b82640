import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Translate } from '@wirebook/contract';
import { type Api, dataOf, openApi, requireDone } from './api.ts';
import { loginFile } from './connection.ts';
import { isObject } from './output/fields.ts';
import type { Shell } from './session.ts';
import type { Terminal } from './terminal.ts';

/** What `login` keeps. The id is that of a token it made: such a one is revoked by `logout`. */
export interface KeptLogin {
  readonly url: string;
  readonly token: string;
  readonly tokenId?: string;
}

/** Signs in for as long as it takes to make a token for this machine. */
export async function makeToken(
  shell: Shell,
  url: string,
  who: { username: string; password: string },
): Promise<KeptLogin> {
  const { t, language } = shell;
  const open = (headers: Record<string, string>): Api =>
    openApi({ url, token: null, source: '--url' }, language, t, {
      // Whoever comes with a cookie says where from, as a browser does.
      Origin: new URL(url).origin,
      ...headers,
    });
  const answer = await open({}).POST('/api/v1/session', { body: who });
  dataOf(answer, t);
  const cookie = answer.response.headers.getSetCookie().map((set) => set.split(';')[0]);
  const api = open({ Cookie: cookie.join('; ') });
  try {
    const name = `wirebook on ${hostname().replaceAll(/\p{Cc}/gu, '')}`.slice(0, 128).trim();
    const made = dataOf(await api.POST('/api/v1/tokens', { body: { name } }), t);
    return { url, token: made.token, tokenId: made.id };
  } finally {
    requireDone(await api.DELETE('/api/v1/session'), t);
  }
}

export async function keepLogin(terminal: Terminal, kept: KeptLogin): Promise<string> {
  const path = loginFile(terminal);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Written beside and moved over, so that the file is whole and never open to others.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
  return path;
}

/** What an earlier `login` kept; null where nothing is, or nothing that can be read. */
export async function readLogin(terminal: Terminal): Promise<KeptLogin | null> {
  const text = await readFile(loginFile(terminal), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const kept: unknown = JSON.parse(text);
    if (!isObject(kept) || typeof kept['url'] !== 'string' || typeof kept['token'] !== 'string') return null;
    const { url, token, tokenId } = kept;
    return { url, token, ...(typeof tokenId === 'string' && { tokenId }) };
  } catch {
    return null;
  }
}

export async function forgetLogin(terminal: Terminal): Promise<string> {
  const path = loginFile(terminal);
  await rm(path, { force: true });
  return path;
}

/** Revokes a token that `login` made. One that does not hold any more needs no revoking. */
export async function revokeLogin(
  shell: Shell,
  kept: KeptLogin,
  t: Translate,
): Promise<'revoked' | 'not_ours' | 'ended'> {
  if (kept.tokenId === undefined) return 'not_ours';
  const api = openApi({ url: kept.url, token: kept.token, source: '' }, shell.language, t);
  const answer = await api.DELETE('/api/v1/tokens/{id}', { params: { path: { id: kept.tokenId } } });
  if ([401, 404].includes(answer.response.status)) return 'ended';
  requireDone(answer, t);
  return 'revoked';
}
