import type { Address, SearchItem, SearchKind } from '@wirebook/contract';
import type { FoundObject } from '../store/search.ts';

/** A part of the line beside the name: `search.<code>` of the catalogue. */
export interface DetailPart {
  readonly code: string;
  readonly params: Record<string, string | number>;
}
/** What was found; its line as the catalogue's keys, put into words by whoever answers. */
export type FoundItem = Omit<SearchItem, 'detail'> & { parts: DetailPart[] };

/** Of many wires or addresses the line names the first. */
const NAMED = 3;

export function itemOfObject(kind: SearchKind, found: FoundObject, term: string | null = null): FoundItem {
  const { id, name, field, value, facts } = found;
  const parts: DetailPart[] = [];
  const say = (code: string, params: Record<string, string | number> = {}): void => {
    parts.push({ code, params });
  };
  const several = (all: readonly string[], show: (one: string) => void): void => {
    for (const one of all.slice(0, NAMED)) show(one);
    if (all.length > NAMED) say('more', { count: all.length - NAMED });
  };
  if (facts.template === true) say('template');
  if (facts.server !== undefined && facts.server !== null) say('of', { server: facts.server.name });
  for (const text of facts.texts ?? []) if (text !== null) say('plain', { text });
  if (facts.vlan !== undefined && facts.vlan !== null) say('vlan', { vlan: facts.vlan });
  if (facts.switch !== undefined && facts.switch !== null) say('switch', { switch: facts.switch });
  if (facts.cluster !== undefined && facts.cluster !== null) say('cluster', { cluster: facts.cluster });
  several(facts.wires ?? [], (wire) => say('on', { wire }));
  several(facts.ips ?? [], (text) => say('plain', { text }));
  if (facts.account !== undefined && facts.account !== null) say('account', { account: facts.account });
  // What fits is said where the line doesn't show it.
  if (!['id', 'name', 'mac', 'ip', 'vlan', 'cidr', 'managementIp', 'url'].includes(field))
    say('plain', { text: value.length > 120 ? `${value.slice(0, 120)}…` : value });
  if (facts.missing === true) say('missing');
  return {
    kind,
    id,
    name,
    parts,
    match: { field, value },
    term,
    server: facts.server ?? null,
    network: facts.network ?? null,
    address: null,
  };
}

export function itemOfAddress(
  address: Address,
  how: { match: SearchItem['match']; term: string | null; otherSpaces: readonly string[] },
): FoundItem {
  const { server, network, holder, key, state } = address;
  const parts: DetailPart[] = [];
  if (server !== null) parts.push({ code: 'plain', params: { text: server.name } });
  else if (holder !== null && holder.name !== '')
    parts.push({ code: 'held_for', params: { holder: holder.name } });
  else if (key !== null) parts.push({ code: 'held_for', params: { holder: key } });
  else if (state !== 'held' && state !== 'used' && state !== 'conflict')
    parts.push({ code: 'nobody', params: {} });
  parts.push(
    network === null
      ? { code: 'no_network', params: {} }
      : { code: 'in_network', params: { network: network.name } },
  );
  if (how.otherSpaces.length > 0)
    parts.push({ code: 'also_in', params: { spaces: how.otherSpaces.join(', ') } });
  return {
    kind: 'address',
    id: null,
    name: address.ip,
    parts,
    match: how.match,
    term: how.term,
    server,
    network,
    address: { space: address.space, state, source: address.source, nic: address.nic, holder, key },
  };
}

/** A term that nothing fits. */
export function itemOfNothing(kind: 'nic' | 'unknown', name: string, term: string): FoundItem {
  return {
    kind,
    id: null,
    name,
    parts: [{ code: kind === 'nic' ? 'no_nic' : 'not_understood', params: {} }],
    match: null,
    term,
    server: null,
    network: null,
    address: null,
  };
}
