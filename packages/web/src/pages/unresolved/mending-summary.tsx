import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Ref, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { NetworkEffectSummary, RecordChanges } from '../../ui/network-effect.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';

type Mending = Schemas['Mending'];

/** What mending many comes to: what is done, and what is left to a person, with the decisions right there. */
export function MendingSummary(props: { mending: Mending }): ReactNode {
  const { t } = useTranslation();
  const { mending } = props;
  return (
    <div className="wb-stack">
      <p className="wb-quiet">{t('unresolved.mendWhat')}</p>
      <p>
        <strong>
          {mending.settled > 0
            ? t('unresolved.wouldSettle', { count: mending.settled })
            : t('unresolved.wouldSettleNone')}
        </strong>{' '}
        {mending.conflicts > 0 && t('unresolved.wouldConflict', { count: mending.conflicts })}
      </p>
      <Wires wires={mending.wires} />
      <Ranges ranges={mending.ranges} />
      {mending.changes.length > 0 && (
        <>
          <h3>{t('unresolved.settledNics')}</h3>
          <RecordChanges
            changes={mending.changes}
            total={Math.max(mending.changes.length, mending.settled)}
          />
        </>
      )}
      {(mending.refused.length > 0 || mending.awaitingNetwork > 0) && <h3>{t('unresolved.leftToYou')}</h3>}
      {mending.refused.map((refusal) => (
        <Refusal key={`${refusal.network.id} ${refusal.wire?.id ?? ''} ${refusal.text}`} refusal={refusal} />
      ))}
      {mending.awaitingNetwork > 0 && (
        <p>
          {t('unresolved.awaiting', { count: mending.awaitingNetwork })}{' '}
          <Link {...linkTo('proposals')} className="wb-inline-link">
            {t('unresolved.seeProposals')}
          </Link>
        </p>
      )}
      {mending.remaining.length > 0 && (
        <>
          <h3>{t('unresolved.remaining')}</h3>
          <ul className="wb-remaining">
            {mending.remaining.map(({ code, nics, text }) => (
              <li key={code}>
                {nics} · {text}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Wires(props: { wires: Mending['wires'] }): ReactNode {
  const { t } = useTranslation();
  if (props.wires.length === 0) return null;
  return (
    <>
      <h3>{t('unresolved.addedWires')}</h3>
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('unresolved.network')}</th>
              <th scope="col">{t('unresolved.wire')}</th>
              <th scope="col" className="wb-end">
                {t('unresolved.nics')}
              </th>
            </tr>
          </thead>
          <tbody>
            {props.wires.map(({ network, wire, nics }) => (
              <tr key={`${network.id} ${wire.id}`}>
                <td>
                  <RefLink to="network" of={network} />
                </td>
                <td>
                  <RefLink to="wire" of={wire} />
                </td>
                <td className="wb-end">{nics}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Ranges(props: { ranges: Mending['ranges'] }): ReactNode {
  const { t } = useTranslation();
  if (props.ranges.length === 0) return null;
  return (
    <>
      <h3>{t('unresolved.widened')}</h3>
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('unresolved.network')}</th>
              <th scope="col">{t('unresolved.before')}</th>
              <th scope="col">{t('unresolved.after')}</th>
              <th scope="col" className="wb-end">
                {t('unresolved.nics')}
              </th>
            </tr>
          </thead>
          <tbody>
            {props.ranges.map(({ network, before, after, nics }) => (
              <tr key={network.id}>
                <td>
                  <RefLink to="network" of={network} />
                </td>
                <td className="wb-code">
                  {before.start} – {before.end}
                </td>
                <td className="wb-code">
                  {after.start} – {after.end}
                </td>
                <td className="wb-end">{nics}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Why it takes the word of a person, and the two words there are where a wire is in question. */
function Refusal(props: { refusal: Mending['refused'][number] }): ReactNode {
  const { t } = useTranslation();
  const { network, wire, ips, nics, text, remedy } = props.refusal;
  return (
    <div className="wb-notice wb-notice-warning">
      <p>{text}</p>
      <p>
        {t('unresolved.nics')}: {nics} ·{' '}
        {ips.map((ip) => (
          <span key={ip}>
            <AddressLink ip={ip} />{' '}
          </span>
        ))}
      </p>
      {wire === null ? (
        <p className="wb-remedy">{remedy}</p>
      ) : (
        <div className="wb-line">
          <WireDecision network={network} wire={wire} route="/api/v1/networks/{id}/additional-wires" />
          <WireDecision network={network} wire={wire} route="/api/v1/networks/{id}/excluded-wires" />
        </div>
      )}
    </div>
  );
}

function WireDecision(props: {
  network: Ref;
  wire: Ref;
  route: '/api/v1/networks/{id}/additional-wires' | '/api/v1/networks/{id}/excluded-wires';
}): ReactNode {
  const { t } = useTranslation();
  const { network, wire, route } = props;
  const label = route.endsWith('additional-wires')
    ? t('unresolved.addAfterAll', { wire: wire.name, network: network.name })
    : t('unresolved.excludeForGood', { wire: wire.name, network: network.name });
  const decide = (dryRun: boolean): Promise<Schemas['NetworkEffect']> =>
    ask(
      api.POST(route, {
        params: { path: { id: network.id }, query: { dryRun: dryRun ? 'true' : 'false' } },
        body: { wires: [wire.id] },
      }),
    );
  return (
    <PreviewedAction
      label={label}
      title={label}
      button={{ size: 'small', title: label }}
      preview={() => decide(true)}
      describe={(effect) => (
        <>
          {route.endsWith('excluded-wires') && <p>{t('actions.excludes')}</p>}
          <NetworkEffectSummary effect={effect} />
        </>
      )}
      act={() => decide(false)}
      done={() => t('actions.done', { what: label })}
    />
  );
}
