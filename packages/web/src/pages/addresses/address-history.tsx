import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { Moment } from '../../ui/moment.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';

type Interval = Schemas['Address']['history'][number] & { readonly ip?: string };

/** Who had an address, from when to when, and why it ended; with the address where there are several. */
export function AddressHistory(props: { intervals: readonly Interval[] }): ReactNode {
  const { t } = useTranslation();
  const { intervals } = props;
  if (intervals.length === 0) return <p className="wb-quiet">{t('why.noHistory')}</p>;
  const several = intervals.some(({ ip }) => ip !== undefined);
  return (
    <div className="wb-scroll-x">
      <table className="wb-plain">
        <thead>
          <tr>
            {several && <th scope="col">{t('states.kind.address')}</th>}
            <th scope="col">{t('why.holder')}</th>
            <th scope="col">{t('states.kind.network')}</th>
            <th scope="col">{t('nics.source')}</th>
            <th scope="col">{t('why.from')}</th>
            <th scope="col">{t('why.to')}</th>
            <th scope="col">{t('why.ended')}</th>
          </tr>
        </thead>
        <tbody>
          {intervals.map((interval) => (
            <tr key={`${interval.ip ?? ''} ${interval.from} ${interval.to ?? ''} ${interval.nic?.id ?? ''}`}>
              {several && <td>{interval.ip !== undefined && <AddressLink ip={interval.ip} />}</td>}
              <td>
                <IntervalHolder interval={interval} />
              </td>
              <td>
                <Named to="network" of={interval.network} />
              </td>
              <td>{t(`states.source.${interval.source}`)}</td>
              <td>
                <Moment at={interval.from} />
              </td>
              <td>{interval.to === null ? t('why.untilNow') : <Moment at={interval.to} />}</td>
              <td>{interval.ended}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function IntervalHolder(props: { interval: Interval }): ReactNode {
  const { t } = useTranslation();
  const { server, nic, holder, key } = props.interval;
  if (server !== null)
    return (
      <>
        <Named to="server" of={server} />{' '}
        {nic?.mac !== undefined && nic.mac !== null && <span className="wb-code wb-quiet">{nic.mac}</span>}
      </>
    );
  if (holder !== null) return [holder.name, holder.owner, holder.mac].filter(Boolean).join(' · ');
  return key === null ? t('why.heldByNobody') : <code>{key}</code>;
}

/** What is gone has a name still, but no page. */
function Named(props: {
  to: 'server' | 'network';
  of: { readonly id: string | null; readonly name: string } | null;
}): ReactNode {
  const { of } = props;
  if (of === null) return null;
  return of.id === null ? of.name : <RefLink to={props.to} of={{ id: of.id, name: of.name }} />;
}
