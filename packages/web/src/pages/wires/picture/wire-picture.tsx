import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Spin } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../../api.ts';
import { useFilters } from '../../../ui/filters.ts';
import { Empty } from '../../../ui/notice.tsx';
import { ProblemNotice } from '../../../ui/problem-notice.tsx';
import { arrangeHosts, type Lane } from './arrange-hosts.ts';
import { PathWords } from './path-words.tsx';
import { PictureSummary } from './picture-summary.tsx';
import { PictureTable } from './picture-table.tsx';
import { PictureTools } from './picture-tools.tsx';
import { PictureCanvas } from './picture-canvas.tsx';
import { lightPath } from './server-path.ts';
import './picture.css';

/** One wire from IP subnet to physical switch port, drawn or as a table; with a server, its way. */
export function WirePicture({ wire }: { wire: Schemas['Wire'] }): ReactNode {
  const { t } = useTranslation();
  const [filters] = useFilters();
  const server = filters['server'] ?? '';
  const picture = useQuery({
    queryKey: ['wire-picture', wire.id, server],
    // Choosing another server mustn't blank the drawing.
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/wires/{id}/picture', {
          params: { path: { id: wire.id }, query: server === '' ? {} : { server } },
          signal,
        }),
      ),
  });
  return (
    <section className="wb-section wb-picture" aria-label={t('wires.picture.label')}>
      <PictureTools wire={wire} picture={picture.data} />
      {picture.isError && <ProblemNotice error={picture.error} retry={() => void picture.refetch()} />}
      {picture.isPending && <Spin aria-label={t('common.loading')} />}
      {picture.data !== undefined && !picture.isError && <Drawn wire={wire} picture={picture.data} />}
    </section>
  );
}

function Drawn({ wire, picture }: { wire: Schemas['Wire']; picture: Schemas['WirePicture'] }): ReactNode {
  const { t } = useTranslation();
  const [filters] = useFilters();
  const { open = '', find = '', only, server, view } = filters;
  const lit = useMemo(
    () => (server === undefined || server === '' || !picture.path?.length ? null : lightPath(picture.path)),
    [picture.path, server],
  );
  const lanes = useMemo<readonly Lane[]>(
    () =>
      arrangeHosts(picture.hosts, {
        open: open === 'all' ? 'all' : new Set(open.split(',')),
        find,
        only: only === '' ? undefined : only,
        onPath: new Set(lit?.hosts.keys()),
      }),
    [picture.hosts, open, find, only, lit],
  );
  return (
    <>
      <PictureSummary picture={picture} />
      {server !== undefined && server !== '' && <PathWords picture={picture} server={server} />}
      {view === 'table' ? (
        <PictureTable picture={picture} lanes={lanes} lit={lit} />
      ) : (
        <PictureCanvas wire={wire} picture={picture} lanes={lanes} lit={lit} server={server ?? ''} />
      )}
      {picture.hosts.length === 0 && (
        <Empty title={t('wires.picture.noHosts')}>
          <p>{t('wires.picture.noHostsWhy')}</p>
        </Empty>
      )}
    </>
  );
}
