import {
  eventList,
  eventQuery,
  host,
  hostList,
  hostQuery,
  nameOrId,
  nameOrIdParams,
  nic,
  nicList,
  nicQuery,
  nicSummary,
  server,
  serverList,
  serverQuery,
  virtualSwitch,
  virtualSwitchList,
  virtualSwitchQuery,
  wire,
  wireList,
  wirePatch,
  wirePicture,
  wirePictureQuery,
  wireQuery,
} from '@wirebook/contract';
import { z } from 'zod';
import { listEvents } from '../../app/events.ts';
import {
  countNics,
  listHosts,
  listNics,
  listServers,
  listVirtualSwitches,
  showHost,
  showNic,
  showServer,
  showVirtualSwitch,
} from '../../app/inventory.ts';
import { drawWire } from '../../app/wire-picture.ts';
import { listWires, moveWire, showWire } from '../../app/wires.ts';
import { actorOf } from '../authentication.ts';
import { renderNicCounts } from '../render.ts';
import { renderNic, renderServer } from '../render-nics.ts';
import { renderWirePicture } from '../render-wire-picture.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

export function addInventoryRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  const show = <T extends z.ZodType>(tag: string, summary: string, schema: T) => ({
    schema: { tags: [tag], summary, params: nameOrIdParams, response: { 200: schema, ...refusals } },
  });

  app.get(
    '/hosts',
    {
      schema: {
        tags: ['hosts'],
        summary: 'List hosts',
        querystring: hostQuery,
        response: { 200: hostList, ...refusals },
      },
    },
    (request) => listHosts(db, request.query),
  );
  app.get('/hosts/:id', show('hosts', 'Show a host, by id, name or management address', host), (request) =>
    showHost(db, request.params.id),
  );

  app.get(
    '/virtual-switches',
    {
      schema: {
        tags: ['virtual-switches'],
        summary: 'List virtual switches',
        querystring: virtualSwitchQuery,
        response: { 200: virtualSwitchList, ...refusals },
      },
    },
    (request) => listVirtualSwitches(db, request.query),
  );
  app.get(
    '/virtual-switches/:id',
    show('virtual-switches', 'Show a virtual switch', virtualSwitch),
    (request) => showVirtualSwitch(db, request.params.id),
  );

  app.get(
    '/wires',
    {
      schema: {
        tags: ['wires'],
        summary: 'List wires (port groups)',
        querystring: wireQuery,
        response: { 200: wireList, ...refusals },
      },
    },
    (request) => listWires(db, request.query),
  );
  app.get('/wires/:id', show('wires', 'Show a wire', wire), (request) => showWire(db, request.params.id));
  app.get(
    '/wires/:id/picture',
    {
      schema: {
        tags: ['wires'],
        summary: 'One wire from IP subnet to physical switch port, host by host, and what disagrees',
        params: nameOrIdParams,
        querystring: wirePictureQuery,
        response: { 200: wirePicture, ...refusals },
      },
    },
    async (request) =>
      renderWirePicture(
        await drawWire(db, request.params.id, { server: request.query.server }),
        words.of(request),
      ),
  );
  app.patch(
    '/wires/:id',
    {
      schema: {
        tags: ['wires'],
        summary: 'Put a wire, with the networks on it, into another address space',
        params: nameOrIdParams,
        body: wirePatch,
        response: { 200: wire, ...refusals },
      },
    },
    (request) => moveWire(db, request.params.id, request.body.space, { actor: actorOf(request) }),
  );

  app.get(
    '/servers',
    {
      schema: {
        tags: ['servers'],
        summary: 'List servers (virtual machines)',
        querystring: serverQuery,
        response: { 200: serverList, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const list = await listServers(db, request.query);
      return { ...list, items: list.items.map((item) => renderServer(item, t)) };
    },
  );
  app.get('/servers/:id', show('servers', 'Show a server', server), async (request) =>
    renderServer(await showServer(db, request.params.id), words.of(request)),
  );

  app.get(
    '/nics',
    {
      schema: {
        tags: ['nics'],
        summary: 'List virtual NICs, with their records, or why they have none',
        querystring: nicQuery,
        response: { 200: nicList, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const list = await listNics(db, request.query);
      return { ...list, items: list.items.map((item) => renderNic(item, t)) };
    },
  );
  app.get(
    '/nics/summary',
    {
      schema: {
        tags: ['nics'],
        summary: 'How many NICs have a record, and why the others have none',
        querystring: z.strictObject({ account: nameOrId.optional() }),
        response: { 200: nicSummary, ...refusals },
      },
    },
    async (request) => renderNicCounts(await countNics(db, request.query), words.of(request)),
  );
  app.get('/nics/:id', show('nics', 'Show a NIC, by id or MAC', nic), async (request) =>
    renderNic(await showNic(db, request.params.id), words.of(request)),
  );

  app.get(
    '/events',
    {
      schema: {
        tags: ['events'],
        summary: 'The audit trail: every change that was asked for',
        querystring: eventQuery,
        response: { 200: eventList, ...refusals },
      },
    },
    (request) => listEvents(db, request.query),
  );
}
