import type { ReactNode } from 'react';
import type { PageName } from '../paths.ts';
import { AddressLink, RefLink } from './ref-link.tsx';

/** Kinds of objects, as the API names them, that have a page of their own. */
const pages: Partial<Record<string, PageName>> = {
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

/** An object of any kind by its name: a link where it has a page. */
export function ObjectLink(props: { kind: string; id: string | null; name: string | null }): ReactNode {
  const { kind, id } = props;
  const name = props.name ?? id ?? '';
  if (kind === 'address' && props.name !== null) return <AddressLink ip={props.name} />;
  const page = pages[kind];
  if (page === undefined || id === null) return <span title={name}>{name}</span>;
  return <RefLink to={page} of={{ id, name }} />;
}
