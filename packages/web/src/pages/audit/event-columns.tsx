import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import type { Column } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { diffOf } from './event-diff.ts';
import { EventObject } from './event-object.tsx';
import { actionWord, eventKindWord, fieldWord, valueWord } from './event-words.ts';

type Event = Schemas['Event'];
/** As many fields as fit into a row; the rest is in the details. */
const FIELDS_SHOWN = 4;

export function useEventColumns(show: (event: Event) => void): readonly Column<Event>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'at',
        title: t('audit.at'),
        sort: 'at',
        width: '150px',
        csv: ({ at }) => at,
        render: ({ at }) => <Moment at={at} />,
      },
      {
        key: 'actor',
        title: t('audit.actor'),
        width: '105px',
        csv: ({ actor }) => actor,
        render: ({ actor }) => <span title={actor}>{actor}</span>,
      },
      {
        key: 'action',
        title: t('audit.action'),
        width: '145px',
        csv: ({ action }) => action,
        render: ({ action }) => <span title={action}>{actionWord(action, t)}</span>,
      },
      {
        key: 'kind',
        title: t('audit.kind'),
        width: '95px',
        csv: ({ object }) => object.kind,
        render: ({ object }) => eventKindWord(object.kind, t),
      },
      {
        key: 'object',
        title: t('audit.object'),
        width: 'minmax(120px, 1.5fr)',
        csv: ({ object }) => object.name ?? object.id ?? '',
        render: (event) => (
          <span className="wb-audit-fit">
            <EventObject event={event} />
          </span>
        ),
      },
      {
        key: 'changes',
        title: t('audit.changes'),
        width: 'minmax(190px, 4fr)',
        csv: ({ before, after }) =>
          diffOf(before, after)
            .map((one) => `${one.field}: ${one.before ?? ''} -> ${one.after ?? ''}`)
            .join('\n'),
        render: (event) => <ChangesCell event={event} show={show} />,
      },
    ],
    [t, show],
  );
}

function ChangesCell(props: { event: Event; show: (event: Event) => void }): ReactNode {
  const { t } = useTranslation();
  const { event } = props;
  // Which object it is, its own column says.
  const changes = diffOf(event.before, event.after).filter(({ after }) => after !== event.object.id);
  if (changes.length === 0) return null;
  const label = t('audit.details', {
    what: `${actionWord(event.action, t)} ${event.object.name ?? ''}`,
  });
  const shown = changes.slice(0, FIELDS_SHOWN).map(({ field, before, after }) => {
    const word = fieldWord(field, t);
    const [old, now] = [before, after].map((value) =>
      value === null ? t('audit.nothing') : valueWord(field, value, t),
    );
    if (before === null) return `${word} ${now}`;
    // Of what is gone each field became nothing: what it was is what there is to tell.
    return event.after === null ? `${word} ${old}` : `${word} ${old} → ${now}`;
  });
  const fields = shown.join(' · ');
  return (
    <button
      type="button"
      className="wb-linkish wb-audit-open wb-audit-fit"
      title={label}
      onClick={() => props.show(event)}
    >
      <span data-value="changes">{event.after === null ? t('audit.was', { fields }) : fields}</span>
      {changes.length > FIELDS_SHOWN && ` +${changes.length - FIELDS_SHOWN}`}
    </button>
  );
}
