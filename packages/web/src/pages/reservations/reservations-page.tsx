import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '@tanstack/react-router';
import { api, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Choice } from '../../ui/choice.tsx';
import { useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useNeeds } from '../../ui/needs.ts';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { Chip } from '../networks/chip.tsx';
import { NetworkPick } from '../networks/pick.tsx';
import { useCount } from '../../ui/quantities.ts';
import { ReservationDialog } from './reservation-dialog.tsx';
import { ReservationRemove } from './reservation-remove.tsx';
import '../networks/networks.css';

type Reservation = Schemas['Reservation'];

/** What is kept back in all networks, by people and for DHCP servers. */
export function ReservationsPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const notMine = useNeeds('operator');
  const columns = useColumns(notMine);
  const { network, ip } = filters;
  const kind = (['reserved', 'dhcp'] as const).find((one) => one === filters['kind']);
  const narrowed = {
    ...(network && { network }),
    ...(ip && { ip }),
    ...(kind !== undefined && { kind }),
  };
  const isNarrowed = Object.keys(narrowed).length > 0 || (filters['q'] ?? '') !== '';
  return (
    <Page
      title={t('shell.pages.reservations')}
      aside={<span>{t('reservations.pageAbout')}</span>}
      actions={<ReservationDialog why={notMine} label={t('reservations.add')} button={{ type: 'primary' }} />}
    >
      <List
        label={t('shell.pages.reservations')}
        queryKey={['reservations', narrowed]}
        fetchPage={(query, signal) =>
          api.GET('/api/v1/reservations', {
            params: { query: { ...query, ...narrowed } },
            ...(signal !== undefined && { signal }),
          })
        }
        columns={columns}
        searchLabel={t('reservations.search')}
        filters={
          <>
            <NetworkPick
              label={t('networks.one')}
              clearable
              value={network}
              onChange={(chosen) => change({ network: chosen })}
            />
            <Choice
              label={t('reservations.kind')}
              value={kind ?? ''}
              options={[
                { value: '', label: t('reservations.allKinds') },
                { value: 'reserved', label: t('states.reservationKind.reserved') },
                { value: 'dhcp', label: t('states.reservationKind.dhcp') },
              ]}
              onChange={(value) => change({ kind: value })}
            />
            <Chip name="ip" label={t('networks.holding')} />
          </>
        }
        empty={
          isNarrowed ? (
            <Empty title={t('reservations.noneFits')}>
              <Link {...linkTo('reservations')}>{t('reservations.showAll')}</Link>
            </Empty>
          ) : (
            <Empty title={t('reservations.noneYet')}>
              <p>{t('reservations.noneYetWhy')}</p>
            </Empty>
          )
        }
      />
    </Page>
  );
}

function useColumns(notMine: string | null): readonly Column<Reservation>[] {
  const { t } = useTranslation();
  const count = useCount();
  return useMemo(
    () => [
      {
        key: 'range',
        title: t('networks.range'),
        sort: 'start',
        width: 'minmax(275px, 1.6fr)',
        render: ({ network, start, end }) => (
          <Link
            {...linkTo('network', network.id, { at: start, till: end === start ? undefined : end })}
            className="wb-ref wb-code"
            title={`${start} – ${end}`}
          >
            {start === end ? start : `${start} – ${end}`}
          </Link>
        ),
        csv: ({ start, end }) => (start === end ? start : `${start}-${end}`),
      },
      {
        key: 'count',
        title: t('networks.table.count'),
        width: '110px',
        align: 'end',
        render: (one) => count(one.count),
        csv: (one) => String(one.count),
      },
      {
        key: 'kind',
        title: t('reservations.kind'),
        width: '150px',
        render: ({ kind }) => (
          <StateTag tone={kind === 'dhcp' ? 'busy' : 'info'}>{t(`states.reservationKind.${kind}`)}</StateTag>
        ),
        csv: ({ kind }) => t(`states.reservationKind.${kind}`),
      },
      {
        key: 'network',
        title: t('networks.one'),
        sort: 'network',
        width: 'minmax(140px, 1.2fr)',
        render: ({ network }) => <RefLink to="network" of={network} />,
        csv: ({ network }) => network.name,
      },
      {
        key: 'note',
        title: t('reservations.note'),
        width: 'minmax(160px, 2fr)',
        render: ({ note }) => <span title={note}>{note}</span>,
        csv: ({ note }) => note,
      },
      {
        key: 'expires',
        title: t('reservations.expires'),
        sort: 'expiresAt',
        width: '150px',
        render: ({ expiresAt }) =>
          expiresAt === null ? (
            <span className="wb-quiet">{t('reservations.never')}</span>
          ) : (
            <Moment at={expiresAt} />
          ),
        csv: ({ expiresAt }) => expiresAt ?? '',
      },
      {
        key: 'actions',
        title: t('reservations.actions'),
        width: '190px',
        render: (one) => (
          <span className="wb-row-actions">
            <ReservationDialog
              existing={one}
              why={notMine}
              label={t('common.edit')}
              button={{ size: 'small' }}
            />
            <ReservationRemove reservation={one} button={{ size: 'small' }} />
          </span>
        ),
      },
    ],
    [t, count, notMine],
  );
}
