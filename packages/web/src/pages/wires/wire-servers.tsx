import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { powerOf, PowerTag } from '../../ui/object-states.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';

type Wire = Schemas['Wire'];
type Server = Schemas['Server'];

export function WireServers({ wire }: { wire: Wire }): ReactNode {
  const { t } = useTranslation();
  const columns = useMemo<readonly Column<Server>[]>(() => {
    const own = (server: Server) => server.nics.filter((nic) => nic.wire?.id === wire.id);
    const addresses = (server: Server): string[] =>
      own(server).flatMap(({ records, observed }) => [
        ...new Set([...records.map(({ ip }) => ip), ...observed.map(({ ip }) => ip)]),
      ]);
    return [
      {
        key: 'name',
        title: t('wires.name'),
        sort: 'name',
        width: 'minmax(180px, 2fr)',
        render: (server) => <RefLink to="server" of={server} />,
        csv: ({ name }) => name,
      },
      {
        key: 'addresses',
        title: t('wires.onServers.addresses'),
        width: 'minmax(180px, 2fr)',
        render: (server) => (
          <span className="wb-wire-addresses" title={addresses(server).join(', ')}>
            {addresses(server).map((ip) => (
              <AddressLink key={ip} ip={ip} space={wire.space.id} />
            ))}
          </span>
        ),
        csv: (server) => addresses(server).join(' '),
      },
      {
        key: 'macs',
        title: t('wires.onNics.mac'),
        width: '160px',
        render: (server) => <span className="wb-code">{own(server)[0]?.mac}</span>,
        csv: (server) =>
          own(server)
            .flatMap(({ mac }) => mac ?? [])
            .join(' '),
      },
      {
        key: 'host',
        title: t('wires.host'),
        width: 'minmax(140px, 1fr)',
        render: ({ host }) => <RefLink to="host" of={host} />,
        csv: ({ host }) => host?.name ?? '',
      },
      {
        key: 'power',
        title: t('wires.onServers.power'),
        width: '130px',
        render: (server) =>
          server.template ? t('wires.onServers.template') : <PowerTag state={server.powerState} />,
        csv: (server) =>
          server.template ? t('wires.onServers.template') : t(`states.power.${powerOf(server.powerState)}`),
      },
      {
        key: 'path',
        title: t('wires.onServers.path'),
        width: '90px',
        render: (server) => (
          <Link
            {...linkTo('wire', wire.id, { server: server.id })}
            aria-label={t('wires.onServers.showPath', { name: server.name })}
          >
            {t('common.show')}
          </Link>
        ),
      },
    ];
  }, [t, wire.id, wire.space.id]);
  return (
    <List<Server>
      label={t('wires.servers')}
      queryKey={['servers', 'wire', wire.id]}
      fetchPage={(page, signal) =>
        api.GET('/api/v1/servers', {
          params: { query: { ...page, wire: wire.id } },
          ...(signal && { signal }),
        })
      }
      columns={columns}
      searchLabel={t('wires.onServers.search')}
      empty={
        <Empty title={t('wires.onServers.none')}>
          <p>{t('wires.onServers.noneWhy')}</p>
        </Empty>
      }
    />
  );
}
