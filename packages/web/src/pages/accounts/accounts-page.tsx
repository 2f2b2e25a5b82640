import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { type Account, AccountState } from './account-state.tsx';

/** The vCenters and ESXi hosts that Wirebook mirrors. */
export function AccountsPage(): ReactNode {
  const { t } = useTranslation();
  const columns: readonly Column<Account>[] = [
    {
      key: 'name',
      title: t('accounts.columns.name'),
      sort: 'name',
      csv: ({ name }) => name,
      render: (account) => <RefLink to="account" of={account} />,
    },
    {
      key: 'status',
      title: t('accounts.columns.status'),
      width: '150px',
      csv: ({ status }) => t(`accounts.status.${status}`),
      render: (account) => <AccountState account={account} />,
    },
    {
      key: 'kind',
      title: t('accounts.columns.kind'),
      width: '110px',
      csv: ({ kind }) => t(`accounts.kind.${kind}`),
      render: ({ kind }) => t(`accounts.kind.${kind}`),
    },
    {
      key: 'version',
      title: t('accounts.columns.version'),
      width: '90px',
      csv: ({ version }) => version,
      render: ({ version }) => version,
    },
    {
      key: 'url',
      title: t('accounts.columns.url'),
      width: 'minmax(180px, 2fr)',
      csv: ({ url }) => url,
      render: ({ url }) => <span title={url}>{url}</span>,
    },
    {
      key: 'space',
      title: t('accounts.columns.space'),
      width: '120px',
      csv: ({ space }) => space.name,
      render: ({ space }) => space.name,
    },
    {
      key: 'complete',
      title: t('accounts.columns.lastComplete'),
      width: '160px',
      csv: ({ lastCompleteSyncAt }) => lastCompleteSyncAt ?? '',
      render: ({ lastCompleteSyncAt }) => <Moment at={lastCompleteSyncAt} />,
    },
  ];
  return (
    <Page
      title={t('accounts.title')}
      actions={
        <Link {...linkTo('start')} className="wb-button-link">
          {t('accounts.add')}
        </Link>
      }
    >
      <List<Account>
        label={t('accounts.title')}
        searchLabel={t('accounts.search')}
        queryKey={['accounts']}
        fetchPage={(query, signal) =>
          api.GET('/api/v1/cloud-accounts', { params: { query }, ...(signal !== undefined && { signal }) })
        }
        columns={columns}
        empty={
          <Empty title={t('accounts.none')}>
            <Link {...linkTo('start')}>{t('accounts.addFirst')}</Link>
          </Empty>
        }
      />
    </Page>
  );
}
