import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../app/actor.ts';
import { Problem } from '../app/problem.ts';
import { findToken } from '../store/api-tokens.ts';
import { findUserById } from '../store/users.ts';
import { type App, hashToken, type RouteParts } from './app.ts';
import type { KnownCaller } from './callers.ts';
import { isSameOrigin } from './same-origin.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: KnownCaller | null;
  }
  interface FastifyContextConfig {
    /** The least role that may call the route; reading takes viewer, anything else operator, unless the route says so. */
    role?: Actor['role'];
    /** Asked by whoever is not known yet. */
    open?: boolean;
    /** The answer is a secret: it is not kept to be given again for an `Idempotency-Key`. */
    unkept?: boolean;
  }
}

const rank = { viewer: 0, operator: 1, administrator: 2 } as const;
export const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Lets requests through that carry a known token or the cookie of a session, and only to what its role may do. */
export function authenticate(app: App, parts: RouteParts): void {
  const remembered = parts.callers;

  const byToken = async (token: string): Promise<KnownCaller | null> => {
    if (token.length > 512) return null;
    const hash = hashToken(token);
    const key = `token ${hash.toString('base64')}`;
    const known = remembered.recall(key);
    if (known !== null) return known;
    const keep = remembered.begin(key);
    const found = await findToken(parts.db, hash);
    if (found === null) return null;
    const { id, name, role, expiresAt, userId, username } = found;
    const actor = { name: username === null ? name : `${username}/${name}`, role };
    const caller: KnownCaller = { actor, userId, token: { id, name }, expiresAt, session: null };
    keep(caller);
    return caller;
  };

  const byCookie = async (request: FastifyRequest, reply: FastifyReply): Promise<KnownCaller | null> => {
    const cookie = parts.signInEngine.cookieOf(request.headers.cookie);
    if (cookie === null) return null;
    const key = `cookie ${hashToken(cookie).toString('base64')}`;
    const known = remembered.recall(key);
    if (known !== null) return known;
    const keep = remembered.begin(key);
    const session = await parts.signInEngine.readSession(cookie);
    const user = session === null ? null : await findUserById(parts.db, session.userId);
    if (session === null || user === null || user.disabled) return null;
    if (session.cookies.length > 0) reply.header('set-cookie', session.cookies);
    const caller: KnownCaller = {
      actor: { name: user.username, role: user.role },
      userId: user.id,
      token: null,
      expiresAt: session.expiresAt,
      session: { cookie, token: session.token },
    };
    keep(caller);
    return caller;
  };

  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request, reply) => {
    const { role, open } = request.routeOptions.config;
    if (open === true) {
      // Else another site could sign its visitors in here as somebody else.
      if (!isSameOrigin(request, parts.publicUrl)) throw new Problem('cross_site');
      return;
    }
    const authorization = request.headers.authorization;
    const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    const caller =
      bearer !== undefined
        ? await byToken(bearer)
        : authorization === undefined
          ? await byCookie(request, reply)
          : null;
    if (caller === null) throw new Problem('unauthorized');
    if (
      caller.session !== null &&
      !SAFE_METHODS.has(request.method) &&
      !isSameOrigin(request, parts.publicUrl)
    )
      throw new Problem('cross_site');
    const needed = role ?? (SAFE_METHODS.has(request.method) ? 'viewer' : 'operator');
    if (rank[caller.actor.role] < rank[needed])
      throw new Problem('forbidden', { role: caller.actor.role, needed });
    request.caller = caller;
  });
}

/** Who asks and by what. Only behind `authenticate`. */
export function callerOf(request: FastifyRequest): KnownCaller {
  if (request.caller === null) throw new Problem('unauthorized');
  return request.caller;
}

/** Who asks. Only behind `authenticate`. */
export function actorOf(request: FastifyRequest): Actor {
  return callerOf(request).actor;
}

/** Aborts when the caller goes away before the answer is complete. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  // The answer's own event, not the connection's: a connection that is kept serves many requests.
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
