import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Choice } from '../../ui/choice.tsx';
import { useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/notice.tsx';
import { ObjectSelect } from '../../ui/object-select.tsx';
import { OperationStateTag } from '../../ui/object-states.tsx';
import { Page } from '../../ui/page.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import {
  currentStep,
  isUnderWay,
  type Operation,
  operationKinds,
  operationStates,
  titleOf,
  tookText,
} from './operation-words.ts';

/** What was made, changed and deleted in vCenter, and what is being done there now; the newest first. */
export function OperationsPage(): ReactNode {
  const { t } = useTranslation();
  const [filters, setFilters] = useFilters();
  const columns = useColumns();
  const { account, server, parent } = filters;
  const kind = operationKinds.find((known) => known === filters['kind']);
  const state = operationStates.find((known) => known === filters['state']);
  const parts = filters['parts'] === 'true';
  const query = {
    ...(kind !== undefined && { kind }),
    ...(state !== undefined && { state }),
    ...(account !== undefined && { account }),
    ...(server !== undefined && { server }),
    ...(parent !== undefined && { parent }),
    ...(parts && { parts: 'true' as const }),
  };
  return (
    <Page
      title={t('shell.pages.operations')}
      actions={
        <Link {...linkTo('newServer')} className="wb-inline-link">
          {t('servers.new')}
        </Link>
      }
    >
      <List<Operation>
        label={t('shell.pages.operations')}
        queryKey={['operations', query]}
        fetchPage={(page, signal) =>
          api.GET('/api/v1/operations', {
            params: { query: { ...page, ...query } },
            ...(signal !== undefined && { signal }),
          })
        }
        columns={columns}
        searchLabel={t('operations.search')}
        filters={
          <>
            <Choice
              label={t('operations.what')}
              value={kind ?? ''}
              options={[
                { value: '', label: t('operations.anyKind') },
                ...operationKinds.map((value) => ({ value, label: t(`states.operationKind.${value}`) })),
              ]}
              onChange={(value) => setFilters({ kind: value })}
            />
            <Choice
              label={t('operations.state')}
              value={state ?? ''}
              options={[
                { value: '', label: t('operations.anyState') },
                ...operationStates.map((value) => ({ value, label: t(`states.operation.${value}`) })),
              ]}
              onChange={(value) => setFilters({ state: value })}
            />
            <ObjectSelect
              kind="servers"
              label={t('states.kind.server')}
              value={server}
              onChange={(chosen) => setFilters({ server: chosen?.id })}
            />
            <ObjectSelect
              kind="accounts"
              label={t('states.kind.account')}
              value={account}
              onChange={(chosen) => setFilters({ account: chosen?.id })}
            />
            {parent === undefined ? (
              <Choice
                label={t('operations.parts')}
                value={parts ? 'true' : ''}
                options={[
                  { value: '', label: t('operations.withoutParts') },
                  { value: 'true', label: t('operations.withParts') },
                ]}
                onChange={(value) => setFilters({ parts: value })}
              />
            ) : (
              <span className="wb-line">
                <Link {...linkTo('operation', parent)}>{t('operations.partsOf')}</Link>
                <button
                  type="button"
                  className="wb-linkish"
                  onClick={() => setFilters({ parent: undefined })}
                >
                  {t('operations.allAgain')}
                </button>
              </span>
            )}
          </>
        }
        empty={
          Object.keys(query).length > 0 || filters['q'] !== undefined ? (
            <Empty title={t('operations.noneFit')}>{t('operations.noneFitHint')}</Empty>
          ) : (
            <Empty title={t('operations.none')}>
              {t('operations.noneHint')}
              <Link {...linkTo('newServer')} className="wb-inline-link">
                {t('operations.toNewServer')}
              </Link>
            </Empty>
          )
        }
      />
    </Page>
  );
}

function useColumns(): readonly Column<Operation>[] {
  const { t } = useTranslation();
  return useMemo(
    (): readonly Column<Operation>[] => [
      {
        key: 'created',
        title: t('operations.started'),
        sort: 'createdAt',
        width: '150px',
        render: ({ createdAt }) => <Moment at={createdAt} />,
        csv: ({ createdAt }) => createdAt,
      },
      {
        key: 'what',
        title: t('operations.what'),
        width: 'minmax(150px, 2fr)',
        render: (operation) => (
          <Link {...linkTo('operation', operation.id)} title={titleOf(operation, t)}>
            {titleOf(operation, t)}
          </Link>
        ),
        csv: (operation) => titleOf(operation, t),
      },
      {
        key: 'state',
        title: t('operations.state'),
        width: '140px',
        render: ({ state }) => <OperationStateTag state={state} />,
        csv: ({ state }) => t(`states.operation.${state}`),
      },
      {
        key: 'progress',
        title: t('operations.progress'),
        width: '120px',
        align: 'end',
        render: ({ progress }) => t('operations.progressOf', { ...progress }),
        csv: ({ progress }) => t('operations.progressOf', { ...progress }),
      },
      {
        key: 'step',
        title: t('operations.columnDetail'),
        width: 'minmax(170px, 3fr)',
        render: (operation) => <span title={whatCameOf(operation)}>{whatCameOf(operation)}</span>,
        csv: whatCameOf,
      },
      {
        key: 'account',
        title: t('operations.account'),
        width: 'minmax(110px, 1fr)',
        render: ({ account }) => <RefLink to="account" of={account} />,
        csv: ({ account }) => account?.name ?? '',
      },
      {
        key: 'by',
        title: t('operations.by'),
        width: '110px',
        render: ({ requestedBy }) => <span title={requestedBy ?? ''}>{requestedBy}</span>,
        csv: ({ requestedBy }) => requestedBy ?? '',
      },
      {
        key: 'took',
        title: t('operations.took'),
        width: '100px',
        align: 'end',
        render: (operation) => tookText(operation, t),
        csv: (operation) => tookText(operation, t),
      },
    ],
    [t],
  );
}

/** In one line: why it failed, what to look at, where it is, or the addresses that it gave. */
function whatCameOf(operation: Operation): string {
  const { error, warnings, result } = operation;
  if (error !== null) return error.text;
  if (isUnderWay(operation)) return currentStep(operation)?.title ?? '';
  const [warning] = warnings;
  if (warning !== undefined) return warning.text;
  if (operation.state !== 'succeeded') return '';
  return (result?.servers ?? []).flatMap(({ addresses }) => addresses.map(({ ip }) => ip)).join(', ');
}
