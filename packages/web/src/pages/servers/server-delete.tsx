import { useNavigate } from '@tanstack/react-router';
import { Checkbox } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { PreviewedForm } from '../../ui/previewed-form.tsx';
import { ChangePlan, isOperation, isPlan } from './change-plan.tsx';

/** Deletes a server in vCenter and lets its addresses go. What it has is shown first; a running one isn't powered off unasked. */
export function DeleteServer(props: { server: Schemas['Server']; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id, name, powerState } = props.server;
  const running = powerState !== 'poweredOff';
  const [powerOff, setPowerOff] = useState(false);
  const remove = async (dryRun: boolean, signal?: AbortSignal) =>
    ask(
      api.DELETE('/api/v1/servers/{id}', {
        params: {
          path: { id },
          query: { ...(dryRun && { dryRun: 'true' }), ...(powerOff && { powerOff: 'true' }) },
        },
        ...(signal !== undefined && { signal }),
      }),
    );
  return (
    <PreviewedForm
      title={t('servers.changes.removeTitle', { server: name })}
      onClose={props.onClose}
      danger
      fields={
        <>
          <p>{t('servers.changes.removeForGood')}</p>
          {running && (
            <Checkbox checked={powerOff} onChange={(event) => setPowerOff(event.target.checked)}>
              {t('servers.changes.powerOff')}
            </Checkbox>
          )}
        </>
      }
      input={running && !powerOff ? null : { powerOff }}
      incomplete={t('servers.changes.running')}
      preview={(_input, signal) => remove(true, signal)}
      describe={(plan) => isPlan(plan) && <ChangePlan plan={plan} />}
      act={() => remove(false)}
      confirm={() => t('servers.changes.removeConfirm')}
      done={() => t('servers.changes.started')}
      afterwards={(started) => {
        if (isOperation(started)) void navigate(linkTo('operation', started.id));
      }}
    />
  );
}
