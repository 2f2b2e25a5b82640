import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Told, UserDataRefusal } from './guest-setup.ts';

export interface UserData {
  readonly kind: 'script' | 'cloud_config' | 'multipart';
  readonly text: string;
}

/**
 * The most that a value of guestinfo can have: a message between a guest and its host is 64 KiB at most (GUESTMSG_MAX_IN_SIZE in open-vm-tools'
 * guest_msg_def.h), and the value isn't all of it.
 */
export const GUESTINFO_AT_MOST = 65_000;

/** As a value of guestinfo with the encoding `gzip+base64`. */
export function packed(text: string): string {
  return gzipSync(text, { level: 9 }).toString('base64');
}

/** What a user wants done at the first boot: a script, a cloud-config, or several of them in a MIME multi-part message. */
export function readUserData(given: string): Told<UserData, UserDataRefusal> {
  // cloud-init overlooks what is blank before the beginning; a kernel that shall run the script doesn't.
  const text = given.replace(/^\uFEFF?\s*/, '');
  if (!text.isWellFormed() || text.includes('\0'))
    return refused({ code: 'user_data_characters', params: {} });
  const bytes = packed(text).length;
  if (bytes > GUESTINFO_AT_MOST)
    return refused({ code: 'user_data_too_large', params: { bytes, max: GUESTINFO_AT_MOST } });
  if (text.startsWith('#!')) return { kind: 'told', value: { kind: 'script', text } };
  if (/^#cloud-config[ \t]*(?:\r?\n|$)/.test(text))
    return { kind: 'told', value: { kind: 'cloud_config', text } };
  return readMultipart(text);
}

function refused(refusal: UserDataRefusal): Told<never, UserDataRefusal> {
  return { kind: 'refused', refusals: [refusal] };
}

function readMultipart(given: string): Told<UserData, UserDataRefusal> {
  // Mailers, and tools made of their parts, write such a line before the headers.
  const text = given.replace(/^From [^\n]*\n/, '');
  const [head = '', ...parts] = text.split(/\r?\n\r?\n/);
  const lines = head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = lines.map((line) => /^([\w-]+):[ \t]*(.*)$/.exec(line));
  if (headers.includes(null)) return refused({ code: 'user_data_kind', params: {} });
  const valueOf = (name: string): string =>
    headers.find((header) => header?.[1]?.toLowerCase() === name)?.[2]?.trim() ?? '';
  if (valueOf('mime-version') === '' && valueOf('content-type') === '')
    return refused({ code: 'user_data_kind', params: {} });
  const type = /^multipart\/[\w.+-]+\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(
    valueOf('content-type'),
  );
  const boundary = type?.[1] ?? type?.[2];
  const isComplete =
    boundary !== undefined &&
    valueOf('mime-version') !== '' &&
    parts
      .join('\n\n')
      .split(/\r?\n/)
      .some((line) => line === `--${boundary}`);
  return isComplete
    ? { kind: 'told', value: { kind: 'multipart', text } }
    : refused({ code: 'user_data_multipart', params: {} });
}

/**
 * One message of the user's data and a cloud-config of ours. Ours comes last and says how it is merged, for by itself a later part replaces
 * what an earlier one says: lists are appended (SSH keys of both are authorized), and what else the user says stays.
 */
export function joinUserData(theirs: UserData, ours: string): string {
  const boundary = `wirebook-${createHash('sha256').update(`${theirs.text}\n${ours}`).digest('hex').slice(0, 32)}`;
  const parts = [
    partOf(theirs),
    part(ours, {
      'Content-Type': 'text/cloud-config; charset="utf-8"',
      'Merge-Type': 'list(append)+dict(no_replace,recurse_list)+str()',
    }),
  ];
  return [
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    'MIME-Version: 1.0',
    '',
    ...parts.map((one) => `--${boundary}\n${one}`),
    `--${boundary}--`,
    '',
  ].join('\n');
}

function partOf({ kind, text }: UserData): string {
  switch (kind) {
    case 'script':
      return part(text, { 'Content-Type': 'text/x-shellscript; charset="utf-8"' });
    case 'cloud_config':
      return part(text, { 'Content-Type': 'text/cloud-config; charset="utf-8"' });
    // A message may be a part of another with its headers as they are (RFC 2046 section 5.1).
    case 'multipart':
      return text;
  }
}

function part(text: string, headers: Readonly<Record<string, string>>): string {
  const plain = /^[\t\n\x20-\x7e]*$/.test(text);
  const lines = { ...headers, 'MIME-Version': '1.0', 'Content-Transfer-Encoding': plain ? '7bit' : 'base64' };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}`);
  const body = plain
    ? text
    : (
        Buffer.from(text)
          .toString('base64')
          .match(/.{1,76}/g) ?? []
      ).join('\n');
  return [...head, '', body].join('\n');
}
