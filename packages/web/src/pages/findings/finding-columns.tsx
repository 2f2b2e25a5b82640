import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api.ts';
import type { Column } from '../../ui/list.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';

type Finding = Schemas['Finding'];

export function useFindingColumns(): readonly Column<Finding>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'kind',
        title: t('findings.kind'),
        sort: 'kind',
        width: '200px',
        render: ({ kind }) => <span title={t(`findings.title.${kind}`)}>{t(`findings.title.${kind}`)}</span>,
        csv: ({ kind }) => kind,
      },
      {
        key: 'server',
        title: t('findings.server'),
        sort: 'server',
        width: 'minmax(100px, 1.1fr)',
        render: ({ server }) => <RefLink to="server" of={server} />,
        csv: ({ server }) => server?.name ?? '',
      },
      {
        key: 'ip',
        title: t('findings.address'),
        sort: 'ip',
        width: '130px',
        render: ({ ip, space }) => (ip === null ? null : <AddressLink ip={ip} space={space.id} />),
        csv: ({ ip }) => ip ?? '',
      },
      {
        key: 'network',
        title: t('findings.network'),
        width: 'minmax(90px, 1fr)',
        render: ({ network }) => <RefLink to="network" of={network} />,
        csv: ({ network }) => network?.name ?? '',
      },
      {
        key: 'wire',
        title: t('findings.wire'),
        width: 'minmax(100px, 1.1fr)',
        render: ({ wire }) => <RefLink to="wire" of={wire} />,
        csv: ({ wire }) => wire?.name ?? '',
      },
      {
        key: 'text',
        title: t('findings.text'),
        width: 'minmax(220px, 3.4fr)',
        render: ({ text }) => <span title={text}>{text}</span>,
        csv: ({ text }) => text,
      },
      {
        key: 'remedy',
        title: t('findings.remedy'),
        width: '106px',
        render: ({ id, text }) => (
          <Link
            to="."
            search={(before: object) => ({ ...before, finding: id })}
            resetScroll={false}
            aria-label={t('findings.openOf', { text })}
          >
            {t('findings.open')}
          </Link>
        ),
        csv: ({ remedy }) => remedy,
      },
    ],
    [t],
  );
}
