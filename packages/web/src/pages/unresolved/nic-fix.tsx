import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useNeeds } from '../../ui/needs.ts';
import { Section } from '../../ui/page.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { RefLink } from '../../ui/ref-link.tsx';

type Nic = Schemas['Nic'];

/** Says by hand which address a NIC has: what would be recorded is shown before it is. */
export function NicFix(props: { nic: Nic; onFixed: () => void }): ReactNode {
  const { t } = useTranslation();
  const notAllowed = useNeeds('operator');
  const { nic } = props;
  const [typed, setTyped] = useState(nic.observed[0]?.ip ?? '');
  const ip = typed.trim();
  const fix = (dryRun: boolean, signal?: AbortSignal): Promise<Schemas['FixResult']> =>
    ask(
      api.POST('/api/v1/servers/{id}/fix-nics', {
        params: { path: { id: nic.server.id } },
        body: { ...(nic.mac === null ? { ips: [ip] } : { nics: [{ mac: nic.mac, ip }] }), dryRun },
        ...(signal !== undefined && { signal }),
      }),
    );
  const why =
    notAllowed ??
    (nic.wire === null ? t('unresolved.noWireForFix') : ip === '' ? t('unresolved.fixNeedsAddress') : null);
  return (
    <Section title={t('unresolved.byHand')}>
      <p className="wb-quiet">{t('unresolved.byHandWhy')}</p>
      {nic.wire === null ? (
        <p>{t('unresolved.noWireForFix')}</p>
      ) : (
        <NetworksOnWire wire={nic.wire.id} onTake={setTyped} />
      )}
      <div className="wb-line">
        <Input
          aria-label={t('unresolved.address')}
          placeholder={t('unresolved.address')}
          className="wb-code"
          style={{ width: 260 }}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <PreviewedAction
          label={t('unresolved.fix')}
          title={t('unresolved.fixTitle', { server: nic.server.name, nic: nic.label, ip })}
          why={why}
          button={{ type: 'primary' }}
          preview={(signal) => fix(true, signal)}
          describe={(result) => <Outcome result={result} />}
          act={() => fix(false)}
          done={() => t('unresolved.fixDone', { ip, server: nic.server.name })}
          afterwards={props.onFixed}
        />
      </div>
    </Section>
  );
}

function Outcome(props: { result: Schemas['FixResult'] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul>
      {props.result.items.map((item) => (
        <li key={`${item.nic.id} ${item.ip} ${item.change}`}>
          {item.change === 'kept'
            ? t('unresolved.fixKept', { ip: item.ip, server: item.server.name })
            : t('unresolved.fixWhat', {
                ip: item.ip,
                network: item.network.name,
                server: item.server.name,
                mac: item.nic.mac ?? item.nic.label,
              })}
        </li>
      ))}
    </ul>
  );
}

/** The networks that an address for this NIC can come from, each with the one that would be given next. */
function NetworksOnWire(props: { wire: string; onTake: (ip: string) => void }): ReactNode {
  const { t } = useTranslation();
  const { wire } = props;
  const networks = useQuery({
    queryKey: ['networks', 'on', wire],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/networks', { params: { query: { wire, limit: 20 } }, signal })),
  });
  if (networks.data === undefined) return null;
  if (networks.data.items.length === 0) return <p>{t('unresolved.noNetworksHere')}</p>;
  return (
    <>
      <h3>{t('unresolved.networksHere')}</h3>
      <ul className="wb-networks-here">
        {networks.data.items.map((network) => (
          <li key={network.id}>
            <RefLink to="network" of={network} />{' '}
            <span className="wb-code">
              {network.start} – {network.end}
            </span>{' '}
            {network.giving.length > 0 && network.counts.free > 0 && (
              <NextFree network={network.id} onTake={props.onTake} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function NextFree(props: { network: string; onTake: (ip: string) => void }): ReactNode {
  const { t } = useTranslation();
  const next = useQuery({
    queryKey: ['networks', props.network, 'next'],
    retry: false,
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/networks/{id}/next', { params: { path: { id: props.network } }, signal })),
  });
  const ip = next.data?.items[0]?.ip;
  if (ip === undefined) return null;
  return (
    <Button size="small" onClick={() => props.onTake(ip)}>
      {t('unresolved.take', { ip })}
    </Button>
  );
}
