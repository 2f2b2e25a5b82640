import { createHash } from 'node:crypto';
import type { GuestOs, Told } from './guest-setup.ts';

/** The longest label, RFC 1035. */
const LABEL_AT_MOST = 63;
/** What NetBIOS leaves to the name of a Windows computer. */
const COMPUTER_NAME_AT_MOST = 15;

export type HostNameRefusal =
  | { readonly code: 'host_name_characters'; readonly params: Readonly<Record<string, never>> }
  | { readonly code: 'host_name_too_long'; readonly params: { readonly max: number } }
  | { readonly code: 'host_name_all_digits'; readonly params: Readonly<Record<string, never>> };

/** A host name that somebody asks for: letters, digits and hyphens, neither first nor last a hyphen; in lower case. */
export function readHostName(text: string, os: GuestOs): Told<string, HostNameRefusal> {
  const max = os === 'windows' ? COMPUTER_NAME_AT_MOST : LABEL_AT_MOST;
  const name = text.toLowerCase();
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name))
    return refused({ code: 'host_name_characters', params: {} });
  if (name.length > max) return refused({ code: 'host_name_too_long', params: { max } });
  // To Windows such a name is an error, and to much else an IPv4 address (inet_aton(3)).
  if (/^\d+$/.test(name)) return refused({ code: 'host_name_all_digits', params: {} });
  return { kind: 'told', value: name };
}

function refused(refusal: HostNameRefusal): Told<never, HostNameRefusal> {
  return { kind: 'refused', refusals: [refusal] };
}

/**
 * The host name of a server that is called so. Whatever no host name can have becomes a hyphen. Of a name with its domain
 * (`web1.example.com`) it is the first label. Names that have nothing to make one of, or only digits, and names that have to be cut get
 * some digits of their hash, so that different servers don't come to one name.
 */
export function hostNameOf(serverName: string, os: GuestOs = 'linux'): string {
  const name = serverName.trim();
  const isQualified = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\.?$/i.test(name);
  const meant = isQualified ? name.slice(0, name.indexOf('.')) : name;
  const label = labelOf(meant.normalize('NFKD').replaceAll(/\p{Mn}/gu, ''));
  const full = label === '' || /^\d+$/.test(label) ? `server-${label === '' ? hashOf(name) : label}` : label;
  const max = os === 'windows' ? COMPUTER_NAME_AT_MOST : LABEL_AT_MOST;
  if (full.length <= max) return full;
  const hash = hashOf(name).slice(0, 4);
  return `${labelOf(full.slice(0, max - hash.length - 1))}-${hash}`;
}

function labelOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
