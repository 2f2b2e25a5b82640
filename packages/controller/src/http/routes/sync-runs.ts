import { setTimeout as sleep } from 'node:timers/promises';
import { nameOrIdParams, syncRun, syncRunList, syncRunQuery } from '@wirebook/contract';
import { cancelSync, listSyncRuns, showSyncRun } from '../../app/sync-runs.ts';
import { actorOf, signalOf } from '../authentication.ts';
import { renderSyncRun } from '../render.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['sync-runs'];
const LOOK_EVERY_MS = 250;
const HEARTBEAT_EVERY = 60;

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
    async (request, reply) => {
      const t = parts.words.of(request);
      let run = await showSyncRun(parts.db, request.params.id);
      const gone = signalOf(reply);
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      let sent = '';
      let quiet = 0;
      try {
        for (;;) {
          const text = JSON.stringify(renderSyncRun(run, t));
          const ended = run.state !== 'running';
          if (text !== sent || ended) {
            raw.write(`id: ${run.updatedAt}\nevent: ${ended ? 'end' : 'progress'}\ndata: ${text}\n\n`);
            sent = text;
            quiet = 0;
          } else if ((quiet += 1) % HEARTBEAT_EVERY === 0) raw.write(': still there\n\n');
          if (ended || gone.aborted || parts.health.stopping()) break;
          await sleep(LOOK_EVERY_MS, undefined, { signal: gone });
          run = await showSyncRun(parts.db, request.params.id);
        }
      } catch (error) {
        // The answer is under way: all that is left is to end it. The reader comes again by itself.
        if (!gone.aborted) request.log.warn({ err: error }, 'following a sync run failed');
      } finally {
        raw.end();
      }
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
