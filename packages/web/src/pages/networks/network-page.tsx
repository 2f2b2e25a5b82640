import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { useFilters } from '../../ui/filters.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { NetworkAddresses } from './grid/network-addresses.tsx';
import { NetworkActions } from './network-actions.tsx';
import { NetworkChange } from './network-change.tsx';
import { NetworkSettings } from './network-settings.tsx';
import { NetworkWires } from './network-wires.tsx';
import { Utilisation } from './utilisation.tsx';
import './networks.css';

const shownParts = ['addresses', 'wires', 'settings'] as const;
const parts = [...shownParts, 'change'] as const;
type Part = (typeof parts)[number];

/** One network: its addresses, its wires, what it says, and what can be done to it. */
export function NetworkPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  const [filters] = useFilters();
  const network = useQuery({
    queryKey: ['network', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/networks/{id}', { params: { path: { id } }, signal })),
  });
  const part = parts.find((one) => one === filters['part']) ?? 'addresses';
  const { data } = network;
  return (
    <Page
      title={data?.name ?? t('networks.one')}
      above={<Link {...linkTo('networks')}>{t('shell.pages.networks')}</Link>}
      aside={data !== undefined && <About network={data} />}
      actions={data !== undefined && <NetworkActions key={data.id} network={data} />}
      ready={!network.isPending}
    >
      {network.isPending && <Spin aria-label={t('common.loading')} />}
      {network.isError && <ProblemNotice error={network.error} retry={() => void network.refetch()} />}
      {data !== undefined && (
        <>
          <Parts network={data} part={part} />
          {part === 'addresses' && <NetworkAddresses key={data.id} network={data} />}
          {part === 'wires' && <NetworkWires network={data} />}
          {part === 'settings' && <NetworkSettings network={data} />}
          {part === 'change' && <NetworkChange key={data.id} network={data} />}
        </>
      )}
    </Page>
  );
}

function About(props: { network: Schemas['Network'] }): ReactNode {
  const { t } = useTranslation();
  const { network } = props;
  return (
    <>
      <span title={`${network.start} – ${network.end}`}>
        <Copyable text={network.cidr} />
      </span>
      <span className="wb-net-about">
        {t('networks.onWire')} <RefLink to="wire" of={network.wire} />
      </span>
      <span className="wb-net-about">
        {t('networks.inSpace')}{' '}
        <Link {...linkTo('networks', undefined, { space: network.space.name })} className="wb-ref">
          {network.space.name}
        </Link>
      </span>
      <Utilisation of={network} wide />
    </>
  );
}

function Parts(props: { network: Schemas['Network']; part: Part }): ReactNode {
  const { t } = useTranslation();
  const { network, part } = props;
  const wires = 1 + network.additionalWires.length;
  return (
    <nav className="wb-parts" aria-label={t('networks.parts')}>
      {shownParts.map((one) => (
        <Link
          key={one}
          {...linkTo('network', network.id, one === 'addresses' ? {} : { part: one })}
          activeOptions={{ exact: true, includeSearch: true }}
          {...((one === part || (one === 'settings' && part === 'change')) && {
            'aria-current': 'page' as const,
          })}
        >
          {t(`networks.part.${one}`)}
          {one === 'wires' && ` (${wires})`}
          {one === 'wires' && network.suggestedWires.length > 0 && (
            <span className="wb-badge-quiet">
              {t('networks.andSuggested', { count: network.suggestedWires.length })}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
