import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import type { PageName } from '../../paths.ts';
import { RefLink } from '../../ui/ref-link.tsx';

/** Kinds of objects that have a page of their own. */
const pageOf: Partial<Record<string, PageName>> = {
  network: 'network',
  wire: 'wire',
  server: 'server',
  nic: 'nic',
  host: 'host',
  conflict: 'conflict',
  cloud_account: 'account',
  operation: 'operation',
  sync_run: 'syncRun',
};

const actions = [
  'accept_proposal',
  'add_wire',
  'allocate',
  'cancel',
  'claim',
  'create',
  'delete',
  'fix',
  'import',
  'mend',
  'merge',
  'move',
  'release',
  'resolve',
  'set_additional_wires',
  'set_excluded_wires',
  'share',
  'split',
  'update',
] as const;
const kinds = [
  'address',
  'address_space',
  'claim',
  'cloud_account',
  'conflict',
  'network',
  'nic',
  'operation',
  'proposal',
  'reservation',
  'server',
  'sync_run',
  'wire',
] as const;

/** One line of the audit trail. An action that there is no word for is told as the API tells it. */
export function EventWords(props: { event: Schemas['Event'] }): ReactNode {
  const { t } = useTranslation();
  const { action, object } = props.event;
  const actionKnown = actions.find((one) => one === action);
  const kindKnown = kinds.find((one) => one === object.kind);
  const name = object.name ?? object.id ?? '';
  const page = pageOf[object.kind];
  return (
    <>
      {actionKnown === undefined ? action : t(`overview.action.${actionKnown}`)}{' '}
      {kindKnown === undefined ? object.kind : t(`kinds.${kindKnown}`)}{' '}
      {page !== undefined && object.id !== null && action !== 'delete' ? (
        <RefLink to={page} of={{ id: object.id, name }} />
      ) : (
        name
      )}
    </>
  );
}
