import {
  dryRunQuery,
  nameOrIdParams,
  nicAttachInput,
  nicChangeInput,
  nicDetachQuery,
  nicParams,
  operation,
  privilegeList,
  serverChangePlan,
  serverDeleteQuery,
  serverInput,
  serverPlan,
} from '@wirebook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { showOperation } from '../../app/operations.ts';
import type { BeginOptions, Begun, DeskOptions } from '../../app/server-desk.ts';
import { type App, refusals, type RouteParts } from '../app.ts';
import { actorOf, signalOf } from '../authentication.ts';
import { renderOperation } from '../render-operations.ts';
import { renderChangePlan, renderPrivileges, renderServerPlan } from '../render-server-plans.ts';

const tags = ['servers'];
const begun = { 202: operation, ...refusals };
const planned = { 200: serverChangePlan, ...begun };

/** Servers are made, changed and removed: what takes minutes is answered with its operation. */
export function addServerChangeRoutes(app: App, parts: RouteParts): void {
  const { db, words, servers } = parts;
  const asking = (request: FastifyRequest, reply: FastifyReply): DeskOptions => ({
    actor: actorOf(request),
    signal: signalOf(reply),
  });
  const beginning = (request: FastifyRequest, reply: FastifyReply): BeginOptions => ({
    ...asking(request, reply),
    idempotencyKey: request.idempotencyKey,
  });
  const show = async (request: FastifyRequest, { id }: Begun) =>
    renderOperation(await showOperation(db, id), words.of(request));

  app.post(
    '/servers',
    {
      schema: {
        tags,
        summary: 'Make servers that come up with their addresses',
        description:
          'The addresses are taken at once, all of them or none; the rest is an operation. A dry run answers the choice of host, and for every host why or why not.',
        querystring: dryRunQuery,
        body: serverInput,
        response: { 200: serverPlan, ...begun },
      },
    },
    async (request, reply) => {
      if (request.query.dryRun === true || request.body.dryRun === true) {
        const plan = await servers.planServers(request.body, asking(request, reply));
        return reply.status(200).send(renderServerPlan(plan, words.of(request)));
      }
      const made = await servers.createServers(request.body, beginning(request, reply));
      return reply.status(202).send(await show(request, made));
    },
  );

  app.delete(
    '/servers/:id',
    {
      schema: {
        tags,
        summary: 'Delete a server in vCenter and release its addresses',
        params: nameOrIdParams,
        querystring: serverDeleteQuery,
        response: planned,
      },
    },
    async (request, reply) => {
      const powerOff = request.query.powerOff ?? false;
      if (request.query.dryRun === true) {
        const plan = await servers.planDeletion(request.params.id, { ...asking(request, reply), powerOff });
        return reply.status(200).send(renderChangePlan(plan, words.of(request)));
      }
      const made = await servers.deleteServer(request.params.id, { ...beginning(request, reply), powerOff });
      return reply.status(202).send(await show(request, made));
    },
  );

  app.post(
    '/servers/:id/nics',
    {
      schema: {
        tags,
        summary: 'Attach a NIC, with an address of its network',
        params: nameOrIdParams,
        querystring: dryRunQuery,
        body: nicAttachInput,
        response: planned,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (request.query.dryRun === true || request.body.dryRun === true) {
        const plan = await servers.planAttachment(id, request.body, asking(request, reply));
        return reply.status(200).send(renderChangePlan(plan, words.of(request)));
      }
      const made = await servers.attachNic(id, request.body, beginning(request, reply));
      return reply.status(202).send(await show(request, made));
    },
  );

  app.patch(
    '/servers/:id/nics/:mac',
    {
      schema: {
        tags,
        summary: 'Change the address or the network of a NIC',
        params: nicParams,
        querystring: dryRunQuery,
        body: nicChangeInput,
        response: planned,
      },
    },
    async (request, reply) => {
      const { id, mac } = request.params;
      if (request.query.dryRun === true || request.body.dryRun === true) {
        const plan = await servers.planNicChange(id, mac, request.body, asking(request, reply));
        return reply.status(200).send(renderChangePlan(plan, words.of(request)));
      }
      const made = await servers.changeNic(id, mac, request.body, beginning(request, reply));
      return reply.status(202).send(await show(request, made));
    },
  );

  app.delete(
    '/servers/:id/nics/:mac',
    {
      schema: {
        tags,
        summary: 'Detach a NIC and release its addresses',
        params: nicParams,
        querystring: nicDetachQuery,
        response: planned,
      },
    },
    async (request, reply) => {
      const { id, mac } = request.params;
      if (request.query.dryRun === true) {
        const plan = await servers.planDetachment(id, mac, asking(request, reply));
        return reply.status(200).send(renderChangePlan(plan, words.of(request)));
      }
      const made = await servers.detachNic(id, mac, beginning(request, reply));
      return reply.status(202).send(await show(request, made));
    },
  );

  app.get(
    '/privileges',
    {
      schema: {
        tags: ['cloud-accounts'],
        summary: 'The vCenter privileges that Wirebook uses, and for what',
        response: { 200: privilegeList, ...refusals },
      },
    },
    (request) => Promise.resolve(renderPrivileges(servers.privileges(), words.of(request))),
  );
}
