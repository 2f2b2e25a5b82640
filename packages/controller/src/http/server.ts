import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import fastify, { type FastifyReply, LogController } from 'fastify';
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App, HttpParts, RouteParts } from './app.ts';
import { authenticate } from './authentication.ts';
import { openCallers } from './callers.ts';
import { addDocumentation } from './documentation.ts';
import { addHealth } from './health.ts';
import { replayAnswers } from './idempotency.ts';
import { tidyDocument } from './openapi-document.ts';
import { checkInput, refuseParameters } from './input.ts';
import { addPage } from './page.ts';
import { isBug, renderProblem, toProblem } from './problems.ts';
import { addAccountRoutes } from './routes/cloud-accounts.ts';
import { addAddressRoutes } from './routes/addresses.ts';
import { addAddressSpaceRoutes } from './routes/address-spaces.ts';
import { addAllocationRoutes } from './routes/allocation.ts';
import { addComparisonRoutes } from './routes/comparison.ts';
import { addDeclarationRoutes } from './routes/declarations.ts';
import { addFindingRoutes } from './routes/findings.ts';
import { addFixRoutes } from './routes/fixes.ts';
import { addImportRoutes } from './routes/imports.ts';
import { addInventoryRoutes } from './routes/inventory.ts';
import { addMendingRoutes } from './routes/mending.ts';
import { addNetworkChangeRoutes } from './routes/network-changes.ts';
import { addNetworkWireRoutes } from './routes/network-wires.ts';
import { addNetworkRoutes } from './routes/networks.ts';
import { addOperationRoutes } from './routes/operations.ts';
import { addProposalRoutes } from './routes/proposals.ts';
import { addReservationRoutes } from './routes/reservations.ts';
import { addSessionRoutes } from './routes/sessions.ts';
import { addSearchRoutes } from './routes/search.ts';
import { addServerChangeRoutes } from './routes/server-changes.ts';
import { addSimulatedVcenterRoutes } from './routes/simulated-vcenter.ts';
import { addSyncRunRoutes } from './routes/sync-runs.ts';
import { addTokenRoutes } from './routes/tokens.ts';
import { openWords } from './words.ts';

const BODY_AT_MOST = 16 * 1024 * 1024;

/** The HTTP face: routes, sign-in, problems, documentation. Listens to nothing yet. */
export async function buildHttpServer(parts: HttpParts): Promise<App> {
  const words = openWords();
  const app: App = fastify({
    loggerInstance: parts.logger,
    bodyLimit: BODY_AT_MOST,
    trustProxy: [...parts.trustedProxies],
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => {
      const { status, body } = renderProblem(toProblem(error, request.id), words.of(request));
      void (reply as unknown as FastifyReply)
        .status(status)
        .type('application/problem+json')
        .serializer(JSON.stringify)
        .send({ ...body, detail: `${request.method} ${request.url.slice(0, 200)}` });
    },
  }).withTypeProvider<ZodTypeProvider>();
  // JSON is all that any route takes.
  app.removeContentTypeParser('text/plain');
  const routeParts: RouteParts = { ...parts, words, callers: openCallers() };

  app.setValidatorCompiler(
    ({ schema, httpPart }) =>
      (data: unknown) =>
        checkInput(schema as unknown as z.ZodType, data, httpPart ?? 'body'),
  );
  app.setSerializerCompiler(({ schema }) => (data: unknown) => {
    if (parts.checkAnswers === true) {
      const result = (schema as unknown as z.ZodType).safeParse(data);
      if (!result.success) throw new Error(`an answer broke its schema: ${result.error.message}`);
    }
    return JSON.stringify(data);
  });
  app.setErrorHandler(async (error, request, reply) => {
    const problem = toProblem(error, request.id);
    if (isBug(problem.code)) request.log.error({ err: error, requestId: request.id }, 'request failed');
    const { status, body } = renderProblem(problem, words.of(request));
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    const { seconds } = problem.params;
    if (status === 429 && seconds !== undefined) reply.header('retry-after', seconds);
    return reply.status(status).type('application/problem+json').serializer(JSON.stringify).send(body);
  });
  const page = await addPage(app, parts.pageFolder);
  app.setNotFoundHandler(async (request, reply) => {
    if (page.isPath(request)) return page.send(reply);
    const problem = toProblem({ statusCode: 404 }, request.id);
    const { status, body } = renderProblem(problem, words.of(request));
    return reply
      .status(status)
      .type('application/problem+json')
      .serializer(JSON.stringify)
      .send({ ...body, detail: `${request.method} ${request.url.slice(0, 200)}` });
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  if (['debug', 'trace'].includes(parts.logger.level)) logAnswers(app);

  const describeSchemas = createJsonSchemaTransformObject({ schemaRegistry: z.globalRegistry });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Wirebook',
        version: parts.version,
        description:
          'The network half of VMware: wires, networks, and which address every virtual NIC has and why.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: parts.signInEngine.cookieName,
            description:
              'From POST /api/v1/session. Requests that change something must come from the same origin.',
          },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: createJsonSchemaTransform({ skipList: [] }),
    transformObject: (document) => tidyDocument(describeSchemas(document)),
  });
  addHealth(app, routeParts);
  addDocumentation(app);
  await app.register(
    async (api) => {
      const typed = api.withTypeProvider<ZodTypeProvider>() as unknown as App;
      authenticate(typed, routeParts);
      typed.addHook('preValidation', async (request) => {
        if (request.routeOptions.schema?.querystring === undefined) refuseParameters(request.query);
      });
      replayAnswers(typed, routeParts);
      addSessionRoutes(typed, routeParts);
      addTokenRoutes(typed, routeParts);
      addAccountRoutes(typed, routeParts);
      addSimulatedVcenterRoutes(typed, routeParts);
      addSyncRunRoutes(typed, routeParts);
      addOperationRoutes(typed, routeParts);
      addServerChangeRoutes(typed, routeParts);
      addInventoryRoutes(typed, routeParts);
      addNetworkRoutes(typed, routeParts);
      addNetworkWireRoutes(typed, routeParts);
      addMendingRoutes(typed, routeParts);
      addProposalRoutes(typed, routeParts);
      addNetworkChangeRoutes(typed, routeParts);
      addAllocationRoutes(typed, routeParts);
      addReservationRoutes(typed, routeParts);
      addFindingRoutes(typed, routeParts);
      addFixRoutes(typed, routeParts);
      addImportRoutes(typed, routeParts);
      addComparisonRoutes(typed, routeParts);
      addDeclarationRoutes(typed, routeParts);
      addAddressRoutes(typed, routeParts);
      addSearchRoutes(typed, routeParts);
      addAddressSpaceRoutes(typed, routeParts);
    },
    { prefix: '/api/v1' },
  );
  return app;
}

function logAnswers(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      {
        method: request.method,
        path: request.routeOptions.url,
        status: reply.statusCode,
        ms: reply.elapsedTime,
      },
      'answered',
    );
  });
}
