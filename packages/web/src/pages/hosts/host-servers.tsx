import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PowerTag } from '../../ui/object-states.tsx';
import { Section } from '../../ui/page.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { addressesOf } from '../servers/server-facts.ts';

const SHOWN = 50;

/** The first of the servers that run on a host; all of them are a list of their own. */
export function HostServers(props: { host: Schemas['Host'] }): ReactNode {
  const { t } = useTranslation();
  const { id } = props.host;
  const servers = useQuery({
    queryKey: ['servers', 'on', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/servers', { params: { query: { host: id, limit: SHOWN } }, signal })),
  });
  return (
    <Section
      title={t('hosts.servers')}
      actions={
        <Link {...linkTo('servers', undefined, { host: id })} className="wb-inline-link">
          {t('hosts.allServers', { count: servers.data?.total ?? 0 })}
        </Link>
      }
    >
      <Loaded of={servers}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="wb-quiet">{t('hosts.noServers')}</p>
          ) : (
            <div className="wb-scroll-x">
              <table className="wb-plain">
                <thead>
                  <tr>
                    <th scope="col">{t('states.kind.server')}</th>
                    <th scope="col">{t('servers.powerState')}</th>
                    <th scope="col">{t('servers.addresses')}</th>
                    <th scope="col">{t('hosts.wires')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((server) => (
                    <tr key={server.id}>
                      <td>
                        <RefLink to="server" of={server} />
                      </td>
                      <td>
                        <PowerTag state={server.powerState} />
                      </td>
                      <td>
                        {addressesOf(server).map((ip, at) => (
                          <span key={ip}>
                            {at > 0 && ', '}
                            <AddressLink ip={ip} />
                          </span>
                        ))}
                      </td>
                      <td>
                        {[...new Map(server.nics.map(({ wire }) => [wire?.id, wire])).values()].map(
                          (wire, at) =>
                            wire !== null && (
                              <span key={wire.id}>
                                {at > 0 && ', '}
                                <RefLink to="wire" of={wire} />
                              </span>
                            ),
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </Section>
  );
}
