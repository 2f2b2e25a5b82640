import { nameOrIdParams, operation, operationList, operationQuery } from '@wirebook/contract';
import { cancelOperation, listOperations, showOperation } from '../../app/operations.ts';
import { type App, refusals, type RouteParts } from '../app.ts';
import { actorOf } from '../authentication.ts';
import { followObject } from '../following.ts';
import { renderOperation } from '../render-operations.ts';

const tags = ['operations'];

export function addOperationRoutes(app: App, parts: RouteParts): void {
  app.get(
    '/operations',
    {
      schema: {
        tags,
        summary: 'List operations, the newest first',
        querystring: operationQuery,
        response: { 200: operationList, ...refusals },
      },
    },
    async (request) => {
      const t = parts.words.of(request);
      const list = await listOperations(parts.db, request.query);
      return { ...list, items: list.items.map((one) => renderOperation(one, t)) };
    },
  );

  app.get(
    '/operations/:id',
    {
      schema: {
        tags,
        summary: 'Show an operation',
        params: nameOrIdParams,
        response: { 200: operation, ...refusals },
      },
    },
    async (request) =>
      renderOperation(await showOperation(parts.db, request.params.id), parts.words.of(request)),
  );

  app.get(
    '/operations/:id/events',
    {
      schema: {
        tags,
        summary: 'Follow an operation (server-sent events)',
        description:
          'Each event `progress` carries the operation as JSON; the last one is `end`. The state is sent at once on every connection, so that `Last-Event-ID` resumes without a loss.',
        params: nameOrIdParams,
        produces: ['text/event-stream'],
      },
    },
    (request, reply) => {
      const t = parts.words.of(request);
      return followObject(request, reply, {
        load: async () => renderOperation(await showOperation(parts.db, request.params.id), t),
        hasEnded: ({ state }) => state !== 'queued' && state !== 'running',
        stopping: () => parts.health.stopping(),
      });
    },
  );

  app.post(
    '/operations/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel an operation, or take back what a failed one left',
        description:
          'What it has done so far is undone: its server is removed, its addresses are given back.',
        params: nameOrIdParams,
        response: { 202: operation, ...refusals },
      },
    },
    async (request, reply) => {
      const cancelled = await cancelOperation(parts, request.params.id, { actor: actorOf(request) });
      return reply.status(202).send(renderOperation(cancelled, parts.words.of(request)));
    },
  );
}
