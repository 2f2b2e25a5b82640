import { nameOrIdParams, syncRun, syncRunList, syncRunQuery } from '@wirebook/contract';
import { cancelSync, listSyncRuns, showSyncRun } from '../../app/sync-runs.ts';
import { actorOf } from '../authentication.ts';
import { followObject } from '../following.ts';
import { renderSyncRun } from '../render.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['sync-runs'];

export function addSyncRunRoutes(app: App, parts: RouteParts): void {
  app.get(
    '/sync-runs',
    {
      schema: {
        tags,
        summary: 'List sync runs, the newest first',
        querystring: syncRunQuery,
        response: { 200: syncRunList, ...refusals },
      },
    },
    async (request) => {
      const t = parts.words.of(request);
      const list = await listSyncRuns(parts.db, request.query);
      return { ...list, items: list.items.map((run) => renderSyncRun(run, t)) };
    },
  );

  app.get(
    '/sync-runs/:id',
    {
      schema: {
        tags,
        summary: 'Show a sync run',
        params: nameOrIdParams,
        response: { 200: syncRun, ...refusals },
      },
    },
    async (request) => renderSyncRun(await showSyncRun(parts.db, request.params.id), parts.words.of(request)),
  );

  app.get(
    '/sync-runs/:id/events',
    {
      schema: {
        tags,
        summary: 'Follow a sync run (server-sent events)',
        description:
          'Each event `progress` carries the run as JSON; the last one is `end`. The state is sent at once on every connection, so that `Last-Event-ID` resumes without a loss.',
        params: nameOrIdParams,
        produces: ['text/event-stream'],
      },
    },
    (request, reply) => {
      const t = parts.words.of(request);
      return followObject(request, reply, {
        load: async () => renderSyncRun(await showSyncRun(parts.db, request.params.id), t),
        hasEnded: ({ state }) => state !== 'running',
        stopping: () => parts.health.stopping(),
      });
    },
  );

  app.post(
    '/sync-runs/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel a running sync; nothing of it is kept',
        params: nameOrIdParams,
        response: { 202: syncRun, ...refusals },
      },
    },
    async (request, reply) => {
      const run = await cancelSync(parts.db, request.params.id, { actor: actorOf(request) });
      return reply.status(202).send(renderSyncRun(run, parts.words.of(request)));
    },
  );
}
