import type { GuestOs, Told } from './guest-setup.ts';

export type PasswordRefusal =
  | { readonly code: 'password_characters'; readonly params: Readonly<Record<string, never>> }
  | { readonly code: 'password_too_long'; readonly params: { readonly max: number } };

/** Windows takes 127 characters; libxcrypt, by which Linux checks, 511 bytes. */
const AT_MOST: Record<GuestOs, number> = { windows: 127, linux: 511 };

/** A password can be anything that somebody can type into one line. */
export function readPassword(text: string, os: GuestOs): Told<string, PasswordRefusal> {
  if (text === '' || !text.isWellFormed() || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text))
    return { kind: 'refused', refusals: [{ code: 'password_characters', params: {} }] };
  const max = AT_MOST[os];
  const length = os === 'windows' ? text.length : Buffer.byteLength(text);
  return length > max
    ? { kind: 'refused', refusals: [{ code: 'password_too_long', params: { max } }] }
    : { kind: 'told', value: text };
}
