import { formatAddress, parseAddress } from '../domain/addresses.ts';
import type { Counted } from '../store/sign-in-failures.ts';
import type { Seal } from './sealing.ts';

/** So many wrong passwords of one user from one address, and so many wrong attempts of any kind from one address, before they have to wait. */
const WRONG_OF_USER = 5;
const WRONG_OF_ADDRESS = 50;

/**
 * What an attempt to sign in is counted under. Always with the address: whoever guesses elsewhere holds nobody up here. Keys are digests,
 * so that nothing that was typed can be read from them.
 */
export function guessing(
  seal: Seal,
  attempt: { address: string; username: string | null },
): { all: readonly Counted[]; ofUser: Counted } {
  const place = placeOf(attempt.address);
  const ofAddress = { key: seal.digest(`sign-in ${place}`), limit: WRONG_OF_ADDRESS };
  const name = (attempt.username ?? '').toLowerCase();
  const ofUser = { key: seal.digest(`sign-in ${place} ${name}`), limit: WRONG_OF_USER };
  return { all: attempt.username === null ? [ofAddress] : [ofAddress, ofUser], ofUser };
}

/** An address, or of IPv6 the /64 that its owner picks addresses from at will. */
function placeOf(text: string): string {
  const address = parseAddress(text.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, ''));
  if (address === null) return text;
  if (address.family === 4) return formatAddress(address);
  return `${formatAddress({ ...address, value: (address.value >> 64n) << 64n })}/64`;
}
