import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useStatus } from '../../shell/navigation.tsx';
import { useFilters } from '../../ui/filters.ts';
import { Empty, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { FixesImport } from './fixes-import.tsx';
import { MendButton } from './mend-button.tsx';
import { NicDrawer } from './nic-drawer.tsx';
import { ReasonGroups } from './reason-groups.tsx';
import { isMendable, reasonOf, splitUnresolved, type Summary } from './reasons.ts';
import { UnresolvedNics } from './unresolved-nics.tsx';
import './unresolved.css';

/** NICs without a record: by reason, and what mends one or many of them. */
export function UnresolvedPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const { account } = filters;
  const summary = useQuery({
    queryKey: ['nics', 'summary', account],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/nics/summary', {
          params: { query: { ...(account !== undefined && { account }) } },
          signal,
        }),
      ),
  });
  const { data } = summary;
  const reason = reasonOf(filters['reason']);
  const mendable = data?.reasons.some(({ code }) => isMendable(code)) ?? false;
  return (
    <Page
      title={t('shell.pages.unresolved')}
      ready={!summary.isPending}
      aside={data !== undefined && data.nics > 0 && <Standing summary={data} />}
      actions={
        data !== undefined &&
        data.unresolved > 0 && (
          <>
            <FixesImport account={account} />
            {mendable && (
              <MendButton
                label={t('unresolved.mendAll')}
                which={{ ...(account !== undefined && { account }) }}
                button={{ type: 'primary' }}
              />
            )}
          </>
        )
      }
    >
      {summary.isError && <ProblemNotice error={summary.error} retry={() => void summary.refetch()} />}
      <NoNetworks />
      {data !== undefined &&
        (data.unresolved === 0 ? (
          <NothingOpen summary={data} />
        ) : (
          <>
            <ReasonGroups summary={data} chosen={reason} account={account} />
            <UnresolvedNics reason={reason} title={data.reasons.find(({ code }) => code === reason)?.text} />
          </>
        ))}
      {filters['nic'] !== undefined && (
        <NicDrawer id={filters['nic']} onClose={() => change({ nic: undefined })} />
      )}
    </Page>
  );
}

/** How much is settled, and how much of the rest needs a person. */
function Standing(props: { summary: Summary }): ReactNode {
  const { t } = useTranslation();
  const { nics, settled } = props.summary;
  const { person, nothing } = splitUnresolved(props.summary);
  return (
    <>
      <progress className="wb-settled" max={nics} value={settled} aria-label={t('unresolved.settledBar')} />
      <span>{t('unresolved.settled', { settled, nics })}</span>
      {person > 0 ? (
        <StateTag tone="warning">{t('unresolved.needPerson', { count: person })}</StateTag>
      ) : (
        <StateTag tone="good">{t('unresolved.needPerson', { count: 0 })}</StateTag>
      )}
      {nothing > 0 && <StateTag tone="quiet">{t('unresolved.nothingToDo', { count: nothing })}</StateTag>}
    </>
  );
}

/** As long as there is no network nothing else mends anything. */
function NoNetworks(): ReactNode {
  const { t } = useTranslation();
  const { data } = useStatus();
  if (data === undefined || data.counts.nics === 0 || data.counts.networks > 0) return null;
  return (
    <Notice kind="info" title={t('unresolved.noNetworks')}>
      <Link {...linkTo('proposals')} className="wb-inline-link">
        {t('unresolved.seeProposals')}
      </Link>
    </Notice>
  );
}

function NothingOpen(props: { summary: Summary }): ReactNode {
  const { t } = useTranslation();
  const { nics } = props.summary;
  if (nics === 0)
    return (
      <Empty title={t('unresolved.noNics')}>
        <p>{t('unresolved.noNicsWhy')}</p>
        <Link {...linkTo('start')}>{t('unresolved.toStart')}</Link>
      </Empty>
    );
  return (
    <Empty title={t('unresolved.allSettled')}>
      <p>{t('unresolved.allSettledWhy', { count: nics })}</p>
      <Link {...linkTo('networks')}>{t('unresolved.toNetworks')}</Link>
    </Empty>
  );
}
