import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { PreviewedForm } from '../../ui/previewed-form.tsx';
import { ChangePlan, isOperation, isPlan } from './change-plan.tsx';
import { NicWishFields, noWish, wishBody } from './nic-wish.tsx';
import type { ServerNic } from './server-facts.ts';

/** Gives a NIC another address, another network or another wire. */
export function ChangeNic(props: {
  server: Schemas['Server'];
  nic: ServerNic;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { server, nic } = props;
  const [wish, setWish] = useState(noWish);
  const untouched = wish.network === undefined && wish.wire === undefined && wish.ip.trim() === '';
  const change = async (input: Schemas['ChangeNicInput'], signal?: AbortSignal) =>
    ask(
      api.PATCH('/api/v1/servers/{id}/nics/{mac}', {
        params: { path: { id: server.id, mac: nic.mac ?? '' } },
        body: input,
        ...(signal !== undefined && { signal }),
      }),
    );
  return (
    <PreviewedForm
      title={t('servers.changes.modifyTitle', { nic: nic.label, server: server.name })}
      onClose={props.onClose}
      fields={<NicWishFields wish={wish} onChange={setWish} />}
      input={untouched ? null : wishBody(wish)}
      incomplete={t('servers.changes.needsChange')}
      preview={(input, signal) => change({ ...input, dryRun: true }, signal)}
      describe={(plan) => isPlan(plan) && <ChangePlan plan={plan} />}
      act={(input) => change(input)}
      confirm={() => t('servers.changes.modifyConfirm')}
      done={() => t('servers.changes.started')}
      afterwards={(started) => {
        if (isOperation(started)) void navigate(linkTo('operation', started.id));
      }}
    />
  );
}
