import {
  additionalWiresInput,
  dryRunQuery,
  excludedWiresInput,
  nameOrIdParams,
  networkEffect,
} from '@wirebook/contract';
import { setAdditionalWires, setExcludedWires } from '../../app/network-wires.ts';
import { actorOf } from '../authentication.ts';
import { renderNetworkEffect } from '../render.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const ADDITIONAL = { path: 'additional-wires', body: additionalWiresInput, set: setAdditionalWires } as const;
const EXCLUDED = { path: 'excluded-wires', body: excludedWiresInput, set: setExcludedWires } as const;

/** PUT says which wires there are, POST says these as well. */
const ROUTES = [
  { ...ADDITIONAL, method: 'PUT', summary: 'Declare exactly these additional wires' },
  { ...ADDITIONAL, method: 'POST', summary: 'Declare these additional wires as well' },
  {
    ...EXCLUDED,
    method: 'PUT',
    summary: 'Exclude exactly these wires for good, whoever uses the addresses there',
  },
  { ...EXCLUDED, method: 'POST', summary: 'Exclude these wires for good as well' },
] as const;

/** The additional and the excluded wires of a network. */
export function addNetworkWireRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  for (const { path, body, set, method, summary } of ROUTES)
    app.route({
      method,
      url: `/networks/:id/${path}`,
      schema: {
        tags: ['networks'],
        summary,
        params: nameOrIdParams,
        querystring: dryRunQuery,
        body,
        response: { 200: networkEffect, ...refusals },
      },
      handler: async (request) =>
        renderNetworkEffect(
          await set(db, request.params.id, request.body.wires, {
            actor: actorOf(request),
            dryRun: request.query.dryRun ?? false,
            ...(method === 'POST' ? { others: 'kept' } : {}),
          }),
          words.of(request),
        ),
    });
}
