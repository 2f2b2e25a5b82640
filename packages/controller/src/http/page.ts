import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import { openCatalogue } from '@wirebook/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import { escapeHtml, plainPage } from './documentation.ts';

/** The page that a browser loads: one document, whatever path of it is asked for, and its assets. */
export interface Page {
  /** Whether somebody wants to look at a path that is the page's own: a deep link, or one after a reload. */
  isPath(request: FastifyRequest): boolean;
  send(reply: FastifyReply): FastifyReply;
}

/** What below the root isn't the page's. */
const elsewhere = /^\/(?:api|assets|docs|healthz|metrics|openapi\.json|readyz)(?:[/?]|$)/;

const securityHeaders = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    // Ant Design puts the styles of its controls into elements of the document.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

/** Serves the built page of a folder; where there is none, a text that says how to build it. */
export async function addPage(app: App, folder: string): Promise<Page> {
  const isPath = (request: FastifyRequest): boolean =>
    (request.method === 'GET' || request.method === 'HEAD') &&
    !elsewhere.test(request.url) &&
    (request.headers.accept ?? '').includes('text/html');
  if (!existsSync(join(folder, 'index.html'))) return addUnbuilt(app, isPath);
  const assets = join(folder, 'assets') + sep;
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    // The manifest and the stamp of the build are nobody's business.
    dotfiles: 'ignore',
    acceptRanges: false,
    cacheControl: false,
    lastModified: false,
    setHeaders: (reply, path) => {
      reply.headers(securityHeaders);
      // The name of an asset has the fingerprint of what is in it.
      const forever = path.startsWith(assets);
      reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return { isPath, send: (reply) => reply.sendFile('index.html') };
}

function addUnbuilt(app: App, isPath: Page['isPath']): Page {
  const catalogue = openCatalogue();
  const sections = (['en', 'zh'] as const).map((language) => {
    const t = catalogue(language);
    const words = (key: string): string => escapeHtml(t(key));
    return `<section lang="${language}"><h2>${words('unbuilt.title')}</h2>
      <p>${words('unbuilt.text')} <a href="/docs">/docs</a></p></section>`;
  });
  const body = plainPage('Wirebook', sections.join(''));
  const send = (reply: FastifyReply): FastifyReply =>
    reply.status(503).headers(securityHeaders).type('text/html; charset=utf-8').send(body);
  app.get('/', { schema: { hide: true } }, (_request, reply) => send(reply));
  return { isPath, send };
}
