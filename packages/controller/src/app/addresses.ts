import type { Address, ObstacleCode } from '@wirebook/contract';
import { type Mark, stateOf } from '../domain/free-runs.ts';
import {
  type AddressPlace,
  findAddressHistory,
  findAddressPlace,
  findSightings,
  findSpacesOfAddress,
} from '../store/addresses.ts';
import type { Queries } from '../store/database.ts';
import { findObstacles, type StoredObstacle } from '../store/obstacles.ts';
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
  return (await readAddress(db, { space, ip, now: new Date() })).address;
}

/** An address with what keeps it from being given out, the weightiest first. */
export interface AddressRead {
  readonly address: Address;
  readonly obstacles: readonly StoredObstacle[];
}

/** `ip`: canonical. */
export async function readAddress(
  db: Queries,
  where: { space: { id: string; name: string }; ip: string; now: Date },
): Promise<AddressRead> {
  const { space, ip, now } = where;
  const here = { spaceId: space.id, ip, now };
  const [history, seenOn, place, found] = await Promise.all([
    findAddressHistory(db, here),
    findSightings(db, here),
    findAddressPlace(db, here),
    findObstacles(db, { spaceId: space.id, ips: [ip], now }),
  ]);
  const obstacles = found.get(ip) ?? [];
  const [claim] = place.claims;
  // Of several that share an address the first stands for all; the history has every one.
  const live =
    history.findLast(
      (interval) => interval.to === null && (interval.nic?.id ?? null) === (claim?.nicId ?? null),
    ) ?? null;
  const address: Address = {
    ip,
    space,
    network: place.network,
    state: stateOfAddress(obstacles, place),
    server: live?.server?.id == null ? null : { id: live.server.id, name: live.server.name },
    nic: live?.nic ?? null,
    source: live?.source ?? null,
    since: live?.from ?? null,
    holder: live?.holder ?? null,
    key: live?.key ?? null,
    expiresAt: claim?.expiresAt ?? null,
    shared: place.declaredShared || place.claims.some((one) => one.shared),
    seenOn,
    history,
  };
  return { address, obstacles };
}

/** What an obstacle makes of an address; null: nothing by itself. */
const marks: Record<ObstacleCode, Mark | null> = {
  used: 'used',
  held: 'held',
  gateway: 'gateway',
  network_address: 'gateway',
  broadcast: 'gateway',
  reserved: 'reserved',
  dhcp: 'dhcp',
  resting: 'resting',
  seen: 'seen',
  dns: 'seen',
  vmkernel: 'seen',
  guest_gateway: 'seen',
  guest_dns: 'seen',
  not_given: null,
  shared: 'seen',
  no_network: null,
};

function stateOfAddress(obstacles: readonly StoredObstacle[], place: AddressPlace): Address['state'] {
  const known = new Set(obstacles.flatMap(({ code }) => marks[code] ?? []));
  if (place.conflicting) known.add('conflict');
  if (place.declaredShared) known.add('seen');
  if (known.size === 0 && place.network === null) return 'outside';
  return stateOf(known, !obstacles.some(({ code }) => code === 'not_given'));
}

/** The space that a question about an address is about: the one named, or the only one where it is used, or known at all. */
export async function spaceOf(
  db: Queries,
  ip: string,
  named: string | undefined,
): Promise<{ id: string; name: string }> {
  if (named !== undefined) return resolveName(db, 'address_space', named);
  const known = await findSpacesOfAddress(db, ip);
  // Where somebody has the address, a space that merely has a network for it isn't meant.
  const used = known.filter((space) => space.used);
  const spaces = (used.length > 0 ? used : known).map(({ id, name }) => ({ id, name }));
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
