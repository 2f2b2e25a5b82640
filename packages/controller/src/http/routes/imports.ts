import { dryRunQuery, importedNetworks, importNetworksInput } from '@wirebook/contract';
import { importNetworks } from '../../app/network-import/import.ts';
import { type App, refusals, type RouteParts } from '../app.ts';
import { actorOf } from '../authentication.ts';
import { renderImport } from '../render-lists.ts';

/** Subnets from books that were kept elsewhere. */
export function addImportRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.post(
    '/imports/networks',
    {
      schema: {
        tags: ['imports'],
        summary: 'Take over subnets that were tied to port groups by VLAN id, all of them or none',
        querystring: dryRunQuery,
        body: importNetworksInput,
        response: { 200: importedNetworks, ...refusals },
      },
    },
    async (request) =>
      renderImport(
        await importNetworks(db, request.body, {
          actor: actorOf(request),
          dryRun: request.query.dryRun ?? false,
        }),
        words.of(request),
      ),
  );
}
