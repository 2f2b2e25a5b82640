import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Moment } from '../../ui/moment.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';

type Nic = Pick<Schemas['Nic'], 'records' | 'observed'>;

/** What a NIC has, and from what it is known. */
export function NicRecords(props: { nic: Nic }): ReactNode {
  const { t } = useTranslation();
  const { records, observed } = props.nic;
  const prefixes = new Map(observed.map(({ ip, prefixLength }) => [ip, prefixLength]));
  if (records.length === 0) return null;
  return (
    <div className="wb-scroll-x">
      <table className="wb-plain">
        <thead>
          <tr>
            <th scope="col">{t('servers.address')}</th>
            <th scope="col">{t('nics.network')}</th>
            <th scope="col">{t('nics.source')}</th>
            <th scope="col">{t('nics.firstSeen')}</th>
            <th scope="col">{t('nics.lastSeen')}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              <td>
                <Copyable text={record.ip}>
                  <AddressLink ip={record.ip} />
                  <Prefix length={prefixes.get(record.ip)} />
                </Copyable>
              </td>
              <td>
                <RefLink to="network" of={record.network} />
              </td>
              <td>
                {t(`states.source.${record.source}`)}
                {record.contradictedBy.length > 0 && (
                  <>
                    {' '}
                    <StateTag tone="warning">{t('nics.contradicted')}</StateTag>
                    <div className="wb-quiet">
                      {t('nics.contradictedBy', { ips: record.contradictedBy.join(', ') })}
                    </div>
                  </>
                )}
              </td>
              <td>
                {record.firstSeenAt === null ? (
                  <span className="wb-quiet">{t('nics.neverSeen')}</span>
                ) : (
                  <Moment at={record.firstSeenAt} />
                )}
              </td>
              <td>
                <Moment at={record.lastSeenAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Prefix(props: { length: number | null | undefined }): ReactNode {
  if (props.length === null || props.length === undefined) return null;
  return <span className="wb-quiet wb-code">{`/${props.length}`}</span>;
}

/** What it reports beyond its records. */
export function Unrecorded(props: { observed: Schemas['Nic']['observed'] }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="wb-scroll-x">
      <table className="wb-plain">
        <thead>
          <tr>
            <th scope="col">{t('nics.observed')}</th>
            <th scope="col">{t('nics.since')}</th>
          </tr>
        </thead>
        <tbody>
          {props.observed.map(({ ip, prefixLength, firstSeenAt }) => (
            <tr key={ip}>
              <td>
                <Copyable text={ip}>
                  <AddressLink ip={ip} />
                  <Prefix length={prefixLength} />
                </Copyable>
              </td>
              <td>
                <Moment at={firstSeenAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
