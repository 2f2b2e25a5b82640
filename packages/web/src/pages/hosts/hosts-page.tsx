import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/notice.tsx';
import { ObjectSelect } from '../../ui/object-select.tsx';
import { HostStateTag } from '../../ui/object-states.tsx';
import { Page } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';

type Host = Schemas['Host'];

/** Every host, by its management address. */
export function HostsPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const columns = useColumns();
  const { account, cluster } = filters;
  const query = {
    ...(account !== undefined && { account }),
    ...(cluster !== undefined && { cluster }),
  };
  const filtered = Object.keys(query).length > 0 || filters['q'] !== undefined;
  return (
    <Page title={t('shell.pages.hosts')}>
      <List<Host>
        label={t('shell.pages.hosts')}
        queryKey={['hosts', query]}
        fetchPage={(page, signal) =>
          api.GET('/api/v1/hosts', {
            params: { query: { ...page, ...query } },
            ...(signal !== undefined && { signal }),
          })
        }
        columns={columns}
        searchLabel={t('hosts.search')}
        filters={
          <>
            <ObjectSelect
              kind="accounts"
              label={t('states.kind.account')}
              value={account}
              onChange={(chosen) => setFilters({ account: chosen?.id })}
            />
            {cluster !== undefined && (
              <span className="wb-chip">
                <span className="wb-quiet">{t('servers.cluster')}</span>
                <span className="wb-chip-name">{cluster}</span>
                <button
                  type="button"
                  className="wb-copy"
                  aria-label={t('common.takeBack', { what: `${t('servers.cluster')} ${cluster}` })}
                  onClick={() => setFilters({ cluster: undefined })}
                >
                  <span aria-hidden="true">{'✕'}</span>
                </button>
              </span>
            )}
          </>
        }
        empty={
          filtered ? (
            <Empty title={t('hosts.noneFit')}>{t('servers.noneFitHint')}</Empty>
          ) : (
            <Empty title={t('hosts.none')}>
              {t('servers.noneHint')}
              <Link {...linkTo('accounts')} className="wb-inline-link">
                {t('servers.toAccounts')}
              </Link>
            </Empty>
          )
        }
      />
    </Page>
  );
}

function useColumns(): readonly Column<Host>[] {
  const { t } = useTranslation();
  return useMemo(
    (): readonly Column<Host>[] => [
      {
        key: 'name',
        title: t('states.kind.host'),
        sort: 'name',
        width: 'minmax(200px, 2fr)',
        render: (host) => <RefLink to="host" of={host} />,
        csv: ({ name }) => name,
      },
      {
        key: 'managementIp',
        title: t('hosts.managementIp'),
        sort: 'managementIp',
        width: '150px',
        render: ({ managementIp }) => <span className="wb-code">{managementIp}</span>,
        csv: ({ managementIp }) => managementIp ?? '',
      },
      {
        key: 'state',
        title: t('servers.state'),
        width: '180px',
        render: (host) => <HostState host={host} />,
        csv: ({ state, maintenance }) => (maintenance ? `${state}, ${t('hosts.maintenance')}` : state),
      },
      {
        key: 'cluster',
        title: t('servers.cluster'),
        sort: 'cluster',
        width: 'minmax(120px, 1fr)',
        render: ({ cluster }) =>
          cluster === null ? null : (
            <Link {...linkTo('hosts', undefined, { cluster })} className="wb-ref" title={cluster}>
              {cluster}
            </Link>
          ),
        csv: ({ cluster }) => cluster ?? '',
      },
      {
        key: 'version',
        title: t('hosts.version'),
        width: '90px',
        render: ({ version }) => version,
        csv: ({ version }) => version ?? '',
      },
      {
        key: 'uplinks',
        title: t('hosts.uplinks'),
        width: '140px',
        render: ({ physicalNics }) => {
          const told = physicalNics.filter(({ neighbour }) => neighbour !== null).length;
          return t('hosts.uplinksTold', { nics: physicalNics.length, told });
        },
        csv: ({ physicalNics }) => String(physicalNics.length),
      },
      {
        key: 'account',
        title: t('servers.account'),
        width: 'minmax(100px, 1fr)',
        render: ({ account }) => <RefLink to="account" of={account} />,
        csv: ({ account }) => account.name,
      },
      {
        key: 'missing',
        title: t('servers.missingSince'),
        width: '140px',
        render: ({ missingSince }) => <Moment at={missingSince} />,
        csv: ({ missingSince }) => missingSince ?? '',
      },
    ],
    [t],
  );
}

export function HostState(props: { host: Host }): ReactNode {
  const { t } = useTranslation();
  const { host } = props;
  return (
    <>
      {host.missingSince === null ? (
        <HostStateTag state={host.state} />
      ) : (
        <StateTag tone="bad">{t('servers.missing')}</StateTag>
      )}
      {host.maintenance && <StateTag tone="warning">{t('hosts.maintenance')}</StateTag>}
    </>
  );
}
