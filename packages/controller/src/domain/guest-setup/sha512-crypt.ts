import { createHash } from 'node:crypto';

/**
 * SHA-512 as crypt(3) uses it, `$6$salt$hash`: what every Linux guest of today checks passwords by, which can't be said of scrypt or bcrypt. After
 * "Unix crypt using SHA-256 and SHA-512" by Ulrich Drepper, whose test vectors the tests have. Written out here because the packages that do
 * it aren't kept up, and the whole of it is this page.
 */

/** The specification's own number, which the text then doesn't name. */
const ROUNDS = 5000;
const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SALT_LENGTH = 16;
const SIZE = 64;

/** A salt out of at least 16 random bytes. */
export function saltOf(random: Uint8Array): string {
  if (random.length < SALT_LENGTH) throw new RangeError(`A salt takes ${SALT_LENGTH} random bytes.`);
  return [...random.subarray(0, SALT_LENGTH)].map((byte) => ALPHABET.charAt(byte % 64)).join('');
}

/** @param salt up to 16 characters of `./0-9A-Za-z`; what is longer is cut, as the specification says. */
export function sha512Crypt(password: string, salt: string, rounds: number = ROUNDS): string {
  const cut = salt.slice(0, SALT_LENGTH);
  if (!/^[./0-9A-Za-z]*$/.test(cut)) throw new RangeError('A salt has only the characters ./0-9A-Za-z.');
  const turns = Math.min(Math.max(rounds, 1000), 999_999_999);
  const named = rounds === ROUNDS ? '' : `rounds=${turns}$`;
  return `$6$${named}${cut}$${encode(digestOf(Buffer.from(password), Buffer.from(cut), turns))}`;
}

function sha512(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The digest over and over, to a length. */
function repeat(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, length === 0 ? 0 : digest);
}

function digestOf(password: Buffer, salt: Buffer, rounds: number): Buffer {
  const inner = sha512(password, salt, password);
  const parts = [password, salt, repeat(inner, password.length)];
  // For each bit of the length, the lowest first.
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? inner : password);
  let digest = sha512(...parts);
  const p = repeat(sha512(...Array<Buffer>(password.length).fill(password)), password.length);
  const s = repeat(sha512(...Array<Buffer>(16 + digest.readUInt8(0)).fill(salt)), salt.length);
  for (let round = 0; round < rounds; round += 1) {
    const odd = round % 2 === 1;
    const turn = [odd ? p : digest];
    if (round % 3 !== 0) turn.push(s);
    if (round % 7 !== 0) turn.push(p);
    turn.push(odd ? digest : p);
    digest = sha512(...turn);
  }
  return digest;
}

/** Three bytes make four characters, the lowest six bits first; which three is shuffled by thirds, each time turned by one. */
function encode(digest: Buffer): string {
  const third = (SIZE - 1) / 3;
  let text = '';
  for (let i = 0; i < third; i += 1) {
    const trio = [i, i + third, i + 2 * third].map((at) => digest.readUInt8(at));
    const turned = [0, 1, 2].map((at) => trio[(at + i) % 3] ?? 0);
    text += characters(((turned[0] ?? 0) << 16) | ((turned[1] ?? 0) << 8) | (turned[2] ?? 0), 4);
  }
  return text + characters(digest.readUInt8(SIZE - 1), 2);
}

function characters(value: number, count: number): string {
  let text = '';
  for (let i = 0; i < count; i += 1) text += ALPHABET.charAt((value >> (6 * i)) & 63);
  return text;
}
