import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Moment } from '../../ui/moment.tsx';
import { Section } from '../../ui/page.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { useCount } from '../../ui/quantities.ts';

type Network = Schemas['Network'];

/** What the network says to those who get its addresses, and what of it is given out. */
export function NetworkSettings(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const { network } = props;
  const space = network.space.name;
  const none = <span className="wb-quiet">{t('common.none')}</span>;
  const addresses = (ips: readonly string[]): ReactNode =>
    ips.length === 0
      ? none
      : ips.map((ip) => (
          <div key={ip}>
            <AddressLink ip={ip} space={space} />
          </div>
        ));
  return (
    <div className="wb-columns">
      <Section
        title={t('networks.part.settings')}
        actions={
          <Link
            {...linkTo('network', network.id, { part: 'change' })}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            {t('common.edit')}
          </Link>
        }
      >
        <dl className="wb-facts">
          <dt>{t('networks.range')}</dt>
          <dd className="wb-code">
            {network.start} – {network.end} (/{network.prefixLength})
          </dd>
          <dt>{t('networks.giving')}</dt>
          <dd>
            <Giving network={network} />
          </dd>
          <dt>{t('networks.gateway')}</dt>
          <dd>{network.gateway === null ? none : <AddressLink ip={network.gateway} space={space} />}</dd>
          <dt>{t('networks.dns')}</dt>
          <dd>{addresses(network.dns)}</dd>
          <dt>{t('networks.domain')}</dt>
          <dd>{network.domain ?? none}</dd>
          <dt>{t('networks.ntp')}</dt>
          <dd>{network.ntp.length === 0 ? none : network.ntp.map((one) => <div key={one}>{one}</div>)}</dd>
          <dt>{t('networks.policy')}</dt>
          <dd>{t(`states.allocationPolicy.${network.allocationPolicy}`)}</dd>
          <dt>{t('networks.resting')}</dt>
          <dd>{t('networks.restingMinutes', { count: Math.round(network.restingSeconds / 6) / 10 })}</dd>
          <dt>{t('networks.companion')}</dt>
          <dd>{network.companion === null ? none : <RefLink to="network" of={network.companion} />}</dd>
          <dt>{t('networks.description')}</dt>
          <dd className="wb-pre">{network.description === '' ? none : network.description}</dd>
          <dt>{t('networks.tags')}</dt>
          <dd>
            {Object.keys(network.tags).length === 0
              ? none
              : Object.entries(network.tags).map(([name, value]) => (
                  <div key={name}>{value === '' ? name : `${name} = ${value}`}</div>
                ))}
          </dd>
          <dt>{t('networks.made')}</dt>
          <dd>
            <Moment at={network.createdAt} />
          </dd>
          <dt>{t('networks.changed')}</dt>
          <dd>
            <Moment at={network.updatedAt} />
          </dd>
        </dl>
      </Section>
      <Counts network={network} />
    </div>
  );
}

function Giving(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const { giving, start, end } = props.network;
  if (giving.length === 0) return t('networks.givesNone');
  if (giving.length === 1 && giving[0]?.start === start && giving[0].end === end)
    return t('networks.givesAll');
  return giving.map((range) => (
    <div key={range.start} className="wb-code">
      {range.start === range.end ? range.start : `${range.start} – ${range.end}`}
    </div>
  ));
}

const stateOf = {
  used: 'used,conflict',
  reserved: 'reserved,dhcp,gateway',
  resting: 'resting',
  seen: 'seen',
  free: 'free',
} as const;

function Counts(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const count = useCount();
  const { id, counts } = props.network;
  return (
    <Section title={t('networks.counts')}>
      <dl className="wb-facts">
        <dt>{t('networks.count.total')}</dt>
        <dd>
          <Link {...linkTo('network', id)} activeOptions={{ exact: true, includeSearch: true }}>
            {count(counts.total)}
          </Link>
        </dd>
        {(['used', 'reserved', 'resting', 'seen', 'free'] as const).map((part) => (
          <CountRow key={part} id={id} part={part} text={count(counts[part])} />
        ))}
      </dl>
      <Link {...linkTo('reservations', undefined, { network: id })}>{t('networks.toReservations')}</Link>
      <Link {...linkTo('addresses', undefined, { network: id })}>{t('networks.toTaken')}</Link>
      <Link {...linkTo('conflicts', undefined, { network: id })}>{t('networks.toConflicts')}</Link>
      <Link {...linkTo('nics', undefined, { network: id })}>{t('networks.toNics')}</Link>
    </Section>
  );
}

function CountRow(props: { id: string; part: keyof typeof stateOf; text: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <dt>{t(`networks.count.${props.part}`)}</dt>
      <dd>
        <Link
          {...linkTo('network', props.id, { state: stateOf[props.part] })}
          activeOptions={{ exact: true, includeSearch: true }}
        >
          {props.text}
        </Link>
      </dd>
    </>
  );
}
