import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useFilters } from '../../ui/filters.ts';
import { List } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RefChoice } from '../../ui/ref-choice.tsx';
import { useFindingColumns } from './finding-columns.tsx';
import { FindingDrawer } from './finding-drawer.tsx';
import './findings.css';

type Finding = Schemas['Finding'];
type Summary = Schemas['FindingSummary'];

/** What the observations show to be wrong: by kind, each with what to do about it. */
export function FindingsPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const { account, network, wire, server, kind } = filters;
  const summary = useQuery({
    queryKey: ['findings', 'summary', account],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/findings/summary', {
          params: { query: { ...(account !== undefined && { account }) } },
          signal,
        }),
      ),
  });
  const columns = useFindingColumns();
  const known = summary.data?.kinds.find((one) => one.kind === kind)?.kind;
  const title =
    known === undefined ? t('findings.list') : t('findings.listOf', { kind: t(`findings.title.${known}`) });
  return (
    <Page title={t('shell.pages.findings')} ready={!summary.isPending} aside={t('findings.about')}>
      {summary.isError && <ProblemNotice error={summary.error} retry={() => void summary.refetch()} />}
      {summary.data?.findings === 0 && (
        <Empty title={t('findings.none')}>
          <p>{t('findings.noneWhy')}</p>
        </Empty>
      )}
      {summary.data !== undefined && summary.data.findings > 0 && (
        <>
          <Kinds summary={summary.data} chosen={kind} />
          <List<Finding>
            label={title}
            queryKey={['findings', kind, account, network, wire, server]}
            fetchPage={(query, signal) =>
              api.GET('/api/v1/findings', {
                params: {
                  query: {
                    ...query,
                    ...(kind !== undefined && { kind }),
                    ...(account !== undefined && { account }),
                    ...(network !== undefined && { network }),
                    ...(wire !== undefined && { wire }),
                    ...(server !== undefined && { server }),
                  },
                },
                ...(signal !== undefined && { signal }),
              })
            }
            columns={columns}
            searchLabel={t('findings.search')}
            filters={
              <>
                <RefChoice
                  of="network"
                  label={t('findings.network')}
                  value={network}
                  onChange={(id) => change({ network: id })}
                />
                <RefChoice
                  of="wire"
                  label={t('findings.wire')}
                  value={wire}
                  onChange={(id) => change({ wire: id })}
                />
                <RefChoice
                  of="account"
                  label={t('findings.account')}
                  value={account}
                  onChange={(id) => change({ account: id })}
                />
              </>
            }
            empty={
              <Empty title={t('findings.noneOfFilter')}>
                <Button
                  onClick={() =>
                    change({
                      kind: undefined,
                      network: undefined,
                      wire: undefined,
                      server: undefined,
                      account: undefined,
                      q: undefined,
                    })
                  }
                >
                  {t('findings.clearFilters')}
                </Button>
              </Empty>
            }
          />
        </>
      )}
      {filters['finding'] !== undefined && (
        <FindingDrawer id={filters['finding']} onClose={() => change({ finding: undefined })} />
      )}
    </Page>
  );
}

/** What the numbers aren't narrowed by: their links lead to the lists that they count. */
const uncounted = { network: undefined, wire: undefined, server: undefined, q: undefined };

/** How many of each kind; each leads to those. */
function Kinds(props: { summary: Summary; chosen: string | undefined }): ReactNode {
  const { t } = useTranslation();
  const { summary, chosen } = props;
  return (
    <ul className="wb-kinds" aria-label={t('findings.kinds')}>
      <li>
        <Link
          to="."
          search={(before: object) => ({ ...before, ...uncounted, kind: undefined })}
          {...(chosen === undefined && { 'aria-current': 'true' as const })}
        >
          <strong>{summary.findings}</strong> {t('findings.allKinds')}
        </Link>
      </li>
      {summary.kinds.map(({ kind, findings, text }) => (
        <li key={kind}>
          <Link
            to="."
            search={(before: object) => ({ ...before, ...uncounted, kind })}
            title={text}
            {...(chosen === kind && { 'aria-current': 'true' as const })}
          >
            <strong>{findings}</strong> {t(`findings.title.${kind}`)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
