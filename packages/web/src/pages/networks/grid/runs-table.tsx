import { Input } from 'antd';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../../api.ts';
import { Choice } from '../../../ui/choice.tsx';
import { useFilters } from '../../../ui/filters.ts';
import { type Column, List } from '../../../ui/list.tsx';
import { Moment } from '../../../ui/moment.tsx';
import { Empty } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/page.tsx';
import { AddressLink, RefLink } from '../../../ui/ref-link.tsx';
import { useCount } from '../../../ui/quantities.ts';
import { AddressStateTag } from '../../../ui/object-states.tsx';
import { states } from './cells.ts';
import { type Span, writeIp } from './ip-numbers.ts';
import { same } from './windows.ts';

type Run = Schemas['NetworkAddress'] & { id: string };

/** The same as the grid, as a table: who has each address, and the runs of those that are alike. It begins where the grid does. */
export function RunsTable(props: { network: Schemas['Network']; range: Span; window: Span }): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const { network, range, window } = props;
  const state = filters['state'] ?? '';
  const begin = filters['begin'] || (same(range, window) ? '' : writeIp(window.family, window.start));
  const columns = useColumns(network);
  const narrowed = { ...(state !== '' && { state }), ...(begin !== '' && { from: begin }) };
  const place = useRef<HTMLDivElement>(null);
  const came = state !== '';
  // Whoever follows a number of the network comes for the list that it counts, not for the grid above.
  useEffect(() => {
    if (came) place.current?.scrollIntoView();
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <div ref={place}>
      <Section title={t('networks.table.title')}>
        <List<Run>
          label={t('networks.table.label', { name: network.name })}
          queryKey={['network', network.id, 'addresses', narrowed]}
          height="max(320px, 60vh)"
          fetchPage={async ({ limit, cursor }, signal) => {
            const answer = await api.GET('/api/v1/networks/{id}/addresses', {
              params: {
                path: { id: network.id },
                query: { limit, ...(cursor !== undefined && { cursor }), ...narrowed },
              },
              ...(signal !== undefined && { signal }),
            });
            const { data, ...rest } = answer;
            if (data === undefined) return rest;
            return {
              ...rest,
              data: { ...data, items: data.items.map((item) => ({ ...item, id: item.start })) },
            };
          }}
          columns={columns}
          filters={
            <>
              <Choice
                label={t('networks.table.state')}
                value={state}
                options={[
                  { value: '', label: t('networks.table.allStates') },
                  { value: 'used,held,conflict', label: t('networks.table.taken') },
                  ...(isAlone(state)
                    ? []
                    : [
                        {
                          value: state,
                          label: state
                            .split(',')
                            .map((one) => labelOf(one))
                            .join(', '),
                        },
                      ]),
                  ...states.map((value) => ({ value, label: t(`states.address.${value}`) })),
                ]}
                onChange={(value) => change({ state: value })}
              />
              <Input
                key={filters['begin'] ?? ''}
                style={{ width: 230 }}
                className="wb-code"
                allowClear
                aria-label={t('networks.table.begin')}
                placeholder={begin === '' ? t('networks.table.begin') : begin}
                defaultValue={filters['begin'] ?? ''}
                onPressEnter={(event) => change({ begin: event.currentTarget.value.trim() })}
                onBlur={(event) => change({ begin: event.target.value.trim() })}
                onClear={() => change({ begin: '' })}
              />
            </>
          }
          empty={<Empty title={t('networks.table.empty')} />}
        />
      </Section>
    </div>
  );

  function labelOf(one: string): string {
    const known = states.find((value) => value === one);
    return known === undefined ? one : t(`states.address.${known}`);
  }
}

/** Whether the choice has the value among its own already. */
function isAlone(state: string): boolean {
  return state === '' || state === 'used,held,conflict' || states.some((one) => one === state);
}

function useColumns(network: Schemas['Network']): readonly Column<Run>[] {
  const { t } = useTranslation();
  const count = useCount();
  return useMemo(
    () => [
      {
        key: 'start',
        title: t('networks.address'),
        width: network.family === 4 ? 'minmax(250px, 1.2fr)' : 'minmax(340px, 2fr)',
        render: ({ start, end }) =>
          start === end ? (
            <AddressLink ip={start} space={network.space.name} />
          ) : (
            <span className="wb-code" title={`${start} – ${end}`}>
              {start} – {end}
            </span>
          ),
        csv: ({ start, end }) => (start === end ? start : `${start}-${end}`),
      },
      {
        key: 'count',
        title: t('networks.table.count'),
        width: '92px',
        align: 'end',
        render: (run) => count(run.count),
        csv: (run) => String(run.count),
      },
      {
        key: 'state',
        title: t('networks.table.state'),
        width: '195px',
        render: ({ state }) => <AddressStateTag state={state} />,
        csv: ({ state }) => t(`states.address.${state}`),
      },
      {
        key: 'who',
        title: t('networks.who'),
        width: 'minmax(110px, 1.2fr)',
        render: ({ server, holder, key }) =>
          server !== null ? (
            <RefLink to="server" of={server} />
          ) : (
            <span title={holder?.name ?? key ?? ''}>{holder?.name ?? key}</span>
          ),
        csv: ({ server, holder, key }) => server?.name ?? holder?.name ?? key ?? '',
      },
      {
        key: 'mac',
        title: t('networks.mac'),
        width: '150px',
        render: ({ nic, holder }) => <span className="wb-code">{nic?.mac ?? holder?.mac}</span>,
        csv: ({ nic, holder }) => nic?.mac ?? holder?.mac ?? '',
      },
      {
        key: 'evidence',
        title: t('networks.evidence'),
        width: 'minmax(150px, 2fr)',
        render: ({ evidence }) => <span title={evidence ?? ''}>{evidence}</span>,
        csv: ({ evidence }) => evidence ?? '',
      },
      {
        key: 'since',
        title: t('networks.since'),
        width: '144px',
        render: ({ since }) => <Moment at={since} />,
        csv: ({ since }) => since ?? '',
      },
      {
        key: 'until',
        title: t('networks.until'),
        width: '144px',
        render: ({ until }) => <Moment at={until} />,
        csv: ({ until }) => until ?? '',
      },
      {
        key: 'source',
        title: t('networks.source'),
        width: '120px',
        render: ({ source }) => (source === null ? null : t(`states.source.${source}`)),
        csv: ({ source }) => (source === null ? '' : t(`states.source.${source}`)),
      },
    ],
    [t, count, network.family, network.space.name],
  );
}
