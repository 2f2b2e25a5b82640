import {
  address,
  addressList,
  addressListQuery,
  addressParams,
  addressQuery,
  conflict,
  conflictList,
  conflictParams,
  conflictQuery,
  resolveInput,
  why,
  whyQuery,
} from '@wirebook/contract';
import { showAddress } from '../../app/addresses.ts';
import { listConflicts, resolveConflict, showConflict } from '../../app/conflicts.ts';
import { listTakenAddresses } from '../../app/network-addresses.ts';
import { canonicalIp } from '../../app/inventory.ts';
import { explain } from '../../app/why.ts';
import { actorOf } from '../authentication.ts';
import { renderConflict } from '../render.ts';
import { renderWhy } from '../render-why.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

export function addAddressRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.get(
    '/addresses',
    {
      schema: {
        tags: ['addresses'],
        summary: 'Addresses that somebody has, over all networks',
        querystring: addressListQuery,
        response: { 200: addressList, ...refusals },
      },
    },
    (request) => listTakenAddresses(db, request.query),
  );
  app.get(
    '/addresses/:ip',
    {
      schema: {
        tags: ['addresses'],
        summary: 'Who has an address, who had it, and where it is seen',
        params: addressParams,
        querystring: addressQuery,
        response: { 200: address, ...refusals },
      },
    },
    (request) => showAddress(db, request.params.ip, request.query),
  );
  app.get(
    '/addresses/:ip/why',
    {
      schema: {
        tags: ['addresses'],
        summary: 'Why an address is or is not free',
        params: addressParams,
        querystring: addressQuery,
        response: { 200: why, ...refusals },
      },
    },
    async (request) => {
      const of = canonicalIp('ip', request.params.ip);
      return renderWhy(await explain(db, { of, ...request.query }), words.of(request));
    },
  );
  app.get(
    '/why',
    {
      schema: {
        tags: ['addresses'],
        summary: 'Everything about one address, MAC or server, with the reasons',
        querystring: whyQuery,
        response: { 200: why, ...refusals },
      },
    },
    async (request) => renderWhy(await explain(db, request.query), words.of(request)),
  );

  app.get(
    '/conflicts',
    {
      schema: {
        tags: ['conflicts'],
        summary: 'Addresses that more than one NIC reports, or that move to and fro',
        querystring: conflictQuery,
        response: { 200: conflictList, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const list = await listConflicts(db, request.query);
      return { ...list, items: list.items.map((item) => renderConflict(item, t)) };
    },
  );
  app.get(
    '/conflicts/:id',
    {
      schema: {
        tags: ['conflicts'],
        summary: 'Show a conflict',
        params: conflictParams,
        response: { 200: conflict, ...refusals },
      },
    },
    async (request) => renderConflict(await showConflict(db, request.params.id), words.of(request)),
  );
  app.post(
    '/conflicts/:id/resolve',
    {
      schema: {
        tags: ['conflicts'],
        summary: 'Decide a conflict: the holder keeps the address, the claimant gets it, or they share it',
        params: conflictParams,
        body: resolveInput,
        response: { 200: conflict, ...refusals },
      },
    },
    async (request) =>
      renderConflict(
        await resolveConflict(db, request.params.id, request.body, { actor: actorOf(request) }),
        words.of(request),
      ),
  );
}
