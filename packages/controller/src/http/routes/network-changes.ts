import {
  dryRunQuery,
  mergeInput,
  moveInput,
  nameOrIdParams,
  networkChangeEffect,
  splitInput,
} from '@wirebook/contract';
import { mergeNetworks } from '../../app/network-changes/merging.ts';
import { moveNetwork } from '../../app/network-changes/moving.ts';
import { splitNetwork } from '../../app/network-changes/splitting.ts';
import { type App, refusals, type RouteParts } from '../app.ts';
import { actorOf } from '../authentication.ts';
import { renderNetworkChange } from '../render-network-change.ts';

const schema = {
  tags: ['networks'],
  params: nameOrIdParams,
  querystring: dryRunQuery,
  response: { 200: networkChangeEffect, ...refusals },
};

export function addNetworkChangeRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.post(
    '/networks/:id/split',
    { schema: { ...schema, summary: 'Make two networks of one', body: splitInput } },
    async (request) =>
      renderNetworkChange(
        await splitNetwork(db, request.params.id, request.body, {
          actor: actorOf(request),
          dryRun: request.query.dryRun ?? false,
        }),
        words.of(request),
      ),
  );

  app.post(
    '/networks/:id/merge',
    { schema: { ...schema, summary: 'Make a network part of another', body: mergeInput } },
    async (request) =>
      renderNetworkChange(
        await mergeNetworks(db, request.params.id, request.body, {
          actor: actorOf(request),
          dryRun: request.query.dryRun ?? false,
        }),
        words.of(request),
      ),
  );

  app.post(
    '/networks/:id/move',
    {
      schema: {
        ...schema,
        summary: 'Put a network on another wire, without one: where its NICs went',
        body: moveInput,
      },
    },
    async (request) =>
      renderNetworkChange(
        await moveNetwork(db, request.params.id, request.body, {
          actor: actorOf(request),
          dryRun: request.query.dryRun ?? false,
        }),
        words.of(request),
      ),
  );
}
