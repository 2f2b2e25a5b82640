import { Button, type ButtonProps } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useAct } from '../../ui/act.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ChoiceField, Field, TextField } from '../networks/field.tsx';
import { FormDialog } from '../networks/form-dialog.tsx';
import { NetworkPick } from '../networks/pick.tsx';
import { toLocal, toTime } from './times.ts';

type Reservation = Schemas['Reservation'];

/** Keeps addresses back, or changes what is kept back. */
export function ReservationDialog(props: {
  /** Where it is known already. */
  network?: { readonly id: string; readonly name: string };
  start?: string;
  end?: string;
  existing?: Reservation;
  why: string | null;
  label?: string;
  button?: ButtonProps;
}): ReactNode {
  const { t } = useTranslation();
  const { existing } = props;
  return (
    <FormDialog
      label={props.label ?? t('reservations.reserve')}
      title={existing === undefined ? t('reservations.addTitle') : t('reservations.changeTitle')}
      why={props.why}
      {...(props.button !== undefined && { button: props.button })}
    >
      {(close) => <ReservationForm {...props} close={close} />}
    </FormDialog>
  );
}

function ReservationForm(props: {
  network?: { readonly id: string; readonly name: string };
  start?: string;
  end?: string;
  existing?: Reservation;
  close: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { existing } = props;
  const [form, setForm] = useState(() => ({
    network: existing?.network.id ?? props.network?.id ?? '',
    kind: existing?.kind ?? ('reserved' as const),
    start: existing?.start ?? props.start ?? '',
    end: existing?.end ?? props.end ?? '',
    note: existing?.note ?? '',
    expires: toLocal(existing?.expiresAt ?? null),
  }));
  const set = (changed: Partial<typeof form>): void => setForm((before) => ({ ...before, ...changed }));
  const act = useAct(
    () => {
      const body = {
        kind: form.kind,
        start: form.start.trim(),
        ...(form.end.trim() !== '' && { end: form.end.trim() }),
        note: form.note.trim(),
        expiresAt: toTime(form.expires),
      };
      return existing === undefined
        ? ask(api.POST('/api/v1/reservations', { body: { ...body, network: form.network } }))
        : ask(
            api.PATCH('/api/v1/reservations/{id}', {
              params: { path: { id: existing.id } },
              body: { ...body, end: body.end ?? body.start },
            }),
          );
    },
    {
      done: ({ start, end }) => {
        props.close();
        const range = start === end ? start : `${start} – ${end}`;
        return existing === undefined
          ? t('reservations.added', { range })
          : t('reservations.changed', { range });
      },
    },
  );
  const said =
    form.end.trim() === '' || form.end.trim() === form.start.trim()
      ? form.start.trim()
      : `${form.start.trim()} – ${form.end.trim()}`;
  return (
    <form
      className="wb-net-form"
      onSubmit={(event) => {
        event.preventDefault();
        act.mutate();
      }}
    >
      <p>{t('reservations.about')}</p>
      {existing === undefined && props.network === undefined && (
        <Field label={t('networks.one')}>
          {(id) => (
            <NetworkPick
              id={id}
              label={t('networks.one')}
              width="100%"
              value={form.network}
              onChange={(network) => set({ network: network ?? '' })}
            />
          )}
        </Field>
      )}
      <ChoiceField
        label={t('reservations.kind')}
        value={form.kind}
        options={(['reserved', 'dhcp'] as const).map((value) => ({
          value,
          label: t(`reservations.kinds.${value}`),
        }))}
        onChange={(kind) => set({ kind })}
      />
      <div className="wb-net-field-row">
        <TextField
          label={t('networks.start')}
          code
          required
          value={form.start}
          onChange={(start) => set({ start })}
        />
        <TextField
          label={t('networks.end')}
          code
          value={form.end}
          hint={t('reservations.endHint')}
          onChange={(end) => set({ end })}
        />
      </div>
      <TextField label={t('reservations.note')} value={form.note} onChange={(note) => set({ note })} />
      <TextField
        label={t('reservations.expires')}
        type="datetime-local"
        value={form.expires}
        hint={t('reservations.expiresHint')}
        onChange={(expires) => set({ expires })}
      />
      {act.isError && <ProblemNotice error={act.error} />}
      <div className="wb-line">
        <Button type="primary" htmlType="submit" loading={act.isPending}>
          {existing === undefined
            ? said === ''
              ? t('reservations.reserve')
              : t('reservations.confirm', { range: said })
            : t('common.save')}
        </Button>
      </div>
    </form>
  );
}
