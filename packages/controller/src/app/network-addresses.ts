import {
  type addressList,
  type addressListQuery,
  addressStates,
  type List,
  type NetworkAddress,
  type networkAddressQuery,
} from '@wirebook/contract';
import type { z } from 'zod';
import {
  formatAddress,
  type IpAddress,
  parseAddress,
  parseMac,
  sizeOf,
  unmapAddress,
} from '../domain/addresses.ts';
import type { State } from '../domain/free-runs.ts';
import { findAddressDetails } from '../store/address-details.ts';
import { listTakenAddresses as listTakenRows } from '../store/addresses.ts';
import type { Queries } from '../store/database.ts';
import { ListRequestError } from '../store/listing.ts';
import { findListedNetwork, type ListedNetwork, type ListedReservation } from '../store/network-addresses.ts';
import { type Evidence, evidenceOf, findOwn, openDetails, type RunDetails } from './address-evidence.ts';
import { type AddressRun, findRuns, restsUntil } from './address-runs.ts';
import { canonicalIp } from './inventory.ts';
import { resolveName, resolveOptional } from './names.ts';
import { Problem, refuseInput } from './problem.ts';

/** An item of the list; its evidence as the catalogue's keys, put into words by whoever answers. */
export type StoredNetworkAddress = Omit<NetworkAddress, 'evidence'> & { evidence: Evidence[] };

/**
 * The addresses of a network's range in order, each in exactly one item: those that something is known of one by one, their neighbours of
 * which nothing is as runs. Problems: `invalid_input` for an unknown state, an address of the other family, or a foreign cursor.
 */
export async function listNetworkAddresses(
  db: Queries,
  networkName: string,
  query: z.output<typeof networkAddressQuery>,
): Promise<List<StoredNetworkAddress>> {
  const wanted = readStates(query.state);
  const network = await resolveListedNetwork(db, networkName);
  const from = readStart(network, query);
  const now = new Date();
  if (from === null) return { items: [], nextCursor: null, total: null };
  const { runs, reservations, next } = await findRuns(db, { network, from, wanted, limit: query.limit, now });
  const items = await describeRuns(db, { network, runs, reservations });
  return { items, nextCursor: next === null ? null : writeCursor(next), total: null };
}

export async function resolveListedNetwork(db: Queries, networkName: string): Promise<ListedNetwork> {
  const { id } = await resolveName(db, 'network', networkName);
  const network = await findListedNetwork(db, id);
  if (network === null) throw new Problem('not_found', { kind: 'network', name: id, command: 'network' });
  return network;
}

function readStates(text: string | undefined): ReadonlySet<State> | null {
  if (text === undefined) return null;
  const states = new Set<State>();
  for (const part of text.split(',')) {
    const state = addressStates.find((known) => known === part.trim());
    if (state === undefined) {
      throw refuseInput([
        { field: 'state', value: text, code: 'not_one_of', params: { values: addressStates.join(', ') } },
      ]);
    }
    states.add(state);
  }
  return states;
}

/** The first address of the page; null where the whole network lies before it. */
function readStart(
  network: ListedNetwork,
  query: { from?: string | undefined; cursor?: string | undefined },
): IpAddress | null {
  const { start, end } = network.range;
  if (query.cursor !== undefined) {
    const at = readCursor(query.cursor);
    // The range may have changed since the cursor was written; one of the other family never was of this network.
    if (at === null || at.family !== start.family) throw new ListRequestError('cursor', query.cursor, []);
    return at.value > end.value ? null : at.value < start.value ? start : at;
  }
  if (query.from === undefined) return start;
  const from = readAddressLike(start, 'from', query.from);
  return from.value > end.value ? null : from.value < start.value ? start : from;
}

/** An address of the same family as another. */
export function readAddressLike(other: IpAddress, field: string, text: string): IpAddress {
  const parsed = parseAddress(text);
  if (parsed === null) throw refuseInput([{ field, value: text, code: 'not_an_address' }]);
  const address = unmapAddress(parsed);
  if (address.family !== other.family) {
    throw refuseInput([
      { field, value: text, code: 'family_mixed', params: { other: formatAddress(other) } },
    ]);
  }
  return address;
}

const CURSOR = 'network-address';

function writeCursor(at: IpAddress): string {
  return Buffer.from(JSON.stringify([CURSOR, formatAddress(at)])).toString('base64url');
}

function readCursor(cursor: string): IpAddress | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed) || parsed.length !== 2 || parsed[0] !== CURSOR) return null;
    return typeof parsed[1] === 'string' ? parseAddress(parsed[1]) : null;
  } catch {
    return null;
  }
}

/** Who and what is behind these runs. */
export async function describeRuns(
  db: Queries,
  page: {
    network: ListedNetwork;
    runs: readonly AddressRun[];
    reservations: ReadonlyMap<string, ListedReservation>;
  },
): Promise<StoredNetworkAddress[]> {
  const { network, runs, reservations } = page;
  const facts = runs.flatMap((run) => run.about ?? []);
  const idsOf = (...kinds: string[]): string[] =>
    facts.flatMap((fact) => (kinds.includes(fact.kind) ? fact.ids : []));
  const details = openDetails(
    await findAddressDetails(db, {
      spaceId: network.spaceId,
      claimIds: idsOf('claimed', 'shared'),
      sightingIds: idsOf('seen'),
      conflictIds: idsOf('conflict'),
      partIps: facts.flatMap(({ kind, ip }) =>
        kind === 'gateway' || kind === 'part' ? [formatAddress(ip)] : [],
      ),
    }),
  );
  return runs.map((run) => {
    const reservation = run.reservationId === null ? null : (reservations.get(run.reservationId) ?? null);
    return toItem({ network, run, reservation, details: findOwn(details, formatAddress(run.range.start)) });
  });
}

function toItem(of: {
  network: ListedNetwork;
  run: AddressRun;
  reservation: ListedReservation | null;
  details: RunDetails;
}): StoredNetworkAddress {
  const { run, reservation, details } = of;
  const { state, range } = run;
  const until = restsUntil(run.about ?? []);
  const since =
    until === null ? null : new Date(Date.parse(until) - of.network.restingSeconds * 1000).toISOString();
  const item = {
    start: formatAddress(range.start),
    end: formatAddress(range.end),
    count: Number(sizeOf(range)),
    state,
    server: null,
    nic: null,
    holder: null,
    key: null,
    source: null,
    since: null,
    until: null,
    evidence: evidenceOf({
      run,
      reservation,
      details,
      rest: until === null || since === null ? null : { since, until },
    }),
  };
  switch (state) {
    case 'conflict':
    case 'used':
    case 'held': {
      const [claim] = details.claims;
      if (claim === undefined) return item;
      const { server, nic, holder, key, source } = claim;
      return { ...item, server, nic, holder, key, source, since: claim.since, until: claim.expiresAt };
    }
    case 'seen': {
      const [sighting] = details.sightings;
      if (sighting === undefined) return item;
      return { ...item, server: sighting.server, nic: sighting.nic, since: sighting.since };
    }
    case 'reserved':
    case 'dhcp':
      return { ...item, until: reservation?.expiresAt ?? null };
    case 'resting':
      return { ...item, since, until };
    case 'gateway':
    case 'free':
    case 'not_given':
      return item;
  }
}

/** Live claims over all networks. */
export async function listTakenAddresses(
  db: Queries,
  query: z.output<typeof addressListQuery>,
): Promise<z.output<typeof addressList>> {
  const { space, network, server, ip, mac, q, ...rest } = query;
  const canonicalMac = mac === undefined ? undefined : parseMac(mac);
  if (canonicalMac === null) throw refuseInput([{ field: 'mac', value: mac, code: 'not_a_mac' }]);
  const searched = parseAddress(q ?? '');
  return listTakenRows(db, {
    ...rest,
    spaceId: await resolveOptional(db, 'address_space', space),
    networkId: await resolveOptional(db, 'network', network),
    serverId: await resolveOptional(db, 'server', server),
    ip: canonicalIp('ip', ip),
    mac: canonicalMac,
    q:
      q === undefined
        ? undefined
        : {
            text: q,
            ip: searched === null ? null : formatAddress(unmapAddress(searched)),
            mac: parseMac(q),
          },
    now: new Date(),
  });
}
