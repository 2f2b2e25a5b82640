import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSeal } from '../../src/app/sealing.ts';

const seal = openSeal(randomBytes(32));

test('what is sealed opens to the same text, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.uuid(), (text, about) => {
      expect(seal.open(seal.seal(text, about), about)).toBe(text);
    }),
  );
});

test('the sealed form shows nothing of the text, and is another one each time', () => {
  const [one, other] = [seal.seal('Hunter-22', 'account'), seal.seal('Hunter-22', 'account')];
  expect(one.includes('Hunter')).toBe(false);
  expect(one.equals(other)).toBe(false);
});

test('it opens for nothing else than it was sealed for, and with no other key', () => {
  const sealed = seal.seal('Hunter-22', 'account 1');
  expect(() => seal.open(sealed, 'account 2')).toThrow(Error);
  expect(() => openSeal(randomBytes(32)).open(sealed, 'account 1')).toThrow(Error);
});

test('a single changed bit anywhere, or a cut, is noticed', () => {
  const sealed = seal.seal('Hunter-22', 'account');
  for (let index = 0; index < sealed.length; index += 1) {
    const spoilt = Buffer.from(sealed);
    spoilt.writeUInt8((spoilt[index] ?? 0) ^ 1, index);
    expect(() => seal.open(spoilt, 'account'), `byte ${index}`).toThrow(Error);
    expect(() => seal.open(sealed.subarray(0, index), 'account'), `${index} bytes`).toThrow(Error);
  }
});

test('the fingerprint tells keys apart and is the same for the same key; digests depend on the key', () => {
  const secret = randomBytes(32);
  const [same, again, other] = [openSeal(secret), openSeal(secret), openSeal(randomBytes(32))];
  expect(same.fingerprint).toBe(again.fingerprint);
  expect(same.fingerprint).not.toBe(other.fingerprint);
  expect(same.fingerprint).not.toContain(secret.toString('hex'));
  expect(same.digest('x').equals(again.digest('x'))).toBe(true);
  expect(same.digest('x').equals(same.digest('y'))).toBe(false);
  expect(same.digest('x').equals(other.digest('x'))).toBe(false);
});
