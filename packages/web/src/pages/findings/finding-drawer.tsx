import { useQuery } from '@tanstack/react-query';
import { Drawer, Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, Refused, type Schemas } from '../../api.ts';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { FindingMends } from './finding-mends.tsx';

type Finding = Schemas['Finding'];

/** One finding: what was expected and what was found, of what, and what mends it. */
export function FindingDrawer(props: { id: string; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { id, onClose } = props;
  const finding = useQuery({
    queryKey: ['findings', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/findings/{id}', { params: { path: { id } }, signal })),
  });
  const { data, error } = finding;
  const over = error instanceof Refused && error.problem.code === 'not_found';
  return (
    <Drawer
      open
      size={560}
      onClose={onClose}
      title={data === undefined ? t('findings.remedy') : t(`findings.title.${data.kind}`)}
    >
      {finding.isPending && <Spin aria-label={t('common.loading')} />}
      {over ? (
        <Notice kind="good" title={t('findings.gone')} />
      ) : (
        finding.isError && <ProblemNotice error={error} retry={() => void finding.refetch()} />
      )}
      {data !== undefined && !over && <Content finding={data} onDone={onClose} />}
    </Drawer>
  );
}

function Content(props: { finding: Finding; onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { finding } = props;
  return (
    <div className="wb-stack">
      <Notice kind="warning" title={finding.text} />
      <dl className="wb-facts">
        {finding.expected !== null && (
          <>
            <dt>{t('findings.expected')}</dt>
            <dd className="wb-code">{finding.expected}</dd>
          </>
        )}
        {finding.found !== null && (
          <>
            <dt>{t('findings.found')}</dt>
            <dd className="wb-code">{finding.found}</dd>
          </>
        )}
        {finding.server !== null && (
          <>
            <dt>{t('findings.server')}</dt>
            <dd>
              <RefLink to="server" of={finding.server} />
            </dd>
          </>
        )}
        {finding.nic !== null && (
          <>
            <dt>{t('findings.nic')}</dt>
            <dd>
              <RefLink to="nic" of={finding.nic} /> <span className="wb-code">{finding.nic.mac}</span>
            </dd>
          </>
        )}
        {finding.ip !== null && (
          <>
            <dt>{t('findings.address')}</dt>
            <dd>
              <AddressLink ip={finding.ip} space={finding.space.id} />
            </dd>
          </>
        )}
        {finding.network !== null && (
          <>
            <dt>{t('findings.network')}</dt>
            <dd>
              <RefLink to="network" of={finding.network} />
            </dd>
          </>
        )}
        {finding.wire !== null && (
          <>
            <dt>{t('findings.wire')}</dt>
            <dd>
              <RefLink to="wire" of={finding.wire} />
            </dd>
          </>
        )}
        <dt>{t('findings.account')}</dt>
        <dd>
          <RefLink to="account" of={finding.account} />
        </dd>
        <dt>{t('findings.since')}</dt>
        <dd>
          <Moment at={finding.createdAt} />
        </dd>
      </dl>
      <Vlans finding={finding} />
      <h3>{t('findings.remedy')}</h3>
      <p className="wb-remedy">{finding.remedy}</p>
      <FindingMends finding={finding} onDone={props.onDone} />
    </div>
  );
}

function Vlans(props: { finding: Finding }): ReactNode {
  const { t } = useTranslation();
  const { vlans } = props.finding;
  if (vlans.length === 0) return null;
  return (
    <>
      <h3>{t('findings.vlans')}</h3>
      <div className="wb-scroll-x">
        <table className="wb-plain">
          <thead>
            <tr>
              <th scope="col">{t('findings.vlan')}</th>
              <th scope="col">{t('findings.hosts')}</th>
            </tr>
          </thead>
          <tbody>
            {vlans.map(({ vlan, hosts }) => (
              <tr key={`${vlan.kind} ${vlan.id ?? ''}`}>
                <td>{vlan.id ?? t('findings.noVlan')}</td>
                <td>
                  {hosts.map((host) => (
                    <div key={host.id}>
                      <RefLink to="host" of={host} />
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
