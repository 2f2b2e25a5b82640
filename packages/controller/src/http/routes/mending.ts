import { dryRunQuery, mending, mendInput } from '@wirebook/contract';
import { mendNics } from '../../app/mending.ts';
import { actorOf } from '../authentication.ts';
import { renderMending } from '../render-mending.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

/** What the actions of reasons ask for, many at once. */
export function addMendingRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.post(
    '/nics/mend',
    {
      schema: {
        tags: ['nics'],
        summary:
          'Mend what keeps NICs from having a record, as far as that takes no further word of a person',
        querystring: dryRunQuery,
        body: mendInput,
        response: { 200: mending, ...refusals },
      },
    },
    async (request) =>
      renderMending(
        await mendNics(db, request.body, {
          actor: actorOf(request),
          dryRun: request.query.dryRun ?? false,
        }),
        words.of(request),
      ),
  );
}
