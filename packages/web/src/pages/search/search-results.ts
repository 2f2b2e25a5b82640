import type { Schemas } from '../../api.ts';
import { type Destination, linkTo } from '../../paths.ts';

export type SearchItem = Schemas['SearchItem'];
export type FoundKind = Exclude<SearchItem['kind'], 'unknown'>;

/** Kinds in the order in which one looks for them. */
export const foundKinds = [
  'address',
  'server',
  'nic',
  'network',
  'wire',
  'host',
  'virtual_switch',
  'cloud_account',
] as const satisfies readonly FoundKind[];

/** Where one looks at what was found; nowhere where nothing was. */
export function placeOf(item: SearchItem): Destination | null {
  const { kind, id, name, address } = item;
  if (kind === 'address') return linkTo('address', name, { space: address?.space.name });
  if (id === null) return null;
  switch (kind) {
    case 'server':
    case 'nic':
    case 'network':
    case 'wire':
    case 'host':
      return linkTo(kind, id);
    case 'virtual_switch':
      return linkTo('wires', undefined, { virtualSwitch: id });
    case 'cloud_account':
      return linkTo('account', id);
    case 'unknown':
      return null;
  }
}

/** Which list shows all of a kind that fit. */
export function listOf(kind: FoundKind, q: string): Destination | null {
  switch (kind) {
    case 'address':
      return linkTo('addresses', undefined, { q });
    case 'server':
      return linkTo('servers', undefined, { q });
    case 'nic':
      return linkTo('nics', undefined, { q });
    case 'network':
      return linkTo('networks', undefined, { q });
    case 'wire':
      return linkTo('wires', undefined, { q });
    case 'host':
      return linkTo('hosts', undefined, { q });
    case 'cloud_account':
      return linkTo('accounts', undefined, { q });
    case 'virtual_switch':
      return null;
  }
}

/** Tells items from one another: an address has no id, and of several pasted ones the same may come twice. */
export function keyOf(item: SearchItem, at: number): string {
  return `${item.kind} ${item.id ?? item.name} ${item.term ?? ''} ${item.match?.field ?? ''} ${at}`;
}
