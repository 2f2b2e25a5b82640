import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useFilters } from '../../ui/filters.ts';
import { Choice } from '../../ui/choice.tsx';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/notice.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { SyncStateTag } from '../../ui/run-progress.tsx';
import { changesOf, durationText } from './run-words.ts';

type SyncRun = Schemas['SyncRun'];
const states = ['running', 'succeeded', 'failed', 'held', 'cancelled'] as const;

/** Sync runs, the newest first; of one account or of all. */
export function RunList(props: { account?: string; height?: string }): ReactNode {
  const { t } = useTranslation();
  const [{ state: wanted }, setFilters] = useFilters();
  const state = states.find((known) => known === wanted);
  const { account } = props;
  const columns: readonly Column<SyncRun>[] = [
    {
      key: 'started',
      title: t('syncRuns.columns.started'),
      width: '160px',
      csv: ({ startedAt }) => startedAt,
      render: (run) => (
        <Link {...linkTo('syncRun', run.id)}>
          <Moment at={run.startedAt} />
        </Link>
      ),
    },
    ...(account === undefined
      ? [
          {
            key: 'account',
            title: t('syncRuns.columns.account'),
            csv: (run: SyncRun) => run.account.name,
            render: (run: SyncRun) => <RefLink to="account" of={run.account} />,
          },
        ]
      : []),
    {
      key: 'state',
      title: t('syncRuns.columns.state'),
      width: '130px',
      csv: (run) => t(`states.sync.${run.state}`),
      render: (run) => <SyncStateTag state={run.state} />,
    },
    {
      key: 'trigger',
      title: t('syncRuns.columns.trigger'),
      width: '130px',
      csv: (run) => t(`syncRuns.trigger.${run.trigger}`),
      render: (run) => (run.dryRun ? t('syncRuns.dryRun') : t(`syncRuns.trigger.${run.trigger}`)),
    },
    {
      key: 'changes',
      title: t('syncRuns.columns.changes'),
      width: 'minmax(200px, 3fr)',
      csv: (run) => changesOf(run, t),
      render: (run) => {
        const text = run.failure?.text ?? changesOf(run, t);
        return <span title={text}>{text}</span>;
      },
    },
    {
      key: 'errors',
      title: t('syncRuns.columns.errors'),
      width: '90px',
      align: 'end',
      csv: (run) => String(run.errors.length),
      render: (run) => run.errors.length,
    },
    {
      key: 'took',
      title: t('syncRuns.columns.took'),
      width: '90px',
      align: 'end',
      csv: (run) => durationText(run, t),
      render: (run) => durationText(run, t),
    },
  ];
  return (
    <List<SyncRun>
      label={t('syncRuns.title')}
      queryKey={['sync-runs', account ?? null, state ?? null]}
      fetchPage={(query, signal) =>
        api.GET('/api/v1/sync-runs', {
          params: {
            query: {
              ...query,
              ...(account !== undefined && { account }),
              ...(state !== undefined && { state }),
            },
          },
          ...(signal !== undefined && { signal }),
        })
      }
      columns={columns}
      {...(props.height !== undefined && { height: props.height })}
      filters={
        <Choice
          label={t('syncRuns.columns.state')}
          value={state ?? 'any'}
          options={[
            { value: 'any', label: t('syncRuns.anyState') },
            ...states.map((value) => ({ value, label: t(`states.sync.${value}`) })),
          ]}
          onChange={(value) => setFilters({ state: value === 'any' ? undefined : value })}
        />
      }
      empty={
        <Empty title={t('syncRuns.none')}>
          <p>{state === undefined ? t('syncRuns.noneWhy') : t('syncRuns.noneOfState')}</p>
        </Empty>
      }
    />
  );
}
