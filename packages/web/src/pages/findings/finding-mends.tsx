import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Ref, type Schemas } from '../../api.ts';
import { useNeeds } from '../../ui/needs.ts';
import { NetworkEffectSummary } from '../../ui/network-effect.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';

type Finding = Schemas['Finding'];
type Effect = Schemas['NetworkEffect'];

/** What of the remedy the controller itself can do. The rest is done in the guest or in vCenter. */
export function FindingMends(props: { finding: Finding; onDone: () => void }): ReactNode {
  const { finding, onDone } = props;
  const { network, wire, found } = finding;
  if (network === null) return null;
  switch (finding.kind) {
    case 'gateway_unset':
      return found === null ? null : <Gateway network={network} gateway={found} onDone={onDone} />;
    case 'wire_suggested':
      return wire === null ? null : (
        <div className="wb-line">
          <WireDecision network={network} wire={wire} way="add" onDone={onDone} />
          <WireDecision network={network} wire={wire} way="exclude" onDone={onDone} />
        </div>
      );
    case 'contradicted_record':
      return <Release finding={finding} network={network} onDone={onDone} />;
    case 'unexpected_dhcp':
      return finding.ip === null ? null : <Dhcp network={network} ip={finding.ip} onDone={onDone} />;
    case 'network_moved':
      return wire === null ? null : <Move network={network} wire={wire} onDone={onDone} />;
    default:
      return null;
  }
}

/** A change of a network with its dry run. */
function Change(props: {
  label: string;
  about?: string;
  change: (dryRun: boolean) => Promise<Effect>;
  onDone: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const notAllowed = useNeeds('operator');
  const { label, change } = props;
  return (
    <PreviewedAction
      label={label}
      title={label}
      why={notAllowed}
      button={{ title: label, className: 'wb-long-button' }}
      preview={() => change(true)}
      describe={(effect) => (
        <>
          {props.about !== undefined && <p>{props.about}</p>}
          <NetworkEffectSummary effect={effect} />
        </>
      )}
      act={() => change(false)}
      done={() => t('actions.done', { what: label })}
      afterwards={props.onDone}
    />
  );
}

function queryOf(dryRun: boolean): { dryRun: 'true' | 'false' } {
  return { dryRun: dryRun ? 'true' : 'false' };
}

function Gateway(props: { network: Ref; gateway: string; onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { network, gateway } = props;
  return (
    <Change
      label={t('findings.mend.gateway', { network: network.name, found: gateway })}
      onDone={props.onDone}
      change={(dryRun) =>
        ask(
          api.PATCH('/api/v1/networks/{id}', {
            params: { path: { id: network.id }, query: queryOf(dryRun) },
            body: { gateway },
          }),
        )
      }
    />
  );
}

function WireDecision(props: {
  network: Ref;
  wire: Ref;
  way: 'add' | 'exclude';
  onDone: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { network, wire, way } = props;
  return (
    <Change
      label={t(`findings.mend.${way}`, { network: network.name, wire: wire.name })}
      {...(way === 'exclude' && { about: t('actions.excludes') })}
      onDone={props.onDone}
      change={(dryRun) =>
        ask(
          api.POST(
            way === 'add' ? '/api/v1/networks/{id}/additional-wires' : '/api/v1/networks/{id}/excluded-wires',
            {
              params: { path: { id: network.id }, query: queryOf(dryRun) },
              body: { wires: [wire.id] },
            },
          ),
        )
      }
    />
  );
}

function Move(props: { network: Ref; wire: Ref; onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const notAllowed = useNeeds('operator');
  const { network, wire } = props;
  const label = t('findings.mend.move', { network: network.name, wire: wire.name });
  const move = (dryRun: boolean): Promise<Schemas['NetworkChangeEffect']> =>
    ask(
      api.POST('/api/v1/networks/{id}/move', {
        params: { path: { id: network.id }, query: queryOf(dryRun) },
        body: { wire: wire.id },
      }),
    );
  return (
    <PreviewedAction
      label={label}
      title={label}
      why={notAllowed}
      button={{ title: label, className: 'wb-long-button' }}
      preview={() => move(true)}
      describe={({ settles, ends, conflicts }) => (
        <p>
          {settles > 0 ? t('actions.settles', { count: settles }) : t('actions.settlesNone')}{' '}
          {ends > 0 && t('actions.ends', { count: ends })}{' '}
          {conflicts > 0 && t('actions.conflicts', { count: conflicts })}
        </p>
      )}
      act={() => move(false)}
      done={() => t('actions.done', { what: label })}
      afterwards={props.onDone}
    />
  );
}

/** No dry run is needed for what ends one record: it is said in a sentence. */
function Release(props: { finding: Finding; network: Ref; onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const notAllowed = useNeeds('operator');
  const { finding, network } = props;
  const ip = finding.expected;
  if (ip === null) return null;
  const label = t('findings.mend.release', { ip });
  return (
    <PreviewedAction
      label={label}
      title={label}
      danger
      why={notAllowed}
      button={{ title: label, className: 'wb-long-button' }}
      preview={(signal) =>
        ask(api.GET('/api/v1/findings/{id}', { params: { path: { id: finding.id } }, signal }))
      }
      describe={() => <p>{t('findings.mend.releaseWhat', { ip, server: finding.server?.name ?? '' })}</p>}
      act={() =>
        ask(
          api.POST('/api/v1/networks/{id}/release', {
            params: { path: { id: network.id } },
            body: { ips: [ip] },
          }),
        )
      }
      done={() => t('actions.done', { what: label })}
      afterwards={props.onDone}
    />
  );
}

function Dhcp(props: { network: Ref; ip: string; onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const notAllowed = useNeeds('operator');
  const { network, ip } = props;
  const label = t('findings.mend.dhcp', { ip });
  return (
    <PreviewedAction
      label={label}
      title={label}
      why={notAllowed}
      button={{ title: label, className: 'wb-long-button' }}
      preview={(signal) =>
        ask(api.GET('/api/v1/networks/{id}', { params: { path: { id: network.id } }, signal }))
      }
      describe={({ name }) => <p>{t('findings.mend.dhcpWhat', { network: name })}</p>}
      act={() =>
        ask(
          api.POST('/api/v1/reservations', {
            body: { network: network.id, kind: 'dhcp', start: ip, end: ip, note: 'DHCP' },
          }),
        )
      }
      done={() => t('actions.done', { what: label })}
      afterwards={props.onDone}
    />
  );
}
