import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Choice } from '../../ui/choice.tsx';
import { useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { AddressStateTag } from '../../ui/object-states.tsx';
import { Chip } from '../networks/chip.tsx';
import { NetworkPick } from '../networks/pick.tsx';
import '../networks/networks.css';

type Taken = Schemas['TakenAddress'] & { id: string };
const takenStates = ['used', 'held', 'conflict'] as const;
const sources = ['tools', 'manual', 'allocated'] as const;

/** Every address that somebody has, in all networks. */
export function AddressesPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const columns = useColumns();
  const { network, space, server, mac, ip, key } = filters;
  const state = takenStates.find((one) => one === filters['state']);
  const source = sources.find((one) => one === filters['source']);
  const narrowed = {
    ...(network && { network }),
    ...(space && { space }),
    ...(server && { server }),
    ...(mac && { mac }),
    ...(ip && { ip }),
    ...(key && { key }),
    ...(state !== undefined && { state }),
    ...(source !== undefined && { source }),
  };
  const isNarrowed = Object.keys(narrowed).length > 0 || (filters['q'] ?? '') !== '';
  return (
    <Page title={t('shell.pages.addresses')} aside={<span>{t('addresses.about')}</span>}>
      <List<Taken>
        label={t('shell.pages.addresses')}
        queryKey={['addresses', narrowed]}
        fetchPage={async (query, signal) => {
          const { data, ...rest } = await api.GET('/api/v1/addresses', {
            params: { query: { ...query, ...narrowed } },
            ...(signal !== undefined && { signal }),
          });
          if (data === undefined) return rest;
          // Where several share an address it is there once for each.
          const items = data.items.map((one) => ({
            ...one,
            id: [one.space.id, one.ip, one.nic?.id ?? one.server?.id ?? one.key ?? ''].join(' '),
          }));
          return { ...rest, data: { ...data, items } };
        }}
        columns={columns}
        searchLabel={t('addresses.search')}
        filters={
          <>
            <Spaces value={space ?? ''} onChange={(chosen) => change({ space: chosen })} />
            <NetworkPick
              label={t('networks.one')}
              clearable
              width={180}
              value={network}
              onChange={(chosen) => change({ network: chosen })}
            />
            <Choice
              label={t('networks.table.state')}
              value={state ?? ''}
              options={[
                { value: '', label: t('networks.table.allStates') },
                ...takenStates.map((value) => ({ value, label: t(`states.address.${value}`) })),
              ]}
              onChange={(value) => change({ state: value })}
            />
            <Choice
              label={t('networks.source')}
              value={source ?? ''}
              options={[
                { value: '', label: t('addresses.allSources') },
                ...sources.map((value) => ({ value, label: t(`states.source.${value}`) })),
              ]}
              onChange={(value) => change({ source: value })}
            />
            {(['server', 'mac', 'ip', 'key'] as const).map((name) => (
              <Chip key={name} name={name} label={t(`addresses.by.${name}`)} />
            ))}
          </>
        }
        empty={
          isNarrowed ? (
            <Empty title={t('addresses.noneFits')}>
              <Link {...linkTo('addresses')}>{t('addresses.showAll')}</Link>
            </Empty>
          ) : (
            <Empty title={t('addresses.noneYet')}>
              <p>{t('addresses.noneYetWhy')}</p>
              <Link {...linkTo('networks')}>{t('shell.pages.networks')}</Link>
            </Empty>
          )
        }
      />
    </Page>
  );
}

function Spaces(props: { value: string; onChange: (space: string) => void }): ReactNode {
  const { t } = useTranslation();
  const spaces = useQuery({
    queryKey: ['address-spaces', 'all'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/address-spaces', { params: { query: { limit: 500 } }, signal })),
  });
  const all = spaces.data?.items ?? [];
  if (all.length < 2 && props.value === '') return null;
  return (
    <Choice
      label={t('networks.space')}
      value={props.value}
      options={[
        { value: '', label: t('networks.allSpaces') },
        ...all.map(({ name }) => ({ value: name, label: name })),
      ]}
      onChange={props.onChange}
    />
  );
}

function useColumns(): readonly Column<Taken>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'ip',
        title: t('networks.address'),
        sort: 'ip',
        width: 'minmax(125px, 1.2fr)',
        render: ({ ip, space }) => <AddressLink ip={ip} space={space.name} />,
        csv: ({ ip }) => ip,
      },
      {
        key: 'state',
        title: t('networks.table.state'),
        width: '115px',
        render: ({ state }) => <AddressStateTag state={state} />,
        csv: ({ state }) => t(`states.address.${state}`),
      },
      {
        key: 'who',
        title: t('networks.who'),
        width: 'minmax(130px, 1.8fr)',
        render: ({ server, holder, key }) =>
          server === null ? (
            <span title={holder?.name ?? key ?? ''}>{holder?.name ?? key}</span>
          ) : (
            <RefLink to="server" of={server} />
          ),
        csv: ({ server, holder, key }) => server?.name ?? holder?.name ?? key ?? '',
      },
      {
        key: 'mac',
        title: t('networks.mac'),
        width: '152px',
        render: ({ nic, holder }) =>
          nic === null ? (
            <span className="wb-code">{holder?.mac}</span>
          ) : (
            <Link {...linkTo('nic', nic.id)} className="wb-ref wb-code">
              {nic.mac}
            </Link>
          ),
        csv: ({ nic, holder }) => nic?.mac ?? holder?.mac ?? '',
      },
      {
        key: 'network',
        title: t('networks.one'),
        width: 'minmax(110px, 1.3fr)',
        render: ({ network, ip }) => (
          <Link {...linkTo('network', network.id, { at: ip })} className="wb-ref" title={network.name}>
            {network.name}
          </Link>
        ),
        csv: ({ network }) => network.name,
      },
      {
        key: 'space',
        title: t('networks.space'),
        width: 'minmax(70px, 0.7fr)',
        render: ({ space }) => <span title={space.name}>{space.name}</span>,
        csv: ({ space }) => space.name,
      },
      {
        key: 'source',
        title: t('networks.source'),
        width: '125px',
        render: ({ source }) => t(`states.source.${source}`),
        csv: ({ source }) => t(`states.source.${source}`),
      },
      {
        key: 'since',
        title: t('networks.since'),
        sort: 'since',
        width: '146px',
        render: ({ since }) => <Moment at={since} />,
        csv: ({ since }) => since,
      },
      {
        key: 'until',
        title: t('networks.until'),
        width: '146px',
        render: ({ expiresAt }) => <Moment at={expiresAt} />,
        csv: ({ expiresAt }) => expiresAt ?? '',
      },
    ],
    [t],
  );
}
