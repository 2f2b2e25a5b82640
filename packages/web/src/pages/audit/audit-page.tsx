import { Link } from '@tanstack/react-router';
import { Drawer } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useFilters } from '../../ui/filters.ts';
import { List } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { useEventColumns } from './event-columns.tsx';
import { EventDetails } from './event-details.tsx';
import { EventFilters } from './event-filters.tsx';
import { actionWord } from './event-words.ts';
import './audit.css';

type Event = Schemas['Event'];
const narrowing = ['actor', 'action', 'kind', 'object', 'from', 'to', 'q'] as const;

/** Everything that anybody asked for: who, when, what, and what it changed. */
export function AuditPage(): ReactNode {
  const { t } = useTranslation();
  const [filters] = useFilters();
  const [shown, setShown] = useState<Event | null>(null);
  const columns = useEventColumns(setShown);
  const { actor, action, kind, object, from, to } = filters;
  const narrowed = {
    ...(actor && { actor }),
    ...(action && { action }),
    ...(kind && { objectKind: kind }),
    ...(object && { object }),
    ...(from && { from }),
    ...(to && { to }),
  };
  return (
    <Page title={t('shell.pages.audit')} aside={<span>{t('audit.about')}</span>}>
      <List<Event>
        label={t('shell.pages.audit')}
        searchLabel={t('audit.search')}
        queryKey={['events', narrowed]}
        fetchPage={(query, signal) =>
          api.GET('/api/v1/events', {
            params: { query: { ...query, ...narrowed } },
            ...(signal !== undefined && { signal }),
          })
        }
        columns={columns}
        filters={<EventFilters />}
        empty={
          narrowing.some((name) => (filters[name] ?? '') !== '') ? (
            <Empty title={t('audit.noneFits')}>
              <Link {...linkTo('audit')}>{t('audit.showAll')}</Link>
            </Empty>
          ) : (
            <Empty title={t('audit.noneYet')}>
              <p>{t('audit.noneYetWhy')}</p>
            </Empty>
          )
        }
      />
      <Drawer
        open={shown !== null}
        size={640}
        title={shown === null ? '' : `${actionWord(shown.action, t)} ${shown.object.name ?? ''}`}
        onClose={() => setShown(null)}
      >
        {shown !== null && <EventDetails event={shown} />}
      </Drawer>
    </Page>
  );
}
