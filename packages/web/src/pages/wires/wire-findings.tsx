import type { UseQueryResult } from '@tanstack/react-query';
import { Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { Empty } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

export type Finding = Schemas['Finding'];

/** What looks wrong about this wire or on it. */
export function WireFindings({
  findings,
}: {
  findings: Pick<UseQueryResult<{ items: Finding[] }>, 'data' | 'error' | 'refetch'>;
}): ReactNode {
  const { t } = useTranslation();
  if (findings.error !== null)
    return <ProblemNotice error={findings.error} retry={() => void findings.refetch()} />;
  if (findings.data === undefined) return <Spin aria-label={t('common.loading')} />;
  const { items } = findings.data;
  if (items.length === 0)
    return (
      <Empty title={t('wires.onFindings.none')}>
        <p>{t('wires.onFindings.noneWhy')}</p>
      </Empty>
    );
  return (
    <div className="wb-scroll-x" role="region" aria-label={t('shell.pages.findings')} tabIndex={0}>
      <table className="wb-plain">
        <thead>
          <tr>
            <th>{t('wires.onFindings.what')}</th>
            <th>{t('wires.onFindings.remedy')}</th>
            <th>{t('wires.onFindings.about')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((finding) => (
            <tr key={finding.id}>
              <td>{finding.text}</td>
              <td className="wb-remedy">{finding.remedy}</td>
              <td>
                <div className="wb-line">
                  <RefLink to="server" of={finding.server} />
                  <RefLink to="network" of={finding.network} />
                  {finding.ip !== null && <AddressLink ip={finding.ip} space={finding.space.id} />}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
