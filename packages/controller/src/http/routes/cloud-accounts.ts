import {
  accountPreview,
  accountTest,
  certificateInput,
  cloudAccount,
  cloudAccountInput,
  cloudAccountList,
  cloudAccountPatch,
  cloudAccountQuery,
  nameOrIdParams,
  previewInput,
  serverCertificate,
  syncInput,
  syncRun,
} from '@wirebook/contract';
import { z } from 'zod';
import {
  addAccount,
  listCloudAccounts,
  previewAccount,
  readServerCertificate,
  removeAccount,
  showCloudAccount,
  testAccount,
  updateAccount,
} from '../../app/cloud-accounts.ts';
import { startSync } from '../../app/sync-runs.ts';
import { actorOf, signalOf } from '../authentication.ts';
import { renderAccount, renderSyncRun } from '../render.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

const tags = ['cloud-accounts'];
const administrator = { role: 'administrator' } as const;

export function addAccountRoutes(app: App, parts: RouteParts): void {
  app.get(
    '/cloud-accounts',
    {
      schema: {
        tags,
        summary: 'List accounts',
        querystring: cloudAccountQuery,
        response: { 200: cloudAccountList, ...refusals },
      },
    },
    async (request) => {
      const t = parts.words.of(request);
      const list = await listCloudAccounts(parts.db, request.query);
      return { ...list, items: list.items.map((account) => renderAccount(account, t)) };
    },
  );

  app.post(
    '/cloud-accounts',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Test and add a vCenter or ESXi, and begin its first sync',
        body: cloudAccountInput,
        response: { 201: cloudAccount, ...refusals },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const account = await addAccount(parts, request.body, { actor, signal: signalOf(reply) });
      await startSync(parts, account.id, { actor, dryRun: false });
      return reply.status(201).send(renderAccount(account, parts.words.of(request)));
    },
  );

  app.post(
    '/cloud-accounts/preview',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'What an account would bring; writes nothing',
        body: previewInput,
        response: { 200: accountPreview, ...refusals },
      },
    },
    (request, reply) => previewAccount(parts, request.body, signalOf(reply)),
  );

  app.post(
    '/cloud-accounts/certificate',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'The certificate that is shown at a URL; signs in to nothing and writes nothing',
        body: certificateInput,
        response: { 200: serverCertificate, ...refusals },
      },
    },
    (request, reply) => readServerCertificate(parts, request.body.url, signalOf(reply)),
  );

  app.get(
    '/cloud-accounts/:id',
    {
      schema: {
        tags,
        summary: 'Show an account',
        params: nameOrIdParams,
        response: { 200: cloudAccount, ...refusals },
      },
    },
    async (request) =>
      renderAccount(await showCloudAccount(parts.db, request.params.id), parts.words.of(request)),
  );

  app.patch(
    '/cloud-accounts/:id',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Change an account; what it takes to reach it is tried first',
        params: nameOrIdParams,
        body: cloudAccountPatch,
        response: { 200: cloudAccount, ...refusals },
      },
    },
    async (request, reply) =>
      renderAccount(
        await updateAccount(parts, request.params.id, request.body, {
          actor: actorOf(request),
          signal: signalOf(reply),
        }),
        parts.words.of(request),
      ),
  );

  app.delete(
    '/cloud-accounts/:id',
    {
      config: administrator,
      schema: {
        tags,
        summary: 'Remove an account and its mirror; refused while networks lie on its wires',
        params: nameOrIdParams,
        response: { 204: z.null(), ...refusals },
      },
    },
    async (request, reply) => {
      await removeAccount(parts, request.params.id, { actor: actorOf(request) });
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/cloud-accounts/:id/test',
    {
      schema: {
        tags,
        summary: 'Sign in with what is stored',
        params: nameOrIdParams,
        response: { 200: accountTest, ...refusals },
      },
    },
    (request, reply) => testAccount(parts, request.params.id, signalOf(reply)),
  );

  app.post(
    '/cloud-accounts/:id/sync',
    {
      schema: {
        tags,
        summary: 'Begin a sync, or join the one under way',
        params: nameOrIdParams,
        body: syncInput,
        response: { 202: syncRun, ...refusals },
      },
    },
    async (request, reply) => {
      const run = await startSync(parts, request.params.id, {
        actor: actorOf(request),
        dryRun: request.body?.dryRun ?? false,
      });
      return reply.status(202).send(renderSyncRun(run, parts.words.of(request)));
    },
  );
}
