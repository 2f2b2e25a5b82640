import type { ProblemBody, SignedIn } from '@wirebook/contract';
import type { Answer, Body_, TestController } from '../support/controller.ts';

export const password = 'Correct-Horse-7731';
/** A controller whose administrator has that password, and that believes a proxy on this machine, so that each test has an address of its own. */
export const env = { WIREBOOK_ADMIN_PASSWORD: password, WIREBOOK_TRUSTED_PROXIES: '127.0.0.1' };

/** Somebody with a browser: keeps cookies and says which page asks. */
export interface Visitor {
  readonly cookie: () => string;
  readonly send: <T = Body_>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer<T>>;
  readonly signIn: (body: unknown) => Promise<Answer<SignedIn & Partial<ProblemBody>>>;
}

let visitors = 0;

/** A visitor from an address that no other one has, unless one is given. */
export function openVisitor(controller: Pick<TestController, 'url'>, address?: string): Visitor {
  visitors += 1;
  const from = address ?? `192.0.2.${visitors}`;
  const jar = new Map<string, string>();
  const cookie = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const send: Visitor['send'] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(new URL(path, controller.url), {
      method,
      headers: {
        'x-forwarded-for': from,
        'sec-fetch-site': 'same-origin',
        ...(jar.size > 0 && { cookie: cookie() }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const text = await response.text();
    const answered: T = JSON.parse(text === '' ? '{}' : text);
    return { status: response.status, headers: response.headers, body: answered };
  };
  return { cookie, send, signIn: (body) => send('POST', '/api/v1/session', body) };
}

/** Somebody who is signed in as the administrator. */
export async function openAdministrator(controller: Pick<TestController, 'url'>): Promise<Visitor> {
  const visitor = openVisitor(controller);
  const { status } = await visitor.signIn({ username: 'admin', password });
  if (status !== 200) throw new Error(`the administrator could not sign in: ${status}`);
  return visitor;
}

/** What stands behind `#link=`. */
export function linkIn(url: string | null | undefined): string {
  const link = /\/sign-in#link=([\w-]{43})$/.exec(url ?? '')?.[1];
  if (link === undefined) throw new Error('no sign-in link');
  return link;
}
