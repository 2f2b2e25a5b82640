import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { ChangePlan, isOperation, isPlan } from './change-plan.tsx';
import type { ServerNic } from './server-facts.ts';

/** Takes a NIC off a server in vCenter and lets its addresses go. */
export function DetachNic(props: {
  server: Schemas['Server'];
  nic: ServerNic;
  why: string | null;
}): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { server, nic } = props;
  const detach = async (dryRun: boolean, signal?: AbortSignal) =>
    ask(
      api.DELETE('/api/v1/servers/{id}/nics/{mac}', {
        params: {
          path: { id: server.id, mac: nic.mac ?? '' },
          query: dryRun ? { dryRun: 'true' } : {},
        },
        ...(signal !== undefined && { signal }),
      }),
    );
  return (
    <PreviewedAction
      label={t('servers.changes.detach')}
      title={t('servers.changes.detachTitle', { nic: nic.label, server: server.name })}
      confirm={t('servers.changes.detachConfirm')}
      why={props.why}
      danger
      button={{ size: 'small', 'aria-label': `${t('servers.changes.detach')} ${nic.label}` }}
      preview={(signal) => detach(true, signal)}
      describe={(plan) => isPlan(plan) && <ChangePlan plan={plan} />}
      act={() => detach(false)}
      done={() => t('servers.changes.started')}
      afterwards={(started) => {
        if (isOperation(started)) void navigate(linkTo('operation', started.id));
      }}
    />
  );
}
