/** An account that isn't one yet. Lives in the memory of the page alone. */
export interface Draft {
  readonly url: string;
  /** SHA-256 of the certificate that was trusted; null: a certificate authority vouches for it. */
  readonly trust: string | null;
  readonly username: string;
  readonly password: string;
  /** What to call it, where that is known; otherwise its URL says. */
  readonly name?: string;
}

/** What people type for a vCenter, as the URL of its SDK: `vc.example` and `https://vc.example/ui/` alike. */
export function sdkUrl(typed: string): string {
  const text = typed.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(withScheme)) return withScheme;
  const url = new URL(withScheme);
  return /^\/(?:ui.*|sdk\/?|)$/.test(url.pathname) ? `${url.protocol}//${url.host}/sdk` : withScheme;
}

/** A name for the account, from its URL: the first part of a host name, or the address. */
export function nameOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { hostname } = new URL(url);
  return /^[\d.]+$|:/.test(hostname)
    ? hostname.replaceAll(/[[\]]/g, '')
    : (hostname.split('.')[0] ?? hostname);
}

/** A SHA-256 as people compare it: groups of two digits with colons. */
export function grouped(sha256: string): string {
  return (sha256.toUpperCase().match(/.{2}/g) ?? []).join(':');
}
