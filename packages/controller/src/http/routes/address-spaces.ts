import {
  addressSpace,
  addressSpaceInput,
  addressSpaceList,
  addressSpaceQuery,
  nameOrIdParams,
} from '@wirebook/contract';
import { z } from 'zod';
import {
  createAddressSpace,
  listAddressSpaces,
  removeAddressSpace,
  renameAddressSpace,
  showAddressSpace,
} from '../../app/address-spaces.ts';
import { actorOf } from '../authentication.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['address-spaces'];

export function addAddressSpaceRoutes(app: App, parts: RouteParts): void {
  const { db } = parts;
  app.get(
    '/address-spaces',
    {
      schema: {
        tags,
        summary: 'List address spaces',
        querystring: addressSpaceQuery,
        response: { 200: addressSpaceList, ...refusals },
      },
    },
    (request) => listAddressSpaces(db, request.query),
  );
  app.get(
    '/address-spaces/:id',
    {
      schema: {
        tags,
        summary: 'Show an address space',
        params: nameOrIdParams,
        response: { 200: addressSpace, ...refusals },
      },
    },
    (request) => showAddressSpace(db, request.params.id),
  );
  app.post(
    '/address-spaces',
    {
      schema: {
        tags,
        summary: 'Make an address space',
        body: addressSpaceInput,
        response: { 201: addressSpace, ...refusals },
      },
    },
    async (request, reply) =>
      reply.status(201).send(await createAddressSpace(db, request.body.name, { actor: actorOf(request) })),
  );
  app.patch(
    '/address-spaces/:id',
    {
      schema: {
        tags,
        summary: 'Rename an address space',
        params: nameOrIdParams,
        body: addressSpaceInput,
        response: { 200: addressSpace, ...refusals },
      },
    },
    (request) => renameAddressSpace(db, request.params.id, request.body.name, { actor: actorOf(request) }),
  );
  app.delete(
    '/address-spaces/:id',
    {
      schema: {
        tags,
        summary: 'Remove an empty address space',
        params: nameOrIdParams,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      await removeAddressSpace(db, request.params.id, { actor: actorOf(request) });
      return reply.status(204).send(null);
    },
  );
}
