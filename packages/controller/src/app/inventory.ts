import type {
  Host,
  hostQuery,
  List,
  nicQuery,
  serverQuery,
  VirtualSwitch,
  virtualSwitchQuery,
} from '@wirebook/contract';
import type { z } from 'zod';
import { formatAddress, type IpAddress, parseAddress, parseMac, unmapAddress } from '../domain/addresses.ts';
import { isUuid } from '../domain/ids.ts';
import type { Queries } from '../store/database.ts';
import { listHosts as listHostRows } from '../store/hosts.ts';
import {
  countNics as countNicRows,
  listNics as listNicRows,
  type NicCounts,
  type StoredNic,
} from '../store/nics.ts';
import { listServers as listServerRows, type StoredServer } from '../store/servers.ts';
import { listVirtualSwitches as listSwitchRows } from '../store/virtual-switches.ts';
import { resolveName, resolveOptional } from './names.ts';
import { Problem, refuseInput } from './problem.ts';

/** Hosts, switches, servers and NICs as the book has them: reading only. */

export async function listHosts(db: Queries, query: z.output<typeof hostQuery>): Promise<List<Host>> {
  const { account, managementIp, ...rest } = query;
  return listHostRows(db, {
    ...rest,
    accountId: await resolveOptional(db, 'cloud_account', account),
    managementIp: canonicalIp('managementIp', managementIp),
  });
}

export async function showHost(db: Queries, nameOrId: string): Promise<Host> {
  const { id } = await resolveName(db, 'host', nameOrId);
  return only((await listHostRows(db, { ids: [id], limit: 1 })).items, 'host', id);
}

export async function listVirtualSwitches(
  db: Queries,
  query: z.output<typeof virtualSwitchQuery>,
): Promise<List<VirtualSwitch>> {
  const { account, host, ...rest } = query;
  return listSwitchRows(db, {
    ...rest,
    accountId: await resolveOptional(db, 'cloud_account', account),
    hostId: await resolveOptional(db, 'host', host),
  });
}

export async function showVirtualSwitch(db: Queries, nameOrId: string): Promise<VirtualSwitch> {
  const { id } = await resolveName(db, 'virtual_switch', nameOrId);
  return only((await listSwitchRows(db, { ids: [id], limit: 1 })).items, 'switch', id);
}

export async function listServers(
  db: Queries,
  query: z.output<typeof serverQuery>,
): Promise<List<StoredServer>> {
  const { account, host, wire, network, q, ...rest } = query;
  return listServerRows(db, {
    ...rest,
    accountId: await resolveOptional(db, 'cloud_account', account),
    hostId: await resolveOptional(db, 'host', host),
    wireId: await resolveOptional(db, 'wire', wire),
    networkId: await resolveOptional(db, 'network', network),
    q: searchOf(q),
  });
}

export async function showServer(db: Queries, nameOrId: string): Promise<StoredServer> {
  const { id } = await resolveName(db, 'server', nameOrId);
  return only((await listServerRows(db, { ids: [id], limit: 1 })).items, 'server', id);
}

export async function listNics(db: Queries, query: z.output<typeof nicQuery>): Promise<List<StoredNic>> {
  const { account, wire, server, network, ip, mac, q, ...rest } = query;
  const canonicalMac = mac === undefined ? undefined : parseMac(mac);
  if (canonicalMac === null) throw refuseInput([{ field: 'mac', value: mac, code: 'not_a_mac' }]);
  return listNicRows(db, {
    ...rest,
    accountId: await resolveOptional(db, 'cloud_account', account),
    wireId: await resolveOptional(db, 'wire', wire),
    serverId: await resolveOptional(db, 'server', server),
    networkId: await resolveOptional(db, 'network', network),
    ip: canonicalIp('ip', ip),
    mac: canonicalMac,
    q: searchOf(q),
  });
}

/** A NIC by its id, or by a MAC that exactly one present NIC has. */
export async function showNic(db: Queries, idOrMac: string): Promise<StoredNic> {
  if (isUuid(idOrMac))
    return only((await listNicRows(db, { ids: [idOrMac], limit: 1 })).items, 'nic', idOrMac);
  const mac = parseMac(idOrMac);
  const found = mac === null ? [] : (await listNicRows(db, { mac, limit: 11 })).items;
  const present = found.filter((nic) => nic.missingSince === null);
  const candidates = present.length > 0 ? present : found;
  if (candidates.length > 1) {
    throw new Problem(
      'ambiguous',
      { kind: 'nic', name: idOrMac, count: candidates.length },
      { objects: candidates.map((nic) => ({ kind: 'nic', id: nic.id, name: nic.server.name })) },
    );
  }
  return only(candidates, 'nic', idOrMac);
}

export async function countNics(db: Queries, query: { account?: string | undefined }): Promise<NicCounts> {
  return countNicRows(db, { accountId: await resolveOptional(db, 'cloud_account', query.account) });
}

function only<T>(items: readonly T[], kind: string, name: string): T {
  const [item] = items;
  if (item === undefined) throw new Problem('not_found', { kind, name, command: kind });
  return item;
}

/** The canonical text of an address in a filter; undefined stays undefined. */
export function canonicalIp(field: string, text: string): string;
export function canonicalIp(field: string, text: string | undefined): string | undefined;
export function canonicalIp(field: string, text: string | undefined): string | undefined {
  const address = addressOfFilter(field, text);
  return address && formatAddress(unmapAddress(address));
}

/** The address in a filter; undefined stays undefined. */
export function addressOfFilter(field: string, text: string | undefined): IpAddress | undefined {
  if (text === undefined) return undefined;
  const address = parseAddress(text);
  if (address === null) throw refuseInput([{ field, value: text, code: 'not_an_address' }]);
  return address;
}

function searchOf(
  q: string | undefined,
): { text: string; ip: string | null; mac: string | null } | undefined {
  if (q === undefined) return undefined;
  const address = parseAddress(q);
  return {
    text: q,
    ip: address === null ? null : formatAddress(unmapAddress(address)),
    mac: parseMac(q),
  };
}
