import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Choice } from '../../ui/choice.tsx';
import { flagOf, useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { ObjectSelect } from '../../ui/object-select.tsx';
import { Page } from '../../ui/page.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { type ReasonCode, reasonCodes } from './reason-codes.ts';

type Nic = Schemas['Nic'];

/** Every NIC: its addresses with where they are known from, or why it has none. */
export function NicsPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const columns = useColumns();
  const { account, wire, server, network, ip, mac } = filters;
  const unresolved = flagOf(filters['unresolved']);
  const missing = flagOf(filters['missing']);
  const reason = reasonCodes.find((code) => code === filters['reason']);
  const query = {
    ...(account !== undefined && { account }),
    ...(wire !== undefined && { wire }),
    ...(server !== undefined && { server }),
    ...(network !== undefined && { network }),
    ...(ip !== undefined && { ip }),
    ...(mac !== undefined && { mac }),
    ...(reason !== undefined && { reason }),
    ...(unresolved !== undefined && { unresolved }),
    ...(missing !== undefined && { missing }),
  };
  const filtered = Object.keys(query).length > 0 || filters['q'] !== undefined;
  return (
    <Page title={t('shell.pages.nics')}>
      <List<Nic>
        label={t('shell.pages.nics')}
        queryKey={['nics', query]}
        fetchPage={(page, signal) =>
          api.GET('/api/v1/nics', {
            params: { query: { ...page, ...query } },
            ...(signal !== undefined && { signal }),
          })
        }
        columns={columns}
        searchLabel={t('servers.search')}
        filters={
          <>
            <ObjectSelect
              kind="networks"
              label={t('states.kind.network')}
              value={network}
              onChange={(chosen) => setFilters({ network: chosen?.id })}
            />
            <ObjectSelect
              kind="wires"
              label={t('states.kind.wire')}
              value={wire}
              onChange={(chosen) => setFilters({ wire: chosen?.id })}
            />
            <ObjectSelect
              kind="servers"
              label={t('states.kind.server')}
              value={server}
              onChange={(chosen) => setFilters({ server: chosen?.id })}
            />
            <ObjectSelect
              kind="accounts"
              label={t('states.kind.account')}
              value={account}
              onChange={(chosen) => setFilters({ account: chosen?.id })}
            />
            <Choice
              label={t('nics.settledOrNot')}
              value={unresolved ?? ''}
              options={[
                { value: '', label: t('nics.settledOrNot') },
                { value: 'true', label: t('nics.unresolved') },
                { value: 'false', label: t('nics.settled') },
              ]}
              onChange={(value) => setFilters({ unresolved: value })}
            />
            <Choice<ReasonCode | ''>
              label={t('nics.reason')}
              value={reason ?? ''}
              options={[
                { value: '', label: t('nics.anyReason') },
                ...reasonCodes.map((value) => ({ value, label: t(`states.reason.${value}`) })),
              ]}
              onChange={(value) => setFilters({ reason: value })}
            />
            <Choice
              label={t('servers.presence')}
              value={missing ?? ''}
              options={[
                { value: '', label: t('servers.presentOrNot') },
                { value: 'false', label: t('servers.present') },
                { value: 'true', label: t('servers.missing') },
              ]}
              onChange={(value) => setFilters({ missing: value })}
            />
          </>
        }
        empty={
          filtered ? (
            <Empty title={t('nics.noneFit')}>{t('servers.noneFitHint')}</Empty>
          ) : (
            <Empty title={t('nics.none')}>
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

function useColumns(): readonly Column<Nic>[] {
  const { t } = useTranslation();
  return useMemo(
    (): readonly Column<Nic>[] => [
      {
        key: 'server',
        title: t('states.kind.server'),
        sort: 'server',
        width: 'minmax(160px, 1.6fr)',
        render: ({ server }) => <RefLink to="server" of={server} />,
        csv: ({ server }) => server.name,
      },
      {
        key: 'label',
        title: t('states.kind.nic'),
        width: 'minmax(120px, 1fr)',
        render: ({ id, label }) => <RefLink to="nic" of={{ id, name: label }} />,
        csv: ({ label }) => label,
      },
      {
        key: 'mac',
        title: t('nics.mac'),
        sort: 'mac',
        width: '164px',
        render: ({ mac }) => <span className="wb-code">{mac}</span>,
        csv: ({ mac }) => mac ?? '',
      },
      {
        key: 'wire',
        title: t('states.kind.wire'),
        sort: 'wire',
        width: 'minmax(120px, 1.2fr)',
        render: ({ wire }) => <RefLink to="wire" of={wire} />,
        csv: ({ wire }) => wire?.name ?? '',
      },
      {
        key: 'addresses',
        title: t('servers.addresses'),
        width: 'minmax(150px, 1.5fr)',
        render: ({ records }) =>
          records.map(({ id, ip }, at) => (
            <span key={id}>
              {at > 0 && ', '}
              <AddressLink ip={ip} />
            </span>
          )),
        csv: ({ records }) => records.map(({ ip }) => ip).join(' '),
      },
      {
        key: 'networks',
        title: t('servers.networks'),
        width: 'minmax(120px, 1fr)',
        render: ({ records }) =>
          records.map(({ id, network }, at) => (
            <span key={id}>
              {at > 0 && ', '}
              <RefLink to="network" of={network} />
            </span>
          )),
        csv: ({ records }) => records.map(({ network }) => network.name).join(', '),
      },
      {
        key: 'reason',
        title: t('nics.sourceOrWhy'),
        width: 'minmax(200px, 2fr)',
        render: (nic) => <Reason nic={nic} />,
        csv: ({ records, reasons }) =>
          [
            ...new Set(records.map(({ source }) => t(`states.source.${source}`))),
            ...reasons.map(({ text }) => text),
          ].join(' '),
      },
    ],
    [t],
  );
}

function Reason(props: { nic: Nic }): ReactNode {
  const { t } = useTranslation();
  const { reasons, missingSince, records } = props.nic;
  if (missingSince !== null) return <StateTag tone="bad">{t('servers.missing')}</StateTag>;
  const [first] = reasons;
  if (first === undefined)
    return [...new Set(records.map(({ source }) => t(`states.source.${source}`)))].join(', ');
  return (
    <span title={reasons.map(({ text }) => text).join('\n')}>
      <StateTag tone={first.code === 'template' || first.code === 'powered_off' ? 'quiet' : 'warning'}>
        {t(`states.reason.${first.code}`)}
      </StateTag>{' '}
      <span className="wb-quiet">{first.text}</span>
    </span>
  );
}
