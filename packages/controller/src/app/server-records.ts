import { parseMac } from '../domain/addresses.ts';
import { endClaims, type EndedClaim } from '../store/claims.ts';
import { findLastCompleteRun, findSpacesOfAccount } from '../store/cloud-accounts.ts';
import type { Tx } from '../store/database.ts';
import { recordEvent, recordEvents } from '../store/events.ts';
import { adoptClaims, findReporters, findSpacesOfServers } from '../store/fixes.ts';
import { endSightings, findLastingSightings, markMissing } from '../store/inventory.ts';
import { keepKnownAddressesOf } from '../store/known-addresses.ts';
import { lockAccount, lockSpaces } from '../store/locks.ts';
import {
  endConflicts,
  findLiveClaims,
  findNetworkNames,
  findServerFacts,
  findSpacesOfNetworks,
  forgetEvidence,
  holdClaims,
  keepClaims,
  type ServerFacts,
  unbindClaims,
  unkeepClaims,
} from '../store/server-records.ts';
import { findTouchedNetworks } from '../store/wire-detection.ts';
import { matchServers } from './matching.ts';
import { settle } from './settlement.ts';

/**
 * What making, changing and removing servers does to who has which address. Each function takes the locks that it needs in the order that all
 * keep to, so it comes before anything else that its transaction holds; and each may be done again: what is so already stays as it is. The
 * transaction is one of `inTransaction`, since two that wait for each other are undone and begin again.
 */

/** Why an operation lets go of an address: `why.ended` of the catalogue has the words. */
export type ReleaseReason =
  | 'released'
  | 'operation_undone'
  | 'server_deleted'
  | 'nic_detached'
  | 'address_changed';

/** A claim and the NIC that it is for, by its MAC or its device key. */
export type Binding = { readonly claimId: string } & (
  | { readonly mac: string }
  | { readonly deviceKey: number }
);

export interface BindRefusal {
  readonly claimId: string;
  /** Null where there is no such claim. */
  readonly ip: string | null;
  /** `claim_ended`: it is nobody's any more; `claim_of_other_nic`: another NIC has it; `no_such_nic`: the server has none like that. */
  readonly code: 'claim_ended' | 'claim_of_other_nic' | 'no_such_nic';
}

export type BindOutcome =
  /** How many of them are new. */
  | { readonly ok: true; readonly bound: number }
  | { readonly ok: false; readonly refusals: readonly BindRefusal[] };

/**
 * Makes addresses that were taken for a server the records of its NICs, all or none. Whatever Tools say, they have them from then on, as one
 * that allocated them or set them by hand would want. The server must be in the book.
 */
export async function bindAddresses(
  tx: Tx,
  work: { serverId: string; bindings: readonly Binding[]; now: Date },
): Promise<BindOutcome> {
  const { serverId, bindings, now } = work;
  const claimIds = bindings.map((binding) => binding.claimId);
  const live = await findLiveClaims(tx, { ids: claimIds });
  await lockSpaces(tx, [
    ...live.map((claim) => claim.spaceId),
    ...(await findSpacesOfServers(tx, [serverId])),
  ]);
  const server = await findServerFacts(tx, serverId);
  const claims = new Map((await holdClaims(tx, claimIds)).map((claim) => [claim.id, claim]));
  const refusals: BindRefusal[] = [];
  const nicOf = new Map<string, string>();
  const adoptions = bindings.flatMap((binding) => {
    const claim = claims.get(binding.claimId);
    const nic = server === null ? undefined : findNic(server, binding);
    const refuse = (code: BindRefusal['code']): [] => {
      refusals.push({ claimId: binding.claimId, ip: claim?.ip ?? null, code });
      return [];
    };
    if (claim === undefined || !claim.live) return refuse('claim_ended');
    if (server === null || nic === undefined) return refuse('no_such_nic');
    const holder = claim.nicId ?? nicOf.get(claim.id) ?? nic.id;
    if (holder !== nic.id) return refuse('claim_of_other_nic');
    if (claim.nicId !== null || nicOf.has(claim.id)) return [];
    nicOf.set(claim.id, nic.id);
    const { id, accountId, name } = server;
    return [{ id: claim.id, nicId: nic.id, serverId: id, accountId, mac: nic.mac, serverName: name }];
  });
  if (refusals.length > 0) return { ok: false, refusals };
  const bound = await adoptClaims(tx, { adoptions, now });
  await matchServers(tx, { serverIds: [serverId], run: null, now });
  return { ok: true, bound };
}

function findNic(server: ServerFacts, binding: Binding): ServerFacts['nics'][number] | undefined {
  const present = server.nics.filter((nic) => !nic.missing);
  if ('deviceKey' in binding) return present.find((nic) => nic.deviceKey === binding.deviceKey);
  const mac = parseMac(binding.mac);
  return present.find((nic) => nic.mac !== null && nic.mac === mac);
}

/**
 * Keeps the addresses of a NIC that is about to leave their networks' wires for this one: nobody else gets them until they are given back,
 * whatever Tools say of them, and they don't speak for that wire.
 */
export async function keepRecords(
  tx: Tx,
  work: { claimIds: readonly string[]; wireId: string; now: Date },
): Promise<void> {
  await lockSpacesOf(tx, work.claimIds);
  await keepClaims(tx, work);
}

/** Takes addresses that a NIC was to have off it, and leaves them taken: elsewhere they would speak for that wire. */
export async function unbindRecords(tx: Tx, work: { claimIds: readonly string[]; now: Date }): Promise<void> {
  await lockSpacesOf(tx, work.claimIds);
  await unbindClaims(tx, work);
}

/** Makes what was kept the NIC's records again, from where they came. */
export async function unkeepRecords(
  tx: Tx,
  work: { claims: readonly { claimId: string; source: string }[]; nicId: string; now: Date },
): Promise<void> {
  await lockSpacesOf(
    tx,
    work.claims.map(({ claimId }) => claimId),
  );
  const serverIds = await unkeepClaims(tx, work);
  await matchServers(tx, { serverIds, run: null, now: work.now });
}

/** What a NIC is known not to use any more is no evidence of wires, though its guest says nothing. */
export async function forgetUses(
  tx: Tx,
  work: { nicId: string; addresses: readonly { ip: string; networkId: string }[]; now: Date },
): Promise<void> {
  const { nicId, addresses, now } = work;
  const networkIds = [...new Set(addresses.map(({ networkId }) => networkId))];
  await lockSpaces(tx, await findSpacesOfNetworks(tx, networkIds));
  await forgetEvidence(tx, { nicId, networkIds, ips: addresses.map(({ ip }) => ip) });
  await settle(tx, { networkIds, serverIds: [], run: null, now });
}

async function lockSpacesOf(tx: Tx, claimIds: readonly string[]): Promise<void> {
  await lockSpaces(
    tx,
    (await findLiveClaims(tx, { ids: claimIds })).map((claim) => claim.spaceId),
  );
}

/** What was let go of. */
export interface ReleasedAddress {
  readonly claimId: string;
  readonly ip: string;
  readonly networkId: string | null;
}

/** Gives these addresses back, whether a NIC has them already or not; whoever reports one of them may have it then. */
export async function unbindAndRelease(
  tx: Tx,
  work: { claimIds: readonly string[]; reason: ReleaseReason; actor: string; now: Date },
): Promise<ReleasedAddress[]> {
  return release(tx, { ids: work.claimIds }, work);
}

/**
 * Gives back all addresses of a NIC that was taken away, whatever they came from. After the server was read without it: a NIC that is still
 * there, and reports one of them, has it again at once.
 */
export async function releaseNic(
  tx: Tx,
  work: { nicId: string; reason: ReleaseReason; actor: string; now: Date },
): Promise<ReleasedAddress[]> {
  return release(tx, { nicId: work.nicId }, work);
}

async function release(
  tx: Tx,
  which: Parameters<typeof findLiveClaims>[1],
  work: { reason: ReleaseReason; actor: string; now: Date },
): Promise<ReleasedAddress[]> {
  const { reason, actor, now } = work;
  const live = await findLiveClaims(tx, which);
  // None of them comes to life again.
  if (live.length === 0) return [];
  await lockSpaces(
    tx,
    live.map((claim) => claim.spaceId),
  );
  const ids = (await findLiveClaims(tx, which)).map((claim) => claim.id);
  const ended = await endClaims(tx, { ids, reason, now });
  await settleEnded(tx, { ended, serverIds: [], networkIds: [], now });
  const names = await findNetworkNames(tx, networksOf(ended));
  await recordEvents(
    tx,
    names.map(({ id, name }) => ({
      actor,
      action: 'release',
      kind: 'network',
      id,
      name,
      before: { ips: ended.filter((claim) => claim.networkId === id).map((claim) => claim.ip) },
    })),
  );
  return ended.map(toReleased);
}

/** Wires and records that follow from what has ended: of those who had it, and of those who may have it now. */
async function settleEnded(
  tx: Tx,
  work: {
    ended: readonly EndedClaim[];
    serverIds: readonly string[];
    networkIds: readonly string[];
    now: Date;
  },
): Promise<void> {
  const { ended, now } = work;
  const rivals = await findReporters(tx, ended);
  // A mere hold is nobody's evidence.
  const bound = networksOf(ended.filter((claim) => claim.nicId !== null));
  await settle(tx, {
    networkIds: [...new Set([...work.networkIds, ...bound])],
    serverIds: [
      ...new Set([...work.serverIds, ...ended.flatMap((claim) => claim.serverId ?? []), ...rivals]),
    ],
    run: null,
    now,
  });
}

function networksOf(ended: readonly EndedClaim[]): string[] {
  return [...new Set(ended.flatMap((claim) => claim.networkId ?? []))];
}

function toReleased({ id, ip, networkId }: EndedClaim): ReleasedAddress {
  return { claimId: id, ip, networkId };
}

/**
 * Notes that we have removed a server from vCenter, at once and for good: it and its NICs are missing, nothing of it is seen, and its addresses,
 * wherever they came from, are let go of. Its history stays. A complete run finds nothing left to do.
 */
export async function removeServerFromBook(
  tx: Tx,
  work: { serverId: string; now: Date; actor: string; operationId: string },
): Promise<ReleasedAddress[]> {
  const { serverId, now } = work;
  const asked = await findServerFacts(tx, serverId);
  if (asked === null) return [];
  const { accountId } = asked;
  await lockAccount(tx, accountId);
  await lockSpaces(tx, [
    ...(await findSpacesOfAccount(tx, accountId)),
    ...(await findSpacesOfServers(tx, [serverId])),
  ]);
  const server = await findServerFacts(tx, serverId);
  if (server === null) return [];
  const nicIds = server.nics.map((nic) => nic.id);
  const sightings = await findLastingSightings(tx, [serverId]);
  const claims = await findLiveClaims(tx, { serverId });
  const there = !server.missing || server.nics.some((nic) => !nic.missing);
  if (!there && sightings.length + claims.length === 0) return [];

  await markMissing(tx, 'nics', nicIds, now);
  await markMissing(tx, 'servers', [serverId], now);
  await endSightings(tx, sightings, { now, lastSeenAt: await findLastCompleteRun(tx, accountId) });
  const ended = await endClaims(tx, {
    ids: claims.map((claim) => claim.id),
    reason: 'server_deleted' satisfies ReleaseReason,
    now,
  });
  await keepKnownAddressesOf(tx, { accountId, serverIds: [serverId] });
  const networkIds = await findTouchedNetworks(tx, { serverIds: [serverId], accountId: null, now });
  await settleEnded(tx, { ended, serverIds: [serverId], networkIds, now });
  await endConflicts(tx, { nicIds, claimIds: ended.map((claim) => claim.id), now });
  await recordEvent(tx, {
    actor: work.actor,
    action: 'delete',
    kind: 'server',
    id: serverId,
    name: server.name,
    before: { moref: server.moref, ips: ended.map((claim) => claim.ip) },
    after: { operation: work.operationId },
  });
  return ended.map(toReleased);
}
