import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas, tell } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useNeeds } from '../../ui/needs.ts';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { useFilters } from '../../ui/filters.ts';
import { SpaceDialog } from './space-dialog.tsx';
import '../networks/networks.css';

type Space = Schemas['AddressSpace'];

/** The address spaces: what lies in each, made, renamed, removed. */
export function SpacesPage(): ReactNode {
  const { t } = useTranslation();
  const notMine = useNeeds('operator');
  const [filters] = useFilters();
  const columns = useColumns(notMine);
  return (
    <Page
      title={t('shell.pages.spaces')}
      aside={<span>{t('spaces.about')}</span>}
      actions={<SpaceDialog why={notMine} button={{ type: 'primary' }} />}
    >
      <List<Space>
        label={t('shell.pages.spaces')}
        searchLabel={t('spaces.search')}
        queryKey={['address-spaces', 'list']}
        fetchPage={(query, signal) =>
          api.GET('/api/v1/address-spaces', { params: { query }, ...(signal !== undefined && { signal }) })
        }
        columns={columns}
        empty={
          <Empty title={t('spaces.noneFits')}>
            {filters['q'] && <Link {...linkTo('spaces')}>{t('spaces.showAll')}</Link>}
          </Empty>
        }
      />
    </Page>
  );
}

function useColumns(notMine: string | null): readonly Column<Space>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'name',
        title: t('spaces.name'),
        sort: 'name',
        width: 'minmax(200px, 3fr)',
        csv: ({ name }) => name,
        render: ({ name }) => <Copyable text={name} code={false} />,
      },
      {
        key: 'networks',
        title: t('shell.pages.networks'),
        width: '130px',
        align: 'end',
        csv: ({ counts }) => String(counts.networks),
        render: ({ name, counts }) => (
          <Link
            {...linkTo('networks', undefined, { space: name })}
            aria-label={t('spaces.networksOf', { count: counts.networks, name })}
          >
            {counts.networks}
          </Link>
        ),
      },
      {
        key: 'wires',
        title: t('shell.pages.wires'),
        width: '130px',
        align: 'end',
        csv: ({ counts }) => String(counts.wires),
        render: ({ name, counts }) => (
          <Link
            {...linkTo('wires', undefined, { space: name })}
            aria-label={t('spaces.wiresOf', { count: counts.wires, name })}
          >
            {counts.wires}
          </Link>
        ),
      },
      {
        key: 'made',
        title: t('spaces.made'),
        sort: 'createdAt',
        width: '160px',
        csv: ({ createdAt }) => createdAt,
        render: ({ createdAt }) => <Moment at={createdAt} />,
      },
      {
        key: 'actions',
        title: t('spaces.actions'),
        width: '210px',
        render: (space) => (
          <span className="wb-row-actions">
            <SpaceDialog existing={space} why={notMine} button={{ size: 'small' }} />
            <SpaceRemove space={space} why={notMine} />
          </span>
        ),
      },
    ],
    [t, notMine],
  );
}

function SpaceRemove(props: { space: Space; why: string | null }): ReactNode {
  const { t } = useTranslation();
  const { name, counts } = props.space;
  const why =
    props.why ??
    (counts.networks + counts.wires > 0
      ? t('spaces.notEmpty', { networks: counts.networks, wires: counts.wires })
      : name === 'default'
        ? t('spaces.defaultStays')
        : null);
  return (
    <PreviewedAction
      label={t('common.remove')}
      title={t('spaces.removeTitle', { name })}
      confirm={t('spaces.removeTitle', { name })}
      danger
      why={why}
      button={{ size: 'small', 'aria-label': t('spaces.removeTitle', { name }) }}
      preview={() => Promise.resolve(null)}
      describe={() => <p>{t('spaces.removeEffect')}</p>}
      act={() =>
        tell(api.DELETE('/api/v1/address-spaces/{id}', { params: { path: { id: props.space.id } } }))
      }
      done={() => t('spaces.removed', { name })}
    />
  );
}
