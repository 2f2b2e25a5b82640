import type { FastifyRequest } from 'fastify';

/**
 * Whether a request comes from the page that this controller serves: by what the browser says of it (Fetch Metadata), or where it says
 * nothing, by its `Origin` (RFC 6454). SameSite cookies alone don't tell: another port of the same host is the same site.
 */
export function isSameOrigin(request: FastifyRequest, publicUrl: string | null): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = request.headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (publicUrl !== null && from.origin === new URL(publicUrl).origin) return true;
  if (host === undefined || !['http:', 'https:'].includes(from.protocol)) return false;
  // Whether TLS ended in a proxy before us can't be seen here; the host asked for can. As a URL, so that a default port is none.
  const asked = `${from.protocol}//${host}`;
  return URL.canParse(asked) && new URL(asked).origin === from.origin;
}
