import type { List, Network, NetworkInput, NetworkPatch } from '@wirebook/contract';
import type { z } from 'zod';
import type { networkQuery } from '@wirebook/contract';
import { formatAddress, parseAddress } from '../domain/addresses.ts';
import { newId } from '../domain/ids.ts';
import { violatedConstraint } from '../store/constraints.ts';
import type { Database, Queries, Tx } from '../store/database.ts';
import { recordEvent } from '../store/events.ts';
import { endExpired } from '../store/expiry.ts';
import { lockSpaces } from '../store/locks.ts';
import { findServersAround } from '../store/matching.ts';
import {
  declareWires,
  deleteNetwork as deleteNetworkRow,
  endToolsClaims,
  findAskedClaims,
  findClaimsOutside,
  findNetworkFacts,
  findOverlap,
  holdNetwork,
  insertNetwork,
  listNetworks as listNetworkRows,
  type NetworkColumns,
  type NetworkFacts,
  setCompanion,
  type StoredNetwork,
  updateNetwork as updateNetworkRow,
} from '../store/networks.ts';
import { findReservationsOutside } from '../store/reservations.ts';
import { readSpan, writeSpans } from '../store/spans.ts';
import { findWireFacts, type WireFacts } from '../store/wires.ts';
import type { Actor } from './actor.ts';
import { matchServers, rangeOf } from './matching.ts';
import { resolveName, resolveOptional } from './names.ts';
import { type NetworkBefore, readNetworkInput, readNetworkPatch } from './network-input.ts';
import { Problem, quoted } from './problem.ts';
import { objectOf } from './reservations.ts';
import { inTransaction } from './transaction.ts';

/** What a change of a network does to NIC records. */
export interface StoredNetworkEffect {
  network: StoredNetwork;
  settles: number;
  ends: number;
  conflicts: number;
  nics: {
    server: { id: string; name: string };
    mac: string | null;
    ip: string;
    change: 'settled' | 'ended';
  }[];
}

const NICS_SHOWN = 500;

export async function listNetworks(
  db: Queries,
  query: z.output<typeof networkQuery>,
): Promise<List<StoredNetwork>> {
  const { space, wire, ip, q, ...rest } = query;
  const address = ip === undefined ? undefined : parseAddress(ip);
  if (address === null)
    throw new Problem(
      'invalid_input',
      { count: 1 },
      { errors: [{ field: 'ip', value: ip, code: 'not_an_address' }] },
    );
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

async function readNetwork(db: Queries, id: string): Promise<StoredNetwork> {
  const page = await listNetworkRows(db, { ids: [id], limit: 1 });
  const [network] = page.items;
  if (network === undefined)
    throw new Problem('not_found', { kind: 'network', name: id, command: 'network' });
  return network;
}

/**
 * Makes a network on a wire and brings the records of the NICs in its range in line with it, in one transaction. A dry run answers the
 * same and leaves no trace.
 */
export async function createNetwork(
  db: Database,
  input: NetworkInput,
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredNetworkEffect> {
  const columns = readNetworkInput(input);
  const wireRef = await resolveName(db, 'wire', input.wire);
  const companion =
    input.companion === undefined || input.companion === null
      ? null
      : await resolveName(db, 'network', input.companion);
  return inTransaction(db, options, async (tx) => {
    const seen = await usableWire(tx, wireRef.id);
    await lockSpaces(tx, [seen.spaceId]);
    const wire = await usableWire(tx, wireRef.id);
    if (wire.spaceId !== seen.spaceId) throw new Problem('request_in_progress');
    const id = newId();
    await explainConstraints(
      tx,
      { columns, spaceId: wire.spaceId, spaceName: wire.spaceName, exceptId: null },
      () => insertNetwork(tx, { ...columns, id, spaceId: wire.spaceId, wireId: wire.id }),
    );
    if (companion !== null) await joinCompanions(tx, id, companion.id);
    const effect = await rematch(tx, {
      spaceId: wire.spaceId,
      cidrs: [columns.cidr],
      networkIds: [id],
      serverIds: [],
    });
    const network = await readNetwork(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'create',
      kind: 'network',
      id,
      name: columns.name,
      after: declaredFields(network),
    });
    return { network, ...effect };
  });
}

/** Changes a network. Refused where a claimed address would fall outside its range. */
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
    await endExpired(tx, [id], new Date());
    const outside = await findClaimsOutside(tx, { id, span: columns.span });
    if (outside.length > 0) throw new Problem('claims_outside_range', { ips: outside.join(', ') });
    await refuseReservationsOutside(tx, { id, span: columns.span });
    await explainConstraints(
      tx,
      { columns, spaceId: facts.spaceId, spaceName: facts.spaceName, exceptId: id },
      () => updateNetworkRow(tx, id, columns),
    );
    if (companion === null) await setCompanion(tx, id, null);
    else if (companion !== undefined) await joinCompanions(tx, id, companion.id);
    const moved = columns.span !== facts.span || columns.cidr !== facts.cidr;
    const effect = moved
      ? await rematch(tx, {
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

/** Deletes a network. Its records from Tools become unresolved; manual and allocated ones stand in the way. */
export async function deleteNetwork(
  db: Database,
  nameOrId: string,
  options: { actor: Actor },
): Promise<void> {
  const { id } = await resolveName(db, 'network', nameOrId);
  await inTransaction(db, { dryRun: false }, async (tx) => {
    const facts = await lockedNetwork(tx, id);
    const before = await readNetwork(tx, id);
    await endExpired(tx, [id], new Date());
    const asked = await findAskedClaims(tx, id);
    if (asked.length > 0) throw new Problem('claims_in_the_way', { name: facts.name, ips: asked.join(', ') });
    const { serverIds } = await endToolsClaims(tx, id, 'network_deleted');
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
      before: declaredFields(before),
    });
  });
}

/** Declares exactly these wires as additional ones. The primary wire may be named and changes nothing. */
export async function setAdditionalWires(
  db: Database,
  nameOrId: string,
  wires: readonly string[],
  options: { actor: Actor; dryRun: boolean },
): Promise<StoredNetworkEffect> {
  const { id } = await resolveName(db, 'network', nameOrId);
  const named: { id: string }[] = [];
  for (const wire of wires) named.push(await resolveName(db, 'wire', wire));
  return inTransaction(db, options, async (tx) => {
    const facts = await lockedNetwork(tx, id);
    const before = await readNetwork(tx, id);
    const found = await findWireFacts(
      tx,
      named.map((wire) => wire.id),
    );
    for (const wire of found) {
      if (wire.purpose !== 'vm') refusePurpose(wire);
      if (wire.spaceId !== facts.spaceId) {
        throw new Problem('other_space', {
          wire: wire.name,
          quoted: quoted(wire.name),
          wireSpace: wire.spaceName,
          network: facts.name,
          networkSpace: facts.spaceName,
        });
      }
    }
    const wanted = new Set(found.map((wire) => wire.id));
    wanted.delete(facts.wireId);
    await declareWires(tx, facts, [...wanted]);
    const effect = await rematch(tx, {
      spaceId: facts.spaceId,
      cidrs: [facts.cidr],
      networkIds: [id],
      serverIds: [],
    });
    const network = await readNetwork(tx, id);
    await recordEvent(tx, {
      actor: options.actor.name,
      action: 'set_additional_wires',
      kind: 'network',
      id,
      name: facts.name,
      before: { additionalWires: before.additionalWires.map((one) => one.wire.name) },
      after: { additionalWires: network.additionalWires.map((one) => one.wire.name) },
    });
    return { network, ...effect };
  });
}

/** The network's row, held, after its space: the order in which everyone takes them. */
async function lockedNetwork(tx: Tx, id: string, companionToBe?: string): Promise<NetworkFacts> {
  const seen = await findNetworkFacts(tx, id);
  if (seen !== null) await lockSpaces(tx, [seen.spaceId]);
  const facts = await holdNetwork(tx, id, companionToBe);
  if (facts === null) throw new Problem('not_found', { kind: 'network', name: id, command: 'network' });
  // It went to another space while we waited: the lock held is the wrong one, and the new one may not come second.
  if (facts.spaceId !== seen?.spaceId) throw new Problem('request_in_progress');
  return facts;
}

async function usableWire(tx: Tx, id: string): Promise<WireFacts> {
  const [wire] = await findWireFacts(tx, [id]);
  if (wire === undefined) throw new Problem('not_found', { kind: 'wire', name: id, command: 'wire' });
  if (wire.purpose !== 'vm') refusePurpose(wire);
  if (wire.missingSince !== null)
    throw new Problem('wire_missing', { name: wire.name, since: wire.missingSince.toISOString() });
  return wire;
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

function refusePurpose(wire: WireFacts): never {
  throw new Problem(
    'wire_takes_no_networks',
    { name: wire.name, purpose: wire.purpose },
    { objects: [{ kind: 'wire', id: wire.id, name: wire.name }] },
  );
}

/** The space is held, and companions lie on one wire: the other one stands still as well. One elsewhere is refused, not waited for. */
async function joinCompanions(tx: Tx, id: string, companionId: string): Promise<void> {
  const [own, other] = [await findNetworkFacts(tx, id), await findNetworkFacts(tx, companionId)];
  if (own === null || other === null)
    throw new Problem('not_found', { kind: 'network', name: companionId, command: 'network' });
  const taken = other.companionId !== null && other.companionId !== id;
  if (taken || own.family === other.family || own.wireId !== other.wireId)
    throw new Problem('companion_unfit', { companion: other.name, family: own.family === 4 ? 6 : 4 });
  await setCompanion(tx, id, companionId);
}

/** Turns the database's refusals into problems that name what is in the way. */
async function explainConstraints(
  tx: Tx,
  network: { columns: NetworkColumns; spaceId: string; spaceName: string; exceptId: string | null },
  write: () => Promise<void>,
): Promise<void> {
  const { columns, spaceId, spaceName, exceptId } = network;
  const range = readSpan(columns.span);
  const overlap = await findOverlap(tx, { spaceId, span: columns.span, exceptId });
  const refuseOverlap = (other: { id: string; name: string; start: string; end: string } | null): Problem =>
    new Problem(
      'overlap',
      {
        start: formatAddress(range.start),
        end: formatAddress(range.end),
        other: other?.name ?? '-',
        otherStart: other?.start ?? '-',
        otherEnd: other?.end ?? '-',
        space: spaceName,
      },
      { objects: other === null ? [] : [{ kind: 'network', id: other.id, name: other.name }] },
    );
  if (overlap !== null) throw refuseOverlap(overlap);
  try {
    await write();
  } catch (error) {
    switch (violatedConstraint(error)) {
      case 'networks_name_unique':
        throw new Problem('name_taken', { kind: 'network', name: columns.name });
      case 'networks_no_overlap':
        throw refuseOverlap(null);
      default:
        throw error;
    }
  }
}

const noEffect = { settles: 0, ends: 0, conflicts: 0, nics: [] };

async function rematch(
  tx: Tx,
  options: { spaceId: string; cidrs: string[]; networkIds: string[]; serverIds: string[] },
): Promise<Omit<StoredNetworkEffect, 'network'>> {
  const around = await findServersAround(tx, {
    spaceId: options.spaceId,
    ranges: [...new Set(options.cidrs)].map(rangeOf),
    networkIds: options.networkIds,
  });
  const { plan, input, created, ended, conflicts } = await matchServers(tx, {
    serverIds: [...new Set([...options.serverIds, ...around])],
    run: null,
    now: new Date(),
  });
  const nicsById = new Map(input.nics.map((nic) => [nic.id, nic]));
  const changes = [
    ...plan.create.map((record) => ({ nic: record.nic, ip: record.ip, change: 'settled' as const })),
    ...plan.adopt.map(({ claim, nic }) => ({ nic, ip: claim.text, change: 'settled' as const })),
    ...plan.end.map(({ claim }) => ({
      nic: nicsById.get(claim.nicId ?? ''),
      ip: claim.text,
      change: 'ended' as const,
    })),
  ];
  return {
    settles: created,
    ends: ended,
    conflicts,
    nics: changes
      .slice(0, NICS_SHOWN)
      .flatMap(({ nic, ip, change }) =>
        nic === undefined
          ? []
          : [{ server: { id: nic.server.id, name: nic.server.name }, mac: nic.mac, ip, change }],
      ),
  };
}

function columnsOf(network: StoredNetwork): NetworkBefore {
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

/** What of a network a person declared, for the audit trail. */
function declaredFields(network: StoredNetwork): Partial<Network> {
  const { counts: _, suggestedWires: __, ...declared } = network;
  return declared;
}
