import type { Told } from './guest-setup.ts';

export interface SshKey {
  readonly type: string;
  readonly base64: string;
  readonly comment: string;
  /** All of it, as it stands in an `authorized_keys`. */
  readonly line: string;
}

export type SshKeyRefusal = {
  readonly code:
    | 'ssh_key_private'
    | 'ssh_key_several'
    | 'ssh_key_options'
    | 'ssh_key_type'
    | 'ssh_key_malformed'
    | 'ssh_key_weak';
  readonly params: Readonly<Record<string, never>>;
};

/**
 * How many fields follow the type's name in the key (RFC 4253 section 6.6, RFC 5656, RFC 8709, PROTOCOL.u2f of OpenSSH). DSA isn't among them:
 * OpenSSH no longer knows it.
 */
const TYPES: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'sk-ssh-ed25519@openssh.com': 2,
  'sk-ecdsa-sha2-nistp256@openssh.com': 3,
};
/** sshd takes no shorter ones (RequiredRSASize). */
const RSA_BITS_AT_LEAST = 1024;

/** One public key as OpenSSH writes it into a `.pub` file. Options before it are refused: who logs in decides nothing else. */
export function readSshKey(text: string): Told<SshKey, SshKeyRefusal> {
  if (/BEGIN [A-Z0-9 ]*PRIVATE KEY|^PuTTY-User-Key-File/m.test(text)) return refused('ssh_key_private');
  const line = text.trim();
  if (/[\r\n]/.test(line)) return refused('ssh_key_several');
  if (!line.isWellFormed() || /[^\P{Cc}\t]/u.test(line)) return refused('ssh_key_malformed');
  const [type = '', base64 = '', ...rest] = line.split(/[ \t]+/);
  if (!Object.hasOwn(TYPES, type)) {
    const later = line.split(/[ \t"]+/).slice(1);
    return refused(later.some((word) => Object.hasOwn(TYPES, word)) ? 'ssh_key_options' : 'ssh_key_type');
  }
  const fields = fieldsOf(base64);
  if (fields === null || fields[0]?.toString('latin1') !== type) return refused('ssh_key_malformed');
  if (fields.length !== 1 + (TYPES[type] ?? 0)) return refused('ssh_key_malformed');
  const fault = faultOf(type, fields);
  if (fault !== null) return refused(fault);
  const comment = rest.join(' ');
  return {
    kind: 'told',
    value: {
      type,
      base64,
      comment,
      line: comment === '' ? `${type} ${base64}` : `${type} ${base64} ${comment}`,
    },
  };
}

function refused(code: SshKeyRefusal['code']): Told<never, SshKeyRefusal> {
  return { kind: 'refused', refusals: [{ code, params: {} }] };
}

/** The strings that a key consists of, each with its length before it (RFC 4251 section 5). */
function fieldsOf(base64: string): Buffer[] | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) return null;
  const blob = Buffer.from(base64, 'base64');
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    if (at + 4 > blob.length) return null;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return null;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function faultOf(type: string, fields: readonly Buffer[]): 'ssh_key_malformed' | 'ssh_key_weak' | null {
  const [, first, second] = fields;
  if (first === undefined) return 'ssh_key_malformed';
  if (type === 'ssh-rsa')
    return second !== undefined && bitsOf(second) >= RSA_BITS_AT_LEAST ? null : 'ssh_key_weak';
  if (type.includes('ed25519')) return first.length === 32 ? null : 'ssh_key_malformed';
  return type.includes(`-${first.toString('latin1')}`) ? null : 'ssh_key_malformed';
}

/** Of a number as RFC 4251 writes it: the highest byte first, a zero before it where its top bit is set. */
function bitsOf(number: Buffer): number {
  const start = number.findIndex((byte) => byte !== 0);
  const top = number[start];
  return top === undefined ? 0 : (number.length - start) * 8 - Math.clz32(top) + 24;
}
