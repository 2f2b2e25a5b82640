import { Checkbox, Input } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { Choice } from '../../ui/choice.tsx';
import { PreviewedForm } from '../../ui/previewed-form.tsx';
import { RefLink } from '../../ui/ref-link.tsx';

type Server = Schemas['Server'];
type Body = Schemas['FixNicsInput'];
type Result = Schemas['FixResult'];
interface Entered {
  readonly ips: Readonly<Record<string, string>>;
  readonly cleared: ReadonlySet<string>;
}

/** Says which addresses a server has: one for each NIC, or a list that goes to the NICs in their order. */
export function FixServer(props: {
  server: Server;
  /** The NIC that it is about to begin with. */
  mac?: string;
  /** An address that is to be given to one of the NICs. */
  ip?: string;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { server } = props;
  const nics = server.nics.filter((nic) => nic.mac !== null && nic.missingSince === null);
  const [way, setWay] = useState<'nics' | 'order'>('nics');
  const [entered, setEntered] = useState<Entered>(() => {
    const first = nics[0]?.mac;
    return {
      ips: props.ip === undefined || first === null || first === undefined ? {} : { [first]: props.ip },
      cleared: new Set(),
    };
  });
  const [list, setList] = useState('');
  const body = way === 'order' ? listBody(list) : nicsBody(entered);
  const fix = async (input: Body, signal?: AbortSignal): Promise<Result> =>
    ask(
      api.POST('/api/v1/servers/{id}/fix-nics', {
        params: { path: { id: server.id } },
        body: input,
        ...(signal !== undefined && { signal }),
      }),
    );
  return (
    <PreviewedForm<Body, Result, Result>
      title={t('servers.changes.fixTitle', { server: server.name })}
      onClose={props.onClose}
      fields={
        <>
          <p>{t('servers.changes.fixHint')}</p>
          <Choice
            labelled
            label={t('servers.changes.fixWay')}
            value={way}
            options={[
              { value: 'nics', label: t('servers.changes.fixPerNic') },
              { value: 'order', label: t('servers.changes.fixByOrder') },
            ]}
            onChange={setWay}
          />
          {way === 'order' ? (
            <Input.TextArea
              aria-label={t('servers.changes.fixByOrder')}
              placeholder={t('servers.changes.fixOrderHint')}
              autoSize={{ minRows: 2, maxRows: 8 }}
              value={list}
              onChange={(event) => setList(event.target.value)}
            />
          ) : (
            nics.map((nic) => (
              <NicField
                key={nic.id}
                nic={nic}
                focus={nic.mac === props.mac}
                entered={entered}
                onChange={setEntered}
              />
            ))
          )}
        </>
      }
      input={body}
      incomplete={t('servers.changes.noInputYet')}
      preview={(input, signal) => fix({ ...input, dryRun: true }, signal)}
      describe={(result) => <FixTable result={result} />}
      hindrance={({ fixed, cleared }) => (fixed + cleared === 0 ? t('servers.changes.nothingToApply') : null)}
      act={(input) => fix(input)}
      confirm={(result) =>
        t('servers.changes.apply', { count: result === undefined ? 0 : result.fixed + result.cleared })
      }
      done={() => t('servers.changes.fixedDone', { server: server.name })}
    />
  );
}

function listBody(list: string): Body | null {
  const ips = list.split(/[\s,;]+/).filter((ip) => ip !== '');
  return ips.length === 0 ? null : { ips };
}

function nicsBody({ ips, cleared }: Entered): Body | null {
  const nics = [
    ...[...cleared].map((mac) => ({ mac, ip: null })),
    ...Object.entries(ips)
      .filter(([mac, ip]) => ip.trim() !== '' && !cleared.has(mac))
      .map(([mac, ip]) => ({ mac, ip: ip.trim() })),
  ];
  return nics.length === 0 ? null : { nics };
}

function NicField(props: {
  nic: Server['nics'][number];
  focus: boolean;
  entered: Entered;
  onChange: (entered: Entered) => void;
}): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const { nic, entered, onChange } = props;
  const mac = nic.mac ?? '';
  const byHand = nic.records.some(({ source }) => source === 'manual');
  const has = nic.records.map(({ ip }) => ip).join(', ');
  return (
    <div className="wb-field">
      <label htmlFor={id}>
        {t('servers.changes.fixFor', { nic: nic.label })}{' '}
        <span className="wb-quiet">
          {[mac, nic.wire?.name, has].filter((part) => part !== undefined && part !== '').join(' · ')}
        </span>
      </label>
      <div className="wb-line">
        <Input
          id={id}
          style={{ maxWidth: 320 }}
          autoFocus={props.focus}
          value={entered.ips[mac] ?? ''}
          disabled={entered.cleared.has(mac)}
          onChange={(event) => onChange({ ...entered, ips: { ...entered.ips, [mac]: event.target.value } })}
        />
        {byHand && (
          <Checkbox
            checked={entered.cleared.has(mac)}
            onChange={(event) => {
              const cleared = new Set(entered.cleared);
              if (event.target.checked) cleared.add(mac);
              else cleared.delete(mac);
              onChange({ ...entered, cleared });
            }}
          >
            {t('servers.changes.clear')}
          </Checkbox>
        )}
      </div>
    </div>
  );
}

function FixTable(props: { result: Result }): ReactNode {
  const { t } = useTranslation();
  const { items } = props.result;
  if (items.length === 0) return <p>{t('servers.changes.nothingToApply')}</p>;
  return (
    <table className="wb-plain">
      <thead>
        <tr>
          <th scope="col">{t('states.kind.nic')}</th>
          <th scope="col">{t('servers.address')}</th>
          <th scope="col">{t('nics.network')}</th>
          <th scope="col">{t('servers.action')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ nic, ip, network, change }) => (
          <tr key={`${nic.id} ${ip}`}>
            <td>
              {nic.label} <span className="wb-quiet wb-code">{nic.mac}</span>
            </td>
            <td className="wb-code">{ip}</td>
            <td>
              <RefLink to="network" of={network} />
            </td>
            <td>{t(`servers.changes.change.${change}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
