import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';

type Nic = Schemas['Nic'];

/** Every virtual NIC that is plugged in here, with its records, or why it has none. */
export function WireNics({ wire }: { wire: Schemas['Wire'] }): ReactNode {
  const { t } = useTranslation();
  const columns = useMemo<readonly Column<Nic>[]>(
    () => [
      {
        key: 'server',
        title: t('wires.servers'),
        width: 'minmax(160px, 1.4fr)',
        render: ({ server }) => <RefLink to="server" of={server} />,
        csv: ({ server }) => server.name,
      },
      {
        key: 'nic',
        title: t('wires.onNics.nic'),
        width: '150px',
        render: ({ id, label }) => <RefLink to="nic" of={{ id, name: label }} />,
        csv: ({ label }) => label,
      },
      {
        key: 'mac',
        title: t('wires.onNics.mac'),
        sort: 'mac',
        width: '160px',
        render: ({ mac }) => <span className="wb-code">{mac}</span>,
        csv: ({ mac }) => mac ?? '',
      },
      {
        key: 'records',
        title: t('wires.onNics.records'),
        width: 'minmax(150px, 1.2fr)',
        render: ({ records }) => (
          <span className="wb-wire-addresses" title={records.map(({ ip }) => ip).join(', ')}>
            {records.map(({ id, ip }) => (
              <AddressLink key={id} ip={ip} space={wire.space.id} />
            ))}
          </span>
        ),
        csv: ({ records }) => records.map(({ ip }) => ip).join(' '),
      },
      {
        key: 'state',
        title: t('wires.state'),
        width: 'minmax(220px, 2fr)',
        render: ({ reasons, connected }) => {
          const [first] = reasons;
          if (first !== undefined)
            return (
              <span title={reasons.map(({ text }) => text).join('\n')}>
                <StateTag tone="warning">{t('wires.onNics.unresolved')}</StateTag> {first.text}
              </span>
            );
          return (
            <StateTag tone={connected ? 'good' : 'quiet'}>
              {connected ? t('wires.onNics.settled') : t('wires.onNics.disconnected')}
            </StateTag>
          );
        },
        csv: ({ reasons }) => reasons.map(({ text }) => text).join(' '),
      },
    ],
    [t, wire.space.id],
  );
  return (
    <List<Nic>
      label={t('wires.nics')}
      queryKey={['nics', 'wire', wire.id]}
      fetchPage={(page, signal) =>
        api.GET('/api/v1/nics', { params: { query: { ...page, wire: wire.id } }, ...(signal && { signal }) })
      }
      columns={columns}
      searchLabel={t('wires.onNics.search')}
      empty={
        <Empty title={t('wires.onNics.none')}>
          <p>{t('wires.onServers.noneWhy')}</p>
        </Empty>
      }
    />
  );
}
