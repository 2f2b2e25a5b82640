import {
  dryRunQuery,
  fixNicsInput,
  fixResult,
  importAddressesInput,
  importedAddresses,
  importFixesInput,
  nameOrIdParams,
} from '@wirebook/contract';
import { fixNics, importFixes } from '../../app/fixes.ts';
import { importAddresses } from '../../app/holders.ts';
import { actorOf } from '../authentication.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

/** What people know and vCenter doesn't: addresses of NICs whose Tools are silent, and holders outside vCenter. */
export function addFixRoutes(app: App, parts: RouteParts): void {
  const { db } = parts;
  app.post(
    '/servers/:id/fix-nics',
    {
      schema: {
        tags: ['servers'],
        summary: 'Say which addresses a server has; they are occupied from then on',
        params: nameOrIdParams,
        querystring: dryRunQuery,
        body: fixNicsInput,
        response: { 200: fixResult, ...refusals },
      },
    },
    (request) =>
      fixNics(db, request.params.id, request.body, {
        actor: actorOf(request),
        dryRun: request.query.dryRun === true || request.body.dryRun === true,
      }),
  );
  app.post(
    '/imports/fixes',
    {
      schema: {
        tags: ['imports'],
        summary: 'Say which addresses many servers have, all of it or nothing',
        querystring: dryRunQuery,
        body: importFixesInput,
        response: { 200: fixResult, ...refusals },
      },
    },
    (request) =>
      importFixes(db, request.body, { actor: actorOf(request), dryRun: request.query.dryRun ?? false }),
  );
  app.post(
    '/imports/addresses',
    {
      schema: {
        tags: ['imports'],
        summary: 'Record holders outside vCenter, all of them or none',
        querystring: dryRunQuery,
        body: importAddressesInput,
        response: { 200: importedAddresses, ...refusals },
      },
    },
    (request) =>
      importAddresses(db, request.body, { actor: actorOf(request), dryRun: request.query.dryRun ?? false }),
  );
}
