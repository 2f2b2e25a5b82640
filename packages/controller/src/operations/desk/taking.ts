import { Problem } from '../../app/problem.ts';
import { type AddressRequest, settle } from '../../app/settling.ts';
import type { Tx } from '../../store/database.ts';
import type { AddressWish } from './wishes.ts';

/** An address that was taken for a NIC to be. */
export interface TakenAddress {
  readonly claimId: string;
  readonly ip: string;
  readonly networkId: string;
  readonly networkName: string;
}

/**
 * Takes addresses for NICs to be: for each of them what is asked for, or nothing at all for any. Problems: those of giving
 * (`network_full`, `gives_nothing`, `address_not_free`, `address_outside_network`).
 */
export async function takeAddresses(
  tx: Tx,
  work: {
    nics: readonly { serverName: string; wishes: readonly AddressWish[] }[];
    actor: string;
    note: string;
    now: Date;
  },
): Promise<TakenAddress[][]> {
  const requests = work.nics.flatMap(({ serverName, wishes }) =>
    wishes.map(({ network, ip }): AddressRequest => ({
      networkId: network.id,
      count: 1,
      ip,
      recording: false,
      key: null,
      holder: { name: serverName, owner: null, mac: null, note: work.note },
      source: 'allocated',
      expiresAt: null,
      actor: work.actor,
    })),
  );
  if (requests.length === 0) return work.nics.map(() => []);
  const { answers } = await settle(tx, requests, work.now);
  const taken = answers.map((answer, index) => {
    if (answer instanceof Problem) throw asWhole(answer, requests, index, answers);
    const claim = answer === 'known' ? undefined : answer.claims[0];
    if (claim === undefined) throw new Error('an address was given without a claim');
    return {
      claimId: claim.id,
      ip: claim.ip,
      networkId: claim.networkId,
      networkName: claim.networkName,
    };
  });
  let next = 0;
  return work.nics.map(({ wishes }) => {
    const own = taken.slice(next, next + wishes.length);
    next += wishes.length;
    return own;
  });
}

/** A full network is refused for all that was asked of it, not for the one address that was one too many. */
function asWhole(
  problem: Problem,
  requests: readonly AddressRequest[],
  index: number,
  answers: readonly unknown[],
): Problem {
  if (problem.code !== 'network_full') return problem;
  const networkId = requests[index]?.networkId;
  const asked = requests.flatMap((request, at) =>
    request.networkId === networkId && request.ip === null ? [at] : [],
  );
  const free = asked.filter((at) => !(answers[at] instanceof Problem)).length;
  return new Problem('network_full', { ...problem.params, count: asked.length, free });
}
