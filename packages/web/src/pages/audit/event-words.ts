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

/** Actions of which a sentence tells that they were done; the rest stands in lists of its own. */
const doneActions = [
  'accept_proposal',
  'add_wire',
  'allocate',
  'cancel',
  'change_password',
  'claim',
  'create',
  'delete',
  'exclude_wire',
  'fix',
  'import',
  'mend',
  'merge',
  'move',
  'release',
  'resolve',
  'revoke',
  'set_additional_wires',
  'set_excluded_wires',
  'share',
  'split',
  'update',
] as const;

/** What was done, as a sentence tells it before it names the object. */
export function doneWord(action: string, t: TFunction): string {
  const known = doneActions.find((one) => one === action);
  return known === undefined ? actionWord(action, t) : t(`overview.action.${known}`);
}

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

const fields = [
  'name',
  'note',
  'kind',
  'role',
  'owner',
  'expiresAt',
  'start',
  'end',
  'prefixLength',
  'cidr',
  'family',
  'giving',
  'gateway',
  'dns',
  'domain',
  'ntp',
  'allocationPolicy',
  'restingSeconds',
  'companion',
  'description',
  'tags',
  'wire',
  'space',
  'network',
  'declaredWires',
  'additionalWires',
  'excludedWires',
  'reservations',
  'holder',
  'holder_name',
  'holder_owner',
  'holder_mac',
  'holder_note',
  'mac',
  'ip',
  'ips',
  'key',
  'resolution',
  'operation',
  'servers',
  'from',
  'created',
  'updated',
  'merged',
  'found',
  'by',
  'address',
  'password',
  'url',
  'username',
  'userName',
  'user',
  'enabled',
  'disabled',
  'status',
  'run',
  'moref',
  'email',
  'id',
] as const;

/** What a field of an object is called: as a whole, or part by part; one that there is no word for, as the API calls it. */
export function fieldWord(field: string, t: TFunction): string {
  const known = fields.find((one) => one === field.replaceAll('.', '_'));
  if (known !== undefined) return t(`audit.fields.${known}`);
  const [outer = '', ...inner] = field.split('.');
  return inner.length === 0 ? field : `${fieldWord(outer, t)}: ${fieldWord(inner.join('.'), t)}`;
}

const roles = ['viewer', 'operator', 'administrator'] as const;

/** What stands in a field, as one reads it. */
export function valueWord(field: string, value: string, t: TFunction): string {
  if (value === 'true' || value === 'false') return t(value === 'true' ? 'audit.yes' : 'audit.no');
  const role = field === 'role' ? roles.find((one) => one === value) : undefined;
  return role === undefined ? value : t(`states.role.${role}`);
}
