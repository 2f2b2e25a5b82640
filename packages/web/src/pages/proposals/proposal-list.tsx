import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { reaches, useSession } from '../../session.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { StateTag } from '../../ui/state-tag.tsx';
import { AcceptedPreview } from './accepted-preview.tsx';
import { type Change, type Proposal, ProposalDrawer } from './proposal-drawer.tsx';
import './proposals.css';

const EMPTY: ReadonlySet<string> = new Set();

/** Proposals with their evidence, to be changed and accepted: one, some or all. */
export function ProposalList(props: { onAccepted?: () => void }): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const [selected, setSelected] = useState(EMPTY);
  const [changes, setChanges] = useState<ReadonlyMap<string, Change>>(new Map());
  const [opened, setOpened] = useState<Proposal | null>(null);
  const role = session.data?.user.role ?? 'viewer';
  const forbidden = reaches(session.data, 'operator')
    ? null
    : t('common.notYourRole', { role: t(`states.role.${role}`), needed: t('states.role.operator') });

  const accept = async (
    which: ReadonlySet<string> | 'all',
    dryRun: boolean,
  ): Promise<Schemas['AcceptedProposals']> =>
    ask(
      api.POST('/api/v1/proposals/accept', {
        body: {
          ...(which === 'all' ? { all: true as const } : { ids: [...which] }),
          changes: [...changes].flatMap(([id, change]) =>
            which === 'all' || which.has(id) ? [{ id, ...change }] : [],
          ),
          dryRun,
        },
      }),
    );
  const acceptAction = (which: ReadonlySet<string> | 'all', label: string, primary: boolean): ReactNode => (
    <PreviewedAction
      label={label}
      title={label}
      why={forbidden ?? (which !== 'all' && which.size === 0 ? t('proposals.selectFirst') : null)}
      button={{ type: primary ? 'primary' : 'default' }}
      preview={() => accept(which, true)}
      describe={(preview) => <AcceptedPreview accepted={preview} />}
      act={() => accept(which, false)}
      done={({ created, settles }) => t('proposals.accepted', { created, settles })}
      afterwards={() => {
        setSelected(EMPTY);
        setChanges(new Map());
        props.onAccepted?.();
      }}
    />
  );

  const columns: readonly Column<Proposal>[] = [
    {
      key: 'cidr',
      title: t('proposals.columns.cidr'),
      width: 'minmax(150px, 1fr)',
      sort: 'cidr',
      csv: ({ cidr }) => cidr,
      render: (proposal) => (
        <button type="button" className="wb-linkish wb-code" onClick={() => setOpened(proposal)}>
          {proposal.cidr}
        </button>
      ),
    },
    {
      key: 'name',
      title: t('proposals.columns.name'),
      csv: ({ name }) => name,
      render: (proposal) => {
        const name = changes.get(proposal.id)?.name ?? proposal.name;
        return <span title={name}>{name}</span>;
      },
    },
    {
      key: 'against',
      title: t('proposals.columns.against'),
      width: '150px',
      csv: ({ objections }) => objections.map(({ text }) => text).join(' '),
      render: (proposal) => (
        <button type="button" className="wb-linkish" onClick={() => setOpened(proposal)}>
          {changes.has(proposal.id) ? (
            <StateTag tone="info">{t('proposals.changed')}</StateTag>
          ) : proposal.objections.length > 0 || proposal.suggestedWires.length > 0 ? (
            <StateTag tone="warning">
              {t('proposals.objections', {
                count: proposal.objections.length + proposal.suggestedWires.length,
              })}
            </StateTag>
          ) : (
            <StateTag tone="good">{t('proposals.noObjection')}</StateTag>
          )}
        </button>
      ),
    },
    {
      key: 'settles',
      title: t('proposals.columns.settles'),
      width: '110px',
      align: 'end',
      sort: 'settles',
      csv: ({ settles }) => String(settles),
      render: ({ settles }) => settles,
    },
    {
      key: 'servers',
      title: t('proposals.columns.servers'),
      width: '90px',
      align: 'end',
      csv: ({ servers }) => String(servers),
      render: ({ servers }) => servers,
    },
    {
      key: 'wire',
      title: t('proposals.columns.wire'),
      csv: ({ wire }) => wire.name,
      render: ({ wire }) => <RefLink to="wire" of={wire} />,
    },
    {
      key: 'gateway',
      title: t('proposals.columns.gateway'),
      width: 'minmax(120px, 1fr)',
      csv: ({ gateway }) => gateway ?? '',
      render: ({ gateway }) => <span className="wb-code">{gateway ?? '–'}</span>,
    },
    {
      key: 'additional',
      title: t('proposals.columns.additional'),
      width: '110px',
      csv: ({ additionalWires }) => additionalWires.map(({ wire }) => wire.name).join(' '),
      render: ({ additionalWires, suggestedWires }) => (
        <span title={[...additionalWires, ...suggestedWires].map(({ wire }) => wire.name).join(', ')}>
          {additionalWires.length}
          {suggestedWires.length > 0 && ` (+${suggestedWires.length}?)`}
        </span>
      ),
    },
  ];

  return (
    <>
      <List<Proposal>
        label={t('proposals.title')}
        searchLabel={t('proposals.search')}
        queryKey={['proposals']}
        fetchPage={(query, signal) =>
          api.GET('/api/v1/proposals', { params: { query }, ...(signal !== undefined && { signal }) })
        }
        columns={columns}
        selected={{ ids: selected, change: setSelected }}
        height="52vh"
        actions={
          <>
            {acceptAction(
              selected,
              t('proposals.acceptSelected', { count: selected.size }),
              selected.size > 0,
            )}
            {acceptAction('all', t('proposals.acceptAll'), selected.size === 0)}
          </>
        }
        empty={
          <Empty title={t('proposals.none')}>
            <p>{t('proposals.noneWhy')}</p>
            <div className="wb-line">
              <Link {...linkTo('newNetwork')}>{t('proposals.makeOne')}</Link>
              <Link {...linkTo('unresolved')}>{t('proposals.toUnresolved')}</Link>
            </div>
          </Empty>
        }
      />
      {opened !== null && (
        <ProposalDrawer
          proposal={opened}
          change={changes.get(opened.id) ?? {}}
          onClose={() => setOpened(null)}
          onChange={(change) => {
            const next = new Map(changes);
            if (Object.keys(change).length === 0) next.delete(opened.id);
            else next.set(opened.id, change);
            setChanges(next);
            setSelected(new Set([...selected, opened.id]));
            setOpened(null);
          }}
        />
      )}
    </>
  );
}
