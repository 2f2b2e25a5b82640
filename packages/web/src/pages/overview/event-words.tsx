import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { linkTo, type PageName } from '../../paths.ts';
import { RefLink } from '../../ui/ref-link.tsx';
import { doneWord, eventKindWord } from '../audit/event-words.ts';

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

type Event = Schemas['Event'];
/** Whoever comes and goes changes nothing; readings and operations stand in the list themselves. */
const untold: ReadonlySet<string> = new Set([
  'sign_in',
  'sign_out',
  'refuse_sign_in',
  'sync',
  'sync_dry_run',
  'create_server',
  'create_servers',
  'delete_server',
  'attach_nic',
  'detach_nic',
  'change_nic',
]);

export function isChange(event: Event): boolean {
  return !untold.has(event.action);
}

/** As many objects as a line names. */
const NAMED = 4;

/** What was done at one stroke to many objects is one change: thirty networks accepted are no thirty lines. */
export function groupEvents(events: readonly Event[]): readonly (readonly [Event, ...Event[]])[] {
  const groups: [Event, ...Event[]][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    const [first] = last ?? [];
    if (
      last !== undefined &&
      first?.at === event.at &&
      first.actor === event.actor &&
      first.action === event.action &&
      first.object.kind === event.object.kind
    )
      last.push(event);
    else groups.push([event]);
  }
  return groups;
}

/** What the audit trail says of one stroke. An action that there is no word for is told as the API tells it. */
export function EventWords(props: { events: readonly [Event, ...Event[]] }): ReactNode {
  const { t } = useTranslation();
  const { events } = props;
  const [{ action, object }] = events;
  return (
    <>
      {doneWord(action, t)} {eventKindWord(object.kind, t)}{' '}
      {events.slice(0, NAMED).map((event, place) => (
        <span key={event.id}>
          {place > 0 && t('overview.comma')}
          <ObjectName event={event} />
        </span>
      ))}
      {events.length > NAMED && (
        <>
          {' '}
          <Link {...linkTo('audit', undefined, { action })} className="wb-inline-link">
            {t('actions.andMore', { count: events.length - NAMED })}
          </Link>
        </>
      )}
    </>
  );
}

function ObjectName(props: { event: Event }): ReactNode {
  const { action, object } = props.event;
  const name = object.name ?? object.id ?? '';
  const page = pageOf[object.kind];
  if (page === undefined || object.id === null || action === 'delete') return name;
  return <RefLink to={page} of={{ id: object.id, name }} />;
}
