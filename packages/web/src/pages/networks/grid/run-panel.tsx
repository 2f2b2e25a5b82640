import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../../api.ts';
import { linkTo } from '../../../paths.ts';
import { useNeeds } from '../../../ui/needs.ts';
import { PreviewedAction } from '../../../ui/previewed-action.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { ReservationDialog } from '../../reservations/reservation-dialog.tsx';
import { useCount } from '../../../ui/quantities.ts';
import { AddressStateTag } from '../../../ui/object-states.tsx';
import { states } from './cells.ts';
import { readSpan } from './ip-numbers.ts';

/** Several addresses beside each other: how many of each state, and what can be done with all. */
export function RunPanel(props: {
  network: Schemas['Network'];
  blocks: Schemas['AddressBlocks'];
  start: string;
  end: string;
}): ReactNode {
  const { t } = useTranslation();
  const count = useCount();
  const notMine = useNeeds('operator');
  const { network, blocks, start, end } = props;
  const id = network.id;
  const sum = useQuery({
    queryKey: ['network', id, 'sum', start, end],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/networks/{id}/blocks', {
          params: { path: { id }, query: { from: start, to: end, cells: 1 } },
          signal,
        }),
      ),
  });
  const releasable = claimsIn(blocks, start, end);
  const cell = sum.data?.items[0];
  return (
    <>
      {sum.isError && <ProblemNotice error={sum.error} />}
      {cell !== undefined && (
        <>
          <p>{t('networks.selected.count', { addresses: count(cell.count) })}</p>
          <dl className="wb-facts">
            {states
              .filter((state) => (cell.states[state] ?? 0) > 0)
              .map((state) => (
                <div key={state} className="wb-fact-pair">
                  <dt>
                    <AddressStateTag state={state} />
                  </dt>
                  <dd>{count(cell.states[state] ?? 0)}</dd>
                </div>
              ))}
          </dl>
        </>
      )}
      <div className="wb-line">
        <ReservationDialog network={network} start={start} end={end} why={notMine} />
        <PreviewedAction
          label={t('networks.release.label')}
          title={t('networks.release.title', { range: `${start} – ${end}` })}
          confirm={t('networks.release.label')}
          why={notMine ?? (releasable.length === 0 ? t('networks.release.nobody') : null)}
          preview={() => Promise.resolve(releasable)}
          describe={(taken) => (
            <div className="wb-stack">
              <p>{t('networks.release.aboutMany', { count: taken.length })}</p>
              <ul className="wb-bullets">
                {taken.map((one) => (
                  <li key={one.start}>
                    <span className="wb-code">{one.start}</span>{' '}
                    {one.holder?.name ?? one.server?.name ?? one.key}
                  </li>
                ))}
              </ul>
            </div>
          )}
          act={() =>
            ask(
              api.POST('/api/v1/networks/{id}/release', {
                params: { path: { id } },
                body: { ips: releasable.map((one) => one.start) },
              }),
            )
          }
          done={({ items }) =>
            t('networks.release.done', { count: items.filter(({ released }) => released).length })
          }
          danger
        />
      </div>
      <Link {...linkTo('reservations', undefined, { network: id })}>{t('networks.toReservations')}</Link>
    </>
  );
}

/** Those that somebody holds, as far as the grid shows single addresses. */
function claimsIn(blocks: Schemas['AddressBlocks'], start: string, end: string): Schemas['AddressBlock'][] {
  const span = readSpan(start, end);
  if (span === null) return [];
  return blocks.items.filter((block) => {
    if (block.source === null) return false;
    const cell = readSpan(block.start, block.end);
    return cell !== null && cell.start >= span.start && cell.end <= span.end;
  });
}
