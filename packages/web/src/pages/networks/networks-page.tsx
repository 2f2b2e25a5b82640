import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Choice } from '../../ui/choice.tsx';
import { useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { useNeeds } from '../../ui/needs.ts';
import { Chip } from './chip.tsx';
import { WirePick } from './pick.tsx';
import { useCount } from '../../ui/quantities.ts';
import { Utilisation } from './utilisation.tsx';
import './networks.css';

type Network = Schemas['Network'];
/** From how full on networks are asked for, in per cent. */
const fills = ['50', '80', '90', '100'] as const;

/** All networks: how full each is, and which wires have it. */
export function NetworksPage(): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [filters] = useFilters();
  const { space, wire, ip } = filters;
  const family = filters['family'] === '4' ? 4 : filters['family'] === '6' ? 6 : undefined;
  const fullFrom = fills.find((one) => one === filters['fullFrom']);
  const columns = useColumns();
  const notMine = useNeeds('operator');
  const narrowed = {
    ...(space && { space }),
    ...(wire && { wire }),
    ...(ip && { ip }),
    ...(family !== undefined && { family }),
    ...(fullFrom !== undefined && { fullFrom: Number(fullFrom) }),
  };
  const isNarrowed = Object.keys(narrowed).length > 0 || (filters['q'] ?? '') !== '';
  return (
    <Page
      title={t('shell.pages.networks')}
      actions={
        <>
          <Link {...linkTo('proposals')} className="wb-inline-link">
            {t('networks.toProposals')}
          </Link>
          <ReasonedButton type="primary" why={notMine} onClick={() => void navigate(linkTo('newNetwork'))}>
            {t('networks.new')}
          </ReasonedButton>
        </>
      }
    >
      <List
        label={t('shell.pages.networks')}
        queryKey={['networks', narrowed]}
        fetchPage={(query, signal) =>
          api.GET('/api/v1/networks', {
            params: { query: { ...query, ...narrowed } },
            ...(signal !== undefined && { signal }),
          })
        }
        columns={columns}
        searchLabel={t('networks.search')}
        filters={<NetworkFilters />}
        empty={
          isNarrowed ? (
            <Empty title={t('networks.noneFits')}>
              <Link {...linkTo('networks')}>{t('networks.showAll')}</Link>
            </Empty>
          ) : (
            <Empty title={t('networks.noneYet')}>
              <p>{t('networks.noneYetWhy')}</p>
              <Link {...linkTo('proposals')}>{t('networks.toProposals')}</Link>
            </Empty>
          )
        }
      />
    </Page>
  );
}

function NetworkFilters(): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const spaces = useQuery({
    queryKey: ['address-spaces', 'all'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/address-spaces', { params: { query: { limit: 500 } }, signal })),
  });
  const all = spaces.data?.items ?? [];
  return (
    <>
      {(all.length > 1 || filters['space']) && (
        <Choice
          label={t('networks.space')}
          value={filters['space'] ?? ''}
          options={[
            { value: '', label: t('networks.allSpaces') },
            ...all.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={(space) => change({ space })}
        />
      )}
      <WirePick
        label={t('networks.wire')}
        value={filters['wire']}
        clearable
        width={180}
        onChange={(wire) => change({ wire })}
      />
      <Choice
        label={t('networks.family')}
        value={filters['family'] ?? ''}
        options={[
          { value: '', label: t('networks.bothFamilies') },
          { value: '4', label: t('networks.ipv4') },
          { value: '6', label: t('networks.ipv6') },
        ]}
        onChange={(family) => change({ family })}
      />
      <Choice
        label={t('networks.fill')}
        value={fills.find((one) => one === filters['fullFrom']) ?? ''}
        options={[
          { value: '', label: t('networks.anyFill') },
          ...fills.map((value) => ({
            value,
            label: value === '100' ? t('networks.fillFull') : t('networks.fillFrom', { percent: value }),
          })),
        ]}
        onChange={(fullFrom) => change({ fullFrom })}
      />
      <Chip name="ip" label={t('networks.holding')} />
    </>
  );
}

function useColumns(): readonly Column<Network>[] {
  const { t } = useTranslation();
  const count = useCount();
  return useMemo(
    () => [
      {
        key: 'name',
        title: t('networks.name'),
        sort: 'name',
        width: 'minmax(140px, 1.6fr)',
        render: (network) => <RefLink to="network" of={network} />,
        csv: ({ name }) => name,
      },
      {
        key: 'range',
        title: t('networks.range'),
        sort: 'start',
        width: 'minmax(135px, 1.1fr)',
        render: (network) => (
          <span className="wb-code" title={`${network.start} – ${network.end}`}>
            {network.cidr}
          </span>
        ),
        csv: ({ start, end }) => `${start}-${end}`,
      },
      {
        key: 'use',
        title: t('networks.utilisation'),
        sort: 'utilisation',
        width: 'minmax(300px, 2fr)',
        render: (network) => <Utilisation of={network} />,
        csv: ({ counts }) => `${counts.used}/${counts.total}`,
      },
      {
        key: 'free',
        title: t('networks.free'),
        width: '100px',
        align: 'end',
        render: ({ id, counts }) => (
          <Link {...linkTo('network', id, { state: 'free' })} className="wb-ref">
            {count(counts.free)}
          </Link>
        ),
        csv: ({ counts }) => String(counts.free),
      },
      {
        key: 'wire',
        title: t('networks.wires'),
        width: 'minmax(150px, 1.4fr)',
        render: (network) => <Wires network={network} />,
        csv: ({ wire, additionalWires }) =>
          [wire.name, ...additionalWires.map((one) => one.wire.name)].join(' '),
      },
      {
        key: 'space',
        title: t('networks.space'),
        width: 'minmax(80px, 0.8fr)',
        render: ({ space }) => (
          <Link
            {...linkTo('networks', undefined, { space: space.name })}
            className="wb-ref"
            title={space.name}
          >
            {space.name}
          </Link>
        ),
        csv: ({ space }) => space.name,
      },
      {
        key: 'tags',
        title: t('networks.tags'),
        width: 'minmax(80px, 0.8fr)',
        render: ({ tags }) => <span title={tagsText(tags)}>{tagsText(tags)}</span>,
        csv: ({ tags }) => tagsText(tags),
      },
    ],
    [t, count],
  );
}

export function tagsText(tags: Network['tags']): string {
  return Object.entries(tags)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join(', ');
}

function Wires(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const { id, wire, additionalWires, suggestedWires } = props.network;
  return (
    <>
      <RefLink to="wire" of={wire} />
      {additionalWires.length > 0 && (
        <Link
          {...linkTo('network', id, { part: 'wires' })}
          className="wb-more-wires"
          title={additionalWires.map((one) => one.wire.name).join(', ')}
        >
          {t('networks.andMore', { count: additionalWires.length })}
        </Link>
      )}
      {suggestedWires.length > 0 && (
        <Link
          {...linkTo('network', id, { part: 'wires' })}
          className="wb-more-wires"
          title={t('networks.suggestedTitle')}
        >
          {t('networks.andSuggested', { count: suggestedWires.length })}
        </Link>
      )}
    </>
  );
}
