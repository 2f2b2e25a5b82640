import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice } from '../../ui/choice.tsx';
import { type Filters, useFilters } from '../../ui/filters.ts';
import { TypedFilter } from './typed-filter.tsx';
import { Chip } from '../networks/chip.tsx';
import { toLocal, toTime } from '../reservations/times.ts';
import { actionWord, eventActions, eventKinds, eventKindWord } from './event-words.ts';
import '../networks/networks.css';

/** Narrows the audit trail; what stands in the address and isn't known here is kept as a choice. */
export function EventFilters(): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const choices = (name: 'action' | 'kind', known: readonly string[]): readonly string[] => {
    const value = filters[name] ?? '';
    return value === '' || known.includes(value) ? known : [value, ...known];
  };
  return (
    <>
      <TypedFilter
        label={t('audit.actor')}
        value={filters['actor'] ?? ''}
        onChange={(actor) => change({ actor })}
      />
      <Choice
        label={t('audit.action')}
        value={filters['action'] ?? ''}
        options={[
          { value: '', label: t('audit.anyAction') },
          ...choices('action', eventActions).map((value) => ({ value, label: actionWord(value, t) })),
        ]}
        onChange={(action) => change({ action })}
      />
      <Choice
        label={t('audit.kind')}
        value={filters['kind'] ?? ''}
        options={[
          { value: '', label: t('audit.anyKind') },
          ...choices('kind', eventKinds).map((value) => ({ value, label: eventKindWord(value, t) })),
        ]}
        onChange={(kind) => change({ kind })}
      />
      <TimeFilter name="from" label={t('audit.from')} filters={filters} change={change} />
      <TimeFilter name="to" label={t('audit.to')} filters={filters} change={change} />
      <Chip name="object" label={t('audit.object')} />
    </>
  );
}

/** The address carries the time in UTC, so that a link means the same to everybody. */
function TimeFilter(props: {
  name: 'from' | 'to';
  label: string;
  filters: Filters;
  change: (changed: Filters) => void;
}): ReactNode {
  const { name } = props;
  const value = props.filters[name] ?? '';
  return (
    <label className="wb-line">
      <span className="wb-quiet">{props.label}</span>
      <input
        type="datetime-local"
        className="wb-input"
        value={Number.isNaN(Date.parse(value)) ? '' : toLocal(value)}
        onChange={(event) => props.change({ [name]: toTime(event.target.value) ?? undefined })}
      />
    </label>
  );
}
