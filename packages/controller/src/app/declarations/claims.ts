import { isDeepStrictEqual } from 'node:util';
import type { DeclaredHolder, DeclaredNicAddress } from '@wirebook/contract';
import { formatPrefix, prefixOf } from '../../domain/addresses.ts';
import { newId } from '../../domain/ids.ts';
import { addressKey } from '../../domain/matching.ts';
import {
  type ClaimSaid,
  type ClaimSeen,
  type ClaimToMake,
  findClaimsSeen,
  findKeysSeen,
  makeClaims,
  type NicSeen,
  rewriteClaims,
} from '../../store/declarations/claims.ts';
import { endExpired } from '../../store/expiry.ts';
import { findReporters, recordFixes } from '../../store/fixes.ts';
import { readDeclaredAddress, readDeclaredExpiry, readDeclaredHolder } from './input.ts';
import type { NetworkSeen, NetworksSeen } from './networks.ts';
import { findDeclaredNics } from './nics.ts';
import { type DeclarationImport, lackSpace, type Places } from './work.ts';
import { Problem } from '../problem.ts';

/** Who is to have an address, and where in the document that stands. */
interface Asked {
  readonly kind: 'holders' | 'nicAddresses';
  readonly place: string;
  readonly spaceId: string;
  readonly ip: string;
  readonly network: NetworkSeen;
  readonly said: ClaimSaid;
  readonly shared: boolean;
}

/** Records who has which address: holders outside vCenter and holds, and NICs. `shared`: addresses that several may have (`addressKey`). */
export async function settleClaimDeclarations(
  work: DeclarationImport,
  places: Places,
  networks: NetworksSeen,
  shared: ReadonlySet<string>,
): Promise<void> {
  const { tx, report, now } = work;
  const asked = await readClaims(work, places, networks, shared);
  const networkIds = [...new Set(asked.map((one) => one.network.id))];
  await endExpired(tx, networkIds, now);
  const live = Map.groupBy(await findClaimsSeen(tx, asked), (claim) => addressKey(claim.spaceId, claim.ip));
  const keys = openKeys(await findKeysSeen(tx, networkIds));
  const firstOf = new Map<string, string>();
  // What is written anew may let go of a key that another takes, whichever comes first.
  keys.release(new Set(asked.flatMap((one) => letGo(one, live.get(addressKey(one.spaceId, one.ip)) ?? []))));
  const create: (Asked & { id: string })[] = [];
  const rewrite: (Asked & { id: string })[] = [];
  for (const one of asked) {
    const { kind, place, ip, said } = one;
    const key = addressKey(one.spaceId, ip);
    const own = one.shared ? `${key} ${said.nic?.nicId ?? ''}` : key;
    const other = firstOf.get(own);
    if (other !== undefined) {
      report.complain({ field: `${place}.ip`, value: ip, code: 'twice', params: { other } });
      continue;
    }
    firstOf.set(own, place);
    const plan = planClaim(work, one, live.get(key) ?? []);
    if (plan === null) continue;
    const claim = { ...one, id: plan.id ?? newId() };
    if (plan.change !== 'unchanged' && !keys.take(work, claim)) continue;
    report.tell(kind, plan.change, { field: place, name: ip });
    if (plan.change === 'created') create.push(claim);
    if (plan.change === 'updated') rewrite.push(claim);
  }
  if (!report.refused) await write(work, create, rewrite);
}

async function readClaims(
  work: DeclarationImport,
  places: Places,
  networks: NetworksSeen,
  shared: ReadonlySet<string>,
): Promise<Asked[]> {
  const { holders = [], nicAddresses = [] } = work.document;
  const nics = await findDeclaredNics(
    work,
    places,
    nicAddresses.map(({ nic }, index) => ({ nic, field: `nicAddresses[${index}].nic` })),
  );
  const rows = [
    ...holders.map((declared, index) => ({ kind: 'holders' as const, declared, index, nic: null })),
    ...nicAddresses.map((declared, index) => ({
      kind: 'nicAddresses' as const,
      declared,
      index,
      nic: nics[index] ?? null,
    })),
  ];
  return rows.flatMap(({ kind, declared, index, nic }) => {
    const place = `${kind}[${index}]`;
    const read = readClaim(work, places, networks, { place, declared, nic });
    if (read === null || (kind === 'nicAddresses' && nic === null)) {
      work.report.tell(kind, 'skipped');
      return [];
    }
    // Whoever has a shared address without a NIC has it alone besides.
    return [{ ...read, kind, shared: nic !== null && shared.has(addressKey(read.spaceId, read.ip)) }];
  });
}

/** Null where it is left out or refused, the complaint made. */
function readClaim(
  work: DeclarationImport,
  places: Places,
  networks: NetworksSeen,
  row: { place: string; declared: DeclaredHolder | DeclaredNicAddress; nic: NicSeen | null },
): Omit<Asked, 'kind' | 'shared'> | null {
  const { report } = work;
  const { place, declared, nic } = row;
  const space = places.space(declared.space);
  if (space === undefined) lackSpace(report, `${place}.space`, declared.space);
  const read = readDeclaredAddress(report, `${place}.ip`, declared.ip);
  const holder = readDeclaredHolder(report, place, declared.holder);
  const expiresAt =
    'expiresAt' in declared ? readDeclaredExpiry(work, `${place}.expiresAt`, declared.expiresAt) : null;
  if (space === undefined || read === null || expiresAt === undefined) return null;
  const network = networks.holding(space.id, read.ip);
  if (network === undefined) {
    const where = networks.lost(space.name, declared.network ?? '');
    const cidr = formatPrefix(prefixOf(read.ip, read.ip.family === 4 ? 24 : 64));
    const [field, value] = [`${place}.ip`, declared.ip];
    if (where !== undefined) report.follow(place, value, where);
    else report.complain({ field, value, code: 'import_no_network', params: { space: space.name, cidr } });
    return null;
  }
  const { source = 'manual', key = null } = declared;
  return { place, spaceId: space.id, ip: read.text, network, said: { source, key, holder, expiresAt, nic } };
}

type Plan = { change: 'created'; id: null } | { change: 'updated' | 'unchanged'; id: string };

/** What a statement comes to on an address where these live; null with the complaint made. */
function planClaim(work: DeclarationImport, one: Asked, live: readonly ClaimSeen[]): Plan | null {
  const { said } = one;
  const { nic } = said;
  const mine = live.find((claim) => nic !== null && claim.nicId === nic.nicId);
  // What was only observed so far is from now on what a person or a program asked for.
  if (mine !== undefined && mine.source === 'tools') return { change: 'updated', id: mine.id };
  if (mine !== undefined) return compare(work, one, mine, ['source', 'key', 'holder']);
  const there = one.shared ? undefined : live.find((claim) => !claim.shared);
  if (there === undefined) return { change: 'created', id: null };
  const alike = there.key === said.key && isDeepStrictEqual(there.holder, said.holder);
  if (nic === null && there.nicId === null)
    return compare(work, one, there, ['source', 'key', 'holder', 'expiresAt']);
  // A NIC has come to have what was held for it.
  if (nic === null && there.source === said.source && alike) return { change: 'unchanged', id: there.id };
  const { holder } = there;
  const unnamed = holder === null || (holder.name === '' && holder.owner === null && holder.mac === null);
  if (nic !== null && there.nicId === null && (alike || (unnamed && there.key === null)))
    return { change: 'updated', id: there.id };
  const { place, ip } = one;
  work.report.complain({
    field: `${place}.ip`,
    value: ip,
    code: 'import_taken',
    params: { holder: there.who },
  });
  return null;
}

function compare(
  work: DeclarationImport,
  one: Asked,
  claim: ClaimSeen,
  fields: readonly ('source' | 'key' | 'holder' | 'expiresAt')[],
): Plan {
  const differing = fields.filter((field) => !isDeepStrictEqual(claim[field], one.said[field]));
  const overwritten = differing.map((field) => {
    const here = claim[field];
    return work.report.differs(
      { field: `${one.place}.${field}`, value: one.said[field] },
      typeof here === 'string' ? here : here === null ? '-' : JSON.stringify(here),
    );
  });
  const same = overwritten.length === 0 || overwritten.includes(false);
  return { change: same ? 'unchanged' : 'updated', id: claim.id };
}

/** The claims of the same holder or NIC on its address, to which a statement gives another key, or none. */
function letGo(one: Asked, live: readonly ClaimSeen[]): string[] {
  const nicId = one.said.nic?.nicId ?? null;
  return live.filter((claim) => claim.nicId === nicId && claim.key !== one.said.key).map((claim) => claim.id);
}

/** A key has one address in its network. */
function openKeys(stored: readonly { id: string; networkId: string; key: string; ip: string }[]): {
  release: (ids: ReadonlySet<string>) => void;
  take: (work: DeclarationImport, one: Asked & { id: string }) => boolean;
} {
  const taken = new Map(stored.map((one) => [`${one.networkId} ${one.key}`, one]));
  return {
    release: (ids) => {
      for (const [name, { id }] of taken) if (ids.has(id)) taken.delete(name);
    },
    take: ({ report }, { id, network, said, place, ip }) => {
      const { key } = said;
      if (key === null) return true;
      const name = `${network.id} ${key}`;
      const other = taken.get(name);
      if (other !== undefined && other.id !== id) {
        const params = { ip: other.ip, network: network.name };
        report.complain({ field: `${place}.key`, value: key, code: 'declared_key_taken', params });
        return false;
      }
      taken.set(name, { id, networkId: network.id, key, ip });
      return true;
    },
  };
}

async function write(
  work: DeclarationImport,
  create: readonly (Asked & { id: string })[],
  rewrite: readonly (Asked & { id: string })[],
): Promise<void> {
  const { tx, now, serverIds } = work;
  const claims = create.map(({ id, spaceId, ip, network, said, shared }): ClaimToMake => ({
    ...said,
    id,
    spaceId,
    ip,
    network,
    shared,
  }));
  // Those that are written anew first: they may let go of a key that another takes.
  await rewriteClaims(
    tx,
    rewrite.map(({ id, said }) => ({ ...said, id })),
    now,
  );
  // Somebody took one who waits neither for the space nor for the network.
  if ((await makeClaims(tx, claims, now)) < claims.length) throw new Problem('request_in_progress');
  const changed = [...create, ...rewrite];
  const ofNics = changed.flatMap((one) => (one.said.nic === null ? [] : [{ ...one, nic: one.said.nic }]));
  for (const { nic } of ofNics) serverIds.add(nic.serverId);
  // Whoever reports one of them hears that it is taken, or has what was held for it.
  for (const id of await findReporters(tx, changed)) serverIds.add(id);
  const byServer = Map.groupBy(ofNics, ({ nic }) => nic.serverId);
  await recordFixes(tx, {
    actor: work.actor.name,
    servers: [...byServer].map(([id, own]) => ({
      id,
      name: own[0]?.nic.serverName ?? '',
      changes: own.map(({ nic, ip, network }) => ({
        mac: nic.mac,
        ip,
        network: network.name,
        change: 'fixed',
      })),
    })),
  });
}
