import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api.ts';
import { AddressLink, RefLink } from './ref-link.tsx';

type NetworkEffect = Schemas['NetworkEffect'];
type Change = NetworkEffect['nics'][number];

/** As many changes as are read before something is done; the rest is told by its number. */
const SHOWN = 12;

export function isNetworkEffect(body: unknown): body is NetworkEffect {
  return (
    typeof body === 'object' && body !== null && 'network' in body && 'settles' in body && 'ends' in body
  );
}

/** What a change of a network comes to: who gets a record by it and who loses one. */
export function NetworkEffectSummary(props: { effect: NetworkEffect }): ReactNode {
  const { t } = useTranslation();
  const { network, settles, ends, conflicts, nics } = props.effect;
  return (
    <div className="wb-stack">
      <dl className="wb-facts">
        <dt>{t('actions.network')}</dt>
        <dd>{network.name}</dd>
        <dt>{t('actions.range')}</dt>
        <dd className="wb-code">
          {network.start} – {network.end} ({network.cidr})
        </dd>
        <dt>{t('actions.wires')}</dt>
        <dd>{[network.wire.name, ...network.additionalWires.map(({ wire }) => wire.name)].join(', ')}</dd>
      </dl>
      <p>
        {settles > 0 ? t('actions.settles', { count: settles }) : t('actions.settlesNone')}{' '}
        {ends > 0 && t('actions.ends', { count: ends })}{' '}
        {conflicts > 0 && t('actions.conflicts', { count: conflicts })}
      </p>
      <RecordChanges changes={nics} total={settles + ends} />
    </div>
  );
}

/** NICs that get a record, and records that end. */
export function RecordChanges(props: { changes: readonly Change[]; total: number }): ReactNode {
  const { t } = useTranslation();
  const shown = props.changes.slice(0, SHOWN);
  if (shown.length === 0) return null;
  return (
    <>
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('actions.server')}</th>
              <th scope="col">{t('actions.mac')}</th>
              <th scope="col">{t('actions.address')}</th>
              <th scope="col">{t('actions.becomes')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((change) => (
              <tr key={`${change.server.id} ${change.mac ?? ''} ${change.ip} ${change.change}`}>
                <td>
                  <RefLink to="server" of={change.server} />
                </td>
                <td className="wb-code">{change.mac}</td>
                <td>
                  <AddressLink ip={change.ip} />
                </td>
                <td>{t(`actions.change.${change.change}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {props.total > shown.length && (
        <p className="wb-quiet">{t('actions.andMore', { count: props.total - shown.length })}</p>
      )}
    </>
  );
}
