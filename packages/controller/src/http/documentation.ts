import {
  catalogues,
  obstacleCodes,
  openCatalogue,
  type ProblemCode,
  problemCodes,
  problemStatus,
  type Translate,
} from '@wirebook/contract';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Problem } from '../app/problem.ts';
import type { App } from './app.ts';

/** The API's description, to read by programs and to browse; and a page for each problem. */
export function addDocumentation(app: App): void {
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send(app.swagger()),
  );
  app.get('/docs/problems', { schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send(
        plainPage(
          'Problems',
          problemCodes.map((code) => `<li><a href="/docs/problems/${code}">${code}</a></li>`).join(''),
        ),
      ),
  );
  const catalogue = openCatalogue();
  app.get('/docs/problems/:code', { schema: { hide: true } }, (request, reply) => {
    const { code } = request.params as { code: string };
    const known = problemCodes.find((one) => one === code);
    if (known === undefined)
      throw new Problem('not_found', { kind: 'problem', name: code.slice(0, 100), command: '' });
    const sections = (['en', 'zh'] as const).map((language) => {
      const t = catalogue(language);
      return `<section lang="${language}"><h2>${escapeHtml(t(`problems.${known}.title`))}</h2>
        ${remedies(known, t)}</section>`;
    });
    return reply
      .type('text/html; charset=utf-8')
      .send(plainPage(`${known} (${problemStatus[known]})`, sections.join('')));
  });
  // The browser of the API is megabytes of script: it is loaded when somebody first asks for it.
  let reference: Promise<FastifyInstance> | null = null;
  const browse = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reference ??= buildReference();
    const inner = await reference;
    reply.hijack();
    inner.routing(request.raw, reply.raw);
  };
  app.get('/docs', { schema: { hide: true } }, browse);
  app.get('/docs/*', { schema: { hide: true } }, browse);
}

/** What to do; where that depends on what is in the way, each of its cases. */
function remedies(code: ProblemCode, t: Translate): string {
  const words = (key: string): string => escapeHtml(t(key, { interpolation: { skipOnVariables: true } }));
  const listed = (cases: readonly { code: string; texts: readonly string[] }[]): string =>
    `<dl>${cases
      .map((one) => `<dt>${one.code}</dt>${one.texts.map((key) => `<dd>${words(key)}</dd>`).join('')}`)
      .join('')}</dl>`;
  const fields = (...kinds: string[]): string =>
    listed(
      Object.keys(catalogues.en.fields)
        .filter((field) => kinds.some((kind) => field.startsWith(kind)))
        .map((field) => ({ code: field, texts: [`fields.${field}`] })),
    );
  const remedy = `<p>${words(`problems.${code}.remedy`)}</p>`;
  if (code === 'fixes_refused') return `${remedy}${fields('fix_')}`;
  if (code === 'import_refused') return `${remedy}${fields('import_', 'fix_')}`;
  if (code === 'declarations_refused') return `${remedy}${fields('declared_', 'import_', 'fix_')}`;
  if (code !== 'address_not_free') return remedy;
  return listed(
    obstacleCodes.map((obstacle) => ({
      code: obstacle,
      texts: [`obstacles.${obstacle}.text`, `obstacles.${obstacle}.remedy`],
    })),
  );
}

async function buildReference(): Promise<FastifyInstance> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const inner = fastify({ logger: false });
  await inner.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      title: 'Wirebook',
      url: '/openapi.json',
      // Nothing is fetched from, or told to, anybody else.
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
    logLevel: 'silent',
  });
  await inner.ready();
  return inner;
}

/** A page of text that needs nothing else. */
export function plainPage(title: string, body: string): string {
  return `<!doctype html><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font-family:system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;line-height:1.5}</style>
<h1>${escapeHtml(title)}</h1>${body}`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
