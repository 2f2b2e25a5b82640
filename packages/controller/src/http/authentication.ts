import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../app/actor.ts';
import { Problem } from '../app/problem.ts';
import { findToken } from '../store/api-tokens.ts';
import { type App, hashToken, type RouteParts } from './app.ts';

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null;
  }
  interface FastifyContextConfig {
    /** The least role that may call the route; reading takes viewer, anything else operator, unless the route says so. */
    role?: Actor['role'];
  }
}

const rank = { viewer: 0, operator: 1, administrator: 2 } as const;
/** A token that was revoked works this long at most. */
const REMEMBERED_MS = 5_000;
const REMEMBERED_AT_MOST = 10_000;

/** Lets requests through that carry a known token, and only to what its role may do. */
export function authenticate(app: App, parts: RouteParts): void {
  const remembered = new Map<string, { actor: Actor; until: number }>();
  app.decorateRequest('actor', null);
  app.addHook('onRequest', async (request) => {
    const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || token.length > 512) throw new Problem('unauthorized');
    const hash = hashToken(token);
    const key = hash.toString('base64');
    const known = remembered.get(key);
    let actor = known !== undefined && known.until > Date.now() ? known.actor : null;
    if (actor === null) {
      actor = await findToken(parts.db, hash);
      if (actor === null) throw new Problem('unauthorized');
      if (remembered.size >= REMEMBERED_AT_MOST) remembered.clear();
      remembered.set(key, { actor, until: Date.now() + REMEMBERED_MS });
    }
    const needed = request.routeOptions.config.role ?? (request.method === 'GET' ? 'viewer' : 'operator');
    if (rank[actor.role] < rank[needed]) throw new Problem('forbidden', { role: actor.role, needed });
    request.actor = actor;
  });
}

/** Who asks. Only behind `authenticate`. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new Problem('unauthorized');
  return request.actor;
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
