import { nameOrIdParams, newToken, tokenInput, tokenList, tokenQuery } from '@wirebook/contract';
import { z } from 'zod';
import { createToken, listTokens, revokeToken } from '../../app/tokens.ts';
import { type App, hashToken, refusals, type RouteParts } from '../app.ts';
import { callerOf } from '../authentication.ts';

const tags = ['sign-in'];

export function addTokenRoutes(app: App, parts: RouteParts): void {
  const { db } = parts;
  app.get(
    '/tokens',
    {
      schema: {
        tags,
        summary: "List one's API tokens",
        querystring: tokenQuery,
        response: { 200: tokenList, ...refusals },
      },
    },
    (request) => listTokens(db, request.query, callerOf(request)),
  );
  app.post(
    '/tokens',
    {
      config: { role: 'viewer', unkept: true },
      schema: {
        tags,
        summary: 'Make an API token for oneself',
        body: tokenInput,
        response: { 201: newToken, ...refusals },
      },
    },
    async (request, reply) =>
      reply.status(201).send(await createToken(db, request.body, { caller: callerOf(request), hashToken })),
  );
  app.delete(
    '/tokens/:id',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        summary: 'Revoke an API token',
        params: nameOrIdParams,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      parts.callers.forgetToken(await revokeToken(db, request.params.id, callerOf(request)));
      return reply.status(204).send(null);
    },
  );
}
