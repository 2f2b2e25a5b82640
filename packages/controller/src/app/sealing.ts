import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Seals credentials at rest with AES-256-GCM. The text after opening is what was sealed, or opening fails: never something else. */
export interface Seal {
  /** `about` binds the sealed text to the thing it belongs to: opened for anything else it fails. */
  seal(text: string, about: string): Buffer;
  open(sealed: Buffer, about: string): string;
  /** A digest that nobody without the key can try guesses against. */
  digest(text: string): Buffer;
  /** Tells one key from another without giving it away. */
  readonly fingerprint: string;
}

const VERSION = 1;
const NONCE = 12;
const TAG = 16;

/** `secret` is the installation's key material, any length from 16 bytes on. */
export function openSeal(secret: Buffer): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'wirebook credentials', 32));
  const mark = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'wirebook fingerprint', 32));
  return {
    digest: (text) => createHmac('sha256', mark).update(text).digest(),
    fingerprint: createHash('sha256').update(mark).digest('hex'),
    seal: (text, about) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), body]);
    },
    open: (sealed, about) => {
      if (sealed[0] !== VERSION || sealed.length < 1 + NONCE + TAG)
        throw new Error('sealed by another version of Wirebook');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE));
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(sealed.subarray(1 + NONCE, 1 + NONCE + TAG));
      return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE + TAG)), decipher.final()]).toString(
        'utf8',
      );
    },
  };
}
