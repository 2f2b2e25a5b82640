import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Section } from '../../ui/page.tsx';
import { useCount } from '../../ui/quantities.ts';
import { RefLink } from '../../ui/ref-link.tsx';
import { NEARLY_FULL, useFullest } from './full-networks.ts';

type Network = Schemas['Network'];

/** The fullest networks: there the next address is looked for in vain first. */
export function Utilisation(): ReactNode {
  const { t } = useTranslation();
  const networks = useFullest();
  return (
    <Section
      title={t('overview.utilisation')}
      actions={
        <Link {...linkTo('networks', undefined, { sort: '-utilisation' })}>{t('overview.allNetworks')}</Link>
      }
    >
      <Loaded of={networks}>
        {(fullest) =>
          fullest.length === 0 ? (
            <p>
              {t('overview.noNetworksYet')}{' '}
              <Link {...linkTo('proposals')} className="wb-inline-link">
                {t('overview.do.proposals')}
              </Link>
            </p>
          ) : (
            <Table networks={fullest} />
          )
        }
      </Loaded>
    </Section>
  );
}

function Table(props: { networks: readonly Network[] }): ReactNode {
  const { t } = useTranslation();
  const count = useCount();
  return (
    <table className="wb-plain wb-fills">
      <thead>
        <tr>
          <th scope="col">{t('overview.network')}</th>
          <th scope="col">{t('overview.fill')}</th>
          <th scope="col" className="wb-end">
            {t('overview.used')}
          </th>
          <th scope="col" className="wb-end">
            {t('overview.free')}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.networks.map((network) => (
          <tr key={network.id}>
            <td className="wb-fills-name">
              <RefLink to="network" of={network} />
              <span className="wb-quiet wb-code" title={network.cidr}>
                {network.cidr}
              </span>
            </td>
            <td>
              <Fill network={network} />
            </td>
            <td className="wb-end">{count(network.counts.used)}</td>
            <td className="wb-end">{count(network.counts.free)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/**
 * Of what may be given. A network that gives nothing, as one that was proposed and accepted, is never full: of it the part of its range is shown
 * that is used.
 */
function Fill(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const { name, utilisation, counts } = props.network;
  const gives = utilisation !== null;
  // Cut, not rounded: 100 % only where nothing is left.
  const percent = Math.floor(gives ? utilisation : (counts.used / Math.max(1, counts.total)) * 100);
  return (
    <span className="wb-fill">
      <meter
        className={
          gives
            ? utilisation >= NEARLY_FULL
              ? 'wb-meter wb-meter-full'
              : 'wb-meter'
            : 'wb-meter wb-meter-quiet'
        }
        min={0}
        max={100}
        value={percent}
        aria-label={t('overview.filled', { percent, name })}
      />
      <span>{t('overview.percent', { percent })}</span>
      {!gives && <span className="wb-quiet">{t('overview.givesNone')}</span>}
    </span>
  );
}
