import { health, readiness, type Status, status as statusSchema } from '@wirebook/contract';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { quoted } from '../app/problem.ts';
import { sql } from 'kysely';
import { countFindings } from '../store/findings.ts';
import type { Queries } from '../store/database.ts';
import { countBook, countFullNetworks, findAccountsInTrouble, findOperationsLeft } from '../store/status.ts';
import { authenticate, SAFE_METHODS } from './authentication.ts';
import type { App, RouteParts } from './app.ts';
import { openRemembering, type Remembering } from './remembering.ts';

const PROBE_MS = 2_000;
/** Per cent: from here on a network wants a person's look. */
const FULL_FROM = 90;
/**
 * Findings and utilisation are worked out over the whole book, and every open page asks again and again. What somebody does here is seen at
 * once all the same: any request that may have changed something lets it be forgotten. What a sync or another controller brings is late by so
 * much at most.
 */
const REMEMBERED_MS = 10_000;

interface Costly {
  readonly findings: number;
  readonly fullNetworks: number;
}

export function addHealth(app: App, parts: RouteParts): void {
  app.get(
    '/healthz',
    { schema: { tags: ['status'], summary: 'The process is up', security: [], response: { 200: health } } },
    () => ({ status: 'ok' as const, version: parts.version }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        tags: ['status'],
        summary: 'Database and workers are up too',
        security: [],
        response: { 200: readiness, 503: readiness },
      },
    },
    async (request, reply) => {
      const t = parts.words.of(request);
      const reasons: { part: 'database' | 'workers' | 'stopping'; text: string }[] = [];
      if (!(await databaseAnswers(parts))) reasons.push({ part: 'database', text: t('attention.database') });
      if (!parts.health.workersReady()) reasons.push({ part: 'workers', text: t('attention.workers') });
      if (parts.health.stopping()) reasons.push({ part: 'stopping', text: t('attention.stopping') });
      return reply
        .status(reasons.length === 0 ? 200 : 503)
        .send({ status: reasons.length === 0 ? ('ready' as const) : ('not_ready' as const), reasons });
    },
  );

  const remembered = openRemembering<Costly>({ ms: REMEMBERED_MS, until: () => null });
  app.addHook('onSend', async (request) => {
    if (!SAFE_METHODS.has(request.method)) remembered.forget(() => true);
  });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addBookMetrics(registry, parts);
  void app.register(async (scope) => {
    if (!parts.openMetrics) authenticate(scope, parts);
    scope.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    );
  });
  void app.register(async (scope) => {
    const typed = scope as unknown as App;
    authenticate(typed, parts);
    typed.get(
      '/api/v1/status',
      {
        schema: {
          tags: ['status'],
          summary: 'What is in the book, and what needs a person',
          response: { 200: statusSchema },
        },
      },
      async (request) => describeStatus(parts, remembered, parts.words.of(request)),
    );
  });
}

async function databaseAnswers(parts: RouteParts): Promise<boolean> {
  const late = new Promise<false>((resolve) => {
    setTimeout(() => resolve(false), PROBE_MS).unref();
  });
  const answer = sql`SELECT 1`.execute(parts.db).then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]);
}

function addBookMetrics(registry: Registry, parts: RouteParts): void {
  const gauge = new Gauge({
    name: 'wirebook_objects',
    help: 'Objects in the book, by kind',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      const counts = await countBook(parts.db);
      for (const [kind, count] of Object.entries(counts)) gauge.set({ kind }, count);
    },
  });
}

async function countCostly(db: Queries, remembered: Remembering<Costly>): Promise<Costly> {
  const known = remembered.recall('book');
  if (known !== null) return known;
  const keep = remembered.begin('book');
  const [kinds, fullNetworks] = await Promise.all([countFindings(db, {}), countFullNetworks(db, FULL_FROM)]);
  const counted = { findings: kinds.reduce((sum, one) => sum + one.findings, 0), fullNetworks };
  keep(counted);
  return counted;
}

async function describeStatus(
  parts: RouteParts,
  remembered: Remembering<Costly>,
  t: ReturnType<RouteParts['words']['of']>,
): Promise<Status> {
  const { db } = parts;
  const [counts, accounts, operations, costly] = await Promise.all([
    countBook(db),
    findAccountsInTrouble(db),
    findOperationsLeft(db),
    countCostly(db, remembered),
  ]);
  const attention: Status['attention'] = [];
  const add = (
    kind: string,
    key: string,
    params: Record<string, string | number>,
    about: Status['attention'][number]['about'] = null,
  ): void => {
    const { count } = params;
    attention.push({
      kind,
      text: t(`attention.${key}.text`, params),
      remedy: t(`attention.${key}.remedy`, params),
      count: typeof count === 'number' ? count : null,
      about,
    });
  };
  for (const { id, name, status, detail } of accounts) {
    const text = detail === null ? status : t(`problems.${detail.code}.detail`, detail.params);
    add('account', 'account', { name, status: text, quoted: quoted(name) }, { id, name });
  }
  for (const { id, server } of operations)
    add('operation', 'operation', { server: server ?? '-', operation: id }, { id, name: server ?? '-' });
  if (counts.accounts === 0) add('accounts', 'no_account', {});
  else if (counts.networks === 0) add('networks', 'no_network', {});
  const many = (kind: string, count: number): void => {
    if (count > 0) add(kind, count === 1 ? `${kind}_one` : `${kind}_other`, { count, percentage: FULL_FROM });
  };
  if (counts.conflicts > 0) add('conflicts', 'conflicts', { count: counts.conflicts });
  many('full_networks', costly.fullNetworks);
  many('unresolved', counts.unresolved);
  many('findings', costly.findings);
  return { version: parts.version, startedAt: parts.health.startedAt.toISOString(), counts, attention };
}
