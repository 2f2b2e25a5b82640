import { VsphereError } from './errors.ts';

/** Where a server's SOAP endpoint is. */
export interface ServerUrl {
  /** e.g. `https://vc.example.org:443` */
  origin: string;
  /** e.g. `/sdk` */
  path: string;
  /** Host name or address, without brackets. */
  host: string;
  port: number;
}

/** Reads the URL of a vCenter Server or ESXi; without a path `/sdk` is meant. Throws `invalid-url`. */
export function parseServerUrl(url: string): ServerUrl {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.protocol !== 'https:' || parsed.hostname === '') {
    throw new VsphereError({ kind: 'invalid-url', url: withoutCredentials(url, parsed) });
  }
  const path = parsed.pathname.replace(/\/+$/, '');
  return {
    origin: parsed.origin,
    path: path === '' ? '/sdk' : path,
    host: parsed.hostname.replaceAll(/^\[|\]$/g, ''),
    port: parsed.port === '' ? 443 : Number(parsed.port),
  };
}

function withoutCredentials(url: string, parsed: URL | null): string {
  return parsed === null
    ? url.replace(/\/\/[^/@]*@/, '//').slice(0, 200)
    : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
