import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../../api.ts';
import { useAct } from '../../../ui/act.ts';
import { useNeeds } from '../../../ui/needs.ts';
import { PreviewedAction } from '../../../ui/previewed-action.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { ReservationDialog } from '../../reservations/reservation-dialog.tsx';
import { ReservationRemove } from '../../reservations/reservation-remove.tsx';
import { TextField } from '../field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { toTime } from '../../reservations/times.ts';
import { FixAddress } from './address-fix.tsx';

type Explained = Schemas['Why']['addresses'][number];

/** What can be done with one address; what can't be done says why. */
export function AddressActions(props: { network: Schemas['Network']; explained: Explained }): ReactNode {
  const { t } = useTranslation();
  const notMine = useNeeds('operator');
  const { network, explained } = props;
  const { ip, state } = explained;
  const kept = useQuery({
    queryKey: ['reservations', network.id, ip],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/reservations', { params: { query: { network: network.id, ip } }, signal })),
  });
  const reservation = kept.data?.items[0];
  const taken = explained.source !== null;
  const holder = explained.server?.name ?? explained.holder?.name ?? explained.key ?? '';
  return (
    <div className="wb-line">
      <Allocate
        network={network}
        ip={ip}
        why={
          notMine ??
          (explained.free || state === 'not_given'
            ? null
            : (explained.obstacles[0]?.text ?? t('networks.allocate.notFree')))
        }
      />
      <FixAddress network={network} ip={ip} />
      {reservation === undefined ? (
        <ReservationDialog network={network} start={ip} why={notMine} />
      ) : (
        <ReservationRemove reservation={reservation} />
      )}
      <PreviewedAction
        label={t('networks.release.label')}
        title={t('networks.release.title', { range: ip })}
        confirm={t('networks.release.label')}
        why={notMine ?? (taken ? null : t('networks.release.nobody'))}
        preview={() => Promise.resolve(explained)}
        describe={() => (
          <p>
            {explained.source === 'tools'
              ? t('networks.release.aboutTools', { ip, who: holder })
              : t('networks.release.about', { ip, who: holder })}
          </p>
        )}
        act={() =>
          ask(
            api.POST('/api/v1/networks/{id}/release', {
              params: { path: { id: network.id } },
              body: { ips: [ip] },
            }),
          )
        }
        done={({ items }) =>
          t('networks.release.done', { count: items.filter(({ released }) => released).length })
        }
        danger
      />
    </div>
  );
}

/** Exactly this address, for somebody outside vCenter or for later. */
function Allocate(props: { network: Schemas['Network']; ip: string; why: string | null }): ReactNode {
  const { t } = useTranslation();
  return (
    <FormDialog
      label={t('networks.allocate.label')}
      title={t('networks.allocate.title', { ip: props.ip })}
      why={props.why}
    >
      {(close) => <AllocateForm network={props.network} ip={props.ip} close={close} />}
    </FormDialog>
  );
}

function AllocateForm(props: { network: Schemas['Network']; ip: string; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const { network, ip } = props;
  const [form, setForm] = useState({ name: '', owner: '', mac: '', note: '', key: '', expires: '' });
  const set = (changed: Partial<typeof form>): void => setForm((before) => ({ ...before, ...changed }));
  const key = form.key.trim() || form.name.trim();
  const needsKey = form.owner.trim() !== '' || form.mac.trim() !== '';
  const expiresAt = toTime(form.expires);
  const act = useAct(
    async () => {
      const note = form.note.trim();
      const common = { ip, ...(note !== '' && { note }), ...(expiresAt !== null && { expiresAt }) };
      const path = { id: network.id };
      if (key === '')
        return ask(api.POST('/api/v1/networks/{id}/allocate', { params: { path }, body: common }));
      return ask(
        api.PUT('/api/v1/networks/{id}/claims/{key}', {
          params: { path: { ...path, key } },
          body: {
            ...common,
            ...(form.name.trim() !== '' && { name: form.name.trim() }),
            ...(form.owner.trim() !== '' && { owner: form.owner.trim() }),
            ...(form.mac.trim() !== '' && { mac: form.mac.trim() }),
          },
        }),
      );
    },
    {
      done: () => {
        props.close();
        return t('networks.allocate.done', { ip });
      },
    },
  );
  return (
    <form
      className="wb-net-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!(needsKey && key === '')) act.mutate();
      }}
    >
      <p>{t('networks.allocate.about', { ip, name: network.name })}</p>
      <TextField
        label={t('networks.selected.holder')}
        value={form.name}
        required={needsKey && form.key.trim() === ''}
        hint={t('networks.allocate.nameHint')}
        onChange={(name) => set({ name })}
      />
      <TextField
        label={t('networks.selected.owner')}
        value={form.owner}
        onChange={(owner) => set({ owner })}
      />
      <TextField label={t('networks.mac')} code value={form.mac} onChange={(mac) => set({ mac })} />
      <TextField label={t('networks.selected.note')} value={form.note} onChange={(note) => set({ note })} />
      <TextField
        label={t('networks.selected.key')}
        value={form.key}
        hint={t('networks.allocate.keyHint')}
        onChange={(text) => set({ key: text })}
      />
      <TextField
        label={t('networks.allocate.expires')}
        type="datetime-local"
        value={form.expires}
        hint={t('networks.allocate.expiresHint')}
        onChange={(expires) => set({ expires })}
      />
      {act.isError && <ProblemNotice error={act.error} />}
      <div className="wb-line">
        <Button type="primary" htmlType="submit" loading={act.isPending}>
          {t('networks.allocate.confirm', { ip })}
        </Button>
      </div>
    </form>
  );
}
