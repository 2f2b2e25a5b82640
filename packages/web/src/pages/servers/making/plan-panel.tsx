import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { Copyable } from '../../../ui/copyable.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { AddressLink, RefLink } from '../../../ui/ref-link.tsx';
import { HostTable } from './host-table.tsx';
import { hasField } from './refusals.ts';
import type { Planned } from './use-plan.ts';

type Plan = Schemas['ServerPlan'];

/** What the form would come to: addresses, hosts, warnings; or what stands in the way. */
export function PlanPanel(props: {
  planned: Planned;
  /** What is missing before anything can be looked up; null where nothing is. */
  missing: string | null;
  /** Whether the servers have their names already. */
  named: boolean;
  drsMayChoose: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const { planned, missing } = props;
  const { plan, error, current } = planned;
  const waiting = missing === null && !current;
  return (
    <div className={waiting ? 'wb-make-plan wb-make-waiting' : 'wb-make-plan'} aria-busy={waiting}>
      <Section title={t('newServer.plan')}>
        <p role="status" className="wb-make-status">
          {missing !== null
            ? missing
            : waiting
              ? t('newServer.looking')
              : plan === null
                ? t('newServer.notPossible')
                : verdictOf(plan, t)}
        </p>
        {missing !== null && <p className="wb-quiet">{t('newServer.planEmpty')}</p>}
        {missing === null && plan === null && error !== null && (
          <ProblemNotice error={error} retry={planned.again} />
        )}
        {plan !== null && (
          <>
            {plan.problems.map(({ code, text, remedy }) => (
              <div key={`${code} ${text}`} className="wb-notice wb-notice-problem">
                <strong>{text}</strong>
                {!hasField(code) && <p className="wb-remedy">{remedy}</p>}
              </div>
            ))}
            <PlannedServers plan={plan} named={props.named} />
            <p>{t('newServer.setupWill', { method: t(`newServer.methods.${plan.setup}`) })}</p>
            {plan.warnings.length > 0 && (
              <Notice kind="warning" title={t('newServer.warnings')}>
                <ul>
                  {plan.warnings.map(({ code, text }) => (
                    <li key={`${code} ${text}`}>{text}</li>
                  ))}
                </ul>
              </Notice>
            )}
            {plan.possible && <p className="wb-make-hint">{t('newServer.nothingHeld')}</p>}
          </>
        )}
      </Section>
      {plan !== null && (
        <Section title={t('newServer.hosts')}>
          {props.drsMayChoose && <p className="wb-make-hint">{t('newServer.drsMayChoose')}</p>}
          <HostTable hosts={plan.hosts} />
        </Section>
      )}
    </div>
  );
}

function verdictOf({ possible, servers }: Plan, t: TFunction): string {
  if (!possible) return t('newServer.notPossible');
  return servers.length === 1
    ? t('newServer.possible')
    : t('newServer.possibleMany', { count: servers.length });
}

function PlannedServers(props: { plan: Plan; named: boolean }): ReactNode {
  const { t } = useTranslation();
  const { named } = props;
  const { servers } = props.plan;
  const rows = servers.flatMap((server) =>
    server.nics.map((nic, index) => ({ server, nic, number: index + 1 })),
  );
  return (
    <div className="wb-make-servers" role="group" aria-label={t('newServer.plan')} tabIndex={0}>
      <table className="wb-plain">
        <thead>
          <tr>
            {named && <th scope="col">{t('newServer.name')}</th>}
            <th scope="col">{t('newServer.address')}</th>
            <th scope="col">{t('newServer.gateway')}</th>
            <th scope="col">{t('newServer.network')}</th>
            <th scope="col">{t('newServer.wire')}</th>
            <th scope="col">{t('newServer.hostColumn')}</th>
            <th scope="col">{t('newServer.datastoreColumn')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ server, nic, number }) => (
            <tr key={`${server.name} ${number}`}>
              {named && <td>{number === 1 && server.name}</td>}
              <td className="wb-nowrap">
                {nic.ip === null ? (
                  <span className="wb-quiet">{t('newServer.noAddress')}</span>
                ) : (
                  <Copyable text={nic.ip}>
                    <span className="wb-code wb-make-ip">
                      <AddressLink ip={nic.ip} />
                      {`/${nic.prefixLength ?? ''}`}
                    </span>
                  </Copyable>
                )}
                {nic.ip6 !== null && (
                  <div className="wb-code">
                    <AddressLink ip={nic.ip6.ip} />
                    {`/${nic.ip6.prefixLength}`}
                  </div>
                )}
              </td>
              <td className="wb-nowrap">
                {nic.network !== null && (nic.gateway ?? t('newServer.noGateway'))}
                {nic.ip6 !== null && <div>{nic.ip6.gateway}</div>}
              </td>
              <td>
                <RefLink to="network" of={nic.network} />
                {nic.ip6 !== null && (
                  <div>
                    <RefLink to="network" of={nic.ip6.network} />
                  </div>
                )}
              </td>
              <td>
                <RefLink to="wire" of={nic.wire} />
              </td>
              <td>{number === 1 && server.host}</td>
              <td>{number === 1 && server.datastore}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
