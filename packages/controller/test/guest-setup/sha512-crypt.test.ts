import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { saltOf, sha512Crypt } from '../../src/domain/guest-setup/sha512-crypt.ts';

// Those of "Unix crypt using SHA-256 and SHA-512": rounds where they are named, salt, password, result.
const VECTORS: readonly (readonly [number | undefined, string, string, string])[] = [
  [
    undefined,
    'saltstring',
    'Hello world!',
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  ],
  [
    10_000,
    'saltstringsaltstring',
    'Hello world!',
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
  ],
  [
    undefined,
    'toolongsaltstring',
    'This is just a test',
    '$6$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0',
  ],
  [
    1400,
    'anotherlongsaltstring',
    'a very much longer text to encrypt.  This one even stretches over morethan one line.',
    '$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1',
  ],
  [
    77_777,
    'short',
    'we have a short salt string but not a short password',
    '$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0',
  ],
  [
    10,
    'roundstoolow',
    'the minimum number is still observed',
    '$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.',
  ],
];

describe('SHA-512 as crypt(3) uses it', () => {
  test.each(VECTORS)('rounds %s, salt %s, %s', (rounds, salt, password, expected) => {
    expect(sha512Crypt(password, salt, rounds)).toBe(expected);
  });

  test('a salt has 16 characters out of as many bytes, and no others are taken', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 20 }), (random) => {
        expect(saltOf(random)).toMatch(/^[./0-9A-Za-z]{16}$/);
      }),
    );
    expect(() => saltOf(new Uint8Array(15))).toThrow(RangeError);
    expect(() => sha512Crypt('x', 'a$b')).toThrow(RangeError);
  });
});
