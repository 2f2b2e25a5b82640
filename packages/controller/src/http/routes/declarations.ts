import { Readable } from 'node:stream';
import {
  DECLARED_AT_MOST,
  declarations,
  importDeclarationsInput,
  importDeclarationsQuery,
  importedDeclarations,
} from '@wirebook/contract';
import type { FastifyReply } from 'fastify';
import { exportDeclarations } from '../../app/declarations/export.ts';
import { importDeclarations } from '../../app/declarations/import.ts';
import { actorOf } from '../authentication.ts';
import { checkInput, checkLists } from '../input.ts';
import { renderFieldError } from '../problems.ts';
import { type App, refusals, type RouteParts } from '../app.ts';

/** A document of a quarter of a million addresses is about so large. */
const BODY_AT_MOST = 64 * 1024 * 1024;

/** Everything that people declared: out of this Wirebook, and into another. */
export function addDeclarationRoutes(app: App, parts: RouteParts): void {
  const { db, words } = parts;
  app.get(
    '/declarations',
    {
      schema: {
        tags: ['declarations'],
        summary: 'Everything that people declared, as one document',
        description:
          'All of it is of one moment, in an order that depends on nothing else: two documents of the same state differ in `exportedAt` alone. Each item stands in a line of its own.',
        response: { 200: declarations, ...refusals },
      },
    },
    async (_request, reply) => {
      // Sent piece by piece, as it is read: the whole may be larger than is good for the process.
      const untyped = reply as unknown as FastifyReply;
      await untyped
        .type('application/json; charset=utf-8')
        .send(Readable.from(exportDeclarations(db, new Date())));
      return reply;
    },
  );
  app.post(
    '/imports/declarations',
    {
      bodyLimit: BODY_AT_MOST,
      validatorCompiler:
        ({ schema, httpPart }) =>
        (data: unknown) =>
          httpPart === 'body'
            ? checkLists(importDeclarationsInput, data, { part: 'body', atMost: DECLARED_AT_MOST })
            : checkInput(schema as unknown as typeof importDeclarationsQuery, data, httpPart ?? ''),
      schema: {
        tags: ['imports'],
        summary: 'Take over what people declared elsewhere, all of it or nothing',
        description: `At most ${BODY_AT_MOST / 1024 / 1024} MiB, and ${DECLARED_AT_MOST} items in a list. Lists may be left out, and so come in parts: networks before what lies in them.`,
        querystring: importDeclarationsQuery,
        body: importDeclarationsInput,
        response: { 200: importedDeclarations, ...refusals },
      },
    },
    async (request) => {
      const t = words.of(request);
      const { dryRun = false, overwrite = false, skipMissing = false } = request.query;
      const done = await importDeclarations(db, request.body, {
        actor: actorOf(request),
        dryRun,
        overwrite,
        skipMissing,
      });
      return { ...done, notes: done.notes.map((note) => renderFieldError(note, t)) };
    },
  );
}
