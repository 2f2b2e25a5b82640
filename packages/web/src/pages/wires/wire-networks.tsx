import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Empty } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { StateTag, type Tone } from '../../ui/state-tag.tsx';
import type { Finding } from './wire-findings.tsx';

type Wire = Schemas['Wire'];
type Network = Schemas['Network'];
export type Origin = 'primary' | 'declared' | 'detected' | 'suggested';
const tones: Record<Origin, Tone> = {
  primary: 'good',
  declared: 'info',
  detected: 'info',
  suggested: 'warning',
};

/** Networks that have this wire, primary or additional, as a query that more than one part asks. */
export function useNetworksOf(wire: Pick<Wire, 'id'>) {
  return useQuery({
    queryKey: ['networks', 'wire', wire.id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/networks', { params: { query: { wire: wire.id, limit: 500 } }, signal })),
  });
}

export function originOf(network: Network, wire: Pick<Wire, 'id'>): Exclude<Origin, 'suggested'> {
  if (network.wire.id === wire.id) return 'primary';
  return network.additionalWires.find((one) => one.wire.id === wire.id)?.origin ?? 'detected';
}

export function WireNetworks(props: { wire: Wire; suggestions: readonly Finding[] }): ReactNode {
  const { t } = useTranslation();
  const { wire } = props;
  const networks = useNetworksOf(wire);
  if (networks.isError) return <ProblemNotice error={networks.error} retry={() => void networks.refetch()} />;
  if (networks.data === undefined) return <Spin aria-label={t('common.loading')} />;
  const suggested = props.suggestions.filter(({ kind }) => kind === 'wire_suggested');
  const { items } = networks.data;
  const next =
    wire.purpose === 'vm' ? (
      <div className="wb-line">
        <Link {...linkTo('newNetwork', undefined, { wire: wire.id })} className="wb-inline-link">
          {t('wires.onNetworks.create')}
        </Link>
        <Link {...linkTo('proposals')} className="wb-inline-link">
          {t('wires.onNetworks.proposals')}
        </Link>
      </div>
    ) : (
      <p className="wb-quiet">{t('wires.onNetworks.otherPurpose')}</p>
    );
  if (items.length === 0 && suggested.length === 0)
    return (
      <Empty title={t('wires.onNetworks.none')}>
        {wire.purpose === 'vm' && <p>{t('wires.onNetworks.noneWhy')}</p>}
        {next}
      </Empty>
    );
  return (
    <div className="wb-stack">
      <div className="wb-scroll-x" role="region" aria-label={t('wires.networks')} tabIndex={0}>
        <table className="wb-plain">
          <thead>
            <tr>
              <th>{t('wires.name')}</th>
              <th>{t('wires.onNetworks.range')}</th>
              <th>{t('wires.onNetworks.gateway')}</th>
              <th>{t('wires.onNetworks.origin')}</th>
              <th>{t('wires.onNetworks.evidence')}</th>
              <th className="wb-end">{t('wires.onNetworks.used')}</th>
              <th className="wb-end">{t('wires.onNetworks.free')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((network) => (
              <NetworkRow key={network.id} network={network} wire={wire} />
            ))}
            {suggested.map((finding) => (
              <tr key={finding.id}>
                <td>
                  <RefLink to="network" of={finding.network} />
                </td>
                <td />
                <td />
                <td>
                  <StateTag tone={tones.suggested}>{t('wires.onNetworks.suggested')}</StateTag>
                </td>
                <td colSpan={3}>
                  <p>{finding.text}</p>
                  <p className="wb-remedy wb-quiet">{finding.remedy}</p>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {next}
    </div>
  );
}

function NetworkRow({ network, wire }: { network: Network; wire: Wire }): ReactNode {
  const { t } = useTranslation();
  const origin = originOf(network, wire);
  const additional = network.additionalWires.find((one) => one.wire.id === wire.id);
  return (
    <tr>
      <td>
        <RefLink to="network" of={network} />
      </td>
      <td className="wb-code wb-nowrap">{network.cidr}</td>
      <td>{network.gateway !== null && <AddressLink ip={network.gateway} space={network.space.id} />}</td>
      <td>
        <StateTag tone={tones[origin]}>{t(`wires.onNetworks.${origin}`)}</StateTag>
      </td>
      <td>
        {additional !== undefined && (
          <>
            {t('wires.onNetworks.servers', { count: additional.servers })}
            {additional.note !== null && <p className="wb-quiet">{additional.note}</p>}
          </>
        )}
      </td>
      <td className="wb-end">
        <Link {...linkTo('network', network.id)}>{network.counts.used}</Link>
      </td>
      <td className="wb-end">{network.counts.free}</td>
    </tr>
  );
}
