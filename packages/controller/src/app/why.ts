import type { Address, whyQuery } from '@wirebook/contract';
import type { z } from 'zod';
import { formatAddress, parseAddress, parseMac, unmapAddress } from '../domain/addresses.ts';
import { type ClaimDetail, findAddressDetails } from '../store/address-details.ts';
import type { Queries } from '../store/database.ts';
import { findByNameOrId } from '../store/names.ts';
import { listNics, type StoredNic } from '../store/nics.ts';
import type { StoredObstacle } from '../store/obstacles.ts';
import {
  findDisputes,
  findMacOwners,
  findNetworkWires,
  findNicPlaces,
  findNicsOfAddress,
  type MacOwners,
  type NicPlace,
  type OpenConflict,
  type WireFact,
} from '../store/why.ts';
import { readAddress, spaceOf } from './addresses.ts';
import { resolveName } from './names.ts';
import { Problem } from './problem.ts';

/** All that is known of an address; the sentences are put to it in the reader's language. */
export interface AddressFacts {
  readonly address: Address;
  readonly free: boolean;
  readonly obstacles: readonly StoredObstacle[];
  readonly claims: readonly ClaimDetail[];
  readonly wires: readonly WireFact[];
  readonly conflicts: readonly OpenConflict[];
}

export interface NicFacts {
  readonly nic: StoredNic;
  readonly place: NicPlace;
}

/** What a question is answered from. */
export interface Explanation {
  readonly subject:
    | { kind: 'address'; id: null; name: string }
    | { kind: 'mac'; id: null; name: string; owners: MacOwners }
    | { kind: 'server'; id: string; name: string };
  readonly addresses: readonly AddressFacts[];
  readonly nics: readonly NicFacts[];
}

/** Of a server with very many addresses only the first are explained one by one; its NICs name them all. */
const ADDRESSES_EXPLAINED = 50;

/**
 * Everything about one address, MAC or server. Twelve hexadecimal digits are a MAC if anybody has it, else the name of a server.
 * Problems: `not_found`; `ambiguous` for an address that several spaces know or a name that several servers have.
 */
export async function explain(db: Queries, query: z.output<typeof whyQuery>): Promise<Explanation> {
  const now = new Date();
  const asked = query.of.trim();
  const parsed = parseAddress(asked);
  if (parsed !== null) return explainAddress(db, formatAddress(unmapAddress(parsed)), query.space, now);
  const space = query.space === undefined ? null : await resolveName(db, 'address_space', query.space);
  const mac = parseMac(asked);
  if (mac !== null) {
    const owners = await findMacOwners(db, { mac, now });
    const known = owners.nicIds.length + owners.former.length + owners.holders.length > 0;
    if (known) return explainMac(db, { mac, owners, spaceId: space?.id ?? null, now });
    if ((await findByNameOrId(db, 'server', asked)).length === 0)
      throw new Problem('not_found', { kind: 'nic', name: mac, command: 'nic' });
  }
  return explainServer(db, { nameOrId: asked, spaceId: space?.id ?? null, now });
}

async function explainAddress(
  db: Queries,
  ip: string,
  spaceName: string | undefined,
  now: Date,
): Promise<Explanation> {
  const space = await spaceOf(db, ip, spaceName);
  const nicIds = await findNicsOfAddress(db, { spaceId: space.id, ip });
  return {
    subject: { kind: 'address', id: null, name: ip },
    addresses: [await factsOfAddress(db, { space, ip, now })],
    nics: await factsOfNics(db, nicIds),
  };
}

async function explainMac(
  db: Queries,
  question: { mac: string; owners: MacOwners; spaceId: string | null; now: Date },
): Promise<Explanation> {
  const { mac, owners, spaceId, now } = question;
  const found = await factsOfNics(db, owners.nicIds);
  // One that is gone is spoken of only where no other has the MAC.
  const present = found.filter(({ nic }) => nic.missingSince === null);
  const nics = [
    ...(present.length > 0 ? present : found),
    ...(await factsOfNics(
      db,
      owners.former.map((one) => one.nicId),
    )),
  ];
  const held = owners.holders.map(({ ip, space }) => ({ ip, space }));
  return {
    subject: { kind: 'mac', id: null, name: mac, owners },
    addresses: await factsOfAddresses(db, { places: [...addressesOf(nics), ...held], spaceId, now }),
    nics,
  };
}

async function explainServer(
  db: Queries,
  question: { nameOrId: string; spaceId: string | null; now: Date },
): Promise<Explanation> {
  const { nameOrId, spaceId, now } = question;
  const server = await resolveName(db, 'server', nameOrId);
  const { items } = await listNics(db, { serverId: server.id, limit: 500 });
  const found = await placesOf(db, items);
  const present = found.filter(({ nic }) => nic.missingSince === null);
  const nics = (present.length > 0 ? present : found).toSorted((a, b) => a.nic.deviceKey - b.nic.deviceKey);
  return {
    subject: { kind: 'server', id: server.id, name: server.name },
    addresses: await factsOfAddresses(db, { places: addressesOf(nics), spaceId, now }),
    nics,
  };
}

interface AddressPlace {
  readonly ip: string;
  readonly space: { readonly id: string; readonly name: string };
}

/** What NICs have, and what they report besides. */
function addressesOf(nics: readonly NicFacts[]): AddressPlace[] {
  return nics.flatMap(({ nic, place }) =>
    [...nic.records, ...nic.observed].map(({ ip }) => ({ ip, space: place.space })),
  );
}

async function factsOfAddresses(
  db: Queries,
  question: { places: readonly AddressPlace[]; spaceId: string | null; now: Date },
): Promise<AddressFacts[]> {
  const { places, spaceId, now } = question;
  const once = new Map(places.map((place) => [`${place.space.id} ${place.ip}`, place]));
  const facts: AddressFacts[] = [];
  for (const { ip, space } of [...once.values()]
    .filter((place) => spaceId === null || place.space.id === spaceId)
    .slice(0, ADDRESSES_EXPLAINED))
    facts.push(await factsOfAddress(db, { space, ip, now }));
  return facts;
}

async function factsOfAddress(db: Queries, where: AddressPlace & { now: Date }): Promise<AddressFacts> {
  const { address, obstacles } = await readAddress(db, where);
  const { claimIds, conflicts } = await findDisputes(db, {
    spaceId: where.space.id,
    ip: where.ip,
    now: where.now,
  });
  const { claims } = await findAddressDetails(db, {
    spaceId: where.space.id,
    claimIds,
    sightingIds: [],
    conflictIds: [],
    partIps: [],
  });
  return {
    address,
    free: address.state === 'free',
    // That it is not given is said of an address that is free otherwise.
    obstacles: obstacles.length > 1 ? obstacles.filter(({ code }) => code !== 'not_given') : obstacles,
    claims,
    wires: address.network === null ? [] : await findNetworkWires(db, address.network.id),
    conflicts,
  };
}

async function factsOfNics(db: Queries, ids: readonly string[]): Promise<NicFacts[]> {
  if (ids.length === 0) return [];
  const { items } = await listNics(db, { ids: [...ids], limit: ids.length });
  return placesOf(
    db,
    items.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)),
  );
}

async function placesOf(db: Queries, nics: readonly StoredNic[]): Promise<NicFacts[]> {
  const places = new Map(
    (
      await findNicPlaces(
        db,
        nics.map((nic) => nic.id),
      )
    ).map((place) => [place.nicId, place]),
  );
  return nics.flatMap((nic) => {
    const place = places.get(nic.id);
    return place === undefined ? [] : [{ nic, place }];
  });
}
