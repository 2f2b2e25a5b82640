import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '@tanstack/react-router';
import { api, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Choice } from '../../ui/choice.tsx';
import { flagOf, useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/notice.tsx';
import { ObjectSelect } from '../../ui/object-select.tsx';
import { PowerTag, powerOf } from '../../ui/object-states.tsx';
import { Page } from '../../ui/page.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { addressesOf, networksOf, unresolvedOf } from './server-facts.ts';

type Server = Schemas['Server'];

/** Every server, with where it runs, what addresses it has, and what is not settled. */
export function ServersPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const columns = useColumns();
  const { account, host, wire, network, powerState, tag } = filters;
  const template = flagOf(filters['template']);
  const missing = flagOf(filters['missing']);
  const query = {
    ...(account !== undefined && { account }),
    ...(host !== undefined && { host }),
    ...(wire !== undefined && { wire }),
    ...(network !== undefined && { network }),
    ...(powerState !== undefined && { powerState }),
    ...(template !== undefined && { template }),
    ...(missing !== undefined && { missing }),
    ...(tag !== undefined && { tag }),
  };
  return (
    <Page
      title={t('shell.pages.servers')}
      actions={
        <Link {...linkTo('newServer')} className="wb-button-link">
          {t('servers.new')}
        </Link>
      }
    >
      <List<Server>
        label={t('shell.pages.servers')}
        queryKey={['servers', query]}
        fetchPage={(page, signal) =>
          api.GET('/api/v1/servers', {
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
              kind="hosts"
              label={t('states.kind.host')}
              value={host}
              onChange={(chosen) => setFilters({ host: chosen?.id })}
            />
            <ObjectSelect
              kind="accounts"
              label={t('states.kind.account')}
              value={account}
              onChange={(chosen) => setFilters({ account: chosen?.id })}
            />
            <Choice
              label={t('servers.powerState')}
              value={powerState ?? ''}
              options={[
                { value: '', label: t('servers.anyPower') },
                { value: 'poweredOn', label: t('states.power.poweredOn') },
                { value: 'poweredOff', label: t('states.power.poweredOff') },
                { value: 'suspended', label: t('states.power.suspended') },
              ]}
              onChange={(value) => setFilters({ powerState: value })}
            />
            <Choice
              label={t('servers.template')}
              value={template ?? ''}
              options={[
                { value: '', label: t('servers.serversAndTemplates') },
                { value: 'false', label: t('servers.noTemplates') },
                { value: 'true', label: t('servers.onlyTemplates') },
              ]}
              onChange={(value) => setFilters({ template: value })}
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
            <Choice
              label={t('servers.unmatched')}
              value={tag ?? ''}
              options={[
                { value: '', label: t('servers.matchedOrNot') },
                { value: 'sync_ips', label: t('servers.withUnmatched') },
              ]}
              onChange={(value) => setFilters({ tag: value })}
            />
          </>
        }
        empty={<NoServers filtered={Object.keys(query).length > 0 || filters['q'] !== undefined} />}
      />
    </Page>
  );
}

function NoServers(props: { filtered: boolean }): ReactNode {
  const { t } = useTranslation();
  if (props.filtered) return <Empty title={t('servers.noneFit')}>{t('servers.noneFitHint')}</Empty>;
  return (
    <Empty title={t('servers.none')}>
      {t('servers.noneHint')}
      <Link {...linkTo('accounts')} className="wb-inline-link">
        {t('servers.toAccounts')}
      </Link>
    </Empty>
  );
}

function useColumns(): readonly Column<Server>[] {
  const { t } = useTranslation();
  return useMemo(
    (): readonly Column<Server>[] => [
      {
        key: 'name',
        title: t('servers.name'),
        sort: 'name',
        width: 'minmax(180px, 2fr)',
        render: (server) => <RefLink to="server" of={server} />,
        csv: ({ name }) => name,
      },
      {
        key: 'power',
        title: t('servers.powerState'),
        sort: 'powerState',
        width: '132px',
        render: (server) => <ServerState server={server} />,
        csv: ({ powerState, template }) =>
          template ? t('kinds.template') : t(`states.power.${powerOf(powerState)}`),
      },
      {
        key: 'addresses',
        title: t('servers.addresses'),
        width: 'minmax(150px, 1.6fr)',
        render: (server) => <Addresses server={server} />,
        csv: (server) => addressesOf(server).join(' '),
      },
      {
        key: 'networks',
        title: t('servers.networks'),
        width: 'minmax(120px, 1.2fr)',
        render: (server) =>
          networksOf(server).map((network, at) => (
            <span key={network.id}>
              {at > 0 && ', '}
              <RefLink to="network" of={network} />
            </span>
          )),
        csv: (server) =>
          networksOf(server)
            .map(({ name }) => name)
            .join(', '),
      },
      {
        key: 'unresolved',
        title: t('servers.unresolved'),
        width: 'minmax(130px, 1fr)',
        render: (server) => <Unresolved server={server} />,
        csv: (server) =>
          unresolvedOf(server)
            .flatMap(({ reasons }) => reasons.map(({ text }) => text))
            .join(' '),
      },
      {
        key: 'host',
        title: t('states.kind.host'),
        width: 'minmax(120px, 1.2fr)',
        render: ({ host }) => <RefLink to="host" of={host} />,
        csv: ({ host }) => host?.name ?? '',
      },
      {
        key: 'uuid',
        title: t('servers.instanceUuid'),
        width: 'minmax(150px, 1fr)',
        render: ({ instanceUuid }) => (
          <span className="wb-code wb-quiet" title={instanceUuid ?? ''}>
            {instanceUuid}
          </span>
        ),
        csv: ({ instanceUuid }) => instanceUuid ?? '',
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

function ServerState(props: { server: Server }): ReactNode {
  const { t } = useTranslation();
  const { server } = props;
  if (server.missingSince !== null) return <StateTag tone="bad">{t('servers.missing')}</StateTag>;
  if (server.template) return <StateTag tone="info">{t('kinds.template')}</StateTag>;
  return <PowerTag state={server.powerState} />;
}

function Addresses(props: { server: Server }): ReactNode {
  const ips = addressesOf(props.server);
  return (
    <span title={ips.join('\n')}>
      {ips.map((ip, at) => (
        <span key={ip}>
          {at > 0 && ', '}
          <AddressLink ip={ip} />
        </span>
      ))}
    </span>
  );
}

function Unresolved(props: { server: Server }): ReactNode {
  const { t } = useTranslation();
  const open = unresolvedOf(props.server);
  const [first] = open;
  if (first === undefined) return null;
  const code = first.reasons[0]?.code;
  return (
    <span title={open.flatMap(({ reasons }) => reasons.map(({ text }) => text)).join('\n')}>
      <StateTag tone={code === 'template' || code === 'powered_off' ? 'quiet' : 'warning'}>
        {code === undefined ? t('servers.noRecord') : t(`states.reason.${code}`)}
      </StateTag>
    </span>
  );
}
