import {
  dryRunQuery,
  nameOrIdParams,
  network,
  networkDeletion,
  networkEffect,
  networkInput,
  networkList,
  networkPatch,
  networkQuery,
} from '@wirebook/contract';
import { z } from 'zod';
import { createNetwork } from '../../app/network-making.ts';
import { deleteNetwork, listNetworks, showNetwork, updateNetwork } from '../../app/networks.ts';
import { actorOf } from '../authentication.ts';
import { renderNetwork, renderNetworkEffect } from '../render.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['networks'];

export function addNetworkRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.get(
    '/networks',
    {
      schema: {
        tags,
        summary: 'List networks (IP subnets)',
        querystring: networkQuery,
        response: { 200: networkList, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const list = await listNetworks(db, request.query);
      return { ...list, items: list.items.map((item) => renderNetwork(item, t)) };
    },
  );

  app.post(
    '/networks',
    {
      schema: {
        tags,
        summary: 'Make a network on a wire; NICs that report its addresses get their records',
        querystring: dryRunQuery,
        body: networkInput,
        response: { 200: networkEffect, 201: networkEffect, ...refusals },
      },
    },
    async (request, reply) => {
      const dryRun = request.query.dryRun ?? false;
      const effect = await createNetwork(db, request.body, { actor: actorOf(request), dryRun });
      return reply.status(dryRun ? 200 : 201).send(renderNetworkEffect(effect, words.of(request)));
    },
  );

  app.get(
    '/networks/:id',
    {
      schema: {
        tags,
        summary: 'Show a network',
        params: nameOrIdParams,
        response: { 200: network, ...refusals },
      },
    },
    async (request) => renderNetwork(await showNetwork(db, request.params.id), words.of(request)),
  );

  app.patch(
    '/networks/:id',
    {
      schema: {
        tags,
        summary: 'Change a network',
        params: nameOrIdParams,
        querystring: dryRunQuery,
        body: networkPatch,
        response: { 200: networkEffect, ...refusals },
      },
    },
    async (request) =>
      renderNetworkEffect(
        await updateNetwork(db, request.params.id, request.body, {
          actor: actorOf(request),
          dryRun: request.query.dryRun ?? false,
        }),
        words.of(request),
      ),
  );

  app.delete(
    '/networks/:id',
    {
      schema: {
        tags,
        summary: 'Delete a network; records from Tools become unresolved, reservations go along',
        params: nameOrIdParams,
        querystring: dryRunQuery,
        response: { 200: networkDeletion, 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      const dryRun = request.query.dryRun ?? false;
      const deletion = await deleteNetwork(db, request.params.id, { actor: actorOf(request), dryRun });
      return dryRun ? reply.status(200).send(deletion) : reply.status(204).send(null);
    },
  );
}
