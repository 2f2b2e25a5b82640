import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';

/** How many NICs have a record by now, and why the others have none. */
export function ResultStep(): ReactNode {
  const { t } = useTranslation();
  const summary = useQuery({
    queryKey: ['nics', 'summary'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/nics/summary', { signal })),
  });
  if (summary.isError) return <ProblemNotice error={summary.error} retry={() => void summary.refetch()} />;
  if (summary.data === undefined) return <p role="status">{t('common.loading')}</p>;
  const { settled, nics, unresolved, reasons } = summary.data;
  return (
    <Section title={t('start.result.title')}>
      <p className="wb-start-result">
        {t('start.result.settled', { settled: number(settled), nics: number(nics) })}
      </p>
      {unresolved === 0 ? (
        <p>{t('start.result.all')}</p>
      ) : (
        <>
          <p>{t('start.result.rest')}</p>
          <table className="wb-plain">
            <thead>
              <tr>
                <th scope="col" className="wb-end">
                  {t('start.result.nics')}
                </th>
                <th scope="col">{t('start.result.reason')}</th>
              </tr>
            </thead>
            <tbody>
              {reasons.map(({ code, nics: count, text }) => (
                <tr key={code}>
                  <td className="wb-end">
                    <Link {...linkTo('unresolved', undefined, { reason: code })}>{number(count)}</Link>
                  </td>
                  <td>{text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <h3>{t('start.result.next')}</h3>
      <ul className="wb-stack">
        {unresolved > 0 && (
          <li>
            <Link {...linkTo('unresolved')}>{t('start.result.toUnresolved')}</Link>
          </li>
        )}
        <li>
          <Link {...linkTo('networks')}>{t('start.result.toNetworks')}</Link>
        </li>
        <li>
          <Link {...linkTo('overview')}>{t('start.result.toOverview')}</Link>
        </li>
        <li>
          <Link {...linkTo('newServer')}>{t('start.result.toNewServer')}</Link>
        </li>
      </ul>
    </Section>
  );
}

function number(count: number): string {
  return count.toLocaleString('en');
}
