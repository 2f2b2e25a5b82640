import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Moment } from '../../ui/moment.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { EventWords, groupEvents, isChange } from './event-words.tsx';
import { hasChanges, RunWords } from './run-words.tsx';

const EVENTS = 60;
const RUNS = 10;
const OPERATIONS = 10;
const SHOWN = 12;

interface Change {
  readonly key: string;
  readonly at: string;
  readonly who: ReactNode;
  readonly what: ReactNode;
}

/** What people, programs and readings of the accounts have changed, the latest first. */
export function RecentChanges(): ReactNode {
  const { t } = useTranslation();
  const events = useQuery({
    queryKey: ['events', 'recent'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/events', { params: { query: { limit: EVENTS } }, signal })),
  });
  const runs = useQuery({
    queryKey: ['sync-runs', 'recent'],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/sync-runs', {
          params: { query: { limit: RUNS, state: 'succeeded', sort: '-startedAt' } },
          signal,
        }),
      ),
  });
  const operations = useQuery({
    queryKey: ['operations', 'recent'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/operations', { params: { query: { limit: OPERATIONS } }, signal })),
  });
  const error = events.error ?? runs.error ?? operations.error;
  const loading = events.isPending || runs.isPending || operations.isPending;
  const changes: Change[] = [
    ...groupEvents((events.data?.items ?? []).filter(isChange)).map((group) => ({
      key: group[0].id,
      at: group[0].at,
      who: group[0].actor,
      what: <EventWords events={group} />,
    })),
    ...(runs.data?.items ?? [])
      .filter((run) => !run.dryRun && hasChanges(run))
      .map((run) => ({
        key: run.id,
        at: run.endedAt ?? run.startedAt,
        who: t('overview.sync'),
        what: <RunWords run={run} />,
      })),
    ...(operations.data?.items ?? []).map((operation) => ({
      key: operation.id,
      at: operation.endedAt ?? operation.createdAt,
      who: operation.requestedBy ?? '',
      what: <OperationWords operation={operation} />,
    })),
  ].toSorted((one, other) => (one.at < other.at ? 1 : -1));
  return (
    <Section
      title={t('overview.changes')}
      actions={
        <span className="wb-line">
          <Link {...linkTo('syncRuns')}>{t('overview.allRuns')}</Link>
          <Link {...linkTo('audit')}>{t('overview.allEvents')}</Link>
        </span>
      }
    >
      {loading && <Spin aria-label={t('common.loading')} />}
      {error !== null && <ProblemNotice error={error} />}
      {!loading && changes.length === 0 && <p>{t('overview.noChanges')}</p>}
      {changes.length > 0 && (
        <div className="wb-scroll-x">
          <table className="wb-plain wb-changes">
            <thead>
              <tr>
                <th scope="col">{t('overview.when')}</th>
                <th scope="col">{t('overview.who')}</th>
                <th scope="col">{t('overview.what')}</th>
              </tr>
            </thead>
            <tbody>
              {changes.slice(0, SHOWN).map(({ key, at, who, what }) => (
                <tr key={key}>
                  <td className="wb-nowrap">
                    <Moment at={at} />
                  </td>
                  <td className="wb-nowrap">{who}</td>
                  <td>{what}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function OperationWords(props: { operation: Schemas['Operation'] }): ReactNode {
  const { t } = useTranslation();
  const { operation } = props;
  return (
    <Link {...linkTo('operation', operation.id)}>
      {t(`states.operationKind.${operation.kind}`)} {operation.server?.name ?? ''} (
      {t(`states.operation.${operation.state}`)})
    </Link>
  );
}
