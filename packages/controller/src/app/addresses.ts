import type { Address } from '@wirebook/contract';
import {
  findAddressHistory,
  findAddressPlace,
  findSightings,
  findSpacesOfAddress,
} from '../store/addresses.ts';
import type { Queries } from '../store/database.ts';
import { canonicalIp } from './inventory.ts';
import { resolveName } from './names.ts';
import { Problem } from './problem.ts';

/** Everything the book has about one address. Without a space, the one space that knows it. */
export async function showAddress(
  db: Queries,
  ipText: string,
  query: { space?: string | undefined },
): Promise<Address> {
  const ip = canonicalIp('ip', ipText);
  const space = await spaceOf(db, ip, query.space);
  const where = { spaceId: space.id, ip };
  const [history, seenOn, place] = await Promise.all([
    findAddressHistory(db, where),
    findSightings(db, where),
    findAddressPlace(db, where),
  ]);
  const live = history.find((interval) => interval.to === null) ?? null;
  return {
    ip,
    space,
    network: place.network,
    state: stateOf({ live: live !== null, hasNic: live?.nic != null, seen: seenOn.length > 0, ...place }),
    server: live?.server?.id == null ? null : { id: live.server.id, name: live.server.name },
    nic: live?.nic ?? null,
    source: live?.source ?? null,
    since: live?.from ?? null,
    holder: live?.holder ?? null,
    key: live?.key ?? null,
    expiresAt: null,
    shared: false,
    seenOn,
    history,
  };
}

function stateOf(facts: {
  live: boolean;
  hasNic: boolean;
  seen: boolean;
  network: unknown;
  isGateway: boolean;
  conflicting: boolean;
}): Address['state'] {
  if (facts.conflicting) return 'conflict';
  if (facts.live) return facts.hasNic ? 'used' : 'held';
  if (facts.isGateway) return 'gateway';
  if (facts.seen) return 'seen';
  return facts.network === null ? 'outside' : 'free';
}

async function spaceOf(
  db: Queries,
  ip: string,
  named: string | undefined,
): Promise<{ id: string; name: string }> {
  if (named !== undefined) return resolveName(db, 'address_space', named);
  const spaces = await findSpacesOfAddress(db, ip);
  const [first] = spaces;
  if (first === undefined) return resolveName(db, 'address_space', 'default');
  if (spaces.length > 1) {
    throw new Problem(
      'ambiguous',
      { kind: 'address', name: ip, count: spaces.length },
      { objects: spaces.map((space) => ({ kind: 'address_space', ...space })) },
    );
  }
  return first;
}
