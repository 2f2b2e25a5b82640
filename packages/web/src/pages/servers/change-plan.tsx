import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';

type Plan = Schemas['ServerChangePlan'];

export function isPlan(answer: Plan | Schemas['Operation'] | undefined): answer is Plan {
  return answer !== undefined && 'dryRun' in answer;
}

export function isOperation(
  answer: Plan | Schemas['ServerPlan'] | Schemas['Operation'] | undefined,
): answer is Schemas['Operation'] {
  return answer !== undefined && 'steps' in answer;
}

/** What a change of a server would come to, in sentences. */
export function ChangePlan(props: { plan: Plan }): ReactNode {
  const { t } = useTranslation();
  const { nic, releases, restarts, warnings } = props.plan;
  return (
    <ul className="wb-plan">
      {nic !== null && nic.ip === null && <li>{t('servers.changes.getsNone')}</li>}
      {nic !== null && nic.ip !== null && (
        <li>
          {t('servers.changes.gets', {
            ip: nic.ip,
            prefix: nic.prefixLength ?? '',
            network: nic.network?.name ?? '',
          })}{' '}
          {nic.gateway !== null && t('servers.changes.getsGateway', { gateway: nic.gateway })}
        </li>
      )}
      {nic !== null && nic.ip6 !== null && (
        <li>
          {t('servers.changes.gets', {
            ip: nic.ip6.ip,
            prefix: nic.ip6.prefixLength,
            network: nic.ip6.network.name,
          })}
        </li>
      )}
      {nic !== null && nic.wire !== null && <li>{t('servers.changes.boundTo', { wire: nic.wire.name })}</li>}
      {releases.map(({ ip, network }) => (
        <li key={ip}>
          {t('servers.changes.frees', { ip: network === null ? ip : `${ip} (${network.name})` })}
        </li>
      ))}
      {releases.length === 0 && <li>{t('servers.changes.freesNothing')}</li>}
      {restarts && <li>{t('servers.changes.restarts')}</li>}
      {warnings.map(({ code, text }) => (
        <li key={code} className="wb-plan-warning">
          {text}
        </li>
      ))}
    </ul>
  );
}
