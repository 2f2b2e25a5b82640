import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Moment } from '../../ui/moment.tsx';
import { RefLink } from '../../ui/ref-link.tsx';

type Wire = Schemas['Wire'];

/** What vCenter says of the port group and of the switch that it belongs to. */
export function WireFacts({ wire }: { wire: Wire }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="wb-section wb-wire-facts" aria-label={t('wires.facts.title')}>
      <dl className="wb-facts">
        <dt>{t('wires.space')}</dt>
        <dd>
          <Link {...linkTo('spaces')}>{wire.space.name}</Link>
        </dd>
        <dt>{t('wires.datacenter')}</dt>
        <dd>{wire.datacenter ?? t('common.none')}</dd>
        <dt>{t('wires.facts.portGroupId')}</dt>
        <dd className="wb-code">{wire.portGroupId}</dd>
        <dt>{t('wires.facts.firstSeen')}</dt>
        <dd>
          <Moment at={wire.createdAt} />
        </dd>
      </dl>
      <SwitchFacts wire={wire} />
      <dl className="wb-facts">
        <SecurityFacts security={wire.security} />
      </dl>
      <dl className="wb-facts">
        <TeamingFacts teaming={wire.teaming} />
      </dl>
    </section>
  );
}

/** The switch that has the port group; a standard one is each host's own, so there may be many of one name. */
function SwitchFacts({ wire }: { wire: Wire }): ReactNode {
  const { t } = useTranslation();
  const refs =
    wire.virtualSwitch === null
      ? wire.hostVlans.flatMap((one) => (one.switch === null ? [] : [one.switch]))
      : [wire.virtualSwitch];
  const names = [...new Set(refs.map(({ name }) => name))];
  const ids = new Set(refs.map(({ id }) => id));
  const found = useQuery({
    queryKey: ['virtual-switches', wire.account.id, names],
    enabled: names.length > 0,
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(
        names.map((name) =>
          ask(
            api.GET('/api/v1/virtual-switches', {
              params: { query: { account: wire.account.id, name, limit: 500 } },
              signal,
            }),
          ),
        ),
      );
      return lists.flatMap(({ items }) => items);
    },
  });
  const switches = (found.data ?? []).filter(({ id }) => ids.has(id));
  const mtus = Map.groupBy(switches, ({ mtu }) => mtu);
  const hosts = [...new Map(switches.flatMap((one) => one.hosts).map((host) => [host.id, host])).values()];
  return (
    <dl className="wb-facts">
      <dt>{t('wires.switch')}</dt>
      {names.length === 0 && <dd className="wb-quiet">{t('wires.facts.switchNone')}</dd>}
      {wire.virtualSwitch !== null ? (
        <dd>
          <Link {...linkTo('wires', undefined, { virtualSwitch: wire.virtualSwitch.id })}>
            {wire.virtualSwitch.name}
          </Link>
        </dd>
      ) : (
        names.length > 0 && <dd title={t('wires.facts.switchPerHost')}>{names.join(', ')}</dd>
      )}
      {switches.length > 0 && (
        <>
          <dt>{t('wires.facts.mtu')}</dt>
          <dd>
            {[...mtus].map(([mtu, those]) => (
              <div key={mtu}>
                {mtu ?? t('wires.facts.notSaid')}
                {mtus.size > 1 && (
                  <span className="wb-quiet">
                    {' '}
                    {t('wires.picture.hosts', { count: those.flatMap((one) => one.hosts).length })}
                  </span>
                )}
              </div>
            ))}
          </dd>
          <dt>{t('wires.facts.switchHosts')}</dt>
          <dd>
            <details className="wb-wire-switch-hosts">
              <summary>{t('wires.picture.hosts', { count: hosts.length })}</summary>
              {hosts.map((host) => (
                <div key={host.id}>
                  <RefLink to="host" of={host} />
                </div>
              ))}
            </details>
          </dd>
        </>
      )}
    </dl>
  );
}

function SecurityFacts({ security }: Pick<Wire, 'security'>): ReactNode {
  const { t } = useTranslation();
  if (security === null)
    return (
      <>
        <dt>{t('wires.facts.security')}</dt>
        <dd className="wb-quiet">{t('wires.facts.securityNotSaid')}</dd>
      </>
    );
  const words = (value: boolean | null): string =>
    value === null ? t('wires.facts.notSaid') : value ? t('wires.facts.accept') : t('wires.facts.reject');
  return (
    <>
      <dt>{t('wires.facts.promiscuous')}</dt>
      <dd>{words(security.promiscuous)}</dd>
      <dt>{t('wires.facts.macChanges')}</dt>
      <dd>{words(security.macChanges)}</dd>
      <dt>{t('wires.facts.forgedTransmits')}</dt>
      <dd>{words(security.forgedTransmits)}</dd>
    </>
  );
}

const policies = [
  'loadbalance_srcid',
  'loadbalance_ip',
  'loadbalance_srcmac',
  'loadbalance_loadbased',
  'failover_explicit',
] as const;

function TeamingFacts({ teaming }: Pick<Wire, 'teaming'>): ReactNode {
  const { t } = useTranslation();
  if (teaming === null)
    return (
      <>
        <dt>{t('wires.facts.teaming')}</dt>
        <dd className="wb-quiet">{t('wires.facts.teamingNotSaid')}</dd>
      </>
    );
  const policy = policies.find((one) => one === teaming.policy);
  return (
    <>
      <dt>{t('wires.facts.policy')}</dt>
      <dd title={teaming.policy ?? undefined}>
        {policy === undefined ? (teaming.policy ?? t('wires.facts.notSaid')) : t(`wires.policies.${policy}`)}
      </dd>
      <dt>{t('wires.facts.active')}</dt>
      <dd>{teaming.active.join(', ') || t('common.none')}</dd>
      <dt>{t('wires.facts.standby')}</dt>
      <dd>{teaming.standby.join(', ') || t('common.none')}</dd>
    </>
  );
}
