import {
  type AllocateInput,
  type Claim,
  type ClaimInput,
  type GivenAddress,
  type Holder,
  type Released,
} from '@wirebook/contract';
import {
  formatAddress,
  type IpAddress,
  isRoutableUnicast,
  parseAddress,
  parseMac,
} from '../domain/addresses.ts';
import { isUuid } from '../domain/ids.ts';
import {
  endClaims,
  findClaimByKey,
  findClaimsAt,
  type StoredClaim,
  updateKeyedClaim,
} from '../store/claims.ts';
import type { Database, Queries, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { findReporters } from '../store/fixes.ts';
import { lockSpaces } from '../store/locks.ts';
import { findNetworkFacts, type NetworkFacts } from '../store/networks.ts';
import type { Pipeline } from '../store/pipeline.ts';
import { readSpan } from '../store/spans.ts';
import type { Actor } from './actor.ts';
import { readExpiry } from './expiry.ts';
import { matchServers } from './matching.ts';
import { resolveName } from './names.ts';
import { type FieldError, Problem, quoted, refuseInput } from './problem.ts';
import { settle, type Settled } from './settling.ts';
import { openSettlingQueue } from './settling-queue.ts';
import { inTransaction } from './transaction.ts';

/** Gives addresses out. Requests that wait at the same time are settled together (see `settling-queue.ts`). */
export interface Allocator {
  /** The next ones, all or none, or exactly the one named. Problems: `network_full`, `gives_nothing`, `address_not_free`. */
  allocate(network: string, input: AllocateInput, actor: Actor): Promise<GivenAddress[]>;
  /** The address of a key: made at first, the same from then on. Problems besides: `claim_has_other_address`. */
  claimByKey(
    network: string,
    key: string,
    input: ClaimInput,
    actor: Actor,
  ): Promise<{ claim: GivenAddress; created: boolean }>;
}

export function openAllocator(parts: { db: Database; pipeline: Pipeline }): Allocator {
  const { db } = parts;
  const queue = openSettlingQueue(parts);
  return {
    allocate: async (network, input, actor) => {
      const errors: FieldError[] = [];
      const ip = input.ip === undefined ? null : readIp('ip', input.ip, errors);
      if (ip !== null && (input.count ?? 1) !== 1)
        errors.push({
          field: 'count',
          value: input.count,
          code: 'one_of_two',
          params: { first: 'ip', second: 'count' },
        });
      if (errors.length > 0) throw refuseInput(errors);
      const settled = await queue.ask({
        networkId: await idOfNetwork(db, network),
        count: input.count ?? 1,
        ip,
        recording: false,
        key: null,
        holder: input.note === undefined || input.note === '' ? null : { ...nobody, note: input.note },
        source: 'allocated',
        expiresAt: readExpiry(input.expiresAt ?? null),
        actor: actor.name,
      });
      return settled === null ? [] : given(settled);
    },
    claimByKey: async (network, key, input, actor) => {
      const errors: FieldError[] = [];
      const ip = input.ip === undefined ? null : readIp('ip', input.ip, errors);
      const mac = input.mac == null || input.mac === '' ? null : parseMac(input.mac);
      if (input.mac != null && input.mac !== '' && mac === null)
        errors.push({ field: 'mac', value: input.mac, code: 'not_a_mac' });
      if (errors.length > 0) throw refuseInput(errors);
      const networkId = await idOfNetwork(db, network);
      const expiresAt = readExpiry(input.expiresAt ?? null);
      // Between the look and what follows another may have made, changed or released it: then the whole begins again.
      for (;;) {
        const known = await updateKnown(db, { networkId, key, ip, input, mac, expiresAt, actor });
        if (known !== null) return { claim: known, created: false };
        const holder = mergeHolder(null, input, mac);
        const settled = await queue.ask({
          networkId,
          count: 1,
          ip,
          recording: ip !== null,
          key,
          holder,
          source: ip === null ? 'allocated' : 'manual',
          expiresAt,
          actor: actor.name,
        });
        const [claim] = settled === null ? [] : given(settled);
        if (claim !== undefined) return { claim, created: true };
      }
    },
  };
}

const nobody: Holder = { name: '', owner: null, mac: null, note: '' };

/** What stands there with what the request names put in; null clears. Null where nothing is left to say. */
function mergeHolder(before: Holder | null, input: ClaimInput, mac: string | null): Holder | null {
  const old = before ?? nobody;
  const holder: Holder = {
    name: input.name === undefined ? old.name : (input.name ?? ''),
    owner: input.owner === undefined ? old.owner : input.owner === '' ? null : input.owner,
    mac: input.mac === undefined ? old.mac : mac,
    note: input.note === undefined ? old.note : (input.note ?? ''),
  };
  const empty = holder.name === '' && holder.owner === null && holder.mac === null && holder.note === '';
  return empty ? null : holder;
}

/** Brings the claim of a key in line with the request, if there is one; null also where it was changed at the same moment. */
async function updateKnown(
  db: Database,
  request: {
    networkId: string;
    key: string;
    ip: IpAddress | null;
    input: ClaimInput;
    mac: string | null;
    expiresAt: string | null;
    actor: Actor;
  },
): Promise<GivenAddress | null> {
  const { networkId, key, input } = request;
  const seen = await findClaimByKey(db, { networkId, key, now: new Date() });
  if (seen === null) return null;
  const wanted = request.ip === null ? seen.ip : formatAddress(request.ip);
  if (wanted !== seen.ip) {
    throw new Problem('claim_has_other_address', {
      key,
      has: seen.ip,
      ip: wanted,
      network: seen.network.name,
      quoted: quoted(seen.network.name),
      keyQuoted: quoted(key),
    });
  }
  const holder = mergeHolder(seen.holder, input, request.mac);
  // A hold that a NIC has taken over doesn't end by itself any more.
  const expiresAt = input.expiresAt === undefined || seen.nic !== null ? seen.expiresAt : request.expiresAt;
  const same = JSON.stringify(holder) === JSON.stringify(seen.holder) && expiresAt === seen.expiresAt;
  if (same) return withoutSpace(seen);
  return inTransaction(db, { dryRun: false }, async (tx) => {
    if (!(await updateKeyedClaim(tx, { id: seen.id, before: seen, after: { holder, expiresAt } })))
      return null;
    await recordEvent(tx, {
      actor: request.actor.name,
      action: 'claim',
      kind: 'network',
      id: networkId,
      name: seen.network.name,
      before: { key, ips: [seen.ip], holder: seen.holder, expiresAt: seen.expiresAt },
      after: { key, ips: [seen.ip], holder, expiresAt },
    });
    return withoutSpace({ ...seen, holder, expiresAt });
  });
}

function withoutSpace(claim: StoredClaim): GivenAddress {
  const { spaceId: _, ...rest } = claim;
  return rest;
}

function given({ network, claims, at }: Settled): GivenAddress[] {
  return claims.map((claim) => ({
    id: claim.id,
    ip: claim.ip,
    network: { id: network.id, name: network.name },
    key: claim.key,
    source: claim.source,
    server: null,
    nic: null,
    holder: claim.holder,
    since: at.toISOString(),
    expiresAt: claim.expiresAt,
    prefixLength: network.prefixLength,
    gateway: network.gateway,
    dns: network.dns,
    domain: network.domain,
    ntp: network.ntp,
  }));
}

/** What would be given next. Problems: `network_full`, `gives_nothing`. */
export async function nextAddresses(db: Database, network: string, count: number): Promise<{ ip: string }[]> {
  const networkId = await idOfNetwork(db, network);
  const settled = await inTransaction(db, { dryRun: true }, async (tx) => {
    const { answers } = await settle(
      tx,
      [
        {
          networkId,
          count,
          ip: null,
          recording: false,
          key: null,
          holder: null,
          source: 'allocated',
          expiresAt: null,
          actor: '',
        },
      ],
      new Date(),
    );
    return answers[0];
  });
  if (settled instanceof Problem) throw settled;
  if (settled === undefined || settled === 'known') return [];
  return settled.claims.map(({ ip }) => ({ ip }));
}

/**
 * Gives addresses back, all of them or none. One that nobody holds stays as it is. Problems: `address_outside_network`, and
 * `record_not_releasable` for records that Tools made, which would only come back.
 */
export async function releaseAddresses(
  db: Database,
  network: string,
  ips: readonly string[],
  options: { actor: Actor },
): Promise<Released> {
  const errors: FieldError[] = [];
  const asked = ips.flatMap((text, index) => readIp(`ips[${index}]`, text, errors) ?? []);
  if (errors.length > 0) throw refuseInput(errors);
  const facts = await factsOf(db, network);
  const range = readSpan(facts.span);
  const outside = asked.find(
    (ip) => ip.family !== range.start.family || ip.value < range.start.value || ip.value > range.end.value,
  );
  if (outside !== undefined) {
    throw new Problem('address_outside_network', {
      ip: formatAddress(outside),
      name: facts.name,
      start: formatAddress(range.start),
      end: formatAddress(range.end),
    });
  }
  const wanted = [...new Set(asked.map(formatAddress))];
  const released = await release(db, { facts, ips: wanted, key: null, actor: options.actor });
  return { items: wanted.map((ip) => ({ ip, released: released.has(ip) })) };
}

/** The claim of a key. Problem: `not_found`. */
export async function showClaim(db: Queries, network: string, key: string): Promise<Claim> {
  const networkId = await idOfNetwork(db, network);
  const found = await findClaimByKey(db, { networkId, key, now: new Date() });
  if (found === null) throw new Problem('not_found', { kind: 'claim', name: key, command: 'address' });
  const { prefixLength: _, gateway: __, dns: ___, domain: ____, ntp: _____, ...claim } = withoutSpace(found);
  return claim;
}

/** Releases the address of a key. Without one nothing is to be done. */
export async function deleteClaim(
  db: Database,
  network: string,
  key: string,
  options: { actor: Actor },
): Promise<void> {
  const facts = await factsOf(db, network);
  const found = await findClaimByKey(db, { networkId: facts.id, key, now: new Date() });
  if (found === null) return;
  await release(db, { facts, ips: [found.ip], key, actor: options.actor });
}

/** One of the addresses concerns a NIC: it has taken the hold over, or reports the address and may have it now. */
class TakenOver extends Error {}

/** Ends claims of a network; answers the addresses that had one. */
async function release(
  db: Database,
  work: { facts: NetworkFacts; ips: readonly string[]; key: string | null; actor: Actor },
): Promise<Set<string>> {
  const attempt = (spaceHeld: boolean): Promise<Set<string>> =>
    inTransaction(db, { dryRun: false }, (tx) => releaseHeld(tx, { ...work, spaceHeld }));
  try {
    return await attempt(false);
  } catch (error) {
    if (!(error instanceof TakenOver)) throw error;
    return attempt(true);
  }
}

/** A mere hold concerns nobody else; but a NIC's records follow from more than the claim, and whoever touches them holds the space. */
async function releaseHeld(
  tx: Tx,
  work: {
    facts: NetworkFacts;
    ips: readonly string[];
    key: string | null;
    actor: Actor;
    spaceHeld: boolean;
  },
): Promise<Set<string>> {
  const { facts, ips, key, actor, spaceHeld } = work;
  const now = new Date();
  if (spaceHeld) await lockSpaces(tx, [facts.spaceId]);
  const found = await findClaimsAt(tx, { networkId: facts.id, ips, now });
  const claims = key === null ? found : found.filter((claim) => claim.key === key);
  const fromTools = claims.filter((claim) => claim.source === 'tools');
  if (fromTools.length > 0)
    throw new Problem('record_not_releasable', { ips: fromTools.map((claim) => claim.ip).join(', ') });
  const ended = await endClaims(tx, { ids: claims.map((claim) => claim.id), reason: 'released', now });
  // Whoever reports one of them without having it may have it now.
  const rivals = await findReporters(
    tx,
    ended.map((claim) => ({ spaceId: facts.spaceId, ip: claim.ip })),
  );
  const serverIds = [...new Set([...ended.flatMap((claim) => claim.serverId ?? []), ...rivals])];
  if (serverIds.length > 0) {
    if (!spaceHeld) throw new TakenOver();
    await matchServers(tx, { serverIds, run: null, now });
  }
  if (ended.length > 0) {
    await recordEvent(tx, {
      actor: actor.name,
      action: 'release',
      kind: 'network',
      id: facts.id,
      name: facts.name,
      before: { ips: ended.map((claim) => claim.ip), ...(key !== null && { key }) },
    });
  }
  return new Set(ended.map((claim) => claim.ip));
}

function readIp(field: string, text: string, errors: FieldError[]): IpAddress | null {
  const ip = parseAddress(text.trim());
  if (ip === null) errors.push({ field, value: text, code: 'not_an_address' });
  else if (!isRoutableUnicast(ip)) errors.push({ field, value: text, code: 'not_a_unicast' });
  else return ip;
  return null;
}

/** An id is taken as it is: whether there is such a network shows where it is held. */
async function idOfNetwork(db: Queries, nameOrId: string): Promise<string> {
  return isUuid(nameOrId) ? nameOrId.toLowerCase() : (await resolveName(db, 'network', nameOrId)).id;
}

async function factsOf(db: Queries, nameOrId: string): Promise<NetworkFacts> {
  const { id } = await resolveName(db, 'network', nameOrId);
  const facts = await findNetworkFacts(db, id);
  if (facts === null) throw new Problem('not_found', { kind: 'network', name: nameOrId, command: 'network' });
  return facts;
}
