import type { TFunction } from 'i18next';

const kinds = [
  'address',
  'address_space',
  'claim',
  'cloud_account',
  'cluster',
  'conflict',
  'datacenter',
  'datastore',
  'finding',
  'folder',
  'host',
  'network',
  'nic',
  'operation',
  'path',
  'problem',
  'proposal',
  'reservation',
  'resource_pool',
  'server',
  'session',
  'sign_in_link',
  'sync_run',
  'template',
  'token',
  'user',
  'virtual_switch',
  'wire',
] as const;

/** What a kind of object is called; one that there is no word for, as the API calls it. */
export function kindWord(kind: string, t: TFunction): string {
  const known = kinds.find((one) => one === kind);
  return known === undefined ? kind : t(`kinds.${known}`);
}
