import type { TFunction } from 'i18next';
import { kindWord } from '../../ui/kind-words.ts';

/** What the audit trail tells of; in the order in which one looks for it. */
export const eventActions = [
  'create',
  'update',
  'delete',
  'accept_proposal',
  'fix',
  'mend',
  'claim',
  'allocate',
  'release',
  'share',
  'resolve',
  'add_wire',
  'exclude_wire',
  'set_additional_wires',
  'set_excluded_wires',
  'split',
  'merge',
  'move',
  'import',
  'sync',
  'sync_dry_run',
  'create_server',
  'create_servers',
  'delete_server',
  'attach_nic',
  'detach_nic',
  'change_nic',
  'cancel',
  'sign_in',
  'sign_out',
  'refuse_sign_in',
  'change_password',
  'revoke',
] as const;

/** What was done; an action that there is no word for, as the API calls it. */
export function actionWord(action: string, t: TFunction): string {
  const known = eventActions.find((one) => one === action);
  return known === undefined ? action : t(`audit.actions.${known}`);
}

export const eventKinds = [
  'network',
  'address',
  'nic',
  'server',
  'wire',
  'reservation',
  'conflict',
  'cloud_account',
  'sync_run',
  'operation',
  'address_space',
  'user',
  'token',
  'sign_in_link',
  'addresses',
  'networks',
  'declarations',
] as const;
const files = ['addresses', 'networks', 'declarations'] as const;

/** What an event is about; imports are about a file of something. */
export function eventKindWord(kind: string, t: TFunction): string {
  const file = files.find((one) => one === kind);
  return file === undefined ? kindWord(kind, t) : t(`audit.files.${file}`);
}
