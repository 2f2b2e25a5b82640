import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../../api.ts';
import { useNeeds } from '../../../ui/needs.ts';
import { PreviewedAction } from '../../../ui/previewed-action.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { Field } from '../field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { ServerPick } from '../pick.tsx';

/** Says which NIC of which server has the address, where VMware Tools doesn't. */
export function FixAddress(props: { network: Schemas['Network']; ip: string }): ReactNode {
  const { t } = useTranslation();
  const notMine = useNeeds('operator');
  return (
    <FormDialog
      label={t('networks.fix.label')}
      title={t('networks.fix.title', { ip: props.ip })}
      why={notMine}
    >
      {(close) => <FixForm {...props} close={close} />}
    </FormDialog>
  );
}

function FixForm(props: { network: Schemas['Network']; ip: string; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const { network, ip } = props;
  const [server, setServer] = useState('');
  const [mac, setMac] = useState('');
  const nics = useQuery({
    queryKey: ['nics', 'of', server],
    enabled: server !== '',
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/nics', { params: { query: { server, limit: 100 } }, signal })),
  });
  const wires = new Set([network.wire.id, ...network.additionalWires.map(({ wire }) => wire.id)]);
  const usable = (nics.data?.items ?? []).flatMap((nic) =>
    nic.mac === null ? [] : [{ ...nic, mac: nic.mac, here: nic.wire !== null && wires.has(nic.wire.id) }],
  );
  const chosen = mac !== '' ? mac : ((usable.find(({ here }) => here) ?? usable[0])?.mac ?? '');
  const body = { nics: [{ mac: chosen, ip }] };
  const path = { id: server };
  return (
    <>
      <p>{t('networks.fix.about', { ip })}</p>
      <Field label={t('networks.selected.server')}>
        {(id) => (
          <ServerPick
            id={id}
            label={t('networks.fix.server')}
            width="100%"
            value={server}
            onChange={(found) => {
              setServer(found ?? '');
              setMac('');
            }}
          />
        )}
      </Field>
      {nics.isError && <ProblemNotice error={nics.error} />}
      {usable.length > 0 && (
        <Field label={t('networks.fix.nic')}>
          {(id) => (
            <select
              id={id}
              className="wb-choice"
              value={chosen}
              onChange={(event) => setMac(event.target.value)}
            >
              {usable.map((nic) => (
                <option key={nic.mac} value={nic.mac}>
                  {[nic.label, nic.mac, nic.wire?.name ?? t('networks.fix.noWire')].join(' · ')}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {nics.isSuccess && usable.length === 0 && <p>{t('networks.fix.noNics')}</p>}
      <PreviewedAction
        label={t('networks.form.preview')}
        title={t('networks.fix.title', { ip })}
        confirm={t('networks.fix.confirm')}
        why={chosen === '' ? t('networks.fix.chooseServer') : null}
        preview={(signal) =>
          ask(
            api.POST('/api/v1/servers/{id}/fix-nics', {
              params: { path },
              body: { ...body, dryRun: true },
              signal,
            }),
          )
        }
        describe={({ items }) => (
          <ul className="wb-bullets">
            {items.map((one) => (
              <li key={one.nic.id}>
                {t(`networks.fix.${one.change}`, {
                  server: one.server.name,
                  nic: one.nic.label,
                  mac: one.nic.mac ?? '',
                  ip: one.ip,
                  network: one.network.name,
                })}
              </li>
            ))}
          </ul>
        )}
        act={() => ask(api.POST('/api/v1/servers/{id}/fix-nics', { params: { path }, body }))}
        done={({ items }) => t('networks.fix.done', { ip, server: items[0]?.server.name ?? '' })}
        afterwards={props.close}
        button={{ type: 'primary' }}
      />
    </>
  );
}
