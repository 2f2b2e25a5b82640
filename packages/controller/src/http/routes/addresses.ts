import { address, addressParams, addressQuery, conflictList, conflictQuery } from '@wirebook/contract';
import { listConflicts, showAddress } from '../../app/addresses.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

export function addAddressRoutes(app: App, parts: RouteParts): void {
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
    (request) => showAddress(parts.db, request.params.ip, request.query),
  );

  app.get(
    '/conflicts',
    {
      schema: {
        tags: ['conflicts'],
        summary: 'Addresses that more than one NIC reports',
        querystring: conflictQuery,
        response: { 200: conflictList, ...refusals },
      },
    },
    (request) => listConflicts(parts.db, request.query),
  );
}
