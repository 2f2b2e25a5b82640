import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Moment } from '../../ui/moment.tsx';
import { diffOf } from './event-diff.ts';
import { EventObject } from './event-object.tsx';
import { actionWord, eventKindWord, fieldWord, valueWord } from './event-words.ts';

/** One event whole: who and what, and each field as it was and as it became. */
export function EventDetails(props: { event: Schemas['Event'] }): ReactNode {
  const { t } = useTranslation();
  const { event } = props;
  const { object } = event;
  const changes = diffOf(event.before, event.after);
  const gone = event.after === null;
  return (
    <div className="wb-stack">
      <Facts
        of={[
          [t('audit.at'), <Moment key="at" at={event.at} />],
          [
            t('audit.actor'),
            <Link key="actor" {...linkTo('audit', undefined, { actor: event.actor })}>
              {event.actor}
            </Link>,
          ],
          [t('audit.action'), actionWord(event.action, t)],
          [
            t('audit.object'),
            <span key="object">
              {eventKindWord(object.kind, t)} <EventObject event={event} />
            </span>,
          ],
          [t('audit.id'), object.id !== null && <Copyable key="id" text={object.id} />],
        ]}
      />
      {object.id !== null && (
        <Link {...linkTo('audit', undefined, { object: object.id })} className="wb-inline-link">
          {t('audit.allOfObject')}
        </Link>
      )}
      <div className="wb-scroll-x" role="region" aria-label={t('audit.changes')} tabIndex={0}>
        <table className="wb-plain wb-audit-diff">
          <thead>
            <tr>
              <th scope="col">{t('audit.field')}</th>
              <th scope="col">{t('audit.before')}</th>
              {!gone && <th scope="col">{t('audit.after')}</th>}
            </tr>
          </thead>
          <tbody>
            {changes.map(({ field, before, after }) => (
              <tr key={field}>
                <td data-value="field" title={field}>
                  {fieldWord(field, t)}
                </td>
                <td data-value="before">
                  {before === null ? <Absent /> : <del>{valueWord(field, before, t)}</del>}
                </td>
                {!gone && (
                  <td data-value="after">
                    {after === null ? <Absent /> : <ins>{valueWord(field, after, t)}</ins>}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Absent(): ReactNode {
  const { t } = useTranslation();
  return <span className="wb-quiet">{t('audit.nothing')}</span>;
}
