import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api.ts';
import { type Destination, linkTo } from '../../paths.ts';
import { ObjectLink } from '../../ui/object-link.tsx';

/** What an event is about, as a link to where it can be looked at; what was removed can't be. */
export function EventObject(props: { event: Schemas['Event'] }): ReactNode {
  const { action, object } = props.event;
  const { kind, id, name } = object;
  const shown = name ?? id ?? '';
  if (action === 'delete') return <span title={shown}>{shown}</span>;
  const list = listOf(kind, shown);
  if (list === null) return <ObjectLink kind={kind} id={id} name={name} />;
  return (
    <Link {...list} className="wb-ref" title={shown}>
      {shown}
    </Link>
  );
}

/** Kinds without a page for each of their objects, but with a list. */
function listOf(kind: string, name: string): Destination | null {
  switch (kind) {
    case 'address_space':
      return linkTo('spaces', undefined, { q: name });
    case 'reservation':
      return linkTo('reservations', undefined, { q: name });
    case 'token':
      return linkTo('settings', undefined, { q: name });
    default:
      return null;
  }
}
