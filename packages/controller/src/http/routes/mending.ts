import {
  additionalWiresInput,
  dryRunQuery,
  excludedWiresInput,
  mending,
  mendInput,
  nameOrIdParams,
  networkEffect,
} from '@wirebook/contract';
import { mendNics } from '../../app/mending.ts';
import { setAdditionalWires, setExcludedWires } from '../../app/network-wires.ts';
import { actorOf } from '../authentication.ts';
import { renderNetworkEffect } from '../render.ts';
import { renderMending } from '../render-mending.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

/** What the actions of reasons ask for, one by one or many at once. */
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
  app.post(
    '/networks/:id/additional-wires',
    {
      schema: {
        tags: ['networks'],
        summary: 'Declare these additional wires as well',
        params: nameOrIdParams,
        querystring: dryRunQuery,
        body: additionalWiresInput,
        response: { 200: networkEffect, ...refusals },
      },
    },
    async (request) =>
      renderNetworkEffect(
        await setAdditionalWires(db, request.params.id, request.body.wires, {
          actor: actorOf(request),
          dryRun: request.query.dryRun ?? false,
          others: 'kept',
        }),
        words.of(request),
      ),
  );
  app.post(
    '/networks/:id/excluded-wires',
    {
      schema: {
        tags: ['networks'],
        summary: 'Exclude these wires for good as well',
        params: nameOrIdParams,
        querystring: dryRunQuery,
        body: excludedWiresInput,
        response: { 200: networkEffect, ...refusals },
      },
    },
    async (request) =>
      renderNetworkEffect(
        await setExcludedWires(db, request.params.id, request.body.wires, {
          actor: actorOf(request),
          dryRun: request.query.dryRun ?? false,
          others: 'kept',
        }),
        words.of(request),
      ),
  );
}
