import { Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { linkTo } from '../../paths.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { isNearlyFull, useNetworksByFill } from './networks-by-fill.ts';

const SHOWN = 12;

/** The fullest networks: there the next address is looked for in vain first. */
export function Utilisation(): ReactNode {
  const { t } = useTranslation();
  const networks = useNetworksByFill();
  return (
    <Section
      title={t('overview.utilisation')}
      actions={<Link {...linkTo('networks')}>{t('overview.allNetworks')}</Link>}
    >
      {networks.isPending && <Spin aria-label={t('common.loading')} />}
      {networks.isError && <ProblemNotice error={networks.error} retry={() => void networks.refetch()} />}
      {networks.data?.length === 0 && (
        <p>
          {t('overview.noNetworksYet')}{' '}
          <Link {...linkTo('proposals')} className="wb-inline-link">
            {t('overview.do.proposals')}
          </Link>
        </p>
      )}
      {networks.data !== undefined && networks.data.length > 0 && (
        <table className="wb-plain wb-fills">
          <thead>
            <tr>
              <th scope="col">{t('overview.network')}</th>
              <th scope="col">{t('overview.fill')}</th>
              <th scope="col" className="wb-end">
                {t('overview.free')}
              </th>
            </tr>
          </thead>
          <tbody>
            {networks.data.slice(0, SHOWN).map((filled) => {
              const { network, fill } = filled;
              const percent = Math.round(fill * 100);
              return (
                <tr key={network.id}>
                  <td className="wb-fills-name">
                    <RefLink to="network" of={network} />
                    <span className="wb-quiet wb-code">{network.cidr}</span>
                  </td>
                  <td>
                    <span className="wb-fill">
                      <meter
                        className={isNearlyFull(filled) ? 'wb-meter wb-meter-full' : 'wb-meter'}
                        min={0}
                        max={100}
                        value={percent}
                        aria-label={t('overview.filled', { percent, name: network.name })}
                      />
                      <span>{percent} %</span>
                    </span>
                  </td>
                  <td className="wb-end">{network.counts.free.toLocaleString()}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Section>
  );
}
