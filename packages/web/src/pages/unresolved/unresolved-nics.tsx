import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas } from '../../api.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { RefChoice } from '../../ui/ref-choice.tsx';
import { AddressLink, RefLink } from '../../ui/ref-link.tsx';
import { MendButton } from './mend-button.tsx';
import type { ReasonCode } from './reasons.ts';

type Nic = Schemas['Nic'];

/** The NICs of a group, or all without a record: why each has none, and the button that mends it. */
export function UnresolvedNics(props: {
  reason: ReasonCode | undefined;
  title: string | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const { account, wire, network } = filters;
  const { reason } = props;
  const shown = `${reason} ${account} ${wire} ${network} ${filters.q}`;
  const [picked, setPicked] = useState<{ of: string; ids: ReadonlySet<string> }>({
    of: shown,
    ids: new Set(),
  });
  // What was picked in one list means nothing in another.
  const ids = picked.of === shown ? picked.ids : new Set<string>();
  const columns = useColumns(reason);
  const title =
    props.title === undefined ? t('unresolved.list') : t('unresolved.listOf', { reason: props.title });
  const clear = (): void =>
    change({ reason: undefined, account: undefined, wire: undefined, network: undefined, q: undefined });
  return (
    <Section title={title}>
      <List<Nic>
        label={t('shell.pages.unresolved')}
        queryKey={['nics', 'unresolved', reason, account, wire, network]}
        fetchPage={(query, signal) =>
          api.GET('/api/v1/nics', {
            params: {
              query: {
                ...query,
                unresolved: 'true',
                ...(reason !== undefined && { reason }),
                ...(account !== undefined && { account }),
                ...(wire !== undefined && { wire }),
                ...(network !== undefined && { network }),
              },
            },
            ...(signal !== undefined && { signal }),
          })
        }
        columns={columns}
        searchLabel={t('unresolved.search')}
        filters={
          <>
            <RefChoice
              of="wire"
              label={t('unresolved.wire')}
              value={wire}
              onChange={(id) => change({ wire: id })}
            />
            <RefChoice
              of="network"
              label={t('unresolved.network')}
              value={network}
              onChange={(id) => change({ network: id })}
            />
            <RefChoice
              of="account"
              label={t('unresolved.account')}
              value={account}
              onChange={(id) => change({ account: id })}
            />
          </>
        }
        actions={
          ids.size > 0 && (
            <MendButton
              label={t('unresolved.mendSelected', { count: ids.size })}
              which={{ nics: [...ids] }}
              afterwards={() => setPicked({ of: shown, ids: new Set() })}
            />
          )
        }
        selected={{ ids, change: (changed) => setPicked({ of: shown, ids: changed }) }}
        empty={
          <Empty title={t('unresolved.noneOfFilter')}>
            <Button onClick={clear}>{t('unresolved.clearFilters')}</Button>
          </Empty>
        }
      />
    </Section>
  );
}

function useColumns(reason: ReasonCode | undefined): readonly Column<Nic>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'server',
        title: t('unresolved.server'),
        sort: 'server',
        width: 'minmax(110px, 1.1fr)',
        render: ({ server }) => <RefLink to="server" of={server} />,
        csv: ({ server }) => server.name,
      },
      {
        key: 'mac',
        title: t('unresolved.mac'),
        sort: 'mac',
        width: '162px',
        render: ({ id, mac, label }) => (
          <span className="wb-code">
            <RefLink to="nic" of={{ id, name: mac ?? label }} />
          </span>
        ),
        csv: ({ mac }) => mac ?? '',
      },
      {
        key: 'wire',
        title: t('unresolved.wire'),
        sort: 'wire',
        width: 'minmax(90px, 0.9fr)',
        render: ({ wire }) => <RefLink to="wire" of={wire} />,
        csv: ({ wire }) => wire?.name ?? '',
      },
      {
        key: 'reported',
        title: t('unresolved.reported'),
        width: '130px',
        render: ({ observed }) => <Reported observed={observed} />,
        csv: ({ observed }) => observed.map(({ ip }) => ip).join(' '),
      },
      {
        key: 'why',
        title: t('unresolved.why'),
        width: 'minmax(170px, 2fr)',
        render: (nic) => {
          const text = reasonShown(nic, reason)?.text ?? '';
          return <span title={text}>{text}</span>;
        },
        csv: ({ reasons }) => reasons.map(({ text }) => text).join(' '),
      },
      {
        key: 'mend',
        title: t('unresolved.mend'),
        width: 'minmax(290px, 3.2fr)',
        render: (nic) => <Mend nic={nic} reason={reason} />,
      },
    ],
    [t, reason],
  );
}

/** The reason that the list is of, else the first. */
function reasonShown(nic: Nic, code: ReasonCode | undefined): Schemas['Reason'] | undefined {
  return nic.reasons.find((one) => one.code === code) ?? nic.reasons[0];
}

function Reported(props: { observed: Nic['observed'] }): ReactNode {
  const { t } = useTranslation();
  const [first, ...more] = props.observed;
  if (first === undefined) return null;
  return (
    <>
      <AddressLink ip={first.ip} />
      {more.length > 0 && (
        <span className="wb-quiet" title={more.map(({ ip }) => ip).join(' ')}>
          {' '}
          {t('unresolved.moreReported', { count: more.length })}
        </span>
      )}
    </>
  );
}

/** The likeliest remedy as a button, and the way to all that can be done. */
function Mend(props: { nic: Nic; reason: ReasonCode | undefined }): ReactNode {
  const { t } = useTranslation();
  const { nic } = props;
  const actions = reasonShown(nic, props.reason)?.actions ?? [];
  const byHand = actions.some(({ placeholders }) => placeholders.length > 0);
  // Where a person can say it, that comes before reading the whole account again for one NIC.
  const what = byHand ? t('unresolved.byHand') : t('unresolved.details');
  const first = byHand ? undefined : actions.find(({ request }) => request !== null);
  return (
    <span className="wb-mend">
      {first !== undefined && <ActionButton action={first} button={{ size: 'small' }} />}
      <Link
        to="."
        search={(before: object) => ({ ...before, nic: nic.id })}
        resetScroll={false}
        aria-label={t('unresolved.detailsOf', {
          what,
          nic: nic.mac ?? nic.label,
          server: nic.server.name,
        })}
      >
        {what}
      </Link>
    </span>
  );
}
