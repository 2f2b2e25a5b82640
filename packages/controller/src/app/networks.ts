import type { List, NetworkDeletion, NetworkPatch, networkQuery } from '@wirebook/contract';
import type { z } from 'zod';
import { formatAddress, parseAddress } from '../domain/addresses.ts';
import type { Database, Queries, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { endExpired } from '../store/expiry.ts';
import { findServersAround } from '../store/matching.ts';
import {
  deleteNetwork as deleteNetworkRow,
  endToolsClaims,
  findAskedClaims,
  findClaimsOutside,
  listNetworks as listNetworkRows,
  type NetworkColumns,
  type NetworkFacts,
  setCompanion,
  type StoredNetwork,
  updateNetwork as updateNetworkRow,
} from '../store/networks.ts';
import { findReservationsOf, findReservationsOutside } from '../store/reservations.ts';
import { readSpan, writeSpans } from '../store/spans.ts';
import type { Actor } from './actor.ts';
import { matchServers, rangeOf } from './matching.ts';
import { addressOfFilter } from './inventory.ts';
import { resolveName, resolveOptional } from './names.ts';
import {
  declaredFields,
  noEffect,
  readNetwork,
  settleNetworks,
  type StoredNetworkEffect,
} from './network-effect.ts';
import { type NetworkBefore, readNetworkPatch } from './network-input.ts';
import { explainConstraints, joinCompanions } from './network-making.ts';
import { lockedNetwork } from './network-wires.ts';
import { Problem } from './problem.ts';
import { objectOf } from './reservations.ts';
import { inTransaction } from './transaction.ts';

export async function listNetworks(
  db: Queries,
  query: z.output<typeof networkQuery>,
): Promise<List<StoredNetwork>> {
  const { space, wire, ip, q, ...rest } = query;
  const address = addressOfFilter('ip', ip);
  const searched = parseAddress(q ?? '');
  return listNetworkRows(db, {
    ...rest,
    spaceId: await resolveOptional(db, 'address_space', space),
    wireId: await resolveOptional(db, 'wire', wire),
    ip: address === undefined ? undefined : formatAddress(address),
    q: q === undefined ? undefined : { text: q, ip: searched === null ? null : formatAddress(searched) },
  });
}

export async function showNetwork(db: Queries, nameOrId: string): Promise<StoredNetwork> {
  const { id } = await resolveName(db, 'network', nameOrId);
  return readNetwork(db, id);
}

/**
 * Changes a network. Problems: `claims_outside_range`, `reservations_outside_range`, `giving_outside_range`, `overlap`, `name_taken`,
 * `range_outside_prefix`, `gateway_outside_prefix`, `companion_unfit`.
 */
export async function updateNetwork(
  db: Database,
  nameOrId: string,
  patch: NetworkPatch,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredNetworkEffect> {
  const { id } = await resolveName(db, 'network', nameOrId);
  const companion =
    patch.companion === undefined || patch.companion === null
      ? patch.companion
      : await resolveName(db, 'network', patch.companion);
  return inTransaction(db, options, async (tx) => {
    const facts = await lockedNetwork(tx, id, companion?.id);
    const before = await readNetwork(tx, id);
    const columns = readNetworkPatch(patch, columnsOf(before));
    await rewriteNetwork(tx, facts, columns);
    if (companion === null) await setCompanion(tx, id, null);
    else if (companion !== undefined) await joinCompanions(tx, id, companion.id);
    // Another gateway may speak for or against a wire.
    const concerns =
      columns.span !== facts.span || columns.cidr !== facts.cidr || columns.gateway !== before.gateway;
    const effect = concerns
      ? await settleNetworks(tx, {
          spaceId: facts.spaceId,
          cidrs: [columns.cidr, facts.cidr],
          networkIds: [id],
          serverIds: [],
        })
      : noEffect;
    const network = await readNetwork(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'update',
      kind: 'network',
      id,
      name: columns.name,
      before: declaredFields(before),
      after: declaredFields(network),
    });
    return { network, ...effect };
  });
}

/**
 * Writes anew what a person sets of a network, and nothing of what follows. The transaction holds its space and its row. Problems:
 * `claims_outside_range`, `reservations_outside_range`, `overlap`, `name_taken`.
 */
export async function rewriteNetwork(tx: Tx, facts: NetworkFacts, columns: NetworkColumns): Promise<void> {
  const { id, spaceId, spaceName } = facts;
  await endExpired(tx, [id], new Date());
  await refuseClaimsOutside(tx, { id, span: columns.span });
  await refuseReservationsOutside(tx, { id, span: columns.span });
  await explainConstraints(tx, { columns, spaceId, spaceName, exceptId: id }, () =>
    updateNetworkRow(tx, id, columns),
  );
}

/**
 * Deletes a network. Its records from Tools become unresolved, its reservations go along; manual and allocated claims stand in the way. A
 * dry run answers the same and leaves no trace.
 */
export async function deleteNetwork(
  db: Database,
  nameOrId: string,
  options: { actor: Actor; dryRun: boolean },
): Promise<NetworkDeletion> {
  const { id } = await resolveName(db, 'network', nameOrId);
  return inTransaction(db, options, async (tx) => {
    const facts = await lockedNetwork(tx, id);
    const before = await readNetwork(tx, id);
    await endExpired(tx, [id], new Date());
    const asked = await findAskedClaims(tx, id);
    if (asked.length > 0) throw new Problem('claims_in_the_way', { name: facts.name, ips: asked.join(', ') });
    const reservations = await findReservationsOf(tx, id);
    const { ended, serverIds } = await endToolsClaims(tx, id, 'network_deleted');
    const around = await findServersAround(tx, {
      spaceId: facts.spaceId,
      ranges: [rangeOf(facts.cidr)],
      networkIds: [id],
    });
    await deleteNetworkRow(tx, id);
    await matchServers(tx, {
      serverIds: [...new Set([...serverIds, ...around])],
      run: null,
      now: new Date(),
    });
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'delete',
      kind: 'network',
      id,
      name: facts.name,
      before: { ...declaredFields(before), reservations },
    });
    return { network: { id, name: facts.name }, ends: ended, reservations };
  });
}

async function refuseClaimsOutside(tx: Tx, network: { id: string; span: string }): Promise<void> {
  const outside = await findClaimsOutside(tx, network);
  if (outside.length > 0) {
    throw new Problem(
      'claims_outside_range',
      { ips: [...new Set(outside.map((claim) => claim.ip))].join(', ') },
      {
        objects: outside.map(({ id, ip, holder }) => ({
          kind: 'claim',
          id,
          name: holder === '' ? ip : `${ip} ${holder}`,
        })),
      },
    );
  }
}

async function refuseReservationsOutside(tx: Tx, network: { id: string; span: string }): Promise<void> {
  const outside = (await findReservationsOutside(tx, network)).map(objectOf);
  if (outside.length > 0) {
    throw new Problem(
      'reservations_outside_range',
      { ranges: outside.map((one) => one.name).join(', ') },
      { objects: outside },
    );
  }
}

/** What a network's columns hold, from the network as it is shown. */
export function columnsOf(network: StoredNetwork): NetworkBefore {
  return {
    name: network.name,
    family: network.family,
    span: `[${network.start},${network.end}]`,
    cidr: network.cidr,
    giving: writeSpans(network.giving.map((part) => readSpan(`[${part.start},${part.end}]`))),
    gateway: network.gateway,
    dns: network.dns,
    domain: network.domain,
    ntp: network.ntp,
    allocationPolicy: network.allocationPolicy,
    restingSeconds: network.restingSeconds,
    description: network.description,
    tags: network.tags,
  };
}
