import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Spin } from 'antd';
import { api, ask, type Schemas } from '../../api.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Section } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';

type Wire = Schemas['Wire'];
const PAGE = 100;

/** The wires that a host has, with the VLAN that they have there. */
export function HostWires(props: { host: Schemas['Host'] }): ReactNode {
  const { t } = useTranslation();
  const { id } = props.host;
  const wires = useInfiniteQuery({
    queryKey: ['wires', 'of host', id],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET('/api/v1/wires', {
          params: {
            query: {
              host: id,
              purpose: 'any',
              limit: PAGE,
              ...(pageParam !== null && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor,
  });
  const rows = wires.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={t('hosts.wires')}>
      {wires.isPending && <Spin aria-label={t('common.loading')} />}
      {wires.isError && <ProblemNotice error={wires.error} retry={() => void wires.refetch()} />}
      {wires.isSuccess && rows.length === 0 && <p className="wb-quiet">{t('hosts.noWires')}</p>}
      {rows.length > 0 && (
        <div className="wb-scroll-x">
          <table className="wb-plain">
            <thead>
              <tr>
                <th scope="col">{t('states.kind.wire')}</th>
                <th scope="col">{t('nics.vlan')}</th>
                <th scope="col">{t('nics.virtualSwitch')}</th>
                <th scope="col">{t('hosts.serversInAll')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((wire) => {
                const there = wire.hostVlans.find(({ host }) => host.id === id);
                return (
                  <tr key={wire.id}>
                    <td>
                      <RefLink to="wire" of={wire} />
                    </td>
                    <td>
                      <VlanWords vlan={there?.vlan ?? wire.vlan} />
                    </td>
                    <td>{(there?.switch ?? wire.virtualSwitch)?.name}</td>
                    <td>{wire.counts.servers}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {wires.hasNextPage && (
        <Button loading={wires.isFetchingNextPage} onClick={() => void wires.fetchNextPage()}>
          {t('common.more')}
        </Button>
      )}
    </Section>
  );
}

function VlanWords(props: { vlan: Wire['vlan'] }): ReactNode {
  const { t } = useTranslation();
  const { kind, id, ranges, primaryId } = props.vlan;
  switch (kind) {
    case 'none':
      return <span className="wb-quiet">{t('hosts.vlan.none')}</span>;
    case 'id':
      return id;
    case 'trunk':
      return t('hosts.vlan.trunk', {
        ranges: ranges.map(({ start, end }) => (start === end ? start : `${start}-${end}`)).join(', '),
      });
    case 'private':
      return t('hosts.vlan.private', { id: id ?? '', primary: primaryId ?? '' });
  }
}
