import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { nicSummaryOptions } from '../../first-data.ts';
import { linkTo, type PageName } from '../../paths.ts';
import { useStatus } from '../../shell/navigation.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { NeedsPerson } from './needs-person.tsx';
import { RecentChanges } from './recent-changes.tsx';
import { Utilisation } from './utilisation.tsx';
import './overview.css';

type Counts = Schemas['Status']['counts'];
const counted = [
  'accounts',
  'hosts',
  'wires',
  'servers',
  'nics',
  'networks',
  'records',
] as const satisfies (keyof Counts)[];
const pageOf: Record<(typeof counted)[number], PageName> = {
  accounts: 'accounts',
  hosts: 'hosts',
  wires: 'wires',
  networks: 'networks',
  servers: 'servers',
  nics: 'nics',
  records: 'addresses',
};

/** What an administrator looks at first: what needs a person, how full the networks are, what has changed. */
export function OverviewPage(): ReactNode {
  const { t } = useTranslation();
  const status = useStatus();
  const nics = useQuery(nicSummaryOptions);
  if (status.data?.counts.accounts === 0) return <Navigate {...linkTo('start')} replace />;
  return (
    <Page
      title={t('shell.pages.overview')}
      ready={!status.isPending && !nics.isPending}
      aside={status.data !== undefined && <Book counts={status.data.counts} />}
    >
      {status.isError && <ProblemNotice error={status.error} retry={() => void status.refetch()} />}
      {nics.isError && <ProblemNotice error={nics.error} retry={() => void nics.refetch()} />}
      <div className="wb-overview">
        <div className="wb-overview-main">
          {status.data !== undefined && nics.data !== undefined && (
            <NeedsPerson status={status.data} nics={nics.data} />
          )}
          <RecentChanges />
        </div>
        <Utilisation />
      </div>
    </Page>
  );
}

function Book(props: { counts: Counts }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="wb-book" aria-label={t('overview.counts')}>
      {counted.map((what) => (
        <li key={what}>
          <Link {...linkTo(pageOf[what])}>
            <strong>{props.counts[what]}</strong> {t(`overview.count.${what}`, { count: props.counts[what] })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
