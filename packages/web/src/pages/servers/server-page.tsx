import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useNeeds } from '../../ui/needs.ts';
import { Notice } from '../../ui/notice.tsx';
import { PowerTag } from '../../ui/object-states.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { AddressLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { NicCard } from '../nics/nic-card.tsx';
import { AttachNic } from './server-attach-nic.tsx';
import { ChangeNic } from './server-change-nic.tsx';
import { DeleteServer } from './server-delete.tsx';
import { DetachNic } from './server-detach-nic.tsx';
import type { ServerNic } from './server-facts.ts';
import { FixServer } from './server-fix.tsx';
import { ServerHistory } from './server-history.tsx';
import { ServerSummary } from './server-summary.tsx';

type Server = Schemas['Server'];
type Dialog =
  | { readonly kind: 'fix' | 'attach' | 'delete' }
  | { readonly kind: 'fix'; readonly mac: string | null; readonly ip?: string }
  | { readonly kind: 'change'; readonly nic: ServerNic };

/** One server: what it is, each of its NICs with what it has and why, and what can be done. */
export function ServerPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  const server = useQuery({
    queryKey: ['servers', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/servers/{id}', { params: { path: { id } }, signal })),
  });
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = (): void => setDialog(null);
  return (
    <Page
      title={server.data?.name ?? t('states.kind.server')}
      above={<Link {...linkTo('servers')}>{t('shell.pages.servers')}</Link>}
      ready={!server.isPending}
      {...(server.data !== undefined && {
        aside: <Marks server={server.data} />,
        actions: <Actions server={server.data} onOpen={setDialog} />,
      })}
    >
      <Loaded of={server}>
        {(server) => (
          <>
            <Warnings server={server} />
            <ServerSummary server={server} />
            <Section title={t('servers.nics')}>
              {server.nics.length === 0 && <p className="wb-quiet">{t('servers.noNics')}</p>}
              {server.nics.map((nic) => (
                <NicCard
                  key={nic.id}
                  nic={nic}
                  server={server.id}
                  onFix={() => setDialog({ kind: 'fix', mac: nic.mac })}
                  actions={
                    <NicActions
                      server={server}
                      nic={nic}
                      onChange={() => setDialog({ kind: 'change', nic })}
                    />
                  }
                />
              ))}
            </Section>
            <GuestInternal server={server} onClaim={(ip) => setDialog({ kind: 'fix', mac: null, ip })} />
            <ServerHistory server={server} />
            {dialog?.kind === 'fix' && (
              <FixServer
                server={server}
                {...('ip' in dialog && dialog.ip !== undefined && { ip: dialog.ip })}
                {...('mac' in dialog && dialog.mac !== null && { mac: dialog.mac })}
                onClose={close}
              />
            )}
            {dialog?.kind === 'attach' && <AttachNic server={server} onClose={close} />}
            {dialog?.kind === 'delete' && <DeleteServer server={server} onClose={close} />}
            {dialog?.kind === 'change' && <ChangeNic server={server} nic={dialog.nic} onClose={close} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Marks(props: { server: Server }): ReactNode {
  const { t } = useTranslation();
  const { server } = props;
  return (
    <>
      {server.template ? (
        <StateTag tone="info">{t('kinds.template')}</StateTag>
      ) : (
        <PowerTag state={server.powerState} />
      )}
      <StateTag tone={server.toolsStatus === 'running' ? 'good' : 'quiet'}>
        {t(`states.tools.${server.toolsStatus}`)}
      </StateTag>
      {server.managedBy !== null && (
        <StateTag tone="info">{`${t('servers.managedBy')} ${server.managedBy}`}</StateTag>
      )}
      {server.missingSince !== null && <StateTag tone="bad">{t('servers.missing')}</StateTag>}
    </>
  );
}

function Actions(props: { server: Server; onOpen: (dialog: Dialog) => void }): ReactNode {
  const { t } = useTranslation();
  const why = useNeeds('operator');
  const { onOpen } = props;
  return (
    <>
      <ReasonedButton why={why} onClick={() => onOpen({ kind: 'fix' })}>
        {t('servers.changes.fix')}
      </ReasonedButton>
      <ReasonedButton why={why} onClick={() => onOpen({ kind: 'attach' })}>
        {t('servers.changes.attach')}
      </ReasonedButton>
      <ReasonedButton why={why} danger onClick={() => onOpen({ kind: 'delete' })}>
        {t('servers.changes.remove')}
      </ReasonedButton>
    </>
  );
}

function NicActions(props: { server: Server; nic: ServerNic; onChange: () => void }): ReactNode {
  const { t } = useTranslation();
  const role = useNeeds('operator');
  const { server, nic } = props;
  const why = role ?? (nic.mac === null ? t('servers.changes.noMac') : null);
  return (
    <>
      <ReasonedButton size="small" why={why} onClick={props.onChange}>
        {t('servers.changes.modify')}
      </ReasonedButton>
      <DetachNic server={server} nic={nic} why={why} />
    </>
  );
}

function Warnings(props: { server: Server }): ReactNode {
  const { t } = useTranslation();
  const { missingSince, readable, connectionState } = props.server;
  return (
    <>
      {missingSince !== null && (
        <Notice
          kind="warning"
          title={
            <>
              {t('servers.missingNotice')} <Moment at={missingSince} />
            </>
          }
        >
          <p>{t('servers.missingHint')}</p>
        </Notice>
      )}
      {!readable && <Notice kind="warning" title={t('servers.unreadable', { state: connectionState })} />}
    </>
  );
}

/** What lies behind the guest's own bridges is told apart: nothing of it is a NIC's. */
function GuestInternal(props: { server: Server; onClaim: (ip: string) => void }): ReactNode {
  const { t } = useTranslation();
  const why = useNeeds('operator');
  const { guestInternal } = props.server;
  if (guestInternal.length === 0) return null;
  return (
    <Section title={t('servers.guestInternal')}>
      <p className="wb-quiet">{t('servers.guestInternalHint')}</p>
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('servers.address')}</th>
              <th scope="col">{t('servers.interface')}</th>
              <th scope="col">
                <span className="wb-visually-hidden">{t('servers.action')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {guestInternal.map(({ ip, interface: name }) => (
              <tr key={`${ip} ${name}`}>
                <td>
                  <AddressLink ip={ip} />
                </td>
                <td>{name}</td>
                <td>
                  <ReasonedButton size="small" why={why} onClick={() => props.onClaim(ip)}>
                    {t('servers.claimForNic')}
                  </ReasonedButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
