import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useNeeds } from '../../ui/needs.ts';
import { Page, Section } from '../../ui/page.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { ChangeNic } from '../servers/server-change-nic.tsx';
import { DetachNic } from '../servers/server-detach-nic.tsx';
import { FixServer } from '../servers/server-fix.tsx';
import { AddressHistory } from '../addresses/address-history.tsx';
import { NicBody } from './nic-card.tsx';
import { NicPath } from './nic-path.tsx';

type Nic = Schemas['Nic'];

/** One NIC: where it is plugged in down to the physical port, what it has and had, or why it has nothing. */
export function NicPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  const nic = useQuery({
    queryKey: ['nics', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/nics/{id}', { params: { path: { id } }, signal })),
  });
  return (
    <Page
      title={nic.data === undefined ? t('states.kind.nic') : `${nic.data.server.name} · ${nic.data.label}`}
      above={<Link {...linkTo('nics')}>{t('shell.pages.nics')}</Link>}
      ready={!nic.isPending}
      {...(nic.data !== undefined && {
        aside: <Marks nic={nic.data} />,
      })}
    >
      <Loaded of={nic}>{(nic) => <NicContent nic={nic} />}</Loaded>
    </Page>
  );
}

function Marks(props: { nic: Nic }): ReactNode {
  const { t } = useTranslation();
  const { nic } = props;
  return (
    <>
      <StateTag tone={nic.connected ? 'good' : 'quiet'}>
        {t(nic.connected ? 'nics.connected' : 'nics.notConnected')}
      </StateTag>
      {nic.missingSince !== null && (
        <StateTag tone="bad">
          {t('servers.missing')} <Moment at={nic.missingSince} />
        </StateTag>
      )}
    </>
  );
}

function NicContent(props: { nic: Nic }): ReactNode {
  const { t } = useTranslation();
  const role = useNeeds('operator');
  const [dialog, setDialog] = useState<'fix' | 'change' | null>(null);
  const { nic } = props;
  const server = useQuery({
    queryKey: ['servers', 'one', nic.server.id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/servers/{id}', { params: { path: { id: nic.server.id } }, signal })),
  });
  // All that is known of it hangs on its server: what it has, its path, and who had its addresses before.
  const why = useQuery({
    queryKey: ['why', nic.server.id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/why', { params: { query: { of: nic.server.id } }, signal })),
  });
  const unnamed = role ?? (nic.mac === null ? t('servers.changes.noMac') : null);
  return (
    <>
      <Section
        title={t('servers.facts')}
        actions={
          server.data !== undefined && (
            <div className="wb-line">
              <ReasonedButton size="small" why={unnamed} onClick={() => setDialog('fix')}>
                {t('servers.changes.fix')}
              </ReasonedButton>
              <ReasonedButton size="small" why={unnamed} onClick={() => setDialog('change')}>
                {t('servers.changes.modify')}
              </ReasonedButton>
              <DetachNic server={server.data} nic={nic} why={unnamed} />
            </div>
          )
        }
      >
        <Facts
          of={[
            [t('states.kind.server'), <RefLink key="s" to="server" of={nic.server} />],
            [t('nics.mac'), nic.mac && <Copyable key="m" text={nic.mac} />],
            [
              t('states.kind.wire'),
              nic.wire === null ? t('nics.onNoWire') : <RefLink key="w" to="wire" of={nic.wire} />,
            ],
            [t('servers.account'), <RefLink key="a" to="account" of={nic.account} />],
            [t('nics.model'), nic.model],
            [t('nics.deviceKey'), String(nic.deviceKey)],
            [t('servers.firstSeen'), <Moment key="f" at={nic.createdAt} />],
          ]}
        />
      </Section>
      <Section title={t('servers.addresses')}>
        <NicBody nic={nic} onFix={() => setDialog('fix')} />
      </Section>
      <Section title={t('nics.path')}>
        <Loaded of={why}>
          {({ nics }) => {
            const path = nics.find((each) => each.nic.id === nic.id);
            return path === undefined ? (
              <p className="wb-quiet">{t('nics.pathUnknown')}</p>
            ) : (
              <NicPath path={path} />
            );
          }}
        </Loaded>
      </Section>
      <Section title={t('why.history')}>
        <Loaded of={why}>
          {({ addresses }) => (
            <AddressHistory
              intervals={addresses.flatMap(({ ip, history }) =>
                history
                  .filter((interval) => interval.nic?.id === nic.id)
                  .map((interval) => ({ ...interval, ip })),
              )}
            />
          )}
        </Loaded>
      </Section>
      {server.data !== undefined && dialog === 'fix' && (
        <FixServer
          server={server.data}
          {...(nic.mac !== null && { mac: nic.mac })}
          onClose={() => setDialog(null)}
        />
      )}
      {server.data !== undefined && dialog === 'change' && (
        <ChangeNic server={server.data} nic={nic} onClose={() => setDialog(null)} />
      )}
    </>
  );
}
