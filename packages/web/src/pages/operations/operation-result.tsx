import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '@tanstack/react-router';
import { linkTo } from '../../paths.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { OperationStateTag } from '../../ui/object-states.tsx';
import { Section } from '../../ui/page.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import type { Operation } from './operation-words.ts';

/** The servers that it is about, with the addresses that they were given. */
export function OperationResult(props: { operation: Operation }): ReactNode {
  const { t } = useTranslation();
  const { operation } = props;
  const servers = operation.result?.servers ?? [];
  if (servers.length === 0) return null;
  const gone = operation.state === 'undone' || operation.state === 'cancelled';
  const several = operation.kind === 'create_servers';
  return (
    <Section title={t('operations.result')}>
      {gone && <p className="wb-quiet">{t('operations.resultGone')}</p>}
      <div className="wb-scroll-x" role="group" aria-label={t('operations.result')} tabIndex={0}>
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('operations.server')}</th>
              {several && <th scope="col">{t('operations.operation')}</th>}
              <th scope="col">{t('operations.addresses')}</th>
              <th scope="col">{t('operations.network')}</th>
              <th scope="col">{t('operations.mac')}</th>
              <th scope="col">{t('operations.wire')}</th>
            </tr>
          </thead>
          <tbody>
            {servers.map(({ server, operation: part, state, addresses }) => (
              <tr key={part}>
                <td>
                  {server.id === null ? (
                    server.name
                  ) : (
                    <RefLink to="server" of={{ id: server.id, name: server.name }} />
                  )}
                </td>
                {several && (
                  <td>
                    <Link {...linkTo('operation', part)} className="wb-operation-part">
                      <OperationStateTag state={state} />
                    </Link>
                  </td>
                )}
                <td>
                  {addresses.map(({ ip }) => (
                    <div key={ip}>
                      <Copyable text={ip}>
                        <AddressLink ip={ip} />
                      </Copyable>
                    </div>
                  ))}
                </td>
                <td>
                  {addresses.map(({ ip, network }) => (
                    <div key={ip}>
                      <RefLink to="network" of={network} />
                    </div>
                  ))}
                </td>
                <td>
                  {addresses.map(({ ip, mac }) => (
                    <div key={ip}>{mac !== null && <Copyable text={mac} />}</div>
                  ))}
                </td>
                <td>
                  {addresses.map(({ ip, wire }) => (
                    <div key={ip}>
                      <RefLink to="wire" of={wire} />
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
