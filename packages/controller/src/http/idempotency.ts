import { showOperation } from '../app/operations.ts';
import { Problem } from '../app/problem.ts';
import { dropIdempotencyKey, keepAnswer, takeIdempotencyKey } from '../store/idempotency.ts';
import { actorOf } from './authentication.ts';
import type { App, RouteParts } from './app.ts';
import { renderOperation } from './render-operations.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key under which this request's answer is to be kept. */
    idempotencyKey: string | null;
  }
}

/** Methods of which the same request may mean something else the second time. */
const KEYED: ReadonlySet<string> = new Set(['POST', 'PATCH', 'DELETE']);
const KEY = /^[\x21-\x7e]{1,255}$/;

/** A POST, PATCH or DELETE that carries an `Idempotency-Key` is carried out once: sent again, it gets the first answer. */
export function replayAnswers(app: App, parts: RouteParts): void {
  app.decorateRequest('idempotencyKey', null);
  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers['idempotency-key'];
    if (!KEYED.has(request.method) || key === undefined) return;
    if (request.routeOptions.config.unkept === true) return;
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new Problem(
        'invalid_input',
        { count: 1 },
        { errors: [{ field: 'Idempotency-Key', value: null, code: 'not_the_form' }] },
      );
    }
    const actor = actorOf(request).name;
    const hash = parts.seal.digest(
      `${request.method} ${request.url} ${JSON.stringify(request.body ?? null)}`,
    );
    const stored = await takeIdempotencyKey(parts.db, { actor, key, hash });
    if (stored === null) {
      request.idempotencyKey = key;
      return;
    }
    if (!stored.requestHash.equals(hash)) throw new Problem('idempotency_key_reused');
    if (stored.operationId !== null) {
      // As it stands now; its first answer may have been lost with the controller that was to give it.
      const operation = await showOperation(parts.db, stored.operationId);
      reply.header('idempotency-replayed', 'true').status(202);
      await reply
        .type('application/json')
        .serializer(JSON.stringify)
        .send(renderOperation(operation, parts.words.of(request)));
      return;
    }
    if (stored.status === null) throw new Problem('request_in_progress');
    reply.header('idempotency-replayed', 'true').status(stored.status);
    await reply.type('application/json').serializer(JSON.stringify).send(stored.response);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const key = request.idempotencyKey;
    if (key === null) return payload;
    const actor = actorOf(request).name;
    request.idempotencyKey = null;
    if (reply.statusCode < 300) {
      const response: unknown = typeof payload === 'string' && payload !== '' ? JSON.parse(payload) : null;
      await keepAnswer(parts.db, { actor, key }, { status: reply.statusCode, response });
    } else await dropIdempotencyKey(parts.db, { actor, key });
    return payload;
  });
}
