import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { HostServers } from './host-servers.tsx';
import { HostWires } from './host-wires.tsx';
import { HostState } from './hosts-page.tsx';

type Host = Schemas['Host'];

/** One host: how it hangs on the physical network, which wires it has, and which servers run on it. */
export function HostPage(): ReactNode {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  const host = useQuery({
    queryKey: ['hosts', 'one', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/hosts/{id}', { params: { path: { id } }, signal })),
  });
  return (
    <Page
      title={host.data?.name ?? t('states.kind.host')}
      above={<Link {...linkTo('hosts')}>{t('shell.pages.hosts')}</Link>}
      ready={!host.isPending}
      {...(host.data !== undefined && { aside: <HostState host={host.data} /> })}
    >
      <Loaded of={host}>
        {(host) => (
          <>
            <Section title={t('servers.facts')}>
              <Facts
                of={[
                  [
                    t('hosts.managementIp'),
                    host.managementIp && <Copyable key="m" text={host.managementIp} />,
                  ],
                  [t('hosts.version'), host.version],
                  [t('servers.cluster'), host.cluster],
                  [t('servers.datacenter'), host.datacenter],
                  [t('servers.account'), <RefLink key="a" to="account" of={host.account} />],
                  [
                    t('hosts.hardwareUuid'),
                    host.hardwareUuid && <Copyable key="u" text={host.hardwareUuid} />,
                  ],
                  [t('servers.moref'), host.moref && <Copyable key="o" text={host.moref} />],
                  [t('servers.missingSince'), host.missingSince && <Moment key="x" at={host.missingSince} />],
                ]}
              />
            </Section>
            <PhysicalNics host={host} />
            <VmkernelNics host={host} />
            <HostWires host={host} />
            <HostServers host={host} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function PhysicalNics(props: { host: Host }): ReactNode {
  const { t } = useTranslation();
  const { physicalNics } = props.host;
  return (
    <Section title={t('hosts.physicalNics')}>
      {physicalNics.length === 0 ? (
        <p className="wb-quiet">{t('hosts.noPhysicalNics')}</p>
      ) : (
        <div className="wb-scroll-x">
          <table className="wb-plain">
            <thead>
              <tr>
                <th scope="col">{t('hosts.device')}</th>
                <th scope="col">{t('nics.mac')}</th>
                <th scope="col">{t('hosts.speed')}</th>
                <th scope="col">{t('hosts.neighbour')}</th>
                <th scope="col">{t('nics.port')}</th>
                <th scope="col">{t('hosts.nativeVlan')}</th>
                <th scope="col">{t('hosts.toldBy')}</th>
              </tr>
            </thead>
            <tbody>
              {physicalNics.map(({ device, mac, speedMbps, neighbour }) => (
                <tr key={device}>
                  <td>{device}</td>
                  <td>{mac !== null && <Copyable text={mac} />}</td>
                  <td>{speedMbps === null ? t('hosts.noLink') : t('hosts.mbps', { mbps: speedMbps })}</td>
                  {neighbour === null ? (
                    <td colSpan={4} className="wb-quiet">
                      {t('hosts.noNeighbour')}
                    </td>
                  ) : (
                    <>
                      <td>
                        {neighbour.switch}{' '}
                        {neighbour.address !== null && (
                          <span className="wb-quiet wb-code">{neighbour.address}</span>
                        )}
                      </td>
                      <td>{neighbour.port}</td>
                      <td>{neighbour.vlan}</td>
                      <td>{neighbour.protocol.toUpperCase()}</td>
                    </>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function VmkernelNics(props: { host: Host }): ReactNode {
  const { t } = useTranslation();
  const { vmkernelNics } = props.host;
  return (
    <Section title={t('hosts.vmkernelNics')}>
      {vmkernelNics.length === 0 ? (
        <p className="wb-quiet">{t('hosts.noVmkernelNics')}</p>
      ) : (
        <div className="wb-scroll-x">
          <table className="wb-plain">
            <thead>
              <tr>
                <th scope="col">{t('hosts.device')}</th>
                <th scope="col">{t('servers.address')}</th>
                <th scope="col">{t('hosts.portGroup')}</th>
              </tr>
            </thead>
            <tbody>
              {vmkernelNics.map(({ device, ip, portGroup }) => (
                <tr key={device}>
                  <td>{device}</td>
                  <td>{ip !== null && <Copyable text={ip} />}</td>
                  <td>{portGroup}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
