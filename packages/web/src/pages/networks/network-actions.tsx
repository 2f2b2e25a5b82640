import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas, tell } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useNeeds } from '../../ui/needs.ts';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { FormDialog } from './form-dialog.tsx';
import { ChangeEffectText } from './effect.tsx';
import { Field, TextField } from './field.tsx';
import { NetworkPick, WirePick } from './pick.tsx';

type Network = Schemas['Network'];

/** What can be done to a network as a whole. */
export function NetworkActions(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const notMine = useNeeds('operator');
  const { network } = props;
  return (
    <>
      <ReasonedButton
        why={notMine}
        onClick={() => void navigate(linkTo('network', network.id, { part: 'change' }))}
      >
        {t('common.edit')}
      </ReasonedButton>
      <Split network={network} />
      <Merge network={network} />
      <Move network={network} />
      <Delete network={network} />
    </>
  );
}

function Split(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const notMine = useNeeds('operator');
  const { network } = props;
  const [at, setAt] = useState('');
  const [name, setName] = useState('');
  const [prefixLength, setPrefixLength] = useState('');
  const body = {
    at: at.trim(),
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(prefixLength !== '' && { prefixLength: Number(prefixLength) }),
  };
  const path = { id: network.id };
  return (
    <FormDialog label={t('networks.split.label')} title={t('networks.split.title')} why={notMine}>
      {(close) => (
        <>
          <p>{t('networks.split.about', { name: network.name })}</p>
          <TextField
            label={t('networks.split.at')}
            code
            required
            value={at}
            hint={t('networks.split.atHint', { start: network.start, end: network.end })}
            onChange={setAt}
          />
          <TextField label={t('networks.split.name')} value={name} onChange={setName} />
          <TextField
            label={t('networks.split.prefixLength')}
            type="number"
            value={prefixLength}
            onChange={setPrefixLength}
          />
          <PreviewedAction
            label={t('networks.form.preview')}
            title={t('networks.split.confirm', { name: network.name, at: at.trim() })}
            why={at.trim() === '' ? t('networks.split.atMissing') : null}
            preview={(signal) =>
              ask(
                api.POST('/api/v1/networks/{id}/split', {
                  params: { path, query: { dryRun: 'true' } },
                  body,
                  signal,
                }),
              )
            }
            describe={(effect) => <ChangeEffectText effect={effect} />}
            act={() => ask(api.POST('/api/v1/networks/{id}/split', { params: { path }, body }))}
            done={() => t('networks.split.done', { name: network.name })}
            afterwards={(effect) => {
              close();
              const made = effect.networks.find(({ id }) => id !== network.id);
              if (made !== undefined) void navigate(linkTo('network', made.id));
            }}
            button={{ type: 'primary' }}
          />
        </>
      )}
    </FormDialog>
  );
}

function Merge(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const notMine = useNeeds('operator');
  const { network } = props;
  const [into, setInto] = useState('');
  const [prefixLength, setPrefixLength] = useState('');
  const body = { into, ...(prefixLength !== '' && { prefixLength: Number(prefixLength) }) };
  const path = { id: network.id };
  return (
    <FormDialog label={t('networks.merge.label')} title={t('networks.merge.title')} why={notMine}>
      {(close) => (
        <>
          <p>{t('networks.merge.about', { name: network.name })}</p>
          <Field label={t('networks.merge.into')}>
            {(id) => (
              <NetworkPick
                id={id}
                label={t('networks.merge.into')}
                width="100%"
                family={network.family}
                space={network.space.name}
                but={network.id}
                value={into}
                onChange={(chosen) => setInto(chosen ?? '')}
              />
            )}
          </Field>
          <TextField
            label={t('networks.merge.prefixLength')}
            type="number"
            value={prefixLength}
            hint={t('networks.merge.prefixHint')}
            onChange={setPrefixLength}
          />
          <PreviewedAction
            label={t('networks.form.preview')}
            title={t('networks.merge.confirm', { name: network.name })}
            why={into === '' ? t('networks.merge.intoMissing') : null}
            preview={(signal) =>
              ask(
                api.POST('/api/v1/networks/{id}/merge', {
                  params: { path, query: { dryRun: 'true' } },
                  body,
                  signal,
                }),
              )
            }
            describe={(effect) => <ChangeEffectText effect={effect} />}
            act={async () => {
              await ask(api.POST('/api/v1/networks/{id}/merge', { params: { path }, body }));
              close();
              await navigate(linkTo('network', into));
            }}
            done={() => t('networks.merge.done', { name: network.name })}
            button={{ type: 'primary' }}
            danger
          />
        </>
      )}
    </FormDialog>
  );
}

function Move(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const notMine = useNeeds('operator');
  const { network } = props;
  const [wire, setWire] = useState('');
  const body = wire === '' ? {} : { wire };
  const path = { id: network.id };
  return (
    <FormDialog label={t('networks.move.label')} title={t('networks.move.title')} why={notMine}>
      {(close) => (
        <>
          <p>{t('networks.move.about', { name: network.name, wire: network.wire.name })}</p>
          <Field label={t('networks.move.to')} hint={t('networks.move.toHint')}>
            {(id) => (
              <WirePick
                id={id}
                label={t('networks.move.to')}
                width="100%"
                clearable
                value={wire}
                onChange={(chosen) => setWire(chosen ?? '')}
              />
            )}
          </Field>
          <PreviewedAction
            label={t('networks.form.preview')}
            title={t('networks.move.confirm', { name: network.name })}
            preview={(signal) =>
              ask(
                api.POST('/api/v1/networks/{id}/move', {
                  params: { path, query: { dryRun: 'true' } },
                  body,
                  signal,
                }),
              )
            }
            describe={(effect) => <ChangeEffectText effect={effect} />}
            act={() => ask(api.POST('/api/v1/networks/{id}/move', { params: { path }, body }))}
            done={() => t('networks.move.done', { name: network.name })}
            afterwards={close}
            button={{ type: 'primary' }}
          />
        </>
      )}
    </FormDialog>
  );
}

function Delete(props: { network: Network }): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const notMine = useNeeds('operator');
  const { network } = props;
  const path = { id: network.id };
  return (
    <PreviewedAction
      label={t('networks.delete.label')}
      title={t('networks.delete.title', { name: network.name })}
      danger
      why={notMine}
      preview={async (signal): Promise<Schemas['NetworkDeletion']> => {
        const deletion = await ask(
          api.DELETE('/api/v1/networks/{id}', { params: { path, query: { dryRun: 'true' } }, signal }),
        );
        if (deletion === undefined) throw new Error('a dry run is answered by what would happen');
        return deletion;
      }}
      describe={(deletion) => (
        <div className="wb-stack">
          <p>{t('networks.delete.about')}</p>
          <p>{t('networks.delete.ends', { count: deletion.ends })}</p>
          <p>{t('networks.delete.reservations', { count: deletion.reservations.length })}</p>
          <ul className="wb-bullets">
            {deletion.reservations.map((one) => (
              <li key={one.start}>
                <span className="wb-code">
                  {one.start === one.end ? one.start : `${one.start} – ${one.end}`}
                </span>{' '}
                {t(`states.reservationKind.${one.kind}`)} {one.note}
              </li>
            ))}
          </ul>
        </div>
      )}
      act={async () => {
        await tell(api.DELETE('/api/v1/networks/{id}', { params: { path } }));
        // Away from here first: what is shown of the network is read again otherwise, and is no more.
        await navigate(linkTo('networks'));
      }}
      done={() => t('networks.delete.done', { name: network.name })}
      button={{ danger: true }}
    />
  );
}
