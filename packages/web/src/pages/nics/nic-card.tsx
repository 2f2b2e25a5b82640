import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { linkTo } from '../../paths.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useNeeds } from '../../ui/needs.ts';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { type ServerNic, unrecordedOf } from '../servers/server-facts.ts';
import { NicRecords, Unrecorded } from './nic-records.tsx';
import { ReasonList } from './reason-list.tsx';

/** Codes that a person who knows the address can end by saying it. */
const fixable: ReadonlySet<string> = new Set([
  'powered_off',
  'tools_not_installed',
  'tools_not_running',
  'tools_no_address',
  'disconnected',
  'vm_unreadable',
]);

/** One NIC of a server: where it is plugged in, what it has, what it reports, or why it has nothing. */
export function NicCard(props: {
  nic: ServerNic;
  /** The id of its server. */
  server: string;
  onFix: () => void;
  actions?: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const { nic, server } = props;
  return (
    <section className="wb-nic" aria-label={nic.label}>
      <header className="wb-nic-head">
        <h3>
          <RefLink to="nic" of={{ id: nic.id, name: nic.label }} />
        </h3>
        {nic.mac !== null && <Copyable text={nic.mac} />}
        {nic.wire === null ? (
          <StateTag tone="warning">{t('nics.onNoWire')}</StateTag>
        ) : (
          <span className="wb-among-text">
            <span className="wb-quiet">{t('states.kind.wire')}</span> <RefLink to="wire" of={nic.wire} /> ·{' '}
            <Link {...linkTo('wire', nic.wire.id, { server })} className="wb-inline-link">
              {t('nics.toPath')}
            </Link>
          </span>
        )}
        <StateTag tone={nic.connected ? 'good' : 'quiet'}>
          {t(nic.connected ? 'nics.connected' : 'nics.notConnected')}
        </StateTag>
        {nic.missingSince !== null && (
          <StateTag tone="bad">
            {t('servers.missing')} <Moment at={nic.missingSince} />
          </StateTag>
        )}
        <span className="wb-grow" />
        {props.actions}
      </header>
      <NicBody nic={nic} onFix={props.onFix} />
    </section>
  );
}

export function NicBody(props: { nic: ServerNic; onFix: () => void }): ReactNode {
  const { t } = useTranslation();
  const why = useNeeds('operator');
  const { nic } = props;
  const unrecorded = unrecordedOf(nic);
  return (
    <>
      <NicRecords nic={nic} />
      {nic.reasons.length > 0 && (
        <ReasonList
          reasons={nic.reasons}
          more={({ code }) =>
            fixable.has(code) &&
            nic.mac !== null && (
              <ReasonedButton size="small" why={why} onClick={props.onFix}>
                {t('servers.changes.fix')}
              </ReasonedButton>
            )
          }
        />
      )}
      {unrecorded.length > 0 && <Unrecorded observed={unrecorded} />}
      {nic.formerMacs.length > 0 && (
        <p className="wb-quiet">
          {nic.formerMacs.map(({ mac, until }) => (
            <span key={`${mac} ${until}`}>
              {t('nics.formerMac')} <Moment at={until} /> <Copyable text={mac} />{' '}
            </span>
          ))}
        </p>
      )}
    </>
  );
}
