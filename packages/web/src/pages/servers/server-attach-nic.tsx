import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { PreviewedForm } from '../../ui/previewed-form.tsx';
import { ChangePlan, isOperation, isPlan } from './change-plan.tsx';
import { NicWishFields, noWish, wishBody } from './nic-wish.tsx';

/** Plugs another NIC into a server, with an address. */
export function AttachNic(props: { server: Schemas['Server']; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { server } = props;
  const [wish, setWish] = useState(noWish);
  const body = wish.network === undefined && wish.wire === undefined ? null : wishBody(wish);
  const attach = async (input: Schemas['AttachNicInput'], signal?: AbortSignal) =>
    ask(
      api.POST('/api/v1/servers/{id}/nics', {
        params: { path: { id: server.id } },
        body: input,
        ...(signal !== undefined && { signal }),
      }),
    );
  return (
    <PreviewedForm
      title={t('servers.changes.attachTitle', { server: server.name })}
      onClose={props.onClose}
      fields={<NicWishFields wish={wish} onChange={setWish} />}
      input={body}
      incomplete={t('servers.changes.needsPlace')}
      preview={(input, signal) => attach({ ...input, dryRun: true }, signal)}
      describe={(plan) => isPlan(plan) && <ChangePlan plan={plan} />}
      act={(input) => attach(input)}
      confirm={() => t('servers.changes.attach')}
      done={() => t('servers.changes.started')}
      afterwards={(started) => {
        if (isOperation(started)) void navigate(linkTo('operation', started.id));
      }}
    />
  );
}
