import type { Holder } from '@wirebook/contract';
import { formatAddress, type IpAddress } from '../domain/addresses.ts';
import { newId } from '../domain/ids.ts';
import {
  deleteClaims,
  findLiveKeys,
  finishSettling,
  type FreedRow,
  type GivingNetwork,
  holdGivingNetworks,
  insertClaims,
  type NewClaim,
} from '../store/allocation.ts';
import type { Tx } from '../store/database.ts';
import { endExpired } from '../store/expiry.ts';
import { findObstacles, type StoredObstacle } from '../store/obstacles.ts';
import type { ClaimSource } from '../store/tables.ts';
import { findNext, type Found, openSearch, putBack, type Search } from './next-addresses.ts';
import { Problem, quoted } from './problem.ts';

/** One caller's wish for addresses of a network. */
export interface AddressRequest {
  readonly networkId: string;
  readonly count: number;
  /** Exactly this one (then `count` is 1). */
  readonly ip: IpAddress | null;
  /** Who has the named address is written down; nothing is given out: only another holder is in the way. */
  readonly recording: boolean;
  readonly key: string | null;
  readonly holder: Holder | null;
  readonly source: ClaimSource;
  /** RFC 3339. */
  readonly expiresAt: string | null;
  readonly actor: string;
}

export interface Settled {
  readonly network: GivingNetwork;
  readonly claims: readonly NewClaim[];
  readonly at: Date;
}

/** What a wish comes to; `known` where its key has a claim already. */
export type Answer = Settled | Problem | 'known';

/** Addresses of a network found free and not given, the next one first, and how far it had come with them. */
export interface Stock {
  readonly network: GivingNetwork;
  readonly reached: IpAddress | null;
  readonly found: readonly Found[];
}

interface Open {
  readonly request: AddressRequest;
  readonly network: GivingNetwork;
  readonly claims: NewClaim[];
  refusal: Problem | null;
}

/**
 * Settles the wishes of many callers, of any networks, in one transaction: each gets all that it asked for, or the problem that says why
 * not. The networks are held from here to the end of the transaction, so callers of one network come one after another, here and in
 * every other controller; callers of others don't wait. What else claims addresses without holding the network (a sync) is met at the
 * database's uniqueness, and the next address is taken instead.
 */
export async function settle(
  tx: Tx,
  requests: readonly AddressRequest[],
  now: Date,
): Promise<{ answers: Answer[]; stock: Stock[] }> {
  const networkIds = [...new Set(requests.map((request) => request.networkId))];
  let networks = await holdGivingNetworks(tx, { networkIds, now });
  if (networks.some((network) => network.hasExpired)) {
    await endExpired(tx, networkIds, now);
    networks = await holdGivingNetworks(tx, { networkIds, now });
  }
  const byId = new Map(networks.map((network) => [network.id, network]));
  const known = await findKnownKeys(tx, requests);
  const open = requests.map((request): Open | Problem | 'known' => {
    const network = byId.get(request.networkId);
    if (network === undefined)
      return new Problem('not_found', { kind: 'network', name: request.networkId, command: 'network' });
    if (request.key !== null && known.has(`${request.networkId} ${request.key}`)) return 'known';
    return { request, network, claims: [], refusal: null };
  });
  const valid = open.filter((one): one is Open => one !== 'known' && !(one instanceof Problem));
  const gone: FreedRow[] = [];
  const wished = valid.filter(({ request }) => request.ip !== null);
  if (wished.length > 0) await settleWished(tx, wished, now);
  const rest = Map.groupBy(
    valid.filter(({ request }) => request.ip === null),
    ({ network }) => network.id,
  );
  const waiting = [...rest.values()].flatMap((asked) =>
    asked[0] === undefined ? [] : [{ search: openSearch(asked[0].network), asked }],
  );
  if (waiting.length > 0) await settleNext(tx, { waiting, now, gone });

  const done = valid.filter(({ refusal }) => refusal === null);
  await finishSettling(tx, {
    reached: waiting.flatMap(({ search }) =>
      search.reached === null ? [] : [{ networkId: search.network.id, reached: search.reached }],
    ),
    gone,
    events: done.map(({ request, network, claims }) => ({
      actor: request.actor,
      action: request.key === null ? 'allocate' : 'claim',
      networkId: network.id,
      networkName: network.name,
      after: trailOf(request, claims),
    })),
  });
  return {
    answers: open.map((one) =>
      one === 'known' || one instanceof Problem
        ? one
        : (one.refusal ?? { network: one.network, claims: one.claims, at: now }),
    ),
    stock: waiting.map(({ search: { network, reached, left } }) => ({
      network,
      reached: reached ?? network.reached,
      found: left,
    })),
  };
}

/** What the audit trail says of a wish fulfilled. */
export function trailOf(request: AddressRequest, claims: readonly NewClaim[]): Record<string, unknown> {
  return {
    ips: claims.map((claim) => claim.ip),
    ...(request.key !== null && { key: request.key }),
    ...(request.holder !== null && { holder: request.holder }),
    ...(request.expiresAt !== null && { expiresAt: request.expiresAt }),
  };
}

/** Keys among the requests that have a claim, as `networkId key`. */
async function findKnownKeys(tx: Tx, requests: readonly AddressRequest[]): Promise<ReadonlySet<string>> {
  const keys = requests.flatMap(({ networkId, key }) => (key === null ? [] : [{ networkId, key }]));
  return keys.length === 0 ? new Set() : findLiveKeys(tx, keys);
}

export function claimOf(
  { request, network }: { request: AddressRequest; network: GivingNetwork },
  ip: IpAddress,
): NewClaim {
  return {
    id: newId(),
    spaceId: network.spaceId,
    ip: formatAddress(ip),
    networkId: network.id,
    networkName: network.name,
    source: request.source,
    key: request.key,
    holder: request.holder,
    expiresAt: request.expiresAt,
  };
}

/** What keeps a person from writing down who has an address: another who has it, or that it can't be anybody's. */
const FORBIDS_RECORDING = new Set([
  'used',
  'held',
  'seen',
  'shared',
  'network_address',
  'broadcast',
  'no_network',
]);

async function settleWished(tx: Tx, wished: readonly Open[], now: Date): Promise<void> {
  let asked = wished;
  // A second round explains what was lost to somebody else between the look and the claim.
  for (let round = 0; round < 2 && asked.length > 0; round += 1) {
    const obstacles = await findWishObstacles(tx, asked, now);
    const claims = new Map<string, Open>();
    for (const one of asked) {
      const { request, network } = one;
      if (request.ip === null) continue;
      const ip = formatAddress(request.ip);
      const { range } = network;
      if (
        request.ip.family !== range.start.family ||
        request.ip.value < range.start.value ||
        request.ip.value > range.end.value
      ) {
        one.refusal = new Problem('address_outside_network', {
          ip,
          name: network.name,
          start: formatAddress(range.start),
          end: formatAddress(range.end),
        });
        continue;
      }
      const obstacle = obstacles
        .get(`${network.spaceId} ${ip}`)
        ?.find(({ code }) => !request.recording || FORBIDS_RECORDING.has(code));
      if (obstacle !== undefined) {
        one.refusal = notFree(obstacle);
        continue;
      }
      const claim = claimOf(one, request.ip);
      claims.set(claim.id, one);
      one.claims.push(claim);
    }
    const made = await insertClaims(
      tx,
      [...claims.values()].flatMap((one) => one.claims),
      now,
    );
    asked = [...claims].filter(([id]) => !made.has(id)).map(([, one]) => one);
    for (const one of asked) one.claims.length = 0;
  }
  // Lost twice, to two others that let go again at once: whoever asks again finds out.
  for (const one of asked) one.refusal = new Problem('request_in_progress');
}

async function findWishObstacles(
  tx: Tx,
  wished: readonly Open[],
  now: Date,
): Promise<Map<string, StoredObstacle[]>> {
  const bySpace = Map.groupBy(wished, ({ network }) => network.spaceId);
  const found = new Map<string, StoredObstacle[]>();
  for (const [spaceId, group] of bySpace) {
    const ips = group.flatMap(({ request }) => (request.ip === null ? [] : [formatAddress(request.ip)]));
    for (const [ip, list] of await findObstacles(tx, { spaceId, ips, now }))
      found.set(`${spaceId} ${ip}`, list);
  }
  return found;
}

function notFree(obstacle: StoredObstacle): Problem {
  const { code, params, serverId } = obstacle;
  return new Problem(
    'address_not_free',
    { ip: obstacle.ip },
    {
      obstacle: { code, params },
      objects: serverId === null ? [] : [{ kind: 'server', id: serverId, name: String(params['object']) }],
    },
  );
}

/** The search for the next addresses of one network, and who waits for them. */
interface Waiting {
  readonly search: Search;
  readonly asked: readonly Open[];
}

async function settleNext(
  tx: Tx,
  work: { waiting: readonly Waiting[]; now: Date; gone: FreedRow[] },
): Promise<void> {
  // Ends: each round claims what it found, and what it loses to others is taken from then on.
  for (;;) {
    for (const { search, asked } of work.waiting)
      search.wanted = asked.reduce((sum, { request, claims }) => sum + request.count - claims.length, 0);
    await findNext(tx, {
      searches: work.waiting.map(({ search }) => search),
      now: work.now,
      gone: work.gone,
    });
    const claims = new Map<string, { one: Open; claim: NewClaim }>();
    for (const { search, asked } of work.waiting) {
      for (const one of asked) {
        const missing = one.request.count - one.claims.length;
        if (missing > search.found.length) continue;
        for (const { ip, behind } of search.found.splice(0, missing)) {
          const claim = claimOf(one, ip);
          if (behind) work.gone.push({ spaceId: claim.spaceId, ip: claim.ip });
          one.claims.push(claim);
          claims.set(claim.id, { one, claim });
        }
      }
      putBack(search);
    }
    if (claims.size === 0) break;
    const made = await insertClaims(
      tx,
      [...claims.values()].map(({ claim }) => claim),
      work.now,
    );
    if (made.size === claims.size) break;
    for (const [id, { one, claim }] of claims)
      if (!made.has(id)) one.claims.splice(one.claims.indexOf(claim), 1);
  }
  const undone: NewClaim[] = [];
  for (const { search, asked } of work.waiting) {
    for (const one of asked) {
      if (one.claims.length === one.request.count) continue;
      undone.push(...one.claims.splice(0));
      one.refusal = refuseFull(search.network, { count: one.request.count, free: search.left.length });
    }
  }
  if (undone.length === 0) return;
  await deleteClaims(
    tx,
    undone.map((claim) => claim.id),
  );
  // Nobody has them now: their rows say that they were let go of, as before.
  const free = new Set(undone.map((claim) => `${claim.spaceId} ${claim.ip}`));
  const gone = work.gone.filter((row) => !free.has(`${row.spaceId} ${row.ip}`));
  work.gone.splice(0, work.gone.length, ...gone);
}

function refuseFull(network: GivingNetwork, about: { count: number; free: number }): Problem {
  const params = { name: network.name, quoted: quoted(network.name) };
  return network.giving.length === 0
    ? new Problem('gives_nothing', params)
    : new Problem('network_full', { ...params, ...about });
}
