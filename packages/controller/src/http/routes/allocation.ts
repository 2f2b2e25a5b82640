import {
  addressBlocks,
  addressBlocksQuery,
  allocateInput,
  claim,
  claimInput,
  claimParams,
  givenAddress,
  givenAddresses,
  nameOrIdParams,
  networkAddressList,
  networkAddressQuery,
  nextAddresses as nextAddressesAnswer,
  nextQuery,
  released,
  releaseInput,
} from '@wirebook/contract';
import { z } from 'zod';
import { deleteClaim, nextAddresses, releaseAddresses, showClaim } from '../../app/allocation.ts';
import { findAddressBlocks } from '../../app/address-blocks.ts';
import { listNetworkAddresses } from '../../app/network-addresses.ts';
import { actorOf } from '../authentication.ts';
import { renderAddressBlock, renderNetworkAddress } from '../render.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['networks'];

/** Who has which address of a network; giving addresses out and taking them back. */
export function addAllocationRoutes(app: App, parts: RouteParts): void {
  const { db, words, allocator } = parts;
  app.get(
    '/networks/:id/addresses',
    {
      schema: {
        tags,
        summary: 'The addresses of a network: who has each, and the runs of free ones',
        params: nameOrIdParams,
        querystring: networkAddressQuery,
        response: { 200: networkAddressList, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const list = await listNetworkAddresses(db, request.params.id, request.query);
      return { ...list, items: list.items.map((item) => renderNetworkAddress(item, t)) };
    },
  );

  app.get(
    '/networks/:id/blocks',
    {
      schema: {
        tags,
        summary:
          'The address grid of a network: cells of one size, and how many addresses of each state each has',
        params: nameOrIdParams,
        querystring: addressBlocksQuery,
        response: { 200: addressBlocks, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const blocks = await findAddressBlocks(db, request.params.id, request.query);
      return { ...blocks, items: blocks.items.map((item) => renderAddressBlock(item, t)) };
    },
  );

  app.get(
    '/networks/:id/next',
    {
      schema: {
        tags,
        summary: 'Which addresses would be given next; holds nothing',
        params: nameOrIdParams,
        querystring: nextQuery,
        response: { 200: nextAddressesAnswer, ...refusals },
      },
    },
    async (request) => ({ items: await nextAddresses(db, request.params.id, request.query.count) }),
  );

  app.post(
    '/networks/:id/allocate',
    {
      schema: {
        tags,
        summary: 'Give addresses: the next one, the next n (all or none), or exactly the one named',
        params: nameOrIdParams,
        body: allocateInput,
        response: { 201: givenAddresses, ...refusals },
      },
    },
    async (request, reply) =>
      reply
        .status(201)
        .send({ items: await allocator.allocate(request.params.id, request.body, actorOf(request)) }),
  );

  app.post(
    '/networks/:id/release',
    {
      schema: {
        tags,
        summary: 'Give addresses back, all of them or none',
        params: nameOrIdParams,
        body: releaseInput,
        response: { 200: released, ...refusals },
      },
    },
    (request) => releaseAddresses(db, request.params.id, request.body.ips, { actor: actorOf(request) }),
  );

  app.put(
    '/networks/:id/claims/:key',
    {
      schema: {
        tags,
        summary: 'The address of a key: the same key always gets the same one, until it is released',
        params: claimParams,
        body: claimInput,
        response: { 200: givenAddress, 201: givenAddress, ...refusals },
      },
    },
    async (request, reply) => {
      const { id, key } = request.params;
      const { claim: given, created } = await allocator.claimByKey(id, key, request.body, actorOf(request));
      return reply.status(created ? 201 : 200).send(given);
    },
  );
  app.get(
    '/networks/:id/claims/:key',
    {
      schema: {
        tags,
        summary: 'Show the claim of a key',
        params: claimParams,
        response: { 200: claim, ...refusals },
      },
    },
    (request) => showClaim(db, request.params.id, request.params.key),
  );
  app.delete(
    '/networks/:id/claims/:key',
    {
      schema: {
        tags,
        summary: 'Release the address of a key; without one nothing is to be done',
        params: claimParams,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      await deleteClaim(db, request.params.id, request.params.key, { actor: actorOf(request) });
      return reply.status(204).send(null);
    },
  );
}
