import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Choice } from '../../ui/choice.tsx';
import { useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { RefChoice } from '../../ui/ref-choice.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { isOpen, sideName, Standing } from './conflict-words.tsx';

type Conflict = Schemas['Conflict'];
const kinds = ['', 'duplicate', 'moving'] as const;
const shownStates = ['false', 'true', 'any'] as const;

/** Addresses that two say they have: those that wait for a decision, and what was decided before. */
export function ConflictsPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const { network, ip, server } = filters;
  const kind = kinds.find((one) => one === filters['kind']) ?? '';
  const resolved = shownStates.find((one) => one === filters['resolved']) ?? 'false';
  const columns = useColumns();
  const narrowed = [network, ip, server, filters['q'], kind].some((one) => one !== undefined && one !== '');
  return (
    <Page title={t('shell.pages.conflicts')} aside={t('conflicts.about')}>
      <List<Conflict>
        label={t('shell.pages.conflicts')}
        queryKey={['conflicts', kind, resolved, network, ip, server]}
        fetchPage={(query, signal) =>
          api.GET('/api/v1/conflicts', {
            params: {
              query: {
                ...query,
                resolved,
                ...(kind !== '' && { kind }),
                ...(network !== undefined && { network }),
                ...(ip !== undefined && { ip }),
                ...(server !== undefined && { server }),
              },
            },
            ...(signal !== undefined && { signal }),
          })
        }
        columns={columns}
        searchLabel={t('conflicts.search')}
        filters={
          <>
            <Choice
              label={t('conflicts.state')}
              value={resolved}
              options={[
                { value: 'false', label: t('conflicts.states.open') },
                { value: 'true', label: t('conflicts.states.decided') },
                { value: 'any', label: t('conflicts.states.all') },
              ]}
              onChange={(value) => change({ resolved: value === 'false' ? undefined : value })}
            />
            <Choice
              label={t('conflicts.kindOf')}
              value={kind}
              options={[
                { value: '', label: t('conflicts.anyKind') },
                { value: 'duplicate', label: t('conflicts.kind.duplicate') },
                { value: 'moving', label: t('conflicts.kind.moving') },
              ]}
              onChange={(value) => change({ kind: value === '' ? undefined : value })}
            />
            <RefChoice
              of="network"
              label={t('conflicts.network')}
              value={network}
              onChange={(id) => change({ network: id })}
            />
          </>
        }
        empty={
          narrowed ? (
            <Empty title={t('conflicts.noneOfFilter')}>
              <Button
                onClick={() =>
                  change({
                    network: undefined,
                    ip: undefined,
                    server: undefined,
                    q: undefined,
                    kind: undefined,
                  })
                }
              >
                {t('conflicts.clearFilters')}
              </Button>
            </Empty>
          ) : (
            <Empty title={resolved === 'true' ? t('conflicts.noneDecided') : t('conflicts.none')}>
              <p>{t('conflicts.noneWhy')}</p>
            </Empty>
          )
        }
      />
    </Page>
  );
}

function useColumns(): readonly Column<Conflict>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'open',
        title: t('conflicts.decide'),
        width: '84px',
        render: (conflict) => {
          const what = isOpen(conflict) ? t('conflicts.decide') : t('conflicts.see');
          return (
            <Link
              {...linkTo('conflict', conflict.id)}
              aria-label={t('conflicts.seeOf', { what, ip: conflict.ip })}
            >
              {what}
            </Link>
          );
        },
      },
      {
        key: 'ip',
        title: t('conflicts.address'),
        sort: 'ip',
        width: 'minmax(110px, 1fr)',
        render: ({ ip, space }) => <AddressLink ip={ip} space={space.id} />,
        csv: ({ ip }) => ip,
      },
      {
        key: 'network',
        title: t('conflicts.network'),
        width: 'minmax(100px, 1fr)',
        render: ({ network }) => <RefLink to="network" of={network} />,
        csv: ({ network }) => network?.name ?? '',
      },
      {
        key: 'holder',
        title: t('conflicts.holder'),
        width: 'minmax(110px, 1.2fr)',
        render: ({ holders }) => <Sides sides={holders} />,
        csv: ({ holders }) => holders.map(sideName).join(' '),
      },
      {
        key: 'claimant',
        title: t('conflicts.claimant'),
        width: 'minmax(110px, 1.2fr)',
        render: ({ claimants }) => <Sides sides={claimants} />,
        csv: ({ claimants }) => claimants.map(sideName).join(' '),
      },
      {
        key: 'standing',
        title: t('conflicts.decision'),
        width: '230px',
        render: (conflict) => <Standing conflict={conflict} />,
        csv: ({ resolution }) => resolution ?? '',
      },
      {
        key: 'kind',
        title: t('conflicts.kindOf'),
        width: '120px',
        render: ({ kind }) => t(`conflicts.kind.${kind}`),
        csv: ({ kind }) => t(`conflicts.kind.${kind}`),
      },
      {
        key: 'since',
        title: t('conflicts.since'),
        sort: 'since',
        width: '150px',
        render: ({ since }) => <Moment at={since} />,
        csv: ({ since }) => since,
      },
    ],
    [t],
  );
}

function Sides(props: { sides: Conflict['holders'] }): ReactNode {
  return props.sides.map((side) =>
    side.server === null ? (
      <span key={sideName(side)} title={sideName(side)}>
        {sideName(side)}
      </span>
    ) : (
      <RefLink key={side.server.id} to="server" of={side.server} />
    ),
  );
}
